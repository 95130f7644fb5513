"""Messages looked at within one transaction: each decided on its own, all written at once (MAIL-2..5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from carecli.desk.mail.ladder import stage_told
from carecli.desk.mail.understanding import Understood, with_mail
from carecli.domain import answering, followup, lifecycle, matching, trust
from carecli.domain.access import Act
from carecli.domain.events import Event, Kind
from carecli.domain.facts import Facts, Known, Sender, Target
from carecli.domain.inbox import Bounce, Incoming, Outcome, Received, Verdict, label
from carecli.domain.instants import iso
from carecli.domain.matching import Decision
from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.domain.people import DESK_CALENDAR
from carecli.domain.sight import confidential
from carecli.domain.vocabulary import SYSTEM, Role, Side, Via, Visibility
from carecli.errors import CareError, DatabaseUnusable
from carecli.mail import reference
from carecli.mail.incoming import addresses
from carecli.mail.outgoing import answers
from carecli.mail.outgoing.office import Office

if TYPE_CHECKING:
    from carecli.desk.record import Change, Record
    from carecli.domain.case import Case
    from carecli.domain.policy import MailPolicy
    from carecli.store.protocol import Reading

DAY: Final = timedelta(days=1)


def sender_of(reading: Reading, email: str) -> Sender:
    """As whom the desk knows an address; staff before contacts, as everywhere."""
    staff, contact = reading.staff_member(email), reading.contact(email)
    # The store folds letters that a mail server keeps apart: the mailbox next door may be another person's.
    staff = staff if staff and addresses.same(staff.email, email) else None
    contact = contact if contact and addresses.same(contact.email, email) else None
    if staff and staff.active:
        return Sender(staff.email, Known.STAFF, admin=staff.role is Role.ADMIN)
    if contact is None:
        return Sender(staff.email if staff else email, Known.INACTIVE if staff else Known.STRANGER)
    account = reading.account(contact.account)
    if not (contact.active and account and account.active):
        return Sender(contact.email, Known.INACTIVE, contact.account)
    end_users = tuple(reading.end_users(account.name)) if contact.designated else ()
    return Sender(contact.email, Known.CONTACT, contact.account, contact.designated, end_users)


class Sorting:
    """The messages of one transaction; nothing is on record before `keep`."""

    def __init__(self, record: Record, messages: Sequence[Understood]) -> None:
        self.record = record
        self.key, self.keys = record.reference_key, record.reference_keys
        self.policy: MailPolicy = record.policy().mail
        self.cases = {case.number: case for case in record.writing.cases(self._numbers(messages))}
        self.changes: list[Change] = []
        self.answers: list[Mail] = []
        self.returned: dict[int, Mail] = {}
        self.marks: list[Received] = []
        self._senders: dict[str, Sender] = {}
        self._own = _addresses(record.config.mail_from)

    def _numbers(self, messages: Iterable[Understood]) -> list[int]:
        """Every case that one of the messages may be about."""
        found = dict.fromkeys(number for each in messages for number in each.references.every)
        for each in messages:
            for named in each.message.bounce.message_ids[:1] if each.message.bounce else ():
                found[reference.number_in(self.keys, named) or 0] = None
        return [number for number in found if number]

    def look(self, each: Understood) -> None:
        """Decide on one message; whatever goes wrong with it, it is kept for staff and stops no other."""
        start = len(self.changes), len(self.answers)
        cases, returned = dict(self.cases), dict(self.returned)
        try:
            decision = self._decided(each)
        except DatabaseUnusable:
            raise
        except Exception as error:  # noqa: BLE001  # a message must never be lost, nor keep others out
            del self.changes[start[0] :], self.answers[start[1] :]
            self.cases, self.returned = cases, returned
            decision = unreadable(error)
        self.marks.append(marked(each, decision))

    def keep(self) -> None:
        """Put everything on record, in the order in which it was looked at."""
        writing = self.record.writing
        if self.changes:
            self.record.keep_all(self.changes)
        if self.answers:
            writing.queue(self.answers)
        writing.mark_mails(self.returned.values())
        writing.mark_received(self.marks)

    def _decided(self, each: Understood) -> Decision:
        facts = self._facts(each)
        if facts.message.bounce:
            return matching.kept(matching.repeated(facts) or self._bounced(each.id, facts.message.bounce), facts)
        decision = matching.decide(facts, self.policy)
        if decision.outcome is Outcome.UPDATED:
            decision = self._updated(each, facts, decision)
        return self._answered(each, facts, decision)

    def _facts(self, each: Understood) -> Facts:
        message = each.message
        sender = self._sender(message.sender) if message.sender else None
        cases = [self.cases[number] for number in dict.fromkeys(each.references.every) if number in self.cases]
        return Facts(
            message,
            sender,
            _verdict(message, self.policy),
            each.references,
            [_target(case) for case in cases],
            self._why_own(message),
            self._earlier(each),
        )

    def _sender(self, email: str) -> Sender:
        if email not in self._senders:
            self._senders[email] = sender_of(self.record.writing, email)
        return self._senders[email]

    def _why_own(self, message: Incoming) -> str | None:
        """Why a message is the desk's own that came back (MAIL-5)."""
        if message.message_id and reference.number_in(self.keys, message.message_id) is not None:
            return "it is this desk's own mail, by its Message-ID"
        if message.sender and message.sender.casefold() in self._own:
            return "it is from this desk's own address"
        return None

    def _earlier(self, each: Understood) -> list[Received]:
        """The messages with the same Message-ID that were looked at before; those that may be forged aside."""
        named = each.message.message_id
        if named is None:
            return []
        kept = self.record.writing.received_as(named, but=matching.UNTRUSTED, limit=matching.MOST_ALIKE)
        now = [m for m in self.marks if m.message_id == named and m.code not in matching.UNTRUSTED]
        return [*kept, *now]

    def _updated(self, each: Understood, facts: Facts, decision: Decision) -> Decision:
        """Write the update; a case whose rules refuse it keeps the message for staff."""
        assert facts.sender is not None, "an update has a sender"
        assert decision.number is not None, "an update has a case"
        side = Side.STAFF if facts.sender.known is Known.STAFF else Side.CONTACT
        case = self.cases[decision.number]
        try:
            act = Act(facts.sender.email, side, Via.EMAIL)
            event = lifecycle.update(case, each.text, act, self.record.now)
            after = self._change(case, with_mail(event, each.id, facts.message.enclosures))
            if side is Side.CONTACT and (after.incident or after.links):
                self._asked_for_report(after, event)
        except DatabaseUnusable:
            raise
        except CareError as error:
            return Decision(Outcome.TRIAGED, "refused", error.message, decision.number)
        return decision

    def _asked_for_report(self, case: Case, event: Event) -> None:
        """Take a mail that asks for an incident report at its word (INC-2)."""
        # Imported here: few cases are part of an incident.
        from carecli.desk.incidents.requesting import wished

        for one, wish in wished(self.record, self._case, case, event):
            self._change(one, wish)

    def _case(self, number: int) -> Case | None:
        return self.cases.get(number) or self.record.writing.case(number)

    def _change(self, case: Case, event: Event) -> Case:
        change = self.record.change(case, event)
        self.changes.append(change)
        self.cases[case.number] = change.case
        return change.case

    def _answered(self, each: Understood, facts: Facts, decision: Decision) -> Decision:
        """Queue the automatic answer that is due, and say in the reason what became of it (MAIL-5)."""
        given = self._given(facts.sender) if decision.answer and facts.sender else []
        kind, told = answering.answer_due(decision, facts, given, self.policy.answers_per_day)
        if kind and facts.sender:
            self.answers.append(self._answer(kind, each, facts.sender, decision))
        return decision._replace(reason=decision.reason + told)

    def _given(self, sender: Sender) -> list[MailKind]:
        """The answers that a sender was given within a day, those of this transaction among them."""
        since = self.record.now - DAY
        earlier = self.record.writing.answers_since(sender.email, since)
        folded = sender.email.casefold()
        return [*earlier, *(mail.kind for mail in self.answers if mail.to.casefold() == folded)]

    def _answer(self, kind: MailKind, each: Understood, sender: Sender, decision: Decision) -> Mail:
        # What a sender wrote may stand in the answer, true or not; what the desk knows only for whom it is meant.
        number = decision.number if kind is MailKind.HOW_TO_REOPEN else each.references.number
        return answers.compose(
            kind,
            to=sender.email,
            subject=each.message.subject,
            named=(each.message.message_id,) if each.message.message_id else (),
            number=number if kind in {MailKind.HOW_TO_REOPEN, MailKind.HOW_TO_REPLY} else None,
            place=_place(each),
            at=self.record.now,
            office=office(self.record, self._phone(kind, decision, sender)),
            key=self.key,
        )

    def _phone(self, kind: MailKind, decision: Decision, sender: Sender) -> str:
        """The number that an answer names: that of the case it tells of, else of whom it goes to (WHERE-1)."""
        case = self._case(decision.number) if kind is MailKind.HOW_TO_REOPEN and decision.number else None
        return self.record.phones.of_case(case) if case else self.record.phones.of_person(sender.email)

    def _bounced(self, id_: int, bounce: Bounce) -> Decision:
        """Mark the mail that came back, tell its case, and hold the ladder whose stage it was (MAIL-5, FU-6)."""
        mail = self._mail_of(bounce)
        decision = matching.bounced(bounce, mail)
        if mail and decision.code == "bounced":
            reason = ", ".join(filter(None, (bounce.status, bounce.reason))) or "it came back"
            case = self.cases.get(mail.number) if mail.number else None
            if case and case.opened_at > self.record.now:
                # A clock stood wrong, then or now: no event comes before its case.
                told = (
                    f"mail {mail.id} to {mail.to} came back, of a case opened at {iso(case.opened_at)}, after this"
                )
                return Decision(Outcome.TRIAGED, "refused", f"{told}: a clock stood wrong", mail.number)
            self.returned[mail.id] = mail._replace(state=MailState.BOUNCED, next_at=None, error=reason)
            if case:
                self._tell(case, mail, id_, bounce, reason)
        return decision

    def _mail_of(self, bounce: Bounce) -> Mail | None:
        """The mail that came back, by its own Message-ID: those that it answered stand behind that."""
        for named in bounce.message_ids[:1]:
            if reference.number_in(self.keys, named) is not None:
                mail = self.record.writing.mail_by_message_id(named)
                return self.returned.get(mail.id, mail) if mail else None
        return None

    def _tell(self, case: Case, mail: Mail, id_: int, bounce: Bounce, reason: str) -> None:
        told = {**mail.told(), "bounce": label(id_), "delivery_status": bounce.status, "reason": reason}
        after = self._change(case, self._event(Kind.MAIL_BOUNCED, told))
        ladder = after.followup
        if ladder and followup.has_mail(ladder, mail) and not ladder.held:
            held = {**stage_told(ladder, mail), "reason": reason}
            self._change(after, self._event(Kind.FOLLOW_UP_HELD, held))

    def _event(self, kind: Kind, data: Mapping[str, Any]) -> Event:
        return Event(self.record.now, SYSTEM, Via.EMAIL, kind, Visibility.INTERNAL, data)


