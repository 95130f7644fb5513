"""A case as its history adds up to it: one fold over events (STAT-4)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from carecli.domain import escalation, followup, linking, sla
from carecli.domain.clock import Clock
from carecli.domain.escalation import Escalation
from carecli.domain.events import Event, Kind
from carecli.domain.followup import FollowUp
from carecli.domain.instants import instant
from carecli.domain.linking import Link
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Metric, Plan, Priority, Standing, Status, Substatus, Via


class Case(NamedTuple):
    """The state of a case; `texts` and `fields` are what the customer wrote, `seq` counts its events."""

    number: int
    seq: int
    type: CaseType
    subtype: str | None
    stage: str | None
    subject: str
    account: str
    plan: Plan
    deployment: str | None
    service: str | None
    component: str | None
    contact: str
    owner: str | None
    group: str | None
    priority: Priority
    standing: Standing
    opened_at: datetime
    modified_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    via: Via
    policy: str
    calendar: str
    rounds: int
    clocks: tuple[Clock, ...]
    followup: FollowUp | None
    links: tuple[Link, ...]
    description: str
    impact: str | None
    fields: Mapping[str, Any]
    root_cause: str | None = None
    escalation: Escalation | None = None
    timed: bool = False
    intake: Mapping[str, Any] = MappingProxyType({})
    """What was kept of the opening beside the form: checklist, selection of the component, assessment."""
    defect: str | None = None
    articles: tuple[str, ...] = ()
    """The labels of the knowledge articles that it is linked with (CLOSE-1)."""

    @property
    def status(self) -> Status:
        """Its status."""
        return self.standing.status

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return self.standing.closed

    @property
    def escalated(self) -> bool:
        """Whether an escalation stands (ESC-1)."""
        return self.escalation is not None

    def clock(self, metric: Metric, cycle: int) -> Clock:
        """One of its clocks."""
        return next(c for c in self.clocks if c.metric is metric and c.cycle == cycle)


def replay(events: Iterable[Event], rules: Rules) -> Case:
    """The case that a whole history adds up to."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event, rules)
    assert case is not None, "a history begins with an opening"
    return case


def fold(case: Case, events: Iterable[Event], rules: Rules) -> Case:
    """The case after more of its history."""
    for event in events:
        case = evolve(case, event, rules)
    return case


def evolve(case: Case | None, event: Event, rules: Rules) -> Case:
    """The case after one more event."""
    if case is None:
        return _opened(event, rules)
    after = STEPS.get(event.kind, _unchanged)(case._replace(seq=case.seq + 1), event, rules)
    if event.public and event.kind in UPDATES:
        return after._replace(modified_at=max(case.modified_at, event.at))
    return after


def _opened(event: Event, rules: Rules) -> Case:
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
        standing=_standing(data),
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
    return _with_clocks(case, event.at, rules) if data["clocks"] else case


def _with_clocks(case: Case, at: datetime, rules: Rules) -> Case:
    """Clocks run for the case types that the policy names (SLA-2)."""
    if case.type not in rules.policy.clock_types:
        return case
    return case._replace(timed=True, clocks=sla.begun(_promise(case, rules), at))


def _standing(data: Mapping[str, Any]) -> Standing:
    return Standing(Status(data["status"]), Substatus(data["substatus"]))


def _promise(case: Case, rules: Rules) -> sla.Promise:
    return sla.Promise(case.plan, case.priority, rules)


def _unchanged(case: Case, _event: Event, _rules: Rules) -> Case:
    return case


def _acted(case: Case, event: Event, rules: Rules) -> Case:
    """An act that may answer the customer, and may move the case to another status."""
    answered = sla.answered(case.clocks, event.at) if event.data.get("answers") else case.clocks
    answering = case._replace(clocks=answered)
    return _moved(answering, event, rules) if "status" in event.data else answering


def _moved(case: Case, event: Event, rules: Rules) -> Case:
    after = _standing(event.data)
    clocks = case.clocks
    if case.timed:
        clocks = sla.moved(clocks, case.standing, after, event.at, _promise(case, rules))
    ladder = case.followup if after.awaits_customer else None
    return case._replace(standing=after, clocks=clocks, followup=ladder)


def _requested(case: Case, event: Event, rules: Rules) -> Case:
    """A request to the customer: a new round of the ladder (FU-3)."""
    ladder = followup.requested(case.rounds + 1, event.at, rules)
    return _acted(case, event, rules)._replace(rounds=ladder.round, followup=ladder)


def _closed(case: Case, event: Event, rules: Rules) -> Case:
    """An end; it also ends an escalation, as nothing is left to answer (ESC-1)."""
    closed = _relieved(case, event, rules)._replace(closed_at=event.at, closed_by=event.actor)
    return _explained(closed._replace(root_cause=event.data.get("root_cause") or case.root_cause), event.data)


def _reopened(case: Case, event: Event, rules: Rules) -> Case:
    return _acted(case, event, rules)._replace(closed_at=None, closed_by=None)


def _assigned(case: Case, event: Event, _rules: Rules) -> Case:
    return case._replace(owner=event.data["owner"], group=event.data["group"])


