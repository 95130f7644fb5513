"""What a word is: what SQLite's FTS5 says it is, so that both engines find and rank alike (FIND-3).

PostgreSQL's own parser keeps addresses, hyphenated words and versions whole, and folds as the locale does. Plain
ASCII is told here; what FTS5 makes of another character, and which stem it gives a word, it is asked once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

TOKENIZE: Final = "unicode61 remove_diacritics 2"
STEMMED: Final = f"porter {TOKENIZE}"

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


def shown(
    tokenize: str, rows: Sequence[tuple[int | str, ...]], expression: str, parts: Sequence[int], context: int
) -> list[tuple[int | str, ...]]:
    """Of rows with their ids those that match an expression of FTS5, each with a snippet of these columns."""
    import sqlite3
    from contextlib import closing

    if not rows:
        return []
    names = ", ".join(f"c{place}" for place in range(1, len(rows[0])))
    snippets = ", ".join(f"snippet(t, {part}, '«', '»', '…', {context})" for part in parts)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute(f"CREATE VIRTUAL TABLE t USING fts5 ({names}, tokenize = '{tokenize}')")
        marks = ", ".join("?" * len(rows[0]))
        db.execute("BEGIN")
        db.executemany(f"INSERT INTO t (rowid, {names}) VALUES ({marks})", rows)  # noqa: S608 - no input
        return db.execute(f"SELECT rowid, {snippets} FROM t WHERE t MATCH ?", (expression,)).fetchall()  # noqa: S608


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
