"""What those are told who have to do with an escalation (ESC-1)."""

from collections.abc import Mapping
from typing import Final

from carecli.domain.case import Case
from carecli.domain.escalation import TITLES, Addressee
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.outbox import MailKind
from carecli.mail.outgoing.topic import Topic, once

APPEALS: Final[Mapping[Kind, MailKind]] = {
    Kind.ESCALATED: MailKind.ESCALATION,
    Kind.ESCALATION_ANSWERED: MailKind.ESCALATION_ANSWERED,
    Kind.ESCALATION_WITHDRAWN: MailKind.ESCALATION_WITHDRAWN,
}


def recipients(event: Event, case: Case) -> tuple[str, ...]:
    """Whom it is raised to; of the answer, the case's contact and who raised it."""
    if event.kind is Kind.ESCALATION_ANSWERED:
        return once((case.contact, event.data["raised_by"]), event)
    return once(tuple(event.data["addressed"]), event)


def kind_for(event: Event, _case: Case, _to: str | None) -> MailKind | None:
    """The mail that all of them get."""
    return APPEALS.get(event.kind)


def lead(kind: MailKind, event: Event, case: Case) -> str | None:
    """What it is about, in a sentence; None for mail that is about none of this."""
    number = written(case.number)
    if kind is MailKind.ESCALATION_ANSWERED:
        return f"The escalation of case {number} is answered."
    if kind is MailKind.ESCALATION_WITHDRAWN:
        return f"The escalation of case {number} is taken back."
    if kind is not MailKind.ESCALATION:
        return None
    wanted = event.data["wanted_priority"]
    wish = f" Priority {wanted} is asked for; the case has {case.priority}." if wanted else ""
    to = TITLES[Addressee(event.data["to"])]
    return f"{event.actor} escalates case {number} of {case.account} to {to}.{wish}"


def ways(kind: MailKind, case: Case) -> tuple[tuple[str, str], ...]:
    """What whoever it is raised to can type."""
    answering = ("To answer", f"care escalate {written(case.number)} --answer -m 'your text'")
    return (answering,) if kind is MailKind.ESCALATION else ()


TOPIC: Final = Topic(
    about={
        MailKind.ESCALATION: "escalated",
        MailKind.ESCALATION_ANSWERED: "the escalation is answered",
        MailKind.ESCALATION_WITHDRAWN: "the escalation is taken back",
    },
    names=frozenset(APPEALS),
    recipients=recipients,
    kind_for=kind_for,
    lead=lead,
    to_care=frozenset({MailKind.ESCALATION, MailKind.ESCALATION_WITHDRAWN}),
    ways=ways,
)