def _target(case: Case) -> Target:
    reader = case.contact if confidential(case) else None
    return Target(case.number, case.account, case.closed, reader)


def unreadable(error: Exception) -> Decision:
    """What becomes of a message at which this program fails; its kind is told, not what was in it."""
    reason = f"care stumbled over it ({type(error).__name__}): it waits for a person"
    return Decision(Outcome.TRIAGED, "unreadable", reason)


def marked(each: Understood, decision: Decision) -> Received:
    """The stored message with what became of it."""
    message = each.message
    assert each.kept is not None, "only what is stored is looked at"
    return each.kept._replace(
        message_id=message.message_id,
        sender=message.sender,
        subject=message.subject,
        outcome=decision.outcome,
        number=decision.number,
        code=decision.code,
        reason=decision.reason,
    )


def _place(each: Understood) -> int:
    """What tells the answer's Message-ID from others': no id, as ids count the mail of everybody (DC-3)."""
    assert each.kept is not None, "only what is stored is looked at"
    return int(each.kept.digest[:14], 16)


def office(record: Record, phone: str) -> Office:
    """How the desk speaks to people of whom it knows no case; `phone` is the number that they call."""
    policy = record.policy()
    return Office(
        sender=record.config.mail_from,
        zone=record.settings.calendar.over(DESK_CALENDAR).timezone or "UTC",
        phone=phone,
        stages=len(policy.stages),
    )


def _verdict(message: Incoming, policy: MailPolicy) -> Verdict:
    domain = addresses.domain(message.sender) if message.sender else ""
    return trust.verdict(message.authentications, policy.trusted_servers, domain)


def _addresses(sender: str) -> frozenset[str]:
    """The desk's own addresses: what it sends from."""
    return frozenset(address.casefold() for address in addresses.every([sender]))
