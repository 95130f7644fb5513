"""What the desk asks of a store about chats (CHAT-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.domain.chat import Present
    from carecli.domain.events import Recorded


class ChatReading(Protocol):
    """Chats as they are looked at."""

    def chats(self) -> list[int]:
        """The cases on which a chat stands, in order."""

    def present(self, number: int) -> list[Present]:
        """Who is in the chat of a case, or was when last heard of."""

    def history_since(self, number: int, seq: int) -> list[Recorded]:
        """The events of a case behind one of them, oldest first."""

    def clock_ms(self) -> int | None:
        """Milliseconds that all machines that share the record count alike; None where they are one machine."""


class ChatWriting(ChatReading, Protocol):
    """Signs of life, which are no part of the record."""

    def put_present(self, present: Present) -> None:
        """Keep a sign of life."""

    def drop_present(self, number: int, session: str) -> None:
        """Forget somebody who has gone."""
