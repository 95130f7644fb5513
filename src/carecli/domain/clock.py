"""One service-level clock: what was promised, the stretches that do not count, and how it stands."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain import consumption
from carecli.domain.amount import Amount
from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Metric, Priority

Hole = tuple[datetime, datetime]


class ClockState(StrEnum):
    """How a clock stands; breached covers a clock met too late (`met_at` tells)."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class Cancelled(StrEnum):
    """Why a clock was cancelled: the case closed on it, or its severity promises nothing."""

    CLOSED = "closed"
    NO_TARGET = "no-target"


class Clock(NamedTuple):
    """A metric's clock in one cycle (SLA-3..6).

    `origin` is where the winning target is counted from, which a raised severity may move past
    `started_at`; `holes` are the stretches that do not count: pauses that have ended, and times at
    which the clock stood met. `floor` is the moment before which it cannot be due.
    """

    metric: Metric
    cycle: int
    priority: Priority
    target: Amount
    started_at: datetime
    origin: datetime
    due_at: datetime
    warn_at: datetime
    holes: tuple[Hole, ...] = ()
    paused_at: datetime | None = None
    met_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled: Cancelled | None = None
    floor: datetime | None = None

    @property
    def state(self) -> ClockState:
        """How it stands by the record."""
        if self.cancelled_at:
            return ClockState.CANCELLED
        if self.breached_at:
            return ClockState.BREACHED
        if self.met_at:
            return ClockState.MET
        return ClockState.PAUSED if self.paused_at else ClockState.RUNNING

    @property
    def unmet(self) -> bool:
        """Whether something is still owed: neither met nor cancelled."""
        return self.met_at is None and self.cancelled_at is None

    @property
    def ticking(self) -> bool:
        """Whether time uses it up."""
        return self.unmet and self.paused_at is None

    def used_s(self, rules: Rules, at: datetime) -> int:
        """Seconds of the allowance used up by `at`, in the target's own base (SLA-4)."""
        return consumption.used_s(document(self), rules.calendar, at)


def start(metric: Metric, cycle: int, priority: Priority, target: Amount, at: datetime, rules: Rules) -> Clock:
    """A clock that begins to run at `at`."""
    return timed(Clock(metric, cycle, priority, target, at, at, at, at), rules)


def timed(clock: Clock, rules: Rules) -> Clock:
    """The clock with its due and warning times worked out afresh (SLA-4, SLA-7)."""
    due = rules.calendar.due(clock.origin, clock.target, clock.holes)
    warn = rules.calendar.share(clock.origin, clock.target, rules.policy.warn_percent, clock.holes)
    if clock.floor:
        due, warn = max(due, clock.floor), max(warn, clock.floor)
    return clock._replace(due_at=due, warn_at=warn)


def without(clock: Clock, since: datetime, until: datetime, rules: Rules) -> Clock:
    """The clock with the stretch from `since` to `until` not counted (SLA-4)."""
    if since >= until:
        return clock
    return timed(clock._replace(holes=(*clock.holes, (since, until))), rules)


def document(clock: Clock) -> dict[str, Any]:
    """The clock as JSON, whole."""
    return {
        "metric": clock.metric.value,
        "cycle": clock.cycle,
        "priority": clock.priority.value,
        "target": str(clock.target),
        "started_at": iso(clock.started_at),
        "origin": iso(clock.origin),
        "due_at": iso(clock.due_at),
        "warn_at": iso(clock.warn_at),
        "holes": [[iso(since), iso(until)] for since, until in clock.holes],
        "paused_at": iso_or_none(clock.paused_at),
        "met_at": iso_or_none(clock.met_at),
        "warned_at": iso_or_none(clock.warned_at),
        "breached_at": iso_or_none(clock.breached_at),
        "cancelled_at": iso_or_none(clock.cancelled_at),
        "cancelled": clock.cancelled,
        "floor": iso_or_none(clock.floor),
        "state": clock.state.value,
    }


def from_document(doc: Mapping[str, Any]) -> Clock:
    """Read what `document` wrote."""
    return Clock(
        metric=Metric(doc["metric"]),
        cycle=doc["cycle"],
        priority=Priority(doc["priority"]),
        target=Amount.parse(doc["target"]),
        started_at=instant(doc["started_at"]),
        origin=instant(doc["origin"]),
        due_at=instant(doc["due_at"]),
        warn_at=instant(doc["warn_at"]),
        holes=tuple((instant(since), instant(until)) for since, until in doc["holes"]),
        paused_at=instant_or_none(doc["paused_at"]),
        met_at=instant_or_none(doc["met_at"]),
        warned_at=instant_or_none(doc["warned_at"]),
        breached_at=instant_or_none(doc["breached_at"]),
        cancelled_at=instant_or_none(doc["cancelled_at"]),
        cancelled=Cancelled(doc["cancelled"]) if doc["cancelled"] else None,
        floor=instant_or_none(doc["floor"]),
    )
