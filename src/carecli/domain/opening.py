"""What a new case must say, and who may open it how (OPEN-1..4, OPEN-8..10)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from carecli.domain import details
from carecli.domain.access import Act
from carecli.domain.events import Event, Kind
from carecli.domain.lifecycle import TEXT_MAX, encodable
from carecli.domain.linking import Link
from carecli.domain.policy import Policy
from carecli.domain.request import DECIDED_ON
from carecli.domain.transitions import first_standing
from carecli.domain.vocabulary import CaseType, Plan, Priority, Side, Stage, Via, Visibility
from carecli.errors import Invalid, Refused

SUBTYPES: Mapping[CaseType, tuple[str, ...]] = {
    CaseType.SUPPORT: ("problem", "question"),
    CaseType.SERVICE_REQUEST: (
        "password-reset",
        "change-request",
        "new-project",
        "service-order",
        "data-privacy",
    ),
    CaseType.FEATURE_REQUEST: (),
    CaseType.ADMIN: ("access-level", "contact-data", "pin-reset", "login", "portal"),
    CaseType.INCIDENT: (),
}
ANSWERS = (
    "users_affected",
    "frequency",
    "observed_at",
    "steps",
    "troubleshooting",
    "local_contact",
    "hours_location",
)
"""What is asked for beside, and nobody must answer (OPEN-4)."""
_OF_SUBTYPE: Mapping[str, tuple[str, ...]] = {
    "problem": ANSWERS,
    "password-reset": ("users_affected", "local_contact"),
    "change-request": ("users_affected", "steps", "local_contact", "hours_location"),
    "new-project": ("users_affected", "local_contact", "hours_location"),
    "service-order": ("users_affected", "local_contact", "hours_location"),
}
IN_SERVICE = ("account", "deployment", "service", "priority", "subject", "description")


class Form(NamedTuple):
    """The answers of whoever opens a case; None is not answered yet."""

    type: CaseType = CaseType.SUPPORT
    subtype: str | None = None
    account: str | None = None
    deployment: str | None = None
    service: str | None = None
    component: str | None = None
    contact: str | None = None
    stage: str | None = None
    priority: Priority | None = None
    subject: str | None = None
    description: str | None = None
    impact: str | None = None
    fields: Mapping[str, Any] = MappingProxyType({})
    checklist: Mapping[str, bool] = MappingProxyType({})
    """The answers to the checklist by their short names (OPEN-5)."""


def subtype(form: Form) -> str | None:
    """The chosen sub-type, or the usual one: a problem (OPEN-2)."""
    known = SUBTYPES[form.type]
    if form.subtype is None:
        return known[0] if form.type is CaseType.SUPPORT else None
    if form.subtype not in known:
        choices = ", ".join(known) or f"none for {form.type}"
        raise Invalid(
            f"{form.subtype!r} is no sub-type of {form.type}", hint=f"choose from: {choices}", rule="OPEN-2"
        )
    return form.subtype


def required(form: Form) -> tuple[str, ...]:
    """The fields that a case of this type and sub-type must have (OPEN-4)."""
    if form.type is CaseType.ADMIN:
        return ("account", "subject", "description")
    if form.type is CaseType.SUPPORT and subtype(form) == "problem":
        return ("account", "deployment", "service", "stage", "priority", "subject", "description", "impact")
    if form.type is CaseType.SERVICE_REQUEST:
        return ("account", "subtype", *IN_SERVICE[1:])
    return IN_SERVICE


def optional(form: Form) -> tuple[str, ...]:
    """The answers that a case of this type and sub-type is asked for beside, and need not have (OPEN-4)."""
    if form.type is CaseType.FEATURE_REQUEST:
        return ("users_affected",)
    return _OF_SUBTYPE.get(subtype(form) or "", ("local_contact",))


def missing(form: Form) -> tuple[str, ...]:
    """The required fields that are not answered, all of them, its sub-type's own ones last (OPEN-4)."""
    return (*unanswered(form), *details.missing(subtype(form), form.fields))


