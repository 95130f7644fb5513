"""Who answers for an act: the actor, or the caller whose act a member of staff logs (DC-4, UPD-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.desk.record import Record
from carecli.domain import access
from carecli.domain.access import Act, Right
from carecli.domain.case import Case
from carecli.domain.people import Contact
from carecli.domain.sight import confidential
from carecli.domain.vocabulary import Side, Via
from carecli.errors import Invalid, NotFound, Refused

if TYPE_CHECKING:
    from carecli.store.protocol import Reading


def staff_act(record: Record) -> Act:
    """An act of Customer Care by the actor; raises NotPermitted for anybody else (DC-5)."""
    access.require(record.actor, Right.WORK_CASES)
    return Act(record.actor.email, Side.STAFF, Via.DESK)


def customer_act(
    record: Record, case: Case, via: Via | None, contact: str | None = None, pin: str | None = None
) -> Act:
    """An act of the customer: the actor's own, or a caller's that staff log with `--via phone` (UPD-1)."""
    if record.actor.is_staff and via is Via.PHONE:
        return caller_act(record, case, contact or case.contact, pin)
    _refuse_caller(record, contact, pin)
    access.require(record.actor, Right.ACT_AS_CUSTOMER)
    return Act(record.actor.email, Side.CONTACT, _own_channel(via))


def either_act(
    record: Record, case: Case, via: Via | None, contact: str | None = None, pin: str | None = None
) -> Act:
    """An act that both sides have: staff's own, a caller's that they log, or the customer's (STAT-3)."""
    if record.actor.is_staff and via is not Via.PHONE:
        _refuse_caller(record, contact, pin)
        return staff_act(record)
    return customer_act(record, case, via, contact, pin)


def caller_act(record: Record, case: Case, email: str, pin: str | None) -> Act:
    """The act of a caller: a Designated Contact of the case's account, with the PIN if the policy asks."""
    access.require(record.actor, Right.WORK_CASES)
    if pin is not None or record.rules(case).policy.phone["ask_pin"]:
        # Imported here: few acts are those of callers. Before anything is told of who is a contact here.
        from carecli.desk import pins

        contact = record.writing.contact(email)
        known = contact if contact and acts_for(record.writing, contact, case.account) else None
        pins.prove(record, email, known, pin)
    caller = designated_of(record.writing, email, case)
    return Act(caller, Side.CONTACT, Via.PHONE, logged_by=record.actor.email)


def designated(reading: Reading, email: str, account: str) -> str:
    """The address of an active Designated Contact of the account, or a refusal (OPEN-10)."""
    contact = reading.contact(email)
    if contact is None or not acts_for(reading, contact, account):
        raise NotFound(
            f"{account} has no contact {email}",
            hint="`care contact list --account` shows its contacts",
            rule="OPEN-10",
        )
    if not contact.designated:
        raise Refused(
            f"{contact.email} is no active Designated Contact",
            hint="only contacts with read-write access act on cases; `care contact list` shows them",
            rule="OPEN-10",
        )
    return contact.email


def designated_of(reading: Reading, email: str, case: Case) -> str:
    """The address of somebody who may act on a case; a data-privacy request is its contact's alone (SR-1)."""
    found = designated(reading, email, case.account)
    if confidential(case) and found != case.contact:
        raise Refused(
            "a data-privacy request is its contact's alone",
            hint="leave --contact out, or ask its contact",
            rule="SR-1",
        )
    return found


def acts_for(reading: Reading, contact: Contact, account: str) -> bool:
    """Whether a contact is one of the account, or of the one that it was sold through (ACC-5)."""
    if contact.account == account:
        return True
    found, own = reading.account(account), reading.account(contact.account)
    return found is not None and own is not None and own.active and found.parent == own.name


def _refuse_caller(record: Record, contact: str | None, pin: str | None) -> None:
    """Raise for a caller where nobody calls: without `--via phone`, or from a contact, who acts for himself."""
    if contact is not None or pin is not None:
        if record.actor.is_contact:
            what, hint = "--contact and --pin are for Customer Care, who log a call", "leave them out"
        else:
            what, hint = "--contact and --pin describe a caller", "add --via phone"
        raise Invalid(what, hint=hint, rule="UPD-1")


def _own_channel(via: Via | None) -> Via:
    if via not in {None, Via.PORTAL}:
        raise Invalid(f"contacts act via portal, not {via}", hint="leave --via out", rule="OPEN-8")
    return Via.PORTAL
