"""What people are told of a case: each notice says what is asked, what happens next, and what to type."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailKind
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, Metric, Status


class Office(NamedTuple):
    """Whose notices they are, and how they speak."""

    desk: str
    sender: str
    case_url: str | None
    zone: str
    phone: str


def compose(entry: Recorded, case: Case, office: Office, not_before: datetime) -> Mail | None:
    """The notice that an event owes the case's contact, or None (FU-1, FU-5)."""
    event = entry.event
    kind = kind_of(event, case)
    if kind is None:
        return None
    of_ladder = event.kind is Kind.FOLLOW_UP_SENT
    round_, stage = (event.data["round"], event.data["stage"]) if of_ladder else (0, 0)
    key = f"follow-up/{round_}/{stage}" if stage else f"{entry.seq}/{kind}"
    number = written(case.number)
    return Mail(
        key=f"{number}/{key}",
        number=case.number,
        kind=kind,
        to=case.contact,
        subject=f"[Case # {number} ] {_about(kind, stage)}: {case.subject}",
        body=_body(kind, event, case, office),
        message_id=f"<{number}.{entry.seq}@{office.sender.rpartition('@')[2]}>",
        queued_at=event.at,
        not_before=not_before,
        round=round_,
        stage=stage,
    )


def kind_of(event: Event, case: Case) -> MailKind | None:
    """What kind of notice an event calls for; people are not told what they did themselves."""
    if event.kind is Kind.FOLLOW_UP_SENT:
        return MailKind.CLOSING if event.data["action"] == "close" else MailKind.REMINDER
    if event.kind is Kind.OPENED:
        return MailKind.ACKNOWLEDGEMENT
    own_act = event.actor == case.contact and "logged_by" not in event.data
    if not event.public or own_act or event.actor == AUTO_FOLLOW_UP:
        return None
    return NOTICES.get(event.kind)


NOTICES = {
    Kind.COMMENTED: MailKind.ANSWER,
    Kind.ASKED: MailKind.REQUEST,
    Kind.PROPOSED: MailKind.PROPOSAL,
    Kind.RESTORED: MailKind.RESTORED,
    Kind.ACCEPTED: MailKind.CLOSING,
    Kind.CLOSED: MailKind.CLOSING,
    Kind.REJECTED: MailKind.ANSWER,
    Kind.REOPENED: MailKind.REOPENED,
    Kind.PRIORITY_CHANGED: MailKind.PRIORITY,
}

ABOUT = {
    MailKind.ACKNOWLEDGEMENT: "we have your case",
    MailKind.ANSWER: "an update",
    MailKind.REQUEST: "we need information from you",
    MailKind.PROPOSAL: "a solution is proposed",
    MailKind.RESTORED: "the service is restored",
    MailKind.CLOSING: "the case is closed",
    MailKind.REOPENED: "the case is open again",
    MailKind.PRIORITY: "the priority has changed",
}


def _about(kind: MailKind, stage: int) -> str:
    return f"reminder {stage}" if kind is MailKind.REMINDER else ABOUT[kind]


def _body(kind: MailKind, event: Event, case: Case, office: Office) -> str:
    parts = [_lead(kind, event, case), _quoted(event), _next(case, office), _ways(kind, case, office)]
    return "\n\n".join(part for part in parts if part) + f"\n\n-- \n{office.desk}\n"


def _lead(kind: MailKind, event: Event, case: Case) -> str:
    number = written(case.number)
    if kind is MailKind.ACKNOWLEDGEMENT:
        return f"Your case has the number {number}, with priority {case.priority}."
    if kind is MailKind.REMINDER:
        return f"This is reminder {event.data['stage']}: {_wanted(case)} on case {number}."
    if kind is MailKind.CLOSING and event.kind is Kind.FOLLOW_UP_SENT:
        return f"Case {number} is closed, as there was no answer to the request or to either reminder."
    if kind is MailKind.PRIORITY:
        return f"The priority of case {number} is now {case.priority}; it was {event.data['was']}."
    return f"Case {number}: {ABOUT[kind]}."


def _wanted(case: Case) -> str:
    proposed = case.status is Status.SOLUTION_PROPOSED
    return "please accept or reject the proposed solution" if proposed else "please give the information asked for"


def _quoted(event: Event) -> str:
    return str(event.data.get("text") or "")


def _next(case: Case, office: Office) -> str:
    """What time will do if nobody acts."""
    if case.followup and case.followup.next_at:
        when = _local(case.followup.next_at, office)
        return f"Without an answer, the next step follows on its own on {when}."
    response = next((c for c in case.clocks if c.metric is Metric.RESPONSE and c.ticking), None)
    return f"We answer by {_local(response.due_at, office)}." if response else ""


def _ways(kind: MailKind, case: Case, office: Office) -> str:
    number = written(case.number)
    if kind is MailKind.CLOSING and case.closed_by == AUTO_FOLLOW_UP:
        line = f"To have it reopened, call {office.phone} and give the case number."
    elif case.closed:
        line = f"To reopen it:  care reopen {number} -m 'what is new'"
    elif case.status is Status.SOLUTION_PROPOSED:
        line = f"To answer:  care accept {number}   or   care reject {number} -m 'why'"
    else:
        line = f"To answer:  care update {number} -m 'your text'"
    return "\n".join([line, *_links(number, office)])


def _links(number: str, office: Office) -> list[str]:
    return [office.case_url.replace("{number}", number)] if office.case_url else []


def _local(at: datetime, office: Office) -> str:
    return at.astimezone(ZoneInfo(office.zone)).strftime("%A %d %B %Y, %H:%M ") + f"({office.zone})"
