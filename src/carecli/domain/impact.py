"""Other rules for open cases: which event brings a case under them, and what that does to each clock (SLA-8)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain import deadlines, followup, sla
from carecli.domain.access import Act
from carecli.domain.amount import Amount
from carecli.domain.case import Case
from carecli.domain.clock import Cancelled, Clock
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve, fold, ruled
from carecli.domain.rebasing import Bases, Basis, Hashes, bases_document
from carecli.domain.rules import Rules, RulesFor
from carecli.domain.vocabulary import Metric, Priority, Visibility


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


def rebase(case: Case, history: Sequence[Event], to: Hashes, rules_for: RulesFor, act: Act, at: datetime) -> Event:
    """The event that brings an open case under the policy and the calendar of these hashes (SLA-8)."""
    policy, calendar = to
    old, new = rules_for(case.policy, case.calendar), rules_for(policy, calendar)
    data: dict[str, Any] = {
        "policy": policy,
        "calendar": calendar,
        "was_policy": case.policy,
        "was_calendar": case.calendar,
    }
    if found := bases(history, rules_for, new):
        data["bases"] = bases_document(found)
    days = followup.days_of(case.followup, old)
    if case.followup and days != followup.days_of(None, new):
        data["ladder"] = followup.days_document(days)
    return Event(at, act.by, act.via, Kind.REBASED, Visibility.PUBLIC, data)


def bases(history: Sequence[Event], rules_for: RulesFor, new: Rules) -> Bases:
    """By what the clocks of a case are counted under new rules, of those whose priority was changed.

    Each raise is decided again, as if the new rules had held then: the earlier due time wins (SLA-5).
    """
    if not any(event.kind is Kind.PRIORITY_CHANGED for event in history):
        return ()
    case: Case | None = None
    turns: dict[tuple[Metric, int], list[tuple[datetime, Clock]]] = {}
    for event, rules in ruled(history, rules_for):
        case = evolve(case, event, rules)
        for clock in case.clocks:
            known = turns.setdefault((clock.metric, clock.cycle), [])
            if not known or known[-1][1].priority is not clock.priority:
                known.append((event.at, clock))
    assert case is not None, "a history begins with an opening"
    going = {(c.metric, c.cycle) for c in case.clocks if _may_run(c)}
    found = (_decided(turn, case, new) for named, turn in turns.items() if named in going and len(turn) > 1)
    return tuple(basis for basis in found if basis)


def _may_run(clock: Clock) -> bool:
    """Whether a clock runs, or may run again."""
    return clock.unmet or (clock.metric is not Metric.RESPONSE and clock.cancelled is not Cancelled.NO_TARGET)


def _decided(turns: Iterable[tuple[datetime, Clock]], case: Case, new: Rules) -> Basis | None:
    """The priority that won, turn by turn; None where nothing is promised in the end."""
    basis: Basis | None = None
    going: Clock | None = None
    for at, clock in turns:
        promise = sla.Promise(case.plan, clock.priority, new)
        if going is None:
            going = _from_here(clock, at, promise)
            won = going is not None
        else:
            still = going._replace(holes=clock.holes, paused_at=clock.paused_at)
            lowered = clock.priority.severity > going.priority.severity
            going = sla.retargeted(still, at, promise)
            won = lowered or _counted(going) != _counted(still)
        if going is None or going.cancelled:
            going = basis = None
        elif won:
            basis = Basis(clock.metric, clock.cycle, clock.priority, going.origin)
    return basis


def _from_here(clock: Clock, at: datetime, promise: sla.Promise) -> Clock | None:
    target = promise.rules.policy.target(promise.plan, promise.priority, clock.metric)
    if target is None:
        return None
    fresh = clock._replace(target=target, origin=max(at, clock.started_at), floor=None)
    return fresh._replace(met_at=None, warned_at=None, breached_at=None, cancelled_at=None, cancelled=None)


def _counted(clock: Clock) -> tuple[Amount, datetime, datetime | None]:
    return clock.target, clock.origin, clock.floor


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
