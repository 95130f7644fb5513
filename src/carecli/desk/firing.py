"""Firing what is due, in order, in bounded transactions (TICK-1)."""

from collections.abc import Iterable
from datetime import datetime
from heapq import heapify, heappop, heappush

from carecli.desk.batch import Batch
from carecli.desk.desk import Desk
from carecli.desk.record import Record
from carecli.domain.deadlines import Pace
from carecli.domain.events import Event, Kind
from carecli.domain.instants import instant
from carecli.domain.tick_report import Fired, SentFollowUp
from carecli.domain.timers import Timer

BATCH = 2_000
"""How many timers one transaction fires: others wait for the lock no longer than that takes."""


class Round:
    """A pass over the queue: how far it has come, and which cases wait for their mail, if any are to wait."""

    def __init__(self, fired: Fired, limit: int | None, *, waiting: bool) -> None:
        self.fired = fired
        self.limit = limit
        self.waiting: set[int] | None = set() if waiting else None
        self.last: Timer | None = None

    def size(self) -> int:
        """How many timers the next batch may fire."""
        return BATCH if self.limit is None else min(BATCH, self.limit - self.fired.timers)


def fire_due(desk: Desk, pace: Pace, fired: Fired, limit: int | None) -> bool:
    """Fire what is due, a transaction at a time; whether some stages wait for the mail of those before them."""
    round_ = Round(fired, limit, waiting=True)
    more = True
    while more:
        with desk.record() as record:
            more = _fire_batch(record, pace, round_)
    return bool(round_.waiting)


def fire_in(record: Record, pace: Pace, fired: Fired, limit: int | None) -> None:
    """Fire everything that is due within one transaction, as if all mail left at once."""
    round_ = Round(fired, limit, waiting=False)
    while _fire_batch(record, pace, round_):
        pass


def _fire_batch(record: Record, pace: Pace, round_: Round) -> bool:
    """Fire the next timers of the queue; whether there may be more.

    Where the batch is full, timers that arise later than its last wait for the next, so that all fire in order.
    """
    size = round_.size()
    due = record.writing.due(pace.at, size, round_.last) if size > 0 else []
    if not due:
        return False
    full, round_.last = len(due) == size, due[-1]
    batch = Batch(record, due)
    _fire(batch, due, pace, round_, horizon=round_.last.fires_at if full else pace.at)
    batch.keep()
    return full


def _fire(batch: Batch, due: list[Timer], pace: Pace, round_: Round, *, horizon: datetime) -> None:
    """Fire these timers, and in their order those that they give rise to."""
    known = set(due)
    heapify(due)
    while due:
        timer = heappop(due)
        if round_.waiting is not None and (timer.number in round_.waiting or batch.waits_for_mail(timer)):
            round_.waiting.add(timer.number)
            continue
        events = batch.fire(timer, pace)
        if events:
            round_.fired.note(timer.number)
        _note(round_.fired, timer.number, events)
        fresh = {t for t in batch.next_timers(timer.number) if t.fires_at <= horizon} - known
        known |= fresh
        for arisen in fresh:
            heappush(due, arisen)


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
