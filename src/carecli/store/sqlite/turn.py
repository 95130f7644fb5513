"""Whose turn it is: a lock beside the database that its holder's end lets go of, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from carecli.store.trouble import unusable

_POLL_S: Final = 0.05


@contextmanager
def turn(path: str, wait_s: float, database: str) -> Iterator[bool]:
    """Hold the lock file at `path`, or answer False where another has kept it for `wait_s` seconds.

    One that root makes belongs to whom the database belongs to, who needs it next.
    Raises DatabaseUnusable where the file cannot be made.
    """
    try:
        # A file of its own: closing any descriptor of the database would drop SQLite's locks on it.
        descriptor = _opened(path, database)
    except OSError as error:
        raise unusable(path, f"cannot be made: {error.strerror}", "check who owns its directory") from error
    try:
        yield _locked(descriptor, time.monotonic() + wait_s)
    finally:
        os.close(descriptor)


def _opened(path: str, database: str) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags, 0o600)
    # Only one that is new: what stood there may be anybody's.
    if os.geteuid() == 0:
        found = os.stat(database)  # noqa: PTH116 - beside the store, where paths are texts
        os.fchown(descriptor, found.st_uid, found.st_gid)
    return descriptor


def _locked(descriptor: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(_POLL_S)
        else:
            return True
