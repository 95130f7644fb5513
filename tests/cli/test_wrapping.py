"""Texts of the guided form in as many columns as there are: no word is broken that fits, and nothing is lost."""

import time

from engine import sqlite_alone
from hypothesis import given, strategies
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.layout import BufferControl
from prompt_toolkit.layout.processors import Transformation, TransformationInput
from prompt_toolkit.utils import get_cwidth

from carecli.commands.guided.wrapping import ByWords, joined, shortened, wrapped

pytestmark = sqlite_alone("opens no desk")

LINES = strategies.text(strategies.sampled_from("ab  -漢e\u0301😀\x1b"), max_size=80)
ROOMS = strategies.integers(12, 40)


def transformed(line: str, room: int, hanging: int = 0) -> Transformation:
    """A line as it is shown."""
    control = BufferControl(Buffer())
    given_in = TransformationInput(control, Document(line), 0, lambda i: i, [("", line)], room, 5)
    return ByWords(hanging).apply_transformation(given_in)


def rows(shown: str, room: int) -> list[str]:
    """What a window makes of a line: rows that are full."""
    made, used = [""], 0
    for character in shown:
        columns = 2 if character == "\x1b" else get_cwidth(character)
        if used + columns > room:
            made.append("")
            used = 0
        made[-1] += character
        used += columns
    return made


def test_a_text_breaks_between_words() -> None:
    """OPEN-3: what is typed is broken between words, and rows but the first may hang."""
    shown = "".join(text for _, text, *_ in transformed("one two three four", 10, 2).fragments)
    assert [row.rstrip() for row in rows(shown, 10)] == ["one two", "  three", "  four"]


@given(LINES, ROOMS, strategies.sampled_from([0, 2]))
def test_nothing_is_lost_and_no_word_broken(line: str, room: int, hanging: int) -> None:
    """OPEN-3: every character stands where the cursor finds it, in its order; a word that fits is in one row."""
    made = transformed(line, room, hanging)
    shown = "".join(text for _, text, *_ in made.fragments)
    places = [made.source_to_display(place) for place in range(len(line) + 1)]
    assert [shown[place] for place in places[:-1]] == list(line)
    assert places == sorted(set(places))
    assert [made.display_to_source(place) for place in places] == list(range(len(line) + 1))
    begun = 0
    for row in rows(shown, room)[:-1]:
        begun += len(row)
        if shown[begun - 1 : begun + 1].strip() == shown[begun - 1 : begun + 1] and not row.endswith(" "):
            word = shown[:begun].split(" ")[-1] + shown[begun:].split(" ")[0]
            columns = sum(2 if character == "\x1b" else get_cwidth(character) for character in word)
            assert columns + hanging >= room, (line, word)


def test_hints_are_not_broken() -> None:
    """CLI: hints that do not fit side by side stand in lines of their own, none of which ends with a separator."""
    hints = ("Enter takes it", "Up/Down, number or letters", "Shift-Tab back", "Ctrl-C stop")
    assert joined(hints, 58) == ["Enter takes it · Up/Down, number or letters", "Shift-Tab back · Ctrl-C stop"]
    assert joined(hints, 80) == [" · ".join(hints)]


def test_a_long_name_is_shortened() -> None:
    """CLI: what is cut says so, by the columns that its characters take."""
    assert shortened("Northwind", 9) == "Northwind"
    assert shortened("漢字漢字漢字", 6) == "漢字…"
    assert shortened("Northwind", 1) == ""


def test_wrapped_lines() -> None:
    """CLI: lines that are shown break between words, and by columns where one has no place."""
    assert wrapped("one two three", 10) == ["one two", "three"]
    assert wrapped("漢字漢字漢字漢字", 10) == ["漢字漢字漢", "字漢字"]


def test_a_word_without_end_is_broken_at_once() -> None:
    """CHAT-1: a line of nothing but letters holds nobody up, who would pass for gone meanwhile."""
    since = time.process_time()
    lines = wrapped("x" * 50_000, 50)
    assert len(lines) == 1_000
    assert time.process_time() - since < 1
