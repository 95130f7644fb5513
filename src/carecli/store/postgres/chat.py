"""Who is in a chat, told by the server's clock: those in it sit at machines that count apart (CHAT-1)."""

from __future__ import annotations

from typing import Final

from carecli.store.session import Session

_CLOCK: Final = "SELECT CAST(1000 * extract(epoch FROM clock_timestamp()) AS bigint)"


class ChatReading(Session):
    """Chats as they are looked at, from many machines."""

    def clock_ms(self) -> int:
        """The server's milliseconds, the same for every machine."""
        return int(self.one(_CLOCK))
