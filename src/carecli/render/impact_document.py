"""What other rules do to open cases, as the JSON that scripts read (SLA-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from carecli.domain.instants import iso_or_none
from carecli.domain.numbers import written

if TYPE_CHECKING:
    from carecli.domain.impact import Shift, Totals
    from carecli.domain.people import CalendarSpec
    from carecli.domain.policy_views import PolicyView
    from carecli.render.case_document import Document


class Asked(NamedTuple):
    """What was asked: which rules for which cases, and whether they were brought under them."""

    policy: PolicyView | None
    calendar: CalendarSpec | None
    account: str | None
    since: datetime | None
    applied: bool


def impact(asked: Asked, totals: Totals, changes: Sequence[Document]) -> Document:
    """The whole of it; `changes` are those of `change`."""
    policy = asked.policy
    return {
        "policy": {"name": policy.document["name"], "digest": policy.digest} if policy else None,
        "calendar": asked.calendar.document() if asked.calendar else None,
        "account": asked.account,
        "from": iso_or_none(asked.since),
        "applied": asked.applied,
        **totals._asdict(),
        "changes": changes,
    }


def change(one: Shift) -> Document:
    """What becomes of one clock; null where there was none, or is none any more."""
    return {
        "number": written(one.number),
        "account": one.account,
        "priority": one.priority.value,
        "metric": one.metric.value,
        "cycle": one.cycle,
        "old_target": str(one.old_target) if one.old_target else None,
        "new_target": str(one.new_target) if one.new_target else None,
        "old_due_at": iso_or_none(one.old_due_at),
        "new_due_at": iso_or_none(one.new_due_at),
        "shift_s": one.shift_s,
        "breach": one.breach.value if one.breach else None,
    }


KEYS = (
    "number",
    "account",
    "priority",
    "metric",
    "cycle",
    "old_target",
    "new_target",
    "old_due_at",
    "new_due_at",
    "shift_s",
    "breach",
)
"""The fields of a change."""
