"""Articles by their words, by PostgreSQL's indices: what staff find, and apart from it contacts (KB-1, DC-3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from carecli.store.article_words import INDICES, ArticleIndexing, ArticleWordReading, Told, within
from carecli.store.codec import canonical
from carecli.store.postgres.phrases import Demand, Phrase, demand, vector, written
from carecli.store.postgres.word_tables import TABLES, WordTables
from carecli.store.postgres.words import STEMMED, shown, stems
from carecli.store.searching import CONTEXT_WORDS, one_line, quote
from carecli.store.session import NO_LIMIT

if TYPE_CHECKING:
    from carecli.domain.knowledge import ArticleFilter
    from carecli.store.entries_opening import ArticleRank

_HEAD: Final = ("title_tokens", "keywords_tokens")
_BODY: Final = 2


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

    def ranked_articles(
        self,
        words_: Sequence[str],
        filter_: ArticleFilter,
        *,
        public: bool,
        every: bool,
        unfinished: bool,
        limit: int,
    ) -> list[ArticleRank]:
        """The best articles that hold `every` word or any, best first; the last word may be `unfinished`."""
        demanded = _demand(words_, every=every, unfinished=unfinished)
        if not demanded.groups:
            return []
        asked, parameters = within(filter_, public=public)
        scores = self.scores(INDICES[public], demanded, asked, *parameters)
        from carecli.store.entries_opening import ArticleRank

        best = sorted(scores, key=lambda score: (-score[0], score[1]))[:limit]
        return [ArticleRank(id_, score) for score, id_ in best]

    def article_snippets(
        self, words_: Sequence[str], ids: Sequence[int], *, public: bool, unfinished: bool
    ) -> dict[int, str]:
        """Where the words stand in these articles, between « and »."""
        if not words_:
            return {}
        index = INDICES[public]
        texts = self.db.execute(
            f"SELECT rowid, {', '.join(TABLES[index].names)} FROM {index}"  # noqa: S608 - no input
            " WHERE rowid IN (SELECT value FROM json_each(?))",
            (canonical(list(ids)),),
        ).fetchall()
        expression = " OR ".join(map(quote, words_)) + ("*" if unfinished else "")
        found = shown(STEMMED, texts, expression, (_BODY, -1), CONTEXT_WORDS)
        # The title is read anyway: where the body holds any of the words, it tells more.
        return {int(id_): one_line(str(body if "«" in str(body) else best)) for id_, body, best in found}


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
