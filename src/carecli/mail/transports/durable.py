"""Seeing files through to the disk, one by one or by a whole batch."""

import os
from collections.abc import Sequence
from typing import Final

from carecli.disk import sync_file, sync_folder

_MANY: Final = 16
"""From how many files on one flush of their file system takes less time than one of each."""


def flush(files: Sequence[str], folder: str) -> None:
    """See that these files of one folder, and their names, outlive a power cut; raises OSError."""
    if len(files) < _MANY or not _flushed_at_once(folder):
        for path in files:
            sync_file(path)
    sync_folder(folder)


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
