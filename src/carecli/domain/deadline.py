"""A deadline: something that is to be done on a case by a time, beside the service-level clocks (SR-1, INC-2).

Deadlines never pause. One that is met late was missed all the same; one of what is no longer wanted is cancelled.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain.amount import Amount
from carecli.domain.business_time import BusinessTime
from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none

Deadlines = tuple["Deadline", ...]


class DeadlineKind(StrEnum):
    """What is due."""

    ACKNOWLEDGEMENT = "acknowledgement"
    DECISION = "decision"
    POST_MORTEM = "post-mortem"
    INCIDENT_REPORT = "incident-report"
    ACTION = "action"


class DeadlineState(StrEnum):
    """How a deadline stands; missed covers one that was met too late (`met_at` tells), or given up after that."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Deadline(NamedTuple):
    """What is due by `due_at`; `id` counts the deadlines of the case from 1 and names it in events and timers.

    `target` is the amount that it was reckoned by, None where a date was set; `about` tells those of one kind
    apart: what an action is, whom a report is for; `owner` is who sees to it, None for the case's owner.
    """

    id: int
    kind: DeadlineKind
    started_at: datetime
    due_at: datetime
    target: str | None = None
    about: str | None = None
    owner: str | None = None
    met_at: datetime | None = None
    missed_at: datetime | None = None
    cancelled: bool = False

    @property
    def open(self) -> bool:
        """Whether it is still to be met."""
        return self.met_at is None and not self.cancelled

    @property
    def state(self) -> DeadlineState:
        """How it stands by the record."""
        if self.missed_at:
            return DeadlineState.MISSED
        if self.cancelled:
            return DeadlineState.CANCELLED
        return DeadlineState.MET if self.met_at else DeadlineState.RUNNING


OF_CUSTOMERS = frozenset(DeadlineKind) - {DeadlineKind.ACTION}
"""What is promised to the customer of a case; who does what about it inside is for staff alone (DC-3)."""


def promised(deadline: Deadline, account: str) -> bool:
    """Whether the customer of a case is told of a deadline: not of one that is about somebody else (DC-3)."""
    return deadline.kind in OF_CUSTOMERS and deadline.about in {None, account}


def as_promised(deadlines: Deadlines, account: str) -> Deadlines:
    """Those that the customer of a case is told of, counted anew, without who sees to them (DC-3)."""
    told = (one for one in deadlines if promised(one, account))
    return tuple(one._replace(id=place, owner=None) for place, one in enumerate(told, 1))


def begun(
    deadlines: Deadlines,
    kind: DeadlineKind,
    at: datetime,
    target: str,
    calendar: BusinessTime,
    *,
    about: str | None = None,
    owner: str | None = None,
) -> Deadlines:
    """With one more, due an amount of time such as `2bd` or `48h` after `at` (CAL-1..3)."""
    due_at = calendar.add(at, Amount.parse(target))
    return (*deadlines, Deadline(len(deadlines) + 1, kind, at, due_at, target, about, owner))


def dated(
    deadlines: Deadlines,
    kind: DeadlineKind,
    at: datetime,
    due_at: datetime,
    *,
    about: str | None = None,
    owner: str | None = None,
) -> Deadlines:
    """With one more, due at a time that somebody set."""
    return (*deadlines, Deadline(len(deadlines) + 1, kind, at, due_at, None, about, owner))


def met(deadlines: Deadlines, kind: DeadlineKind, at: datetime, *, about: str | None = None) -> Deadlines:
    """With the open ones of a kind met, or of those the ones that are `about` something."""
    return tuple(
        one._replace(met_at=at) if one.open and one.kind is kind and about in {None, one.about} else one
        for one in deadlines
    )


def cancelled(
    deadlines: Deadlines, kinds: Sequence[DeadlineKind] = tuple(DeadlineKind), *, about: str | None = None
) -> Deadlines:
    """With the open ones of these kinds cancelled, or of those the ones that are `about` something."""
    return tuple(
        one._replace(cancelled=True) if one.open and one.kind in kinds and about in {None, one.about} else one
        for one in deadlines
    )


def missed(deadlines: Deadlines, id_: int, at: datetime) -> Deadlines:
    """With one marked as missed."""
    return tuple(one._replace(missed_at=at) if one.id == id_ else one for one in deadlines)


def document(deadline: Deadline) -> dict[str, Any]:
    """The deadline as JSON, whole."""
    return deadline._asdict() | {
        "kind": deadline.kind.value,
        "started_at": iso(deadline.started_at),
        "due_at": iso(deadline.due_at),
        "met_at": iso_or_none(deadline.met_at),
        "missed_at": iso_or_none(deadline.missed_at),
    }


def from_document(doc: Mapping[str, Any]) -> Deadline:
    """Read what `document` wrote."""
    return Deadline(
        **{
            **doc,
            "kind": DeadlineKind(doc["kind"]),
            "started_at": instant(doc["started_at"]),
            "due_at": instant(doc["due_at"]),
            "met_at": instant_or_none(doc["met_at"]),
            "missed_at": instant_or_none(doc["missed_at"]),
        }
    )
