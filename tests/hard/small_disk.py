"""A small disk of one's own: a tmpfs that only a child process sees, gone with it whatever happens."""

import ctypes
import multiprocessing
import os
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import pytest

NO_MOUNTS: Final = "no mounts here: neither root nor unprivileged user namespaces"
PATIENCE_S: Final = 240
_NEW_NAMESPACE, _NEW_USER = 0x00020000, 0x10000000
_READ_ONLY, _REMOUNT, _RECURSIVE, _PRIVATE = 0x1, 0x20, 0x4000, 0x40000
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


class SmallDisk:
    """A file system of a fixed size at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.filler = path / "filler"

    def leave(self, room: int) -> None:
        """Fill it up, so that so many bytes are left."""
        self.free()
        with self.filler.open("wb") as file:
            file.write(bytes(max(0, self.room() - max(0, room))))

    def free(self) -> None:
        """Take away what fills it."""
        self.filler.unlink(missing_ok=True)

    def room(self) -> int:
        """How many bytes are left."""
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize

    def lock(self, *, read_only: bool = True) -> None:
        """Make it read-only, or writable again."""
        _mounted("none", self.path, None, _REMOUNT | (_READ_ONLY if read_only else 0), None)


def on_small_disk(work: Callable[[SmallDisk], None], path: Path, size: str) -> None:
    """Do some work, a test's body, in a process with a disk of this size at `path`; skips where none can be."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(work, path, size, theirs))
    child.start()
    theirs.close()
    told = ours.recv() if ours.poll(PATIENCE_S) else "it takes too long"
    child.kill()
    child.join()
    if told == NO_MOUNTS:
        pytest.skip(NO_MOUNTS)
    assert told == "", told


def _work(work: Callable[[SmallDisk], None], path: Path, size: str, told: Connection) -> None:
    try:
        _private_disk(path, size)
    except OSError:
        told.send(NO_MOUNTS)
        return
    try:
        work(SmallDisk(path))
    except BaseException:  # noqa: BLE001 - told by the parent
        told.send(traceback.format_exc())
    else:
        told.send("")


def _private_disk(path: Path, size: str) -> None:
    """Mount it where nobody else sees it; raises OSError."""
    user, group = os.getuid(), os.getgid()
    _checked(_LIBC.unshare(_NEW_NAMESPACE | (_NEW_USER if user else 0)))
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    _mounted("none", Path("/"), None, _RECURSIVE | _PRIVATE, None)
    _mounted("none", path, "tmpfs", 0, f"size={size}")


def _mounted(source: str, target: Path, kind: str | None, flags: int, data: str | None) -> None:
    words = [word.encode() if word is not None else None for word in (source, str(target), kind, data)]
    _checked(_LIBC.mount(*words[:3], ctypes.c_ulong(flags), words[3]))


def _checked(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), "no mount")
