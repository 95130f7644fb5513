"""Bytes on their way: read in pieces, hashed as they pass, never whole in memory (ATT-1)."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from errno import EINVAL, ENOSYS, EOPNOTSUPP, EPERM, EXDEV
from hashlib import sha256
from io import FileIO
from typing import BinaryIO, Final, NamedTuple

from carecli.errors import Failed

CHUNK: Final = 1024 * 1024
"""How many bytes are held at once."""

STEP: Final = 16 * CHUNK
"""How many bytes the kernel copies at once."""

FLUSH: Final = 8 * STEP
"""After how many bytes the disk is told to begin with them."""

_NOT_HERE: Final = frozenset({EINVAL, ENOSYS, EOPNOTSUPP, EPERM, EXDEV})
"""What a kernel, a container or a file system answers that does not copy by itself."""

Advance = Callable[[int], None]
"""Hears how many bytes are done by now."""


class Copied(NamedTuple):
    """How much passed, and the hash of it."""

    size: int
    sha256: str


def copied(
    source: BinaryIO,
    target: BinaryIO | None,
    most: int | None = None,
    advance: Advance = lambda _: None,
) -> Copied:
    """Copy a stream, or with no target only hash it, up to `most` bytes; `advance` hears how far it is."""
    digest, size = sha256(), 0
    buffer = bytearray(CHUNK)
    view = memoryview(buffer)
    while most is None or size < most:
        room = CHUNK if most is None else min(CHUNK, most - size)
        count = _read(source, view[:room])
        if not count:
            break
        digest.update(view[:count])
        if target is not None:
            _written(target, view[:count])
        size += count
        advance(size)
    return Copied(size, digest.hexdigest())


def cloned(source: BinaryIO, target: FileIO, arrived: BinaryIO, size: int, advance: Advance) -> Copied:
    """Copy a file of that size into a new one, which is read as `arrived`; the answer is of what is there now.

    The kernel copies, while a thread hashes what has arrived and another one has the disk take it: together they
    last as long as the slowest of them. Less is copied where the file became shorter meanwhile.
    """
    with ThreadPoolExecutor(1) as hashing, ThreadPoolExecutor(1) as flushing:
        digest, disk = _Digest(arrived), _Disk(target, flushing)
        done, hashed = 0, hashing.submit(digest.reach, 0)
        while done < size and (count := _moved(source, target, min(STEP, size - done))):
            done += count
            hashed = hashing.submit(digest.reach, done)
            disk.reached(done)
            advance(done)
        hashed.result()
        disk.settle()
    return Copied(done, digest.hex)


class _Digest:
    """The hash of a file as far as it has arrived; threads take turns."""

    def __init__(self, arrived: BinaryIO) -> None:
        self._arrived = arrived
        self._sha256 = sha256()
        self._done = 0
        self._buffer = memoryview(bytearray(CHUNK))

    def reach(self, size: int) -> None:
        while self._done < size:
            count = self._arrived.readinto(self._buffer[: size - self._done])  # type: ignore[attr-defined]
            if not count:
                raise Failed("the copy became shorter while it was read", hint="check the disk, and repeat")
            self._sha256.update(self._buffer[:count])
            self._done += count

    @property
    def hex(self) -> str:
        return self._sha256.hexdigest()


class _Disk:
    """Has the disk take what was written while more is; its complaints are told once, so each is listened to."""

    def __init__(self, target: FileIO, pool: ThreadPoolExecutor) -> None:
        self._descriptor = target.fileno()
        self._pool = pool
        self._pending: Future[None] | None = None
        self._last = 0

    def reached(self, size: int) -> None:
        if size - self._last >= FLUSH and (self._pending is None or self._pending.done()):
            self.settle()
            self._last = size
            self._pending = self._pool.submit(os.fdatasync, self._descriptor)

    def settle(self) -> None:
        if self._pending:
            self._pending.result()
            self._pending = None


def _moved(source: BinaryIO, target: FileIO, count: int) -> int:
    """Have the kernel copy the next bytes, or do it by hand where it cannot."""
    try:
        # Some file systems answer 0 with bytes to come: only a read that has none is the end.
        if moved := os.copy_file_range(source.fileno(), target.fileno(), count):
            return moved
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise
    piece = os.read(source.fileno(), min(count, CHUNK))
    _written(target, memoryview(piece))
    return len(piece)


def _read(source: BinaryIO, room: memoryview) -> int:
    """How much came; 0 at the end."""
    try:
        count: int | None = source.readinto(room)  # type: ignore[attr-defined]
    except OSError as error:
        raise Failed(f"the file cannot be read: {error.strerror}", hint="check what it lies on; repeat") from error
    if count is None:  # a pipe that somebody has told not to wait
        raise Failed("the file cannot be read: nothing has come yet", hint="send it through a plain pipe")
    return count


def _written(target: BinaryIO | FileIO, piece: memoryview) -> None:
    """Write all of it: a bare file may take less at once."""
    done = 0
    while done < len(piece):
        done += target.write(piece[done:])
