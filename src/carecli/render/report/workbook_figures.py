"""Sheets of figures with charts: shares that the spreadsheet works out, lengths of time, dates (RPT-1)."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from carecli.domain.calendar import find_zone
from carecli.domain.report import Tally
from carecli.render.sheet import Value
from carecli.render.workbook import Book

COLOURS: Final = ("#2C5F8D", "#C1666B", "#8A8D91", "#D5A021", "#4F772D", "#6B4E71", "#1C2430")
RULED: Final = {"major_gridlines": {"visible": True, "line": {"color": "#D5DBE3"}}}
BARE: Final = {"major_gridlines": {"visible": False}}
"""How the axes of charts are ruled: faintly along the figures, not along the names."""
_PERCENT: Final = "0.0%"
_LASTING: Final = "[h]:mm:ss"
_DAY_S: Final = 86_400
_CHART: Final = {"width": 640, "height": 340}
_ROWS: Final = 18
"""How many rows a chart and the room beneath it take."""


class Share(NamedTuple):
    """A tally whose share kept the spreadsheet works out, from the counts so many columns to the right."""

    tally: Tally
    kept: int = 1
    missed: int = 2


class Lasting(NamedTuple):
    """A length of time in seconds."""

    seconds: int


class Percent(NamedTuple):
    """A share in whole percent."""

    whole: int


Figure = Value | Share | Lasting | Percent


class Sheet:
    """A sheet that is being filled, a row at a time."""

    def __init__(self, made: Book, title: str, zone: str = "UTC") -> None:
        self.made, self.zone = made, find_zone(zone)
        self.raw = made.sheet(title)
        self.name: str = self.raw.get_name()
        self.row = 0
        self.widths: dict[int, int] = {}
        self._percent = made.raw.add_format({"num_format": _PERCENT})
        self._lasting = made.raw.add_format({"num_format": _LASTING})

    def head(self, names: Iterable[str]) -> None:
        """A row of headings."""
        for column, name in enumerate(names):
            self._wide(
                column, self.made.put(self.raw, self.row, column, name, self.zone, self.made.styles.heading) + 3
            )
        self.row += 1

    def put(self, figures: Iterable[Figure]) -> None:
        """A row of figures."""
        for column, figure in enumerate(figures):
            if isinstance(figure, Share):
                self._share(column, figure)
            elif isinstance(figure, Lasting):
                self.raw.write_number(self.row, column, figure.seconds / _DAY_S, self._lasting)
            elif isinstance(figure, Percent):
                self.raw.write_number(self.row, column, figure.whole / 100, self._percent)
            else:
                self._wide(column, self.made.put(self.raw, self.row, column, figure, self.zone))
        self.row += 1

    def say(self, line: str) -> None:
        """A row of one text, which does not widen its column."""
        self.made.put(self.raw, self.row, 0, line, self.zone)
        self.row += 1

    def furnish(self) -> None:
        """Widths, a header that stays, and a filter over what stands under it."""
        self.fit()
        self.raw.freeze_panes(1, 0)
        self.raw.autofilter(0, 0, max(0, self.row - 1), max(self.widths, default=0))
        self.raw.repeat_rows(0)

    def fit(self) -> None:
        """Columns as wide as what stands in them, and paper across."""
        for column, width in self.widths.items():
            self.raw.set_column(column, column, max(10, min(width + 1, 60)))
        self.raw.set_landscape()
        self.raw.fit_to_pages(1, 0)

    def area(self, column: int, first: int, last: int) -> list[object]:
        """Cells beneath each other, as charts name them."""
        return [self.name, first, column, last, column]

    def _share(self, column: int, share: Share) -> None:
        """Kept by decided; an empty cell where nothing is decided, which a chart leaves out."""
        if share.tally.decided:
            kept, missed = (_place(self.row, column + by) for by in (share.kept, share.missed))
            worth = share.tally.kept / share.tally.decided
            self.raw.write_formula(self.row, column, f"={kept}/({kept}+{missed})", self._percent, worth)

    def _wide(self, column: int, width: int) -> None:
        self.widths[column] = max(width, self.widths.get(column, 0))


def new_chart(made: Book, kind: str, title: str, *, stacked: bool = False) -> Any:
    """A chart of a kind that XlsxWriter knows, with its title and no series yet."""
    chart = made.raw.add_chart({"type": kind, **({"subtype": "stacked"} if stacked else {})})
    chart.set_title({"name": title, "name_font": {"size": 12, "bold": True}})
    chart.set_legend({"position": "bottom"})
    chart.set_size(_CHART)
    return chart


def series(name: str, names: list[object], values: list[object], place: int) -> dict[str, object]:
    """A series of a chart: the cells of its names and values, and its colour by its place."""
    colour = COLOURS[place % len(COLOURS)]
    marker = {"type": "circle", "size": 5, "fill": {"color": colour}, "border": {"color": colour}}
    line = {"color": colour, "width": 2}
    return {
        "name": name,
        "categories": names,
        "values": values,
        "fill": {"color": colour},
        "line": line,
        "marker": marker,
    }


class Wall:
    """Where the charts of a workbook hang: beneath each other on one sheet, two in a row."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.top, self.hung = sheet, sheet.row + 1, 0

    def hang(self, chart: Any, words: str) -> None:
        """Put a chart in the next place, with words for who does not see it."""
        down, across = divmod(self.hung, 2)
        shown = {"description": words, "object_position": 2, "x_offset": across * (_CHART["width"] + 20)}
        self.sheet.raw.insert_chart(self.top + down * _ROWS, 0, chart, shown)
        self.hung += 1


def _place(row: int, column: int) -> str:
    """A cell as formulas name it: `D5`."""
    name, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return f"{name}{row + 1}"
