"""The clocks that stand breached or warned, so that a tick need not look at every case (TICK-2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from carecli.domain.events import Kind
from carecli.domain.instants import instant, iso
from carecli.domain.vocabulary import Metric, Priority
from carecli.store.codec import canonical
from carecli.store.entries import StandingClock
from carecli.store.session import OF_CASES, Session
from carecli.store.sight import of_cases

if TYPE_CHECKING:
    from carecli.domain.case import Case
    from carecli.domain.clock import Clock

StandingRow = tuple[int, str, int, str, str]

_COLUMNS: Final = "number, metric, cycle, mark, due_at"
_DELETE: Final = "DELETE FROM standing WHERE (number, metric, cycle) = (?, ?, ?)"


class StandingReading(Session):
    """Clocks that need somebody."""

    def breaches(self) -> list[StandingClock]:
        """Clocks that stand breached and unmet on cases that are not closed, by due time."""
        return self._marked(Kind.CLOCK_BREACHED)

    def warnings(self) -> list[StandingClock]:
        """Clocks that stand warned, neither breached nor met nor paused, by due time."""
        return self._marked(Kind.CLOCK_WARNED)

    def _marked(self, mark: Kind) -> list[StandingClock]:
        seen = of_cases(self.sight, "c")
        rows = self.db.execute(
            f"""SELECT s.number, s.metric, s.cycle,
                    c.state ->> 'priority', c.state ->> 'account', c.state ->> 'owner', s.due_at,
                    coalesce((
                        SELECT max(e.position) FROM events AS e
                        WHERE e.number = s.number AND e.kind = s.mark
                          AND e.kind IN ('clock-warned', 'clock-breached')
                          AND e.data ->> 'metric' = s.metric
                          AND CAST(e.data ->> 'cycle' AS TEXT) = CAST(s.cycle AS TEXT)
                    ), 0)
                FROM standing AS s JOIN cases AS c USING (number)
                WHERE s.mark = ?{seen.sql} ORDER BY s.due_at, s.number, s.metric, s.cycle""",  # noqa: S608
            (mark.value, *seen.parameters),
        )
        return [
            StandingClock(
                number, Metric(metric), cycle, Priority(priority), account, owner, instant(due_at), position
            )
            for number, metric, cycle, priority, account, owner, due_at, position in rows
        ]


class StandingWriting(StandingReading):
    """The marks as a case changes."""

    def put_standing(self, cases: Sequence[Case]) -> None:
        """Replace the marks of these cases."""
        rows = {row for case in cases for row in _rows(case)}
        numbers = canonical([case.number for case in cases])
        stored = set(self.db.execute(f"SELECT {_COLUMNS} FROM standing WHERE {OF_CASES}", (numbers,)))  # noqa: S608
        self.db.executemany(_DELETE, [row[:3] for row in stored - rows])
        self.db.executemany(f"INSERT INTO standing ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", sorted(rows - stored))  # noqa: S608


def _rows(case: Case) -> Iterator[StandingRow]:
    for clock in case.clocks:
        mark = _mark(case, clock)
        if mark:
            yield case.number, clock.metric.value, clock.cycle, mark.value, iso(clock.due_at)


def _mark(case: Case, clock: Clock) -> Kind | None:
    """How a clock stands: breached weighs more than warned, and a pause only stills a warning."""
    if case.closed or not clock.unmet:
        return None
    if clock.breached_at:
        return Kind.CLOCK_BREACHED
    return Kind.CLOCK_WARNED if clock.warned_at and clock.ticking else None
