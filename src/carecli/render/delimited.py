"""Sheets for other programs: CSV and TSV."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TextIO

from carecli.domain.instants import iso
from carecli.render import legible
from carecli.render.sheet import Cell, Prose, Section, Table, Tone

_COLORS: Mapping[Tone, str] = {
    Tone.STRONG: "1",
    Tone.QUIET: "2",
    Tone.GOOD: "32",
    Tone.WARNING: "33",
    Tone.ALARM: "1;31",
}
FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""The signs by which a spreadsheet knows a formula; some in Asia take the wide ones, too."""
_WITHIN: Final = r"([;\t\n])(?=[\s\"']*[=+\-@＝＋－＠])"


def write_csv(table: Table, out: TextIO) -> None:
    """Comma-separated values with a header line; no cell starts a formula in a spreadsheet (EXP-1)."""
    import csv

    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_harmless(cell) for cell in row] for row in table.rows)


def write_tsv(table: Table, out: TextIO, *, color: bool = False, spreadsheet: bool = False) -> None:
    """A line a row, its cells set apart by tabs, for `cut` and `awk`.

    For a `spreadsheet` it has a header whatever the screen has, and no cell starts a formula (EXP-1).
    """
    if table.headed or spreadsheet:
        out.write("\t".join(column.key for column in table.columns) + "\n")
    if spreadsheet:
        out.writelines("\t".join(map(_harmless_line, row)) + "\n" for row in table.rows)
    else:
        out.writelines("\t".join(_toned(cell, color) for cell in row) + "\n" for row in table.rows)


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


def starts_formula(shown: str) -> bool:
    """Whether a spreadsheet may take a text for a formula, or for one behind what it strips: blanks and quotes."""
    return shown.startswith(("\t", "\n")) or shown.replace('"', " ").lstrip().startswith(FORMULA)


def _harmless(cell: Cell) -> str:
    value = cell.value
    # Numbers may be negative; only what a person wrote can hide a formula.
    if not isinstance(value, str):
        return text(cell)
    # Most are as harmless as they look, and there may be many millions of them.
    if value.isprintable() and value[:1].isalnum() and ";" not in value:
        return value
    # Looked at after cleaning: a control character in front would hide the sign from this check alone.
    shown = legible.lines(value)
    # Where lists are set apart by semicolons, a spreadsheet cuts there and within lines, quotes or not.
    if any(sign in shown for sign in ";\t\n"):
        shown = re.sub(_WITHIN, r"\1'", shown)
    return f"'{shown}" if starts_formula(shown) else shown


def _harmless_line(cell: Cell) -> str:
    value = cell.value
    return _harmless(Cell(legible.line(value))) if isinstance(value, str) else text(cell)


def _toned(cell: Cell, color: bool) -> str:
    shown = legible.line(text(cell))
    code = _COLORS.get(cell.tone)
    return f"\x1b[{code}m{shown}\x1b[0m" if color and code and shown else shown
