"""The desk's own folder of files: each under the hash of its bytes, whole or not there at all (ATT-1)."""

import glob
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EMFILE, ENFILE
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from carecli.disk import FULL, make_folder, sync_folder
from carecli.errors import Failed
from carecli.files.copying import CHUNK, Advance, Copied, cloned, copied
from carecli.held import MAGIC, beginning

SUFFIX: Final = ".files"
PART: Final = "part-"
"""What the names of files that are still coming in begin with."""

COMPANIONS: Final = ("-wal", "-shm", "-journal")
"""What the names of files end in that SQLite keeps beside a database."""

_HASH: Final = 64
_FANNED: Final = 2
_DIGITS: Final = frozenset("0123456789abcdef")


class Kept(NamedTuple):
    """A file of the folder, its size in bytes and its age in seconds; no `sha256` where it never got whole."""

    path: Path
    sha256: str | None
    size: int
    age_s: float
    inode: int


class Draft:
    """A file that is coming in: nobody else sees it before `keep`."""

    def __init__(self, blobs: "Blobs", path: Path, stream: FileIO) -> None:
        self.path = path
        self.copied = Copied(0, "")
        self._blobs = blobs
        self._stream = stream

    def take(self, source: BinaryIO, most: int, advance: Advance) -> None:
        """Take in a stream up to `most` bytes; raises Failed, for a full disk for example."""
        with _told(self.path.parent):
            self.copied = copied(source, self._stream, most, advance)

    def clone(self, source: BinaryIO, size: int, advance: Advance) -> None:
        """Take in a file of that size, or what there is of it; raises Failed, for a full disk for example."""
        with _told(self.path.parent), self.path.open("rb", buffering=0) as arrived:
            self.copied = cloned(source, self._stream, arrived, size, advance)

    @contextmanager
    def writing(self) -> Iterator[BinaryIO]:
        """The bare file to write to; on leaving it is hashed. Raises Failed for a full disk."""
        with _told(self.path.parent):
            # Buffered: a bare file is slow in small pieces, and may take less than it is given.
            written = BufferedWriter(self._stream, CHUNK)
            try:
                yield written
                written.flush()
            except BaseException:
                # Else the buffer tries the full disk again as it goes, where nobody can be told.
                self._stream.close()
                raise
            written.detach()
            with self.reading() as stream:
                self.copied = copied(stream, None)

    def reading(self) -> BinaryIO:
        """What was taken in, from its beginning."""
        return self.path.open("rb", buffering=CHUNK)

    def keep(self) -> str:
        """Put the file where its hash says, all of it on the disk before its name is; the answer is the hash."""
        with _told(self.path.parent):
            self._blobs.put(self.path, self._stream.fileno(), self.copied)
        return self.copied.sha256

    def drop(self) -> None:
        """Forget it."""
        with suppress(OSError):
            self._stream.close()
        with suppress(OSError):
            self.path.unlink()


