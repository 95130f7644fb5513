"""The database file: made private where it is new, looked at before SQLite may touch it.

`os.path` throughout: `pathlib` takes as long to import as this program's own start.
"""

import os
from os import path as paths
from typing import Final

from carecli.errors import NoDesk
from carecli.held import MAGIC, beginning, close
from carecli.store.sqlite.schema import APPLICATION_ID, VERSION, newer
from carecli.store.trouble import Place, unusable

_HEADER_BYTES: Final = 100
_USER_VERSION: Final = slice(60, 64)
_APPLICATION_ID: Final = slice(68, 72)
_CHOOSE: Final = "choose another with --db; nothing was changed"


def make_ready(path: Place, *, create: bool) -> None:
    """See that a database may be opened at `path`, an empty file if need be (mode 0600).

    Raises DatabaseUnusable for a directory, a missing file unless `create`, a file of another program, one made
    by a newer care, and where permissions stand in the way. A file that is refused keeps its bytes.
    """
    try:
        if paths.isdir(path):
            raise unusable(path, "is a directory", "name a file in it with --db")
        if paths.exists(path) and not paths.isfile(path):
            raise unusable(path, "is no file", _CHOOSE)
        if create:
            _create(path)
        _check(path, beginning(path, _HEADER_BYTES), create=create)
    except FileNotFoundError as error:
        if create:
            raise unusable(path, f"cannot be made: {error.strerror}", "choose another place with --db") from error
        raise missing(path) from None
    except OSError as error:
        raise unusable(path, f"cannot be used: {error.strerror}", "choose another place with --db") from error


def is_current(path: Place) -> bool:
    """Whether this is a desk's record that needs no migration; raises OSError."""
    return version(path) == VERSION


def version(path: Place) -> int | None:
    """The schema of a desk's record, None for any other file; raises OSError."""
    header = beginning(path, _HEADER_BYTES)
    ours = header.startswith(MAGIC) and _number(header[_APPLICATION_ID]) == APPLICATION_ID
    return _number(header[_USER_VERSION]) if ours else None


def missing(path: Place) -> NoDesk:
    """The error for a database that nobody has set up yet."""
    return NoDesk(f"there is no database {path}", hint="`care init` makes one, --db names another")


def _create(path: Place) -> None:
    # Imported here: a database is made once.
    from carecli.disk import make_folder, sync_folder

    folder = _folder(path)
    make_folder(folder)
    try:
        # SQLite gives its -wal and -shm files the mode of this one.
        close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
    # SQLite sees to the name as well, but says nothing where the disk fails.
    sync_folder(folder)


def _check(path: Place, header: bytes, *, create: bool) -> None:
    if not header:
        if not create:
            raise missing(path)
    elif not header.startswith(MAGIC):
        raise unusable(path, "is no database", _CHOOSE)
    elif _number(header[_APPLICATION_ID]) != APPLICATION_ID:
        raise unusable(path, "belongs to another program", _CHOOSE)
    elif _number(header[_USER_VERSION]) > VERSION:
        raise newer(path)
    if not (os.access(path, os.R_OK | os.W_OK) and os.access(_folder(path), os.W_OK | os.X_OK)):
        raise unusable(
            path,
            "cannot be written",
            "check who owns the file and its directory (both must be writable), or choose another with --db",
        )


def _folder(path: Place) -> str:
    return paths.dirname(paths.abspath(path))


def _number(raw: bytes) -> int:
    return int.from_bytes(raw, "big")
