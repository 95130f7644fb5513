"""Articles by their words, by SQLite's full-text indices: what staff find, and apart from it contacts (KB-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from carecli.store.article_words import (
    ARTICLE_WEIGHTS,
    INDICES,
    ArticleIndexing,
    ArticleWordReading,
    Told,
    within,
)
from carecli.store.searching import quote

if TYPE_CHECKING:
    from carecli.domain.knowledge import ArticleFilter
    from carecli.store.entries_opening import ArticleRank, ArticleSearch

_WEIGHTS: Final = ", ".join(map(str, ARTICLE_WEIGHTS))


class KnowledgeSearching(ArticleWordReading):
    """Articles by their words."""

    def articles_with(
        self, word: str, *, public: bool, headed: bool = False, unfinished: bool = False, limit: int = -1
    ) -> list[int]:
        """The articles that hold a word, in their title or keywords where `headed`; it may be `unfinished`."""
        index = INDICES[public]
        match = ("{title keywords} : " if headed else "") + expression([word], every=True, unfinished=unfinished)
        return self.column(f"SELECT rowid FROM {index} WHERE {index} MATCH ? LIMIT ?", (match, limit))  # noqa: S608

    def ranked_articles(self, search: ArticleSearch, filter_: ArticleFilter, limit: int) -> list[ArticleRank]:
        """The best articles that a search finds, best first; none for no words."""
        match = expression(search.words, every=search.every, unfinished=search.unfinished)
        if not match:
            return []
        index = INDICES[search.public]
        asked, parameters = within(filter_, public=search.public)
        rows = self.db.execute(
            f"SELECT rowid, bm25({index}, {_WEIGHTS}) AS score FROM {index}"  # noqa: S608
            f" WHERE {index} MATCH ? {asked} ORDER BY score, rowid LIMIT ?",
            (match, *parameters, limit),
        )
        from carecli.store.entries_opening import ArticleRank

        return [ArticleRank(id_, -score) for id_, score in rows]


class KnowledgeIndexing(ArticleIndexing):
    """The indices as articles change."""

    def put_article_texts(self, index: str, id_: int, told: Told) -> None:
        """Write the texts by which an article is found into an index that has none of it."""
        self.db.execute(
            f"INSERT INTO {index} (rowid, title, keywords, body) VALUES (?, ?, ?, ?)",  # noqa: S608 - no input
            (id_, *told),
        )


def expression(words_: Sequence[str], *, every: bool, unfinished: bool) -> str:
    """The FTS5 expression for words; each is quoted, so that no sign in it means anything."""
    quoted = [quote(word) for word in words_]
    if unfinished and quoted:
        quoted[-1] += "*"
    return (" AND " if every else " OR ").join(quoted)
