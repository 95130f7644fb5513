"""Knowledge articles as their events add up to them, with their versions, votes and ties (KB-1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import instant, iso
from carecli.store.codec import canonical, folded
from carecli.store.session import Session
from carecli.store.sight import of_numbers

if TYPE_CHECKING:
    from carecli.domain.events import Event
    from carecli.domain.knowledge import Article, ArticleFilter

TEXTS: Final = ("a.version", "CASE WHEN a.public = 1 THEN a.published_version END")
"""Which text of an article staff read, and which one contacts: the latest, and the published one."""

_COLUMNS: Final = (
    "a.id, a.slug, a.status, a.published_version, a.author, a.created_at, a.deflected, v.at, v.editor, v.document,"
    " (SELECT count(*) FROM article_votes AS o WHERE o.id = a.id AND o.helpful = 1),"
    " (SELECT count(*) FROM article_votes AS o WHERE o.id = a.id AND o.helpful = 0)"
)
_LATEST: Final = f"SELECT {_COLUMNS} FROM articles AS a JOIN article_versions AS v ON v.id = a.id"  # noqa: S608


_VOTE: Final = (
    "INSERT INTO article_votes VALUES (?, ?, ?) ON CONFLICT (id, person) DO UPDATE SET helpful = excluded.helpful"
)


class KnowledgeReading(Session):
    """Knowledge articles (KB-1)."""

    def article(self, id_: int, version: int | None = None) -> Article | None:
        """An article with its latest text, or another version's."""
        found = self._articles("a.id = ? AND v.version = coalesce(?, a.version)", (id_, version))
        return found[0] if found else None

    def public_article(self, id_: int) -> Article | None:
        """An article as contacts read it, None where they do not (DC-3)."""
        found = self._articles(f"a.id = ? AND v.version = {TEXTS[1]}", (id_,))
        return found[0] if found else None

    def article_versions(self, id_: int) -> list[Article]:
        """An article with each of its texts, the first one first."""
        return self._articles("a.id = ?", (id_,))

    def article_of_slug(self, slug: str) -> int | None:
        """The id of the article of this name."""
        found: int | None = self.one("SELECT id FROM articles WHERE slug = ?", (slug,))
        return found

    def articles_of(self, ids: Sequence[int], *, public: bool) -> list[Article]:
        """These articles in this order; `public` as contacts read them, without those that they do not."""
        which = f"v.version = {TEXTS[public]} AND a.id IN (SELECT value FROM json_each(?))"  # noqa: S608
        found = {article.id: article for article in self._articles(which, (canonical(list(ids)),))}
        return [found[id_] for id_ in ids if id_ in found]

    def articles_listed(self, filter_: ArticleFilter, *, public: bool, limit: int) -> tuple[list[Article], int]:
        """The first articles that a filter lets through, the latest written first, and how many there are."""
        conditions, parameters = asked_of(filter_)
        which = f"v.version = {TEXTS[public]} AND {conditions}"
        total = self.one(
            f"SELECT count(*) FROM articles AS a JOIN article_versions AS v ON v.id = a.id WHERE {which}",  # noqa: S608
            parameters,
        )
        return self._articles(which, (*parameters, limit), "ORDER BY v.at DESC, a.id DESC LIMIT ?"), int(total)

    def article_vote(self, id_: int, person: str) -> bool | None:
        """How somebody voted, None where they did not."""
        found = self.one("SELECT helpful FROM article_votes WHERE id = ? AND person = ?", (id_, folded(person)))
        return None if found is None else bool(found)

    def article_cases(self, id_: int) -> list[int]:
        """The cases that are linked with an article."""
        seen = of_numbers(self.sight, "article_cases.number")
        tied = f"SELECT number FROM article_cases WHERE id = ?{seen.sql} ORDER BY number"  # noqa: S608 - no input
        return self.column(tied, (id_, *seen.parameters))

    def article_count(self, *, public: bool) -> int:
        """How many articles one of both indices holds."""
        return int(self.one("SELECT count(*) FROM articles WHERE public >= ?", (int(public),)))

    def _articles(self, which: str, parameters: Iterable[Any], rest: str = "ORDER BY v.version") -> list[Article]:
        rows = self.db.execute(f"{_LATEST} WHERE {which} {rest}", tuple(parameters))
        return [_article(row) for row in rows]


