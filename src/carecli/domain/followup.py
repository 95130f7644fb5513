"""The auto follow-up ladder: reminder, reminder, close, counted from a request to the customer (FU-1..6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from carecli.domain.amount import Amount, Unit
from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.domain.outbox import REQUESTS, Mail
from carecli.domain.rules import Rules


class Days(NamedTuple):
    """The days at which stages fall, and whether they are business days."""

    stages: tuple[int, ...]
    business: bool


class FollowUp(NamedTuple):
    """A ladder that runs: `stage` is the last one that counted, `next_at` when the next is due.

    Stages are counted from `anchor_at`, `anchor_days` days into the ladder: the request itself, or
    the moment to which a long outage or an undelivered mail moved the ladder (FU-4, FU-6).
    """

    round: int
    requested_at: datetime
    stage: int
    next_at: datetime | None
    anchor_at: datetime
    anchor_days: int
    held: bool = False
    days: Days | None = None
    """Its own stages, where a rebasing brought in others while it ran: those of the policy otherwise (SLA-8)."""


def requested(round_: int, at: datetime, rules: Rules) -> FollowUp:
    """The ladder that a request at `at` starts (FU-3)."""
    return _scheduled(FollowUp(round_, at, 0, None, at, 0), rules)


def sent(ladder: FollowUp, stage: int, due_at: datetime, at: datetime, rules: Rules) -> FollowUp:
    """After a stage went out; one later than its due time moves those behind it (FU-4)."""
    counted = ladder._replace(stage=stage)
    if at > due_at:
        counted = counted._replace(anchor_at=at, anchor_days=days_of(ladder, rules).stages[stage - 1])
    return _scheduled(counted, rules)


def held(ladder: FollowUp) -> FollowUp:
    """After the mail of a stage could not be delivered: nothing more goes out (FU-6)."""
    return ladder._replace(held=True, next_at=None)


def resumed(ladder: FollowUp, at: datetime, rules: Rules) -> FollowUp:
    """After a mail that failed or waited was delivered at last: the ladder goes on from then (FU-4, FU-6)."""
    days = days_of(ladder, rules).stages[ladder.stage - 1] if ladder.stage else 0
    return _scheduled(ladder._replace(held=False, anchor_at=at, anchor_days=days), rules)


def has_mail(ladder: FollowUp, mail: Mail) -> bool:
    """Whether a mail is the ladder's: that of a stage, or the request itself before any stage (FU-6)."""
    if mail.stage:
        return mail.round == ladder.round
    return mail.kind in REQUESTS and ladder.stage == 0 and mail.queued_at == ladder.requested_at


def days_of(ladder: FollowUp | None, rules: Rules) -> Days:
    """The days of a ladder that runs, or without one those of the next (FU-2)."""
    if ladder and ladder.days:
        return ladder.days
    return Days(rules.policy.stages, rules.policy.follow_up_in_business_days)


def rebased(ladder: FollowUp, days: Mapping[str, Any] | None, rules: Rules) -> FollowUp:
    """Under other rules it keeps the `days` that it began with; a stage never comes sooner by that (SLA-8).

    Closed days that came in move the next stage to later; the next round goes by the new rules.
    """
    kept = ladder._replace(days=days_from(days))
    if kept.next_at is None:
        return kept
    moved = _scheduled(kept, rules)
    return moved if moved.next_at and moved.next_at > kept.next_at else kept


def is_last(ladder: FollowUp, stage: int, rules: Rules) -> bool:
    """Whether this stage closes the case (FU-1)."""
    return stage >= len(days_of(ladder, rules).stages)


def fires_at(due_at: datetime, at: datetime, rules: Rules, *, replay: bool) -> datetime:
    """The time that a reminder due at `due_at` carries when the tick comes at `at` (FU-4)."""
    if replay or at <= rules.calendar.add(due_at, rules.policy.grace):
        return due_at
    return at


def _scheduled(ladder: FollowUp, rules: Rules) -> FollowUp:
    stages, business = days_of(ladder, rules)
    if ladder.stage >= len(stages):
        return ladder._replace(next_at=None)
    days = stages[ladder.stage] - ladder.anchor_days
    unit = Unit.BUSINESS_DAYS if business else Unit.DAYS
    return ladder._replace(next_at=rules.calendar.add(ladder.anchor_at, Amount(days, unit)))


def document(ladder: FollowUp) -> dict[str, Any]:
    """The ladder as JSON, whole."""
    return {
        "round": ladder.round,
        "requested_at": iso(ladder.requested_at),
        "stage": ladder.stage,
        "next_at": iso_or_none(ladder.next_at),
        "anchor_at": iso(ladder.anchor_at),
        "anchor_days": ladder.anchor_days,
        "held": ladder.held,
        # Only where there are any: the state of any other ladder is what older releases wrote.
        **({"days": days_document(ladder.days)} if ladder.days else {}),
    }


def days_document(days: Days) -> dict[str, Any]:
    """A ladder's own days as JSON."""
    return {"stages": list(days.stages), "business": days.business}


def days_from(doc: Mapping[str, Any] | None) -> Days | None:
    """Read what `days_document` wrote."""
    return Days(tuple(doc["stages"]), doc["business"]) if doc else None


def from_document(doc: Mapping[str, Any]) -> FollowUp:
    """Read what `document` wrote."""
    return FollowUp(
        round=doc["round"],
        requested_at=instant(doc["requested_at"]),
        stage=doc["stage"],
        next_at=instant_or_none(doc["next_at"]),
        anchor_at=instant(doc["anchor_at"]),
        anchor_days=doc["anchor_days"],
        held=doc["held"],
        days=days_from(doc.get("days")),
    )
