"""What each event does to the clocks of a case: start, meet, take back, pause, retarget, cancel (SLA-2..7)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from carecli.domain import clock as clocks_
from carecli.domain.clock import Cancelled, Clock
from carecli.domain.rebasing import Rebasings
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Metric, Plan, Priority, Standing, Status, Substatus

Clocks = tuple[Clock, ...]

MEETS: dict[Metric, frozenset[Status]] = {
    Metric.RESPONSE: frozenset(),
    Metric.RESTORATION: frozenset({Status.SERVICE_RESTORED, Status.SOLUTION_PROPOSED}),
    Metric.RESOLUTION: frozenset({Status.SOLUTION_PROPOSED}),
}
STANDS_ANSWERED = frozenset({Status.SOLUTION_PROPOSED, Status.SERVICE_RESTORED})


class Promise(NamedTuple):
    """What a case's plan and priority promise under its rules, and how these came to be its rules."""

    plan: Plan
    priority: Priority
    rules: Rules
    rebasings: Rebasings = ()

    def clock(self, metric: Metric, cycle: int, at: datetime) -> Clock | None:
        """A clock begun at `at`, or None where nothing is promised (SLA-1)."""
        target = self.rules.policy.target(self.plan, self.priority, metric)
        if target is None:
            return None
        return clocks_.start(metric, cycle, self.priority, target, at, self.rules)

    def newer_than(self, since: datetime) -> bool:
        """Whether the rules changed after something stood still (SLA-8)."""
        return bool(self.rebasings) and since <= self.rebasings[-1].at


def begun(promise: Promise, at: datetime) -> Clocks:
    """The clocks of a case that is opened at `at` (SLA-1, SLA-2)."""
    started = (promise.clock(metric, 1, at) for metric in Metric)
    return tuple(clock for clock in started if clock)


def answered(clocks: Clocks, at: datetime) -> Clocks:
    """After a public answer by staff: the response clock is met (SLA-3)."""
    return tuple(_met(c, at) if c.metric is Metric.RESPONSE and c.unmet else c for c in clocks)


def moved(clocks: Clocks, before: Standing, after: Standing, at: datetime, promise: Promise) -> Clocks:
    """After a change of status (SLA-3, SLA-4, SLA-6)."""
    if before.closed and not after.closed:
        clocks = _reopened(clocks, at, promise)
    else:
        clocks = tuple(_taken_back(c, before, after, at, promise) for c in clocks)
    if after.closed:
        return tuple(_at_close(c, after, at, promise.rules) for c in clocks)
    return tuple(_paused(_met_by(c, after, at, promise.rules), after, at, promise.rules) for c in clocks)


def _met(clock: Clock, at: datetime) -> Clock:
    """Met; a breach that a quicker tick put on record does not stand against an answer by that very second."""
    in_time = clock.breached_at is not None and at <= clock.breached_at
    return clock._replace(met_at=at, breached_at=None if in_time else clock.breached_at)


def _met_by(clock: Clock, after: Standing, at: datetime, rules: Rules) -> Clock:
    if clock.unmet and after.status in MEETS[clock.metric]:
        return _met(_resumed(clock, at, rules), at)
    return clock


def _taken_back(clock: Clock, before: Standing, after: Standing, at: datetime, promise: Promise) -> Clock:
    """Back from an answer: the clock goes on, without the time that it stood met (SLA-3)."""
    back_to_work = before.status in STANDS_ANSWERED and after.status is Status.OPEN
    back_to_restored = (
        before.status is Status.SOLUTION_PROPOSED
        and after.status is Status.SERVICE_RESTORED
        and clock.metric is Metric.RESOLUTION
    )
    if clock.met_at and clock.metric is not Metric.RESPONSE and (back_to_work or back_to_restored):
        return _running_again(clock, clock.met_at, at, promise)
    return clock


def _running_again(clock: Clock, since: datetime, at: datetime, promise: Promise) -> Clock:
    """The clock goes on at `at`; a severity or rules changed while it stood count from here (SLA-5, SLA-8)."""
    freed = clock._replace(met_at=None, cancelled_at=None, cancelled=None)
    running = clocks_.without(freed, since, at, promise.rules)
    running = _run_anew(running, at, promise) if promise.newer_than(since) else _settled(running, at)
    return running if clock.priority is promise.priority or not running.unmet else retargeted(running, at, promise)


