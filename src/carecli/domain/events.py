"""Events: everything that can happen to a case or to the desk, as facts that are never changed (STAT-4)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain.vocabulary import Via, Visibility


class Kind(StrEnum):
    """What happened."""

    OPENED = "opened"
    COMMENTED = "commented"
    INVESTIGATED = "investigated"
    ASKED = "asked"
    PROPOSED = "proposed"
    RESTORED = "restored"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CLOSED = "closed"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    PRIORITY_CHANGED = "priority-changed"
    ESCALATED = "escalated"
    ESCALATION_ANSWERED = "escalation-answered"
    ESCALATION_WITHDRAWN = "escalation-withdrawn"
    ATTACHED = "attached"
    SANITISED = "sanitised"
    COMPONENT_CHANGED = "component-changed"
    SPLIT = "split"
    ARTICLE_LINKED = "article-linked"
    LINKED = "linked"
    UNLINKED = "unlinked"
    CLOCKS_STARTED = "clocks-started"
    FOLLOW_UP_SENT = "follow-up-sent"
    FOLLOW_UP_HELD = "follow-up-held"
    FOLLOW_UP_RESUMED = "follow-up-resumed"
    MAIL_UNDELIVERED = "mail-undelivered"
    MAIL_BOUNCED = "mail-bounced"
    MAIL_RESENT = "mail-resent"
    CLOCK_WARNED = "clock-warned"
    CLOCK_BREACHED = "clock-breached"
    CLOCK_MET = "clock-met"
    EXEMPTED = "exempted"
    EXEMPTION_WITHDRAWN = "exemption-withdrawn"
    REBASED = "rebased"
    DEADLINE_MISSED = "deadline-missed"
    DEADLINE_MET = "deadline-met"
    REQUEST_ACKNOWLEDGED = "request-acknowledged"
    REQUEST_ACCEPTED = "request-accepted"
    REQUEST_REJECTED = "request-rejected"
    REQUEST_RESUBMITTED = "request-resubmitted"
    REQUEST_SIGNED = "request-signed"
    REQUEST_COMPLETED = "request-completed"
    CHANGE_APPROVED = "change-approved"
    CHANGE_DECLINED = "change-declined"
    EVALUATED = "evaluated"
    CONVERTED = "converted"
    INCIDENT_DECLARED = "incident-declared"
    INCIDENT_DESCRIBED = "incident-described"
    AFFECTED = "affected"
    UNAFFECTED = "unaffected"
    SERVICE_BACK = "service-back"
    POST_MORTEM_HELD = "post-mortem-held"
    REPORT_REQUESTED = "report-requested"
    REPORT_SENT = "report-sent"
    ACTION_ADDED = "action-added"
    ACTION_DONE = "action-done"
    CHAT_STARTED = "chat-started"
    CHATTED = "chatted"
    CHAT_ENDED = "chat-ended"
    # Events of the desk itself carry no case number; so does the resending of a mail that is about no case.
    DESK_SET_UP = "desk-set-up"
    DOCUMENT_ADDED = "document-added"
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_CHANGED = "account-changed"
    CONTACT_ADDED = "contact-added"
    CONTACT_CHANGED = "contact-changed"
    STAFF_ADDED = "staff-added"
    STAFF_CHANGED = "staff-changed"
    MAIL_DISCARDED = "mail-discarded"
    ARTICLE_WRITTEN = "article-written"
    ARTICLE_PUBLISHED = "article-published"
    ARTICLE_RETIRED = "article-retired"
    ARTICLE_VOTED = "article-voted"
    DEFLECTED = "deflected"
    ADVISORY_WRITTEN = "advisory-written"
    ADVISORY_PUBLISHED = "advisory-published"
    ADVISORY_WITHDRAWN = "advisory-withdrawn"
    ADVISORY_READ = "advisory-read"
    SUBSCRIBED = "subscribed"
    DIGEST_SENT = "digest-sent"
    PIN_SET = "pin-set"
    PIN_LOCKED = "pin-locked"
    RECORD_REPAIRED = "record-repaired"
    KEY_RENEWED = "key-renewed"


UPDATES = frozenset(
    {
        Kind.COMMENTED,
        Kind.CHATTED,
        Kind.INVESTIGATED,
        Kind.ASKED,
        Kind.PROPOSED,
        Kind.RESTORED,
        Kind.ACCEPTED,
        Kind.REJECTED,
        Kind.CLOSED,
        Kind.REOPENED,
        Kind.ATTACHED,
        Kind.PRIORITY_CHANGED,
        Kind.ESCALATED,
        Kind.ESCALATION_ANSWERED,
        Kind.ESCALATION_WITHDRAWN,
        Kind.EVALUATED,
        Kind.CONVERTED,
        Kind.REQUEST_ACKNOWLEDGED,
        Kind.REQUEST_ACCEPTED,
        Kind.REQUEST_REJECTED,
        Kind.REQUEST_RESUBMITTED,
        Kind.REQUEST_SIGNED,
        Kind.REQUEST_COMPLETED,
        Kind.CHANGE_APPROVED,
        Kind.CHANGE_DECLINED,
        Kind.INCIDENT_DECLARED,
        Kind.AFFECTED,
        Kind.UNAFFECTED,
        Kind.SERVICE_BACK,
        Kind.REPORT_REQUESTED,
        Kind.REPORT_SENT,
    }
)
"""What moves `modified_at` where it is public (UPD-1)."""


class Event(NamedTuple):
    """One fact: who did what, when and through which channel; `data` holds JSON values only."""

    at: datetime
    actor: str
    via: Via
    kind: Kind
    visibility: Visibility
    data: Mapping[str, Any]

    @property
    def public(self) -> bool:
        """Whether the customer may read it (DC-3)."""
        return self.visibility is Visibility.PUBLIC


Told = tuple[int | None, Event]
"""An event and the case that it is of; None: of the desk itself."""


class Numbered(NamedTuple):
    """An event with its number within its case, or among the desk's own; its place in the log is still to come."""

    number: int | None
    seq: int
    event: Event


class Recorded(NamedTuple):
    """An event in its place in the log: `position` counts the desk's events, `seq` those of its case."""

    position: int
    number: int | None
    seq: int
    event: Event
    digest: str
