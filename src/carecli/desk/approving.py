"""What an admin case asks for, applied once an admin approves it, or declined (ADM-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.desk import parties
from carecli.desk.cases import appended
from carecli.desk.names import person_name
from carecli.desk.reading import view
from carecli.domain import access, approving
from carecli.domain.access import Right
from carecli.domain.events import Kind
from carecli.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.approving import Change
    from carecli.domain.case import Case
    from carecli.domain.events import Event
    from carecli.domain.opening import Form
    from carecli.domain.people import Contact
    from carecli.domain.views import CaseView
    from carecli.store.protocol import Reading


class Approved(NamedTuple):
    """An admin case that was approved, and the event, which says what was changed for whom."""

    view: CaseView
    event: Event


def approve(desk: Desk, number: int, text: str | None = None) -> Approved:
    """Approve what an admin case asks for, by an admin: it is applied, and the case closes.

    A PIN that is reset is taken away: the contact sets a new one. Raises NotFound where the contact is no active
    one of the account any more.
    """
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        case = record.case(number)
        wanted = approving.change(case)
        was = _person(record.writing, wanted.person, case.account)
        event = approving.approve(case, wanted, was, text, parties.staff_act(record), record.now)
        after = record.append(case, event)
        _apply(record, wanted, was)
        return Approved(view(desk, record.writing, after), event)


def _apply(record: Record, wanted: Change, was: Contact) -> None:
    changed = wanted.applied(was)
    changed = changed._replace(name=person_name(changed.name))
    record.writing.put_contact(changed)
    record.desk_event(Kind.CONTACT_CHANGED, changed.document())
    if wanted.pin_reset:
        from carecli.desk import pins

        pins.take_away(record, was.email)


def decline(desk: Desk, number: int, text: str) -> CaseView:
    """Decline what an admin case asks for, by an admin, with the reason: nothing changes, the case closes."""

    def decide(record: Record, case: Case) -> Event:
        access.require(desk.actor, Right.ADMINISTER)
        return approving.decline(case, text, parties.staff_act(record), record.now)

    return appended(desk, number, decide)


def check(reading: Reading, subtype: str | None, fields: Mapping[str, Any], of: Form | Case) -> None:
    """Refuse an admin case that asks for what could not be applied: for nobody of the account, or no name."""
    wanted = approving.asked(subtype, fields, of.contact or "")
    if wanted is None:
        return
    _person(reading, wanted.person, of.account or "")
    if wanted.name:
        person_name(wanted.name)


def _person(reading: Reading, email: str, account: str) -> Contact:
    """The active contact of the account whom a change is for; raises NotFound in the same words for any other."""
    found = reading.contact(email)
    if found is None or found.account != account or not found.active:
        raise NotFound(
            f"{account} has no active contact {email[:80]}", hint="`care contact list` shows them", rule="DC-3"
        )
    return found
