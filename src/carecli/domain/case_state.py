"""A case as JSON values, whole, as the record keeps it between two commands."""

from collections.abc import Mapping
from typing import Any, Final

from carecli.domain import chat, clock, deadline, escalation, exemption, followup, incident, rebasing, request
from carecli.domain.case import Case
from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.domain.linking import Link
from carecli.domain.vocabulary import CaseType, Plan, Priority, Standing, Status, Substatus, Via

Document = dict[str, Any]


def state(case: Case, was: Case | None = None, told: Document | None = None) -> Document:
    """The case as JSON, without its long texts; of `told`, as it `was`, unchanged clocks are taken over."""
    return {
        "number": case.number,
        "seq": case.seq,
        "type": case.type.value,
        "subtype": case.subtype,
        "stage": case.stage,
        "subject": case.subject,
        "account": case.account,
        "plan": case.plan.value,
        "deployment": case.deployment,
        "service": case.service,
        "component": case.component,
        "contact": case.contact,
        "owner": case.owner,
        "group": case.group,
        "priority": case.priority.value,
        "status": case.standing.status.value,
        "substatus": case.standing.substatus.value,
        "opened_at": iso(case.opened_at),
        "modified_at": iso(case.modified_at),
        "closed_at": iso_or_none(case.closed_at),
        "closed_by": case.closed_by,
        "via": case.via.value,
        "policy": case.policy,
        "calendar": case.calendar,
        "rounds": case.rounds,
        "clocks": _clocks(case, was, told),
        "followup": followup.document(case.followup) if case.followup else None,
        "links": [_link(link) for link in case.links],
        "escalated": case.escalated,
        "timed": case.timed,
        # Only where there is one, as for links: the state of any other case is what older releases wrote.
        **({"escalation": escalation.document(case.escalation)} if case.escalation else {}),
        **({"deadlines": [deadline.document(one) for one in case.deadlines]} if case.deadlines else {}),
        **({"chats": case.chats} if case.chats else {}),
        **({"chat": chat.document(case.chat)} if case.chat else {}),
        **({"request": request.document(case.request)} if case.request else {}),
        **({"exemptions": [exemption.document(one) for one in case.exemptions]} if case.exemptions else {}),
        **({"exempted": case.exempted} if case.exempted else {}),
        **({"rebasings": [rebasing.document(one) for one in case.rebasings]} if case.rebasings else {}),
    }


def _link(link: Link) -> list[str | int]:
    """Kind and number, and behind them whether it is internal, where it is."""
    return [*link] if link.internal else [link.kind, link.number]


def _clocks(case: Case, was: Case | None, told: Document | None) -> list[Document]:
    known = {id(c): doc for c, doc in zip(was.clocks, told["clocks"], strict=True)} if was and told else {}
    return [known.get(id(c)) or clock.document(c) for c in case.clocks]


def texts(case: Case) -> Document:
    """The long texts of a case as JSON, which lists do without."""
    return {
        "description": case.description,
        "impact": case.impact,
        "fields": dict(case.fields),
        "root_cause": case.root_cause,
        # Only where there is any: the texts of other cases are what older releases wrote.
        **({"intake": dict(case.intake)} if case.intake else {}),
        **({"defect": case.defect} if case.defect else {}),
        **({"release": case.release} if case.release else {}),
        **({"articles": list(case.articles)} if case.articles else {}),
        **({"incident": incident.document(case.incident)} if case.incident else {}),
    }


NO_TEXTS: Final[Mapping[str, Any]] = {"description": "", "fields": {}, "impact": None, "root_cause": None}


def case(doc: Mapping[str, Any], long: Mapping[str, Any] = NO_TEXTS) -> Case:
    """Read what `state` and `texts` wrote; without texts they are left empty."""
    raised = doc.get("escalation")
    return Case(
        number=doc["number"],
        seq=doc["seq"],
        type=CaseType(doc["type"]),
        subtype=doc["subtype"],
        stage=doc["stage"],
        subject=doc["subject"],
        account=doc["account"],
        plan=Plan(doc["plan"]),
        deployment=doc["deployment"],
        service=doc["service"],
        component=doc["component"],
        contact=doc["contact"],
        owner=doc["owner"],
        group=doc["group"],
        priority=Priority(doc["priority"]),
        standing=Standing(Status(doc["status"]), Substatus(doc["substatus"])),
        opened_at=instant(doc["opened_at"]),
        modified_at=instant(doc["modified_at"]),
        closed_at=instant_or_none(doc["closed_at"]),
        closed_by=doc["closed_by"],
        via=Via(doc["via"]),
        policy=doc["policy"],
        calendar=doc["calendar"],
        rounds=doc["rounds"],
        clocks=tuple(clock.from_document(c) for c in doc["clocks"]),
        followup=followup.from_document(doc["followup"]) if doc["followup"] else None,
        links=tuple(Link(*link) for link in doc["links"]),
        description=long["description"],
        impact=long["impact"],
        fields=long["fields"],
        root_cause=long["root_cause"],
        escalation=escalation.from_document(raised) if raised else None,
        timed=doc["timed"],
        intake=long.get("intake", {}),
        defect=long.get("defect"),
        release=long.get("release"),
        articles=tuple(long.get("articles", ())),
        incident=incident.from_document(long["incident"]) if long.get("incident") else None,
        deadlines=tuple(deadline.from_document(one) for one in doc.get("deadlines", ())),
        chats=doc.get("chats", 0),
        chat=chat.from_document(doc["chat"]) if doc.get("chat") else None,
        request=request.from_document(doc["request"]) if "request" in doc else None,
        exemptions=tuple(exemption.from_document(one) for one in doc.get("exemptions", ())),
        exempted=doc.get("exempted", 0),
        rebasings=tuple(rebasing.from_document(one) for one in doc.get("rebasings", ())),
    )
