"""What a SQLite record is held against: its own chain, and everything derived, made anew in memory (AUD-1)."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from carecli.domain.attachment import Attachment
from carecli.domain.case import Case
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Recorded
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.verify import Difference, Part
from carecli.store import codec
from carecli.store.alert_faults import alert_faults
from carecli.store.component_faults import component_faults
from carecli.store.entries import CaseTexts, Census
from carecli.store.mail_faults import mail_faults
from carecli.store.session import Session
from carecli.store.soundness import engine_faults
from carecli.store.timers import OF_CASES_ALONE

Row = dict[str, Any]


class _Table(NamedTuple):
    """A table of derived rows: its part of the record, and the column by which rows of one thing are found."""

    name: str
    part: Part
    key: str
    columns: str = "*"
    many: bool = False
    where: str = "TRUE"


_OF_A_CASE: Final = (
    _Table("cases", Part.CASE, "number"),
    _Table("timers", Part.TIMERS, "number", many=True, where=OF_CASES_ALONE),
    _Table("standing", Part.CLOCK_MARKS, "number", many=True),
    _Table("late_deadlines", Part.DEADLINES, "number", many=True),
    _Table("search", Part.SEARCH, "rowid"),
    _Table("search_notes", Part.SEARCH, "rowid"),
    _Table("article_cases", Part.ARTICLE, "number", many=True),
    _Table("attachments", Part.ATTACHMENTS, "number", many=True),
)
# The hash of a PIN stands beside a contact and is in no event.
_PEOPLE: Final = (
    _Table("accounts", Part.ACCOUNT, "name"),
    _Table("contacts", Part.CONTACT, "email", "email, account, document"),
    _Table("staff", Part.STAFF, "email"),
)
_KNOWLEDGE: Final = (
    _Table("articles", Part.ARTICLE, "id"),
    _Table("search_articles", Part.ARTICLE, "rowid"),
    _Table("search_public_articles", Part.ARTICLE, "rowid"),
)
_OF_ARTICLES: Final = ("article_versions", "article_votes", "article_words")
"""Tables whose rows are known by their first two columns."""
_ADVISORIES: Final = (
    _Table("advisories", Part.ADVISORY, "id"),
    _Table("advisory_publications", Part.ADVISORY, "place"),
    _Table("subscribers", Part.ADVISORY, "id"),
)
_OF_ADVISORIES: Final = {
    "advisory_reads": Part.ADVISORY,
    "advisory_told": Part.ADVISORY,
    "subscriptions": Part.ADVISORY,
    "owed_advisories": Part.ADVISORY,
    f"timers WHERE kind = {TimerKind.DIGEST}": Part.TIMERS,
}
_SETTINGS: Final = _Table("desk", Part.SETTINGS, "name")
_JSON_COLUMNS: Final = {"state", "texts", "document", "published"}
_NUMBERED: Final = (
    "SELECT number FROM events WHERE number IS NOT NULL UNION SELECT number FROM cases"
    " UNION SELECT number FROM timers WHERE number > 0 UNION SELECT number FROM standing"
    " UNION SELECT number FROM late_deadlines"
    # Automatic answers to mail are about no case.
    " UNION SELECT number FROM outbox WHERE number IS NOT NULL"
    " UNION SELECT number FROM attachments UNION SELECT number FROM externals"
    " UNION SELECT rowid FROM search UNION SELECT rowid FROM search_notes"
    " UNION SELECT number FROM article_cases"
    " ORDER BY number"
)
_EVENTS: Final = f"SELECT {codec.EVENT_COLUMNS} FROM events"  # noqa: S608 - names from this program


class Checking(Session):
    """Differences between what a record holds and what its events say; nothing is changed.

    What should be there is written into a record in memory by the very code that wrote the real one, and the
    rows of both are compared: no table or column is forgotten.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        # Imported here: the store itself names this room.
        from carecli.store.sqlite import open_store

        super().__init__(db)
        self._anew = open_store(":memory:")
        # Bytes that are no UTF-8 would end the look; read so, they are a difference like any other.
        db.text_factory = _tolerant

    def close(self) -> None:
        """Let go of what was made anew, and read the record as strictly as before."""
        self.db.text_factory = str
        self._anew.close()

    def census(self) -> Census:
        """How many cases and events there are to look at."""
        told = "SELECT count(DISTINCT number), count(*), coalesce(max(number), 0) FROM events"
        return Census(*self.db.execute(told).fetchone())

    def numbers(self) -> Iterator[int]:
        """Every number that the log tells of or that anything is stored under, in order, read as asked for."""
        return (number for (number,) in self.db.execute(_NUMBERED))

    def desk_history(self) -> Iterator[Recorded]:
        """The events of the desk itself, oldest first, read as asked for."""
        return map(codec.recorded, self.db.execute(f"{_EVENTS} WHERE number IS NULL ORDER BY seq"))

    def engine(self) -> Iterator[Difference]:
        """What the engine itself finds wrong with its file, and tables, indices or triggers that are not ours."""
        return engine_faults(self.db, self._anew.db)

    def log(self) -> Iterator[Difference]:
        """Events that are not what was appended there, one after the other; a break hides none behind it."""
        place, digest = 0, codec.GENESIS
        for row in self.db.execute(f"{_EVENTS} ORDER BY position"):
            position, number = row[0], row[1]
            if position != place + 1:
                yield _missing(place + 1, position - 1)
            elif row[-1] != _digest(digest, row):
                told = "is not what was recorded there: changed, moved or put in"
                yield Difference(number, Part.EVENT, told, event=position)
            place, digest = position, row[-1]

    def case(
        self,
        case: Case,
        timers: Iterable[Timer],
        texts: Iterable[CaseTexts],
        stages: Sequence[tuple[int, int]],
        files: Sequence[Attachment] = (),
    ) -> Iterator[Difference]:
        """What is stored of a case otherwise than it should be; `stages` are the follow-ups that went out."""
        with self._made_anew() as made:
            made.save(case, timers)
            for text in texts:
                made.index(text)
            made.put_attachments(case.number, files)
            for table in _OF_A_CASE:
                yield from self._compared(table, case.number, case.number)
        yield from self._stages(case.number, stages)

    def _stages(self, number: int, stages: Sequence[tuple[int, int]]) -> Iterator[Difference]:
        """Mails of follow-ups that never went out, or twice, and follow-ups without their mail (FU-5)."""
        owed = list(stages)
        which = "SELECT key, round, stage FROM outbox WHERE number = ? AND stage > 0 ORDER BY id"
        for key, round_, stage in self.db.execute(which, (number,)):
            if (round_, stage) in owed:
                owed.remove((round_, stage))
            else:
                told = f"a mail waits or left for follow-up {round_}/{stage}, which no event tells of"
                yield Difference(number, Part.OUTBOX, told, key)
        for round_, stage in owed:
            told = f"no mail was written for follow-up {round_}/{stage}"
            yield Difference(number, Part.OUTBOX, told, f"{round_}/{stage}")

    def people(
        self, accounts: Iterable[Account], contacts: Iterable[Contact], staff: Iterable[Staff]
    ) -> Iterator[Difference]:
        """Accounts, contacts and staff that are stored otherwise than as they were last recorded."""
        with self._made_anew() as made:
            for account in accounts:
                made.put_account(account)
            for contact in contacts:
                made.put_contact(contact)
            for member in staff:
                made.put_staff(member)
            for table in _PEOPLE:
                yield from self._all_compared(table)

    def settings(self, settings: DeskSettings | None) -> Iterator[Difference]:
        """The desk's settings, where they are stored otherwise than as they were last recorded."""
        with self._made_anew() as made:
            if settings:
                made.put_settings(settings)
            yield from self._compared(_SETTINGS, "settings", None)

    def documents(self, told: dict[str, str]) -> Iterator[Difference]:
        """Policies and calendars that are not what their content hash says; `told` has the kind of each hash."""
        left = dict(told)
        for digest, kind, body in self.db.execute("SELECT digest, kind, body FROM documents ORDER BY digest"):
            if left.pop(digest, None) != kind:
                yield _document(digest, f"{kind} {digest[:12]} is stored, and no event tells of it")
            if codec.text_hash(body) != digest:
                yield _document(digest, f"{kind} {digest[:12]} is not what its content hash says")
        for digest, kind in left.items():
            yield _document(digest, f"{kind} {digest[:12]} was recorded and is not stored")
        for name, digest in self.db.execute("SELECT name, digest FROM calendar_digests ORDER BY name"):
            if told.get(digest) != "calendar":
                what = f"the calendar of {name} is said to be {str(digest)[:12]}, which is none"
                yield Difference(None, Part.CALENDAR, what, name)

    def articles(self, told: Sequence[Recorded]) -> Iterator[Difference]:
        """Articles, their versions, votes and words, that are stored otherwise than these events tell (KB-1)."""
        with self._made_anew() as made:
            for entry in told:
                try:
                    made.tell_article(entry.event)
                except (AttributeError, LookupError, TypeError, ValueError, sqlite3.Error) as error:
                    what = f"what it tells of an article cannot be: {error}"
                    yield Difference(None, Part.EVENT, what, event=entry.position)
            for table in _KNOWLEDGE:
                yield from self._all_compared(table)
            for name in _OF_ARTICLES:
                yield from self._rows_compared(name)

    def advisories(self, told: Sequence[Recorded]) -> Iterator[Difference]:
        """Advisories, who read and is told of them, that are stored otherwise than these events tell (ADV-1)."""
        with self._made_anew() as made:
            for entry in told:
                try:
                    made.tell_advisory(entry.event)
                except (AttributeError, LookupError, TypeError, ValueError, sqlite3.Error) as error:
                    what = f"what it tells of an advisory cannot be: {error}"
                    yield Difference(None, Part.EVENT, what, event=entry.position)
            for table in _ADVISORIES:
                yield from self._all_compared(table)
            for name, part in _OF_ADVISORIES.items():
                yield from self._rows_compared(name, part)

    def mail(self) -> Iterator[Difference]:
        """Mails that wait and that the queue of timers knows nothing of, or the reverse, and lost originals."""
        return mail_faults(self.db)

    def alerts(self) -> Iterator[Difference]:
        """Alert groups of which something else is stored than monitoring last told (OPEN-12)."""
        return alert_faults(self.db)

    def components(self) -> Iterator[Difference]:
        """What was learned of components and cannot be read (OPEN-6)."""
        return component_faults(self.db)

    def counts(self) -> Iterator[Difference]:
        """The tabs of the whole desk, and the counter of case numbers (OPEN-1), where they count wrongly."""
        real = dict(self.db.execute("SELECT status, count(*) FROM cases GROUP BY status").fetchall())
        told = dict(self.db.execute("SELECT status, cases FROM tallies").fetchall())
        for status in sorted({*real, *told}):
            if real.get(status, 0) != told.get(status, 0):
                what = f"{real.get(status, 0)} cases are {status}, the tally says {told.get(status, 0)}"
                yield Difference(None, Part.TALLIES, what, status)
        last, value = self.census().last_number, self.one("SELECT value FROM counters WHERE name = 'case'")
        if value != last:
            what = f"the counter of case numbers stands at {value}, the last number given is {last}"
            yield Difference(None, Part.COUNTER, what, "case")

    @contextmanager
    def _made_anew(self) -> Iterator[Any]:
        """A transaction of the record in memory, which forgets it."""
        from carecli.store.sqlite import SqliteWriting

        self._anew.db.execute("BEGIN")
        try:
            yield SqliteWriting(self._anew.db)
        finally:
            self._anew.db.execute("ROLLBACK")

    def _compared(self, table: _Table, key: object, number: int | None) -> Iterator[Difference]:
        real, told = (
            _rows(db, table, f"WHERE {table.key} = ? AND {table.where}", key) for db in (self.db, self._anew.db)
        )
        if real == told:
            return
        if table.many or len(real) != len(told):
            yield Difference(number, table.part, _counted(table, real, told), None if number else str(key))
            return
        for name, stored, should in _differing(real[0], told[0]):
            what = f"{name} is {_short(stored)}, its events say {_short(should)}"
            yield Difference(number, table.part, what, name if number else str(key))

    def _all_compared(self, table: _Table) -> Iterator[Difference]:
        """Every row of a table, by its key."""
        known = [
            {row[0] for row in db.execute(f"SELECT {table.key} FROM {table.name}")}  # noqa: S608
            for db in (self.db, self._anew.db)
        ]
        for key in sorted(known[0] | known[1]):
            yield from self._compared(table, key, None)

    def _rows_compared(self, name: str, part: Part = Part.ARTICLE) -> Iterator[Difference]:
        """The rows of a table, or of a part of one, that one of both has alone."""
        real, told = (
            set(db.execute(f"SELECT * FROM {name}").fetchall())  # noqa: S608 - names from this program
            for db in (self.db, self._anew.db)
        )
        for row in sorted(real ^ told, key=repr):
            how = "has, and no event tells of it" if row in real else "lacks it"
            yield Difference(None, part, f"{name.partition(' ')[0]} {how}", f"{row[0]}/{row[1]}")


