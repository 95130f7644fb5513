"""How far long work has come: a bar on standard error, for a person at a terminal alone."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Final

from carecli.commands.invocation import Invocation

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from carecli.render.screen import Screen

Advance = Callable[[int], None]
"""Hears how much is done by now."""
PATIENCE_S: Final = 0.7
"""Work that is done sooner shows no bar: it would only flash."""


@contextmanager
def progress(
    invocation: Invocation, what: str, total: int | None = None, *, after_s: float = PATIENCE_S
) -> Iterator[Advance]:
    """Show how far the work called `what` has come out of `total`; without a total how much is done by now.

    The answer takes how much is done by now. The bar comes when the work takes longer than `after_s` seconds, and
    goes when it ends, however it ends.
    """
    screen = invocation.screen(sys.stderr)
    if invocation.json or invocation.quiet or not screen.terminal or invocation.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    bar = _Bar(screen, what, total)
    waiting = Timer(after_s, bar.show)
    waiting.daemon = True
    waiting.start()
    try:
        yield bar.advance
    finally:
        waiting.cancel()
        bar.end()


class _Bar:
    """A bar that may be on the screen by now; it is shown by another thread than the one that works."""

    def __init__(self, screen: "Screen", what: str, total: int | None) -> None:
        self._screen, self._what, self._total = screen, what, total
        self._done, self._ended = 0, False
        self._shown: tuple[Progress, TaskID] | None = None
        self._lock = Lock()

    def advance(self, done: int) -> None:
        """So much is done by now."""
        self._done = done
        if self._shown:
            bar, task = self._shown
            bar.update(task, completed=done)

    def show(self) -> None:
        """Put it on the screen, unless the work is done."""
        with self._lock:
            if self._ended:
                return
            bar = _made(self._screen, self._total)
            self._shown = bar, bar.add_task(self._what, total=self._total, completed=self._done)
            bar.start()

    def end(self) -> None:
        """Take it off the screen; it is not shown any more."""
        with self._lock:
            self._ended = True
            if self._shown:
                self._shown[0].stop()


def _made(screen: "Screen", total: int | None) -> "Progress":
    # Imported here: few see a bar, and whoever does has time.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    far = TextColumn("{task.completed:,}") if total is None else MofNCompleteColumn()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), far)
    console = Console(
        file=sys.stderr, width=screen.width, force_terminal=True, color_system="standard" if screen.color else None
    )
    left = () if total is None else (TimeRemainingColumn(),)
    return Progress(*columns, *left, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
