"""The doctor's look at the folder of files: missing ones, leftovers, permissions (AUD-2, ATT-1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from carecli.desk.attachments import upkeep
from carecli.desk.blobs import blobs_of
from carecli.desk.doctor_words import few, fine, quoted
from carecli.domain.health import Finding, State

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.files.blobs import Blobs

CHECK = "files"


def findings(desk: Desk) -> Iterator[Finding]:
    """What is wrong with the folder of files; nothing is read but sizes and names."""
    blobs = blobs_of(desk.config)
    try:
        yield from _contents(desk, blobs)
        yield from _permissions(blobs)
    except OSError as error:
        what = f"the folder of files {blobs.root} cannot be read: {error.strerror}"
        yield Finding(CHECK, State.WRONG, what, f"ls -ld {quoted(str(blobs.root))}")


def _contents(desk: Desk, blobs: Blobs) -> Iterator[Finding]:
    """Whether what cases name is there, and what else is."""
    with desk.reading() as reading:
        named = {sha256 for sha256, _, _ in reading.blobs()}
        gone = list(upkeep.astray(reading, blobs))
        left = upkeep.counted(list(upkeep.unnamed(named, blobs)))
    if gone:
        fix = f"restore {quoted(str(blobs.root))}, from where the database was before or from a backup"
        yield Finding(CHECK, State.WRONG, f"attached files are missing or cut short: {few(gone)}", fix)
    else:
        yield fine(CHECK, f"all attached files are there: {len(named):,}")
    if left.files:
        what = f"files that no case names: {left.files:,}, {left.bytes:,} bytes"
        yield Finding(CHECK, State.ADVICE, what, "care attachment tidy")


def _permissions(blobs: Blobs) -> Iterator[Finding]:
    mode = blobs.mode()
    if mode is None or not mode & 0o077:
        return
    who = "everybody on this machine" if mode & 0o007 else "the folder's group"
    state = State.WRONG if mode & 0o007 else State.ADVICE
    what = f"{who} may look into the folder of files (mode {mode:04o})"
    yield Finding("permissions", state, what, f"chmod 700 {quoted(str(blobs.root))}")
