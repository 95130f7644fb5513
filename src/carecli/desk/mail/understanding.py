"""A message read, before anything is looked up: what it says, which cases it names, what it adds (MAIL-2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.domain import lifecycle
from carecli.domain.facts import References
from carecli.domain.inbox import Incoming, Received, enclosure_document, label
from carecli.mail import reference
from carecli.mail.incoming import reading, replies

if TYPE_CHECKING:
    from carecli.domain.events import Event
    from carecli.domain.inbox import Enclosure
    from carecli.domain.reference_key import KeyRing

NO_TEXT: Final = "(The mail has no new text of its own; Customer Care has the original.)"
"""What stands on a case for a message that is a word all the same, if an empty one (FU-5)."""

CUT: Final = "\n\n(Cut here: Customer Care has the whole mail.)"
_NUMBER: Final = re.compile(r"\bcase\s{0,3}(?:#|no\.?|number|nr\.?)?\s{0,3}(\d{10})(?!\d)", re.IGNORECASE)


class Understood(NamedTuple):
    """What a message says; `text` is what it would add to a case, `kept` the message as it is stored."""

    message: Incoming
    references: References
    text: str = ""
    kept: Received | None = None

    @property
    def id(self) -> int:
        """The id that it was stored under."""
        assert self.kept is not None, "only what is stored is looked at"
        return self.kept.id


def read(raw: bytes, keys: KeyRing) -> Understood:
    """Read a message, and find the cases that it names; nothing is looked up yet."""
    message = reading.read(raw)
    told = references(message, keys)
    # To find what is new in a reply takes longer than all the rest: only where a case may want it.
    return Understood(message, told, new_text(message) if any(told.every) else "")


def references(message: Incoming, keys: KeyRing) -> References:
    """The cases that a message names, as far as this desk's own hashes vouch for them (MAIL-1)."""
    told = (reference.number_in(keys, named) for named in message.named)
    written = _NUMBER.search(message.subject)
    return References(
        headers=tuple(dict.fromkeys(number for number in told if number)),
        subject=tuple(reference.numbers(keys, message.subject)),
        body=tuple(reference.numbers(keys, message.text)),
        number=int(written[1]) if written else None,
    )


def new_text(message: Incoming) -> str:
    """What a message adds to a case: never empty, never longer than an update may be."""
    text = replies.new_text(message.text).strip() or NO_TEXT
    if len(text) + len(CUT) > lifecycle.TEXT_MAX:
        return text[: lifecycle.TEXT_MAX - len(CUT)] + CUT
    return text


def with_mail(event: Event, id_: int, enclosures: Sequence[Enclosure]) -> Event:
    """An event that a message brought, with the message's id and its files (MAIL-2, ATT-2)."""
    files = [dict(enclosure_document(enclosure)) for enclosure in enclosures]
    return event._replace(data={**event.data, "mail": label(id_), **({"files": files} if files else {})})
