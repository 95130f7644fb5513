"""A connection inside its transaction, from which every room of the record is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, Self

from carecli.domain.sight import EVERYTHING, Sight

OF_CASES: Final = "number IN (SELECT value FROM json_each(?))"
"""Picks rows by a JSON list of case numbers: one statement for however many."""

NO_LIMIT: Final = 2**63 - 1
"""As many rows as there are."""

Parameters = Sequence[Any] | Mapping[str, Any]


class Rows(Protocol):
    """What a statement found, each row a tuple; how many rows it changed."""

    @property
    def description(self) -> Any:
        """The columns of the rows, each one's name first."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchone(self) -> Any:
        """The next row, None behind the last."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left, one by one."""


class Connection(Protocol):
    """What the rooms ask of an engine; their SQL is what all engines understand, with `?` for a parameter."""

    def execute(self, sql: str, parameters: Any = ..., /) -> Rows:
        """Run a statement."""

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Rows:
        """Run a statement once for each of the parameters."""


def stream(db: Connection, sql: str, parameters: Any = ()) -> Iterator[Any]:
    """The rows of a statement, read as they are asked for, however many there are."""
    # SQLite reads so anyhow; a server would send all of them at once.
    return iter(getattr(db, "stream", db.execute)(sql, parameters))


class Session:
    """What the rooms share: an open transaction on a connection."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.sight = EVERYTHING

    def seeing(self, sight: Sight) -> Self:
        """The same transaction as somebody sees it: whatever is asked of it, other cases are not there (DC-3)."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.sight = sight
        return other

    def one(self, sql: str, parameters: Iterable[Any] = ()) -> Any:
        """The first row's only column, None where there is no row."""
        row = self.db.execute(sql, tuple(parameters)).fetchone()
        return None if row is None else row[0]

    def column(self, sql: str, parameters: Iterable[Any] = ()) -> list[Any]:
        """The only column of every row."""
        return [value for (value,) in self.db.execute(sql, tuple(parameters))]