def _tolerant(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _rows(db: sqlite3.Connection, table: _Table, which: str, key: object) -> list[Row]:
    found = db.execute(f"SELECT {table.columns} FROM {table.name} {which}", (key,))  # noqa: S608
    names = [column[0] for column in found.description]
    rows = sorted(found.fetchall(), key=repr)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _counted(table: _Table, real: list[Row], told: list[Row]) -> str:
    if table.many:
        lacking = [_told_row(row) for row in told if row not in real]
        extra = [_told_row(row) for row in real if row not in told]
        parts = [f"lacks {', '.join(lacking)}"] if lacking else []
        parts += [f"has beside {', '.join(extra)}"] if extra else []
        return "; ".join(parts)
    return f"{table.name} lacks it" if told else f"{table.name} has it, and no event tells of it"


def _told_row(row: Row) -> str:
    """A timer, a mark or a file in few words: what, of which clock, when."""
    if "document" in row:
        return f"file {row['id']}"
    kind = row.get("kind")
    known = {**row, "kind": TimerKind(kind).name.lower() if kind in list(TimerKind) else kind}
    return " ".join(str(value) for name, value in known.items() if name != "number" and value not in ("", None, 0))


def _differing(real: Row, told: Row) -> Iterator[tuple[str, Any, Any]]:
    """The columns that differ; of one that holds JSON the keys that do."""
    for name, should in told.items():
        stored = real.get(name)
        if stored == should:
            continue
        inner = list(_differing_keys(name, stored, should)) if name in _JSON_COLUMNS else []
        yield from inner or [(name, stored, should)]


def _differing_keys(name: str, stored: Any, should: str) -> Iterator[tuple[str, Any, Any]]:
    try:
        real, told = json.loads(stored), json.loads(should)
    except ValueError:
        return
    if isinstance(real, dict):
        for key in [*told, *(key for key in real if key not in told)]:
            if real.get(key) != told.get(key) or (key in real) != (key in told):
                yield f"{name}.{key}", real.get(key), told.get(key)


def _short(value: Any, most: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _missing(first: int, last: int) -> Difference:
    if last < first:
        return Difference(None, Part.EVENT, "stands out of order", event=last + 1)
    which = f"event {first} is" if first == last else f"events {first} to {last} are"
    return Difference(None, Part.EVENT, f"{which} missing from the log", event=first)


def _document(digest: str, what: str) -> Difference:
    return Difference(None, Part.DOCUMENT, what, digest)


def _digest(previous: str, row: Sequence[Any]) -> str | None:
    """The digest that an event's row should carry, from its bare text; None for what was never written so."""
    _, *content, data, _ = row
    try:
        return codec.text_hash(f"{codec.canonical([previous, *content])[:-1]},{data}]")
    except (TypeError, ValueError):
        return None