def _prioritised(case: Case, event: Event, rules: Rules) -> Case:
    available = {key: event.data[key] for key in ("available_contact",) if key in event.data}
    changed = case._replace(priority=Priority(event.data["priority"]), fields={**case.fields, **available})
    if not case.timed:
        return changed
    clocks = sla.prioritised(case.clocks, case.standing, event.at, _promise(changed, rules))
    return changed._replace(clocks=clocks)


def _component_changed(case: Case, event: Event, _rules: Rules) -> Case:
    return case._replace(component=event.data["component"])


def _article_linked(case: Case, event: Event, _rules: Rules) -> Case:
    return _explained(case, event.data)


def _explained(case: Case, data: Mapping[str, Any]) -> Case:
    """The case with the article and the defect that an event names, where it names any (CLOSE-1)."""
    named = [label for label in (data.get("article"),) if label and label not in case.articles]
    return case._replace(articles=(*case.articles, *named), defect=data.get("defect") or case.defect)


def _clocks_started(case: Case, event: Event, rules: Rules) -> Case:
    """Clocks that begin after the opening, on a case brought in from another desk (IMP-1)."""
    started = _with_clocks(case, event.at, rules)
    promise = _promise(case, rules)
    clocks = sla.moved(started.clocks, case.standing, case.standing, event.at, promise)
    return started._replace(clocks=sla.answered(clocks, event.at) if event.data["answered"] else clocks)


def _escalated(case: Case, event: Event, rules: Rules) -> Case:
    return _acted(case, event, rules)._replace(escalation=escalation.raised(case.escalation, event))


def _relieved(case: Case, event: Event, rules: Rules) -> Case:
    return _acted(case, event, rules)._replace(escalation=None)


def _linked(case: Case, event: Event, _rules: Rules) -> Case:
    return case._replace(links=linking.after(case.links, event))


def _follow_up_sent(case: Case, event: Event, rules: Rules) -> Case:
    if case.followup is None:
        return case
    due_at = instant(event.data["due_at"])
    return case._replace(followup=followup.sent(case.followup, event.data["stage"], due_at, event.at, rules))


def _follow_up_held(case: Case, event: Event, _rules: Rules) -> Case:
    ladder = case.followup
    if ladder is None or ladder.round != event.data["round"]:
        return case
    return case._replace(followup=followup.held(ladder))


def _follow_up_resumed(case: Case, event: Event, rules: Rules) -> Case:
    ladder = case.followup
    if ladder is None or ladder.round != event.data["round"]:
        return case
    late = 0 < ladder.stage == event.data["stage"]
    if not (ladder.held or late):
        return case
    return case._replace(followup=followup.resumed(ladder, event.at, rules))


def _clock_marked(case: Case, event: Event, _rules: Rules) -> Case:
    named = Metric(event.data["metric"]), event.data["cycle"]
    marked = tuple(_marked(c, event) if (c.metric, c.cycle) == named else c for c in case.clocks)
    return case._replace(clocks=marked)


def _marked(clock: Clock, event: Event) -> Clock:
    if event.kind is Kind.CLOCK_WARNED:
        return clock._replace(warned_at=event.at)
    return clock._replace(breached_at=event.at)


UPDATES = frozenset(
    {
        Kind.COMMENTED,
        Kind.INVESTIGATED,
        Kind.ASKED,
        Kind.PROPOSED,
        Kind.RESTORED,
        Kind.ACCEPTED,
        Kind.REJECTED,
        Kind.CLOSED,
        Kind.REOPENED,
        Kind.ATTACHED,
        Kind.PRIORITY_CHANGED,
        Kind.ESCALATED,
        Kind.ESCALATION_ANSWERED,
        Kind.ESCALATION_WITHDRAWN,
    }
)
"""What moves `modified_at` where it is public (UPD-1)."""

STEPS: Mapping[Kind, Callable[[Case, Event, Rules], Case]] = {
    Kind.COMMENTED: _acted,
    Kind.INVESTIGATED: _acted,
    Kind.ASKED: _requested,
    Kind.PROPOSED: _requested,
    Kind.RESTORED: _acted,
    Kind.ACCEPTED: _closed,
    Kind.REJECTED: _acted,
    Kind.CLOSED: _closed,
    Kind.REOPENED: _reopened,
    Kind.ATTACHED: _acted,
    Kind.ASSIGNED: _assigned,
    Kind.COMPONENT_CHANGED: _component_changed,
    Kind.ARTICLE_LINKED: _article_linked,
    Kind.PRIORITY_CHANGED: _prioritised,
    Kind.CLOCKS_STARTED: _clocks_started,
    Kind.ESCALATED: _escalated,
    Kind.ESCALATION_ANSWERED: _relieved,
    Kind.ESCALATION_WITHDRAWN: _relieved,
    Kind.LINKED: _linked,
    Kind.UNLINKED: _linked,
    Kind.FOLLOW_UP_SENT: _follow_up_sent,
    Kind.FOLLOW_UP_HELD: _follow_up_held,
    Kind.FOLLOW_UP_RESUMED: _follow_up_resumed,
    Kind.CLOCK_WARNED: _clock_marked,
    Kind.CLOCK_BREACHED: _clock_marked,
}
