"""A neutral page: tables and texts that every writer puts into its own form."""

from collections.abc import Sequence
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


class Sheet(NamedTuple):
    """A table; `zone` is the one in which people read its instants."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    zone: str = "UTC"
    note: str | None = None
    headed: bool = True

    def picked(self, keys: Sequence[str]) -> "Sheet":
        """The columns of these names in this order; raises Invalid that lists them."""
        places = {column.key: place for place, column in enumerate(self.columns)}
        check_fields(keys, list(places))
        chosen = [places[key] for key in keys]
        columns = tuple(self.columns[place]._replace(rank=0, extra=False) for place in chosen)
        return self._replace(columns=columns, rows=tuple(tuple(row[p] for p in chosen) for row in self.rows))

    def usual(self) -> "Sheet":
        """The columns that show without being asked for."""
        return self.picked_places([p for p, column in enumerate(self.columns) if not column.extra])

    def picked_places(self, places: Sequence[int]) -> "Sheet":
        """The columns at these places."""
        columns = tuple(self.columns[place] for place in places)
        return self._replace(columns=columns, rows=tuple(tuple(row[p] for p in places) for row in self.rows))


class Prose(NamedTuple):
    """A text under a heading."""

    title: str
    text: str
    tone: Tone = Tone.PLAIN


Section = Sheet | Prose
