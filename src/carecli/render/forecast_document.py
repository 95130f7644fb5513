"""What time will do next, as the JSON that scripts read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written

if TYPE_CHECKING:
    from carecli.domain.forecast import Coming, Forecast
    from carecli.render.case_document import Document

ROW: Final = (
    *(
        "due_at",
        "left_s",
        "number",
        "kind",
        "metric",
        "cycle",
        "stage",
        "deadline",
        "account",
        "priority",
        "owner",
    ),
    *("contact", "subject"),
)


def forecast(told: Forecast, rows: Sequence[Document]) -> Document:
    """A forecast; `total` is null where --limit cut it short."""
    return {
        "now": iso(told.now),
        "until": iso(told.until),
        "timers": list(rows),
        "total": told.total,
        "next_at": iso_or_none(told.next_at),
    }


def coming(one: Coming, now: datetime) -> Document:
    """Something to come; `left_s` is below zero where the tick is late with it."""
    case, metric = one.case, one.timer.metric
    return {
        "due_at": iso(one.due_at),
        "left_s": one.left_s(now),
        "number": written(case.number),
        "kind": one.effect.value,
        "metric": metric and metric.value,
        "cycle": one.timer.cycle if metric else None,
        "stage": one.stage,
        "deadline": one.deadline and one.deadline.kind.value,
        "account": case.account,
        "priority": case.priority.value,
        "owner": case.owner,
        "contact": case.contact,
        "subject": case.subject,
    }
