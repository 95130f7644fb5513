"""Pages on a terminal: Rich tables that fit its width, in colour where colour is wanted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from carecli.render import legible
from carecli.render.screen import Screen
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import clock_time

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES: Mapping[Tone, str] = {
    Tone.PLAIN: "",
    Tone.STRONG: "bold",
    Tone.QUIET: "dim",
    Tone.GOOD: "green",
    Tone.WARNING: "yellow",
    Tone.ALARM: "bold red",
}
GAP = 2
NARROWEST = 8


def write(sections: Sequence[Section], out: TextIO, screen: Screen) -> None:
    """Write a page for people."""
    console = console_of(out, screen)
    for place, section in enumerate(sections):
        if place:
            console.print()
        if isinstance(section, Prose):
            _write_prose(section, console)
        else:
            _write_sheet(section, console)


def console_of(out: TextIO, screen: Screen) -> "Console":
    """Rich's console on a stream: it obeys neither markup nor signs of what it is given."""
    from rich.console import Console

    return Console(
        file=out,
        width=screen.width,
        force_terminal=True,
        color_system="standard" if screen.color else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )


def _write_prose(prose: Prose, console: "Console") -> None:
    from rich.padding import Padding
    from rich.text import Text

    console.print(Text(legible.line(prose.title), style="bold"))
    text = Text(legible.lines(prose.text).rstrip("\n"), style=_STYLES[prose.tone], tab_size=4)
    console.print(Padding(text, (0, 0, 0, 2)))


def _write_sheet(sheet: Sheet, console: "Console") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    fitted, widths = fit(sheet.usual(), console.width)
    if sheet.title:
        console.print(_title(sheet))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.show_header = sheet.headed
    for column, width in zip(fitted.columns, widths, strict=True):
        table.add_column(
            Text(column.title), justify="right" if column.right else "left", width=width, no_wrap=sheet.headed
        )
    for row in fitted.rows:
        table.add_row(*(_rich(cell, sheet.zone, one_line=sheet.headed) for cell in row))
    if sheet.rows:
        console.print(table)
    if sheet.note:
        console.print(Text(legible.line(sheet.note), style="dim"))


def _title(sheet: Sheet) -> "Text":
    """The heading, with the zone of the instants below it."""
    from rich.text import Text

    timed = any(isinstance(cell.value, datetime) and cell.shown is None for row in sheet.rows for cell in row)
    zone = f"  times in {sheet.zone}" if timed else ""
    return Text.assemble((legible.line(sheet.title), "bold"), (zone, "dim"))


def _rich(cell: Cell, zone: str, *, one_line: bool) -> "Text":
    from rich.text import Text

    return Text(shown(cell, zone), style=_STYLES[cell.tone], overflow="ellipsis" if one_line else "fold")


def shown(cell: Cell, zone: str) -> str:
    """A cell as people read it."""
    if cell.shown is not None:
        return legible.line(cell.shown)
    if isinstance(cell.value, datetime):
        return clock_time(cell.value, zone)
    if isinstance(cell.value, bool):
        return "yes" if cell.value else "no"
    return "" if cell.value is None else legible.line(str(cell.value))


def fit(sheet: Sheet, width: int) -> tuple[Sheet, list[int]]:
    """The columns that fit, and how wide each is: what ranks high goes first, the rest is shortened evenly."""
    from rich.cells import cell_len

    sheet = _without_empty(sheet)
    natural = [
        max(cell_len(column.title), *(cell_len(shown(row[place], sheet.zone)) for row in sheet.rows), 1)
        for place, column in enumerate(sheet.columns)
    ]
    places = list(range(len(sheet.columns)))
    while _least_total(sheet.columns, natural, places) > width:
        last = max(places, key=lambda place: (sheet.columns[place].rank, place))
        if sheet.columns[last].rank == 0:
            break
        places.remove(last)
    spare = width - _least_total(sheet.columns, natural, places)
    return sheet.picked_places(places), _widths(sheet.columns, natural, places, spare)


def _without_empty(sheet: Sheet) -> Sheet:
    """The sheet without the columns that may go and that nothing stands in."""
    told = [any(shown(row[place], sheet.zone) for row in sheet.rows) for place in range(len(sheet.columns))]
    return sheet.picked_places([p for p, column in enumerate(sheet.columns) if told[p] or column.rank == 0])


def _least(column: Column, natural: int) -> int:
    return natural if column.least is None else min(natural, column.least)


def _least_total(columns: Sequence[Column], natural: Sequence[int], places: Sequence[int]) -> int:
    return sum(_least(columns[place], natural[place]) for place in places) + GAP * max(len(places) - 1, 0)


def _widths(columns: Sequence[Column], natural: Sequence[int], places: Sequence[int], spare: int) -> list[int]:
    """Widths that share out what is spare; what is lacking is taken from the widest that may be shortened."""
    widths = {place: _least(columns[place], natural[place]) for place in places}
    for _ in range(spare):
        short = [place for place in places if widths[place] < natural[place]]
        if not short:
            break
        widths[min(short, key=lambda place: widths[place])] += 1
    flexible = [place for place in places if columns[place].least is not None]
    for _ in range(-spare if flexible else 0):
        widest = max(flexible, key=lambda place: widths[place])
        widths[widest] = max(widths[widest] - 1, NARROWEST)
    return [widths[place] for place in places]
