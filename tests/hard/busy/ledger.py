"""What those who act at the desk were told, kept beside it: what became of every text, and every mail found."""

import re
import sqlite3
from pathlib import Path
from typing import Final

TOKEN: Final = re.compile(r"tok-[a-z]+\d*-\d+x")
KEPT, REFUSED, OPEN = "kept", "refused", "open"
"""What became of a text: acknowledged, refused, or left to others (mail in triage)."""


class Ledger:
    """Texts with what became of them, and the mails that customers found in their boxes."""

    def __init__(self, folder: Path) -> None:
        self.db = sqlite3.connect(folder / "ledger.db", timeout=60, isolation_level=None)
        for line in (
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE IF NOT EXISTS given (id INTEGER PRIMARY KEY, token TEXT UNIQUE, fate TEXT)",
            "CREATE TABLE IF NOT EXISTS seen (token TEXT, kind TEXT, n INT, PRIMARY KEY (token, kind, n))",
            "CREATE TABLE IF NOT EXISTS mails (message_id TEXT PRIMARY KEY, again INTEGER)",
            "CREATE TABLE IF NOT EXISTS resent (message_id TEXT)",
            "CREATE TABLE IF NOT EXISTS seals (seal TEXT PRIMARY KEY)",
        ):
            self.db.execute(line)
        self._given: list[tuple[str, str]] = []

    def give(self, token: str, fate: str) -> None:
        """Note what became of a text; written with the next `flush`."""
        self._given.append((token, fate))

    def flush(self) -> None:
        """Write what was noted."""
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany("INSERT INTO given (token, fate) VALUES (?, ?)", self._given)
        self.db.execute("COMMIT")
        self._given.clear()

    def found(self, message_ids: list[str]) -> None:
        """Note mails that arrived; one that arrives again is counted."""
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany(
            "INSERT INTO mails VALUES (?, 0) ON CONFLICT (message_id) DO UPDATE SET again = again + 1",
            [(id_,) for id_ in message_ids],
        )
        self.db.execute("COMMIT")

    def found_once(self, message_id: str) -> bool:
        """Whether a mail lay in its reader's box."""
        return self.db.execute("SELECT 1 FROM mails WHERE message_id = ?", (message_id,)).fetchone() is not None

    def resend(self, message_ids: list[str]) -> None:
        """Note mails that staff have sent again: those may come once more."""
        self.db.executemany("INSERT INTO resent VALUES (?)", [(id_,) for id_ in message_ids])

    def count(self, sql: str) -> int:
        """One number."""
        (number,) = self.db.execute(sql).fetchone()
        return int(number)

    def close(self) -> None:
        """Write what is left, and let go."""
        self.flush()
        self.db.close()