def _run_anew(clock: Clock, at: datetime, promise: Promise) -> Clock:
    """By rules that came in while it stood still; a warning that they bring comes now, like a breach (SLA-8)."""
    running = _rebased(clock, at, promise)
    overdue = running.unmet and running.warn_at < at and not running.warned_at
    return clocks_.timed(running._replace(floor=at), promise.rules) if overdue else running


def _reopened(clocks: Clocks, at: datetime, promise: Promise) -> Clocks:
    """A new response clock; the others go on from what was used up (SLA-6)."""
    latest = {clock.metric: clock for clock in clocks}
    revived = tuple(_revived(c, at, promise) if latest[c.metric] is c else c for c in clocks)
    response = latest.get(Metric.RESPONSE)
    fresh = promise.clock(Metric.RESPONSE, response.cycle + 1 if response else 1, at)
    return (*revived, fresh) if fresh else revived


def _revived(clock: Clock, at: datetime, promise: Promise) -> Clock:
    stood_since = clock.met_at or (clock.cancelled_at if clock.cancelled is Cancelled.CLOSED else None)
    if clock.metric is Metric.RESPONSE or stood_since is None:
        return clock
    return _running_again(clock, stood_since, at, promise)


def _at_close(clock: Clock, after: Standing, at: datetime, rules: Rules) -> Clock:
    """Closed as Resolved meets restoration and resolution; what is unmet else is cancelled (SLA-3)."""
    if not clock.unmet:
        return clock
    still = _settled(_resumed(clock, at, rules), at)
    resolved = after.substatus in {Substatus.RESOLVED, Substatus.DELIVERED}
    if resolved and clock.metric is not Metric.RESPONSE:
        return _met(still, at)
    return still._replace(cancelled_at=at, cancelled=Cancelled.CLOSED)


def _paused(clock: Clock, after: Standing, at: datetime, rules: Rules) -> Clock:
    """Restoration and resolution pause while the case waits for the customer (SLA-4)."""
    if clock.metric is Metric.RESPONSE or not clock.unmet:
        return clock
    if after.status not in rules.policy.pauses:
        return _resumed(clock, at, rules)
    if clock.paused_at:
        return clock
    # In the second in which it falls due it is paused, and late.
    return clock if at < clock.due_at and _used_up(clock, at, rules) else clock._replace(paused_at=at)


def _turned(clock: Clock, standing: Standing, at: datetime, rules: Rules) -> Clock:
    """Under another severity or other rules: what pauses from here on has something left to pause (SLA-4)."""
    if not clock.unmet or standing.status not in rules.policy.pauses:
        return _paused(clock, standing, at, rules)
    going = _resumed(clock, at, rules)
    if clock.paused_at and going.breached_at:
        return clock
    return going if _used_up(going, at, rules) else _paused(clock, standing, at, rules)


def _used_up(clock: Clock, at: datetime, rules: Rules) -> bool:
    """Whether a pause could keep nothing of the allowance, so that the due time stands as it is.

    Days of business time end with the hours of one day and are due with those of the next: the due time may lie
    ahead even so.
    """
    return rules.calendar.share(clock.origin, clock.target, 100, clock.holes) <= at


def _resumed(clock: Clock, at: datetime, rules: Rules) -> Clock:
    if clock.paused_at is None:
        return clock
    return _settled(clocks_.without(clock._replace(paused_at=None), clock.paused_at, at, rules), at)


def prioritised(clocks: Clocks, standing: Standing, at: datetime, promise: Promise) -> Clocks:
    """After a change of severity (SLA-5); a clock that stands met is left until it runs again."""
    rules = promise.rules
    changed = tuple(_turned(retargeted(c, at, promise), standing, at, rules) if c.unmet else c for c in clocks)
    return (*changed, *_begun_by_raise(changed, standing, at, promise))


def rebased(clocks: Clocks, standing: Standing, at: datetime, promise: Promise) -> Clocks:
    """After a change of the rules themselves, to those of the promise: what is met or has ended stays (SLA-8).

    From here on a clock pauses where the new rules say so.
    """
    rules = promise.rules
    changed = tuple(_turned(_rebased(c, at, promise), standing, at, rules) if c.unmet else c for c in clocks)
    return (*changed, *_begun_by_raise(changed, standing, at, promise))


