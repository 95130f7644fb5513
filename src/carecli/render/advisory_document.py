"""Service advisories as the JSON that scripts read (ADV-1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from carecli.domain.advisory import Announced
from carecli.domain.home import Announcements
from carecli.domain.instants import iso, iso_or_none
from carecli.domain.subscription import Subscribed

Document = dict[str, Any]

KEYS: Final = (
    "id",
    "title",
    "kind",
    "status",
    "open",
    "unread",
    "services",
    "accounts",
    "starts_at",
    "ends_at",
    "version",
    "published_version",
    "published_at",
    "updated_at",
    "updated_by",
    "withdrawn_at",
    "deflected",
)
"""What a row of a list has."""

SUBSCRIPTION_KEYS: Final = ("person", "service", "frequency", "timezone", "since", "next_at")


def row(one: Announced, now: datetime) -> Document:
    """An advisory without its text."""
    advisory, text = one.advisory, one.advisory.text
    return {
        "id": advisory.label,
        "title": text.title,
        "kind": text.kind.value,
        "status": advisory.status.value,
        "open": advisory.open_at(now),
        "unread": one.unread,
        "services": list(text.services),
        "accounts": list(text.accounts),
        "starts_at": iso_or_none(text.starts_at),
        "ends_at": iso_or_none(text.ends_at),
        "version": advisory.version,
        "published_version": advisory.published_version,
        "published_at": iso_or_none(advisory.published_at),
        "updated_at": iso(advisory.updated_at),
        "updated_by": advisory.editor,
        "withdrawn_at": iso_or_none(advisory.withdrawn_at),
        "deflected": advisory.deflected,
    }


def whole(one: Announced, now: datetime) -> Document:
    """An advisory with its text."""
    advisory = one.advisory
    return row(one, now) | {
        "text": advisory.text.text,
        "solution": advisory.text.solution or None,
        "reason": advisory.reason,
        "created_at": iso(advisory.created_at),
        "author": advisory.author,
    }


def page(rows: list[Document], total: int) -> Document:
    """A list of advisories."""
    return {"advisories": rows, "total": total}


def marked(found: Sequence[Announced], now: datetime) -> Document:
    """Advisories that were read just now, each with its text."""
    return {"advisories": [whole(one, now) for one in found], "total": len(found)}


def announcements(found: Announcements, now: datetime) -> Document:
    """What a home page announces."""
    rows = [row(one, now) for one in found.first]
    return {"unread": found.unread, "open": found.total, "advisories": rows}


def subscription(one: Subscribed) -> Document:
    """A subscription; `service` is null for all of them."""
    return {
        "person": one.person,
        "service": one.subscription.service,
        "frequency": one.subscription.frequency.value,
        "timezone": one.zone,
        "since": iso(one.subscription.since),
        "next_at": iso_or_none(one.next_at),
    }


def subscriptions(rows: list[Document]) -> Document:
    """Somebody's subscriptions, or everybody's."""
    return {"subscriptions": rows}
