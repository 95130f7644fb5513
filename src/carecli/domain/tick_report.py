"""What a tick did and found (TICK-2)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from carecli.domain.vocabulary import Metric, Priority

if TYPE_CHECKING:
    from carecli.domain.deadline import DeadlineKind
    from carecli.domain.escalation import Addressee


class SentFollowUp(NamedTuple):
    """A stage of a ladder that went out: `action` is `reminder` or `close` (FU-1)."""

    number: int
    stage: int
    due_at: datetime
    contact: str
    action: str
    delayed: bool


class Breach(NamedTuple):
    """A clock that stands breached and unmet; `new` since the tick before (TICK-2)."""

    number: int
    metric: Metric
    priority: Priority
    account: str
    owner: str | None
    due_at: datetime
    overdue_s: int
    new: bool


class Warned(NamedTuple):
    """A clock that stands warned, with what is left of it (SLA-7)."""

    number: int
    metric: Metric
    priority: Priority
    account: str
    owner: str | None
    due_at: datetime
    left_s: int


class Escalated(NamedTuple):
    """A case that stands escalated: to whom, since when, by whom and why, as raised last (ESC-1)."""

    number: int
    to: Addressee
    addressed: tuple[str, ...]
    since: datetime
    by: str
    reason: str
    wanted_priority: Priority | None
    priority: Priority
    account: str
    owner: str | None


class Missed(NamedTuple):
    """A deadline that stands missed and unmet, on a closed case too; `new` since the tick before (SR-1, INC-2)."""

    number: int
    kind: DeadlineKind
    about: str | None
    account: str
    owner: str | None
    due_at: datetime
    overdue_s: int
    new: bool


class SentDigest(NamedTuple):
    """A digest of advisories that went out, and the ids of those it tells of; without any there was no mail."""

    person: str
    due_at: datetime
    advisories: tuple[int, ...]


class MailCount(NamedTuple):
    """What became of the mail that was tried; of what failed: when the next try is, why, and what mends it."""

    queued: int = 0
    sent: int = 0
    failed: int = 0
    next_try_at: datetime | None = None
    reason: str | None = None
    hint: str | None = None

    def then(self, more: MailCount) -> MailCount:
        """This count with that of a later delivery of the same tick."""
        tries = [at for at in (self.next_try_at, more.next_try_at) if at]
        return MailCount(
            self.queued + more.queued,
            self.sent + more.sent,
            self.failed + more.failed,
            min(tries, default=None),
            self.reason or more.reason,
            self.hint or more.hint,
        )


class TickReport(NamedTuple):
    """Everything that one tick did and found (TICK-2)."""

    now: datetime
    last_tick_at: datetime | None
    fired: int
    followups: tuple[SentFollowUp, ...]
    closed: tuple[int, ...]
    breaches: tuple[Breach, ...]
    warnings: tuple[Warned, ...]
    held: tuple[int, ...]
    mail: MailCount
    next_due_at: datetime | None
    dry_run: bool = False
    escalations: tuple[Escalated, ...] = ()
    deadlines: tuple[Missed, ...] = ()
    digests: tuple[SentDigest, ...] = ()


class Fired:
    """What a tick has done so far."""

    def __init__(self) -> None:
        self.timers = 0
        self.cases: dict[int, int] = {}
        """How many of the timers were those of each case."""
        self.followups: list[SentFollowUp] = []
        self.closed: list[int] = []
        self.digests: list[SentDigest] = []

    def note(self, number: int) -> None:
        """Count a timer of a case that brought something."""
        self.timers += 1
        self.cases[number] = self.cases.get(number, 0) + 1

    def add(self, more: Fired) -> None:
        """Count what was done next."""
        self.timers += more.timers
        for number, count in more.cases.items():
            self.cases[number] = self.cases.get(number, 0) + count
        self.followups += more.followups
        self.closed += more.closed
        self.digests += more.digests

    def of(self, numbers: Collection[int]) -> Fired:
        """What was done to these cases alone."""
        some = Fired()
        some.cases = {number: count for number, count in self.cases.items() if number in numbers}
        some.timers = sum(some.cases.values())
        some.followups = [sent for sent in self.followups if sent.number in numbers]
        some.closed = [number for number in self.closed if number in numbers]
        some.digests = self.digests
        return some
