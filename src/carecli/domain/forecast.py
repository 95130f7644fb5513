"""What time will do next if nobody acts: each warning, breach, reminder and closing, in order (TICK-2)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush
from typing import NamedTuple

from carecli.domain import deadlines
from carecli.domain.case import Case
from carecli.domain.deadline import Deadline
from carecli.domain.deadlines import Pace
from carecli.domain.events import Event, Kind
from carecli.domain.folding import fold
from carecli.domain.rules import Rules
from carecli.domain.timers import Timer, TimerKind


class Effect(StrEnum):
    """What time does to a case."""

    WARNING = "warning"
    BREACH = "breach"
    REMINDER = "reminder"
    CLOSE = "close"
    DEADLINE = "deadline"
    CHAT_END = "chat-end"


class Coming(NamedTuple):
    """Something that time will do to a case, which stands here as it is now; `stage` is that of a follow-up.

    `deadline` is what is due then, if it is one; time itself may begin it before, as a close by silence does.
    """

    timer: Timer
    effect: Effect
    stage: int | None
    case: Case
    deadline: Deadline | None = None

    @property
    def due_at(self) -> datetime:
        """When it is due."""
        return self.timer.fires_at

    def left_s(self, now: datetime) -> int:
        """Seconds until then; below zero where the tick is late and it comes with the next one."""
        return int((self.due_at - now).total_seconds())


class Forecast(NamedTuple):
    """What time will do until an instant; `total` is None where a limit cut it short.

    `next_at` tells when something happens where nothing does within the horizon.
    """

    now: datetime
    until: datetime
    coming: tuple[Coming, ...]
    total: int | None
    next_at: datetime | None = None


def coming(
    case: Case, rules: Rules, now: datetime, until: datetime, last_tick_at: datetime | None = None
) -> Iterator[Coming]:
    """What time will do to a case by `until`, with what follows from it: reminder upon reminder, then the close.

    What is overdue comes with a tick at `now`, paced as that tick would pace it (FU-4); the rest on time.
    """
    state = case
    while timer := min((t for t in deadlines.timers(state) if t.fires_at <= until), default=None):
        events = deadlines.fired(state, timer, rules, Pace(max(now, timer.fires_at), last_tick_at))
        due = _due(state, timer) if timer.kind is TimerKind.DEADLINE else None
        yield Coming(timer, _effect(events[0]), events[0].data.get("stage"), case, due)
        state = fold(state, events, rules)


def _due(state: Case, timer: Timer) -> Deadline:
    return next(one for one in state.deadlines if one.id == timer.cycle)


def _effect(event: Event) -> Effect:
    if event.kind is Kind.FOLLOW_UP_SENT:
        return Effect(event.data["action"])
    return EFFECTS[event.kind]


EFFECTS: Mapping[Kind, Effect] = {
    Kind.CLOCK_WARNED: Effect.WARNING,
    Kind.CLOCK_BREACHED: Effect.BREACH,
    Kind.DEADLINE_MISSED: Effect.DEADLINE,
    Kind.CHAT_ENDED: Effect.CHAT_END,
}


def merged(cases: Iterable[tuple[datetime, int, Iterator[Coming]]]) -> Iterator[Coming]:
    """What comes to many cases, in one order.

    Each case is given with the time of its first timer and its number, in that order, and is looked into when its
    turn comes: whoever takes the first few of a million cases pays for few.
    """
    heap: list[tuple[Coming, Iterator[Coming]]] = []
    for first_at, number, more in cases:
        while heap and heap[0][0].timer[:2] < (first_at, number):
            yield _popped(heap)
        _push(heap, more)
    while heap:
        yield _popped(heap)


def _popped(heap: list[tuple[Coming, Iterator[Coming]]]) -> Coming:
    earliest, more = heappop(heap)
    _push(heap, more)
    return earliest


def _push(heap: list[tuple[Coming, Iterator[Coming]]], more: Iterator[Coming]) -> None:
    following = next(more, None)
    if following:
        # No two timers are alike, so no comparison goes beyond them.
        heappush(heap, (following, more))
