"""What SQLite complains about, said so that the person at the terminal knows what to do."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from carecli.store.trouble import Place, unusable

_PRIMARY: Final = 0xFF
"""The part of an extended SQLite result code that names its family."""

_DAMAGED: Final = (
    "is damaged",
    "restore a backup made with `care backup`; `sqlite3 FILE .recover` saves what can still be read",
)
_WRITING: Final = "check who owns the file and its directory (both must be writable), or choose another with --db"
# A command of several transactions, such as an import, keeps those before the one that failed.
_FULL: Final = (
    "has no room left: the disk is full",
    "free some space and repeat; the step that failed left nothing behind",
)
_COMPLAINTS: Final[Mapping[int, tuple[str, str]]] = {
    sqlite3.SQLITE_BUSY: (
        "is busy: another program keeps it locked",
        "try again in a moment; `fuser FILE` shows which program holds it",
    ),
    sqlite3.SQLITE_LOCKED: ("is busy: another program keeps it locked", "try again in a moment"),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: ("is no database of care", "choose another with --db; nothing was changed"),
    sqlite3.SQLITE_READONLY: ("cannot be written", _WRITING),
    sqlite3.SQLITE_PERM: ("cannot be written", _WRITING),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", _WRITING),
    sqlite3.SQLITE_FULL: _FULL,
    # The last kilobytes of a disk run out where SQLite's shared index grows, which it does not call full.
    sqlite3.SQLITE_IOERR_SHMSIZE: _FULL,
    sqlite3.SQLITE_IOERR: (
        "cannot be read or written: the disk failed",
        "check the disk; the step that failed left nothing behind",
    ),
}


@contextmanager
def told(path: Place) -> Iterator[None]:
    """Turn SQLite's complaints about the file into DatabaseUnusable; mistakes of this program pass through."""
    try:
        yield
    except sqlite3.Error as error:
        known = _complaint(error)
        if known is None:
            raise
        message, hint = known
        raise unusable(path, message, hint) from error


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection is in the way for now."""
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _complaint(error: sqlite3.Error) -> tuple[str, str] | None:
    # A file with our marks but without our tables, or with texts that are none, has lost them; SQLite counts that
    # as the asker's mistake.
    lost = str(error).startswith(("no such table", "Could not decode"))
    return _DAMAGED if lost else _COMPLAINTS.get(_extended_code(error)) or _COMPLAINTS.get(_code(error))


def _code(error: sqlite3.Error) -> int:
    return _extended_code(error) & _PRIMARY


def _extended_code(error: sqlite3.Error) -> int:
    # The module's own errors, such as a wrong number of parameters, carry no code.
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code
