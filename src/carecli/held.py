"""Files that SQLite has locked: how to look at one without letting go of its locks (POSIX).

To close any descriptor of a file ends every lock that the process has on it. So whoever opens one that may be a
database closes it here, where those that this process is connected to stay open until it is not.
"""

import os
from typing import Final

MAGIC: Final = b"SQLite format 3\0"
"""How a database file of SQLite begins."""

Place = str | os.PathLike[str]
Inode = tuple[int, int]

_CONNECTED: Final[dict[Inode, int]] = {}
"""How many connections this process has to which file."""
_KEPT: Final[dict[Inode, list[int]]] = {}
"""Descriptors of such files, kept open."""


def connecting(path: Place) -> Inode:
    """Note that this process is about to have one more connection to a file; raises OSError."""
    inode = _inode(os.stat(path))  # noqa: PTH116 - on the way of every command
    _CONNECTED[inode] = _CONNECTED.get(inode, 0) + 1
    return inode


def disconnected(inode: Inode) -> None:
    """Note that it has one less."""
    _CONNECTED[inode] -= 1
    if not _CONNECTED[inode]:
        del _CONNECTED[inode]
        for file in _KEPT.pop(inode, ()):
            os.close(file)


def beginning(path: Place, count: int) -> bytes:
    """The first bytes of a file; raises OSError."""
    kept = _KEPT.get(_inode(os.stat(path)))  # noqa: PTH116 - as above
    if kept:
        return os.pread(kept[0], count, 0)
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(file, count, 0)
    finally:
        close(file)


def close(file: int) -> None:
    """Close a descriptor, once this process has no connection to its file; raises OSError."""
    inode = _inode(os.fstat(file))
    if inode in _CONNECTED:
        _KEPT.setdefault(inode, []).append(file)
    else:
        os.close(file)


def _inode(found: os.stat_result) -> Inode:
    return found.st_dev, found.st_ino
