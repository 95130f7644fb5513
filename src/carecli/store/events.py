"""The log: every event of the desk in the order recorded, chained by digest, never changed (AUD-1)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from carecli.domain.events import Event, Kind, Numbered, Recorded, Told
from carecli.store import codec
from carecli.store.session import Connection, Session, stream
from carecli.store.sight import of_numbers

_SELECT: Final = f"SELECT {codec.EVENT_COLUMNS} FROM events"  # noqa: S608 - names from this program
_INSERT: Final = f"INSERT INTO events ({codec.EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


class EventReading(Session):
    """The log as it is read."""

    def history(self, number: int) -> list[Recorded]:
        """Every event of a case, oldest first."""
        seen = of_numbers(self.sight, "events.number")
        which = f"{_SELECT} WHERE number = ?{seen.sql} ORDER BY seq"
        rows = self.db.execute(which, (number, *seen.parameters))
        return [codec.recorded(row) for row in rows]

    def last_requests(self, numbers: Sequence[int]) -> dict[int, str | None]:
        """The text of the last request to the customer of each of these cases, by number (FU-1)."""
        # Each looked up by itself, as of a long case few events have to be read so.
        last = (
            "SELECT data ->> 'text' FROM events AS e WHERE e.number = c.number AND kind IN (?1, ?2)"
            " ORDER BY seq DESC LIMIT 1"
        )
        of_cases = "c.number IN (SELECT value FROM json_each(?3))"
        asked = f"SELECT c.number, ({last}) FROM cases AS c WHERE {of_cases}"  # noqa: S608 - no input
        return dict(self.db.execute(asked, (Kind.ASKED, Kind.PROPOSED, codec.canonical(numbers))).fetchall())

    def events(self) -> Iterator[Recorded]:
        """Every event of the desk in the order recorded; they are read as they are asked for."""
        seen = of_numbers(self.sight, "events.number").or_without("events.number")
        which = f" WHERE TRUE{seen.sql}" if seen.sql else ""
        return map(codec.recorded, stream(self.db, f"{_SELECT}{which} ORDER BY position", seen.parameters))

    def digests(self, positions: Sequence[int]) -> dict[int, str]:
        """The digests of the events at these places in the log (AUD-1)."""
        which = "SELECT position, digest FROM events WHERE position IN (SELECT value FROM json_each(?))"
        return dict(self.db.execute(which, (codec.canonical(list(positions)),)).fetchall())

    def told_cases(self) -> list[int]:
        """The numbers that the log tells of."""
        seen = of_numbers(self.sight, "events.number")
        told = f"SELECT DISTINCT number FROM events WHERE number IS NOT NULL{seen.sql}"  # noqa: S608 - no input
        return self.column(told, seen.parameters)

    def case_count(self) -> int:
        """How many cases the log tells of."""
        return int(self.one("SELECT count(DISTINCT number) FROM events"))

    def log_length(self) -> int:
        """How many events the desk has recorded."""
        return int(self.one("SELECT coalesce(max(position), 0) FROM events"))


class EventWriting(EventReading):
    """The log as it grows."""

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self._end: tuple[int, str] | None = None

    def append(self, number: int | None, events: Iterable[Event]) -> list[Recorded]:
        """Write events to the hash-chained log, for a case or (None) for the desk (AUD-1)."""
        return self.append_all((number, event) for event in events)

    def append_all(self, events: Iterable[Told]) -> list[Recorded]:
        """Write events of several cases to the log, in this order (AUD-1)."""
        return self.chain(self.number_events(events))

    def number_events(self, events: Iterable[Told]) -> list[Numbered]:
        """Give events their numbers within their cases, as `chain` is about to write them to the log."""
        told = list(events)
        seqs = self._last_seqs({number for number, _ in told})
        numbered = []
        for number, event in told:
            seqs[number] += 1
            numbered.append(Numbered(number, seqs[number], event))
        return numbered

    def chain(self, events: Iterable[Numbered]) -> list[Recorded]:
        """Write numbered events to the end of the log, in this order (AUD-1)."""
        position, digest = self._end or self._stored_end()
        appended = []
        for number, seq, event in events:
            position += 1
            digest = codec.event_digest(digest, number, seq, event)
            appended.append(Recorded(position, number, seq, event, digest))
        self.db.executemany(_INSERT, map(codec.event_row, appended))
        # Nobody else appends while this transaction lasts, so the end need not be looked up again.
        self._end = position, digest
        return appended

    def forget_set_up(self) -> None:
        """Take back what `care init` wrote, so that another desk's whole log may stand here instead (IMP-1).

        The one way in which events go: whoever calls it has seen that there is nothing but a set-up. The trigger
        that keeps the log is back in its place before the transaction ends.
        """
        keeper = self.one("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'events_stay'")
        self.db.execute("DROP TRIGGER events_stay")
        for table in ("events", "staff", "desk", "documents", "calendar_digests"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from this program
        self.db.execute(keeper)
        self._end = None

    def _last_seqs(self, numbers: set[int | None]) -> dict[int | None, int]:
        """The last number within its case, or among the desk's own events, of the event told last."""
        cases = [number for number in numbers if number is not None]
        # Each looked up by itself: by GROUP BY, every event of the case would be read for every one that is added.
        last = "SELECT coalesce(max(seq), 0) FROM events WHERE number = ?"
        seqs: dict[int | None, int] = {number: int(self.one(last, (number,))) for number in cases}
        if None in numbers:
            seqs[None] = int(self.one("SELECT coalesce(max(seq), 0) FROM events WHERE number IS NULL"))
        return seqs

    def _stored_end(self) -> tuple[int, str]:
        row = self.db.execute("SELECT position, digest FROM events ORDER BY position DESC LIMIT 1").fetchone()
        return row or (0, codec.GENESIS)
