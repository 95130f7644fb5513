"""What a power cut must not take: the bytes of files, and the names of files and folders (AUD-2).

Every floor that writes files stands on this; what is in a database SQLite brings to the disk by itself.
"""

import os
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from pathlib import Path
from typing import Final

FULL: Final = frozenset({ENOSPC, EDQUOT})
"""What a write ends in where the disk, or somebody's share of it, is full."""
CLOSED: Final = frozenset({EACCES, EPERM, EROFS})
"""What it ends in where nothing may be written."""

Place = str | os.PathLike[str]


def sync_file(file: Place) -> None:
    """See that a file's bytes are on the disk; raises OSError."""
    _sync(file, os.O_RDONLY)


def sync_folder(folder: Place) -> None:
    """See that the names in a folder are on the disk; raises OSError."""
    try:
        _sync(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:  # we may write to it, and not open it
        return


def make_folder(folder: Place, mode: int = 0o777) -> None:
    """Make a folder and those above it, their names on the disk before anybody builds on them; raises OSError."""
    path = Path(folder).absolute()
    if path.is_dir():
        return
    make_folder(path.parent, mode)
    path.mkdir(mode, exist_ok=True)
    sync_folder(path.parent)


def name_new(made: Path, place: Path) -> None:
    """Give a file a name that nothing has; raises FileExistsError where something does, OSError for the disk."""
    try:
        # Unlike a look beforehand, a link never replaces what somebody else writes at this very moment.
        place.hardlink_to(made)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(place):
            raise FileExistsError(place) from None
        made.rename(place)


def _sync(place: Place, flags: int) -> None:
    descriptor = os.open(place, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
