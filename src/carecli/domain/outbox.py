"""Mail on its way: written with its event, delivered afterwards (MAIL-6)."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class MailState(StrEnum):
    """How far a mail has come."""

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


class Mail(NamedTuple):
    """One mail; `key` makes it the only one of its kind (FU-5), `id` is given by the store.

    `round` and `stage` name the follow-up stage whose mail this is, 0 for any other.
    """

    key: str
    number: int
    kind: MailKind
    to: str
    subject: str
    body: str
    message_id: str
    queued_at: datetime
    not_before: datetime
    round: int = 0
    stage: int = 0
    state: MailState = MailState.QUEUED
    sent_at: datetime | None = None
    error: str | None = None
    id: int = 0
