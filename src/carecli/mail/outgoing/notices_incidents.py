"""What people are told of an incident: on their own case, or by a mail about no case where they have none (INC-1).

A mail about no case names neither the incident's number nor its customer (DC-3).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailKind
from carecli.mail.reference import message_id

if TYPE_CHECKING:
    from carecli.mail.outgoing.notices import Office, Sending

KINDS: Final[Mapping[Kind, MailKind]] = {
    Kind.INCIDENT_DECLARED: MailKind.INCIDENT,
    Kind.AFFECTED: MailKind.AFFECTED,
    Kind.REPORT_SENT: MailKind.INCIDENT_REPORT,
}
"""The mail that each event calls for."""

ABOUT: Final[Mapping[MailKind, str]] = {
    MailKind.INCIDENT: "an incident",
    MailKind.AFFECTED: "affected by an incident",
    MailKind.INCIDENT_REPORT: "the incident report",
}

TOLD: Final = frozenset({Kind.AFFECTED, Kind.REPORT_SENT})
"""Events that say themselves whom they are told to."""


def recipients(event: Event, case: Case) -> tuple[str, ...]:
    """Whom it is told to: the contact of the case that it is public on, or the people that the event names."""
    told = event.data.get("addressed", (case.contact,) if event.public else ())
    return tuple(dict.fromkeys(to for to in told if to != event.actor))


def lead(kind: MailKind, event: Event, case: Case) -> str | None:
    """What it is about, in a sentence; None for mail that is about none of this."""
    number = written(case.number)
    asking = f"A report on it is yours for the asking, here or with `care incident request {number}`."
    if kind is MailKind.INCIDENT:
        return f"Your case {number} is an incident now, as it affects the service. {asking}"
    if kind is MailKind.AFFECTED:
        return f"Your case {number} is part of an incident that we are working on: {event.data['title']}. {asking}"
    if kind is MailKind.INCIDENT_REPORT:
        return f"This is the incident report that belongs to your case {number}."
    return None


def of_no_case(event: Event) -> bool:
    """Whether it goes to people of an account that has no case in the incident."""
    return event.kind in TOLD and not event.public


def compose(entry: Recorded, case: Case, office: Office, sending: Sending) -> Mail:
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
        message_id=message_id(sending.key, None, _place(sending.key, key), _domain(office)),
        queued_at=event.at,
        not_before=event.at,
        next_at=event.at,
    )


def _place(key: bytes, name: str) -> int:
    return int(sha256(key + name.encode()).hexdigest()[:14], 16)


def _domain(office: Office) -> str:
    # Imported here: that module takes in this one.
    from carecli.mail.outgoing.notices import domain

    return domain(office.sender)


def _subject(event: Event) -> str:
    return "Incident report" if event.kind is Kind.REPORT_SENT else f"Incident: {event.data['title']}"


def _content(event: Event, office: Office) -> dict[str, Any]:
    report = event.kind is Kind.REPORT_SENT
    return {
        "lead": "This is the report on an incident that affected your service."
        if report
        else f"An incident affects your service, and we are working on it: {event.data['title']}.",
        "said": event.data.get("text"),
        "next": f"To ask about it, open a case or call {office.phone}."
        if report
        else f"If you see its effects, open a case or call {office.phone}; ask there for the report, too.",
        "ways": [{"label": "To open a case", "command": "care open"}],
        "reply": None,
        "reference": None,
        "case": None,
        "phone": office.phone,
    }
