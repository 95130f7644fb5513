"""The machine's memory as a folder, in which thousands of desks lie that nobody keeps."""

import os
from pathlib import Path
from typing import Final

SHARED: Final = Path("/dev/shm")
SOME: Final = 1 << 30
"""The bytes that some desks ask for, one after the other; containers often have 64 MiB in all."""


def roomy(room: int = SOME) -> Path | None:
    """That folder, where so many bytes are free in it; else None."""
    if not os.access(SHARED, os.W_OK):
        return None
    found = os.statvfs(SHARED)
    return SHARED if found.f_bavail * found.f_frsize >= room else None
