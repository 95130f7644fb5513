"""What the desk asks of a store about its own backups (AUD-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.domain.backup import Backup


class BackupReading(Protocol):
    """Backups on record."""

    def backups(self, limit: int = ...) -> list[Backup]:
        """The newest of them, the last one first."""

    def log_end(self) -> tuple[int, str]:
        """The place and the digest of the last event; 0 and nothing where there is none."""


class BackupWriting(BackupReading, Protocol):
    """Backups, as they are made."""

    def put_backup(self, backup: Backup) -> None:
        """Remember one; the oldest of more than a thousand are forgotten."""