def unanswered(form: Form) -> tuple[str, ...]:
    """The required answers that are missing, without which no case can be opened (OPEN-4)."""
    return tuple(name for name in required(form) if not (getattr(form, name) or "").strip())


def check(form: Form, policy: Policy, *, also: tuple[str, ...] = ()) -> None:
    """Refuse a form that lacks a field, or says too much or too little (OPEN-1, OPEN-3, OPEN-4).

    `also` names what is missing beside the form's own fields. What a sub-type tells in fields of its own may
    follow later unless the policy wants it at once (`opening.require_details`); until then the case is incomplete.
    """
    check_choices(form)
    lacking = (*also, *(missing(form) if policy.requires_details else unanswered(form)))
    if lacking:
        options = " ".join(_option(name, subtype(form)) for name in lacking)
        raise Invalid(f"missing: {', '.join(lacking)}", hint=f"give them with {options}", rule="OPEN-4")
    check_answered(form, policy)


def _option(name: str, kind: str | None) -> str:
    own = any(one.name == name for one in details.of(kind))
    return details.option(kind, name) if own else f"--{name}"


def check_answered(form: Form, policy: Policy) -> None:
    """Refuse a form whose texts, as far as they are there, say too much or too little (OPEN-1, OPEN-3)."""
    check_choices(form)
    details.check(subtype(form), form.fields)
    check_checklist(form, policy)
    texts = {"subject": form.subject or "", "description": form.description or "", "impact": form.impact or ""}
    found = [fault for name, text in texts.items() if text.strip() for fault in faults(name, text, policy)]
    if found:
        prompts = " ".join(policy.opening["prompts"])
        complaints = "; ".join(fault.complaint for fault in found)
        raise Refused(complaints, hint=f"it may help to say: {prompts}", rule="OPEN-3")


def check_checklist(form: Form, policy: Policy) -> None:
    """Refuse answers to questions that the checklist of this kind of case does not have (OPEN-5)."""
    if not form.checklist:
        return
    kind = subtype(form) or form.type.value
    known = [item.key for item in policy.checklist(kind)]
    wrong = [name for name in form.checklist if name not in known]
    if wrong:
        hint = f"it has: {', '.join(known)}" if known else "leave --check out"
        named = ", ".join(repr(name[:40]) for name in wrong)
        raise Invalid(f"not on the checklist of {kind}: {named}", hint=hint, rule="OPEN-5")


def check_choices(form: Form) -> None:
    """Refuse a type that nobody opens, and a stage that there is not (OPEN-1, OPEN-4)."""
    if form.type is CaseType.INCIDENT:
        raise Refused(
            "an incident is made by staff out of a support case",
            hint="open the support case first: --type support",
            rule="OPEN-1",
        )
    if form.stage and form.stage.strip() and form.stage not in tuple(Stage):
        raise Invalid(f"{form.stage[:40]!r} is no stage", hint=f"choose from: {', '.join(Stage)}", rule="OPEN-4")


class Fault(NamedTuple):
    """What is wrong with a text: among other complaints, and in brief below the question it answers."""

    complaint: str
    brief: str


def demand(name: str, policy: Policy) -> str:
    """What a text must keep to, as its question says it; empty where nothing is asked of it (OPEN-3)."""
    most, least = policy.opening["subject_max"], policy.opening["description_min_words"]
    if name == "description" and least:
        return f"at least {_counted(least, 'word')}"
    return f"at most {_counted(most, 'character')}" if name == "subject" else ""


