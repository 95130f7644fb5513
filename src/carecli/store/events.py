"""The log: every event of the desk in the order recorded, chained by digest, never changed (AUD-1)."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final

from carecli.domain.events import Event, Recorded
from carecli.store import codec
from carecli.store.session import Session

_SELECT: Final = f"SELECT {codec.EVENT_COLUMNS} FROM events"  # noqa: S608 - names from this program
_INSERT: Final = f"INSERT INTO events ({codec.EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


class EventReading(Session):
    """The log as it is read."""

    def history(self, number: int) -> list[Recorded]:
        """Every event of a case, oldest first."""
        rows = self.db.execute(f"{_SELECT} WHERE number = ? ORDER BY seq", (number,))
        return [codec.recorded(row) for row in rows]

    def events(self) -> Iterator[Recorded]:
        """Every event of the desk in the order recorded; they are read as they are asked for."""
        return map(codec.recorded, self.db.execute(f"{_SELECT} ORDER BY position"))

    def told_cases(self) -> list[int]:
        """The numbers that the log tells of."""
        return self.column("SELECT DISTINCT number FROM events WHERE number IS NOT NULL")

    def stored_cases(self) -> list[int]:
        """The numbers of which anything derived is stored: a row, a timer, a standing clock."""
        return self.column(
            "SELECT number FROM cases UNION SELECT number FROM timers UNION SELECT number FROM standing"
        )

    def log_length(self) -> int:
        """How many events the desk has recorded."""
        return int(self.one("SELECT coalesce(max(position), 0) FROM events"))

    def broken_chain(self) -> int | None:
        """The position of the first event that does not continue the chain of those before it (AUD-1)."""
        return codec.check_chain(self.events())


class EventWriting(EventReading):
    """The log as it grows."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self._end: tuple[int, str] | None = None

    def append(self, number: int | None, events: Sequence[Event]) -> list[Recorded]:
        """Write events to the hash-chained log, for a case or (None) for the desk (AUD-1)."""
        position, digest = self._end or self._stored_end()
        seq = int(self.one("SELECT coalesce(max(seq), 0) FROM events WHERE number IS ?", (number,)))
        appended = []
        for event in events:
            position, seq = position + 1, seq + 1
            digest = codec.event_digest(digest, number, seq, event)
            appended.append(Recorded(position, number, seq, event, digest))
        self.db.executemany(_INSERT, map(codec.event_row, appended))
        # Nobody else appends while this transaction lasts, so the end need not be looked up again.
        self._end = position, digest
        return appended

    def _stored_end(self) -> tuple[int, str]:
        row = self.db.execute("SELECT position, digest FROM events ORDER BY position DESC LIMIT 1").fetchone()
        return row or (0, codec.GENESIS)
