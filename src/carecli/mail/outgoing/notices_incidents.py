"""What people are told of an incident: on their own case, or by a mail about no case where they have none (INC-1).

A mail about no case names neither the incident's number nor its customer (DC-3).
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind, Numbered, Recorded
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailKind
from carecli.mail.outgoing.office import Office, Sending
from carecli.mail.outgoing.topic import Topic, once
from carecli.mail.reference import message_id

KINDS: Final[Mapping[Kind, MailKind]] = {
    Kind.INCIDENT_DECLARED: MailKind.INCIDENT,
    Kind.AFFECTED: MailKind.AFFECTED,
    Kind.UNAFFECTED: MailKind.UNAFFECTED,
    Kind.SERVICE_BACK: MailKind.SERVICE_BACK,
    Kind.REPORT_SENT: MailKind.INCIDENT_REPORT,
}
"""The mail that each event calls for."""

ABOUT: Final[Mapping[MailKind, str]] = {
    MailKind.INCIDENT: "an incident",
    MailKind.AFFECTED: "affected by an incident",
    MailKind.UNAFFECTED: "not affected after all",
    MailKind.SERVICE_BACK: "the service is back",
    MailKind.REPORT_WANTED: "an incident report is wanted",
    MailKind.INCIDENT_REPORT: "the incident report",
}

OTHERS: Final = frozenset({Kind.AFFECTED, Kind.UNAFFECTED, Kind.SERVICE_BACK, Kind.REPORT_SENT})
"""Events that other accounts are told of: on their own case, or those without one by a mail about no case."""

TOLD: Final = OTHERS | {Kind.REPORT_REQUESTED}
"""Events that say themselves whom they are told to."""

TO_CARE: Final = frozenset({MailKind.REPORT_WANTED})
"""Mail that goes to those of Customer Care who see to it."""

STANDING: Final = "is part of an incident that we are working on"


def recipients(event: Event, case: Case) -> tuple[str, ...]:
    """Whom it is told to: the contact of the case that it is public on, or the people that the event names."""
    own = event.public and event.kind in OTHERS
    return once(tuple(event.data.get("addressed", (case.contact,) if own else ())), event)


def kind_for(event: Event, _case: Case, _to: str | None) -> MailKind | None:
    """What those of Customer Care get who see to a report (INC-2); None for what is like any other notice."""
    return MailKind.REPORT_WANTED if event.kind is Kind.REPORT_REQUESTED else None


def lead(kind: MailKind, event: Event, case: Case) -> str | None:
    """What it is about, in a sentence; None for mail that is about none of this."""
    number = written(case.number)
    asking = f"A report on it is yours for the asking, here or with `care incident request {number}`."
    if kind is MailKind.INCIDENT:
        return f"Your case {number} is an incident now, as it affects the service. {asking}"
    if kind is MailKind.AFFECTED:
        what = "was part of an incident that is over" if event.data.get("over") else STANDING
        return f"Your case {number} {what}: {event.data['title']}. {asking}"
    if kind is MailKind.UNAFFECTED:
        return f"We told you that your case {number} is part of an incident{_named(event)}. It is not, after all."
    if kind is MailKind.SERVICE_BACK:
        return (
            f"The service is back to normal: the incident of your case {number}{_named(event)} is over. {asking}"
        )
    if kind is MailKind.REPORT_WANTED:
        whose = "" if event.data["account"] == case.account else f", for {event.data['account']}"
        return f"{event.actor} asks for the report on incident {number}{whose}."
    if kind is MailKind.INCIDENT_REPORT:
        return f"This is the incident report that belongs to your case {number}."
    return None


def _named(event: Event) -> str:
    """Its title in parentheses; it may have been taken away since."""
    return f" ({event.data['title']})" if event.data["title"] else ""


def ways(kind: MailKind, case: Case) -> tuple[tuple[str, str], ...]:
    """What those who see to a report can type."""
    if kind is not MailKind.REPORT_WANTED:
        return ()
    return (("To see who waits for it", f"care incident show {written(case.number)}"),)


def of_no_case(event: Event) -> bool:
    """Whether it goes to people of an account that has no case in the incident."""
    return event.kind in OTHERS and not event.public


def compose(entry: Numbered | Recorded, case: Case, office: Office, sending: Sending) -> Mail:
    """The mail to one of the people of an account that has no case in the incident."""
    event, to = entry.event, sending.to or ""
    kind = KINDS[event.kind]
    key = f"incident/{written(case.number)}/{entry.seq}/{to}"
    return Mail(
        key=key,
        number=None,
        kind=kind,
        to=to,
        subject=_subject(event),
        content=_content(event, office),
        # What tells it from others says nothing of the case.
        message_id=message_id(sending.key, None, _place(sending.key, key), office.domain),
        queued_at=event.at,
        not_before=event.at,
        next_at=event.at,
    )


def _place(key: bytes, name: str) -> int:
    return int(sha256(key + name.encode()).hexdigest()[:14], 16)


def _subject(event: Event) -> str:
    if event.kind is Kind.REPORT_SENT:
        return "Incident report"
    what = {Kind.UNAFFECTED: "Not affected after all", Kind.SERVICE_BACK: "The service is back"}
    return ": ".join(filter(None, (what.get(event.kind, "Incident"), event.data["title"])))


def _content(event: Event, office: Office) -> dict[str, Any]:
    lead, following = _words(event)
    return {
        "lead": lead,
        "said": event.data.get("text"),
        "next": f"{following} open a case or call {office.phone}.",
        "ways": [{"label": "To open a case", "command": "care open"}],
        "reply": None,
        "reference": None,
        "case": None,
        "phone": office.phone,
    }


ASK: Final = "To ask about it, or for the report on it,"


def _words(event: Event) -> tuple[str, str]:
    """What it is about, and what its reader may do."""
    if event.kind is Kind.REPORT_SENT:
        return "This is the report on an incident that affected your service.", "To ask about it,"
    if event.kind is Kind.SERVICE_BACK:
        return f"The service is back to normal: the incident that affected it{_named(event)} is over.", ASK
    if event.kind is Kind.UNAFFECTED:
        lead = f"We told you that an incident affects your service{_named(event)}. It does not, after all."
        return lead, "If you see its effects all the same,"
    if event.data.get("over"):
        return f"An incident affected your service; it is over: {event.data['title']}.", ASK
    lead = f"An incident affects your service, and we are working on it: {event.data['title']}."
    return lead, "To ask for the report on it, or if you see its effects,"


TOPIC: Final = Topic(
    kinds=KINDS,
    about=ABOUT,
    names=TOLD,
    to_care=TO_CARE,
    recipients=recipients,
    kind_for=kind_for,
    lead=lead,
    ways=ways,
)
