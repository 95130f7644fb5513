"""The bytes of a file that is brought in, whatever they are: read once or twice, never whole (IMP-1)."""

import codecs
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from carecli.errors import Invalid

BLOCK = 1 << 20
LONGEST = 1 << 26
"""The most bytes that one line or one document may have: 64 MiB."""
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Line(NamedTuple):
    """A line and its number; None is one that is too long to be read."""

    number: int
    raw: bytes | None


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The file, to be read as often as needed: what comes through a pipe is put aside first; raises Invalid."""
    try:
        with _source(path) as source:
            if source.seekable():
                yield source
                return
            with tempfile.TemporaryFile() as kept:
                shutil.copyfileobj(source, kept, BLOCK)
                kept.seek(0)
                yield kept
    except OSError as error:
        if error.filename is None and not isinstance(error, IsADirectoryError):
            raise
        raise Invalid(f"cannot read {path}: {error.strerror}", hint="check the file's name") from error


@contextmanager
def _source(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as file:
        kind = os.fstat(file.fileno()).st_mode
        if stat.S_ISCHR(kind) and path != os.devnull and not file.isatty():
            raise Invalid(
                f"cannot read {path}: it is a device without an end", hint="give a file, or - and a pipe"
            )
        yield file


def length(path: str) -> int | None:
    """How many lines there are to read; None where that cannot be told beforehand."""
    if path == "-" or not Path(path).is_file():
        return None
    with suppress(OSError), Path(path).open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    return None


def lines(file: BinaryIO) -> Iterator[Line]:
    """Each line from where the file stands, with its end; of one that is too long only the number."""
    number = 0
    while raw := file.readline(LONGEST):
        number += 1
        if raw.endswith(b"\n") or len(raw) < LONGEST:
            yield Line(number, raw)
            continue
        while raw and not raw.endswith(b"\n"):
            raw = file.readline(BLOCK)
        yield Line(number, None)


def encoding_of(file: BinaryIO, named: str) -> str:
    """The encoding that the file's own mark says, else the one named; the file stands at its beginning after."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return next((encoding for mark, encoding in MARKS if start.startswith(mark)), named)
