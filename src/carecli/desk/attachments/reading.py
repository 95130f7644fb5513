"""Files looked at and fetched, each as the actor may know of it (ATT-1, DC-3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from carecli.desk.blobs import blobs_of
from carecli.desk.reading import known_files, seen, shown_files
from carecli.domain import attaching
from carecli.domain.filenames import safe
from carecli.domain.numbers import written
from carecli.errors import Failed, Invalid
from carecli.files.copying import Copied
from carecli.files.sources import located

if TYPE_CHECKING:
    from carecli.desk.attachments.taking import Watch
    from carecli.desk.desk import Desk
    from carecli.domain.attachment import Attachment
    from carecli.domain.sanitising import Scan
    from carecli.store.protocol import Reading


class Saved(NamedTuple):
    """A file that was fetched, and where it was written to; None: to the stream that was asked for."""

    file: Attachment
    path: str | None


class Looked(NamedTuple):
    """A file that was looked through for customer data: its name, its size where that is known, what was found."""

    name: str
    size: int | None
    scan: Scan


def listed(desk: Desk, number: int) -> tuple[Attachment, ...]:
    """The files of a case in the order in which they came; those of staff alone only for staff (DC-3)."""
    with desk.reading() as reading:
        seen(desk, reading, number)
        return shown_files(desk, reading.attachments(number))


def one(desk: Desk, number: int, which: str | None) -> Attachment:
    """A file by its id, its name or the beginning of its hash; else the only one. Raises NotFound, Invalid."""
    with desk.reading() as reading:
        seen(desk, reading, number)
        return attaching.chosen(known_files(desk, reading.attachments(number)), which, number)


def save(desk: Desk, number: int, which: str | None, path: str | None, watch: Watch, *, replace: bool) -> Saved:
    """Write a file, held against its hash, to `path`: a file, a folder, or by default its own name right here.

    A file that somebody names is replaced, as by any other --output; one of the attachment's own name only with
    `replace`. Raises Failed for bytes that are not those that were attached; nothing is left half-written.
    """
    from carecli.files import outlets

    file = one(desk, number, which)
    target, typed = _target(path, file)
    with content(desk, number, file) as stream, watch(f"Fetching {file.name}", file.size) as advance:
        expected = Copied(file.size, file.sha256)
        outlets.save(target, stream, expected, advance, typed=typed, replace=replace or typed)
    return Saved(file, str(target))


def give(desk: Desk, number: int, which: str | None, out: BinaryIO, watch: Watch) -> Saved:
    """Write a file to a stream; not a byte of it where it is not what was attached."""
    from carecli.files import outlets

    file = one(desk, number, which)
    with content(desk, number, file) as stream, watch(f"Fetching {file.name}", file.size) as advance:
        outlets.give(out, stream, Copied(file.size, file.sha256), advance)
    return Saved(file, None)


def scanned(desk: Desk, number: int, which: str | None, watch: Watch) -> Looked:
    """Look through a file of a case, as far as the policy has it, for customer data; nothing is recorded."""
    from carecli.desk.attachments import sanitising

    file = one(desk, number, which)
    limit = _limit(desk)
    watched = watch(f"Looking through {file.name}", min(limit, file.size))
    with content(desk, number, file) as stream, watched as advance:
        return Looked(file.name, file.size, sanitising.scanned(desk, file.name, stream, limit, advance))


def scanned_local(desk: Desk, path: str, watch: Watch) -> Looked:
    """Look through a file of one's own, as far as the policy has it; it is not taken in (ATT-2)."""
    from carecli.desk.attachments import sanitising, taking
    from carecli.files import sources

    taking.require_apart(desk, path)
    limit = _limit(desk)
    with (
        sources.opened(path) as source,
        watch(f"Looking through {source.told}", source.size and min(limit, source.size)) as advance,
    ):
        found = sanitising.scanned(desk, source.told, source.stream, limit, advance)
        return Looked(source.told, source.size, found)


def _limit(desk: Desk) -> int:
    """How many bytes of a file, once unpacked, are looked through."""
    from carecli.desk.attachments import taking

    return taking.policy(desk).scan_max


@contextmanager
def content(desk: Desk, number: int, file: Attachment) -> Iterator[BinaryIO]:
    """The bytes of a file, wherever they are: in the desk's folder, or in the message that it came with."""
    if file.mail is not None:
        with desk.reading() as reading:
            stream = BytesIO(_enclosed(reading, file))
        yield stream
        return
    try:
        blob = blobs_of(desk.config).open(file.sha256)
    except OSError as error:
        raise Failed(
            f"the bytes of file {file.id} of case {written(number)} cannot be read: {error.strerror}",
            hint="`care verify` tells what is missing; restore the folder of files from a backup",
            rule="ATT-1",
        ) from error
    with blob:
        yield blob


def _enclosed(reading: Reading, file: Attachment) -> bytes:
    from carecli.desk.mail import enclosures

    return enclosures.of_case(reading, file.mail or "", file.place)


def _target(path: str | None, file: Attachment) -> tuple[Path, bool]:
    """Where a file is to go, and whether somebody said so to its last part; raises Invalid."""
    name = safe(file.name)
    if path is None:
        return Path(name), False
    if not path:
        raise Invalid("--output names no file", hint="leave it out for a file of its own name right here")
    wanted = located(path)
    if wanted.is_dir():
        return wanted / name, False
    if path.endswith("/"):
        raise Invalid(f"there is no folder {path}", hint="make it first")
    return wanted, True
