"""Backups on record, and what a copy tells of itself (AUD-2).

They are no events: a copy knows of those before it and of itself, and nothing is derived from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import instant, iso
from carecli.store.session import Session

if TYPE_CHECKING:
    from carecli.domain.backup import Backup

MOST: Final = 1_000
"""How many backups a desk remembers."""

_COLUMNS: Final = "at, path, source, bytes, files, position, digest"
NEWEST: Final = f"SELECT id, itself, {_COLUMNS} FROM backups ORDER BY id DESC LIMIT ?"  # noqa: S608 - names from here
INSERT: Final = f"INSERT INTO backups ({_COLUMNS}, itself) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_FORGET: Final = "DELETE FROM backups WHERE id <= (SELECT max(id) FROM backups) - ?"
LOG: Final = "SELECT position, digest FROM events ORDER BY position"


class BackupReading(Session):
    """Backups on record."""

    def backups(self, limit: int = MOST) -> list[Backup]:
        """The newest of them, the last one first."""
        return [read(row) for row in self.db.execute(NEWEST, (limit,))]

    def log_end(self) -> tuple[int, str]:
        """The place and the digest of the last event; 0 and nothing where there is none."""
        found: tuple[int, str] | None = self.db.execute(f"{LOG} DESC LIMIT 1").fetchone()
        return found or (0, "")


class BackupWriting(BackupReading):
    """Backups, as they are made."""

    def put_backup(self, backup: Backup) -> None:
        """Remember one; the oldest of more than a thousand are forgotten."""
        self.db.execute(INSERT, (*row_of(backup), 0))
        self.db.execute(_FORGET, (MOST,))


def row_of(backup: Backup) -> tuple[Any, ...]:
    """A backup as its row, without the mark of whether it is the copy itself."""
    return iso(backup.at), *backup[1:]


def read(row: tuple[Any, ...]) -> Backup:
    """A backup as `NEWEST` finds it."""
    # Imported here: every command opens this room.
    from carecli.domain.backup import Backup

    return Backup(instant(row[2]), *row[3:])
