"""Mail that came in as the JSON that scripts read (MAIL-2, MAIL-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carecli.domain.inbox import enclosure_document, label
from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.domain.inbox import Incoming, Received

Document = dict[str, Any]

KEYS = (
    "id",
    "received_at",
    "source",
    "from",
    "subject",
    "message_id",
    "outcome",
    "number",
    "code",
    "reason",
    "size",
    "settlement",
    "settled_at",
    "settled_by",
    "settled_why",
)


def outcome(received: Received) -> Document:
    """What became of a message, as `care mail receive` answers; null where it was stored and not looked at yet."""
    return {
        "outcome": received.outcome.value if received.outcome else None,
        "number": _number(received),
        "reason": received.reason,
        "id": label(received.id),
        "code": received.code,
    }


def row(received: Received) -> Document:
    """A message in a list."""
    return {
        "id": label(received.id),
        "received_at": iso(received.received_at),
        "source": received.source,
        "from": received.sender,
        "subject": received.subject,
        "message_id": received.message_id,
        "outcome": received.outcome.value if received.outcome else None,
        "number": _number(received),
        "code": received.code,
        "reason": received.reason,
        "size": received.size,
        "settlement": received.settlement.value if received.settlement else None,
        "settled_at": iso_or_none(received.settled_at),
        "settled_by": received.settled_by,
        "settled_why": received.settled_why,
    }


def whole(received: Received, message: Incoming, text: str) -> Document:
    """A message: its headers as they were understood, what is new in it, and its files."""
    return row(received) | {
        "to": list(message.to),
        "return_path": message.return_path,
        "named": list(message.named),
        "robot": message.robot,
        "text": message.text,
        "new_text": text,
        "files": [dict(enclosure_document(enclosure)) for enclosure in message.enclosures],
    }


def listed(rows: Sequence[Document]) -> Document:
    """A list of messages."""
    return {"mail": list(rows)}


def _number(received: Received) -> str | None:
    return None if received.number is None else written(received.number)
