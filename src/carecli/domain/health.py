"""How a desk is doing: what waits too long, what is at risk, and what a monitor is told of it (TICK-4, AUD-2)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple


class State(StrEnum):
    """How something was found: in order, worth a look, or in need of mending."""

    FINE = "fine"
    ADVICE = "advice"
    WRONG = "wrong"


class Finding(NamedTuple):
    """What one check found, in words, and what mends it."""

    check: str
    state: State
    what: str
    fix: str | None = None


class Watch(IntEnum):
    """What a monitor is told, as exit status (TICK-4); the graver number wins."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


class Condition(NamedTuple):
    """How a database lies on its disk: its schema, the one this program speaks, and its file."""

    path: str
    version: int
    speaks: int
    mode: int | None = None
    bytes: int = 0
    wal_bytes: int = 0
    free_bytes: int | None = None
    own: bool = True


class Server(NamedTuple):
    """How a database server fares, as far as its user may know; times in seconds, None where nobody can say."""

    version: str
    major: int
    role: str
    mighty: bool
    """Whether the role may do anything, as a superuser may."""
    private: bool
    """Whether what is said to it stays on this machine, or is encrypted."""
    proved: bool
    """Whether it is on this machine, or showed a certificate that was checked."""
    ahead_s: float
    """How far its clock is ahead of ours, below 0 where it is behind."""
    standby: bool
    settings: Mapping[str, str]
    """Its settings by name, as far as they concern safety."""
    connections: int
    most_connections: int
    longest_s: float | None
    """How old the oldest transaction of others is at this database."""
    waiting: int
    """How many sessions wait for a lock of another one at this database."""
    archived_at: datetime | None
    archive_failures: int
    """How often archiving failed since it last succeeded, 0 where it did not."""
    standbys: int
    held_bytes: int
    """How much of its log it keeps for followers that do not come for it."""
    oldest_age: int
    """How many transactions ago the oldest row was frozen: at two thousand million the server stops."""


class Vitals(NamedTuple):
    """What waits at a desk, and what has waited too long (TICK-4).

    Mail given up or bounced is that of cases which are not closed. `clocks_unmarked` have their warning or breach
    due, and no tick came to mark them.
    """

    cases: Mapping[str, int]
    timers_overdue: int
    timers_since: datetime | None
    mail_queued: int
    mail_failed: int
    mail_stuck: int
    mail_since: datetime | None
    clocks_warned: int
    clocks_breached: int
    clocks_unmarked: int
    held: tuple[int, ...]
    next_due_at: datetime | None
    mail_given_up: int = 0
    mail_bounced: int = 0
    deadlines_missed: int = 0
    """Deadlines of requests and incidents past their due time and not met, whether or not a tick has said so."""


class Safety(NamedTuple):
    """What is known of the desk's safety: its backups, its log, who was refused (DC-4, AUD-2)."""

    last_backup_at: datetime | None = None
    events: int = 0
    """How many events the log holds."""
    refused: int = 0
    """How often somebody was refused at the gate on the last day."""
    refused_ever: int = 0
    pins_locked: int = 0


class Pulse(NamedTuple):
    """What a look at the desk took in; `late_after_s` is the longest silence of the tick that is no fault."""

    now: datetime
    last_tick_at: datetime | None
    late_after_s: int
    vitals: Vitals
    condition: Condition
    safety: Safety = Safety()

    @property
    def backup_age_s(self) -> int | None:
        """Seconds since the last backup, None where there was none; never below 0."""
        at = self.safety.last_backup_at
        return None if at is None else max(0, int((self.now - at).total_seconds()))

    @property
    def tick_age_s(self) -> int | None:
        """Seconds since the last tick, None where none ever ran; never below 0."""
        return None if self.last_tick_at is None else max(0, int((self.now - self.last_tick_at).total_seconds()))

    @property
    def tick_late(self) -> bool:
        """Whether the tick has been silent for too long, or has never run."""
        return self.tick_ahead or is_late(self.now, self.last_tick_at, self.late_after_s)

    @property
    def tick_ahead(self) -> bool:
        """Whether the last tick was a trial in time to come, so that nobody knows of the true last one."""
        return self.last_tick_at is not None and self.last_tick_at > self.now + FAR

    @property
    def tick_ahead_s(self) -> int:
        """Seconds by which the last tick lies ahead, 0 where two readings of one clock may do so."""
        if self.last_tick_at is None or self.last_tick_at <= self.now + NEAR:
            return 0
        return int((self.last_tick_at - self.now).total_seconds())

    @property
    def clocks_at_risk(self) -> int:
        """Clocks that stand warned or breached, or would if a tick had come."""
        vitals = self.vitals
        return vitals.clocks_warned + vitals.clocks_breached + vitals.clocks_unmarked

    @property
    def watch(self) -> Watch:
        """2 where clocks are at risk or deadlines missed, 1 where the tick is late or mail is stuck, else 0."""
        if self.clocks_at_risk or self.vitals.deadlines_missed:
            return Watch.CRITICAL
        stuck = self.vitals.mail_stuck or self.vitals.held
        return Watch.WARNING if self.tick_late or stuck else Watch.OK


class Health(NamedTuple):
    """Everything that `care doctor` found."""

    pulse: Pulse
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing needs mending."""
        return all(finding.state is not State.WRONG for finding in self.findings)


NEAR = timedelta(minutes=1)
"""How far two readings of one clock may lie apart without a word about it."""

OF_LATE = timedelta(days=1)
"""Over how long refusals are counted, and told of."""
FAR = timedelta(days=1)
"""How far ahead of the clock the mark of the last tick is believed: clocks are set back by less (TICK-4)."""


def is_late(now: datetime, last_tick_at: datetime | None, late_after_s: int) -> bool:
    """Whether the tick is later than it may be; one that never ran is."""
    return last_tick_at is None or (now - last_tick_at).total_seconds() > late_after_s
