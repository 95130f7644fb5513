"""How far long work has come: a bar on standard error, for a person at a terminal alone."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from carecli.commands.invocation import Invocation

Advance = Callable[[int], None]
"""Hears how much is done by now."""


@contextmanager
def progress(invocation: Invocation, what: str, total: int | None = None) -> Iterator[Advance]:
    """Show how far the work called `what` has come out of `total`; without a total only that it goes on.

    The answer takes how much is done by now. The bar goes when the work ends, however it ends.
    """
    screen = invocation.screen(sys.stderr)
    if invocation.json or invocation.quiet or not screen.terminal or invocation.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    # Imported here: few see a bar, and whoever does has time.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(
        file=sys.stderr, width=screen.width, force_terminal=True, color_system="standard" if screen.color else None
    )
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
