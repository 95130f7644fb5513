"""What SQLite has of its own where a record is held against its events: file, schema, words (AUD-1)."""

import sqlite3
from collections.abc import Iterator

from carecli.domain.verify import Difference
from carecli.store.checking import Checking
from carecli.store.sqlite.found_words import FoundWords
from carecli.store.sqlite.soundness import engine_faults


def tolerant(raw: bytes) -> str:
    """Bytes that need not be UTF-8 as a text that tells them apart."""
    return raw.decode("utf-8", "surrogateescape")


class SqliteChecking(Checking):
    """A SQLite record, held against what its events say."""

    ahead = """SELECT c.number, json_extract(c.state, '$.seq'), e.last FROM cases AS c
        LEFT JOIN (SELECT number, max(seq) AS last FROM events GROUP BY number) AS e ON e.number = c.number
        WHERE json_valid(c.state) AND typeof(json_extract(c.state, '$.seq')) = 'integer'
            AND json_extract(c.state, '$.seq') > coalesce(e.last, 0) ORDER BY c.number LIMIT 3"""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self.own = db
        self._words = FoundWords(db, self._anew.db)
        # Bytes that are no UTF-8 would end the look; read so, they are a difference like any other.
        db.text_factory = tolerant

    def close(self) -> None:
        """Let go of what was made anew, and read the record as strictly as before."""
        self._words.close()
        self.own.text_factory = str
        super().close()

    def engine(self) -> Iterator[Difference]:
        """What SQLite finds wrong with its file, and tables, indices or triggers that are not ours."""
        return engine_faults(self.own, self._anew.db)

    def take_words(self, *names: str) -> None:
        """Add what the indices of these names, made anew, hold now."""
        self._words.take(*names)

    def differing_words(self, *names: str) -> Iterator[Difference]:
        """Which of these indices hold other words than those of their texts, or the same elsewhere."""
        return self._words.differing(*names)
