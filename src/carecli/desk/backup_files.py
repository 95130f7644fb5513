"""The files of a desk in a copy of it: linked to those of the copy before it, or copied (ATT-1)."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from carecli.disk import sync_folder
from carecli.errors import Failed
from carecli.files.blobs import Blobs
from carecli.files.copying import CHUNK, copied

if TYPE_CHECKING:
    from carecli.store.sqlite.workspace import Workspace

Stage = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Shows a stage of the work by what it is called, out of how much; it hears how much is done."""


class Taken(NamedTuple):
    """The files of a copy: how many there are, of how many bytes, how many are those of the copy before."""

    files: int
    bytes: int
    shared: int
    faults: tuple[str, ...]
    """Those that are missing or not what was attached, each in words."""


def taken(
    live: Blobs, copy: Blobs, earlier: Sequence[Blobs], named: Sequence[tuple[str, int, int]], stage: Stage
) -> Taken:
    """Bring the files that a copy names into its folder, each of them read and held against its hash.

    Never linked to the desk's own: what happens to one of those happens to no copy. Raises OSError.
    """
    size = shared = 0
    faults: list[str] = []
    if not named:
        return Taken(0, 0, 0, ())
    with stage("Copying files", sum(bytes_ for _, _, bytes_ in named)) as advance:
        for sha256, _, bytes_ in named:
            if _linked(copy, earlier, sha256):
                shared += 1
            else:
                faults.extend(_copied(live, copy, sha256))
            size += bytes_
            advance(size)
    if copy.root.is_dir():
        _settle(copy.root)
    return Taken(len(named) - len(faults), size, shared, tuple(faults))


def placed(copy: Blobs, at: Blobs, work: Workspace) -> None:
    """Put a copy's folder at its place, whole, or its files into the folder of the copy that is to be replaced.

    Files alone harm no database: what it names is there before and after. Raises OSError.
    """
    if not copy.root.is_dir():
        return
    if not at.root.exists():
        work.plan(at.database.name, at.root.name)
        copy.root.rename(at.root)
        sync_folder(at.root.parent)
        return
    for kept in copy.kept():
        if kept.sha256:
            target = at.path(kept.sha256)
            target.parent.mkdir(0o700, exist_ok=True)
            kept.path.replace(target)
    _settle(at.root)


def linked(source: Blobs, copy: Blobs, named: Sequence[str]) -> None:
    """Have a second folder hold the same files as another copy's; raises OSError."""
    for sha256 in named:
        if source.size(sha256) is not None and not _linked(copy, (source,), sha256):
            _copied(source, copy, sha256)
    if copy.root.is_dir():
        _settle(copy.root)


def _linked(copy: Blobs, earlier: Sequence[Blobs], sha256: str) -> bool:
    """Whether a file could be linked that an earlier copy has, and that is sound."""
    target = copy.path(sha256)
    for blobs in earlier:
        with suppress(OSError, Failed):
            if blobs.size(sha256) is None or blobs.path(sha256).is_symlink():
                continue
            _made(target.parent)
            os.link(blobs.path(sha256), target)
            with copy.open(sha256) as stream:
                if copied(stream, None).sha256 == sha256:
                    return True
            target.unlink()
    return False


def _copied(live: Blobs, copy: Blobs, sha256: str) -> list[str]:
    """Copy a file as it is; what is wrong with it, if anything is. Raises OSError for the copy."""
    try:
        source = live.open(sha256)
    except FileNotFoundError:
        return [f"the file {sha256[:12]} is gone"]
    except OSError as error:
        return [f"the file {sha256[:12]} cannot be read: {error.strerror}"]
    _made(copy.path(sha256).parent)
    with source, _new(copy.path(sha256)) as out:
        try:
            found = copied(source, out).sha256
        except Failed as error:  # raised for what is read alone
            return [f"the file {sha256[:12]} is damaged: {error.message}"]
        out.flush()
        os.fsync(out.fileno())
    return [] if found == sha256 else [f"the file {sha256[:12]} is not what was attached: its bytes changed"]


def _new(path: Path) -> BufferedWriter:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    return BufferedWriter(FileIO(descriptor, "wb"), CHUNK)


def _made(folder: Path) -> None:
    folder.parent.mkdir(0o700, exist_ok=True)
    folder.mkdir(0o700, exist_ok=True)


def _settle(root: Path) -> None:
    """See that the names in a folder of files are on the disk."""
    for folder in sorted(entry for entry in root.iterdir() if entry.is_dir()):
        sync_folder(folder)
    sync_folder(root)
