"""What people are told of a case: what is asked of them, what happens next and when, and what to type.

The words are decided here, when the mail is queued; how they are laid out is decided when it leaves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain import transitions
from carecli.domain.case import Case
from carecli.domain.escalation import TITLES, Addressee
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail, MailKind
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, Metric
from carecli.mail.outgoing import notices_chat, notices_features, notices_incidents, notices_requests
from carecli.mail.reference import message_id, reference


class Office(NamedTuple):
    """Whose notices they are, and how they speak."""

    sender: str
    zone: str
    phone: str
    stages: int


class Sending(NamedTuple):
    """What a notice needs beside its event: the references' key, its place among the case's mails, its time.

    `named` are the Message-IDs that it follows, `request` is what was asked, `to` its reader.
    """

    key: bytes
    place: int
    not_before: datetime
    named: tuple[str, ...] = ()
    request: str | None = None
    to: str | None = None
    """The case's contact where nobody is named."""


def compose(entry: Recorded, case: Case, office: Office, sending: Sending) -> Mail | None:
    """The notice that an event owes somebody, or None (MAIL-1, FU-1, FU-5, ESC-1)."""
    event = entry.event
    if notices_incidents.of_no_case(event):
        return notices_incidents.compose(entry, case, office, sending)
    kind = notices_chat.kind_of(event, sending.to) if event.kind is Kind.CHAT_ENDED else kind_of(event, case)
    kind = notices_requests.kind_for(event, case, sending.to) or kind
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
        message_id=message_id(sending.key, case.number, sending.place, domain(office.sender)),
        queued_at=event.at,
        not_before=sending.not_before,
        next_at=sending.not_before,
        named=sending.named,
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
    # Of files that come with a text nobody is told apart from it.
    if not event.public or own_act or event.actor == AUTO_FOLLOW_UP or event.data.get("accompanies"):
        return None
    # An alert that comes and goes tells of it on the case: its mails would flood the customer (OPEN-12).
    if "alert" in event.data:
        return None
    return NOTICES.get(event.kind)


def recipients(event: Event, case: Case) -> tuple[str, ...]:
    """Whom an event is told to by mail: the case's contact, or those who have to do with an escalation (ESC-1)."""
    if event.kind is Kind.CHAT_ENDED:
        return notices_chat.recipients(event)
    if event.kind in notices_incidents.TOLD:
        return notices_incidents.recipients(event, case)
    if event.kind is Kind.REQUEST_REJECTED:
        return notices_requests.recipients(event, case)
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
    Kind.ATTACHED: MailKind.ANSWER,
    Kind.PRIORITY_CHANGED: MailKind.PRIORITY,
    Kind.EVALUATED: MailKind.EVALUATION,
    Kind.CONVERTED: MailKind.CONVERSION,
    **notices_requests.KINDS,
    **notices_incidents.KINDS,
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
    MailKind.ESCALATION: "escalated",
    MailKind.ESCALATION_ANSWERED: "the escalation is answered",
    MailKind.ESCALATION_WITHDRAWN: "the escalation is taken back",
    MailKind.TRANSCRIPT: "the chat",
    MailKind.CHAT_UNANSWERED: "a chat that nobody answered",
    MailKind.EVALUATION: "your feature request",
    MailKind.CONVERSION: "a support case now",
    **notices_requests.ABOUT,
    **notices_incidents.ABOUT,
}


def _about(kind: MailKind, stage: int) -> str:
    return f"reminder {stage}" if kind is MailKind.REMINDER else ABOUT[kind]


def domain(sender: str) -> str:
    """The domain in a sender's address, for Message-IDs; `localhost` where it has none that could stand in one."""
    # By hand: the library for addresses takes longer to import than the command that queues the mail.
    found = sender.strip().rstrip(">").rpartition("@")[2].lower()
    plain = found.replace("-", "").replace(".", "")
    if not plain.isalnum():
        return "localhost"
    try:
        return found if found.isascii() else found.encode("idna").decode("ascii")
    except UnicodeError:
        return "localhost"


def way(label: str, command: str) -> Mapping[str, str]:
    """Something that the reader can type, and what for."""
    return {"label": label, "command": command}


def _content(kind: MailKind, event: Event, case: Case, office: Office, request: str | None) -> dict[str, Any]:
    """What the mail says, in whole words, for a template to lay out."""
    to_care = kind in TO_CARE
    return {
        "lead": _lead(kind, event, case, office),
        "said": (request if kind in QUOTES else _said(event)) or None,
        "next": _next_for_care(kind) if to_care else _next(kind, event, case, office),
        "ways": _ways_for_care(kind, case) if to_care else _ways(case),
        "reply": _reply(kind, case),
        "case": {
            "number": written(case.number),
            "subject": case.subject,
            "account": case.account,
            "priority": case.priority.value,
            "status": case.status.value,
        },
        "phone": office.phone,
    }


def _said(event: Event) -> str:
    """What was written, and the files that came by themselves (ATT-1)."""
    files = event.data.get("files", ()) if event.kind is Kind.ATTACHED else ()
    attached = "\n".join(f"{file['name']} ({file['size']:,} bytes)" for file in files)
    parts = (event.data.get("text"), attached and f"Attached:\n{attached}", notices_requests.said(event))
    return "\n\n".join(filter(None, parts))


