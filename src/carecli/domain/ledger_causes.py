"""How each clock of a case came to stand as it does: which event began it, paused it, moved what it counts from.

Read off the same fold that makes the case, by comparing the clocks before and after each event (SLA-3..8, TICK-3).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from carecli.domain import clock as clocks_
from carecli.domain.amount import Amount
from carecli.domain.case import Case
from carecli.domain.clock import Cancelled, Clock
from carecli.domain.events import Event, Kind
from carecli.domain.exemption import Exemption
from carecli.domain.folding import evolve
from carecli.domain.ledger_hours import Why
from carecli.domain.rules import Rules, RulesFor
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
    """A stretch that a clock leaves out, and the event that began it; `exemption` where that is why (SLA-9)."""

    since: datetime
    until: datetime
    why: Why
    cause: Cause
    exemption: Exemption | None = None


class Under(NamedTuple):
    """Rules by the content hashes of a policy and a calendar (SLA-8)."""

    policy: str
    calendar: str


class Change(NamedTuple):
    """What a change of severity or of the rules did to a clock: both due times, and whether the new won (SLA-5).

    `new_target` and `new_due_at` are None where nothing is promised any more, which cancels the clock. `under` are
    the rules that it went by and those that it goes by now, where a rebasing changed them: there the new ones win.
    """

    cause: Cause
    was: Priority
    now: Priority
    old_target: Amount
    old_due_at: datetime
    new_target: Amount | None
    new_due_at: datetime | None
    won: bool
    under: tuple[Under, Under] | None = None

    @property
    def raised(self) -> bool:
        """Whether it became graver."""
        return self.now.severity < self.was.severity


class Story(NamedTuple):
    """A clock with its causes; `promised_by` is the severity whose target it runs by, in the policy `promised_in`.

    `under` are the rules that it was timed by last: what had ended before a rebasing keeps the older ones (SLA-8).
    """

    clock: Clock
    promised_by: Priority
    start: Cause
    under: Under
    promised_in: str
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


class Turn(NamedTuple):
    """An event with what it made of the case, and the rules from it on."""

    cause: Cause
    case: Case
    under: Under
    rules: Rules


def stories(history: Iterable[Numbered], rules_for: RulesFor) -> tuple[Case, tuple[Story, ...]]:
    """The case that a whole history adds up to, and its clocks with their causes, in the case's order."""
    known: dict[tuple[str, int], Story] = {}
    turn: Turn | None = None
    for turn in turns(history, rules_for):
        for clock in turn.case.clocks:
            named = clock.metric.value, clock.cycle
            story = known.get(named)
            known[named] = _gone_on(story, clock, turn, rules_for) if story else _begun(clock, turn)
    assert turn is not None, "a history begins with an opening"
    return turn.case, tuple(known[clock.metric.value, clock.cycle] for clock in turn.case.clocks)


def turns(history: Iterable[Numbered], rules_for: RulesFor) -> Iterator[Turn]:
    """What each event of a whole history made of the case, by the rules that held from it on (SLA-8)."""
    case: Case | None = None
    under: Under | None = None
    for event, seq in history:
        if under is None or event.kind is Kind.REBASED:
            under = Under(event.data["policy"], event.data["calendar"])
        rules = rules_for(*under)
        case = evolve(case, event, rules)
        yield Turn(Cause(event.at, event.kind, seq), case, under, rules)


def stood_since(clock: Clock) -> datetime | None:
    """Since when it stands still: paused, met or cancelled; None while it runs."""
    return clock.paused_at or clock.met_at or clock.cancelled_at


