"""What became of each clock of a case as a report counts it, from the clock as the record keeps it (RPT-1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from carecli.domain.business_time import BusinessTime
from carecli.domain.consumption import used_s
from carecli.domain.instants import instant
from carecli.domain.report import Outcome

Document = Mapping[str, Any]


class Counted(NamedTuple):
    """A clock with its outcomes; the durations are those until it was met, None where it was not."""

    clock: Document
    raw: Outcome
    adjusted: Outcome
    elapsed_s: int | None = None
    counted_s: int | None = None


def outcome(clock: Document, at: str) -> Outcome:
    """What became of a clock (`clock.document`) by an instant, written as the clock's own are.

    A breach stands until SLA-5 takes it off the record: neither an answer after it, nor the close of the case, nor
    a severity that promises nothing hides it. What is due at this very instant and not met is missed.
    """
    if clock["breached_at"]:
        return Outcome.MISSED
    if clock["cancelled_at"]:
        return Outcome.CANCELLED
    if clock["met_at"]:
        return Outcome.KEPT
    if clock["paused_at"]:
        return Outcome.PAUSED
    # Instants are written alike, so that their order is that of the texts.
    return Outcome.MISSED if clock["due_at"] <= at else Outcome.RUNNING


def judged(clock: Document, adjusted: Document, at: str) -> Counted:
    """A clock, and what it is `adjusted` to without exempted time, where how long it took does not matter."""
    raw = outcome(clock, at)
    return Counted(clock, raw, raw if adjusted is clock else outcome(adjusted, at))


def counted(clock: Document, adjusted: Document, at: str, calendar: BusinessTime) -> Counted:
    """A clock that was met, with how long that took, by the hours that it was timed by."""
    met_at = instant(clock["met_at"])
    elapsed = met_at - instant(clock["started_at"])
    return judged(clock, adjusted, at)._replace(
        elapsed_s=elapsed.days * 86_400 + elapsed.seconds, counted_s=used_s(clock, calendar, met_at)
    )


def overdue_s(clock: Document, at: datetime) -> int:
    """Plain seconds from when a missed clock was due to its answer, else to the close, else to `at`."""
    end = clock["met_at"] or clock["cancelled_at"]
    late = (instant(end) if end else at) - instant(clock["due_at"])
    return max(0, late.days * 86_400 + late.seconds)
