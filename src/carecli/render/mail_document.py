"""Mail that goes out, as the JSON that scripts read."""

from typing import Any

from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written
from carecli.domain.outbox import Mail
from carecli.domain.tick_report import MailCount

Document = dict[str, Any]

KEYS = (
    "id",
    "number",
    "kind",
    "to",
    "subject",
    "message_id",
    "state",
    "queued_at",
    "sent_at",
    "attempts",
    "next_try_at",
    "error",
    "given_up",
)


def mail(one: Mail) -> Document:
    """A mail of the outbox."""
    return {
        "id": one.id,
        "number": None if one.number is None else written(one.number),
        "kind": one.kind.value,
        "to": one.to,
        "subject": one.subject,
        "message_id": one.message_id,
        "state": one.state.value,
        "queued_at": iso(one.queued_at),
        "sent_at": iso_or_none(one.sent_at),
        "attempts": one.attempts,
        "next_try_at": iso_or_none(one.next_at),
        "error": one.error,
        "given_up": one.given_up,
    }


def whole(one: Mail, raw: bytes, *, out: bool) -> Document:
    """A mail with its message, as it went out or would go out now."""
    return {**mail(one), "went_out": out, "message": raw.decode("utf-8", "replace")}


def delivered(count: MailCount) -> Document:
    """What a delivery did."""
    return {
        "queued": count.queued,
        "sent": count.sent,
        "failed": count.failed,
        "next_try_at": iso_or_none(count.next_try_at),
        "error": count.reason,
    }