def gone_on(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock as it would be if it went on at `at`, what it stood still left out."""
    since = stood_since(clock)
    going = clock._replace(paused_at=None, met_at=None, cancelled_at=None, cancelled=None)
    return going if since is None else clocks_.without(going, since, at, rules)


def _begun(clock: Clock, turn: Turn) -> Story:
    still = turn.cause if stood_since(clock) else None
    return Story(clock, clock.priority, turn.cause, turn.under, turn.under.policy, still=still)


def _gone_on(story: Story, clock: Clock, turn: Turn, rules_for: RulesFor) -> Story:
    old, cause = story.clock, turn.cause
    rebased = story.under != turn.under and _retimed(old, clock, cause)
    if clock == old and not rebased:
        return story
    after = story._replace(clock=clock, standstills=story.standstills + _left_out(story, clock, cause))
    if stood_since(clock) != stood_since(old):
        after = after._replace(still=cause if stood_since(clock) else None)
    if rebased:
        return _under_others(after, _rebasing(story, clock, turn, rules_for), turn)
    change = _change(old, clock, turn)
    if change is None:
        return after
    after = after._replace(changes=(*story.changes, change))
    if not change.won:
        return after
    moved = cause if change.raised and clock.origin == cause.at and clock.origin != clock.started_at else None
    return after._replace(promised_by=clock.priority, promised_in=turn.under.policy, moved=moved)


def _retimed(old: Clock, new: Clock, cause: Cause) -> bool:
    """Whether an event timed a clock afresh: a rebasing does that to every unmet one (SLA-8)."""
    return (cause.kind is Kind.REBASED and old.unmet) or (_counted(old), old.holes) != (_counted(new), new.holes)


def _rebasing(story: Story, clock: Clock, turn: Turn, rules_for: RulesFor) -> Change:
    """What other rules did to a clock: its due time by the old ones, and by the new."""
    at, old = turn.cause.at, story.clock
    before = _running(old, at, rules_for(*story.under))
    ended = clock.cancelled is Cancelled.NO_TARGET
    after = clock if ended or clock.met_at else _running(clock, at, turn.rules)
    return Change(
        cause=turn.cause,
        was=story.promised_by,
        now=_promiser(old, clock, turn),
        old_target=old.target,
        old_due_at=before.due_at,
        new_target=None if ended else clock.target,
        new_due_at=None if ended else after.due_at,
        won=not ended,
        under=(story.under, turn.under),
    )


def _promiser(old: Clock, clock: Clock, turn: Turn) -> Priority:
    """The severity whose target a clock runs by under its new rules: that of the rebasing, or a newer."""
    named = turn.case.rebasings[-1].basis(old).priority
    promised = turn.rules.policy.target(turn.case.plan, named, clock.metric)
    return named if clock.priority is old.priority or promised == clock.target else clock.priority


def _under_others(story: Story, change: Change, turn: Turn) -> Story:
    """The story by its new rules; what it is counted from may be another raise, or the start again."""
    changes, origin = (*story.changes, change), story.clock.origin
    raises = (one.cause for one in reversed(changes) if one.cause.at == origin)
    return story._replace(
        changes=changes,
        # What nothing is promised of any more has ended by the rules that it had.
        under=turn.under if change.won else story.under,
        promised_by=change.now,
        promised_in=turn.under.policy if change.won else story.promised_in,
        moved=next(raises, None) if origin != story.clock.started_at else None,
    )


def _running(clock: Clock, at: datetime, rules: Rules) -> Clock:
    """The clock as it would be due if it went on at `at`."""
    return clocks_.timed(gone_on(clock, at, rules), rules)


def _left_out(story: Story, clock: Clock, cause: Cause) -> tuple[Standstill, ...]:
    """The stretch that this event closed, in which the clock stood still."""
    old = story.clock
    why = Why.PAUSED if old.paused_at else Why.MET if old.met_at else Why.ENDED
    fresh = clock.holes[len(old.holes) :]
    return tuple(Standstill(since, until, why, story.still or cause) for since, until in fresh)


def _change(old: Clock, new: Clock, turn: Turn) -> Change | None:
    ended = new.cancelled is Cancelled.NO_TARGET and old.cancelled is not Cancelled.NO_TARGET
    if old.priority is new.priority and not ended:
        return None
    cause, case, rules = turn.cause, turn.case, turn.rules
    running = _running(old, cause.at, rules)
    now, target = case.priority, rules.policy.target(case.plan, case.priority, old.metric)
    raised = now.severity < old.priority.severity
    due = None if target is None else _fresh(running, target, turn, raised=raised).due_at
    won = target is not None and (not raised or _counted(old) != _counted(new))
    return Change(cause, old.priority, now, old.target, running.due_at, target, due, won)


def _counted(clock: Clock) -> tuple[object, ...]:
    return clock.target, clock.origin, clock.floor


def _fresh(clock: Clock, target: Amount, turn: Turn, *, raised: bool) -> Clock:
    """The clock as the new target alone has it; what a rebasing bounds stays so when lowered (SLA-5, SLA-8)."""
    at, rules = turn.cause.at, turn.rules
    floor = clock.floor if turn.case.rebasings and not raised else None
    fresh = clock._replace(target=target, origin=clock.started_at, floor=floor)
    if raised and rules.policy.raise_from_open:
        fresh = fresh._replace(floor=at)
    elif raised:
        fresh = fresh._replace(origin=at)
    return clocks_.timed(fresh, rules)
