"""Firing what is due, in order, in bounded transactions (TICK-1)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from heapq import heapify, heappop, heappush

from carecli.desk.desk import Desk
from carecli.desk.record import Record
from carecli.domain import deadlines
from carecli.domain.deadlines import Pace
from carecli.domain.events import Event, Kind
from carecli.domain.instants import instant
from carecli.domain.tick_report import Fired, SentFollowUp
from carecli.domain.timers import Timer

BATCH = 500
"""How many timers one transaction fires: others wait for the lock no longer than that takes."""


def fire_due(desk: Desk, pace: Pace, fired: Fired, limit: int | None) -> bool:
    """Fire what is due, a transaction at a time; whether some stages wait for the mail of those before them."""
    waiting: set[int] = set()
    more = True
    while more:
        with desk.record() as record:
            more = next(_rounds(record, pace, fired, limit, waiting), False)
    return bool(waiting)


def fire_in(record: Record, pace: Pace, fired: Fired, limit: int | None) -> None:
    """Fire everything that is due within one transaction, as if all mail left at once."""
    for _ in _rounds(record, pace, fired, limit, None):
        pass


def _rounds(
    record: Record, pace: Pace, fired: Fired, limit: int | None, waiting: set[int] | None
) -> Iterator[bool]:
    """Fire batch after batch; yields after each. Cases that wait for their mail are noted and passed over."""
    while True:
        passed = sum(t.fires_at <= pace.at for number in waiting or () for t in record.writing.timers(number))
        left = BATCH if limit is None else min(BATCH, limit - fired.timers)
        due = record.writing.due(pace.at, left + passed) if left > 0 else []
        full = len(due) == left + passed
        fresh = [timer for timer in due if timer.number not in (waiting or ())]
        if not fresh:
            return
        _fire(record, fresh, pace, fired, waiting, horizon=due[-1].fires_at if full else pace.at)
        yield True


def _fire(
    record: Record, due: list[Timer], pace: Pace, fired: Fired, waiting: set[int] | None, *, horizon: datetime
) -> None:
    """Fire these timers, and in their order those that they give rise to.

    Where the batch is full, timers later than its last wait for the next, so that all fire in order.
    """
    heapify(due)
    while due:
        timer = heappop(due)
        if waiting is not None and (timer.number in waiting or record.waits_for_mail(timer)):
            waiting.add(timer.number)
            continue
        case, events = record.fire(timer, pace)
        fired.timers += bool(events)
        _note(fired, timer.number, events)
        for new in deadlines.timers(case):
            if events and new.fires_at <= horizon and new not in due:
                heappush(due, new)


def _note(fired: Fired, number: int, events: Iterable[Event]) -> None:
    for event in events:
        if event.kind is Kind.FOLLOW_UP_SENT:
            data = event.data
            fired.followups.append(
                SentFollowUp(
                    number,
                    data["stage"],
                    instant(data["due_at"]),
                    data["contact"],
                    data["action"],
                    "delayed" in data,
                )
            )
        elif event.kind is Kind.CLOSED:
            fired.closed.append(number)
