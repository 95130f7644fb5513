"""A record in PostgreSQL put right as its events say: what of that only PostgreSQL does (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from psycopg import sql

from carecli.domain.verify import Difference
from carecli.store.derived import DERIVED, SEARCHES, Table
from carecli.store.differing import Row
from carecli.store.mending import Mending, RowMender
from carecli.store.postgres import found_words
from carecli.store.postgres.catalog import ANEW, Thing, Things, made_anew, ours, things
from carecli.store.postgres.checking import PostgresChecking
from carecli.store.postgres.connection import SCHEMA, Connection
from carecli.store.postgres.soundness import out_of_step

_TALLIED: Final = "tally_changes"
"""What the tabs are counted from; `tallies` is a view."""
_COUNTED: Final = frozenset({_TALLIED, "search_sizes"})
"""Derived tables that only PostgreSQL has."""
_MAKEABLE: Final = frozenset({"constraint", "index", "function", "trigger", "view"})
"""What holds nothing of its own."""
_DROPPED: Final = frozenset({"index", "trigger", "rule"})
"""What goes where it is not ours: it changes what is written, or how fast."""


class PostgresMending(Mending, PostgresChecking):
    """A record in PostgreSQL, put right as its events say."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self._anew.mender = PostgresRowMender(db)

    def mend_tabs(self) -> None:
        """Count the cases of each status anew."""
        self.db.run(f"DELETE FROM {_TALLIED}")  # noqa: S608 - a name from this program
        self.db.run(f"INSERT INTO {_TALLIED} SELECT status, count(*) FROM cases GROUP BY status")  # noqa: S608

    def mend_schema(self, found: Sequence[Difference]) -> None:
        """Make anew what is missing, changed or switched off and holds nothing itself; drop triggers not ours."""
        told = ours(self.db)
        if told is not None and any(one.name in told or "not ours" in one.what for one in found):
            self._mend_things({one.name for one in found if one.name}, told)
        for table, column, highest in list(out_of_step(self.db)):
            self._run(
                "ALTER TABLE {} ALTER COLUMN {} RESTART WITH {}", _own(table), sql.Identifier(column), highest + 1
            )

    def _mend_things(self, names: set[str], told: Things) -> None:
        there = things(self.db)
        wrong = [one for key, one in there.items() if key in names]
        for one in reversed(wrong):
            if one.kind in (_MAKEABLE if one.key in told else _DROPPED) - {"function"}:
                self._drop(one)
        missing = [one for one in told.values() if one.key in names]
        lost = [
            one
            for one in missing
            if one.kind == "table" and one.key not in there and one.name in DERIVED | _COUNTED
        ]
        if lost:
            with made_anew(self.db):
                for one in lost:
                    self._bring(one)
        for one in missing:
            if one.kind in _MAKEABLE and (one.kind == "function" or one.key not in things(self.db)):
                self._make(one)

    def _drop(self, one: Thing) -> None:
        bare = one.name.partition(" on ")[0]
        if one.kind == "constraint":
            self._run("ALTER TABLE {} DROP CONSTRAINT {}", _own(one.table or ""), sql.Identifier(bare))
        elif one.kind in {"trigger", "rule"}:
            self._run(f"DROP {one.kind} {{}} ON {{}}", sql.Identifier(bare), _own(one.table or ""))
        else:
            self._run(f"DROP {one.kind} {{}}", _own(bare))

    def _bring(self, one: Thing) -> None:
        """Have a table as our scripts make it, with its indices and its numbering, in the place of a lost one."""
        for thing in things(self.db, ANEW).values():
            if thing.kind == "trigger" and thing.table == one.name:
                bare = sql.Identifier(thing.name.partition(" on ")[0])
                self._run("DROP TRIGGER {} ON {}", bare, sql.Identifier(ANEW, one.name))
        self._run("ALTER TABLE {} SET SCHEMA {}", sql.Identifier(ANEW, one.name), sql.Identifier(SCHEMA))

    def _make(self, one: Thing) -> None:
        bare = one.name.partition(" on ")[0]
        if one.kind == "constraint":
            self._run(
                f"ALTER TABLE {{}} ADD CONSTRAINT {{}} {one.what}", _own(one.table or ""), sql.Identifier(bare)
            )
        elif one.kind == "view":
            self._run(f"CREATE VIEW {{}} AS {one.what}", _own(bare))
        else:
            self.db.run(one.what)

    def _run(self, words: str, *parts: sql.Composable | int) -> None:
        self.db.run(sql.SQL(words).format(*parts).as_string(self.db.raw))

    def mend_searches(self) -> Iterator[Difference]:
        """Make the words by which cases and articles are found anew where they are not those of their texts."""
        for name in SEARCHES:
            if found_words.mended(self.db, name):
                yield Difference(
                    None, found_words.part_of(name), f"the words of {name} were not those of its texts", name
                )


class PostgresRowMender(RowMender):
    """Writes rows as they should be, and what is found by words with its words."""

    db: Connection

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self._keys: dict[str, list[tuple[str, ...]]] = {}

    def put(self, table: Table, row: Row) -> None:
        """Put a row in, and take out what stands in its way: one that is to go, or to be put right after it."""
        for columns in self._unique(table.name):
            if all(row.get(name) is not None for name in columns):
                same = " AND ".join(f"{name} = ?" for name in columns)
                gone = f"DELETE FROM {table.name} WHERE {same}"  # noqa: S608 - our names
                self.db.execute(gone, tuple(row[name] for name in columns))
        if table.name in SEARCHES:
            found_words.put(self.db, table.name, row)
            return
        marks = ", ".join("?" * len(row))
        put = f"INSERT INTO {table.name} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - our names
        self.db.execute(put, tuple(row.values()))

    def _unique(self, name: str) -> Iterable[tuple[str, ...]]:
        """The columns that no two rows of a table have in common."""
        if name not in self._keys:
            which = """SELECT (SELECT string_agg(a.attname, ',') FROM pg_attribute AS a
                WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)) FROM pg_index AS i
                WHERE i.indrelid = to_regclass(?) AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL"""
            found = self.db.execute(which, (f"{SCHEMA}.{name}",)).fetchall()
            self._keys[name] = [tuple(columns.split(",")) for (columns,) in found]
        return self._keys[name]


def _own(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name)
