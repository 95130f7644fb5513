"""What a store hands out that is no value of the domain: rows of its own making."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.domain.vocabulary import Metric, Priority

if TYPE_CHECKING:
    from carecli.domain.outbox import Mail
    from carecli.domain.timers import Timer


class LastTick(NamedTuple):
    """When the tick last ran, and how long the log was then."""

    at: datetime
    position: int


class Claim(NamedTuple):
    """Timers to fire, in their order, and up to which one the queue was looked through; None: to its end."""

    timers: list[Timer]
    last: Timer | None


class MailClaim(NamedTuple):
    """Mails to deliver, in their order, and up to which one the queue was looked through; None: to its end."""

    mails: list[Mail]
    last: Mail | None


class CaseRow(NamedTuple):
    """A case as JSON values: its state (`case_state.state`) and its long texts."""

    state: Mapping[str, Any]
    texts: Mapping[str, Any]


class StandingClock(NamedTuple):
    """A clock that stands warned or breached and unmet; `position` is that of the event that says so."""

    number: int
    metric: Metric
    cycle: int
    priority: Priority
    account: str
    owner: str | None
    due_at: datetime
    position: int


class Expected(NamedTuple):
    """A case that waits for time: when the first of its timers is due, and its state (`case_state.state`)."""

    first_at: datetime
    number: int
    state: Mapping[str, Any]


class Needing(NamedTuple):
    """A case that needs somebody, by its state, and where one stands warned or breached the clock that says so."""

    state: Mapping[str, Any]
    metric: Metric | None = None
    cycle: int = 0


class StandingEscalation(NamedTuple):
    """A case that stands escalated, by its state, and the beginning of the reason given last (ESC-1)."""

    state: Mapping[str, Any]
    reason: str


class LateDeadline(NamedTuple):
    """A deadline that stands missed, by the state of its case and its id; `position` is that of its event."""

    state: Mapping[str, Any]
    id: int
    position: int


class CaseTexts(NamedTuple):
    """What search finds of one case; `notes` only for staff (FIND-3, DC-3)."""

    number: int
    subject: str
    description: str
    updates: str
    notes: str


class Census(NamedTuple):
    """How much a record tells of: cases, events, and the last number given."""

    cases: int
    events: int
    last_number: int


class Thread(NamedTuple):
    """The mails of a case so far: how many were written, and the Message-IDs that the next one follows."""

    length: int
    first: str | None
    """Of the first that was written."""
    answered: str | None
    """Of the last message that updated the case."""
