"""What is shown of texts is what FTS5's snippet() shows of them, in time that grows as they do (FIND-3, KB-1)."""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from types import FrameType
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from carecli.store import excerpts
from carecli.store.excerpts import Sought, excerpt, sought
from carecli.store.words import STEMMED, TOKENIZE, aligned, stems, tokens

WORDS: Final = (
    "call", "calls", "CALL", "ca", "drop", "e-mail", "mail", "e", "call-call", "x", "(x)", "é", "e\u0301\u0301x",
    "\u0301", "😀", "日本語", "«", "ß.", "1.1", "filler", "running", "end.", "it:", "\n",
)  # fmt: skip
words = st.one_of(st.sampled_from(WORDS[:4]), st.sampled_from(WORDS))
between = st.sampled_from((" ", " ", " ", ". ", ": ", ".\n", "-", "  "))
texts = st.lists(
    st.one_of(st.tuples(words, between), st.integers(1, 30).map(lambda many: ("x " * many, "x "))), max_size=12
).map(lambda parts: "".join(map("".join, parts)))
rows = st.tuples(texts, texts, texts)
asked = st.lists(st.one_of(words, words.map(lambda word: word[:2])), min_size=1, max_size=3)


class Fts5:
    """What SQLite itself says: of each way to part words one table."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        for name, tokenize in (("plain", TOKENIZE), ("stemmed", STEMMED)):
            self.db.execute(f"CREATE VIRTUAL TABLE {name} USING fts5 (a, b, c, tokenize = '{tokenize}')")

    def shown(self, table: str, row: Sequence[str], match: str, column: int = -1) -> str:
        """The snippet of a row; "" where it does not match."""
        self.db.execute(f"DELETE FROM {table}")
        self.db.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", row)
        snippet = f"snippet({table}, {column}, '«', '»', '…', {excerpts.CONTEXT_WORDS})"
        found = self.db.execute(f"SELECT {snippet} FROM {table} WHERE {table} MATCH ?", (match,)).fetchone()
        return str(found[0]) if found else ""


@pytest.fixture(scope="module")
def fts5() -> Iterator[Fts5]:
    says = Fts5()
    with closing(says.db):
        yield says


def quoted(words: Sequence[str], between: str, *, unfinished: bool) -> str:
    return between.join(f'"{word}"' for word in words) + ("*" if unfinished else "")


LONG: Final = "-".join(["call"] * 19)
ROWS: Final[Sequence[tuple[tuple[str, str, str], list[str]]]] = (
    (("", "", "call " + "x " * 40 + "call. call " + "x " * 20 + "call"), ["call"]),
    (("call call call", "drop", "call drop call"), ["call", "call", "drop", "call-call"]),
    (("x " * 30 + "call " * 30, "", ""), [LONG, LONG]),  # longer than what is shown
    (("x " * 30 + f"e mail {'x ' * 30}", "", ""), ["e", "e-mail", "e"]),
    (("x " * 30 + f"e mail {'x ' * 30}", "", ""), ["e-mail", "e", "e-mail"]),
    (("x " * 30 + "call drop", "x. drop " + "x " * 30, "x. drop x drop " + "x " * 30), ["drop"]),
    (("x. drop " + "x " * 30, "x drop " + "x " * 30, ""), ["drop"]),
    (("drop" + " x" * 20 + " call call drop" + " x" * 20 + " drop drop call", "", ""), ["call", "call", "drop"]),
    (("x " * 20 + "call drop " + "x " * 30, "", ""), ["call-dr"]),
)


@settings(max_examples=400)
@given(rows, asked, st.booleans())
def test_of_every_word(fts5: Fts5, row: Sequence[str], asked: list[str], unfinished: bool) -> None:
    """FIND-3: the excerpt of a case, of which every word is asked for, is that of FTS5, sign by sign."""
    wanted = sought(asked, tokens, unfinished=unfinished)
    match = quoted(asked, " AND ", unfinished=unfinished)
    if all(phrase.words for phrase in wanted.phrases):
        assert excerpt(row, wanted, every=True) == fts5.shown("plain", row, match)
    else:
        assert excerpt(row, wanted, every=True) == ""


@pytest.mark.parametrize("unfinished", [False, True])
@pytest.mark.parametrize(("row", "asked"), ROWS)
def test_what_is_seldom(fts5: Fts5, row: tuple[str, str, str], asked: list[str], unfinished: bool) -> None:
    """FIND-3: equal scores, sentences, words asked for twice, and phrases longer than what is shown."""
    said = excerpt(row, sought(asked, tokens, unfinished=unfinished), every=True)
    assert said == fts5.shown("plain", row, quoted(asked, " AND ", unfinished=unfinished))
    assert bool(said) == (unfinished or asked != ["call-dr"])


@settings(max_examples=200)
@given(rows, asked, st.booleans())
def test_of_any_word(fts5: Fts5, row: Sequence[str], asked: list[str], unfinished: bool) -> None:
    """KB-1: the excerpt of an article, of which any word is asked for, comes from its body if that has any."""
    wanted = sought(asked, stems, unfinished=unfinished)
    match = quoted(asked, " OR ", unfinished=unfinished)
    body = fts5.shown("stemmed", ("", "", row[2]), match)
    expected = fts5.shown("stemmed", row, match, column=2 if body else -1)
    assert excerpt(row, wanted, rather=2) == expected


@settings(max_examples=300)
@given(st.text())
@example("".join(f" {chr(code)}a{chr(code)} " for code in range(0x250, 0x3400)))
def test_words_stay_where_they_stand(text: str) -> None:
    """What is told of where words stand is true of the text, sign by sign, and the words are the same."""
    said = aligned(text)
    assert len(said) == len(text)
    assert said.replace("\0", "").split() == tokens(text)


def work(texts: Sequence[str], wanted: Sought) -> int:
    """How many calls an excerpt takes, those of C's functions included."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event.endswith("call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        assert "«" in excerpt(texts, wanted, every=True)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("call ", ["call"]),
        ("call. ", ["call"]),
        ("call drop call: ", ["call", "drop", "call-drop", "call"]),
        ("call ", ["-".join(["call"] * many) for many in range(1, 15)]),
        ("x. ", ["call"]),
        ("é́ call ", ["é", "call"]),
    ],
)
@pytest.mark.parametrize("unfinished", [False, True])
def test_work_grows_as_the_text_does(text: str, asked: list[str], unfinished: bool) -> None:
    """FIND-3: a text with a word on and on takes what its length takes, however often the word stands there."""
    wanted = sought(asked, tokens, unfinished=unfinished)
    short, long = (work([text * many + "call"], wanted) for many in (1_000, 8_000))
    assert long < 10 * short


def test_of_many_places_the_first_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """FIND-3: of words that stand everywhere the first places are weighed, and a rare one is shown among them."""
    texts = ["x " * 40 + "call " * 5_000 + "drop" + " call" * 5_000]
    for asked in (["call"], ["call", "drop"], ["call", "dro"]):
        wanted = sought(asked, tokens, unfinished=True)
        thinned = excerpt(texts, wanted, every=True)
        with monkeypatch.context() as patch:
            patch.setattr(excerpts, "PLACES_MAX", 10**9)
            assert thinned == excerpt(texts, wanted, every=True)
        assert ("drop" in thinned) == (len(asked) == 2)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "call" + "-" * 1_000_000, "call " + "x " * 9 + "x" * 1_000_000])
def test_a_text_of_one_word_is_shown_in_part(text: str) -> None:
    """FIND-3: an excerpt is no megabyte."""
    said = excerpt([text], sought(["call", "x"], tokens, unfinished=True), rather=0)
    assert "«" in said
    assert said.endswith(("…", "…»"))
    assert len(said) < 2 * excerpts.PART_MAX
