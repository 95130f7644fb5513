"""Tables of texts with their words: who holds a demand, how often, and how rare that is (FIND-3, KB-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from carecli.store import searching
from carecli.store.article_words import ARTICLE_TEXTS, ARTICLE_WEIGHTS, INDICES
from carecli.store.postgres.phrases import Demand, Phrase, weighed
from carecli.store.postgres.ranking import Hit, rarity, scored
from carecli.store.session import Session
from carecli.store.sight import Parameter


class Texts(NamedTuple):
    """A table's columns of text, and how much a word weighs in each."""

    names: tuple[str, ...]
    weights: tuple[int, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """The columns of tokens."""
        return tuple(f"{name}_tokens" for name in self.names)


TABLES: Final = {
    **{name: Texts(names, searching.WEIGHTS[name]) for name, names in searching.TEXTS.items()},
    **dict.fromkeys(INDICES, Texts(ARTICLE_TEXTS, ARTICLE_WEIGHTS)),
}


class WordTables(Session):
    """Tables of texts with their words."""

    def held(self, table: str, demand: Demand, rest: str, *parameters: Parameter) -> list[int]:
        """The rows that hold what is demanded, and of which the rest of the statement is true."""
        condition, asked = demand.condition(TABLES[table].tokens)
        return self.column(f"SELECT rowid FROM {table} WHERE {condition} {rest}", (*asked, *parameters))  # noqa: S608

    def scores(self, table: str, demand: Demand, rest: str, *parameters: Parameter) -> list[tuple[float, int]]:
        """The same rows, each with how well it answers."""
        texts = TABLES[table]
        counted = [weighed(phrase, texts.tokens, texts.weights) for phrase in demand.phrases]
        columns = ", ".join(["rowid", "size", *(sql for sql, _ in counted)])
        given = [parameter for _, needles in counted for parameter in needles]
        condition, asked = demand.condition(texts.tokens)
        found = f"SELECT {columns} FROM {table} WHERE {condition} {rest}"  # noqa: S608 - no input
        hits = [
            Hit(rowid, size, tuple(counts))
            for rowid, size, *counts in self.db.execute(found, (*given, *asked, *parameters))
        ]
        return self._scored(table, demand, hits) if hits else []

    def _scored(self, table: str, demand: Demand, hits: Sequence[Hit]) -> list[tuple[float, int]]:
        (rows, size) = self.db.execute(
            "SELECT CAST(sum(rows) AS bigint), CAST(sum(tokens) AS bigint) FROM search_sizes WHERE name = ?",
            (table,),
        ).fetchone()
        return scored(hits, self._rarities(table, demand.phrases, rows), size / rows)

    def _rarities(self, table: str, phrases: Sequence[Phrase], rows: int) -> list[float]:
        """How much each phrase tells; of a single one every hit holds it, and nothing is to be weighed."""
        if len(phrases) == 1 and table not in INDICES:
            return [1.0]
        return [rarity(rows, self._spread(table, phrase, rows)) for phrase in phrases]

    def _spread(self, table: str, phrase: Phrase, rows: int) -> float:
        """In how many rows a phrase occurs; beyond those that are ranked, as many as the newest tell of."""
        most = searching.RANKED_MAX
        condition, asked = Demand(((phrase,),)).condition(TABLES[table].tokens)
        newest = f"SELECT rowid FROM {table} WHERE {condition} ORDER BY rowid DESC LIMIT {most + 1}"  # noqa: S608
        counted = f"SELECT count(*), min(rowid), (SELECT max(rowid) FROM {table}) FROM ({newest}) AS newest"  # noqa: S608
        count, first, last = self.db.execute(counted, asked).fetchone()
        return float(count) if count <= most else rows * min(1.0, count / (last - first + 1))
