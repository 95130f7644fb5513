"""A copy of the desk in another place, for people (AUD-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.domain.counting import counted
from carecli.render import legible
from carecli.render.attachment import amount

if TYPE_CHECKING:
    from carecli.domain.copied import Copied


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
    lines.append("both are desks now: let `care tick` run on one of them alone, or reminders go out twice")
    return "\n".join(lines)
