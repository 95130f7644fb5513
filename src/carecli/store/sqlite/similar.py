"""Which cases hold the words of another (OPEN-7, OPEN-11), by SQLite's index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from carecli.store.session import Session
from carecli.store.sight import of_numbers

_COLUMNS: Final = "{subject description}"


class SimilarSearching(Session):
    """Cases by the words of a text (OPEN-7, OPEN-11)."""

    def spread(self, words: Sequence[str], most: int) -> int:
        """How many cases hold any of these forms of a word, counted up to `most`."""
        # Without the filter by column, which would double the time: conversations count too.
        seen = of_numbers(self.sight, "+search.rowid")
        counted = f"SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?{seen.sql} LIMIT ?)"  # noqa: S608
        return int(self.one(counted, (_any(words), *seen.parameters, most)))

    def holding(self, words: Sequence[Sequence[str]], most: int) -> list[int]:
        """The newest cases whose subject or description hold a form of each of these words."""
        match = " AND ".join(_any(forms) for forms in words)
        seen = of_numbers(self.sight, "+search.rowid")
        return self.column(
            f"SELECT rowid FROM search WHERE search MATCH ?{seen.sql} ORDER BY rowid DESC LIMIT ?",  # noqa: S608
            (f"{_COLUMNS} : ({match})", *seen.parameters, most),
        )


def _any(words: Sequence[str]) -> str:
    """An expression for any of some words, which hold letters and digits alone."""
    return "(" + " OR ".join(f'"{word}"' for word in words) + ")"
