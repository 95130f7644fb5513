"""What people are told of service requests, and of what an admin case asked for (SR-1, ADM-1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from carecli.domain.case import Case
from carecli.domain.deadline import DeadlineKind
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.outbox import MailKind
from carecli.domain.request import Party, RequestStage
from carecli.domain.transitions import NEW
from carecli.mail.outgoing.topic import Topic, once

KINDS: Final[Mapping[Kind, MailKind]] = {
    Kind.REQUEST_ACKNOWLEDGED: MailKind.REQUEST_ACKNOWLEDGED,
    Kind.REQUEST_ACCEPTED: MailKind.REQUEST_ACCEPTED,
    Kind.REQUEST_REJECTED: MailKind.REQUEST_REJECTED,
    Kind.REQUEST_RESUBMITTED: MailKind.REQUEST_RESUBMITTED,
    Kind.REQUEST_SIGNED: MailKind.REQUEST_SIGNED,
    Kind.REQUEST_COMPLETED: MailKind.REQUEST_COMPLETED,
    Kind.CHANGE_APPROVED: MailKind.CHANGE_APPROVED,
    Kind.CHANGE_DECLINED: MailKind.CHANGE_DECLINED,
}
"""The mail to a case's contact that each event calls for."""

ABOUT: Final[Mapping[MailKind, str]] = {
    MailKind.REQUEST_ACKNOWLEDGED: "we have your request",
    MailKind.REQUEST_ACCEPTED: "your request is accepted, please sign",
    MailKind.REQUEST_REJECTED: "your request is rejected as it is",
    MailKind.REQUEST_REWORK: "a request to be reworked",
    MailKind.REQUEST_RESUBMITTED: "your request is submitted again",
    MailKind.REQUEST_SIGNED: "the documents of your request",
    MailKind.REQUEST_COMPLETED: "your request is completed",
    MailKind.CHANGE_APPROVED: "what you asked for is done",
    MailKind.CHANGE_DECLINED: "what you asked for is declined",
}

LEADS: Final[Mapping[MailKind, str]] = {
    MailKind.REQUEST_ACKNOWLEDGED: "We have your request {number} and are looking into it.",
    MailKind.REQUEST_ACCEPTED: "Your request {number} is accepted: please read and sign its documents.",
    MailKind.REQUEST_REJECTED: "Your request {number} is rejected as it is; reworked it can be submitted again.",
    MailKind.REQUEST_RESUBMITTED: "Your request {number} is submitted again on your behalf.",
    MailKind.REQUEST_COMPLETED: "Your request {number} is completed.",
    MailKind.CHANGE_APPROVED: "What you asked for in case {number} is approved and done.",
    MailKind.CHANGE_DECLINED: "What you asked for in case {number} is declined; nothing was changed.",
}


def kind_for(event: Event, case: Case, to: str | None) -> MailKind | None:
    """Who reworks a rejected request is told something else than the customer; None for every other mail."""
    others = event.kind is Kind.REQUEST_REJECTED and to not in {None, case.contact}
    return MailKind.REQUEST_REWORK if others else None


def recipients(event: Event, case: Case) -> tuple[str, ...]:
    """Whom a rejection is told to: the case's contact, and who reworks the request."""
    return once((case.contact, *event.data["addressed"]), event)


def lead(kind: MailKind, event: Event, case: Case) -> str | None:
    """What it is about and what is asked, in a sentence; None for mail that is about none of this."""
    number = written(case.number)
    if kind is MailKind.REQUEST_REWORK:
        # Not by format: an account's name may hold braces.
        return f"Request {number} of {case.account} is rejected: please rework it with {case.contact}."
    if kind is MailKind.REQUEST_SIGNED:
        return f"{_signer(event)} signed documents of request {number}."
    found = LEADS.get(kind)
    return found and found.replace("{number}", number)


def _signer(event: Event) -> str:
    return "Customer Care has" if event.data["party"] == Party.CARE else f"{event.actor} has"


def said(event: Event) -> str | None:
    """What stands in the mail beside what was written: the documents with their hashes, or what was changed."""
    documents = [f"{told['name']} (SHA-256 {told['sha256']})" for told in event.data.get("documents", ())]
    if documents:
        title = "Signed:" if event.kind is Kind.REQUEST_SIGNED else "Documents to sign:"
        return "\n".join((title, *documents))
    if event.kind is not Kind.CHANGE_APPROVED:
        return None
    person = event.data["person"]
    changed = [f"{key}: {was or '-'} -> {now or '-'}" for key, (was, now) in event.data["changes"].items()]
    reset = [f"The PIN is taken away. A new one is set with: care contact edit {person} --pin -"]
    return "\n".join((f"For {person}:", *changed, *(reset if event.data["pin_reset"] else ())))


def ways(case: Case) -> Sequence[tuple[str, str]]:
    """What the customer can type for a request as it stands: the label and the command."""
    number, request = written(case.number), case.request
    if request is None or case.closed:
        return ()
    if request.stage is RequestStage.REJECTED:
        return (resubmitting(case),)
    if request.stage is RequestStage.ACCEPTED and request.unsigned(Party.CUSTOMER):
        first = request.unsigned(Party.CUSTOMER)[0].file
        return (
            ("To read a document", f"care attachment get {number} {first}"),
            ("To sign", f"care request sign {number}"),
        )
    return ()


def resubmitting(case: Case) -> tuple[str, str]:
    """How a rejected request is submitted again."""
    return ("To submit it again", f"care request resubmit {written(case.number)} -m 'what is different'")


PROMISES: Final[Mapping[DeadlineKind, str]] = {
    DeadlineKind.ACKNOWLEDGEMENT: "acknowledge your request",
    DeadlineKind.DECISION: "accept or reject your request",
}


def pending(case: Case) -> str | None:
    """What an accepted request waits for; None for any other, and once it is worked on."""
    request = case.request
    if request is None or request.stage is not RequestStage.ACCEPTED or case.standing != NEW:
        return None
    return "Both sides have signed: work begins." if request.ready else "Work begins once both sides have signed."


def promise(case: Case, after: datetime) -> tuple[str, datetime] | None:
    """What we do next about a request, and by when; None where nothing is due."""
    due = [one for one in case.deadlines if one.open and one.kind in PROMISES and one.due_at > after]
    first = min(due, key=lambda one: one.due_at, default=None)
    return (f"We will {PROMISES[first.kind]}", first.due_at) if first else None


def ways_for_care(kind: MailKind, case: Case) -> tuple[tuple[str, str], ...]:
    """What who reworks a request with the customer can type."""
    return (resubmitting(case),) if kind is MailKind.REQUEST_REWORK else ()


TOPIC: Final = Topic(
    kinds=KINDS,
    about=ABOUT,
    names=frozenset({Kind.REQUEST_REJECTED}),
    recipients=recipients,
    kind_for=kind_for,
    lead=lead,
    to_care=frozenset({MailKind.REQUEST_REWORK}),
    ways=ways_for_care,
)
