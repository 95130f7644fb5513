"""A chat in a pipe: each line of standard input is said, each line that is said is written (CHAT-1)."""

import os
import queue
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

from carecli.commands.chatting.conversation import Conversation
from carecli.domain.lifecycle import TEXT_MAX
from carecli.errors import ExitStatus

_AHEAD: Final = 1_000
"""How many lines are read ahead of what is written."""

ENDS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended:
    """How a program was told to end, if it was."""

    def __init__(self) -> None:
        self.by: int | None = None

    @property
    def status(self) -> ExitStatus:
        """The exit status of whoever was told so: Ctrl-C alone is an interruption."""
        return ExitStatus.INTERRUPTED if self.by == signal.SIGINT else ExitStatus.DONE


def run(conversation: Conversation) -> int:
    """Talk until the input ends, the chat is over, or somebody ends it: the exit status."""
    lines = _Lines()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    with _told_to_end() as ended:
        conversation.begin()
        while not conversation.over and ended.by is None:
            if not _take_in(conversation, lines):
                conversation.leave()
                break
            conversation.turn()
            sys.stdout.flush()
        conversation.leave()
    sys.stdout.flush()
    return ended.status or conversation.status


class _Lines:
    """What was read of the input ahead of what is written; None behind the last."""

    def __init__(self) -> None:
        self._queue: queue.Queue[str | None] = queue.Queue(_AHEAD)
        self._awake, self._wakes = os.pipe()
        os.set_blocking(self._awake, False)
        os.set_blocking(self._wakes, False)

    def put(self, line: str | None) -> None:
        """Add a line, once there is room for it."""
        self._queue.put(line)
        with suppress(BlockingIOError):  # full of what wakes it already
            os.write(self._wakes, b".")

    def get(self) -> str | None:
        """The next line; raises queue.Empty."""
        return self._queue.get_nowait()

    def wait(self, descriptor: int | None, seconds: float) -> None:
        """Wait so long for a line, or for a descriptor that tells of something else."""
        if self._queue.empty():
            select.select([self._awake, *([] if descriptor is None else [descriptor])], [], [], seconds)
        with suppress(BlockingIOError):
            os.read(self._awake, 2 * _AHEAD)


def _take_in(conversation: Conversation, lines: _Lines) -> bool:
    """Take in what was read, waiting a while for it; False at the end of the input."""
    lines.wait(conversation.signal, conversation.pause_s)
    try:
        read = lines.get()
        while read is not None:
            conversation.typed(read)
            if conversation.going or conversation.unsent >= _AHEAD:
                return True
            read = lines.get()
    except queue.Empty:
        return True
    return False


def _read(lines: _Lines) -> None:
    """Read the input in a thread of its own, as a file, a pipe and a terminal are waited for differently."""
    try:
        # No line is longer than a text may be: what is, comes in parts.
        while raw := sys.stdin.buffer.readline(4 * TEXT_MAX):
            lines.put(raw.decode("utf-8", "replace").replace("\0", ""))
    except (OSError, ValueError):  # closed before it began, or gone since
        pass
    lines.put(None)


@contextmanager
def _told_to_end() -> Iterator[Ended]:
    """Signals that end it, heard between two rounds, so that none ends within a transaction."""
    ended = Ended()

    def heard(number: int, _frame: FrameType | None) -> None:
        ended.by = number

    before = {end: signal.signal(end, heard) for end in ENDS if signal.getsignal(end) is not signal.SIG_IGN}
    try:
        yield ended
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)
