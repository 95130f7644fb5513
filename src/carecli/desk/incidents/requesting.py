"""Asking for an incident report: by command, or by what a customer writes in an update or a mail (INC-2)."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from carecli.desk import parties
from carecli.desk.desk import Desk
from carecli.desk.incidents.declaring import account as known_account
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import incident_wish, incidents
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.linking import LinkKind
from carecli.domain.numbers import written
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import Role, Side, Via
from carecli.errors import Invalid, NotPermitted, Refused

Lookup = Callable[[int], Case | None]


class Part(NamedTuple):
    """A case in an incident: the incident, and the account's own case, which may be the same one or none."""

    incident: Case
    account: str
    own: Case | None


def incident_of(lookup: Lookup, case: Case) -> Case | None:
    """The incident that a case is or is affected by, whoever's it is."""
    if case.incident:
        return case
    for link in case.links:
        found = lookup(link.number) if link.kind == LinkKind.CAUSED_BY else None
        if found and found.incident and any(one.number == case.number for one in found.incident.affected):
            return found
    return None


def part(lookup: Lookup, case: Case, account: str | None = None) -> Part:
    """The part that an account has in the incident of a case, by default the case's account; raises Refused."""
    incident = incident_of(lookup, case)
    if incident is None:
        number = written(case.number)
        raise Refused(
            f"case {number} is part of no incident, and there are reports on incidents alone",
            hint=f"ask Customer Care about it: care update {number} -m TEXT",
            rule="INC-2",
        )
    whose = account or case.account
    if whose == case.account:
        return Part(incident, whose, case)
    assert incident.incident is not None, "an incident is one"
    numbers = [one.number for one in incident.incident.affected if one.account == whose and one.number]
    if whose == incident.account:
        return Part(incident, whose, incident)
    return Part(incident, whose, lookup(numbers[0]) if numbers else None)


def request(
    desk: Desk,
    number: int,
    text: str | None = None,
    *,
    account: str | None = None,
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
) -> CaseView:
    """Ask for the report: a Designated Contact on a case of the own account, or staff for an account (INC-2).

    Raises Refused for a case that is part of no incident, and where the report is asked for already.
    """
    with desk.record() as record:
        case = record.case(number)
        act = parties.either_act(record, case, via, contact, pin)
        if account and act.side is Side.CONTACT:
            refusal = NotPermitted if record.actor.is_contact else Invalid
            raise refusal("--for is for staff", hint="leave it out: it is your own account", rule="INC-2")
        whose = known_account(record, account) if account else None
        wanted = part(record.writing.case, case, whose)
        changed = [record.append(*step) for step in _asked(wanted, text, act, record)]
        own = next((one for one in changed if one.number == number), case)
        return view(desk, record.writing, own)


def _asked(wanted: Part, text: str | None, act: Act, record: Record) -> Iterator[tuple[Case, Event]]:
    incident, account, own = wanted
    number = own.number if own else None
    told = seeing_to_it(record, incident)
    event = incidents.request_report(incident, account, number, text, act, record.now, told)
    if own and own.number != incident.number:
        yield own, incidents.wish(own, text, act, record.now)
    yield incident, event


def seeing_to_it(record: Record, incident: Case) -> tuple[str, ...]:
    """Who is told that a report is wanted: the incident's owner, else the managers of its group (INC-2).

    Where it has none, all managers are, and admins where the desk has no manager.
    """
    staff = [member for member in record.writing.staff() if member.active]
    managers = [member for member in staff if member.role is Role.MANAGER]
    choices = (
        [member for member in staff if member.email == incident.owner],
        [member for member in managers if incident.group and member.group == incident.group],
        managers,
        [member for member in staff if member.role is Role.ADMIN],
    )
    return tuple(member.email for member in next(filter(None, choices), []))


SAID: Final = frozenset(
    {Kind.COMMENTED, Kind.CHATTED, Kind.ATTACHED, Kind.ACCEPTED, Kind.REJECTED, Kind.CLOSED, Kind.REOPENED}
)
"""In what a customer may ask for the report."""


def wished(record: Record, lookup: Lookup, case: Case, event: Event) -> Iterator[tuple[Case, Event]]:
    """What is to be appended because a customer's message asks for the report; nothing where it does not."""
    asks = event.kind in SAID and event.public and incident_wish.asks(event.data.get("text") or "")
    incident = incident_of(lookup, case) if asks else None
    if incident is None or incident.incident is None or incident.incident.waiting(case.account):
        return
    act = Act(event.actor, Side.CONTACT, event.via, event.data.get("logged_by"))
    if case.number != incident.number:
        yield case, incidents.wish(case, None, act, event.at)
    told = seeing_to_it(record, incident)
    yield incident, incidents.request_report(incident, case.account, case.number, None, act, event.at, told)
