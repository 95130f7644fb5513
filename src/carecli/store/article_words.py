"""The words of articles as every engine keeps them: what each is found by, and how many hold a word (KB-1).

Kept twice, for staff and apart from it for contacts, row by row and word by word: neither a rank nor a count nor
a known word tells a contact of a draft (DC-3).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from carecli.store.codec import canonical
from carecli.store.excerpts import excerpt, sought
from carecli.store.knowledge import TEXTS, asked_of
from carecli.store.searching import one_line
from carecli.store.session import Session
from carecli.store.words import stems

if TYPE_CHECKING:
    from carecli.domain.knowledge import Article, ArticleFilter

INDICES: Final = ("search_articles", "search_public_articles")
"""What staff search, and what contacts search."""

ARTICLE_TEXTS: Final = ("title", "keywords", "body")

ARTICLE_WEIGHTS: Final = (10, 6, 1)
"""How much a word weighs in the title, among the keywords and in the body."""

_BODY: Final = ARTICLE_TEXTS.index("body")

WORD_MAX: Final = 500
"""Longer ones are keys and dumps, which nobody misspells; PostgreSQL's index takes none of 2,700 bytes."""

_LAST: Final = "\U0010ffff"
"""Behind every word that begins alike."""

Told = tuple[str, str, str]


class ArticleWordReading(Session):
    """The words that articles hold."""

    def article_words(
        self, *, public: bool, shortest: int, longest: int, beginnings: Sequence[str] = ("",)
    ) -> dict[str, int]:
        """The words of these lengths that articles hold and that begin in one of these ways, and how many do."""
        found: dict[str, int] = {}
        for begun in beginnings:
            rows = self.db.execute(
                "SELECT word, articles FROM article_words WHERE public = ? AND word >= ? AND word < ?"
                " AND length(word) BETWEEN ? AND ?",
                (int(public), begun, f"{begun}{_LAST}", shortest, longest),
            )
            found.update(rows.fetchall())
        return found

    def article_snippets(
        self, words_: Sequence[str], ids: Sequence[int], *, public: bool, unfinished: bool
    ) -> dict[int, str]:
        """Where the words stand in these articles, between « and »."""
        wanted = sought(words_, stems, unfinished=unfinished)
        texts = self.db.execute(
            f"SELECT rowid, {', '.join(ARTICLE_TEXTS)} FROM {INDICES[public]}"  # noqa: S608 - no input
            " WHERE rowid IN (SELECT value FROM json_each(?))",
            (canonical(list(ids)),),
        )
        # The title is read anyway: where the body holds any of the words, it tells more.
        return {id_: one_line(excerpt(said, wanted, rather=_BODY)) for id_, *said in texts}


class ArticleIndexing(Session):
    """The indices as articles change."""

    def index_article(self, id_: int, article: Article | None, *, public: bool) -> None:
        """Replace the text by which an article is found, or take it out."""
        index = INDICES[public]
        was = self.db.execute(f"SELECT title, keywords, body FROM {index} WHERE rowid = ?", (id_,)).fetchone()  # noqa: S608
        now = _found_by(article) if article else None
        if was == now:
            return
        if was:
            self.db.execute(f"DELETE FROM {index} WHERE rowid = ?", (id_,))  # noqa: S608
        if now:
            self.put_article_texts(index, id_, now)
        self._count_words(_distinct(was), _distinct(now), public=public)

    def put_article_texts(self, index: str, id_: int, told: Told) -> None:
        """Write the texts by which an article is found into an index that has none of it."""
        raise NotImplementedError

    def _count_words(self, was: frozenset[str], now: frozenset[str], *, public: bool) -> None:
        which = int(public)
        self.db.executemany(
            "INSERT INTO article_words VALUES (?, ?, 1)"
            " ON CONFLICT (public, word) DO UPDATE SET articles = article_words.articles + 1",
            [(which, word) for word in sorted(now - was) if len(word) <= WORD_MAX],
        )
        gone = [(which, word) for word in sorted(was - now)]
        self.db.executemany("UPDATE article_words SET articles = articles - 1 WHERE public = ? AND word = ?", gone)
        self.db.executemany("DELETE FROM article_words WHERE public = ? AND word = ? AND articles < 1", gone)


def within(filter_: ArticleFilter, *, public: bool) -> tuple[str, tuple[str, ...]]:
    """What a filter asks of the hits of an index; with the plus SQLite walks once through them."""
    if not any(filter_):
        retired = "SELECT id FROM articles WHERE status = 'retired'"
        return ("", ()) if public else (f"AND +rowid NOT IN ({retired})", ())
    conditions, parameters = asked_of(filter_)
    among = (
        "SELECT a.id FROM articles AS a JOIN article_versions AS v"  # noqa: S608 - no input
        f" ON v.id = a.id AND v.version = {TEXTS[public]} WHERE {conditions}"
    )
    return f"AND +rowid IN ({among})", parameters


def _found_by(article: Article) -> Told:
    """The texts by which an article is found."""
    named = (*article.keywords, *article.services, *article.components, article.slug.replace("-", " "))
    return article.title, " ".join(named), article.body


def _distinct(texts: Sequence[str] | None) -> frozenset[str]:
    from carecli.domain.knowledge_words import words

    return frozenset(word for text in texts or () for word in words(text))
