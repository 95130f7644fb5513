"""A copy of the desk in another place, for people (AUD-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from carecli.domain.counting import counted
from carecli.render import legible
from carecli.render.attachment import amount

if TYPE_CHECKING:
    from carecli.domain.copied import Copied, Moved

_ALONE: Final = "let `care tick` run on one alone, or reminders go out twice"


def copied_lines(made: Copied) -> str:
    """What was copied where, that it is the same, its seal, and what to mind from here on."""
    rows = sum(one.rows for one in made.tables)
    events = counted(made.events, "event")
    before = f" ({made.continued} of them before)" if made.continued else ""
    tables = f"{counted(len(made.tables), 'table')} with {counted(rows, 'row')}"
    lines = [
        f"{legible.line(made.target)}: {events}{before}, {tables}",
        f"every table has the same hash as in {legible.line(made.source)}",
        f"seal {made.seal}",
    ]
    if made.files:
        files = counted(made.files, "file")
        lines.insert(2, f"{files}, {amount(made.file_bytes)}, in {legible.line(made.folder)}")
    lines.append(_from_here_on(made))
    return "\n".join(lines)


def _from_here_on(made: Copied) -> str:
    target, source = legible.line(made.target), legible.line(made.source)
    if made.moved:
        return f"{source} takes nothing new from now on\nname {target} with --db, or as `db` in config.toml"
    if made.retired:
        return f"the desk works in {legible.line(made.retired.place)}, this is another one\n{_ALONE}"
    return f"both are desks now: {_ALONE}"


def moved_line(moved: Moved, *, elsewhere: bool) -> str:
    """What whoever reads in a desk that was moved has to know; `elsewhere` not where it lies."""
    told = f"this desk was moved on {moved.at:%Y-%m-%d}" if elsewhere else moved.told
    return f"{told}: what came there since is not shown here"
