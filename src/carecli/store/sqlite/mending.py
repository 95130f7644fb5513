"""A SQLite record put right as its events say: what of that only SQLite does (AUD-1)."""

import sqlite3
from collections.abc import Iterator, Sequence

from carecli.domain.verify import Difference, Part
from carecli.store.derived import DERIVED, SEARCHES, Table
from carecli.store.differing import Row
from carecli.store.mending import Mending, RowMender
from carecli.store.sqlite.checking import SqliteChecking


class SqliteMending(Mending, SqliteChecking):
    """A SQLite record, put right as its events say."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self._anew.mender = SqliteRowMender(db)

    def mend_tabs(self) -> None:
        """Count the cases of each status anew."""
        self.db.execute("DELETE FROM tallies")
        self.db.execute("INSERT INTO tallies SELECT status, count(*) FROM cases GROUP BY status")

    def mend_schema(self, found: Sequence[Difference]) -> None:
        """Make indices, triggers and derived tables anew that are missing or changed; drop triggers not ours."""
        ours = dict(self._anew.db.execute("SELECT type || ' ' || name, sql FROM sqlite_schema ORDER BY rowid"))
        names = {one.name for one in found if one.name}
        there = set(self.db.execute("SELECT type || ' ' || name FROM sqlite_schema").fetchall())
        for name in sorted(names):
            kind, _, bare = name.partition(" ")
            if (name,) in there and (kind == "trigger" or (kind == "index" and ours.get(name))):
                self.db.execute(f"DROP {kind} {_quoted(bare)}")
        for name, sql in ours.items():
            kind, _, bare = name.partition(" ")
            makeable = kind in {"index", "trigger"} or bare in DERIVED
            if sql and name in names and makeable and not self._is_there(kind, bare):
                self.db.execute(sql)
        if any("index" in one.what for one in found if one.name is None):
            self.db.execute("REINDEX")

    def _is_there(self, kind: str, name: str) -> bool:
        which = "SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?"
        return self.one(which, (kind, name)) is not None

    def mend_searches(self) -> Iterator[Difference]:
        """Make the words by which cases and articles are found anew where they are not those of their texts."""
        for name in SEARCHES:
            try:
                self.db.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")  # noqa: S608 - our names
            except sqlite3.DatabaseError:
                self.db.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608 - as above
                part = Part.ARTICLE if name.endswith("articles") else Part.SEARCH
                yield Difference(None, part, f"the words of {name} were not those of its texts", name)


class SqliteRowMender(RowMender):
    """Writes rows as they should be, whatever bytes stand in their place."""

    def put(self, table: Table, row: Row) -> None:
        """Put a row in, and take out what stands in its way."""
        marks = ", ".join("?" * len(row))
        put = f"INSERT OR REPLACE INTO {table.name} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - our names
        self.db.execute(put, tuple(row.values()))

    def placed(self, value: object) -> str:
        """How the place of a value to look for is written."""
        return "CAST(? AS TEXT)" if isinstance(value, str) else "?"

    def bound(self, value: object) -> object:
        """A value as it is bound: a text by its bytes, which need be no UTF-8."""
        return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
