"""In which signs a file is written, by what it holds: a text's encoding, or what else it is.

Whatever is like ASCII (UTF-8, Latin-1, cp1252, Shift JIS) is read as UTF-8 in which a byte that is none stands for
itself: such a text is written back byte for byte, so the encodings need not be told apart.
"""

import codecs
import re
from typing import Final, NamedTuple

HEAD: Final = 65_536
"""How many bytes decide."""
_TEXT: Final = bytes(range(0x20, 0x7F)) + b"\t\n\r\f\b\x1b" + bytes(range(0x80, 0x100))
_MOST_CONTROLS: Final = 0.02
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: Final = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "compressed by Zstandard"),
    (b"\x04\x22\x4d\x18", "compressed by LZ4"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)


MIXED: Final = "in another encoding"
_SIGNS: Final = rb"[\t\n\r -~]"
_WIDE: Final = re.compile(rb"(?:%b\0){12}|(?:\0%b){12}" % (_SIGNS, _SIGNS))
_NARROW: Final = re.compile(rb"%b{32}" % _SIGNS)
"""Sixteen characters of Chinese in UTF-16 look so once in a thousand million."""


class Encoding(NamedTuple):
    """How bytes become text and back."""

    codec: str
    mark: bytes = b""
    """The byte order mark that the file begins with."""

    @property
    def errors(self) -> str:
        """What becomes of bytes that are no text; all but damaged UTF-32 is written back as it was."""
        return "surrogateescape" if self.codec == "utf-8" else "surrogatepass"


def encoding(head: bytes) -> Encoding | None:
    """The encoding of a text that begins so; None for what is no text."""
    for mark, marked in _BOMS:
        if head.startswith(mark):
            return Encoding(marked, mark)
    if any(head.startswith(magic) for magic, _ in _MAGIC):
        return None
    if b"\0" in head and (codec := _wide(head)) is not None:
        return Encoding(codec)
    return Encoding("utf-8") if is_text(head) else None


def described(head: bytes) -> str:
    """What a file that is no text is, as far as its first bytes tell."""
    return next((words for magic, words in _MAGIC if head.startswith(magic)), "binary")


def is_text(data: bytes) -> bool:
    """Whether bytes may be a text: few control characters, but that a torn log has runs of zeros."""
    if b"\0" * 64 in data:
        data = b"".join(data.split(b"\0" * 16)).strip(b"\0")
        if not data:
            return False
    return len(data.translate(None, _TEXT)) <= len(data) * _MOST_CONTROLS


def other(data: bytes, codec: str) -> str | None:
    """What a part of a text is instead, which began in an encoding; None where it goes on in that.

    PowerShell appends UTF-16 to whatever a file is, and other programs append UTF-8 to that.
    """
    if codec == "utf-8" and not is_text(data):
        return "binary"
    elsewise = (_WIDE.search(data) if b"\0" in data else None) if codec == "utf-8" else _NARROW.search(data)
    return MIXED if elsewise is not None else None


def _wide(head: bytes) -> str | None:
    """The encoding without a mark that has zeros where wide characters of Western texts have them."""
    size = len(head) & ~3
    quarters = [head[place:size:4].count(0) / max(1, size // 4) for place in range(4)]
    if size >= 8 and min(quarters[2:]) > 0.9 and quarters[0] < 0.05 and quarters[3] > 0.99:
        return "utf-32-le"
    if size >= 8 and min(quarters[:2]) > 0.9 and quarters[3] < 0.05 and quarters[0] > 0.99:
        return "utf-32-be"
    even, odd = (head[place : len(head) & ~1 : 2] for place in (0, 1))
    for codec, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        zeros = high.count(0)
        if zeros > 0.02 * len(high) and low.count(0) < 0.1 * zeros and _reads(head, codec):
            return codec
    return None


def _reads(head: bytes, codec: str) -> bool:
    """Whether nearly all of it is letters and signs, and not what any pair of bytes gives."""
    text = head[: len(head) & ~1].decode(codec, "replace")
    strange = sum(not (sign.isprintable() or sign in "\t\n\r\f\b\x1b") for sign in text[:8192])
    return strange <= 0.02 * min(len(text), 8192)