def _rebased(clock: Clock, at: datetime, promise: Promise) -> Clock:
    """Counted anew by the new target and hours; it is not due before `at`, unless it stood breached already.

    One whose allowance was used up before is due at `at`, or when it was breached. What is paused stays due as of
    the pause, as it was; whether it is late is told as if the pause ended now.
    """
    basis = promise.rebasings[-1].basis(clock)
    target = promise.rules.policy.target(promise.plan, basis.priority, clock.metric)
    if target is None:
        # It ends by the hours that it had, like whatever else has ended.
        return clock._replace(cancelled_at=at, cancelled=Cancelled.NO_TARGET)
    earliest = min(at, clock.due_at) if clock.breached_at else at
    fresh = clock._replace(target=target, origin=basis.origin)
    due = as_if_resumed(fresh, at, promise.rules).due_at
    # A due time that the rules leave where it was is not theirs: one that came in a pause is late when that ends.
    if due < earliest and due != clock.due_at:
        fresh = fresh._replace(floor=earliest)
    marked = _settled(as_if_resumed(fresh, at, promise.rules), at)
    shown = clocks_.timed(fresh, promise.rules)
    return marked._replace(due_at=shown.due_at, warn_at=shown.warn_at)


def _begun_by_raise(clocks: Clocks, standing: Standing, at: datetime, promise: Promise) -> Clocks:
    """Clocks that the new severity promises and the old one did not: a new cycle from here (SLA-5)."""
    latest = {clock.metric: clock for clock in clocks}
    begun_ = (promise.clock(metric, cycle, at) for metric, cycle in _cycles_to_begin(latest))
    rules = promise.rules
    return tuple(_paused(_met_by(c, standing, at, rules), standing, at, rules) for c in begun_ if c)


def _cycles_to_begin(latest: Mapping[Metric, Clock]) -> Iterator[tuple[Metric, int]]:
    for metric in Metric:
        last = latest.get(metric)
        if last is None and metric is not Metric.RESPONSE:
            yield metric, 1
        elif last and last.cancelled is Cancelled.NO_TARGET:
            yield metric, last.cycle + 1


def retargeted(clock: Clock, at: datetime, promise: Promise) -> Clock:
    """An unmet clock after a change of severity (SLA-5)."""
    target = promise.rules.policy.target(promise.plan, promise.priority, clock.metric)
    if target is None:
        still = _resumed(clock, at, promise.rules)
        return still._replace(cancelled_at=at, cancelled=Cancelled.NO_TARGET)
    raised = promise.priority.severity < clock.priority.severity
    fresh = clock._replace(priority=promise.priority, target=target, origin=clock.started_at, floor=None)
    if not raised:
        return _settled(_after_rebasings(fresh, clock, at, promise), at)
    # Counted from the opening, a raise may be late at once, but never before it was made.
    from_open = promise.rules.policy.raise_from_open
    sooner = as_if_resumed(fresh._replace(floor=at) if from_open else fresh._replace(origin=at), at, promise.rules)
    if sooner.due_at < as_if_resumed(clock, at, promise.rules).due_at:
        return _settled(sooner, at)
    return clock._replace(priority=promise.priority)


def _after_rebasings(fresh: Clock, was: Clock, at: datetime, promise: Promise) -> Clock:
    """A clock of a lowered severity; a rebasing's bound outlasts it, no mark comes to lie before (SLA-8)."""
    timed = as_if_resumed(fresh, at, promise.rules)
    if not promise.rebasings:
        return timed
    bound = was.floor if was.breached_at else promise.rebasings[-1].at
    early = bound and (timed.due_at < bound or (timed.warn_at < bound and not was.warned_at))
    return as_if_resumed(fresh._replace(floor=bound), at, promise.rules) if early else timed


def as_if_resumed(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock timed as if a pause in force ended at `at`, so that old and new are compared alike."""
    if clock.paused_at is None:
        return clocks_.timed(clock, rules)
    ended = clocks_.without(clock._replace(paused_at=None), clock.paused_at, at, rules)
    return clocks_.timed(ended, rules)._replace(holes=clock.holes, paused_at=clock.paused_at)


def _settled(clock: Clock, at: datetime) -> Clock:
    """Warned and breached stand where the present due time bears them out, a breach from then on (SLA-5)."""
    still_late = clock.breached_at is not None and clock.due_at <= at
    return clock._replace(
        warned_at=clock.warned_at if clock.warn_at <= at else None,
        breached_at=clock.due_at if still_late else None,
    )
