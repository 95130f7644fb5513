"""What people are told of a case: what is asked of them, what happens next and when, and what to type.

The words are decided here, when the mail is queued; how they are laid out is decided when it leaves.
"""

from typing import Any, Final

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind, Numbered, Recorded
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailKind
from carecli.domain.vocabulary import AUTO_FOLLOW_UP
from carecli.mail.outgoing import (
    notices_cases,
    notices_chat,
    notices_escalations,
    notices_features,
    notices_incidents,
    notices_requests,
    wording,
)
from carecli.mail.outgoing.office import Office, Sending, way
from carecli.mail.outgoing.topic import Topic
from carecli.mail.reference import message_id, reference

TOPICS: Final[tuple[Topic, ...]] = (
    notices_cases.TOPIC,
    notices_escalations.TOPIC,
    notices_chat.TOPIC,
    notices_requests.TOPIC,
    notices_incidents.TOPIC,
    notices_features.TOPIC,
)
NOTICES: Final = {event: kind for topic in TOPICS for event, kind in topic.kinds.items()}
NAMING: Final = {event: topic for topic in TOPICS for event in topic.names}
"""Events that tell themselves whom they are told to."""

TO_CARE: Final = frozenset().union(*(topic.to_care for topic in TOPICS))
"""Notices that go to staff, not to the customer."""

QUOTES: Final = frozenset({MailKind.REMINDER, MailKind.TRANSCRIPT, MailKind.CHAT_UNANSWERED})
"""Notices that quote what was said before: a request, or a whole chat."""


def compose(entry: Numbered | Recorded, case: Case, office: Office, sending: Sending) -> Mail | None:
    """The notice that an event owes somebody, or None (MAIL-1, FU-1, FU-5, ESC-1)."""
    event = entry.event
    if notices_incidents.of_no_case(event):
        return notices_incidents.compose(entry, case, office, sending)
    kind = kind_of(event, case, sending.to)
    if kind is None:
        return None
    of_ladder = event.kind is Kind.FOLLOW_UP_SENT
    round_, stage = (event.data["round"], event.data["stage"]) if of_ladder else (0, 0)
    key = f"follow-up/{round_}/{stage}" if stage else f"{entry.seq}/{kind}"
    to = sending.to or case.contact
    if to != case.contact:
        key += f"/{to}"
    number, mark = written(case.number), reference(sending.key, case.number)
    return Mail(
        key=f"{number}/{key}",
        number=case.number,
        kind=kind,
        to=to,
        subject=f"[Case # {number} ] {_about(kind, stage)}: {case.subject} [{mark}]",
        content=_content(kind, event, case, office, sending.request) | {"reference": mark},
        # Counted by mails, not by events: a gap would tell of a note.
        message_id=message_id(sending.key, case.number, sending.place, office.domain),
        queued_at=event.at,
        not_before=sending.not_before,
        next_at=sending.not_before,
        named=sending.named,
        round=round_,
        stage=stage,
    )


def kind_of(event: Event, case: Case, to: str | None = None) -> MailKind | None:
    """What an event calls for, to one of its readers or to the case's contact; None for no notice."""
    topic = NAMING.get(event.kind)
    return (topic and topic.kind_for(event, case, to)) or _of_contact(event, case)


def _of_contact(event: Event, case: Case) -> MailKind | None:
    """What the case's contact is told; people are not told what they did themselves."""
    if event.kind is Kind.FOLLOW_UP_SENT:
        return MailKind.CLOSING if event.data["action"] == "close" else MailKind.REMINDER
    if event.kind is Kind.OPENED:
        return MailKind.ACKNOWLEDGEMENT
    own_act = event.actor == case.contact and "logged_by" not in event.data
    # Of files that come with a text nobody is told apart from it.
    if not event.public or own_act or event.actor == AUTO_FOLLOW_UP or event.data.get("accompanies"):
        return None
    # An alert that comes and goes tells of it on the case: its mails would flood the customer (OPEN-12).
    if "alert" in event.data:
        return None
    return NOTICES.get(event.kind)


def recipients(event: Event, case: Case) -> tuple[str, ...]:
    """Whom an event is told to by mail: those whom it names, or the case's contact."""
    if topic := NAMING.get(event.kind):
        return topic.recipients(event, case)
    return (case.contact,) if _of_contact(event, case) else ()


def _about(kind: MailKind, stage: int) -> str:
    told = next((topic.about[kind] for topic in TOPICS if kind in topic.about), None)
    return told or f"reminder {stage}"


def _content(kind: MailKind, event: Event, case: Case, office: Office, request: str | None) -> dict[str, Any]:
    """What the mail says, in whole words, for a template to lay out."""
    to_care = kind in TO_CARE
    return {
        "lead": _lead(kind, event, case, office),
        "said": (request if kind in QUOTES else wording.said(event)) or None,
        "next": wording.next_for_care(kind) if to_care else wording.next_(kind, event, case, office),
        "ways": _ways_for_care(kind, case) if to_care else wording.ways(case),
        "reply": wording.reply(case, to_care=to_care),
        "case": {
            "number": written(case.number),
            "subject": case.subject,
            "account": case.account,
            "priority": case.priority.value,
            "status": case.status.value,
        },
        "phone": office.phone,
    }


def _lead(kind: MailKind, event: Event, case: Case, office: Office) -> str:
    told = next(filter(None, (topic.lead(kind, event, case) for topic in TOPICS)), None)
    return told or notices_cases.lead(kind, event, case, office.stages)


def _ways_for_care(kind: MailKind, case: Case) -> list[Any]:
    """What staff can type."""
    more = [way(*told) for topic in TOPICS for told in topic.ways(kind, case)]
    return [way("To see it", f"care show {written(case.number)}"), *more]