class Blobs:
    """The folder beside a database: `desk.files` beside `desk.db`, also where one comes to that by a link."""

    def __init__(self, database: str, root: Path | str | None = None) -> None:
        """`root` is the folder where that is elsewhere, as for a database on a server."""
        self.database = Path(database).resolve()
        # A database that is called `desk.files` itself has its folder in `desk.files.files`.
        stem = self.database if self.database.suffix == SUFFIX else self.database.with_suffix("")
        self.root = Path(root) if root else stem.with_name(stem.name + SUFFIX)

    def path(self, sha256: str) -> Path:
        """Where the file with this hash lies."""
        return self.root / sha256[:_FANNED] / sha256[_FANNED:]

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """A new file to take in; it is gone on leaving unless it was kept."""
        with _told(self.root):
            _made(self.root)
            path = self.root / f"{PART}{secrets.token_hex(8)}"
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            descriptor = os.open(path, flags, 0o600)
        draft = Draft(self, path, FileIO(descriptor, "wb"))
        try:
            yield draft
        finally:
            draft.drop()

    def put(self, path: Path, descriptor: int, taken: Copied) -> None:
        """Give a file that is wholly written the name of its hash, also where that is taken.

        The new bytes replace those that may have been damaged since, they are young again for `tidy`, and nobody
        can tell from how long it takes whether somebody else has the same file (DC-3).
        """
        target = self.path(taken.sha256)
        os.fsync(descriptor)
        _made(target.parent)
        path.rename(target)
        sync_folder(target.parent)

    def size(self, sha256: str) -> int | None:
        """How many bytes the file with this hash has, None where there is none."""
        try:
            found = self.path(sha256).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def open(self, sha256: str) -> BinaryIO:
        """The bytes of a file; raises OSError."""
        return self.path(sha256).open("rb", buffering=0)

    def kept(self) -> Iterator[Kept]:
        """Every file of the folder, those that never got whole too; nothing where there is no folder."""
        now = time.time()
        for entry in _entries(self.root):
            if entry.name.startswith(PART):
                yield from _kept(entry, None, now)
            elif len(entry.name) == _FANNED and entry.is_dir(follow_symlinks=False):
                for inner in _entries(Path(entry.path)):
                    sha256 = entry.name + inner.name
                    if len(sha256) == _HASH and not set(sha256) - _DIGITS:
                        yield from _kept(inner, sha256, now)

    def shared(self) -> Path | None:
        """Another database that has the same folder, a copy of this one for example."""
        for other in sorted(self.database.parent.glob(f"{glob.escape(self.database.stem)}*")):
            # To open and close what is ours, by whatever name, would let go of SQLite's locks on it (POSIX).
            if other.name.endswith(COMPANIONS) or _same(other, self.database):
                continue
            beside = Blobs(str(other))
            if beside.database != self.database and beside.root == self.root and is_database(other):
                return other
        return None

    def own(self, path: Path) -> bool:
        """Whether a path is the database itself, or what SQLite keeps beside it."""
        ours = [self.database, *(self.database.with_name(self.database.name + end) for end in COMPANIONS)]
        return any(_same(path, one) for one in ours)

    def linked(self) -> Path | None:
        """Where the folder is really, if it is a link."""
        return self.root.resolve() if self.root.is_symlink() else None

    def mode(self) -> int | None:
        """The permissions of the folder, None where there is none."""
        try:
            return self.root.stat().st_mode & 0o777
        except FileNotFoundError:
            return None

    def remove(self, kept: Kept) -> None:
        """Take a file away, unless it was kept anew since it was listed; one that is gone already is no fault."""
        with suppress(FileNotFoundError):
            if kept.path.lstat().st_ino == kept.inode:
                kept.path.unlink()


def _same(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.samefile(other)
    return False


def is_database(path: Path) -> bool:
    """Whether a file begins as SQLite's do; a pipe or a device is never opened."""
    with suppress(OSError):
        return stat.S_ISREG(path.stat().st_mode) and beginning(path, len(MAGIC)) == MAGIC
    return False


def _kept(entry: "os.DirEntry[str]", sha256: str | None, now: float) -> Iterator[Kept]:
    # One that is coming in may have its name, or be gone, since the folder was listed.
    with suppress(FileNotFoundError):
        found = entry.stat(follow_symlinks=False)
        yield Kept(Path(entry.path), sha256, found.st_size, now - found.st_mtime, found.st_ino)


def _entries(folder: Path) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []


def _made(folder: Path) -> None:
    """Make a folder for its owner alone, its name on the disk at once, unless it is there."""
    with suppress(FileExistsError):
        try:
            folder.mkdir(0o700)
        except FileNotFoundError:  # a desk on a server has nothing beside it yet
            make_folder(folder.parent, 0o700)
            folder.mkdir(0o700)
        sync_folder(folder.parent)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say what a disk complains of, with what mends it; raises Failed."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            what, hint = "the disk is full", "free some space and repeat; nothing was attached"
        elif error.errno in {EMFILE, ENFILE}:
            what, hint = "too many open files", "attach fewer at once, or raise the limit with `ulimit -n`"
        else:
            what, hint = error.strerror or str(error), "check who owns the folder and what it lies on"
        raise Failed(f"the file cannot be kept in {folder}: {what}", hint=hint) from error
