"""Seeing files through to the disk, one by one or by a whole batch."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

_MANY: Final = 16
"""From how many files on one flush of their file system takes less time than one of each."""


def flush(files: Sequence[str], folder: str) -> None:
    """See that these files of one folder, and their names, outlive a power cut; raises OSError."""
    if len(files) < _MANY or not _flushed_at_once(folder):
        for path in files:
            _flush(path)
    _flush(folder)


def make(folder: str) -> None:
    """Make a folder for its owner alone, and those above it, their names on the disk at once; raises OSError."""
    path = Path(folder).absolute()
    if path.is_dir():
        return
    make(str(path.parent))
    path.mkdir(mode=0o700, exist_ok=True)
    with suppress(PermissionError):  # a folder that we may write to and not open
        _flush(str(path.parent))


def _flush(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flushed_at_once(folder: str) -> bool:
    """Whether the system could flush the whole file system; not every one can."""
    # Imported here: few deliveries are large. The standard library has no name for this call of Linux.
    import ctypes

    system = ctypes.CDLL(None, use_errno=True)
    if not hasattr(system, "syncfs"):
        return False
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return bool(system.syncfs(descriptor) == 0)
    finally:
        os.close(descriptor)
