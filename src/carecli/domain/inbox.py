"""Mail that comes in: what one message says of itself, and what became of it (MAIL-2..5)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple


class Enclosure(NamedTuple):
    """A file within a message; `place` counts the message's files from 1, `size` is in bytes once decoded."""

    place: int
    name: str
    media_type: str
    size: int
    sha256: str


class Bounce(NamedTuple):
    """What a mail server says of a mail that it could not deliver (RFC 3464), or not yet (`final` False)."""

    recipient: str | None
    status: str | None
    reason: str | None
    final: bool
    message_ids: tuple[str, ...]
    """The Message-IDs of the mail that came back, as far as the bounce holds it."""


class Authentication(NamedTuple):
    """One result of an Authentication-Results header: `server` wrote that `method` said `result` of `domain`.

    `header` tells which of the message's such headers it stands in, counted from the top.
    """

    server: str
    method: str
    result: str
    domain: str | None
    header: int = 1


class Verdict(StrEnum):
    """What the servers that the desk trusts say of a message's origin (MAIL-2a)."""

    PASS = "pass"  # noqa: S105  # a result, no password
    FAIL = "fail"
    NONE = "none"


class Incoming(NamedTuple):
    """A message as it was understood; nothing in it is trusted yet.

    `named` are the Message-IDs that it answers, the nearest first. `text` is the whole readable text.
    `sender` is None where nobody or more than one is named; `return_path` is "" for a null return path.
    """

    message_id: str | None
    sender: str | None
    return_path: str | None
    to: tuple[str, ...]
    subject: str
    named: tuple[str, ...]
    text: str
    enclosures: tuple[Enclosure, ...]
    robot: str | None
    """Why no person wrote it, None where one may have."""
    bounce: Bounce | None
    authentications: tuple[Authentication, ...]


class Outcome(StrEnum):
    """What became of a message."""

    UPDATED = "updated"
    TRIAGED = "triaged"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    BOUNCE = "bounce"


class Settlement(StrEnum):
    """How staff ended the wait of a message in triage (MAIL-3)."""

    LINKED = "linked"
    DISCARDED = "discarded"


class Received(NamedTuple):
    """A message that came in: stored first, looked at then; `outcome` is None in between.

    `code` is the reason as a word for programs, `reason` as a sentence; `number` the case that it is of, if any.
    """

    id: int
    digest: str
    received_at: datetime
    source: str
    size: int
    message_id: str | None = None
    sender: str | None = None
    subject: str = ""
    outcome: Outcome | None = None
    number: int | None = None
    code: str | None = None
    reason: str | None = None
    settlement: Settlement | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None
    settled_why: str | None = None


LABEL = "in-"
"""What the ids of mail that came in begin with: those of mail that goes out are plain numbers."""


def label(id_: int) -> str:
    """The id of a message that came in as people and programs write it: `in-7`."""
    return f"{LABEL}{id_}"


def enclosure_document(enclosure: Enclosure) -> Mapping[str, Any]:
    """A file as it stands in a case's event: nobody has confirmed yet that it holds no customer data (ATT-2)."""
    return {**enclosure._asdict(), "sanitised": None}
