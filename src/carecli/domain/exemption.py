"""A stretch of time that a manager exempts from a case's clocks; the record stays, reports show both (SLA-9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from carecli.domain.events import Event
from carecli.domain.instants import instant, iso
from carecli.domain.vocabulary import Metric


class Exemption(NamedTuple):
    """The stretch from `since` to `until`, left out of all clocks or those of one `metric`; `id` counts from 1."""

    id: int
    since: datetime
    until: datetime
    metric: Metric | None
    reason: str
    by: str
    at: datetime


Exemptions = tuple[Exemption, ...]


def granted(event: Event) -> Exemption:
    """The exemption that an event grants."""
    data = event.data
    return Exemption(
        id=data["id"],
        since=instant(data["from"]),
        until=instant(data["to"]),
        metric=Metric(data["metric"]) if data["metric"] else None,
        reason=data["text"],
        by=event.actor,
        at=event.at,
    )


def document(exemption: Exemption) -> dict[str, Any]:
    """The exemption as JSON, whole."""
    return {
        "id": exemption.id,
        "from": iso(exemption.since),
        "to": iso(exemption.until),
        "metric": exemption.metric.value if exemption.metric else None,
        "reason": exemption.reason,
        "by": exemption.by,
        "at": iso(exemption.at),
    }


def from_document(doc: Mapping[str, Any]) -> Exemption:
    """Read what `document` wrote."""
    return Exemption(
        id=doc["id"],
        since=instant(doc["from"]),
        until=instant(doc["to"]),
        metric=Metric(doc["metric"]) if doc["metric"] else None,
        reason=doc["reason"],
        by=doc["by"],
        at=instant(doc["at"]),
    )
