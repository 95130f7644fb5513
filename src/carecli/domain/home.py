"""The home page: how many cases there are, what needs the actor next, and what time will do (TICK-2, TICK-3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from carecli.domain import transitions
from carecli.domain.vocabulary import Metric, Status

if TYPE_CHECKING:
    from carecli.domain.access import Actor
    from carecli.domain.advisory import Announced
    from carecli.domain.case import Case
    from carecli.domain.chat import Waiting as WaitingChat
    from carecli.domain.clock import Clock
    from carecli.domain.deadline import Deadline
    from carecli.domain.forecast import Coming


class NeedKind(StrEnum):
    """Why cases need the actor."""

    ANSWER = "answer"
    ESCALATED = "escalated"
    BREACHED = "breached"
    WARNED = "warned"
    LATE = "late"
    RESPONDED = "responded"
    UNASSIGNED = "unassigned"


class Waiting(NamedTuple):
    """A case that needs somebody: for a clock that stands warned or breached, a deadline that stands missed.

    Or with what time does to it next.

    `command` is what answers it, None where the actor may not.
    """

    case: Case
    metric: Metric | None = None
    cycle: int = 0
    coming: Coming | None = None
    command: str | None = None
    deadline_id: int = 0

    @property
    def deadline(self) -> Deadline | None:
        """The deadline that says so."""
        return next((one for one in self.case.deadlines if one.id == self.deadline_id), None)

    @property
    def clock(self) -> Clock | None:
        """The clock that says so."""
        return self.case.clock(self.metric, self.cycle) if self.metric else None


class Need(NamedTuple):
    """The first few of the cases that need the actor for one reason, how many there are, and what lists them."""

    kind: NeedKind
    waiting: tuple[Waiting, ...]
    total: int
    command: str


class Machinery(NamedTuple):
    """Whether time and mail run, for those who see to it; `due_since` is of the longest due timer (TICK-4)."""

    last_tick_at: datetime | None
    late: bool
    due_since: datetime | None
    mail_waiting: int
    mail_failed: int


class Announcements(NamedTuple):
    """The first few advisories that are open for somebody, unread first; how many are unread, and open (ADV-1)."""

    first: tuple[Announced, ...]
    unread: int
    total: int


class Home(NamedTuple):
    """The home page of one actor; `counts` by tab, None for whoever sees no cases (DC-1).

    `lacking` tells admins of a desk without cases what it needs first: accounts, contacts.
    """

    now: datetime
    desk: str
    actor: Actor
    counts: dict[Status, int] | None = None
    counts_command: str | None = None
    needs: tuple[Need, ...] = ()
    coming: tuple[Coming, ...] = ()
    machinery: Machinery | None = None
    lacking: tuple[str, ...] = ()
    triage: int | None = None
    """How many mails wait in triage; None for contacts, who know nothing of it (MAIL-3)."""
    chats: tuple[WaitingChat, ...] = ()
    """The first few chats in which the other side waits for the actor (CHAT-1)."""
    announcements: Announcements | None = None
    """What is open of advisories and news (ADV-1)."""


class Welcome(NamedTuple):
    """The page of whoever has no desk yet, or is nobody on it: why, and the first commands with what they do."""

    database: str
    reason: str
    steps: tuple[tuple[str, str], ...]


def answering(case: Case) -> str:
    """The command by which the customer answers a case that waits for it (STAT-3)."""
    if case.standing in transitions.PROPOSALS | transitions.RESTORED:
        return f"care accept {case.number}"
    return f"care update {case.number} -m TEXT"
