"""A copy of a file with marks for what was found in it, packed as the file was (ATT-2)."""

import bz2
import gzip
import lzma
import re
import shutil
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol, cast

from carecli.errors import Failed
from carecli.files.scanning.flows import CHUNK
from carecli.files.scanning.looking import Seen
from carecli.files.scanning.matches import Match

_LARGE: Final = 2**31


_KEY: Final = re.compile(r"\"\s{0,4}:\s{0,4}\Z")
_VALUE_ENDS: Final = re.compile(r"\s{0,4}(?:[,}\r\n]|\Z)")


class _Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...


class Sink:
    """Where a copy goes; raises Failed where it cannot be written."""

    def __init__(self, out: _Writable) -> None:
        self._out = out
        self._at = 0

    def tell(self) -> int:
        """How many bytes were written."""
        return self._at

    def write(self, data: bytes, /) -> int:
        """Write all of it."""
        self._at += len(data)
        try:
            return self._out.write(data)
        except OSError as error:
            raise Failed(f"the redacted copy cannot be written: {error.strerror or error}") from None

    def flush(self) -> None:
        """Its owner does."""


class Redactor:
    """One text as it is copied; it knows how far it came. `instead` says what is written for what was found."""

    def __init__(self, instead: Callable[[Match], str]) -> None:
        self._instead = instead
        self._at = 0

    def piece(self, seen: Seen) -> str:
        """A window's part of the copy."""
        text, origin = seen.window.raw, seen.origin
        parts: list[str] = []
        for start, end, match in seen.spans:
            if match is not None:
                mark = self._instead(match)
                quoted = f'"{mark}"' if _is_bare(text, start, end) else mark
                parts += (text[self._at - origin : start], quoted)
            self._at = origin + end
        if self._at - origin < seen.window.border:
            parts.append(text[self._at - origin : seen.window.border])
            self._at = origin + seen.window.border
        return "".join(parts)


def _is_bare(text: str, start: int, end: int) -> bool:
    """Whether a stretch is the whole of a value of JSON without quotes, which a mark without them would break."""
    return bool(_KEY.search(text, max(0, start - 12), start) and _VALUE_ENDS.match(text, end))


class Packer(Protocol):
    """Packs what is written to it."""

    def write(self, data: bytes, /) -> int:
        """Pack bytes."""

    def close(self) -> None:
        """Pack the last of it."""


def packer(out: Sink, method: str) -> Packer:
    """What packs a copy as the file was packed, always the same for the same content."""
    file = cast(BinaryIO, out)
    if method == "gzip":
        return cast(Packer, gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0))
    if method == "bzip2":
        return cast(Packer, bz2.BZ2File(file, "wb"))
    # The usual preset takes a hundred megabytes.
    return cast(Packer, lzma.LZMAFile(file, "wb", preset=1))


def zip_copy(out: Sink) -> zipfile.ZipFile:
    """A zip archive to put members into."""
    return zipfile.ZipFile(cast(BinaryIO, out), "w")


def tar_copy(out: Sink) -> tarfile.TarFile:
    """A tar archive to put members into."""
    return tarfile.TarFile(fileobj=cast(BinaryIO, out), mode="w", format=tarfile.PAX_FORMAT)


def zip_entry(copy: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, data: BinaryIO) -> None:
    """Put a member into a copy under its time; comments and further fields stay behind."""
    named = zipfile.ZipInfo(name, entry.date_time)
    named.compress_type, named.external_attr = entry.compress_type, entry.external_attr
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        with copy.open(named, "w", force_zip64=_size(data) >= _LARGE) as out:
            shutil.copyfileobj(data, out, CHUNK)


def tar_entry(copy: tarfile.TarFile, entry: tarfile.TarInfo, name: str, data: BinaryIO) -> None:
    """Put a member into a copy under its time and rights; names of owners and further fields stay behind."""
    named = tarfile.TarInfo(name)
    named.mtime, named.mode, named.size = entry.mtime, entry.mode, _size(data)
    named.uid, named.gid = entry.uid, entry.gid
    copy.addfile(named, data)


def tar_nothing(copy: tarfile.TarFile, entry: tarfile.TarInfo, name: str, linked: str) -> None:
    """Put what has no bytes into a copy: a folder, a link."""
    named = tarfile.TarInfo(name)
    named.type, named.linkname, named.mtime, named.mode = entry.type, linked, entry.mtime, entry.mode
    named.uid, named.gid, named.devmajor, named.devminor = entry.uid, entry.gid, entry.devmajor, entry.devminor
    copy.addfile(named)


def _size(data: BinaryIO) -> int:
    data.seek(0, 2)
    size = data.tell()
    data.seek(0)
    return size
