"""A database copied while others write to it: whole, as of one moment, by SQLite's own way (AUD-2)."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from errno import EACCES, EIO, ENOSPC
from typing import Final

from carecli.store.sqlite.soundness import complaints
from carecli.store.sqlite.trouble import told
from carecli.store.trouble import Place

PAGES: Final = 1_000
"""How many pages, of 4 KB as a rule, are copied at a stretch."""

Advance = Callable[[int, int], None]
"""Hears how many pages are done by now, of how many."""

# What a full or failing disk under the copy ends in; reading the original ends in none of these.
_OF_COPY: Final = {
    sqlite3.SQLITE_FULL: ENOSPC,
    sqlite3.SQLITE_READONLY: EACCES,
    sqlite3.SQLITE_PERM: EACCES,
    sqlite3.SQLITE_CANTOPEN: EACCES,
    # SQLite's shared index beside the copy, which is there while its journal changes to the other kind.
    sqlite3.SQLITE_IOERR_SHMSIZE: ENOSPC,
    sqlite3.SQLITE_IOERR_SHMOPEN: EIO,
    sqlite3.SQLITE_IOERR_WRITE: EIO,
    sqlite3.SQLITE_IOERR_FSYNC: EIO,
    sqlite3.SQLITE_IOERR_DIR_FSYNC: EIO,
    sqlite3.SQLITE_IOERR_TRUNCATE: EIO,
    sqlite3.SQLITE_IOERR_CLOSE: EIO,
}
_PRIMARY: Final = 0xFF


def copy(source: Place, target: Place, advance: Advance = lambda _, __: None) -> None:
    """Copy a database to a new file, mode 0600, that needs no journal beside it; others write meanwhile.

    Nothing is flushed to the disk yet. Raises DatabaseUnusable for the original, OSError for the copy.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    with told(source), closing(_connected(source)) as live:
        # In one transaction: else each thing that somebody writes meanwhile would have it begin anew.
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        with writing(target) as made:
            live.backup(made, pages=PAGES, progress=lambda _, left, total: advance(total - left, total))
            made.execute("PRAGMA journal_mode = DELETE")
        live.execute("ROLLBACK")


@contextmanager
def writing(target: Place) -> Iterator[sqlite3.Connection]:
    """A copy that is still to be flushed; what SQLite complains of in it is raised as OSError."""
    with closing(_connected(target)) as made:
        # The whole file is flushed at the end, once.
        made.execute("PRAGMA synchronous = OFF")
        try:
            yield made
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0)
            number = _OF_COPY.get(code) or _OF_COPY.get(code & _PRIMARY)
            if number is None:
                raise
            raise OSError(number, os.strerror(number), str(target)) from error


def faults(target: Place) -> list[str]:
    """What SQLite finds wrong with a copy, without a look at each index."""
    with told(target), closing(_connected(target)) as made:
        return list(complaints(made, quick=True))


def _connected(path: Place) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30.0, isolation_level=None)
