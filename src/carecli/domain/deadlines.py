"""What time does to a case: the timers it waits for, and the events they bring when due (TICK-1, FU-4, SLA-7)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from carecli.domain import chatting, followup, lifecycle
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.deadline import Deadline
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve, fold
from carecli.domain.instants import iso, iso_or_none
from carecli.domain.rules import Rules
from carecli.domain.timers import Timer, TimerKind
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, SYSTEM, Via, Visibility


class Pace(NamedTuple):
    """How a tick treats what is late: it comes at `at`, after the one at `last_tick_at` (FU-4)."""

    at: datetime
    last_tick_at: datetime | None = None
    replay: bool = False


def timers(case: Case) -> Iterator[Timer]:
    """Every timer that the case waits for now."""
    yield from clock_timers(case)
    if case.followup and case.followup.next_at:
        yield Timer(case.followup.next_at, case.number, TimerKind.FOLLOW_UP)
    yield from deadline_timers(case)
    yield from chatting.timers(case)


def clock_timers(case: Case) -> Iterator[Timer]:
    """The warnings and breaches that its clocks are heading for (SLA-7)."""
    for clock in case.clocks:
        if clock.ticking and not clock.breached_at:
            if not clock.warned_at:
                yield Timer(clock.warn_at, case.number, TimerKind.WARN, clock.metric, clock.cycle)
            yield Timer(clock.due_at, case.number, TimerKind.BREACH, clock.metric, clock.cycle)


def deadline_timers(case: Case) -> Iterator[Timer]:
    """The deadlines that may be missed (SR-1, INC-2)."""
    for one in case.deadlines:
        if one.open and not one.missed_at:
            yield Timer(one.due_at, case.number, TimerKind.DEADLINE, None, one.id)


def fired(case: Case, timer: Timer, rules: Rules, pace: Pace) -> tuple[Event, ...]:
    """The events that a due timer brings, at their nominal time (FU-4)."""
    if timer.kind is TimerKind.FOLLOW_UP:
        return _follow_up(case, timer.fires_at, rules, pace)
    if timer.kind is TimerKind.DEADLINE:
        return (_missed(case, timer),)
    if timer.kind is TimerKind.CHAT:
        assert case.chat is not None, "a chat's timer belongs to one that stands"
        return (chatting.idle(case, case.chat),)
    assert timer.metric is not None, "clock timers name their metric"
    return (_crossing(case.clock(timer.metric, timer.cycle), timer),)


def crossings(case: Case, before: datetime, rules: Rules) -> Iterator[Event]:
    """The warnings, breaches, missed deadlines and idle chats that fell due before a command came, in order.

    Recording them first keeps a slow tick from leaving a breach out of the record (SLA-7).
    """
    while due := min((t for t in _crossed(case) if t.fires_at < before), default=None):
        for event in fired(case, due, rules, Pace(before)):
            yield event
            case = evolve(case, event, rules)


def _crossed(case: Case) -> Iterator[Timer]:
    yield from clock_timers(case)
    yield from deadline_timers(case)
    yield from chatting.timers(case)


def consequences(case: Case, event: Event, rules: Rules, then: Rules | None = None) -> tuple[Case, list[Event]]:
    """The case after a command's event, and all that goes on record with it: what fell due before, what it met.

    `then` are the rules that an event brings in, from itself on (SLA-8).
    """
    earlier = list(crossings(case, event.at, rules))
    before = fold(case, earlier, rules)
    rules = then or rules
    after = evolve(before, event, rules)
    marks = late_with(before, after, event.at)
    followed = [*marks, *met_since(before, after), *kept_since(before, after)]
    followed += chatting.closed_with(after, event)
    return fold(after, followed, rules), [*earlier, event, *followed]


def late_with(before: Case, after: Case, at: datetime) -> list[Event]:
    """The warnings and breaches that an event at `at` brings with itself."""
    marks = [*overtaken(before, after, at)]
    marked = {(event.data["metric"], event.data["cycle"]) for event in marks if event.kind is Kind.CLOCK_BREACHED}
    stopped = stopped_late(before, after)
    return marks + [event for event in stopped if (event.data["metric"], event.data["cycle"]) not in marked]


def overtaken(before: Case, after: Case, at: datetime) -> Iterator[Event]:
    """Warnings and breaches of clocks that a rebasing overtakes: they come with it, not in the past (SLA-8)."""
    for clock in after.clocks if after.rebasings != before.rebasings else ():
        if not clock.unmet:
            continue
        late = clock.floor == clock.due_at == at and not clock.breached_at
        warned = late or clock.warn_at < (clock.paused_at or at)
        named = (clock.metric, clock.cycle)
        if warned and not clock.warned_at:
            yield _crossing(clock, Timer(at, after.number, TimerKind.WARN, *named))
        if late:
            yield _crossing(clock, Timer(at, after.number, TimerKind.BREACH, *named))


def stopped_late(before: Case, after: Case) -> Iterator[Event]:
    """A breach for each clock that the last event paused in the very second in which it fell due (SLA-7)."""
    ticked = {(c.metric, c.cycle) for c in before.clocks if c.ticking}
    for clock in after.clocks:
        named = (clock.metric, clock.cycle)
        if named in ticked and clock.paused_at == clock.due_at and not clock.breached_at:
            timer = Timer(clock.due_at, after.number, TimerKind.BREACH, *named)
            yield _crossing(clock, timer)


def met_since(before: Case, after: Case) -> Iterator[Event]:
    """A record for each clock that the last event met, with what was left or overdue (SLA-7)."""
    was_unmet = {(c.metric, c.cycle) for c in before.clocks if c.unmet}
    for clock in after.clocks:
        if clock.met_at and (clock.metric, clock.cycle) in was_unmet:
            yield _met(clock, clock.met_at)


def kept_since(before: Case, after: Case) -> Iterator[Event]:
    """A record for each deadline that the last event met, with what was left or overdue (SR-1, INC-2)."""
    met = {one.id for one in before.deadlines if one.met_at}
    for one in after.deadlines:
        if one.met_at and one.id not in met:
            data = _due(one) | {"left_s": int((one.due_at - one.met_at).total_seconds())}
            yield Event(one.met_at, SYSTEM, Via.DESK, Kind.DEADLINE_MET, Visibility.INTERNAL, data)


def _missed(case: Case, timer: Timer) -> Event:
    late = next(one for one in case.deadlines if one.id == timer.cycle)
    return Event(timer.fires_at, SYSTEM, Via.TICK, Kind.DEADLINE_MISSED, Visibility.INTERNAL, _due(late))


def _due(deadline: Deadline) -> dict[str, Any]:
    return {
        "id": deadline.id,
        "deadline": deadline.kind.value,
        "about": deadline.about,
        "due_at": iso(deadline.due_at),
    }


def _met(clock: Clock, at: datetime) -> Event:
    data = _named(clock) | {"left_s": int((clock.due_at - at).total_seconds())}
    return Event(at, SYSTEM, Via.DESK, Kind.CLOCK_MET, Visibility.INTERNAL, data)


def _crossing(clock: Clock, timer: Timer) -> Event:
    kind = Kind.CLOCK_WARNED if timer.kind is TimerKind.WARN else Kind.CLOCK_BREACHED
    return Event(timer.fires_at, SYSTEM, Via.TICK, kind, Visibility.INTERNAL, _named(clock))


def _named(clock: Clock) -> dict[str, Any]:
    return {"metric": clock.metric.value, "cycle": clock.cycle, "due_at": iso(clock.due_at)}


def _follow_up(case: Case, due_at: datetime, rules: Rules, pace: Pace) -> tuple[Event, ...]:
    ladder = case.followup
    assert ladder is not None, "a follow-up timer belongs to a running ladder"
    stage = ladder.stage + 1
    if followup.is_last(ladder, stage, rules):
        closing = _sent(case, stage, "close", due_at, due_at)
        return closing, lifecycle.auto_close(case, due_at)
    replay = pace.replay or rules.policy.replays_by_default
    at = followup.fires_at(due_at, pace.at, rules, replay=replay)
    delayed = {"from": iso_or_none(pace.last_tick_at), "to": iso(pace.at)} if at > due_at else None
    return (_sent(case, stage, "reminder", due_at, at, delayed),)


def _sent(
    case: Case,
    stage: int,
    action: str,
    due_at: datetime,
    at: datetime,
    delayed: dict[str, str | None] | None = None,
) -> Event:
    assert case.followup is not None, "only a running ladder sends"
    data: dict[str, Any] = {
        "round": case.followup.round,
        "stage": stage,
        "action": action,
        "due_at": iso(due_at),
        "contact": case.contact,
    }
    if delayed:
        data["delayed"] = delayed
    return Event(at, AUTO_FOLLOW_UP, Via.TICK, Kind.FOLLOW_UP_SENT, Visibility.PUBLIC, data)
