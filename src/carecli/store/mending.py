"""Everything derived put right as its events say: log, mail, PINs and bytes of files stay as they are (AUD-1)."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from carecli.domain.verify import Difference, Kept, Part
from carecli.store.checking import Checking
from carecli.store.codec import canonical, content_hash
from carecli.store.components import ComponentWriting
from carecli.store.derived import DERIVED, SEARCHES, Rows, Table
from carecli.store.differing import Row
from carecli.store.mail_faults import mend_timers
from carecli.store.soundness import engine_faults


class Mending(Checking):
    """The same look as that of `care verify`, by a transaction that puts right what differs as it is found."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self.mender = RowMender(db)

    def engine(self) -> Iterator[Difference]:
        """What is wrong with the file and its schema; indices and triggers are made anew, and derived tables."""
        found = list(super().engine())
        if found:
            self._mend_schema(found)
        yield from found
        yield from self._mend_searches()

    def documents(self, told: Mapping[str, Kept]) -> Iterator[Difference]:
        """Policies and calendars; those that events tell of are stored as told, any other is taken away."""
        found = list(super().documents(told))
        if any(one.part is Part.DOCUMENT for one in found):
            self.db.execute("DELETE FROM documents")
            rows = [(digest, kind, canonical(said)) for digest, (kind, said) in told.items()]
            sound = [
                row for row, (_, said) in zip(rows, told.values(), strict=True) if content_hash(said) == row[0]
            ]
            self.db.executemany("INSERT INTO documents VALUES (?, ?, ?)", sound)
        # What a specification was resolved to is found anew when it is needed.
        for one in found:
            if one.part is Part.CALENDAR:
                self.db.execute("DELETE FROM calendar_digests WHERE name = ?", (one.name,))
        yield from found

    def mail(self) -> Iterator[Difference]:
        """Mail, whose timers alone are derived; the mails stay as they are."""
        yield from super().mail()
        mend_timers(self.db)

    def components(self) -> Iterator[Difference]:
        """What was learned of components; damaged, all is forgotten, and ticks learn the desk's cases anew."""
        found = list(super().components())
        if found:
            self.db.execute("DELETE FROM component_progress")
            ComponentWriting(self.db).forget_components()
        yield from found

    def counts(self) -> Iterator[Difference]:
        """The tabs and the counter of case numbers."""
        found = list(super().counts())
        if found:
            self.db.execute("DELETE FROM tallies")
            self.db.execute("INSERT INTO tallies SELECT status, count(*) FROM cases GROUP BY status")
            last = self.census().last_number
            self.db.execute("DELETE FROM counters")
            self.db.execute("INSERT INTO counters VALUES ('case', ?)", (last,))
        yield from found

    def _mend_schema(self, found: Sequence[Difference]) -> None:
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

    def _mend_searches(self) -> Iterator[Difference]:
        """Make the words by which cases and articles are found anew where they are not those of their texts."""
        for name in SEARCHES:
            try:
                self.db.execute(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")  # noqa: S608 - our names
            except sqlite3.DatabaseError:
                self.db.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608 - as above
                part = Part.ARTICLE if name.endswith("articles") else Part.SEARCH
                yield Difference(None, part, f"the words of {name} were not those of its texts", name)

    def damage(self) -> Iterator[Difference]:
        """What is still wrong with the file itself; things that are not ours may stay."""
        return (one for one in engine_faults(self.db, self._anew.db) if not one.what.endswith("is not ours"))


class RowMender:
    """Writes rows as they should be in the place of those that are there."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def table(self, table: Table, key: object, real: Sequence[Row], told: Sequence[Row]) -> None:
        """Have one thing's rows be these; columns that are not compared keep what they hold."""
        bound = _bound(key)
        if table.columns != "*" and real and told:
            names = ", ".join(f"{name} = ?" for name in told[0])
            which = f"UPDATE {table.name} SET {names} WHERE {table.key} = {_placed(key)}"  # noqa: S608 - our names
            self.db.execute(which, (*told[0].values(), bound))
            return
        gone = f"DELETE FROM {table.name} WHERE {table.key} = {_placed(key)} AND {table.where}"  # noqa: S608
        self.db.execute(gone, (bound,))
        for row in told:
            whole = {"rowid": key, **row} if table.key == "rowid" else row
            marks = ", ".join("?" * len(whole))
            put = f"INSERT OR REPLACE INTO {table.name} ({', '.join(whole)}) VALUES ({marks})"  # noqa: S608
            self.db.execute(put, tuple(whole.values()))

    def rows(self, rows: Rows, extra: Iterable[tuple[Any, ...]], lacking: Iterable[tuple[Any, ...]]) -> None:
        """Take rows out, and put others in."""
        names = [name for _, name, *_ in self.db.execute(f"PRAGMA table_info({rows.name})")]
        for row in extra:
            same = " AND ".join(f"{name} IS {_placed(value)}" for name, value in zip(names, row, strict=True))
            self.db.execute(f"DELETE FROM {rows.name} WHERE {same}", tuple(map(_bound, row)))  # noqa: S608
        marks = ", ".join("?" * len(names))
        self.db.executemany(f"INSERT INTO {rows.name} VALUES ({marks})", sorted(lacking, key=repr))  # noqa: S608


def _placed(value: object) -> str:
    return "CAST(? AS TEXT)" if isinstance(value, str) else "?"


def _bound(value: object) -> object:
    """A value as it is bound: a text by its bytes, which need be no UTF-8."""
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
