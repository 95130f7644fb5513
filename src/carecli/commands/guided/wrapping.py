"""Texts in as many columns as there are: broken between words, by what characters take of the screen."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.layout.screen import Char
from prompt_toolkit.layout.utils import explode_text_fragments
from prompt_toolkit.utils import get_cwidth

SEPARATOR: Final = " · "


def wrapped(text: str, room: int) -> list[str]:
    """The text in lines of so many columns, broken between words where there is a place."""
    words = text.lstrip(" ")
    indent = " " * min(len(text) - len(words), room // 2)
    return [indent + line for line in _wrapped(words, max(room - len(indent), 10))] or [""]


def _wrapped(text: str, room: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and get_cwidth(line) + 1 + get_cwidth(word) > room:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
        # Measured to the edge only: whole, a word of 10,000 characters would be measured once for each line.
        while (kept := _fitting(line, room)) < len(line):
            yield line[:kept]
            line = line[kept:]
    if line:
        yield line


def _fitting(line: str, room: int) -> int:
    """How many characters of a line fit into so many columns."""
    used = 0
    for place, character in enumerate(line):
        used += get_cwidth(character)
        if used > room:
            return max(place, 1)
    return len(line)


def shortened(text: str, room: int) -> str:
    """The text where it fits into so many columns, else its beginning with a sign that it goes on."""
    if get_cwidth(text) <= room:
        return text
    return f"{text[: _fitting(text, room - 1)].rstrip()}…" if room > 1 else ""


def joined(parts: Sequence[str], room: int) -> list[str]:
    """Parts side by side, in lines of so many columns: none is broken, and no line ends with a separator."""
    lines: list[str] = []
    for part in parts:
        beside = f"{lines[-1]}{SEPARATOR}{part}" if lines else part
        if lines and get_cwidth(beside) <= room:
            lines[-1] = beside
        else:
            lines.append(part)
    return lines


class ByWords(Processor):
    """Breaks the lines of a text that is being typed between words; rows but the first begin `hanging` columns in.

    The window itself breaks a line only where the columns end: a row is filled up with blanks, which the text does
    not have and where the cursor never stands.
    """

    def __init__(self, hanging: int = 0) -> None:
        self.hanging = hanging

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """One line of the text as it is shown, and where each of its characters has come to stand."""
        fragments = explode_text_fragments(transformation_input.fragments)
        gaps = _gaps("".join(fragment[1] for fragment in fragments), transformation_input.width, self.hanging)
        shown: StyleAndTextTuples = []
        places: list[int] = []
        for place, fragment in enumerate(fragments):
            shown += [("", " ")] * gaps.get(place, 0)
            places.append(len(shown))
            shown.append(fragment)
        # The cursor may stand behind the last character.
        places.append(len(shown))
        return Transformation(shown, lambda place: places[place], lambda column: bisect_right(places, column) - 1)


def _gaps(line: str, room: int, hanging: int) -> dict[int, int]:
    """How many blanks come before which characters, so that no word is broken that fits into a row.

    Behind a word there is always room for the blank, or the cursor, that follows it.
    """
    gaps: dict[int, int] = {}
    used = place = 0
    for part in _parts(line):
        columns = sum(map(_columns, part))
        if used and not part.isspace() and used + columns >= room > columns + hanging:
            gaps[place] = room - used + hanging
            used = hanging
        for character in part:
            used = used + _columns(character) if used + _columns(character) <= room else _columns(character)
        place += len(part)
    return gaps


def _parts(line: str) -> Iterator[str]:
    """The words of a line and what is between them, in their order."""
    return ("".join(part) for _, part in groupby(line, str.isspace))


def _columns(character: str) -> int:
    """How many columns a window shows a character in: of a control it shows the name."""
    return get_cwidth(Char.display_mappings.get(character, character))
