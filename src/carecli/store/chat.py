"""Chats that stand, who is in them, and what was just said (CHAT-1).

Who is there is no part of the record: it is never told by events, and forgotten when a program ends.
"""

from typing import Final

from carecli.domain.chat import Present
from carecli.domain.events import Recorded
from carecli.domain.timers import TimerKind
from carecli.domain.vocabulary import Side
from carecli.store import codec
from carecli.store.session import Session
from carecli.store.sight import of_numbers

_STANDING: Final = f"SELECT number FROM timers INDEXED BY timers_of_chats WHERE kind = {TimerKind.CHAT}"  # noqa: S608
_PRESENT: Final = "SELECT number, session, email, side, beat_ms FROM chat_presence WHERE number = ?"
_SINCE: Final = f"SELECT {codec.EVENT_COLUMNS} FROM events WHERE number = ? AND seq > ?"  # noqa: S608


class ChatReading(Session):
    """Chats as they are looked at."""

    def chats(self) -> list[int]:
        """The cases on which a chat stands, in order."""
        seen = of_numbers(self.sight, "timers.number")
        return self.column(f"{_STANDING}{seen.sql} ORDER BY number", seen.parameters)

    def present(self, number: int) -> list[Present]:
        """Who is in the chat of a case, or was when last heard of."""
        seen = of_numbers(self.sight, "chat_presence.number")
        rows = self.db.execute(f"{_PRESENT}{seen.sql} ORDER BY session", (number, *seen.parameters))
        return [Present(case, session, email, Side(side), beat) for case, session, email, side, beat in rows]

    def history_since(self, number: int, seq: int) -> list[Recorded]:
        """The events of a case behind one of them, oldest first."""
        seen = of_numbers(self.sight, "events.number")
        rows = self.db.execute(f"{_SINCE}{seen.sql} ORDER BY seq", (number, seq, *seen.parameters))
        return [codec.recorded(row) for row in rows]

    def clock_ms(self) -> int | None:
        """Nothing: whoever shares a file shares a machine, and what that counts."""
        return None


class ChatWriting(ChatReading):
    """Signs of life."""

    def put_present(self, present: Present) -> None:
        """Keep a sign of life."""
        self.db.execute(
            "INSERT INTO chat_presence (number, session, email, side, beat_ms) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (number, session) DO UPDATE SET beat_ms = excluded.beat_ms",
            (present.number, present.session, present.email, present.side.value, present.beat_ms),
        )

    def drop_present(self, number: int, session: str) -> None:
        """Forget somebody who has gone."""
        self.db.execute("DELETE FROM chat_presence WHERE (number, session) = (?, ?)", (number, session))