def faults(name: str, text: str, policy: Policy) -> Iterator[Fault]:
    """Everything wrong with a subject, a description or an impact (OPEN-3)."""
    most, least, words = policy.opening["subject_max"], policy.opening["description_min_words"], len(text.split())
    if name == "subject" and len(text) > most:
        has = _counted(len(text), "character")
        yield Fault(f"the subject has {has}, {len(text) - most} more than {most}", f"{has}; at most {most} fit")
    if name == "subject" and any(ord(c) < 32 or ord(c) == 127 for c in text):
        yield _fault("the subject holds control characters")
    if name == "description" and words < least:
        has, needed = _counted(words, "word"), "are needed"
        yield Fault(
            f"the description has {has}: {least - words} more {needed}", f"{has}; at least {least} {needed}"
        )
    if len(text) > TEXT_MAX:
        yield _fault(f"the {name} is longer than {TEXT_MAX:,} characters")
    if not encodable(text):
        yield _fault(f"the {name} is no valid Unicode")
    if "\0" in text and name != "subject":
        yield _fault(f"the {name} holds NUL bytes, as a binary file does")


def _fault(complaint: str) -> Fault:
    return Fault(complaint, complaint)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def check_channel(priority: Priority | None, plan: Plan, side: Side, via: Via, phone: str) -> None:
    """Refuse a channel that the plan does not have, and Critical from a contact (OPEN-8, OPEN-9).

    `phone` is the number that the contact calls instead (WHERE-1).
    """
    if side is Side.CONTACT and priority is Priority.CRITICAL:
        raise Refused(
            "Critical is set by Customer Care on the phone",
            hint=f"submit the case with priority high, then call {phone or 'Customer Care'} to have it raised",
            rule="OPEN-9",
        )
    if side is Side.CONTACT and via is not Via.PORTAL:
        raise Refused(f"contacts open cases via portal, not {via}", hint="leave --via out", rule="OPEN-8")
    if side is not Side.CONTACT and via not in {Via.PHONE, Via.MONITORING}:
        raise Refused(f"staff log openings via phone or monitoring, not {via}", hint="--via phone", rule="OPEN-8")
    if via is Via.PHONE and plan is Plan.CARE and priority is not Priority.CRITICAL:
        raise Refused(
            "the care plan has phone support for Critical issues only (policy plans.care.features)",
            hint="the contact opens the case with `care open`; staff log a Critical one with --priority critical",
            rule="OPEN-8",
        )


class Place(NamedTuple):
    """Where a new case belongs, as the desk worked it out."""

    number: int
    plan: Plan
    group: str | None
    policy: str
    calendar: str
    links: tuple[Link, ...] = ()
    owner: str | None = None
    intake: Mapping[str, Any] = MappingProxyType({})
    """What is kept of the opening beside the form: checklist, selection of the component, assessment."""


def opened(form: Form, place: Place, act: Act, at: datetime, *, clocks: bool = True) -> Event:
    """The event that a case begins with."""
    standing = first_standing(form.type)
    priority = form.priority or Priority.LOW
    data: dict[str, Any] = {
        "number": place.number,
        "type": form.type.value,
        "subtype": subtype(form),
        "stage": form.stage,
        "subject": form.subject,
        "description": form.description,
        "impact": form.impact,
        "account": form.account,
        "plan": place.plan.value,
        "deployment": form.deployment,
        "service": form.service,
        "component": form.component,
        "contact": form.contact,
        "owner": place.owner,
        "group": place.group,
        "priority": priority.value,
        "status": standing.status.value,
        "substatus": standing.substatus.value,
        "fields": _fields(form, priority),
        "links": [{"kind": link.kind, "number": link.number} for link in place.links],
        "policy": place.policy,
        "calendar": place.calendar,
        "clocks": clocks,
    }
    if clocks and form.type is CaseType.SERVICE_REQUEST and data["subtype"] in DECIDED_ON:
        data["decided_on"] = True
    if place.intake:
        data["intake"] = dict(place.intake)
    if act.logged_by:
        data["logged_by"] = act.logged_by
    return Event(at, act.by, act.via, Kind.OPENED, Visibility.PUBLIC, data)


def _fields(form: Form, priority: Priority) -> dict[str, Any]:
    """A Critical case names the contact who is available at all times (OPEN-9)."""
    fields = details.kept(subtype(form), form.fields)
    if priority is Priority.CRITICAL:
        return {"available_contact": form.contact, **fields}
    return dict(fields)
