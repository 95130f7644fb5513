"""What people are told of a case: each notice says what is asked, what happens next, and what to type."""

from datetime import datetime
from email.utils import parseaddr
from typing import NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain import transitions
from carecli.domain.case import Case
from carecli.domain.escalation import TITLES, Addressee
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailKind
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, Metric


class Office(NamedTuple):
    """Whose notices they are, and how they speak."""

    desk: str
    sender: str
    case_url: str | None
    zone: str
    phone: str
    stages: int


class Sending(NamedTuple):
    """What a notice needs beside its event: its place among the case's mails, time, what was asked, its reader."""

    place: int
    not_before: datetime
    request: str | None = None
    to: str | None = None
    """The case's contact where nobody is named."""


def compose(entry: Recorded, case: Case, office: Office, sending: Sending) -> Mail | None:
    """The notice that an event owes somebody, or None (FU-1, FU-5, ESC-1)."""
    event = entry.event
    kind = kind_of(event, case)
    if kind is None:
        return None
    of_ladder = event.kind is Kind.FOLLOW_UP_SENT
    round_, stage = (event.data["round"], event.data["stage"]) if of_ladder else (0, 0)
    key = f"follow-up/{round_}/{stage}" if stage else f"{entry.seq}/{kind}"
    to = sending.to or case.contact
    if to != case.contact:
        key += f"/{to}"
    number = written(case.number)
    return Mail(
        key=f"{number}/{key}",
        number=case.number,
        kind=kind,
        to=to,
        subject=f"[Case # {number} ] {_about(kind, stage)}: {case.subject}",
        content={"body": _body(kind, event, case, office, sending.request)},
        # Counted by mails, not by events: a gap would tell of a note.
        message_id=f"<{number}.{sending.place}@{_domain(office.sender)}>",
        queued_at=event.at,
        not_before=sending.not_before,
        next_at=sending.not_before,
        round=round_,
        stage=stage,
    )


def kind_of(event: Event, case: Case) -> MailKind | None:
    """What kind of notice an event calls for; people are not told what they did themselves."""
    if event.kind is Kind.FOLLOW_UP_SENT:
        return MailKind.CLOSING if event.data["action"] == "close" else MailKind.REMINDER
    if event.kind is Kind.OPENED:
        return MailKind.ACKNOWLEDGEMENT
    if event.kind in APPEALS:
        return APPEALS[event.kind]
    own_act = event.actor == case.contact and "logged_by" not in event.data
    if not event.public or own_act or event.actor == AUTO_FOLLOW_UP:
        return None
    return NOTICES.get(event.kind)


def recipients(event: Event, case: Case) -> tuple[str, ...]:
    """Whom an event is told to by mail: the case's contact, or those who have to do with an escalation (ESC-1)."""
    if event.kind is Kind.ESCALATION_ANSWERED:
        told = [case.contact, event.data["raised_by"]]
    elif event.kind in APPEALS:
        told = event.data["addressed"]
    else:
        return (case.contact,) if kind_of(event, case) else ()
    return tuple(dict.fromkeys(to for to in told if to != event.actor))


APPEALS = {
    Kind.ESCALATED: MailKind.ESCALATION,
    Kind.ESCALATION_ANSWERED: MailKind.ESCALATION_ANSWERED,
    Kind.ESCALATION_WITHDRAWN: MailKind.ESCALATION_WITHDRAWN,
}

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

PROPOSALS = transitions.SOLUTION | {transitions.CARE_PROPOSED}

ABOUT = {
    MailKind.ACKNOWLEDGEMENT: "we have your case",
    MailKind.ANSWER: "an update",
    MailKind.REQUEST: "we need information from you",
    MailKind.PROPOSAL: "a solution is proposed",
    MailKind.RESTORED: "the service is restored",
    MailKind.CLOSING: "the case is closed",
    MailKind.REOPENED: "the case is open again",
    MailKind.PRIORITY: "the priority has changed",
    MailKind.ESCALATION: "escalated",
    MailKind.ESCALATION_ANSWERED: "the escalation is answered",
    MailKind.ESCALATION_WITHDRAWN: "the escalation is taken back",
}


