"""A chat on a case: who began it, how much was said in it, and when it ends by itself (CHAT-1)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain.instants import instant, iso
from carecli.domain.vocabulary import Side


class Ending(StrEnum):
    """Why a chat is over."""

    LEFT = "left"
    MESSAGE = "message-left"
    VANISHED = "vanished"
    IDLE = "idle"
    CLOSED = "closed"


class Chat(NamedTuple):
    """The chat that stands on a case; `id` counts the chats of the case from 1.

    `asked` are those of staff who were asked to come, `contacts` those of the customer's side who began it or
    wrote. At `idle_at` it ends unless somebody writes.
    """

    id: int
    by: str
    started_at: datetime
    idle_at: datetime
    asked: tuple[str, ...] = ()
    lines: int = 0
    contacts: tuple[str, ...] = ()
    answered: bool = False
    """Whether staff wrote anything."""

    @property
    def unheard(self) -> bool:
        """Whether the customer wrote, and nobody of staff did."""
        return bool(self.lines and not self.answered)


class Present(NamedTuple):
    """Somebody in the chat of a case: a running program, and its last sign of life in milliseconds."""

    number: int
    session: str
    email: str
    side: Side
    beat_ms: int


class Waiting(NamedTuple):
    """A chat that stands, on the case of this state, and who is in it now."""

    state: Mapping[str, Any]
    chat: Chat
    present: tuple[Present, ...]

    @property
    def waits(self) -> bool:
        """Whether somebody of the customer's side is there, and nobody of staff."""
        sides = {one.side for one in self.present}
        return sides == {Side.CONTACT}


def document(chat: Chat) -> dict[str, Any]:
    """The chat as JSON, whole."""
    return chat._asdict() | {
        "started_at": iso(chat.started_at),
        "idle_at": iso(chat.idle_at),
        "asked": list(chat.asked),
        "contacts": list(chat.contacts),
    }


def from_document(doc: Mapping[str, Any]) -> Chat:
    """Read what `document` wrote."""
    return Chat(
        **{
            **doc,
            "started_at": instant(doc["started_at"]),
            "idle_at": instant(doc["idle_at"]),
            "asked": tuple(doc["asked"]),
            "contacts": tuple(doc["contacts"]),
        }
    )
