"""Mail on its way: written with its event, delivered afterwards (MAIL-6)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class MailState(StrEnum):
    """How far a mail has come; what failed is tried again as long as it has a next time."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    WITHDRAWN = "withdrawn"


class MailKind(StrEnum):
    """What a mail tells its reader."""

    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    REQUEST = "request"
    PROPOSAL = "proposal"
    RESTORED = "restored"
    REMINDER = "reminder"
    CLOSING = "closing"
    REOPENED = "reopened"
    PRIORITY = "priority"
    ESCALATION = "escalation"
    ESCALATION_ANSWERED = "escalation-answered"
    ESCALATION_WITHDRAWN = "escalation-withdrawn"
    EVALUATION = "evaluation"
    CONVERSION = "conversion"
    REQUEST_ACKNOWLEDGED = "request-acknowledged"
    REQUEST_ACCEPTED = "request-accepted"
    REQUEST_REJECTED = "request-rejected"
    REQUEST_REWORK = "request-rework"
    REQUEST_RESUBMITTED = "request-resubmitted"
    REQUEST_SIGNED = "request-signed"
    REQUEST_COMPLETED = "request-completed"
    CHANGE_APPROVED = "change-approved"
    CHANGE_DECLINED = "change-declined"
    INCIDENT = "incident"
    AFFECTED = "affected"
    UNAFFECTED = "unaffected"
    SERVICE_BACK = "service-back"
    REPORT_WANTED = "report-wanted"
    INCIDENT_REPORT = "incident-report"
    # About no case (ADV-1).
    ADVISORY = "advisory"
    ADVISORY_WITHDRAWN = "advisory-withdrawn"
    DIGEST = "digest"
    TRANSCRIPT = "transcript"
    CHAT_UNANSWERED = "chat-unanswered"
    # Automatic answers to mail that changed nothing (MAIL-3, MAIL-4).
    HOW_TO_OPEN = "how-to-open"
    HOW_TO_REOPEN = "how-to-reopen"
    HOW_TO_REPLY = "how-to-reply"
    UNKNOWN_SENDER = "unknown-sender"


class Mail(NamedTuple):
    """One mail; `key` makes it the only one of its kind (FU-5), `id` is given by the store.

    `content` is what it says, as JSON, fixed when it is queued; how that is laid out is decided when it leaves.
    `number` is None where it is about no case. `named` are the Message-IDs that it follows, the thread's first one
    first. `round` and `stage` name the follow-up stage whose mail this is, 0 for any other. It may leave from
    `not_before` on; `next_at` is when it is tried next, None once it has left or was given up.
    """

    key: str
    number: int | None
    kind: MailKind
    to: str
    subject: str
    content: Mapping[str, Any]
    message_id: str
    queued_at: datetime
    not_before: datetime
    next_at: datetime | None
    named: tuple[str, ...] = ()
    round: int = 0
    stage: int = 0
    state: MailState = MailState.QUEUED
    attempts: int = 0
    sent_at: datetime | None = None
    error: str | None = None
    id: int = 0

    @property
    def given_up(self) -> bool:
        """Whether it failed for good: only staff have it sent again."""
        return self.state is MailState.FAILED and self.next_at is None

    def told(self) -> dict[str, Any]:
        """How an event names it (AUD-1)."""
        return {"mail": self.id, "mail_kind": self.kind.value, "to": self.to, "message_id": self.message_id}


REQUESTS = frozenset({MailKind.REQUEST, MailKind.PROPOSAL})
"""What asks something of the customer, and starts a follow-up ladder (FU-1)."""

ANSWERS = frozenset({MailKind.HOW_TO_OPEN, MailKind.HOW_TO_REOPEN, MailKind.HOW_TO_REPLY, MailKind.UNKNOWN_SENDER})
"""Automatic answers to mail: never more than the policy allows per sender and day (MAIL-5)."""
