"""How a desk is doing, counted for a monitor: cheap at any size (TICK-4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from carecli.domain.instants import instant_or_none, iso
from carecli.domain.timers import TimerKind
from carecli.store.sight import of_cases
from carecli.store.timers import OF_CASES_ALONE, TimerReading

if TYPE_CHECKING:
    from carecli.domain.health import Vitals

# A failed mail may be put off for its next try; one that was never tried may wait for the quiet hours to end.
_STUCK: Final = (
    "FROM outbox WHERE state IN ('queued', 'failed') AND next_at IS NOT NULL"
    " AND ((state = 'failed' AND queued_at < ?1) OR (state = 'queued' AND not_before < ?1))"
)
_WAITING: Final = (
    "SELECT state, count(*) FROM outbox WHERE state IN ('queued', 'failed') AND next_at IS NOT NULL GROUP BY state"
)
# What went wrong for good concerns nobody any more once its case is closed.
_OF_OPEN: Final = "EXISTS (SELECT 1 FROM cases AS c WHERE c.number = o.number AND c.closed = 0)"
_GIVEN_UP: Final = (
    "SELECT count(*) FROM outbox AS o WHERE o.state IN ('queued', 'failed') AND o.state = 'failed'"  # noqa: S608
    f" AND o.next_at IS NULL AND {_OF_OPEN}"
)
_BOUNCED: Final = f"SELECT count(*) FROM outbox AS o WHERE o.state = 'bounced' AND {_OF_OPEN}"  # noqa: S608
_OVERDUE: Final = f"SELECT count(*), min(fires_at) FROM timers WHERE fires_at < ? AND {OF_CASES_ALONE}"  # noqa: S608


class HealthReading(TimerReading):
    """Counts of what waits, and of what waits too long."""

    def vitals(self, at: datetime, since: datetime) -> Vitals:
        """What waits at `at`; late is what should have gone before `since`."""
        # Imported here: every command opens this room, and few ask it anything.
        from carecli.domain.health import Vitals

        waiting = dict(self.db.execute(_WAITING).fetchall())
        marks = dict(self.db.execute("SELECT mark, count(*) FROM standing GROUP BY mark").fetchall())
        overdue = self.db.execute(_OVERDUE, (iso(since),))
        stuck = self.db.execute(f"SELECT count(*), min(queued_at) {_STUCK}", (iso(since),))
        timers_overdue, timers_since = overdue.fetchone()
        mail_stuck, mail_since = stuck.fetchone()
        return Vitals(
            cases=dict(self.db.execute("SELECT status, cases FROM tallies ORDER BY status").fetchall()),
            timers_overdue=timers_overdue,
            timers_since=instant_or_none(timers_since),
            mail_queued=waiting.get("queued", 0),
            mail_failed=waiting.get("failed", 0),
            mail_stuck=mail_stuck,
            mail_since=instant_or_none(mail_since),
            mail_given_up=int(self.one(_GIVEN_UP)),
            mail_bounced=int(self.one(_BOUNCED)),
            clocks_warned=marks.get("clock-warned", 0),
            clocks_breached=marks.get("clock-breached", 0),
            clocks_unmarked=self._unmarked(at),
            held=tuple(self._held()),
            next_due_at=self.next_due(at),
            deadlines_missed=self._missed(at),
        )

    def _unmarked(self, at: datetime) -> int:
        """Clocks whose warning or breach is due and waits for a tick."""
        due = "SELECT DISTINCT number, metric, cycle FROM timers WHERE fires_at <= ? AND kind IN (?, ?)"
        unmarked = f"SELECT count(*) FROM ({due} EXCEPT SELECT number, metric, cycle FROM standing) AS due"  # noqa: S608
        return int(self.one(unmarked, (iso(at), TimerKind.WARN.value, TimerKind.BREACH.value)))

    def _missed(self, at: datetime) -> int:
        """Deadlines that stand missed, and those that are due and wait for a tick (SR-1, INC-2)."""
        due = f"SELECT count(*) FROM timers WHERE kind = {TimerKind.DEADLINE} AND fires_at <= ?"  # noqa: S608
        return int(self.one("SELECT count(*) FROM late_deadlines")) + int(self.one(due, (iso(at),)))

    def _held(self) -> list[int]:
        seen = of_cases(self.sight)
        held = f"SELECT number FROM cases WHERE held = 1{seen.sql} ORDER BY number"  # noqa: S608 - no input
        return self.column(held, seen.parameters)
