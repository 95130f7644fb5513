"""The outbox as staff look at it, one mail as it went out, and mail that is sent again (MAIL-6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk.reading import seen
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.outbox import Mail, MailState
from carecli.errors import Failed, NotFound, NotPermitted, Refused

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.store.protocol import Reading


class Shown(NamedTuple):
    """A mail with its message: as it went out, or (not `out`) as it would go out now."""

    mail: Mail
    raw: bytes
    out: bool


def outbox(desk: Desk, number: int | None, *, states: Sequence[MailState], limit: int | None) -> list[Mail]:
    """Mail of one case or all, in some states or any, the newest first; for staff (DC-3)."""
    _require_staff(desk)
    with desk.reading() as reading:
        if number is not None:
            seen(desk, reading, number)
        return reading.outbox(number=number, states=states, limit=limit)


def show(desk: Desk, id_: int) -> Shown:
    """One mail, whole; for staff. Raises Failed where a template of the desk's own is broken."""
    _require_staff(desk)
    with desk.reading() as reading:
        mail = _known(reading, id_)
        raw = reading.mail_raw(id_)
    if raw is not None and mail.state is not MailState.QUEUED:
        return Shown(mail, raw, out=True)
    # Imported here: it brings the templates' whole machinery.
    from carecli.desk.mail.letters import Letters
    from carecli.desk.mail.transport import sender_address

    letter = Letters(desk, sender_address(desk.config.mail)).written(mail)
    if letter.posting is None:
        assert letter.failure, "a letter is written, or tells why not"
        raise Failed(letter.failure.what, hint=letter.failure.hint, rule="MAIL-6")
    return Shown(mail, letter.posting.raw, out=False)


def resend(desk: Desk, ids: Sequence[int]) -> list[Mail]:
    """Have mails leave again with the next delivery, all or none: those that failed, were given up or bounced.

    Each keeps its Message-ID, and has all its tries before it; the record says who had it sent (AUD-1).
    """
    access.require(desk.actor, Right.WORK_CASES)
    with desk.record() as record:
        again = [_again(desk, _known(record.seen, id_)) for id_ in dict.fromkeys(ids)]
        record.writing.mark_mails(again)
        for mail in again:
            _tell(record, mail)
    return again


def _tell(record: Record, mail: Mail) -> None:
    from carecli.domain.events import Event, Kind
    from carecli.domain.vocabulary import Via, Visibility

    case = record.writing.case(mail.number) if mail.number else None
    if case is None:
        record.desk_event(Kind.MAIL_RESENT, mail.told())
        return
    event = Event(record.now, record.actor.email, Via.DESK, Kind.MAIL_RESENT, Visibility.INTERNAL, mail.told())
    record.append(case, event)


def _again(desk: Desk, mail: Mail) -> Mail:
    if mail.state not in {MailState.FAILED, MailState.BOUNCED}:
        why = "waits already" if mail.state is MailState.QUEUED else f"is {mail.state}"
        raise Refused(
            f"mail {mail.id} {why}",
            hint="what failed or bounced can be sent again; `care mail outbox` lists it",
            rule="MAIL-6",
        )
    return mail._replace(state=MailState.QUEUED, next_at=desk.now, attempts=0, sent_at=None)


def _known(reading: Reading, id_: int) -> Mail:
    mail = reading.mail(id_)
    if mail is None:
        raise NotFound(f"there is no mail {id_}", hint="`care mail outbox` lists the mail that goes out")
    return mail


def _require_staff(desk: Desk) -> None:
    if desk.actor.is_contact:
        raise NotPermitted(
            "the desk's mail is for staff", hint="`care show NUMBER` shows a case of yours", rule="DC-3"
        )
    access.require(desk.actor, Right.READ_CASES)
