"""A connection inside its transaction, from which every room of the record is read."""

import sqlite3
from collections.abc import Iterable
from typing import Any, Final, Self

from carecli.domain.sight import EVERYTHING, Sight

OF_CASES: Final = "number IN (SELECT value FROM json_each(?))"
"""Picks rows by a JSON list of case numbers: one statement for however many."""


class Session:
    """What the rooms share: an open transaction on a connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
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
