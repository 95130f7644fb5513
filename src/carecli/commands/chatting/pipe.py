"""A chat in a pipe: each line of standard input is said, each line that is said is written (CHAT-1)."""

import queue
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
    lines: queue.Queue[str | None] = queue.Queue(_AHEAD)
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


def _take_in(conversation: Conversation, lines: "queue.Queue[str | None]") -> bool:
    """Take in what was read, waiting a while for it; False at the end of the input."""
    try:
        read = lines.get(timeout=conversation.pause_s)
        while read is not None:
            conversation.typed(read)
            if conversation.going or conversation.unsent >= _AHEAD:
                return True
            read = lines.get_nowait()
    except queue.Empty:
        return True
    return False


def _read(lines: "queue.Queue[str | None]") -> None:
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
