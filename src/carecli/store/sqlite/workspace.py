"""Where copies are made: in a directory beside their place; whoever comes next clears one left behind."""

import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from carecli.disk import sync_folder

PREFIX: Final = ".care-copy-"
"""What the names of such directories begin with."""

_LOCK: Final = "lock"
_PLAN: Final = "plan-"


class Workspace:
    """A directory of its own in `folder`, on the disk on which what is made in it will lie."""

    def __init__(self, folder: Path, path: Path) -> None:
        self.folder = folder
        self.path = path
        self._plans = 0

    def place(self, name: str) -> Path:
        """Where a file called so lies in it."""
        return self.path / name

    def plan(self, database: str, files: str) -> None:
        """Note a folder that belongs to a database, by their names: left without it the folder goes.

        On the disk before it returns. Raises OSError.
        """
        self._plans += 1
        with self.place(f"{_PLAN}{self._plans}").open("w", encoding="utf-8") as file:
            json.dump([database, files], file)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.path)
        sync_folder(self.folder)


@contextmanager
def within(folder: Path) -> Iterator[Workspace]:
    """A new one, gone on leaving; those that killed programs left behind go first. Raises OSError."""
    sweep(folder)
    path, lock = _made(folder)
    try:
        yield Workspace(folder, path)
    finally:
        with suppress(OSError):
            _cleared(folder, path)
        os.close(lock)


def sweep(folder: Path) -> None:
    """Clear what killed programs left in a directory: workspaces that nobody has locked, and what they planned."""
    for left in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            _swept(folder, left)


def _made(folder: Path) -> tuple[Path, int]:
    while True:
        path = folder / f"{PREFIX}{token_hex(8)}"
        path.mkdir(0o700)
        # One that was not locked yet somebody else may just have taken for a leftover.
        with suppress(FileNotFoundError):
            lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with suppress(OSError):  # a file system without locks: nobody clears there
                fcntl.flock(lock, fcntl.LOCK_EX)
            if _is(path, lock):
                return path, lock
            os.close(lock)


def _is(path: Path, lock: int) -> bool:
    try:
        found = (path / _LOCK).stat()
    except FileNotFoundError:
        return False
    return found.st_ino == os.fstat(lock).st_ino


def _swept(folder: Path, path: Path) -> None:
    found = path.lstat()
    # In a directory that others write to, one of theirs could plan for what is ours.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        return
    try:
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        _without_lock(folder, path)
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _cleared(folder, path)
    finally:
        os.close(lock)


def _without_lock(folder: Path, path: Path) -> None:
    """Clear one that is about to be made, whose maker then makes another, or that a power cut left so."""
    try:
        path.rmdir()
    except OSError:
        # A maker locks before it makes anything else.
        if not (path / _LOCK).exists():
            _cleared(folder, path)


def _cleared(folder: Path, path: Path) -> None:
    """Take a workspace away, and before it what it planned and never came to."""
    for database, files in _planned(path):
        if not os.path.lexists(folder / database) and os.path.lexists(folder / files):
            _dropped(folder / files)
            sync_folder(folder)
    for entry in path.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != _LOCK:
            entry.unlink()
    # Last, as whoever finds a workspace without it takes it for one that is about to be made.
    (path / _LOCK).unlink(missing_ok=True)
    path.rmdir()


def _planned(path: Path) -> Iterator[tuple[str, str]]:
    """What a workspace planned; a plan that is not whole was not begun with."""
    for plan in path.glob(f"{_PLAN}*"):
        with suppress(OSError, ValueError, TypeError):
            database, files = map(str, json.loads(plan.read_text(encoding="utf-8")))
            if all(Path(name).name == name for name in (database, files)):
                yield database, files


def _dropped(folder: Path) -> None:
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
        shutil.rmtree(folder, ignore_errors=True)
