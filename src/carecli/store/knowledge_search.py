"""The two indices of articles: what staff find, and apart from it what contacts find (KB-1, DC-3).

Kept apart row by row and word by word: neither a rank nor a count nor a known word tells a contact of a draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from carecli.store.codec import canonical
from carecli.store.search import one_line
from carecli.store.session import Session

if TYPE_CHECKING:
    from carecli.domain.knowledge import Article, ArticleFilter
    from carecli.store.entries_opening import ArticleRank

INDICES: Final = ("search_articles", "search_public_articles")
"""What staff search, and what contacts search."""

TEXTS: Final = ("a.version", "iif(a.public, a.published_version, NULL)")
"""Which text of an article staff read, and which one contacts: the latest, and the published one."""

WEIGHTS: Final = "10.0, 6.0, 1.0"
"""How much a word weighs in the title, among the keywords and in the body."""

_CONTEXT_WORDS: Final = 16
_LAST: Final = "\U0010ffff"
"""Behind every word that begins alike."""


class KnowledgeSearching(Session):
    """Articles by their words."""

    def articles_with(
        self, word: str, *, public: bool, headed: bool = False, unfinished: bool = False, limit: int = -1
    ) -> list[int]:
        """The articles that hold a word, in their title or keywords where `headed`; it may be `unfinished`."""
        index = INDICES[public]
        match = ("{title keywords} : " if headed else "") + _expression([word], every=True, unfinished=unfinished)
        return self.column(f"SELECT rowid FROM {index} WHERE {index} MATCH ? LIMIT ?", (match, limit))  # noqa: S608

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
        match = _expression(words_, every=every, unfinished=unfinished)
        if not match:
            return []
        index = INDICES[public]
        within, parameters = _within(filter_, public=public)
        rows = self.db.execute(
            f"SELECT rowid, bm25({index}, {WEIGHTS}) AS score FROM {index}"  # noqa: S608
            f" WHERE {index} MATCH ? {within} ORDER BY score, rowid LIMIT ?",
            (match, *parameters, limit),
        )
        from carecli.store.entries_opening import ArticleRank

        return [ArticleRank(id_, -score) for id_, score in rows]

    def article_snippets(
        self, words_: Sequence[str], ids: Sequence[int], *, public: bool, unfinished: bool
    ) -> dict[int, str]:
        """Where the words stand in these articles, between « and »."""
        match = _expression(words_, every=False, unfinished=unfinished)
        if not match:
            return {}
        index = INDICES[public]
        rows = self.db.execute(
            f"SELECT rowid, {_snippet(index, 2)}, {_snippet(index, -1)} FROM {index}"  # noqa: S608
            f" WHERE {index} MATCH ? AND +rowid IN (SELECT value FROM json_each(?))",
            (match, canonical(list(ids))),
        )
        # The title is read anyway: where the body holds any of the words, it tells more.
        return {id_: one_line(body if "«" in body else best) for id_, body, best in rows}


class KnowledgeIndexing(Session):
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
            self.db.execute(
                f"INSERT INTO {index} (rowid, title, keywords, body) VALUES (?, ?, ?, ?)",  # noqa: S608
                (id_, *now),
            )
        self._count_words(_distinct(was), _distinct(now), public=public)

    def _count_words(self, was: frozenset[str], now: frozenset[str], *, public: bool) -> None:
        which = int(public)
        self.db.executemany(
            "INSERT INTO article_words VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET articles = articles + 1",
            [(which, word) for word in sorted(now - was)],
        )
        gone = [(which, word) for word in sorted(was - now)]
        self.db.executemany("UPDATE article_words SET articles = articles - 1 WHERE public = ? AND word = ?", gone)
        self.db.executemany("DELETE FROM article_words WHERE public = ? AND word = ? AND articles < 1", gone)


def _within(filter_: ArticleFilter, *, public: bool) -> tuple[str, tuple[str, ...]]:
    """What a filter asks of the hits of an index; with the plus FTS5 walks once through them."""
    if not any(filter_):
        retired = "SELECT id FROM articles WHERE status = 'retired'"
        return ("", ()) if public else (f"AND +rowid NOT IN ({retired})", ())
    conditions, parameters = asked_of(filter_)
    among = (
        "SELECT a.id FROM articles AS a JOIN article_versions AS v"  # noqa: S608 - no input
        f" ON v.id = a.id AND v.version = {TEXTS[public]} WHERE {conditions}"
    )
    return f"AND +rowid IN ({among})", parameters


def asked_of(filter_: ArticleFilter) -> tuple[str, tuple[str, ...]]:
    """What a filter asks of `a`, an article, and `v`, its text."""
    asked: list[tuple[str, tuple[str, ...]]] = []
    if filter_.statuses:
        asked.append(("a.status IN (SELECT value FROM json_each(?))", (canonical(list(filter_.statuses)),)))
    else:
        asked.append(("a.status <> 'retired'", ()))
    for key, name in (("services", filter_.service), ("components", filter_.component)):
        if name is not None:
            named = f"EXISTS (SELECT 1 FROM json_each(v.document, '$.{key}') WHERE lower(value) = lower(?))"  # noqa: S608
            asked.append((named, (name,)))
    if filter_.audience:
        asked.append(("v.document ->> 'audience' = ?", (filter_.audience.value,)))
    return " AND ".join(condition for condition, _ in asked), tuple(p for _, given in asked for p in given)


def _found_by(article: Article) -> tuple[str, str, str]:
    """The texts by which an article is found."""
    named = (*article.keywords, *article.services, *article.components, article.slug.replace("-", " "))
    return article.title, " ".join(named), article.body


def _distinct(texts: Sequence[str] | None) -> frozenset[str]:
    from carecli.domain.knowledge_words import words

    return frozenset(word for text in texts or () for word in words(text))


def _expression(words_: Sequence[str], *, every: bool, unfinished: bool) -> str:
    """The FTS5 expression for words; each is quoted, so that no sign in it means anything."""
    quoted = [_quoted(word) for word in words_]
    if unfinished and quoted:
        quoted[-1] += "*"
    return (" AND " if every else " OR ").join(quoted)


def _snippet(index: str, column: int) -> str:
    return f"snippet({index}, {column}, '«', '»', '…', {_CONTEXT_WORDS})"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
