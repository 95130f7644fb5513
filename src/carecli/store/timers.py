"""The one queue of timers, in the order in which they fire (TICK-1)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from carecli.domain.instants import instant, instant_or_none, iso
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.vocabulary import Metric
from carecli.store.session import Session

TimerRow = tuple[str, int, int, str, int]

_SELECT: Final = "SELECT fires_at, number, kind, metric, cycle FROM timers"
_ORDER: Final = "ORDER BY fires_at, number, kind, metric, cycle"


class TimerReading(Session):
    """What waits for time."""

    def due(self, at: datetime, limit: int) -> list[Timer]:
        """The first timers due at `at`, in the order in which they fire (TICK-1)."""
        return list(self._timers(f"{_SELECT} WHERE fires_at <= ? {_ORDER} LIMIT ?", iso(at), limit))

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        return instant_or_none(self.one("SELECT min(fires_at) FROM timers"))

    def timers(self, number: int) -> list[Timer]:
        """The timers of one case, in order."""
        return list(self._timers(f"{_SELECT} WHERE number = ? {_ORDER}", number))

    def _timers(self, sql: str, *parameters: str | int) -> Iterator[Timer]:
        return map(_timer, self.db.execute(sql, parameters))


class TimerWriting(TimerReading):
    """The queue as it changes."""

    def put_timers(self, number: int, timers: Iterable[Timer]) -> None:
        """Replace the timers of one case."""
        rows = sorted({_row(timer) for timer in timers})
        # Most commands move no timer: a look is cheaper than rewriting two trees.
        if rows == self.db.execute(f"{_SELECT} WHERE number = ? {_ORDER}", (number,)).fetchall():
            return
        self.db.execute("DELETE FROM timers WHERE number = ?", (number,))
        self.db.executemany("INSERT INTO timers VALUES (?, ?, ?, ?, ?)", rows)


def _row(timer: Timer) -> TimerRow:
    return iso(timer.fires_at), timer.number, timer.kind.value, timer.metric or "", timer.cycle


def _timer(row: TimerRow) -> Timer:
    fires_at, number, kind, metric, cycle = row
    return Timer(instant(fires_at), number, TimerKind(kind), Metric(metric) if metric else None, cycle)
