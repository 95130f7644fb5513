"""A neutral page: tables and texts that every writer puts into its own form."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from carecli.render.fields import check_fields

Value = str | int | datetime | None


class Tone(StrEnum):
    """What colour may add to a word; it never says anything that the word does not."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    GOOD = "good"
    WARNING = "warning"
    ALARM = "alarm"


class Column(NamedTuple):
    """A column: `key` is its name for scripts, `title` for people.

    Where the width is short, one with a `least` width is shortened to it, then the column of the
    highest `rank` goes (0 stays). An `extra` column shows only where it is asked for.
    """

    key: str
    title: str
    rank: int = 0
    least: int | None = None
    right: bool = False
    extra: bool = False


class Cell(NamedTuple):
    """A value for scripts, and how people read it where that differs."""

    value: Value
    shown: str | None = None
    tone: Tone = Tone.PLAIN


Row = tuple[Cell, ...]


class Sheet(NamedTuple):
    """A table; `zone` is the one in which people read its instants."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    zone: str = "UTC"
    note: str | None = None
    headed: bool = True

    def picked(self, keys: Sequence[str]) -> "Sheet":
        """The columns of these names in this order; raises Invalid that lists them."""
        chosen = _places(self.columns, keys)
        return self._replace(columns=_asked_for(self.columns, chosen), rows=tuple(_picked(self.rows, chosen)))

    def usual(self) -> "Sheet":
        """The columns that show without being asked for."""
        return self.picked_places(_usual(self.columns))

    def picked_places(self, places: Sequence[int]) -> "Sheet":
        """The columns at these places."""
        columns = tuple(self.columns[place] for place in places)
        return self._replace(columns=columns, rows=tuple(_picked(self.rows, places)))


class Flow(NamedTuple):
    """A table whose rows are read while it is written, once: there may be more of them than memory holds."""

    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    zone: str = "UTC"
    headed: bool = True

    def picked(self, keys: Sequence[str]) -> "Flow":
        """The columns of these names in this order; raises Invalid that lists them."""
        chosen = _places(self.columns, keys)
        return self._replace(columns=_asked_for(self.columns, chosen), rows=_picked(self.rows, chosen))

    def usual(self) -> "Flow":
        """The columns that show without being asked for."""
        places = _usual(self.columns)
        if len(places) == len(self.columns):
            return self
        columns = tuple(self.columns[place] for place in places)
        return self._replace(columns=columns, rows=_picked(self.rows, places))


Table = Sheet | Flow


def _places(columns: Sequence[Column], keys: Sequence[str]) -> list[int]:
    """Where the columns of these names stand; raises Invalid that lists the known ones."""
    places = {column.key: place for place, column in enumerate(columns)}
    check_fields(keys, list(places))
    return [places[key] for key in keys]


def _usual(columns: Sequence[Column]) -> list[int]:
    return [place for place, column in enumerate(columns) if not column.extra]


def _asked_for(columns: Sequence[Column], places: Sequence[int]) -> tuple[Column, ...]:
    return tuple(columns[place]._replace(rank=0, extra=False) for place in places)


def _picked(rows: Iterable[Row], places: Sequence[int]) -> Iterable[Row]:
    return (tuple(row[place] for place in places) for row in rows)


class Prose(NamedTuple):
    """A text under a heading."""

    title: str
    text: str
    tone: Tone = Tone.PLAIN


Section = Sheet | Prose
