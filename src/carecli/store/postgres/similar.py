"""Which cases hold the words of another (OPEN-7, OPEN-11), by PostgreSQL's index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from carecli.store.postgres.phrases import Phrase, demand
from carecli.store.postgres.word_tables import TABLES, WordTables
from carecli.store.sight import of_numbers
from carecli.store.words import tokens

_COLUMNS: Final = ("subject_tokens", "description_tokens")


class SimilarSearching(WordTables):
    """Cases by the words of a text (OPEN-7, OPEN-11)."""

    def spread(self, words: Sequence[str], most: int) -> int:
        """How many cases hold any of these forms of a word, counted up to `most`."""
        asked = demand([_phrases(words)])
        if not asked.groups:
            return 0
        seen = of_numbers(self.sight, "search.rowid")
        condition, parameters = asked.condition(TABLES["search"].tokens)
        counted = f"SELECT count(*) FROM (SELECT 1 FROM search WHERE {condition}{seen.sql} LIMIT ?) AS hits"  # noqa: S608
        return int(self.one(counted, (*parameters, *seen.parameters, most)))

    def holding(self, words: Sequence[Sequence[str]], most: int) -> list[int]:
        """The newest cases whose subject or description hold a form of each of these words."""
        asked = demand(map(_phrases, words))
        if not asked.groups:
            return []
        seen = of_numbers(self.sight, "search.rowid")
        condition, parameters = asked.condition(_COLUMNS, within=True)
        return self.column(
            f"SELECT rowid FROM search WHERE {condition}{seen.sql} ORDER BY rowid DESC LIMIT ?",  # noqa: S608
            (*parameters, *seen.parameters, most),
        )


def _phrases(words: Sequence[str]) -> list[Phrase]:
    return [Phrase(tuple(tokens(word))) for word in words]
