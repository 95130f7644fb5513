"""How a case begins (OPEN-1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from carecli.domain import deadline, sla
from carecli.domain.case import Case
from carecli.domain.deadline import DeadlineKind, Deadlines
from carecli.domain.events import Event
from carecli.domain.linking import Link
from carecli.domain.request import Request
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Plan, Priority, Standing, Status, Substatus


def opened(event: Event, rules: Rules) -> Case:
    """The case that its first event makes."""
    data = event.data
    case = Case(
        number=data["number"],
        seq=1,
        type=CaseType(data["type"]),
        subtype=data["subtype"],
        stage=data["stage"],
        subject=data["subject"],
        account=data["account"],
        plan=Plan(data["plan"]),
        deployment=data["deployment"],
        service=data["service"],
        component=data["component"],
        contact=data["contact"],
        owner=data["owner"],
        group=data["group"],
        priority=Priority(data["priority"]),
        standing=standing(data),
        opened_at=event.at,
        modified_at=event.at,
        closed_at=None,
        closed_by=None,
        via=event.via,
        policy=data["policy"],
        calendar=data["calendar"],
        rounds=0,
        clocks=(),
        followup=None,
        links=tuple(Link(link["kind"], link["number"]) for link in data["links"]),
        description=data["description"],
        impact=data["impact"],
        fields=data["fields"],
        intake=data.get("intake", {}),
    )
    if data.get("decided_on"):
        case = case._replace(request=Request(), deadlines=request_deadlines((), event.at, rules))
    return with_clocks(case, event.at, rules) if data["clocks"] else case


def request_deadlines(deadlines: Deadlines, at: datetime, rules: Rules) -> Deadlines:
    """With those of a request that is submitted now: to acknowledge it, and to decide on it (SR-1)."""
    promised, calendar = rules.policy.requests, rules.calendar
    begun = deadline.begun(deadlines, DeadlineKind.ACKNOWLEDGEMENT, at, promised.acknowledge, calendar)
    return deadline.begun(begun, DeadlineKind.DECISION, at, promised.decision, calendar)


def with_clocks(case: Case, at: datetime, rules: Rules) -> Case:
    """Clocks run for the case types that the policy names (SLA-2)."""
    if case.type not in rules.policy.clock_types:
        return case
    return case._replace(timed=True, clocks=sla.begun(promise(case, rules), at))


def standing(data: Mapping[str, Any]) -> Standing:
    """Where an event says that the case stands."""
    return Standing(Status(data["status"]), Substatus(data["substatus"]))


def promise(case: Case, rules: Rules) -> sla.Promise:
    """What is promised to a case as it is."""
    return sla.Promise(case.plan, case.priority, rules, case.rebasings)
