"""What a word is: what SQLite's FTS5 says it is, so that both engines find, rank and show alike (FIND-3).

PostgreSQL's own parser keeps addresses, hyphenated words and versions whole, and folds as the locale does. Plain
ASCII is told here; what FTS5 makes of another character, and which stem it gives a word, it is asked once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

TOKENIZE: Final = "unicode61 remove_diacritics 2"
STEMMED: Final = f"porter {TOKENIZE}"

MARK: Final = "\0"
"""A mark on a letter, in `aligned`."""

_ALONE: Final = re.compile(f"(?<![^ ]){MARK}+")
_ASCII: Final = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_FOLDS: Final[dict[int, str]] = dict(enumerate(_ASCII))
_STEMS: Final[dict[str, str]] = {}


def tokens(text: str) -> list[str]:
    """The words of a text in their order, without letter case and without marks on letters."""
    if text.isascii():
        return text.translate(_ASCII).split()
    unknown = set(map(ord, set(text))) - _FOLDS.keys()
    if unknown:
        _FOLDS.update(_folds(unknown))
    return text.translate(_FOLDS).split()


def stems(text: str) -> list[str]:
    """The stems of a text's words, which articles are found by (KB-1)."""
    words = tokens(text)
    unknown = sorted(set(words) - _STEMS.keys())
    if unknown:
        _STEMS.update(_stemmed(unknown))
    return [_STEMS[word] for word in words]


def aligned(text: str) -> str:
    """The words of a text between blanks, each where it stands in it; for marks on letters they have NULs."""
    if text.isascii():
        return text.translate(_ASCII)
    tokens(text)
    folded = "".join([_FOLDS[ord(sign)] or MARK for sign in text])
    # A mark belongs to the letter that it follows.
    return _ALONE.sub(lambda marks: " " * len(marks[0]), folded)


def _folds(codes: Iterable[int]) -> dict[int, str]:
    """What FTS5 makes of characters: another one, nothing where it is a mark on a letter, or a gap."""
    asked = [(code, f"a{chr(code)}b") for code in codes if not 0xD800 <= code < 0xE000]
    # Two words where there was one; a lone surrogate is in no text that is stored.
    folds = dict.fromkeys(codes, " ")
    for code, word in _told(TOKENIZE, asked):
        if len(word) > 1:
            folds[code] = word[1:-1]
    return folds


def _stemmed(words: Sequence[str]) -> dict[str, str]:
    # They are folded: `ascii` leaves all letters but its own alone.
    return {words[place]: stem for place, stem in _told("porter ascii", list(enumerate(words)))}


def _told(tokenize: str, asked: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The words that FTS5 finds in each of some texts."""
    db = _fts5(tokenize)
    db.execute("BEGIN")
    try:
        db.executemany("INSERT INTO asked (rowid, text) VALUES (?, ?)", asked)
        return db.execute("SELECT doc, term FROM told").fetchall()
    finally:
        db.execute("ROLLBACK")


@cache
def _fts5(tokenize: str) -> sqlite3.Connection:
    import sqlite3

    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    db.execute(f"CREATE VIRTUAL TABLE asked USING fts5 (text, tokenize = '{tokenize}')")
    db.execute("CREATE VIRTUAL TABLE told USING fts5vocab ('asked', 'instance')")
    return db
