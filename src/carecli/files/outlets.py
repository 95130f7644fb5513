"""Where the bytes of an attachment or an export go to: whole and checked, or nowhere (ATT-1, EXP-1)."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter, FileIO
from pathlib import Path
from shutil import copymode
from typing import BinaryIO, Final

from carecli.disk import name_new, sync_folder
from carecli.errors import Failed, Invalid
from carecli.files.blobs import COMPANIONS, is_database
from carecli.files.copying import Copied, copied

Advance = Callable[[int], None]
_ELSEWHERE: Final = "name another file, or - for standard output"


def save(path: Path, source: BinaryIO, expected: Copied, advance: Advance, *, typed: bool, replace: bool) -> None:
    """Write a file beside its place, hold it against its hash, and give it its name; nothing is left halfway.

    A path that somebody `typed` may be a link, a device or a pipe. A name that came with the file is a stranger's:
    what lies there under it is at most replaced, never followed nor written to.

    Raises Failed where the bytes are not what was attached, Invalid where a file is there and not to be replaced,
    or is a database.
    """
    try:
        if typed and _is_special(path):
            with path.open("wb") as special:
                give(special, source, expected, advance)
            return
        # Whoever named a link means the file behind it.
        target = path.resolve() if typed else path
        _refuse_database(target)
        with _beside(target) as (beside, out):
            _require(copied(source, out, None, advance), expected)
            out.flush()
            os.fsync(out.fileno())
            _put_in_place(beside, target, replace=replace)
            sync_folder(target.absolute().parent)
    except OSError as error:
        raise Failed(f"cannot write {path}: {error.strerror}", hint=_ELSEWHERE) from None


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file that somebody named, to be written: it gets its name when all is well, or nothing is left of it.

    One that is there is replaced then, and not touched before; of a link the file behind it. A device or a pipe is
    written to as it comes. Raises Failed, Invalid for a database.
    """
    try:
        if _is_special(path):
            with path.open("wb") as special:
                yield special
            return
        target = path.resolve()
        _refuse_database(target)
        with _beside(target) as (beside, raw):
            yield from _filled(raw)
            with suppress(FileNotFoundError):
                copymode(target, beside)
            beside.replace(target)
            sync_folder(target.parent)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Failed(f"cannot write {path}: {error.strerror}", hint=_ELSEWHERE) from None


def _filled(raw: BinaryIO) -> Iterator[BinaryIO]:
    """The file behind a buffer, as a bare one takes a part on a full disk in silence; on its disk then."""
    assert isinstance(raw, FileIO)
    with BufferedWriter(raw) as out:
        yield out
        out.flush()
        os.fsync(raw.fileno())


def give(out: BinaryIO, source: BinaryIO, expected: Copied, advance: Advance) -> None:
    """Copy to a stream that takes nothing back: all is held against its hash before the first byte goes out."""
    _require(copied(source, None), expected)
    source.seek(0)
    copied(source, out, None, advance)
    out.flush()


def _require(found: Copied, expected: Copied) -> None:
    if found != expected:
        raise Failed(
            "the stored bytes are not those that were attached: the file is damaged",
            hint="`care verify` tells what else is; restore the folder of files from a backup",
            rule="ATT-1",
        )


def _refuse_database(path: Path) -> None:
    """Never put a list or a customer's file in the place of a desk, or of what SQLite keeps beside one (AUD-2)."""
    ends = [end for end in COMPANIONS if path.name.endswith(end)]
    database = path.with_name(path.name.removesuffix(ends[0])) if ends else path
    if is_database(database):
        raise Invalid(
            f"{path} is a database, or belongs to one: it is not replaced", hint=_ELSEWHERE, rule="AUD-2"
        )


def _is_special(path: Path) -> bool:
    """Whether a device or a pipe is there, which is written to and not replaced."""
    return path.exists() and not path.is_file()


@contextmanager
def _beside(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    beside = path.absolute().with_name(f".care-{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as out:
            yield beside, out
    finally:
        beside.unlink(missing_ok=True)


def _put_in_place(beside: Path, path: Path, *, replace: bool) -> None:
    if replace:
        beside.replace(path)
        return
    try:
        name_new(beside, path)
    except FileExistsError:
        raise _there(path) from None


def _there(path: Path) -> Invalid:
    return Invalid(f"{path} is there already", hint="--force replaces it, --output FILE names another")
