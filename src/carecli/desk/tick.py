"""The tick: fires what is due, in order, in bounded transactions; then delivers the mail (TICK-1, TICK-2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count

from carecli.desk import delivery
from carecli.desk.desk import Desk
from carecli.desk.record import Record
from carecli.domain import access, deadlines
from carecli.domain.access import Right
from carecli.domain.deadlines import Pace, Timer
from carecli.domain.events import Event, Kind
from carecli.domain.instants import instant
from carecli.domain.views import Breach, MailCount, SentFollowUp, TickReport, Warned
from carecli.store.protocol import LastTick, Reading, StandingClock

BATCH = 500
"""How many timers one transaction fires: others wait for the lock no longer than that takes."""


@dataclass(slots=True)
class Fired:
    """What a tick has done so far."""

    timers: int = 0
    followups: list[SentFollowUp] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)


class _Undo(Exception):
    """Leaves a trial's transaction without keeping anything."""


def tick(desk: Desk, *, dry_run: bool = False, replay: bool | None = None, limit: int | None = None) -> TickReport:
    """Advance every clock and ladder to the desk's now (TICK-1); `dry_run` keeps nothing (TICK-2)."""
    access.require(desk.actor, Right.RUN_TIME)
    with desk.reading() as reading:
        last = reading.last_tick()
    pace = Pace(desk.now, last and last.at, replay=bool(replay))
    if dry_run:
        return _trial(desk, pace, last, limit)
    fired = Fired()
    while _fire_batch(desk, pace, fired, limit):
        pass
    mail = delivery.deliver(desk)
    return _report(desk, fired, last, mail)


def _trial(desk: Desk, pace: Pace, last: LastTick | None, limit: int | None) -> TickReport:
    fired = Fired()
    report: TickReport | None = None
    try:
        with desk.record() as record:
            for _ in _rounds(record, pace, fired, limit):
                pass
            report = _reported(desk, record.writing, fired, last, MailCount(), dry_run=True)
            raise _Undo
    except _Undo:
        assert report is not None, "the trial ran to its end"
        return report


def _fire_batch(desk: Desk, pace: Pace, fired: Fired, limit: int | None) -> bool:
    """Fire one transaction's worth; whether there may be more. Looks first, so a quiet tick takes no lock."""
    with desk.reading() as reading:
        if not reading.due(pace.at, 1):
            return False
    with desk.record() as record:
        return next(_rounds(record, pace, fired, limit), False)


def _rounds(record: Record, pace: Pace, fired: Fired, limit: int | None) -> Iterator[bool]:
    """Fire batch after batch; yields after each."""
    for _ in count():
        left = BATCH if limit is None else min(BATCH, limit - fired.timers)
        due = record.writing.due(pace.at, left) if left > 0 else []
        if not due:
            return
        _fire(record, due, pace, fired, full=len(due) == left)
        yield True


def _fire(record: Record, due: list[Timer], pace: Pace, fired: Fired, *, full: bool) -> None:
    """Fire these timers, and in their order those that they give rise to.

    Where the batch is full, timers later than its last wait for the next, so that all fire in order.
    """
    horizon = due[-1].fires_at if full else pace.at
    heapify(due)
    while due:
        timer = heappop(due)
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


def _report(desk: Desk, fired: Fired, last: LastTick | None, mail: MailCount) -> TickReport:
    with desk.store.write() as writing:
        writing.put_last_tick(LastTick(desk.now, writing.log_length()))
    with desk.reading() as reading:
        return _reported(desk, reading, fired, last, mail)


def _reported(
    desk: Desk,
    reading: Reading,
    fired: Fired,
    last: LastTick | None,
    mail: MailCount,
    *,
    dry_run: bool = False,
) -> TickReport:
    known = last.position if last else 0
    return TickReport(
        now=desk.now,
        last_tick_at=last and last.at,
        fired=fired.timers,
        followups=tuple(fired.followups),
        closed=tuple(fired.closed),
        breaches=tuple(_breach(desk, standing, known) for standing in reading.breaches()),
        warnings=tuple(_warned(desk, standing) for standing in reading.warnings()),
        held=tuple(case.number for case in reading.held_follow_ups()),
        mail=mail,
        next_due_at=reading.next_due(),
        dry_run=dry_run,
    )


def _breach(desk: Desk, standing: StandingClock, known: int) -> Breach:
    case, clock = standing.case, standing.clock
    overdue = int((desk.now - clock.due_at).total_seconds())
    return Breach(
        case.number,
        clock.metric,
        case.priority,
        case.account,
        case.owner,
        clock.due_at,
        overdue,
        standing.position > known,
    )


def _warned(desk: Desk, standing: StandingClock) -> Warned:
    case, clock = standing.case, standing.clock
    left = int((clock.due_at - desk.now).total_seconds())
    return Warned(case.number, clock.metric, case.priority, case.account, case.owner, clock.due_at, left)
