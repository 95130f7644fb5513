"""Files within files: what a stream holds packed, by its first bytes, and the members of archives (ATT-2).

Nothing is ever unpacked to a place that a member names, and a header's word on a length is never trusted.
"""

import lzma
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, Final, cast

from carecli.errors import Failed
from carecli.files.scanning.flows import CHUNK, Damaged, Flow, Readable

DIRECTORY: Final = 2 * 2**20
"""The largest table of contents of a zip archive that is read, in bytes: it is held in memory whole."""
IN_MEMORY: Final = 2**20
_PACKED: Final = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_TAR_AT: Final = 257
_LENGTHS_AT: Final = 26
"""Where in the header of a member of a zip archive the lengths of its names stand."""
_SLACK: Final = 32
"""At most so many bytes stand behind a member: its lengths and checksum once more."""
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_SIZE: Final = 22
BROKEN: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    IndexError,
    KeyError,
    OverflowError,
    RuntimeError,
    AssertionError,
    MemoryError,
)
"""All that Python's readers of archives are known to raise for damaged ones (RecursionError is a RuntimeError)."""


def packing(head: bytes) -> str | None:
    """How a stream that begins so is packed: gzip, bzip2, xz, zip or tar; None where it is not."""
    if head[_TAR_AT : _TAR_AT + 5] == b"ustar":
        return "tar"
    for magic, method in _PACKED:
        if head.startswith(magic) and (method != "bzip2" or head[4:10] in {b"1AY&SY", b"\x17rE8P\x90"}):
            return method
    return None


@contextmanager
def damage() -> Iterator[None]:
    """Say Damaged for whatever Python's readers say of a broken archive."""
    try:
        yield
    except BROKEN as error:
        raise Damaged("it is damaged") from error


class Guarded:
    """A file that can be read in any order, but never in pieces larger than a header may be."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seekable = file.seekable

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; raises Damaged for a header that claims too many, Failed where the disk fails."""
        try:
            found = self._file.read(min(size, DIRECTORY + 1) if size >= 0 else DIRECTORY + 1)
        except OSError as error:
            raise Failed(f"the file cannot be read: {error.strerror or error}") from None
        if len(found) > DIRECTORY:
            raise Damaged("its table of contents is too long")
        return found

    def seek(self, to: int, whence: int = 0, /) -> int:
        """Go to a byte."""
        return self._file.seek(to, whence)

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._file.tell()

    def close(self) -> None:
        """The file is its owner's to close."""


class Careful:
    """A member's bytes; raises Damaged where they cannot be unpacked."""

    def __init__(self, member: Readable) -> None:
        self._member = member

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""
        with damage():
            return self._member.read(size)


def zipped(file: BinaryIO) -> zipfile.ZipFile:
    """A zip archive ready to read; raises Damaged."""
    with damage():
        return zipfile.ZipFile(cast(BinaryIO, Guarded(file)))


def opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    """A member of a zip archive ready to read; raises Damaged, with the reason where it cannot be."""
    if entry.flag_bits & 1:
        raise Damaged("it is encrypted")
    # Python unpacks the other methods in pieces of any size.
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Damaged("it is packed by a method that is not known here")
    with damage():
        return archive.open(entry)


def strays(whole: BinaryIO, archive: zipfile.ZipFile) -> bool:
    """Whether a zip archive holds bytes that are of none of its members: before, between or behind them."""
    with damage():
        return _strays(Guarded(whole), archive)


def _strays(file: Guarded, archive: zipfile.ZipFile) -> bool:
    end = 0
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        if entry.header_offset > end + _SLACK:
            return True
        file.seek(entry.header_offset + _LENGTHS_AT)
        names = sum(struct.unpack("<2H", file.read(4).ljust(4, b"\0")))
        end = max(end, entry.header_offset + _LENGTHS_AT + 4 + names + entry.compress_size)
    file.seek(archive.start_dir)
    contents = file.read(DIRECTORY)
    closing = contents.rfind(_ZIP_END)
    behind = len(contents) - (closing + _ZIP_END_SIZE + len(archive.comment))
    return archive.start_dir > end + _SLACK or behind > 0


class _Tape:
    """A tar archive as it is read; it knows whether it came to its end."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._last = b""
        self.seek, self.tell = flow.seek, flow.tell

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        self._last = self._flow.read(size)
        return self._last

    def finish(self) -> None:
        """Raise Damaged before the end: Python's reader stops at a header it cannot read and says nothing."""
        if self._last.strip(b"\0"):
            raise Damaged("a header in it is damaged")
        while more := self._flow.read(CHUNK):
            if more.strip(b"\0"):
                raise Damaged("more stands behind its end")


def tarred(flow: Flow) -> Iterator[tuple[tarfile.TarInfo, IO[bytes] | None]]:
    """The entries of a tar archive in their order, each with its bytes if it has any; raises Damaged."""
    tape = _Tape(flow)
    with damage():
        archive = tarfile.TarFile(fileobj=cast(BinaryIO, tape), mode="r")
    while True:
        with damage():
            entry = archive.next()
            data = archive.extractfile(entry) if entry is not None and entry.isreg() else None
        if entry is None:
            tape.finish()
            return
        # Else it keeps a million entries in memory.
        archive.members = []  # type: ignore[attr-defined]
        yield entry, data


@contextmanager
def spooled(flow: Readable) -> Iterator[BinaryIO]:
    """A copy that can be read in any order: small ones in memory, others in a file that has no name."""
    with spool_file() as spool:
        try:
            while data := flow.read(CHUNK):
                spool.write(data)
        except OSError as error:
            raise Failed(f"no room to unpack: {error.strerror or error}") from None
        spool.seek(0)
        yield spool


def spool_file() -> BinaryIO:
    """A file to write to and read back."""
    return cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
