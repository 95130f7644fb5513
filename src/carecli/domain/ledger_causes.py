"""How each clock of a case came to stand as it does: which event began it, paused it, moved what it counts from.

Read off the same fold that makes the case, by comparing the clocks before and after each event (SLA-3..6, TICK-3).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from carecli.domain import clock as clocks_
from carecli.domain.amount import Amount
from carecli.domain.case import Case
from carecli.domain.clock import Cancelled, Clock
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve
from carecli.domain.ledger_hours import Why
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Priority


class Numbered(NamedTuple):
    """An event with the number by which its reader knows it; None for one that this reader must not see (DC-3)."""

    event: Event
    seq: int | None


class Cause(NamedTuple):
    """The event behind something: `seq` is None where the reader must not see it."""

    at: datetime
    kind: Kind
    seq: int | None


class Standstill(NamedTuple):
    """A stretch that a clock leaves out, and the event that began it."""

    since: datetime
    until: datetime
    why: Why
    cause: Cause


class Change(NamedTuple):
    """What a change of severity did to a clock: both due times, and whether the new target won (SLA-5).

    `new_target` and `new_due_at` are None where the new severity promises nothing, which cancels the clock.
    """

    cause: Cause
    was: Priority
    now: Priority
    old_target: Amount
    old_due_at: datetime
    new_target: Amount | None
    new_due_at: datetime | None
    won: bool

    @property
    def raised(self) -> bool:
        """Whether it became graver."""
        return self.now.severity < self.was.severity


class Story(NamedTuple):
    """A clock with its causes; `promised_by` is the severity whose target it runs by."""

    clock: Clock
    promised_by: Priority
    start: Cause
    moved: Cause | None = None
    """The raise from which it is counted, if any."""
    still: Cause | None = None
    """What made it stand still as it does now: a pause, an answer, an end."""
    standstills: tuple[Standstill, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def origin(self) -> Cause:
        """The event that it is counted from."""
        return self.moved or self.start


def stories(history: Iterable[Numbered], rules: Rules) -> tuple[Case, tuple[Story, ...]]:
    """The case that a history adds up to, and its clocks with their causes, in the case's order."""
    case: Case | None = None
    known: dict[tuple[str, int], Story] = {}
    for told in history:
        after = evolve(case, told.event, rules)
        cause = Cause(told.event.at, told.event.kind, told.seq)
        for clock in after.clocks:
            named = clock.metric.value, clock.cycle
            story = known.get(named)
            known[named] = _gone_on(story, clock, cause, after, rules) if story else _begun(clock, cause)
        case = after
    assert case is not None, "a history begins with an opening"
    return case, tuple(known[clock.metric.value, clock.cycle] for clock in case.clocks)


def stood_since(clock: Clock) -> datetime | None:
    """Since when it stands still: paused, met or cancelled; None while it runs."""
    return clock.paused_at or clock.met_at or clock.cancelled_at


def gone_on(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock as it would be if it went on at `at`, what it stood still left out."""
    since = stood_since(clock)
    going = clock._replace(paused_at=None, met_at=None, cancelled_at=None, cancelled=None)
    return going if since is None else clocks_.without(going, since, at, rules)


def _begun(clock: Clock, cause: Cause) -> Story:
    return Story(clock, clock.priority, cause, still=cause if stood_since(clock) else None)


def _gone_on(story: Story, clock: Clock, cause: Cause, case: Case, rules: Rules) -> Story:
    old = story.clock
    if clock == old:
        return story
    after = story._replace(clock=clock, standstills=story.standstills + _left_out(story, clock, cause))
    if stood_since(clock) != stood_since(old):
        after = after._replace(still=cause if stood_since(clock) else None)
    change = _change(old, clock, cause, case, rules)
    if change is None:
        return after
    after = after._replace(changes=(*story.changes, change))
    if not change.won:
        return after
    moved = cause if change.raised and clock.origin == cause.at and clock.origin != clock.started_at else None
    return after._replace(promised_by=clock.priority, moved=moved)


def _left_out(story: Story, clock: Clock, cause: Cause) -> tuple[Standstill, ...]:
    """The stretch that this event closed, in which the clock stood still."""
    old = story.clock
    why = Why.PAUSED if old.paused_at else Why.MET if old.met_at else Why.ENDED
    fresh = clock.holes[len(old.holes) :]
    return tuple(Standstill(since, until, why, story.still or cause) for since, until in fresh)


def _change(old: Clock, new: Clock, cause: Cause, case: Case, rules: Rules) -> Change | None:
    ended = new.cancelled is Cancelled.NO_TARGET and old.cancelled is not Cancelled.NO_TARGET
    if old.priority is new.priority and not ended:
        return None
    running = clocks_.timed(gone_on(old, cause.at, rules), rules)
    now, target = case.priority, rules.policy.target(case.plan, case.priority, old.metric)
    raised = now.severity < old.priority.severity
    due = None if target is None else _fresh(running, target, cause.at, rules, raised=raised).due_at
    won = target is not None and (not raised or _counted(old) != _counted(new))
    return Change(cause, old.priority, now, old.target, running.due_at, target, due, won)


def _counted(clock: Clock) -> tuple[object, ...]:
    return clock.target, clock.origin, clock.floor


def _fresh(clock: Clock, target: Amount, at: datetime, rules: Rules, *, raised: bool) -> Clock:
    """The clock as the new target alone would have it (SLA-5)."""
    fresh = clock._replace(target=target, origin=clock.started_at, floor=None)
    if raised and rules.policy.raise_from_open:
        fresh = fresh._replace(floor=at)
    elif raised:
        fresh = fresh._replace(origin=at)
    return clocks_.timed(fresh, rules)
