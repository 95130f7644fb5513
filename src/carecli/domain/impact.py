"""What other rules do to the clocks of open cases, one by one and in all (SLA-8)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from carecli.domain import deadlines, sla
from carecli.domain.amount import Amount
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.folding import fold
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Metric, Priority


class Breaching(StrEnum):
    """What other rules do to a clock's breach."""

    APPEARS = "appears"
    VANISHES = "vanishes"
    STAYS = "stays"


class Shift(NamedTuple):
    """What other rules do to one clock of a case; None where there was none, or is none any more.

    `breach` is None where the clock stands breached neither before nor after.
    """

    number: int
    account: str
    priority: Priority
    metric: Metric
    cycle: int
    old_target: Amount | None
    new_target: Amount | None
    old_due_at: datetime | None
    new_due_at: datetime | None
    breach: Breaching | None

    @property
    def moves(self) -> bool:
        """Whether anything changes."""
        return (self.old_target, self.old_due_at) != (self.new_target, self.new_due_at) or self.breach in {
            Breaching.APPEARS,
            Breaching.VANISHES,
        }

    @property
    def shift_s(self) -> int | None:
        """By how many seconds the due time moves; below zero: sooner."""
        if self.old_due_at is None or self.new_due_at is None:
            return None
        return int((self.new_due_at - self.old_due_at).total_seconds())


class Totals(NamedTuple):
    """How many cases were looked at, how many were under the rules already, and what happens to their clocks."""

    cases: int
    already: int
    clocks: int
    sooner: int
    later: int
    begun: int
    ended: int
    appears: int
    vanishes: int
    stays: int


class Impact(NamedTuple):
    """What other rules do, or did, to open cases, by number; `shifts` has every unmet clock."""

    totals: Totals
    shifts: Sequence[Shift]


def totals(cases: int, already: int, shifts: Sequence[Shift]) -> Totals:
    """The sums of what happens."""
    moved = [one.shift_s or 0 for one in shifts]
    breaches = [one.breach for one in shifts]
    return Totals(
        cases=cases,
        already=already,
        clocks=len(shifts),
        sooner=sum(seconds < 0 for seconds in moved),
        later=sum(seconds > 0 for seconds in moved),
        begun=sum(one.old_due_at is None for one in shifts),
        ended=sum(one.new_due_at is None for one in shifts),
        appears=breaches.count(Breaching.APPEARS),
        vanishes=breaches.count(Breaching.VANISHES),
        stays=breaches.count(Breaching.STAYS),
    )


def shifts(case: Case, old: Rules, after: Case, at: datetime) -> list[Shift]:
    """What came of each unmet clock of a case at `at`, with what had fallen due before by the old rules."""
    before = fold(case, deadlines.crossings(case, at, old), old)
    was = {(clock.metric, clock.cycle): clock for clock in before.clocks}
    pairs = [(was.get((clock.metric, clock.cycle)), clock) for clock in after.clocks]
    return [_shift(after, _alike(one, other, at, old), other) for one, other in pairs if one is None or one.unmet]


def _alike(was: Clock | None, now: Clock, at: datetime, old: Rules) -> Clock | None:
    """The clock before, its pause ended where the new rules end it: the wait up to now is no shift."""
    if was is None or was.paused_at is None or now.paused_at is not None:
        return was
    return sla.as_if_resumed(was, at, old)


def _shift(case: Case, was: Clock | None, now: Clock) -> Shift:
    before, after = was, None if now.cancelled_at else now
    return Shift(
        number=case.number,
        account=case.account,
        priority=case.priority,
        metric=now.metric,
        cycle=now.cycle,
        old_target=before and before.target,
        new_target=after and after.target,
        old_due_at=before and before.due_at,
        new_due_at=after and after.due_at,
        breach=_breaching(bool(before and before.breached_at), bool(after and after.breached_at)),
    )


def _breaching(before: bool, after: bool) -> Breaching | None:
    if before and after:
        return Breaching.STAYS
    if before or after:
        return Breaching.VANISHES if before else Breaching.APPEARS
    return None
