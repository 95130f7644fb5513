"""What is to be done after an incident, by whom and until when (INC-3)."""

from datetime import datetime
from typing import NamedTuple

from carecli.desk import parties
from carecli.desk.desk import Desk
from carecli.desk.incidents.declaring import show
from carecli.desk.reading import view
from carecli.domain import access, incidents
from carecli.domain.access import Right
from carecli.domain.finding import Filter, Query
from carecli.domain.incident import Action
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import CaseType
from carecli.errors import NotFound


def add(desk: Desk, number: int, text: str, owner: str | None, due_at: datetime) -> CaseView:
    """Add an action for a member of staff, by default the actor; the tick watches its date."""
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        email = owner or desk.actor.email
        member = record.writing.staff_member(email)
        if member is None or not member.active:
            raise NotFound(
                f"there is no active member of staff {email}", hint="`care staff list` shows them", rule="INC-3"
            )
        event = incidents.add_action(case, text, member.email, due_at, act, desk.now)
        return view(desk, record.writing, record.append(case, event))


def done(desk: Desk, number: int, id_: int, text: str | None) -> CaseView:
    """Record that an action was done, by staff."""
    with desk.record() as record:
        act, case = parties.staff_act(record), record.case(number)
        event = incidents.finish_action(case, id_, text, act, desk.now)
        return view(desk, record.writing, record.append(case, event))


class Listed(NamedTuple):
    """An action with the case whose it is."""

    number: int
    action: Action


def every(desk: Desk, number: int | None = None) -> list[Listed]:
    """The actions of an incident, or what is open of all incidents, by date; for staff."""
    if number is not None:
        case = show(desk, number)
        return [Listed(case.number, one) for one in incidents.of(case).actions]
    access.require(desk.actor, Right.WORK_CASES)
    with desk.reading() as reading:
        wanted = Filter(type=CaseType.INCIDENT.value, closed=True)
        numbers = [state["number"] for state in reading.find(Query(filter=wanted, limit=None)).states]
        found = [
            Listed(case.number, one)
            for case in reading.cases(numbers)
            if case.incident
            for one in case.incident.actions
            if one.done_at is None
        ]
    return sorted(found, key=lambda one: (one.action.due_at, one.number, one.action.id))