def _lead(kind: MailKind, event: Event, case: Case, office: Office) -> str:
    """What it is about and what is asked, in a sentence."""
    number = written(case.number)
    if kind is MailKind.ACKNOWLEDGEMENT:
        return f"We have your case. Its number is {number}, its priority {case.priority}."
    if kind is MailKind.REMINDER:
        return f"This is reminder {event.data['stage']}: {_wanted(case)} on case {number}."
    if kind is MailKind.CLOSING and event.kind is Kind.FOLLOW_UP_SENT:
        reminded = ", even after reminders" if office.stages > 1 else ""
        return f"Case {number} is closed, as no answer to our request came{reminded}."
    if kind is MailKind.PRIORITY:
        return f"The priority of case {number} is now {case.priority}; it was {event.data['was']}."
    if kind is MailKind.ESCALATION:
        return _raised(event, case)
    leads = (notices_chat.lead, notices_requests.lead, notices_incidents.lead)
    if told := next(filter(None, (tell(kind, event, case) for tell in leads)), None):
        return told
    return notices_features.lead(event, case) or LEADS[kind].replace("{number}", number)


LEADS = {
    MailKind.ANSWER: "There is an update on case {number}.",
    MailKind.REQUEST: "We need information from you on case {number}.",
    MailKind.PROPOSAL: "We propose a solution to case {number}: please accept or reject it.",
    MailKind.RESTORED: "The service of case {number} is restored: please tell us whether it works for you.",
    MailKind.CLOSING: "Case {number} is closed.",
    MailKind.REOPENED: "Case {number} is open again.",
    MailKind.ESCALATION_ANSWERED: "The escalation of case {number} is answered.",
    MailKind.ESCALATION_WITHDRAWN: "The escalation of case {number} is taken back.",
}

QUOTES = frozenset({MailKind.REMINDER, MailKind.TRANSCRIPT, MailKind.CHAT_UNANSWERED})
"""Notices that quote what was said before: a request, or a whole chat."""

TO_CARE = frozenset({MailKind.ESCALATION, MailKind.ESCALATION_WITHDRAWN, MailKind.CHAT_UNANSWERED})
TO_CARE |= notices_requests.TO_CARE
"""Notices that go to whom a case is escalated, not to the customer."""

PROMISES = {
    Metric.RESPONSE: "We will answer",
    Metric.RESTORATION: "We are working to restore the service",
    Metric.RESOLUTION: "We are working to resolve it",
}
"""What we do by a clock's due time, the nearest first."""


def _raised(event: Event, case: Case) -> str:
    to = TITLES[Addressee(event.data["to"])]
    wanted = event.data["wanted_priority"]
    wish = f" Priority {wanted} is asked for; the case has {case.priority}." if wanted else ""
    return f"{event.actor} escalates case {written(case.number)} of {case.account} to {to}.{wish}"


def _wanted(case: Case) -> str:
    if case.standing in transitions.PROPOSALS:
        return "please accept or reject the proposed solution"
    return "please give the information that we asked for"


def _next(kind: MailKind, event: Event, case: Case, office: Office) -> str | None:
    """What time will do if nobody acts (TICK-3)."""
    if kind is MailKind.CLOSING and case.closed_by == AUTO_FOLLOW_UP:
        return f"To have it reopened, call {office.phone} and give the case number."
    if case.closed:
        return "Nothing more is done on it unless it is reopened."
    if case.followup and case.followup.next_at:
        closing = case.followup.stage + 1 >= office.stages
        what = "the case will be closed" if closing else "we will remind you"
        return f"Without an answer, {what} on {_local(case.followup.next_at, office)}."
    if pending := notices_requests.pending(case):
        return pending
    if promised := notices_requests.promise(case, event.at):
        return f"{promised[0]} by {_local(promised[1], office)}."
    due = {c.metric: c.due_at for c in case.clocks if c.ticking and c.due_at > event.at}
    metric = next((metric for metric in PROMISES if metric in due), None)
    return f"{PROMISES[metric]} by {_local(due[metric], office)}." if metric else None


def _next_for_care(kind: MailKind) -> str | None:
    if kind is MailKind.ESCALATION:
        return "It stands until you or a manager answers, or it is taken back, or the case closes."
    return None


def _ways(case: Case) -> list[Mapping[str, str]]:
    """What the customer can type."""
    number = written(case.number)
    writing = f"care update {number} -m 'your text'"
    if case.closed:
        # Who let it close by silence is told in `next` whom to call (REO-2).
        by_phone = case.closed_by == AUTO_FOLLOW_UP
        return [] if by_phone else [way("To reopen it", f"care reopen {number} -m 'what is new'")]
    if case.standing in transitions.PROPOSALS | transitions.RESTORED:
        accept, reject = f"care accept {number}", f"care reject {number} -m 'why'"
        return [way("To accept", accept), way("To reject", reject), way("To write to us", writing)]
    first = [way(*told) for told in notices_requests.ways(case)]
    return [*first, way("To answer" if case.followup else "To write to us", writing)]


def _ways_for_care(kind: MailKind, case: Case) -> list[Mapping[str, str]]:
    number = written(case.number)
    ways = [way("To see it", f"care show {number}")]
    if kind is MailKind.ESCALATION:
        ways.append(way("To answer", f"care escalate {number} --answer -m 'your text'"))
    if kind in notices_requests.TO_CARE:
        ways.append(way(*notices_requests.resubmitting(case)))
    if kind is MailKind.CHAT_UNANSWERED:
        ways.append(way("To answer", f"care update {number} -m 'your text'"))
    return ways


def _reply(kind: MailKind, case: Case) -> str | None:
    """What becomes of a reply to the mail; nobody is asked for one to a closed case, as it would only wait."""
    if case.closed:
        return None
    if kind in TO_CARE:
        return "A reply to this mail is an update of the case, which the customer reads."
    if case.standing in transitions.PROPOSALS:
        return "Or simply reply to this mail, above its first line: we then go on with the case."
    return "Or simply reply to this mail, above its first line."


def _local(at: datetime, office: Office) -> str:
    local = at.astimezone(ZoneInfo(office.zone))
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({office.zone})"