def _about(kind: MailKind, stage: int) -> str:
    return f"reminder {stage}" if kind is MailKind.REMINDER else ABOUT[kind]


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _body(kind: MailKind, event: Event, case: Case, office: Office, request: str | None) -> str:
    said = request if kind is MailKind.REMINDER else event.data.get("text")
    if kind in TO_CARE:
        parts = [_lead(kind, event, case, office), said, _answering(kind, case, office)]
    else:
        parts = [_lead(kind, event, case, office), said, _next(case, office), _ways(kind, case, office)]
    return "\n\n".join(part for part in parts if part) + f"\n\n-- \n{office.desk}\n"


def _lead(kind: MailKind, event: Event, case: Case, office: Office) -> str:
    number = written(case.number)
    if kind is MailKind.ACKNOWLEDGEMENT:
        return f"Your case has the number {number}, with priority {case.priority}."
    if kind is MailKind.REMINDER:
        return f"This is reminder {event.data['stage']}: {_wanted(case)} on case {number}."
    if kind is MailKind.CLOSING and event.kind is Kind.FOLLOW_UP_SENT:
        reminded = ", also after reminders" if office.stages > 1 else ""
        return f"Case {number} is closed, as no answer to our request came{reminded}."
    if kind is MailKind.PRIORITY:
        return f"The priority of case {number} is now {case.priority}; it was {event.data['was']}."
    if kind is MailKind.ESCALATION:
        return _raised(event, case)
    return f"Case {number}: {ABOUT[kind]}."


TO_CARE = frozenset({MailKind.ESCALATION, MailKind.ESCALATION_WITHDRAWN})
"""Notices that go to whom a case is escalated, not to the customer."""


def _raised(event: Event, case: Case) -> str:
    to = TITLES[Addressee(event.data["to"])]
    wanted = event.data["wanted_priority"]
    wish = f" Wanted is priority {wanted}; the case has {case.priority}." if wanted else ""
    return f"{event.actor} escalates case {written(case.number)} of {case.account} to {to}.{wish}"


def _answering(kind: MailKind, case: Case, office: Office) -> str:
    """What those to whom a case is escalated can do."""
    number = written(case.number)
    lines = [f"To see it:  care show {number}"]
    if kind is MailKind.ESCALATION:
        lines += [f"To answer:  care escalate {number} --answer -m 'your text'"]
        lines += ["It stands until you or a manager answers, or it is taken back, or the case closes."]
    return "\n".join([*lines, *_link(number, office)])


def _link(number: str, office: Office) -> list[str]:
    return [office.case_url.replace("{number}", number)] if office.case_url else []


def _wanted(case: Case) -> str:
    if case.standing in PROPOSALS:
        return "please accept or reject the proposed solution"
    return "please give the information that we asked for"


def _next(case: Case, office: Office) -> str:
    """What time will do if nobody acts (TICK-3)."""
    if case.followup and case.followup.next_at:
        closing = case.followup.stage + 1 >= office.stages
        what = "the case will be closed" if closing else "we remind you"
        return f"Without an answer, {what} on {_local(case.followup.next_at, office)}."
    response = next((c for c in case.clocks if c.metric is Metric.RESPONSE and c.ticking), None)
    return f"We answer by {_local(response.due_at, office)}." if response else ""


def _ways(kind: MailKind, case: Case, office: Office) -> str:
    number = written(case.number)
    if kind is MailKind.CLOSING and case.closed_by == AUTO_FOLLOW_UP:
        lines = [f"To have it reopened, call {office.phone} and give the case number."]
    elif case.closed:
        lines = [f"To reopen it:  care reopen {number} -m 'what is new'"]
    elif case.standing in PROPOSALS | transitions.RESTORED:
        lines = [
            f"To answer:  care accept {number}   or   care reject {number} -m 'why'",
            f"To write to us:  care update {number} -m 'your text'",
        ]
    else:
        lines = [f"To answer:  care update {number} -m 'your text'"]
    return "\n".join([*lines, *_link(number, office)])


def _local(at: datetime, office: Office) -> str:
    return at.astimezone(ZoneInfo(office.zone)).strftime("%A %d %B %Y, %H:%M ") + f"({office.zone})"
