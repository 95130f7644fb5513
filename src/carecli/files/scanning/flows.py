"""Streams of bytes as the scanner reads them: with a look ahead, forward only, and bounded."""

import lzma
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

from carecli.errors import Failed

CHUNK: Final = 262_144
LARGEST_READ: Final = 4 * 2**20
"""More than a reader of archives asks for at once, unless a header lies about a length."""
PACKED: Final = 16_384
"""Compressed bytes read at a time: few, since what follows a part is copied once more for each."""
LZMA_MEMORY: Final = 96 * 2**20


class Damaged(Exception):
    """What cannot be unpacked; its message says why."""


class Budget:
    """How much may still be unpacked, in bytes and members."""

    def __init__(self, limit: int, members: int) -> None:
        self.left = limit
        self.members = members
        self.met = False
        """Whether a bound was met."""


class Readable(Protocol):
    """Whatever gives bytes; none at its end."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""


class Disk:
    """The file itself; raises Failed where it cannot be read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""
        try:
            return self._stream.read(size)
        except OSError as error:
            raise Failed(f"the file cannot be read: {error.strerror or error}") from None


class Flow:
    """Bytes in their order, each charged to a budget where there is one; it can be looked ahead in."""

    def __init__(self, source: Readable, budget: Budget | None) -> None:
        self._source = source
        self._budget = budget
        self.charged = budget is not None
        self._ahead = b""
        self._at = 0
        self._damage: Damaged | None = None

    def peek(self, size: int) -> bytes:
        """The next bytes without taking them, fewer at the end."""
        while len(self._ahead) < size and (more := self._whole(size - len(self._ahead))):
            self._ahead += more
        return self._ahead[:size]

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; fewer only at the end. Raises Damaged for more than any reader needs at once."""
        if size < 0 or size > LARGEST_READ:
            raise Damaged("its headers are larger than any")
        found = self.peek(size)
        self._ahead = self._ahead[len(found) :]
        self._at += len(found)
        return found

    def unread(self, data: bytes) -> None:
        """Put bytes back."""
        self._ahead = data + self._ahead
        self._at -= len(data)

    def tell(self) -> int:
        """How many bytes were taken."""
        return self._at

    def seek(self, to: int, whence: int = 0, /) -> int:
        """Go forward to a byte; raises Damaged for a way back."""
        if whence != 0 or to < self._at:
            raise Damaged("its parts are not in their order")
        while self._at < to and self.read(min(CHUNK, to - self._at)):
            pass
        return self._at

    def _whole(self, size: int) -> bytes:
        """More bytes; damage is told only when all before it was taken."""
        if self._damage is None:
            try:
                return self._more(size)
            except Damaged as error:
                self._damage = error
        if not self._ahead:
            raise self._damage
        return b""

    def _more(self, size: int) -> bytes:
        if self._budget is None:
            return self._source.read(max(size, CHUNK))
        if self._budget.left <= 0:
            self._budget.met = self._budget.met or bool(self._source.read(1))
            return b""
        found = self._source.read(min(max(size, CHUNK), self._budget.left))
        self._budget.left -= len(found)
        return found


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the manners of those of bz2 and lzma."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


DECOMPRESSORS: Final[dict[str, Callable[[], _Decompressor]]] = {
    "gzip": _Gzip,
    "bzip2": BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LZMA_MEMORY),
}


class Unpacked:
    """What a compressed stream holds, all its parts one after the other; raises Damaged."""

    def __init__(self, packed: Flow, method: str) -> None:
        self._packed = packed
        self._method = method
        self._part = DECOMPRESSORS[method]()
        self._over = False

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end."""
        while not self._over:
            found = self._step(size)
            if found:
                return found
        return b""

    def _step(self, size: int) -> bytes:
        if self._part.eof:
            self._next_part()
            return b""
        data = self._packed.read(PACKED) if self._part.needs_input else b""
        found = self._given(data, size)
        if not found and not data and not self._part.eof and self._part.needs_input:
            raise Damaged("it ends too early")
        return found

    def _given(self, data: bytes, size: int) -> bytes:
        try:
            return self._part.decompress(data, size)
        except (zlib.error, OSError, ValueError, EOFError, lzma.LZMAError, MemoryError):
            raise Damaged("it is damaged") from None

    def _next_part(self) -> None:
        rest = self._part.unused_data.lstrip(b"\0")
        while not rest and (more := self._packed.read(PACKED)):
            rest = more.lstrip(b"\0")
        if rest:
            self._part = DECOMPRESSORS[self._method]()
            self._packed.unread(rest)
        else:
            self._over = True
