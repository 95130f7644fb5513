"""Delivering the outbox: at least once, each mail marked in the transaction that saw it leave (MAIL-6, FU-6)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from carecli.domain.events import Event, Kind
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.domain.tick_report import MailCount
from carecli.domain.vocabulary import SYSTEM, Via, Visibility
from carecli.errors import Failed

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.case import Case
    from carecli.mail.maildir import Transport

BATCH = 100
"""How many mails one transaction hands over: two deliverers at once never hold the same one."""


def deliver(desk: Desk, *, replay: bool = False) -> MailCount:
    """Hand over all mail that may leave by now; what fails is kept for the next tick.

    A reminder that leaves late moves its ladder, unless the tick replays (FU-4).
    """
    with desk.reading() as reading:
        if not reading.mail_waiting(desk.now, 1):
            return MailCount()
    # Imported here: the mail packages cost more than a tick with nothing to deliver.
    from carecli.mail.maildir import MaildirTransport

    transport = MaildirTransport(Path(desk.config.maildir), desk.config.mail_from)
    tried: dict[int, bool | None] = {}
    while _deliver_batch(desk, transport, tried, replay=replay):
        pass
    outcomes = list(tried.values())
    sent, failed = outcomes.count(True), outcomes.count(False)
    return MailCount(sent + failed, sent, failed)


def _deliver_batch(desk: Desk, transport: Transport, tried: dict[int, bool | None], *, replay: bool) -> bool:
    with desk.record() as record:
        still_there = list(tried.values()).count(False)
        waiting = record.writing.mail_waiting(desk.now, still_there + BATCH)
        fresh = [mail for mail in waiting if mail.id not in tried][:BATCH]
        for mail in fresh:
            tried[mail.id] = _handed_over(record, mail, transport, replay=replay)
        return bool(fresh)


def _handed_over(record: Record, mail: Mail, transport: Transport, *, replay: bool) -> bool | None:
    """Whether the mail left; None for a reminder that an answer has overtaken (FU-5)."""
    case = _waiting_case(record, mail)
    if mail.kind is MailKind.REMINDER and case is None:
        record.writing.mark_mail(mail._replace(state=MailState.WITHDRAWN, error="answered before it left"))
        return None
    try:
        transport.deliver(mail)
    except Failed as error:
        record.writing.mark_mail(mail._replace(state=MailState.FAILED, error=error.message))
        if case and mail.state is MailState.QUEUED:
            _tell_ladder(record, case, mail, Kind.FOLLOW_UP_HELD, reason=error.message)
        return False
    record.writing.mark_mail(mail._replace(state=MailState.SENT, sent_at=record.now, error=None))
    if case and (mail.state is MailState.FAILED or (not replay and _late(record, case, mail))):
        _tell_ladder(record, case, mail, Kind.FOLLOW_UP_RESUMED)
    return True


def _waiting_case(record: Record, mail: Mail) -> Case | None:
    """The case whose ladder still stands in the round that the mail is a stage of; None for any other mail."""
    case = record.writing.case(mail.number) if mail.stage else None
    return case if case and case.followup and case.followup.round == mail.round else None


def _late(record: Record, case: Case, mail: Mail) -> bool:
    """Whether a reminder leaves so late that nobody could answer before the next stage as planned (FU-4)."""
    rules = record.rules(case)
    in_time = rules.calendar.add(max(mail.queued_at, mail.not_before), rules.policy.grace)
    return record.now > in_time and not rules.policy.replays_by_default


def _tell_ladder(record: Record, case: Case, mail: Mail, kind: Kind, **more: Any) -> None:
    """A stage whose mail did not arrive does not count: the ladder holds until it has (FU-6)."""
    data = {"round": mail.round, "stage": mail.stage, "message_id": mail.message_id, **more}
    record.append(case, Event(record.now, SYSTEM, Via.TICK, kind, Visibility.INTERNAL, data))
