"""Mails as they are kept: compressed against a letter that most of them differ from in a few lines."""

import zlib
from functools import cache
from pathlib import Path
from typing import Final

_LETTER: Final = Path(__file__).with_name("letter.dictionary")
"""What mails were packed against is needed to unpack them: this file never changes, whatever templates become."""


def packed(raw: bytes) -> bytes:
    """A mail in the zlib format (RFC 1950): one of the shipped templates takes a tenth of the room."""
    compressor = zlib.compressobj(1, zdict=_letter())
    return compressor.compress(raw) + compressor.flush()


def unpacked(kept: bytes) -> bytes:
    """A mail as it was, also one that was packed against nothing."""
    return zlib.decompressobj(zdict=_letter()).decompress(kept)


@cache
def _letter() -> bytes:
    return _LETTER.read_bytes()
