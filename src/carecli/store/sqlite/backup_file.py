"""What a copy of the database tells of itself, and that it is one (AUD-2)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from carecli.store.backups import INSERT, LOG, NEWEST, read, row_of
from carecli.store.sqlite import file
from carecli.store.sqlite.schema import VERSION
from carecli.store.sqlite.trouble import told
from carecli.store.trouble import Place

if TYPE_CHECKING:
    from carecli.domain.backup import Backup, Held
    from carecli.store.sqlite.rooms import SqliteReading

FIRST: Final = 20
"""The first schema that knows of backups."""


def mark(target: Place, backup: Backup) -> None:
    """Write into a copy what it is, so that nobody ever replaces or removes what is none; raises OSError."""
    from carecli.store.sqlite.copying import writing

    with writing(target) as made:
        made.execute(INSERT, (*row_of(backup), 1))


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
            first = db.execute(f"{LOG} LIMIT 1").fetchone()
            position, digest = db.execute(f"{LOG} DESC LIMIT 1").fetchone() or (0, "")
            row = db.execute(NEWEST, (1,)).fetchone()
    except (OSError, sqlite3.Error):
        return None
    # A plain copy of the desk remembers its backups too, and is none.
    made = read(row) if row and row[1] else None
    return Held(first and first[1], position, digest, made, row[0] if row else 0)


def beside(path: Place) -> list[str]:
    """What SQLite keeps beside a file that somebody has open, or left by being killed."""
    return [f"{path}{end}" for end in ("-wal", "-shm", "-journal")]


@contextmanager
def reading(path: Place) -> Iterator[SqliteReading]:
    """A copy that nobody writes to, for reading alone and with nothing left beside it; raises DatabaseUnusable."""
    from carecli.store.sqlite.store import SqliteStore

    with told(path), closing(_frozen(path)) as db, SqliteStore(db, path).read() as view:
        yield view


def _frozen(path: Place) -> sqlite3.Connection:
    # Imported here: every command opens this room.
    from pathlib import Path

    return sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
