"""What the customer is told of the case itself: what was asked, proposed, restored, closed (MAIL-1, FU-1)."""

from typing import Final

from carecli.domain import transitions
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.numbers import written
from carecli.domain.outbox import MailKind
from carecli.mail.outgoing.topic import Topic

TOPIC: Final = Topic(
    kinds={
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
    },
    about={
        MailKind.ACKNOWLEDGEMENT: "we have your case",
        MailKind.ANSWER: "an update",
        MailKind.REQUEST: "we need information from you",
        MailKind.PROPOSAL: "a solution is proposed",
        MailKind.RESTORED: "the service is restored",
        MailKind.CLOSING: "the case is closed",
        MailKind.REOPENED: "the case is open again",
        MailKind.PRIORITY: "the priority has changed",
    },
)

LEADS: Final = {
    MailKind.ANSWER: "There is an update on case {number}.",
    MailKind.REQUEST: "We need information from you on case {number}.",
    MailKind.PROPOSAL: "We propose a solution to case {number}: please accept or reject it.",
    MailKind.RESTORED: "The service of case {number} is restored: please tell us whether it works for you.",
    MailKind.CLOSING: "Case {number} is closed.",
    MailKind.REOPENED: "Case {number} is open again.",
}


def lead(kind: MailKind, event: Event, case: Case, stages: int) -> str:
    """What it is about and what is asked, in a sentence; `stages` is how many the follow-up ladder has."""
    number = written(case.number)
    if kind is MailKind.ACKNOWLEDGEMENT:
        return f"We have your case. Its number is {number}, its priority {case.priority}."
    if kind is MailKind.REMINDER:
        return f"This is reminder {event.data['stage']}: {_wanted(case)} on case {number}."
    if kind is MailKind.CLOSING and event.kind is Kind.FOLLOW_UP_SENT:
        reminded = ", even after reminders" if stages > 1 else ""
        return f"Case {number} is closed, as no answer to our request came{reminded}."
    if kind is MailKind.PRIORITY:
        return f"The priority of case {number} is now {case.priority}; it was {event.data['was']}."
    return LEADS[kind].replace("{number}", number)


def _wanted(case: Case) -> str:
    if case.standing in transitions.PROPOSALS:
        return "please accept or reject the proposed solution"
    return "please give the information that we asked for"
