"""What a record should hold, made anew in memory, beside what it holds (AUD-1)."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol, TypeVar

from carecli.domain.verify import UNTOLD, Difference
from carecli.store.derived import Rows, Table
from carecli.store.differing import Derived, Row, Spelled, told_apart
from carecli.store.session import Connection

T = TypeVar("T")

_IMPOSSIBLE: Final = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    sqlite3.Error,
)
"""What taking in an event that cannot be ends in."""


class Mender(Protocol):
    """Puts right what differs, as it is found."""

    def table(self, table: Table, key: object, real: Sequence[Row], told: Sequence[Row]) -> None:
        """Have one thing's rows be these."""

    def rows(self, rows: Rows, extra: Iterable[tuple[Any, ...]], lacking: Iterable[tuple[Any, ...]]) -> None:
        """Take rows out, and put others in."""


class MadeAnew:
    """A record of SQLite in memory, written by the very rooms that wrote the real one, and compared with it.

    The rows of both are compared as they are: no table or column is forgotten. A `mender` hears of each
    difference as it is found.
    """

    mender: Mender | None = None

    def __init__(self, db: Connection, real: Spelled | None = None, told: Spelled | None = None) -> None:
        """Before rows are compared those of `db` are spelled as `real` says, those made anew as `told` says."""
        # Imported here: the store itself leads to this room.
        from carecli.store.sqlite.store import open_store

        self._store = open_store(":memory:")
        self.db = self._store.db
        self._real, self._told = Derived(db, real), Derived(self.db, told)

    def close(self) -> None:
        """Forget it."""
        self._store.close()

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A transaction of the record in memory, which forgets it."""
        from carecli.store.sqlite.rooms import SqliteWriting

        self.db.execute("BEGIN")
        try:
            yield SqliteWriting(self.db)
        finally:
            self.db.execute("ROLLBACK")

    def put(self, insert: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Have these rows in it; what cannot be stored is told of where its events are."""
        for row in rows:
            with suppress(*_IMPOSSIBLE):
                self.db.execute(insert, row)

    def compared(self, table: Table, key: object, number: int | None) -> Iterator[Difference]:
        """How what a table holds of one thing differs; `number` is the case that it is about."""
        real, told = (record.of(table, key) for record in (self._real, self._told))
        if real != told:
            yield from told_apart(table, key, number, real, told)
            self.mend(table, key, real, told)

    def all_compared(self, table: Table) -> Iterator[Difference]:
        """How every row of a table differs, by its key."""
        for key, real, told in self.by_key(table):
            yield from told_apart(table, key, None, real, told)
            self.mend(table, key, real, told)

    def by_key(self, table: Table) -> Iterator[tuple[Any, list[Row], list[Row]]]:
        """What differs in a table: a key, its rows, and what they should be."""
        real, told = (record.by_key(table) for record in (self._real, self._told))
        for key in sorted({*real, *told}):
            if real.get(key) != told.get(key):
                yield key, real.get(key, []), told.get(key, [])

    def rows_compared(self, rows: Rows) -> Iterator[Difference]:
        """The rows that one of both has alone."""
        real, told = (record.all(rows) for record in (self._real, self._told))
        for row in sorted(real ^ told, key=repr):
            how = f"has, and {UNTOLD}" if row in real else "lacks it"
            yield Difference(None, rows.part, f"{rows.name} {how}", f"{row[0]}/{row[1]}")
        if self.mender and real != told:
            self.mender.rows(rows, real - told, told - real)

    def mend(self, table: Table, key: object, real: Sequence[Row], told: Sequence[Row]) -> None:
        """Have the mender, if there is one, put right what a table holds of one thing."""
        if self.mender:
            self.mender.table(table, key, real, told)

    def forget(self, table: Table, key: object) -> None:
        """Have the mender, if there is one, take away what a table holds of a thing that no event tells of."""
        if self.mender:
            self.mender.table(table, key, self._real.of(table, key), ())


def impossible(take: Callable[[T], object], told: Iterable[T]) -> Iterator[tuple[T, Exception]]:
    """Take these in; those that cannot be, each with the error that says why."""
    for one in told:
        try:
            take(one)
        except _IMPOSSIBLE as error:
            yield one, error
