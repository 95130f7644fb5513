"""A backup that was made, and those on record, for people (AUD-2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from carecli.domain.counting import counted
from carecli.render import legible
from carecli.render.attachment import amount
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone

if TYPE_CHECKING:
    from carecli.domain.backup import Listed, Made, Migrated

_COLUMNS = (
    Column("at", "Made"),
    Column("path", "Copy"),
    Column("folder", "In", rank=4, least=12),
    Column("events", "Events", right=True, rank=1),
    Column("files", "Files", right=True, rank=2),
    Column("bytes", "Size", right=True, rank=3),
    Column("there", "There"),
    Column("seal", "Seal", extra=True),
)


def made_line(made: Made) -> str:
    """Where a backup is, what it holds, and its seal on a line of its own."""
    one = made.backup
    files = f", {_files(made)}" if one.files else ""
    state = "verified" if made.checked else "not verified"
    lines = [
        f"{legible.line(one.path)}: {counted(one.position, 'event')}{files}, {amount(one.bytes)}, {state}",
        f"seal {made.seal}",
    ]
    if made.removed:
        lines.append(f"removed {', '.join(map(legible.line, made.removed))}")
    return "\n".join(lines)


def _files(made: Made) -> str:
    files = f"{counted(made.backup.files, 'file')} of {amount(made.file_bytes)}"
    return f"{files} ({made.shared:,} as in the backup before)" if made.shared else files


def listed_page(listed: Sequence[Listed], zone: str) -> list[Section]:
    """The backups on record, the last one first."""
    if not listed:
        return [Prose("Backups", "none yet; `care backup DIR --keep 14` makes one")]
    return [Sheet("Backups", _COLUMNS, tuple(map(_row, listed)), zone).usual()]


def _row(one: Listed) -> tuple[Cell, ...]:
    made = one.backup
    there = Cell("yes" if one.there else "no", tone=Tone.PLAIN if one.there else Tone.QUIET)
    size = Cell(made.bytes, amount(made.bytes))
    events, files = Cell(made.position, f"{made.position:,}"), Cell(made.files, f"{made.files:,}")
    folder, _, name = made.path.rpartition("/")
    return (
        Cell(made.at),
        Cell(made.path, name),
        Cell(folder or "/"),
        events,
        files,
        size,
        there,
        Cell(str(one.seal)),
    )


def migrated_line(told: Migrated) -> str:
    """What became of an older database, for whoever opened it first."""
    copy = legible.line(told.copy)
    return f"the database came from schema {told.before} to {told.now}; as it was it is kept in {copy}"
