"""The files of attachments brought to the folder of a copy, each whole and held against its hash (ATT-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from carecli.desk.backup_files import Stage
from carecli.errors import Failed
from carecli.files.blobs import Blobs
from carecli.files.copying import copied


class Brought(NamedTuple):
    """How many files a copy has, of how many bytes, in which folder."""

    files: int
    bytes: int
    folder: str


def bring(live: Blobs, there: Blobs, named: Sequence[tuple[str, int, int]], stage: Stage) -> Brought:
    """Bring files, by hash, case and size, to another folder; those that are there and sound stay.

    Raises Failed for one that is missing or not what was attached, and for a disk.
    """
    size = sum(bytes_ for _, _, bytes_ in named)
    if named and live.root.resolve() != there.root.resolve():
        done = 0
        with stage("Copying files", size) as advance:
            for sha256, _, bytes_ in named:
                if not _is_sound(there, sha256):
                    _copy(live, there, sha256)
                done += bytes_
                advance(done)
    return Brought(len(named), size, str(there.root))


def _is_sound(there: Blobs, sha256: str) -> bool:
    if there.size(sha256) is None:
        return False
    with there.open(sha256) as stream:
        return copied(stream, None).sha256 == sha256


def _copy(live: Blobs, there: Blobs, sha256: str) -> None:
    if live.size(sha256) is None:
        raise _wrong(f"the file {sha256[:12]} is gone")
    with live.open(sha256) as source, there.draft() as draft:
        with draft.writing() as out:
            copied(source, out)
        if draft.copied.sha256 != sha256:
            raise _wrong(f"the file {sha256[:12]} is not what was attached: its bytes changed")
        draft.keep()


def _wrong(what: str) -> Failed:
    return Failed(
        f"the record is copied, not all of its files: {what}",
        hint="`care doctor` names every such file; put them back and repeat",
        rule="AUD-2",
    )
