"""Everything derived put right as its events say: log, mail, PINs and bytes of files stay as they are (AUD-1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from carecli.domain.verify import Difference, Kept, Part
from carecli.store.checking import Checking
from carecli.store.codec import canonical, content_hash
from carecli.store.components import ComponentWriting
from carecli.store.derived import Rows, Table
from carecli.store.differing import Row
from carecli.store.mail_faults import mend_timers
from carecli.store.session import Connection

_NOT_OURS = "is not ours"


class Mending(Checking):
    """The same look as that of `care verify`, by a transaction that puts right what differs as it is found."""

    def engine(self) -> Iterator[Difference]:
        """What is wrong with the file and its schema; indices and triggers are made anew, and derived tables."""
        found = list(super().engine())
        if found:
            self.mend_schema(found)
        yield from found
        yield from self.mend_searches()

    def mend_schema(self, found: Sequence[Difference]) -> None:
        """Make indices, triggers and derived tables anew that are missing or changed; drop triggers not ours."""
        raise NotImplementedError

    def mend_searches(self) -> Iterator[Difference]:
        """Make the words by which cases and articles are found anew where they are not those of their texts."""
        raise NotImplementedError

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
            self.mend_tabs()
            last = self.census().last_number
            self.db.execute("DELETE FROM counters")
            self.db.execute("INSERT INTO counters VALUES ('case', ?)", (last,))
        yield from found

    def mend_tabs(self) -> None:
        """Count the cases of each status anew."""
        raise NotImplementedError

    def damage(self) -> Iterator[Difference]:
        """What is still wrong with the file itself; things that are not ours may stay."""
        return (one for one in super().engine() if not one.what.endswith(_NOT_OURS))


class RowMender:
    """Writes rows as they should be in the place of those that are there."""

    def __init__(self, db: Connection) -> None:
        self.db = db

    def table(self, table: Table, key: object, real: Sequence[Row], told: Sequence[Row]) -> None:
        """Have one thing's rows be these; columns that are not compared keep what they hold, as PINs do."""
        bound = self.bound(key)
        if not table.alone and real and told:
            names = ", ".join(f"{name} = ?" for name in told[0])
            which = f"UPDATE {table.name} SET {names} WHERE {table.key} = {self.placed(key)}"  # noqa: S608 - our names
            self.db.execute(which, (*told[0].values(), bound))
            return
        gone = f"DELETE FROM {table.name} WHERE {table.key} = {self.placed(key)} AND {table.where}"  # noqa: S608
        self.db.execute(gone, (bound,))
        for row in told:
            self.put(table, {"rowid": key, **row} if table.key == "rowid" else row)

    def rows(self, rows: Rows, extra: Iterable[tuple[Any, ...]], lacking: Iterable[tuple[Any, ...]]) -> None:
        """Take rows out, and put others in."""
        columns = self.db.execute(f"SELECT * FROM {rows.name} LIMIT 0").description  # noqa: S608 - our names
        names = [column[0] for column in columns]
        for row in extra:
            held = zip(names, row, strict=True)
            same = " AND ".join(
                f"{name} IS NULL" if value is None else f"{name} = {self.placed(value)}" for name, value in held
            )
            bound = tuple(self.bound(value) for value in row if value is not None)
            self.db.execute(f"DELETE FROM {rows.name} WHERE {same}", bound)  # noqa: S608 - our names
        marks = ", ".join("?" * len(names))
        self.db.executemany(f"INSERT INTO {rows.name} VALUES ({marks})", sorted(lacking, key=repr))  # noqa: S608

    def put(self, table: Table, row: Row) -> None:
        """Put a row in, and take out what stands in its way."""
        raise NotImplementedError

    def placed(self, _: object) -> str:
        """How the place of a value to look for is written."""
        return "?"

    def bound(self, value: object) -> object:
        """A value to look for as it is bound."""
        return value
