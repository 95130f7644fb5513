"""Firing what is due, in order, in bounded transactions (TICK-1)."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from heapq import heapify, heappop, heappush
from typing import Final

from carecli.desk.batch import Batch
from carecli.desk.beside import beside_others
from carecli.desk.desk import Desk
from carecli.desk.record import Record
from carecli.domain.deadlines import Pace
from carecli.domain.events import Event, Kind
from carecli.domain.instants import instant
from carecli.domain.tick_report import Fired, SentFollowUp
from carecli.domain.timers import Timer

BATCH: Final = 2_000
"""How many timers are fired at once in a trial."""


class Round:
    """A pass over the queue: how far it has come, and which cases wait for their mail, if any are to wait."""

    def __init__(self, fired: Fired, limit: int | None, batch: int, *, waiting: bool) -> None:
        self.fired = fired
        self.limit = limit
        self.batch = batch
        self.waiting: set[int] | None = set() if waiting else None
        """The cases of which a stage waits for the mail of the one before it; so do their later timers."""
        self.last: Timer | None = None

    def size(self) -> int:
        """How many timers the next batch may fire."""
        return self.batch if self.limit is None else min(self.batch, self.limit - self.fired.timers)

    def note(self, fired: Fired, waiting: set[int] | None) -> None:
        """Count what a batch brought, and which of its cases wait."""
        self.fired.add(fired)
        if self.waiting is not None and waiting is not None:
            self.waiting |= waiting


def fire_due(desk: Desk, pace: Pace, fired: Fired, limit: int | None) -> bool:
    """Fire what is due, a transaction at a time; whether some stages wait for the mail of those before them."""
    round_ = Round(fired, limit, desk.store.batch, waiting=True)
    # Again, where others fire beside us: what they had claimed, and lost as they were killed, is behind our back.
    while _passed(desk, pace, round_) and desk.store.shared:
        pass
    return bool(round_.waiting)


def _passed(desk: Desk, pace: Pace, round_: Round) -> bool:
    """Go through the queue once; whether anything was fired."""
    before, more, round_.last = round_.fired.timers, True, None
    while more:
        more = beside_others(desk, partial(_fire_batch, pace=pace, round_=round_))
    return round_.fired.timers > before


def fire_in(record: Record, pace: Pace, fired: Fired, limit: int | None) -> None:
    """Fire everything that is due within one transaction, as if all mail left at once."""
    round_ = Round(fired, limit, BATCH, waiting=False)
    while _fire_batch(record, pace, round_):
        pass


def _fire_batch(record: Record, pace: Pace, round_: Round) -> bool:
    """Fire the next timers of the queue; whether there may be more.

    Where the batch is full, timers that arise later than its last wait for the next, so that all fire in order.
    """
    size = round_.size()
    if size <= 0:
        return False
    due, last = record.writing.claim(pace.at, size, round_.last)
    if due:
        batch = Batch(record, due)
        waiting = round_.waiting
        if waiting is not None and not record.writing.alone:
            # A mail that another delivered may have left since; what its case waited for is claimed with the rest.
            waiting = set()
        fired = _fired(batch, due, pace, waiting, horizon=last.fires_at if last else pace.at)
        batch.keep()
        round_.note(fired, waiting)
    round_.last = last
    return last is not None


def _fired(batch: Batch, due: list[Timer], pace: Pace, waiting: set[int] | None, *, horizon: datetime) -> Fired:
    """Fire these timers, and in their order those that they give rise to; what that brought.

    None of those cases that wait for mail, which become more as it goes, unless all mail is as good as gone.
    """
    fired, known = Fired(), set(due)
    heapify(due)
    while due:
        timer = heappop(due)
        if waiting is not None and (timer.number in waiting or batch.waits_for_mail(timer)):
            waiting.add(timer.number)
            continue
        events = batch.fire(timer, pace)
        if events:
            fired.note(timer.number)
        _note(fired, timer.number, events)
        fresh = {t for t in batch.next_timers(timer.number) if t.fires_at <= horizon} - known
        known |= fresh
        for arisen in fresh:
            heappush(due, arisen)
    return fired


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
