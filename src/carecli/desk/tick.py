"""The tick: fires what is due, delivers the mail, and says how the clocks stand (TICK-1, TICK-2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk.mail import delivery
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.tick_report import Breach, Escalated, Fired, MailCount, Missed, TickReport, Warned
from carecli.domain.vocabulary import Priority
from carecli.store.entries import LastTick, LateDeadline, StandingClock, StandingEscalation

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.deadlines import Pace
    from carecli.store.protocol import Reading


class Found(NamedTuple):
    """What a tick did, and what it finds as it ends."""

    fired: Fired
    breaches: Sequence[StandingClock]
    warnings: Sequence[StandingClock]
    held: Sequence[int]
    next_due_at: datetime | None
    escalations: Sequence[StandingEscalation]
    deadlines: Sequence[LateDeadline]


def tick(desk: Desk, *, dry_run: bool = False, replay: bool = False, limit: int | None = None) -> TickReport:
    """Advance every clock and ladder to the desk's now (TICK-1); `dry_run` keeps nothing (TICK-2).

    All staff may look at what a tick would do; to run it is for admins and the system (DC-5).
    """
    access.require(desk.actor, Right.SEE_HEALTH if dry_run else Right.RUN_TIME)
    with desk.reading() as reading:
        last = reading.last_tick()
        anything_due = reading.anything_due(desk.now)
        unseen = bool(reading.unseen(1))
        behind = reading.components_behind()
    fired = Fired()
    if dry_run:
        return _trial(desk, fired, last, limit, replay=replay)
    if unseen:
        _look_again(desk)
    if anything_due:
        mail = _fire(desk, fired, last, limit, replay=replay)
    else:
        mail = delivery.deliver(desk, replay=replay)
    if behind:
        _learn(desk)
    return _report(desk, fired, mail)


def _learn(desk: Desk) -> None:
    """Learn from the next cases whose component a person chose (OPEN-6)."""
    # Imported here: at most ticks nobody has chosen one.
    from carecli.desk.components import learning

    learning.catch_up(desk)


def _pace(desk: Desk, last: LastTick | None, *, replay: bool) -> Pace:
    # Imported here, and `firing` below: most ticks find nothing due and need none of the rules.
    from carecli.domain.deadlines import Pace

    return Pace(desk.now, last.at if last else None, replay)


def _fire(desk: Desk, fired: Fired, last: LastTick | None, limit: int | None, *, replay: bool) -> MailCount:
    """Fire and deliver in turn: where several stages are due, each waits for the mail of the one before (FU-6)."""
    from carecli.desk import firing

    pace = _pace(desk, last, replay=replay)
    waiting = firing.fire_due(desk, pace, fired, limit)
    _send_digests(desk, fired, limit)
    more = mail = delivery.deliver(desk, replay=replay)
    # Others that fire beside us leave to us what waits for the mail that we have.
    while more.sent and (waiting or desk.store.shared):
        waiting = firing.fire_due(desk, pace, fired, limit)
        more = delivery.deliver(desk, replay=replay)
        mail = mail.then(more)
    return mail


def _send_digests(desk: Desk, fired: Fired, limit: int | None) -> None:
    """Queue the digests that are due, so that this very tick delivers them (ADV-1)."""
    with desk.reading() as reading:
        if not reading.digests_due(desk.now, 1):
            return
    # Imported here: at most ticks no digest is due.
    from carecli.desk.advisories import digests

    digests.send_due(desk, fired, limit)


def _look_again(desk: Desk) -> None:
    """Look at mail that a kill left stored and not looked at: an answer in it stops what is due now (FU-5)."""
    # Imported here: it takes a kill in a moment to need it.
    from carecli.desk.mail import inbox

    inbox.look_again(desk)


def _trial(desk: Desk, fired: Fired, last: LastTick | None, limit: int | None, *, replay: bool) -> TickReport:
    from carecli.desk import firing

    with desk.trial() as record:
        firing.fire_in(record, _pace(desk, last, replay=replay), fired, limit)
        if record.writing.digests_due(desk.now, 1):
            from carecli.desk.advisories import digests

            digests.send_in(record, fired, limit)
        return _reported(desk, _found(desk, record.writing, fired), last, MailCount(), dry_run=True)


def _report(desk: Desk, fired: Fired, mail: MailCount) -> TickReport:
    """The report, and the mark up to where the log is told: of two ticks one alone calls a breach new."""
    with desk.machinery() as reading:
        found, length = _found(desk, reading, fired), reading.log_length()
    # Of a large desk that is long to read: nobody has to wait for it.
    with desk.store.write() as writing:
        last = writing.last_tick()
        told = max(length, last.position) if last else length
        writing.put_last_tick(LastTick(_marked(desk.now, last), told))
        writing.gather()
    return _reported(desk, found, last, mail)


def _marked(now: datetime, last: LastTick | None) -> datetime:
    """When the tick last ran: not turned back, as one by mistake in the past is no outage for the next (FU-4).

    Only a mark far ahead is: the tick of a trial there would tell every monitor for years that all is well.
    """
    if last is None or last.at <= now:
        return now
    # Imported here: a tick that finds a mark ahead of its clock is a rare one.
    from carecli.domain.health import FAR

    return now if last.at > now + FAR else last.at


def _found(desk: Desk, reading: Reading, fired: Fired) -> Found:
    # Whoever runs it is told of those cases that are there for him.
    reading = reading.seeing(desk.actor.sight)
    if fired.cases and not desk.actor.sight.everything:
        fired = fired.of(reading.visible(fired.cases))
    return Found(
        fired,
        reading.breaches(),
        reading.warnings(),
        reading.held_follow_ups(),
        reading.next_due(desk.now),
        reading.escalations(),
        reading.late_deadlines(),
    )


def _reported(
    desk: Desk, found: Found, last: LastTick | None, mail: MailCount, *, dry_run: bool = False
) -> TickReport:
    known = last.position if last else 0
    return TickReport(
        now=desk.now,
        last_tick_at=last.at if last else None,
        fired=found.fired.timers,
        followups=tuple(found.fired.followups),
        closed=tuple(found.fired.closed),
        breaches=tuple(_breach(desk, standing, known) for standing in found.breaches),
        warnings=tuple(_warned(desk, standing) for standing in found.warnings),
        held=tuple(found.held),
        mail=mail,
        next_due_at=found.next_due_at,
        dry_run=dry_run,
        escalations=tuple(_escalated(standing) for standing in found.escalations),
        deadlines=tuple(_missed(desk, late, known) for late in found.deadlines),
        digests=tuple(found.fired.digests),
    )


def _breach(desk: Desk, clock: StandingClock, known: int) -> Breach:
    overdue = max(0, int((desk.now - clock.due_at).total_seconds()))
    case = (clock.number, clock.metric, clock.priority, clock.account, clock.owner)
    return Breach(*case, clock.due_at, overdue, clock.position > known)


def _warned(desk: Desk, clock: StandingClock) -> Warned:
    left = int((clock.due_at - desk.now).total_seconds())
    return Warned(clock.number, clock.metric, clock.priority, clock.account, clock.owner, clock.due_at, left)


def _missed(desk: Desk, late: LateDeadline, known: int) -> Missed:
    # Imported here: at most ticks no deadline stands missed.
    from carecli.domain import deadline

    state = late.state
    one = next(deadline.from_document(doc) for doc in state["deadlines"] if doc["id"] == late.id)
    overdue = max(0, int((desk.now - one.due_at).total_seconds()))
    of_case = (state["account"], one.owner or state["owner"])
    return Missed(state["number"], one.kind, one.about, *of_case, one.due_at, overdue, late.position > known)


def _escalated(standing: StandingEscalation) -> Escalated:
    # Imported here: at most ticks nothing stands escalated.
    from carecli.domain import escalation

    state, raised = standing.state, escalation.from_document(standing.state["escalation"])
    return Escalated(
        number=state["number"],
        to=raised.to,
        addressed=raised.addressed,
        since=raised.since,
        by=raised.by,
        reason=standing.reason,
        wanted_priority=raised.priority,
        priority=Priority(state["priority"]),
        account=state["account"],
        owner=state["owner"],
    )
