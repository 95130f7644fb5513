"""Delivering the outbox: at least once, each mail marked in the transaction that saw it leave (MAIL-6, FU-6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carecli.domain.events import Event, Kind
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.domain.tick_report import MailCount
from carecli.domain.vocabulary import SYSTEM, Via, Visibility

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.errors import Failed
    from carecli.mail.transports.maildir import Transport

State = Mapping[str, Any]
"""A case as JSON values: enough to see where its ladder stands."""

BATCH = 500
"""How many mails one transaction hands over: two deliverers at once never hold the same one."""


def deliver(desk: Desk, *, replay: bool = False) -> MailCount:
    """Hand over all mail that may leave by now; what fails is kept for the next tick.

    A reminder that leaves late moves its ladder, unless the tick replays (FU-4).
    """
    with desk.reading() as reading:
        if not reading.mail_waiting(desk.now, 1):
            return MailCount()
    # Imported here: the mail packages cost more than a tick with nothing to deliver.
    from pathlib import Path

    from carecli.mail.transports.maildir import MaildirTransport

    transport = MaildirTransport(Path(desk.config.maildir), desk.config.mail_from)
    states = Counter(_delivered(desk, transport, replay=replay))
    sent, failed = states[MailState.SENT], states[MailState.FAILED]
    return MailCount(sent + failed, sent, failed)


def _delivered(desk: Desk, transport: Transport, *, replay: bool) -> Iterator[MailState]:
    """What becomes of each mail that waits, a batch at a time; what fails is tried once."""
    last: Mail | None = None
    while True:
        with desk.record() as record:
            mails = record.writing.mail_waiting(desk.now, BATCH, last)
            if not mails:
                return
            states = _handed_over(record, mails, transport, replay=replay)
        last = mails[-1]
        yield from states


def _handed_over(record: Record, mails: Sequence[Mail], transport: Transport, *, replay: bool) -> list[MailState]:
    """What becomes of these mails: a reminder that an answer has overtaken is withdrawn (FU-5)."""
    states = {
        s["number"]: s
        for s in record.writing.listed([mail.number for mail in mails if mail.stage and mail.number])
    }
    overtaken = {m.id for m in mails if m.kind is MailKind.REMINDER and not _awaited(states, m)}
    leaving = [mail for mail in mails if mail.id not in overtaken]
    marks = [_withdrawn(mail) for mail in mails if mail.id in overtaken]
    for mail, error in zip(leaving, transport.deliver(leaving), strict=True):
        marks.append(_marked(mail, error, record.now))
        if _awaited(states, mail):
            _tell_ladder(record, states[mail.number or 0], mail, error, replay=replay)
    record.writing.mark_mails(marks)
    return [mark.state for mark in marks]


def _awaited(states: Mapping[int, State], mail: Mail) -> bool:
    """Whether the case's ladder still stands in the round that the mail is a stage of."""
    state = states.get(mail.number) if mail.stage and mail.number else None
    ladder = state["followup"] if state else None
    return bool(ladder and ladder["round"] == mail.round)


def _withdrawn(mail: Mail) -> Mail:
    return mail._replace(state=MailState.WITHDRAWN, next_at=None, error="answered before it left")


def _marked(mail: Mail, error: Failed | None, at: datetime) -> Mail:
    if error:
        return mail._replace(state=MailState.FAILED, error=error.message)
    return mail._replace(state=MailState.SENT, next_at=None, sent_at=at, error=None)


def _tell_ladder(record: Record, state: State, mail: Mail, error: Failed | None, *, replay: bool) -> None:
    """A stage whose mail did not arrive does not count: the ladder holds until it has (FU-6)."""
    if error and mail.state is MailState.QUEUED:
        _tell(record, mail, Kind.FOLLOW_UP_HELD, reason=error.message)
    elif not error and (mail.state is MailState.FAILED or (not replay and _late(record, state, mail))):
        _tell(record, mail, Kind.FOLLOW_UP_RESUMED)


def _late(record: Record, state: State, mail: Mail) -> bool:
    """Whether a reminder leaves so late that nobody could answer before the next stage as planned (FU-4)."""
    rules = record.rulebook.rules(record.writing, state["policy"], state["calendar"])
    in_time = rules.calendar.add(max(mail.queued_at, mail.not_before), rules.policy.grace)
    return record.now > in_time and not rules.policy.replays_by_default


def _tell(record: Record, mail: Mail, kind: Kind, **more: Any) -> None:
    case = record.writing.case(mail.number or 0)
    assert case is not None, "a mail belongs to a case"
    data = {"round": mail.round, "stage": mail.stage, "message_id": mail.message_id, **more}
    record.append(case, Event(record.now, SYSTEM, Via.TICK, kind, Visibility.INTERNAL, data))
