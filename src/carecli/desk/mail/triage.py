"""Mail that waits for a person: listed with its reason, looked at, linked to its case or discarded (MAIL-3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk.cases import asked_for_report
from carecli.desk.mail.enclosures import enclosures
from carecli.desk.reading import seen
from carecli.domain import access, lifecycle, matching
from carecli.domain.access import Act, Right
from carecli.domain.events import Event, Kind
from carecli.domain.inbox import LABEL, Incoming, Outcome, Received, Settlement, label
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Side, Via
from carecli.errors import Invalid, NotFound, Refused
from carecli.mail.incoming import addresses

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.case import Case
    from carecli.domain.inbox import Enclosure
    from carecli.store.protocol import Reading

LONGEST_ID = 15


class Opened(NamedTuple):
    """A message that came in, as it was understood, and what of its text is new."""

    received: Received
    message: Incoming
    text: str


class File(NamedTuple):
    """A file of a message, with its bytes."""

    described: Enclosure
    content: bytes


def waiting(desk: Desk, *, settled: bool = False, limit: int | None = None) -> list[Received]:
    """The messages in triage, oldest first; with `settled` those too that staff have dealt with, newest first."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        if settled:
            return reading.inbox(number=None, outcomes=[Outcome.TRIAGED], limit=limit)
        return reading.in_triage(limit)


def inbox(
    desk: Desk, number: int | None = None, *, outcomes: Sequence[Outcome] = (), limit: int | None = None
) -> list[Received]:
    """Everything that came in, of one case or all, the newest first; for staff."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        if number is not None:
            seen(desk, reading, number)
        return reading.inbox(number=number, outcomes=outcomes, limit=limit)


def show(desk: Desk, id_: str) -> Opened:
    """A message that came in, by its id `in-7`; for staff. Raises NotFound."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        return _opened(reading, _known(reading, id_))


def raw(desk: Desk, id_: str) -> bytes:
    """A message as it came, byte for byte; for staff. Raises NotFound."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        return reading.received_raw(_known(reading, id_).id) or b""


def file(desk: Desk, id_: str, place: int) -> File:
    """A file of a message, counted from 1; for staff. Raises NotFound."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        received = _known(reading, id_)
        content = enclosures(reading).content(received, place)
        return File(_opened(reading, received).message.enclosures[place - 1], content)


def link(
    desk: Desk, id_: str, number: int, *, contact: str | None = None, internal: bool = False
) -> tuple[Received, Case]:
    """Apply a message in triage to a case as if it had matched; what became of it, and the case (MAIL-3).

    It is its sender's update where that is a Designated Contact of the case's account, else that of the `contact`
    for whom it speaks, or with `internal` a note for staff alone.
    """
    access.require(desk.actor, Right.WORK_CASES)
    if contact and internal:
        raise Invalid("--contact and --internal exclude each other", hint="give one of them")
    with desk.record() as record:
        opened = _opened(record.writing, _unsettled(record.seen, id_))
        case = record.case(number)
        if case.closed:
            hint = f"`care reopen {written(number)} -m WHY` first, or `care mail triage discard {id_}`"
            raise Refused(f"case {written(number)} is closed", hint=hint, rule="MAIL-3")
        _refuse_repeated(record.writing, opened.received)
        event = _linked(record, case, opened, contact, internal=internal)
        after = asked_for_report(record, record.append(case, event), event)
        return _settled(record, opened.received, Settlement.LINKED, None, number), after


def discard(desk: Desk, id_: str, why: str | None = None) -> Received:
    """Take a message out of triage without applying it; it is kept, and the desk's log says so (MAIL-3, AUD-1)."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.record() as record:
        received = _unsettled(record.seen, id_)
        told = {"mail": label(received.id), "sender": received.sender, "message_id": received.message_id}
        record.desk_event(Kind.MAIL_DISCARDED, {**told, "digest": received.digest, "reason": why})
        return _settled(record, received, Settlement.DISCARDED, why, received.number)


def _refuse_repeated(reading: Reading, received: Received) -> None:
    """The same message is once on a case, whoever put it there (MAIL-2a)."""
    if received.message_id is None or received.sender is None:
        return
    alike = reading.received_as(received.message_id, limit=matching.MOST_ALIKE)
    applied = [each for each in alike if each.outcome is Outcome.UPDATED or each.settlement is Settlement.LINKED]
    for each in applied:
        if each.sender and each.sender.casefold() == received.sender.casefold():
            where = f"case {written(each.number)}" if each.number else "a case"
            raise Refused(
                f"{label(received.id)} came again as {label(each.id)}, which is on {where}",
                hint=f"`care mail triage discard {label(received.id)}` ends its wait",
                rule="MAIL-2a",
            )


def _linked(record: Record, case: Case, opened: Opened, contact: str | None, *, internal: bool) -> Event:
    from carecli.desk.mail.understanding import with_mail

    staff = record.actor.email
    if internal:
        event = lifecycle.note(case, opened.text, Act(staff, Side.STAFF, Via.EMAIL), record.now)
    else:
        by = _speaker(record.writing, case, opened, contact)
        event = lifecycle.update(case, opened.text, Act(by, Side.CONTACT, Via.EMAIL, logged_by=staff), record.now)
    return with_mail(event, opened.received.id, opened.message.enclosures)


def _speaker(reading: Reading, case: Case, opened: Opened, contact: str | None) -> str:
    """The Designated Contact whose word a message is: its sender, or who is named (OPEN-10)."""
    from carecli.desk.parties import acts_for, designated_of

    if contact:
        return designated_of(reading, contact, case)
    sender = reading.contact(opened.message.sender) if opened.message.sender else None
    known = sender is not None and addresses.same(sender.email, opened.message.sender or "")
    if sender and known and sender.designated and acts_for(reading, sender, case.account):
        return designated_of(reading, sender.email, case)
    who = opened.message.sender or "its sender"
    raise Refused(
        f"{who} is no Designated Contact of {case.account}",
        hint="--contact EMAIL names the one it speaks for; --internal keeps it as a note for staff",
        rule="MAIL-3",
    )


def _settled(record: Record, received: Received, how: Settlement, why: str | None, number: int | None) -> Received:
    settled = received._replace(
        settlement=how, settled_at=record.now, settled_by=record.actor.email, settled_why=why, number=number
    )
    record.writing.mark_received([settled])
    return settled


def _opened(reading: Reading, received: Received) -> Opened:
    from carecli.desk.mail import understanding
    from carecli.mail.incoming.reading import read

    message = read(reading.received_raw(received.id) or b"")
    return Opened(received, message, understanding.new_text(message))


def _known(reading: Reading, id_: str) -> Received:
    digits = id_.strip().lower().removeprefix(LABEL)
    right = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID
    received = reading.received(int(digits)) if right else None
    if received is None:
        raise NotFound(f"no mail {id_[:40]!r} came in", hint="`care mail inbox` lists what did", rule="MAIL-3")
    return received


def _unsettled(reading: Reading, id_: str) -> Received:
    received = _known(reading, id_)
    if received.settlement:
        how = f"{received.settlement} by {received.settled_by}"
        hint = f"`care mail show {label(received.id)}` shows it"
        raise Refused(f"{label(received.id)} was {how} already", hint=hint, rule="MAIL-3")
    if received.outcome is not Outcome.TRIAGED:
        told = received.outcome.value if received.outcome else "not looked at yet"
        raise Refused(
            f"{label(received.id)} is not in triage: {told}",
            hint="`care mail triage list` shows what is",
            rule="MAIL-3",
        )
    return received
