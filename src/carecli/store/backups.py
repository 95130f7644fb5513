"""Backups on record, and what a copy tells of itself (AUD-2).

They are no events: a copy knows of those before it and of itself, and nothing is derived from them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import instant, iso
from carecli.store import file
from carecli.store.schema import VERSION
from carecli.store.session import Session
from carecli.store.trouble import Place, told

if TYPE_CHECKING:
    from carecli.domain.backup import Backup, Held
    from carecli.store.sqlite import SqliteReading

FIRST: Final = 20
"""The first schema that knows of backups."""

MOST: Final = 1_000
"""How many backups a desk remembers."""

_COLUMNS: Final = "at, path, source, bytes, files, position, digest"
_NEWEST: Final = f"SELECT id, itself, {_COLUMNS} FROM backups ORDER BY id DESC LIMIT ?"  # noqa: S608 - names from here
_INSERT: Final = f"INSERT INTO backups ({_COLUMNS}, itself) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_FORGET: Final = "DELETE FROM backups WHERE id <= (SELECT max(id) FROM backups) - ?"
_LOG: Final = "SELECT position, digest FROM events ORDER BY position"


class BackupReading(Session):
    """Backups on record."""

    def backups(self, limit: int = MOST) -> list[Backup]:
        """The newest of them, the last one first."""
        return [_read(row) for row in self.db.execute(_NEWEST, (limit,))]

    def log_end(self) -> tuple[int, str]:
        """The place and the digest of the last event; 0 and nothing where there is none."""
        found: tuple[int, str] | None = self.db.execute(f"{_LOG} DESC LIMIT 1").fetchone()
        return found or (0, "")


class BackupWriting(BackupReading):
    """Backups, as they are made."""

    def put_backup(self, backup: Backup) -> None:
        """Remember one; the oldest of more than a thousand are forgotten."""
        self.db.execute(_INSERT, (*_row(backup), 0))
        self.db.execute(_FORGET, (MOST,))


def mark(target: Place, backup: Backup) -> None:
    """Write into a copy what it is, so that nobody ever replaces or removes what is none; raises OSError."""
    from carecli.store.copying import writing

    with writing(target) as made:
        made.execute(_INSERT, (*_row(backup), 1))


def held(path: Place) -> Held | None:
    """What a file tells of itself; None where it is no record that can be a backup, or somebody has it open.

    Nothing is written, not even beside it.
    """
    from carecli.domain.backup import Held

    try:
        # Those of releases before this one are backups too, those of a newer one it cannot judge.
        if not FIRST <= (file.version(path) or 0) <= VERSION or any(map(os.path.exists, beside(path))):
            return None
        with closing(_frozen(path)) as db:
            first = db.execute(f"{_LOG} LIMIT 1").fetchone()
            position, digest = db.execute(f"{_LOG} DESC LIMIT 1").fetchone() or (0, "")
            row = db.execute(_NEWEST, (1,)).fetchone()
    except (OSError, sqlite3.Error):
        return None
    # A plain copy of the desk remembers its backups too, and is none.
    made = _read(row) if row and row[1] else None
    return Held(first and first[1], position, digest, made, row[0] if row else 0)


def beside(path: Place) -> list[str]:
    """What SQLite keeps beside a file that somebody has open, or left by being killed."""
    return [f"{path}{end}" for end in ("-wal", "-shm", "-journal")]


@contextmanager
def reading(path: Place) -> Iterator[SqliteReading]:
    """A copy that nobody writes to, for reading alone and with nothing left beside it; raises DatabaseUnusable."""
    from carecli.store.sqlite import SqliteStore

    with told(path), closing(_frozen(path)) as db, SqliteStore(db, path).read() as view:
        yield view


def _frozen(path: Place) -> sqlite3.Connection:
    # Imported here: every command opens this room.
    from pathlib import Path

    return sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def _row(backup: Backup) -> tuple[Any, ...]:
    return iso(backup.at), *backup[1:]


def _read(row: tuple[Any, ...]) -> Backup:
    # Imported here: every command opens this room.
    from carecli.domain.backup import Backup

    return Backup(instant(row[2]), *row[3:])