class KnowledgeWriting(KnowledgeReading):
    """Knowledge articles, as they change."""

    def index_article(self, id_: int, article: Article | None, *, public: bool) -> None:
        """Replace the text by which an article is found, or take it out; each engine has its own index."""
        raise NotImplementedError

    def next_article(self) -> int:
        """The next id of an article; none is ever given twice, as none is deleted."""
        return int(self.one("SELECT coalesce(max(id), 0) + 1 FROM articles"))

    def tell_article(self, event: Event) -> None:
        """Take an event into what is derived of its article; raises LookupError or ValueError for damage."""
        from carecli.domain import knowledge
        from carecli.domain.events import Kind

        id_ = event.data["id"]
        article = knowledge.after(self.article(id_), event)
        if event.kind is Kind.ARTICLE_WRITTEN:
            text = {key: value for key, value in event.data.items() if key not in {"id", "slug"}}
            row = (id_, article.version, iso(event.at), event.actor, canonical(text))
            self.db.execute("INSERT INTO article_versions VALUES (?, ?, ?, ?, ?)", row)
        elif event.kind is Kind.ARTICLE_VOTED:
            vote = (id_, folded(event.actor), int(event.data["helpful"]))
            self.db.execute(_VOTE, vote)
        self._put_article(article, latest=event.kind is Kind.ARTICLE_WRITTEN)

    def _put_article(self, article: Article, *, latest: bool) -> None:
        """Keep where an article stands; its version is the latest where a text was written just now."""
        public = self._readable(article)
        self.db.execute(
            "INSERT INTO articles"
            " VALUES (:id, :slug, :status, :version, :published_version, :public, :author, :at, :deflected)"
            " ON CONFLICT (id) DO UPDATE SET status = :status, version = :version,"
            " published_version = :published_version, public = :public, deflected = :deflected",
            {
                "id": article.id,
                "slug": article.slug,
                "status": article.status.value,
                "version": article.version,
                "published_version": article.published_version,
                "public": int(public is not None),
                "author": article.author,
                "at": iso(article.created_at),
                "deflected": article.deflected,
            },
        )
        if latest:
            self.index_article(article.id, article, public=False)
        self.index_article(article.id, public, public=True)

    def _readable(self, article: Article) -> Article | None:
        """The text that contacts read, None where they read none."""
        from carecli.domain.knowledge import ArticleStatus, Audience, with_text

        if article.status is not ArticleStatus.PUBLISHED or article.published_version is None:
            return None
        text = self.one(
            "SELECT document FROM article_versions WHERE id = ? AND version = ?",
            (article.id, article.published_version),
        )
        if text is None:
            raise LookupError(f"version {article.published_version} was never written")
        shown = with_text(article, json.loads(text))
        return shown if shown.audience is Audience.PUBLIC else None


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


def _article(row: Sequence[Any]) -> Article:
    # Imported here, as above: what is on the way of every command reads no article.
    from carecli.domain.knowledge import Article, ArticleStatus, Audience, with_text

    id_, slug, status, published, author, created_at, deflected, at, editor, document, helpful, unhelpful = row
    begun = Article(
        id=id_,
        slug=slug,
        version=0,
        status=ArticleStatus(status),
        audience=Audience.PUBLIC,
        title="",
        body="",
        services=(),
        components=(),
        keywords=(),
        author=author,
        created_at=instant(created_at),
        updated_at=instant(at),
        published_version=published,
        helpful=helpful,
        unhelpful=unhelpful,
        deflected=deflected,
        editor=editor,
    )
    text: Mapping[str, Any] = json.loads(document)
    return with_text(begun, text)
