"""What a picture in a page is made of: shapes at whole places, what they mean, and the picture in words.

Nothing here knows a colour: the page's style gives each `kind` one for light, dark and paper. Places are integers,
so that a picture of the same figures is the same bytes on every machine.
"""

import unicodedata
from typing import Final, Literal, NamedTuple

Anchor = Literal["start", "middle", "end"]
TEXT: Final = 13
"""The size of a label, in the units of the picture: legible where 360 units are 368 px of a telephone."""


class Box(NamedTuple):
    """A filled or hollow rectangle."""

    x: int
    y: int
    width: int
    height: int
    kind: str


class Line(NamedTuple):
    """A straight line."""

    x: int
    y: int
    to_x: int
    to_y: int
    kind: str


class Course(NamedTuple):
    """A line through points: `12,40 30,38`."""

    points: str
    kind: str


class Dot(NamedTuple):
    """A round mark."""

    x: int
    y: int
    r: int
    kind: str


class Label(NamedTuple):
    """A text by its baseline; it has been cut to its room already."""

    x: int
    y: int
    text: str
    anchor: Anchor = "start"
    kind: str = "label"


class Drawing(NamedTuple):
    """A picture: `name` is its id in the page, `title` and `words` are read to whom does not see it."""

    name: str
    title: str
    words: str
    width: int
    height: int
    boxes: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()
    courses: tuple[Course, ...] = ()
    dots: tuple[Dot, ...] = ()
    labels: tuple[Label, ...] = ()


def cut(text: str, room: int, size: int = TEXT) -> str:
    """The text in one line that fits in so many units, in whatever font the reader has; `…` for the rest."""
    if extent(text, size) <= room:
        return text
    kept, left = "", room - extent("…", size)
    for character in text:
        left -= extent(character, size)
        if left < 0:
            break
        kept += character
    return kept.rstrip() + "…"


def extent(text: str, size: int = TEXT) -> int:
    """The most room that a text takes, in units: by the widest of the common fonts."""
    return -(-sum(_WIDE[_shape(character)] for character in text) * size // 100)


_WIDE: Final = {"full": 130, "broad": 104, "capital": 82, "small": 66, "narrow": 42, "none": 0}
"""Hundredths of the size of the letters."""
_BROAD: Final = frozenset("mwMW@%—…")
_NARROW: Final = frozenset(" iljI.,:;'|!()[]")


def _shape(character: str) -> str:
    if character in _NARROW:
        return "narrow"
    if character.isascii():
        return "broad" if character in _BROAD else "capital" if character.isupper() else "small"
    if unicodedata.combining(character):
        return "none"
    if unicodedata.east_asian_width(character) in "FW":
        return "full"
    return "broad" if character.isalpha() or character in _BROAD else "full"
