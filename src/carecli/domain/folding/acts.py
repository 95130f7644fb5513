"""What the acts of people make of a case (STAT-1..4)."""

from collections.abc import Mapping
from typing import Any

from carecli.domain import deadline, details, escalation, followup, linking, request, sla
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.folding.opening import promise, standing, with_clocks
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Priority


def acted(case: Case, event: Event, rules: Rules) -> Case:
    """An act that may answer the customer, and may move the case to another status."""
    answered = sla.answered(case.clocks, event.at) if event.data.get("answers") else case.clocks
    answering = case._replace(clocks=answered)
    if "release" in event.data:  # an evaluation says it, and unsays it (FR-1)
        answering = answering._replace(release=event.data["release"])
    return moved(answering, event, rules) if "status" in event.data else answering


def updated(case: Case, event: Event, rules: Rules) -> Case:
    """An update, perhaps with fields that the case was opened without (OPEN-4)."""
    return told_more(acted(case, event, rules), event.data.get("fields", {}))


def told_more(case: Case, fields: Mapping[str, Any]) -> Case:
    """A case with fields that are new or others; it lacks them no more (ROUTE-1)."""
    if not fields:
        return case
    known = {**case.fields, **fields}
    found = case.intake.get("assessment")
    if not found:
        return case._replace(fields=known)
    either = details.ONE_OF.get(case.subtype or "", ())
    told = {*fields, *(either if any(name in either for name in fields) else ())}
    missing = [name for name in found["missing"] if name not in told]
    return case._replace(fields=known, intake={**case.intake, "assessment": {**found, "missing": missing}})


def moved(case: Case, event: Event, rules: Rules) -> Case:
    """A case that comes to stand elsewhere; its clocks go along, its ladder ends unless it waits on."""
    after = standing(event.data)
    clocks = case.clocks
    if case.timed:
        clocks = sla.moved(clocks, case.standing, after, event.at, promise(case, rules))
    ladder = case.followup if after.awaits_customer else None
    return case._replace(standing=after, clocks=clocks, followup=ladder)


def requested(case: Case, event: Event, rules: Rules) -> Case:
    """A request to the customer: a new round of the ladder (FU-3)."""
    ladder = followup.requested(case.rounds + 1, event.at, rules)
    return acted(case, event, rules)._replace(rounds=ladder.round, followup=ladder)


def closed(case: Case, event: Event, rules: Rules) -> Case:
    """An end; it also ends an escalation, as nothing is left to answer (ESC-1)."""
    closed = relieved(case, event, rules)._replace(closed_at=event.at, closed_by=event.actor)
    # Nobody decides any more on a request that is over (SR-1).
    closed = closed._replace(deadlines=deadline.cancelled(closed.deadlines, request.DEADLINES))
    return _explained(closed._replace(root_cause=event.data.get("root_cause") or case.root_cause), event.data)


def reopened(case: Case, event: Event, rules: Rules) -> Case:
    """A case that goes on after its end (REO-1)."""
    return acted(case, event, rules)._replace(closed_at=None, closed_by=None)


def assigned(case: Case, event: Event, _rules: Rules) -> Case:
    """A new owner or product group (DC-5)."""
    return case._replace(owner=event.data["owner"], group=event.data["group"])


def prioritised(case: Case, event: Event, rules: Rules) -> Case:
    """A new severity: the clocks run by its targets (SLA-5)."""
    available = {key: event.data[key] for key in ("available_contact",) if key in event.data}
    changed = case._replace(priority=Priority(event.data["priority"]), fields={**case.fields, **available})
    if not case.timed:
        return changed
    clocks = sla.prioritised(case.clocks, case.standing, event.at, promise(changed, rules))
    return changed._replace(clocks=clocks)


def component_changed(case: Case, event: Event, _rules: Rules) -> Case:
    """Another component (OPEN-6)."""
    return case._replace(component=event.data["component"])


def article_linked(case: Case, event: Event, _rules: Rules) -> Case:
    """An article that says how it was solved (CLOSE-1)."""
    return _explained(case, event.data)


def _explained(case: Case, data: Mapping[str, Any]) -> Case:
    """The case with the article and the defect that an event names, where it names any (CLOSE-1)."""
    named = [label for label in (data.get("article"),) if label and label not in case.articles]
    return case._replace(articles=(*case.articles, *named), defect=data.get("defect") or case.defect)


def clocks_started(case: Case, event: Event, rules: Rules) -> Case:
    """Clocks that begin after the opening, on a case brought in from another desk (IMP-1)."""
    started = with_clocks(case, event.at, rules)
    promised = promise(case, rules)
    clocks = sla.moved(started.clocks, case.standing, case.standing, event.at, promised)
    return started._replace(clocks=sla.answered(clocks, event.at) if event.data["answered"] else clocks)


def escalated(case: Case, event: Event, rules: Rules) -> Case:
    """A case raised above its queue (ESC-1)."""
    return acted(case, event, rules)._replace(escalation=escalation.raised(case.escalation, event))


def relieved(case: Case, event: Event, rules: Rules) -> Case:
    """An escalation answered, taken back, or without a case to stand on (ESC-1)."""
    return acted(case, event, rules)._replace(escalation=None)


def linked(case: Case, event: Event, _rules: Rules) -> Case:
    """A link that came, or went."""
    return case._replace(links=linking.after(case.links, event))
