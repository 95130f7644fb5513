"""Puts cases by the thousand into a desk's database, in the order of time, as the program would one by one."""

import heapq
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import patterns
from patterns import Pattern
from prints import Printed, filled, printed

from carecli.domain.case import Case
from carecli.mail.outgoing.office import Office
from carecli.store import codec
from carecli.store.cases import _COLUMNS as CASE_COLUMNS
from carecli.store.entries import LastTick
from carecli.store.entries_opening import Progress
from carecli.store.outbox import _COLUMNS as MAIL_COLUMNS
from carecli.store.sqlite.rooms import SqliteWriting

BATCH: Final = 5_000
_TABLES: Final = ("events", "cases", "timers", "outbox")


class Draft(NamedTuple):
    """A case to be: its pattern with the names and texts that it puts in the stand-ins' place."""

    number: int
    pattern: Pattern
    names: dict[str, str]


class Writer:
    """Writes cases with everything that follows from them, in the order of time, as rows by the thousand."""

    def __init__(self, db: sqlite3.Connection, office: Office) -> None:
        self.db = db
        self.writing = SqliteWriting(db)
        self.office = office
        self.printed: dict[int, Printed] = {}
        self.position = int(self.writing.log_length())
        self.digest = str(db.execute("SELECT digest FROM events ORDER BY position DESC LIMIT 1").fetchone()[0])
        self.tallies: Counter[str] = Counter()
        self.rows: dict[str, list[Any]] = {}
        self.marked: list[Case] = []

    def write(self, drafts: Iterable[Draft]) -> None:
        """Write all of them: their events in the order of time, the rest case by case."""
        ahead: list[tuple[datetime, int, int, int, Draft]] = []
        for draft in drafts:
            printed = self._printed(draft.pattern)
            self._tell(ahead, printed.moments[0].at)
            self._derived(draft, printed)
            heapq.heappush(ahead, (printed.moments[0].at, draft.number, 0, 0, draft))
        self._tell(ahead, None)
        for table in list(self.rows):
            self._flush(table)
        self.writing.put_standing(self.marked)
        self.writing.put_late_deadlines(self.marked)
        self.db.executemany("INSERT INTO tallies VALUES (?, ?)", sorted(self.tallies.items()))
        self.db.execute("UPDATE counters SET value = ? WHERE name = 'case'", (sum(self.tallies.values()),))
        self.writing.put_last_tick(LastTick(patterns.LAST_TICK, self.position))
        # No case here names a component: where so many ticks had been, all of them were looked through.
        self.writing.put_component_progress(Progress(self.position))

    def _tell(self, ahead: list[tuple[datetime, int, int, int, Draft]], until: datetime | None) -> None:
        """Put on record what happened before then, of all cases in turn."""
        while ahead and (until is None or ahead[0][0] < until):
            _, number, place, seq, draft = heapq.heappop(ahead)
            moments = self._printed(draft.pattern).moments
            for event in moments[place].events:
                seq += 1
                self._append(number, seq, *filled(event, draft.names))
            for mail in moments[place].mails:
                self._add("outbox", filled(mail, draft.names))
            if place + 1 < len(moments):
                heapq.heappush(ahead, (moments[place + 1].at, number, place + 1, seq, draft))

    def _append(
        self, number: int, seq: int, at: str, actor: str, via: str, kind: str, seen: str, data: str
    ) -> None:
        # What `codec.event_digest` and `codec.event_row` make, from data that is JSON already.
        told = f'["{self.digest}",{number},{seq},"{at}","{actor}","{via}","{kind}","{seen}",{data}]'
        self.digest = sha256(told.encode("ascii")).hexdigest()
        self.position += 1
        self._add("events", (self.position, number, seq, at, actor, via, kind, seen, data, self.digest))

    def _derived(self, draft: Draft, printed: Printed) -> None:
        number, names = draft.number, draft.names
        self.tallies[draft.pattern.case.status.value] += 1
        self._add("cases", (number, *filled(printed.case, names)))
        for fires_at, *timer in printed.timers:
            self._add("timers", (fires_at, number, *timer))
        if printed.marked:
            self.marked.append(draft.pattern.case._replace(number=number))
        words = number, names[patterns.SUBJECT], names[patterns.DESCRIPTION], *filled(printed.updates, names)
        self._add("search", words)
        if printed.notes:
            self._add("search_notes", (number, *filled(printed.notes, names)))

    def _printed(self, pattern: Pattern) -> Printed:
        if id(pattern) not in self.printed:
            self.printed[id(pattern)] = printed(pattern, self.office._replace(zone=pattern.terms.zone))
        return self.printed[id(pattern)]

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        rows = self.rows.setdefault(table, [])
        rows.append(row)
        if len(rows) >= BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows = self.rows.pop(table)
        marks = ", ".join("?" * len(rows[0]))
        self.db.executemany(f"INSERT INTO {_INTO[table]} VALUES ({marks})", rows)


_INTO: Final = {
    "events": f"events ({codec.EVENT_COLUMNS})",
    "cases": f"cases ({', '.join(CASE_COLUMNS)})",
    "timers": "timers",
    "outbox": f"outbox ({MAIL_COLUMNS})",
    "search": "search (rowid, subject, description, updates)",
    "search_notes": "search_notes (rowid, notes)",
}


@contextmanager
def bulk(path: Path) -> Iterator[sqlite3.Connection]:
    """The database without its indices and triggers while it is filled; afterwards as it was, rows aside."""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in (
            "journal_mode = DELETE",
            "journal_mode = OFF",
            "synchronous = OFF",
            "cache_size = -1000000",
        ):
            db.execute(f"PRAGMA {pragma}").fetchall()
        kept = db.execute(
            f"SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('index', 'trigger')"
            f" AND tbl_name IN ({', '.join('?' * len(_TABLES))})",
            _TABLES,
        ).fetchall()
        for type_, name, _ in kept:
            db.execute(f"DROP {type_} {name}")
        db.execute("BEGIN")
        yield db
        for _, _, sql in kept:
            db.execute(sql)
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL").fetchall()
    finally:
        db.close()
