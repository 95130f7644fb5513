"""The home page: how many cases there are, what needs the actor next, and what time will do (TICK-2, TICK-3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from carecli.domain.vocabulary import Metric, Status

if TYPE_CHECKING:
    from carecli.domain.access import Actor
    from carecli.domain.case import Case
    from carecli.domain.clock import Clock
    from carecli.domain.forecast import Coming


class NeedKind(StrEnum):
    """Why cases need the actor."""

    ANSWER = "answer"
    ESCALATED = "escalated"
    BREACHED = "breached"
    WARNED = "warned"
    RESPONDED = "responded"
    UNASSIGNED = "unassigned"


class Waiting(NamedTuple):
    """A case that needs somebody: for a clock that stands warned or breached, or with what time does to it next.

    `command` is what answers it, None where the actor may not.
    """

    case: Case
    metric: Metric | None = None
    cycle: int = 0
    coming: Coming | None = None
    command: str | None = None

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


class Welcome(NamedTuple):
    """The page of whoever has no desk yet, or is nobody on it: why, and the first commands with what they do."""

    database: str
    reason: str
    steps: tuple[tuple[str, str], ...]


def answering(case: Case) -> str:
    """The command by which the customer answers a case that waits for it (STAT-3)."""
    if case.status is Status.AWAITING_INFO:
        return f"care update {case.number} -m TEXT"
    return f"care accept {case.number}"
