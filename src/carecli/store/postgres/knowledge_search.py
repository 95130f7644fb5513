"""Articles by their words, by PostgreSQL's indices: what staff find, and apart from it contacts (KB-1, DC-3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from carecli.store.article_words import INDICES, ArticleIndexing, ArticleWordReading, Told, within
from carecli.store.postgres.phrases import Demand, Phrase, demand, vector, written
from carecli.store.postgres.word_tables import TABLES, WordTables
from carecli.store.session import NO_LIMIT
from carecli.store.words import stems

if TYPE_CHECKING:
    from carecli.domain.knowledge import ArticleFilter
    from carecli.store.entries_opening import ArticleRank, ArticleSearch

_HEAD: Final = ("title_tokens", "keywords_tokens")


class KnowledgeSearching(ArticleWordReading, WordTables):
    """Articles by their words."""

    def articles_with(
        self, word: str, *, public: bool, headed: bool = False, unfinished: bool = False, limit: int = -1
    ) -> list[int]:
        """The articles that hold a word, in their title or keywords where `headed`; it may be `unfinished`."""
        asked = _demand([word], every=True, unfinished=unfinished)
        if not asked.groups:
            return []
        index = INDICES[public]
        condition, parameters = asked.condition(_HEAD if headed else TABLES[index].tokens, within=headed)
        most = limit if limit >= 0 else NO_LIMIT
        return self.column(f"SELECT rowid FROM {index} WHERE {condition} LIMIT ?", (*parameters, most))  # noqa: S608

    def ranked_articles(self, search: ArticleSearch, filter_: ArticleFilter, limit: int) -> list[ArticleRank]:
        """The best articles that a search finds, best first; none for no words."""
        demanded = _demand(search.words, every=search.every, unfinished=search.unfinished)
        if not demanded.groups:
            return []
        asked, parameters = within(filter_, public=search.public)
        scores = self.scores(INDICES[search.public], demanded, asked, *parameters)
        from carecli.store.entries_opening import ArticleRank

        best = sorted(scores, key=lambda score: (-score[0], score[1]))[:limit]
        return [ArticleRank(id_, score) for score, id_ in best]


class KnowledgeIndexing(ArticleIndexing):
    """The indices as articles change."""

    def put_article_texts(self, index: str, id_: int, told: Told) -> None:
        """Write the texts by which an article is found into an index that has none of it."""
        words = [stems(text) for text in told]
        names = (*TABLES[index].names, *TABLES[index].tokens)
        self.db.execute(
            f"INSERT INTO {index} (rowid, {', '.join(names)}, size, words)"  # noqa: S608 - no input
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS tsvector))",
            (id_, *told, *map(written, words), sum(map(len, words)), vector(*words)),
        )


def _demand(words_: Sequence[str], *, every: bool, unfinished: bool) -> Demand:
    phrases = [Phrase(tuple(stems(word))) for word in words_]
    if unfinished and phrases:
        phrases[-1] = phrases[-1]._replace(unfinished=True)
    return demand([phrase] for phrase in phrases) if every else demand([phrases])
