"""The words by which cases and articles are found, held against those of their texts (AUD-1, FIND-3)."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from carecli.domain.verify import Difference, Part
from carecli.store.derived import SEARCHES

_PARTS: Final = {"search": Part.SEARCH, "search_notes": Part.SEARCH}
_MASK: Final = 2**64 - 1


class FoundWords:
    """Adds up which word stands where, for an index as it is and for the same made anew case by case."""

    def __init__(self, real: sqlite3.Connection, anew: sqlite3.Connection) -> None:
        self._real, self._anew = real, anew
        self._told = dict.fromkeys(SEARCHES, 0)
        for name in SEARCHES:
            _listed(anew, name)

    def take(self, *names: str) -> None:
        """Add what the indices of these names, made anew, hold now."""
        for name in names:
            self._told[name] = self._told[name] + _sum(self._anew, name) & _MASK

    def differing(self, *names: str) -> Iterator[Difference]:
        """Which of these indices hold other words, or the same elsewhere."""
        for name in names:
            part = _PARTS.get(name, Part.ARTICLE)
            try:
                _listed(self._real, name)
                same = _sum(self._real, name) == self._told[name]
            except sqlite3.DatabaseError as error:
                yield Difference(None, part, f"the words of {name} cannot be read: {error}", name)
                continue
            if not same:
                yield Difference(None, part, f"the words of {name} are not those of its texts", name)

    def close(self) -> None:
        """Let go of the lists of words."""
        for name in SEARCHES:
            self._real.execute(f"DROP TABLE IF EXISTS temp.words_of_{name}")


def _listed(db: sqlite3.Connection, name: str) -> None:
    """A list of an index's words, which nothing is kept of."""
    made = f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.words_of_{name} USING fts5vocab('main', '{name}', 'instance')"
    db.execute(made)


def _sum(db: sqlite3.Connection, name: str) -> int:
    """The words of an index with where they stand, in whatever order they are read."""
    return sum(map(hash, db.execute(f"SELECT term, doc, col, offset FROM temp.words_of_{name}"))) & _MASK  # noqa: S608
