"""A text of any length as windows that overlap, so that nothing is missed, or found twice, where two meet.

A rule may look back BEHIND characters from where its match starts and AHEAD characters beyond, and no further: so
what it says of a place does not depend on which window shows that place.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

BEHIND: Final = 512
AHEAD: Final = 16_384
STEP: Final = 262_144
"""Bytes read at a time."""

_BLANKS: Final = b" -.\xa0\xad()/\t"


def _classes() -> bytes:
    table = bytearray(b"x" * 256)
    for signs, sign in ((b"0123456789", "0"), (_BLANKS, " "), (b"abcdefghijklmnopqrstuvwxyz", "a")):
        for byte in signs:
            table[byte] = ord(sign)
    for byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        table[byte] = ord("A")
    table[ord("\n")] = table[ord("\r")] = ord("\n")
    return bytes(table)


_CLASSES: Final = _classes()
_MARKS: Final = re.compile(rb".*[a-z0-9]-(?:\d{1,6}|x)\]")


_COLOUR: Final = re.compile(r"\x1b\[[0-9;]{0,16}[mK]")
_SAME: Final = {
    **dict.fromkeys((*range(0x2000, 0x200B), 0x202F), " "),
    **dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-"),
    **{ord(sign): sign_of for sign, sign_of in zip("０１２３４５６７８９＋＠．－", "0123456789+@.-", strict=True)},
}
"""What word processors and keyboards of other scripts write for a blank, a dash, a digit."""
_OTHER: Final = re.compile(f"[{re.escape(''.join(map(chr, _SAME)))}]")


class Window(NamedTuple):
    """A piece of text; matches are wanted that start from `begin` on and before `border`.

    `raw` is as the file has it; `text` is as long, and as one reads it: without the colours of a terminal, with
    the blanks, dashes and digits of other scripts as ASCII has them. The other forms have one byte for each
    character of it, because bytes are searched the fastest: `shadow` in Latin-1 with `?` for what is not in it,
    `lower` in small letters, `classes` with 0 for a digit, a blank for all that separates digits, A and a for
    letters, x for the rest.
    """

    text: str
    shadow: bytes
    lower: bytes
    classes: bytes
    begin: int
    border: int
    raw: str

    @property
    def reach(self) -> int:
        """Up to where a sign may stand that belongs to a match before the border."""
        return min(len(self.text), self.border + BEHIND)

    def line_before(self, start: int, most: int) -> bytes:
        """What stands before a place on its line, in small letters, at most so many characters."""
        found = self.lower[max(0, start - most) : start]
        return found[found.rfind(b"\n") + 1 :]

    def before(self, start: int, most: int) -> bytes:
        """The same behind the last mark of a redacted copy.

        Else words would tell there of what they were too far from before, or a mark's own words would.
        """
        found = self.line_before(start, most)
        return _MARKS.sub(b"", found) if b"]" in found else found


def window(text: str, begin: int, border: int) -> Window:
    """A window over a text."""
    plain = _plain(text)
    shadow = plain.encode("latin-1", "replace")
    return Window(plain, shadow, shadow.lower(), shadow.translate(_CLASSES), begin, border, text)


def _plain(text: str) -> str:
    """A text as one reads it, character by character."""
    if "\x1b" in text:
        text = _COLOUR.sub(lambda found: "\x1b" * len(found[0]), text)
    return text if text.isascii() or not _OTHER.search(text) else text.translate(_SAME)


def windows(chunks: Iterable[str]) -> Iterator[Window]:
    """A text that comes in chunks, as windows; each character of it lies once between `begin` and `border`."""
    held, begin = "", 0
    for chunk in chunks:
        held += chunk
        border = len(held) - AHEAD
        if border - begin < AHEAD:
            continue
        yield window(held, begin, border)
        kept = max(0, border - BEHIND)
        held, begin = held[kept:], border - kept
    yield window(held, begin, len(held))


def places(data: bytes, sign: bytes, start: int, end: int) -> Iterator[int]:
    """Where a sign stands, from left to right, also where two overlap."""
    at = data.find(sign, start, end)
    while at >= 0:
        yield at
        at = data.find(sign, at + 1, end)
