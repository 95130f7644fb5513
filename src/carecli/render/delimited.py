"""Sheets for other programs: CSV and TSV."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TextIO

from carecli.domain.instants import iso
from carecli.render import legible
from carecli.render.sheet import Cell, Prose, Section, Sheet, Tone

_COLORS: Mapping[Tone, str] = {
    Tone.STRONG: "1",
    Tone.QUIET: "2",
    Tone.GOOD: "32",
    Tone.WARNING: "33",
    Tone.ALARM: "1;31",
}
_FORMULA = ("=", "+", "-", "@")


def write_csv(sheet: Sheet, out: TextIO) -> None:
    """Comma-separated values with a header line; no cell starts a formula in a spreadsheet."""
    import csv

    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in sheet.columns])
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)


def write_tsv(sheet: Sheet, out: TextIO, *, color: bool = False) -> None:
    """A line a row, its cells set apart by tabs, for `cut` and `awk`."""
    if sheet.headed:
        out.write("\t".join(column.key for column in sheet.columns) + "\n")
    out.writelines("\t".join(_toned(cell, color) for cell in row) + "\n" for row in sheet.rows)


def write_plain(sections: Sequence[Section], out: TextIO, *, color: bool = False) -> None:
    """A page where no terminal reads it: sections under `# title` lines."""
    for place, section in enumerate(sections):
        if len(sections) > 1:
            out.write(("\n" if place else "") + f"# {legible.line(section.title)}\n")
        if isinstance(section, Prose):
            out.write(legible.lines(section.text).rstrip("\n") + "\n")
        else:
            write_tsv(section.usual(), out, color=color)


def text(cell: Cell) -> str:
    """A cell's value as other programs read it."""
    value = cell.value
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _harmless(cell: Cell) -> str:
    # Looked at after cleaning: a control character in front would hide the sign from this check alone.
    shown = legible.lines(text(cell))
    # Numbers may be negative; only what a person wrote can hide a formula.
    formula = shown.startswith(("\t", "\n")) or shown.lstrip().startswith(_FORMULA)
    return f"'{shown}" if formula and isinstance(cell.value, str) else shown


def _toned(cell: Cell, color: bool) -> str:
    shown = legible.line(text(cell))
    code = _COLORS.get(cell.tone)
    return f"\x1b[{code}m{shown}\x1b[0m" if color and code and shown else shown
