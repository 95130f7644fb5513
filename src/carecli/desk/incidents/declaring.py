"""Making a case an incident, and saying what it is (INC-1, INC-3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from carecli.desk import parties
from carecli.desk.desk import Desk
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import access, incidents
from carecli.domain.access import Act, Right
from carecli.domain.case import Case
from carecli.domain.events import Kind
from carecli.domain.numbers import written
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import Status
from carecli.errors import NotFound


def declare(
    desk: Desk,
    number: int,
    texts: Mapping[str, str],
    specifics: Mapping[str, str],
    started_at: datetime | None = None,
) -> CaseView:
    """Turn a support case into an incident, by staff; it began when the case was opened where nothing is said."""
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        began, back = started_at or case.opened_at, _restored_at(record, case)
        case = record.append(case, incidents.declare(case, began, back, act, desk.now))
        if texts or specifics:
            case = _described(record, case, texts, specifics, None, act)
        return view(desk, record.writing, case)


def _restored_at(record: Record, case: Case) -> datetime | None:
    """When the service of a case that stands restored was restored."""
    if case.status is not Status.SERVICE_RESTORED:
        return None
    restored = [e.event.at for e in record.writing.history(case.number) if e.event.kind is Kind.RESTORED]
    return restored[-1] if restored else None


def describe(
    desk: Desk,
    number: int,
    texts: Mapping[str, str],
    specifics: Mapping[str, str],
    started_at: datetime | None = None,
) -> CaseView:
    """Say what the report is to tell, by staff, on a closed case too; nobody is told yet."""
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        return view(desk, record.writing, _described(record, case, texts, specifics, started_at, act))


def _described(
    record: Record,
    case: Case,
    texts: Mapping[str, str],
    specifics: Mapping[str, str],
    started_at: datetime | None,
    act: Act,
) -> Case:
    named = {account(record, name): text for name, text in specifics.items()}
    return record.append(case, incidents.describe(case, texts, named, started_at, act, record.now))


def account(record: Record, name: str) -> str:
    """The account's name as it is spelt here; raises NotFound."""
    found = record.writing.account(name)
    if found is None:
        raise NotFound(f"there is no account {name}", hint="`care account list` shows them", rule="INC-1")
    return found.name


def hold_post_mortem(desk: Desk, number: int, text: str | None, root_cause: str | None) -> CaseView:
    """Record that the post-mortem was held, by staff (INC-2)."""
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        event = incidents.hold_post_mortem(case, text, root_cause, act, desk.now)
        return view(desk, record.writing, record.append(case, event))


def show(desk: Desk, number: int) -> Case:
    """An incident whole, for staff."""
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        case = access.seen(desk.actor, reading.case(number), written(number))
        incidents.of(case)
        return case


def designated(record: Record, name: str) -> Sequence[str]:
    """The addresses of an account's Designated Contacts."""
    return [contact.email for contact in record.writing.contacts(name) if contact.designated]
