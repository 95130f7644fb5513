"""The clocks that stand breached or warned, so that a tick need not look at every case (TICK-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.domain.events import Kind
from carecli.domain.instants import instant, iso
from carecli.domain.vocabulary import Metric, Priority
from carecli.store.entries import StandingClock
from carecli.store.session import Session

if TYPE_CHECKING:
    from carecli.domain.case import Case
    from carecli.domain.clock import Clock


class StandingReading(Session):
    """Clocks that need somebody."""

    def breaches(self) -> list[StandingClock]:
        """Clocks that stand breached and unmet on cases that are not closed, by due time."""
        return self._marked(Kind.CLOCK_BREACHED)

    def warnings(self) -> list[StandingClock]:
        """Clocks that stand warned, neither breached nor met nor paused, by due time."""
        return self._marked(Kind.CLOCK_WARNED)

    def _marked(self, mark: Kind) -> list[StandingClock]:
        rows = self.db.execute(
            """SELECT s.number, s.metric, s.cycle,
                    c.state ->> 'priority', c.state ->> 'account', c.state ->> 'owner', s.due_at,
                    coalesce((
                        SELECT max(e.position) FROM events AS e
                        WHERE e.number = s.number AND e.kind = s.mark
                          AND e.kind IN ('clock-warned', 'clock-breached')
                          AND e.data ->> 'metric' = s.metric AND e.data ->> 'cycle' = s.cycle
                    ), 0)
                FROM standing AS s JOIN cases AS c USING (number)
                WHERE s.mark = ? ORDER BY s.due_at, s.number, s.metric, s.cycle""",
            (mark.value,),
        )
        return [
            StandingClock(
                number, Metric(metric), cycle, Priority(priority), account, owner, instant(due_at), position
            )
            for number, metric, cycle, priority, account, owner, due_at, position in rows
        ]


class StandingWriting(StandingReading):
    """The marks as a case changes."""

    def put_standing(self, case: Case) -> None:
        """Replace the marks of one case."""
        self.db.execute("DELETE FROM standing WHERE number = ?", (case.number,))
        marks = ((clock, _mark(case, clock)) for clock in case.clocks)
        self.db.executemany(
            "INSERT INTO standing (number, metric, cycle, mark, due_at) VALUES (?, ?, ?, ?, ?)",
            [(case.number, c.metric.value, c.cycle, mark.value, iso(c.due_at)) for c, mark in marks if mark],
        )


def _mark(case: Case, clock: Clock) -> Kind | None:
    """How a clock stands: breached weighs more than warned, and a pause only stills a warning."""
    if case.closed or not clock.unmet:
        return None
    if clock.breached_at:
        return Kind.CLOCK_BREACHED
    return Kind.CLOCK_WARNED if clock.warned_at and clock.ticking else None
