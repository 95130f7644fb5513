"""Work that dies at each of its steps on the disk in turn: a child process that kills itself there."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

STEPS: Final = frozenset(
    {"os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "open", "sqlite3.connect", "os.listdir"}
)
"""What Python tells of before it does it; what SQLite does by itself is not among it."""


def died(work: Callable[[], int], step: int, folder: Path) -> bool:
    """Do work in a child that is killed right before a step of it under a directory; False if it ended, with 0."""
    child = os.fork()
    if not child:
        _die_at(step, str(folder))
        status = 99
        try:
            status = work()
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        assert os.WTERMSIG(ended) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(ended) == 0
    return False


def _die_at(step: int, folder: str) -> None:
    left = step

    def heard(event: str, args: tuple[Any, ...]) -> None:
        nonlocal left
        if event in STEPS and any(folder in str(arg) for arg in args):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(heard)


def every_step(work: Callable[[], int], folder: Path, stride: int = 1) -> Iterator[int]:
    """Die at every step, or every so-manieth one, the caller looking at what is left after each; the last ends."""
    step = 1
    while died(work, step, folder):
        yield step
        step += stride
