"""Knowledge articles: what was learned once, for everybody who asks again (KB-1)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from carecli.domain.events import Event, Kind

LABEL = "kb-"
"""What the ids of articles begin with."""

SLUG_MAX = 80
LONGEST_ID = 15


class ArticleStatus(StrEnum):
    """Where an article stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Audience(StrEnum):
    """Who reads a published article: everybody, or staff alone."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Article(NamedTuple):
    """An article with one of its texts; `slug` names it in files, `version` counts its texts from 1.

    Staff read the latest text, contacts the published one. `drafted_from` is the case that this text was drafted
    from and that nobody has read over since.
    """

    id: int
    slug: str
    version: int
    status: ArticleStatus
    audience: Audience
    title: str
    body: str
    services: tuple[str, ...]
    components: tuple[str, ...]
    keywords: tuple[str, ...]
    author: str
    created_at: datetime
    updated_at: datetime
    published_version: int | None = None
    helpful: int = 0
    unhelpful: int = 0
    deflected: int = 0
    cases: tuple[int, ...] = ()
    defects: tuple[str, ...] = ()
    editor: str = ""
    drafted_from: int | None = None

    @property
    def label(self) -> str:
        """Its id as people and programs write it: `kb-7`."""
        return label(self.id)

    @property
    def draft(self) -> "Draft":
        """What its writer gave."""
        return Draft(
            self.title, self.body, self.slug, self.services, self.components, self.keywords, self.audience
        )


class Draft(NamedTuple):
    """What a writer gives of an article; without a slug one is made of the title."""

    title: str
    body: str
    slug: str | None = None
    services: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC


class ArticleHit(NamedTuple):
    """An article that a search found, and where the words stand in it, between « and »."""

    article: Article
    snippet: str
    corrected: Mapping[str, str]
    """Words that nobody writes so, and the ones that were searched for instead."""


class ArticleFilter(NamedTuple):
    """Which articles are wanted; without statuses all but retired ones."""

    statuses: tuple[ArticleStatus, ...] = ()
    service: str | None = None
    component: str | None = None
    audience: Audience | None = None


class ArticlesFound(NamedTuple):
    """What a search found: the best hits, how many there are, and what it did to find them.

    `partial` says that no article holds all the words; `unknown` are words that none holds at all.
    """

    hits: tuple[ArticleHit, ...]
    total: int
    corrected: Mapping[str, str]
    partial: bool = False
    unknown: tuple[str, ...] = ()


class ArticleReport(NamedTuple):
    """What became of one file that was imported; `line` is where a refused one is wrong."""

    file: str
    outcome: str
    id: int | None = None
    slug: str | None = None
    line: int | None = None
    reason: str | None = None


class ArticlesImported(NamedTuple):
    """What an import of articles did, file by file."""

    files: tuple[ArticleReport, ...]
    published: int
    dry_run: bool = False

    def count(self, outcome: str) -> int:
        """How many files came out so: `added`, `changed`, `unchanged` or `refused`."""
        return sum(file.outcome == outcome for file in self.files)


TOLD = frozenset(
    {
        Kind.ARTICLE_WRITTEN,
        Kind.ARTICLE_PUBLISHED,
        Kind.ARTICLE_RETIRED,
        Kind.ARTICLE_VOTED,
        Kind.DEFLECTED,
    }
)
"""The events of the desk that tell of articles."""


def label(id_: int) -> str:
    """The id of an article as people and programs write it: `kb-7`."""
    return f"{LABEL}{id_}"


def numbered(text: str) -> int | None:
    """The id that `kb-7`, `KB-7` or `7` writes; None for a slug or anything else."""
    digits = text.strip().lower().removeprefix("#").removeprefix(LABEL)
    if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_ID:
        return int(digits)
    return None


def slug(text: str) -> str:
    """A name for files and addresses: letters and digits of the text, in lower case, set apart by hyphens."""
    kept = "".join(c if c.isalnum() else " " for c in text.casefold())
    joined = "-".join(kept.split())[:SLUG_MAX].strip("-")
    return f"article-{joined}" if joined and numbered(joined) is not None else joined


def written(id_: int, version: int, draft: Draft, case: int | None = None) -> dict[str, Any]:
    """What the event says of a text that was written; `case` is the one that it was drafted from."""
    return {
        "id": id_,
        "version": version,
        "slug": draft.slug,
        "title": draft.title,
        "body": draft.body,
        "services": list(draft.services),
        "components": list(draft.components),
        "keywords": list(draft.keywords),
        "audience": draft.audience.value,
        "case": case,
    }


def after(article: Article | None, event: Event) -> Article:
    """The article after one more event of its own; raises LookupError or ValueError for a damaged one."""
    if event.kind is Kind.ARTICLE_WRITTEN:
        return _rewritten(article, event)
    if article is None:
        raise LookupError("nothing was written of this article before")
    if event.kind is Kind.ARTICLE_PUBLISHED:
        return article._replace(status=ArticleStatus.PUBLISHED, published_version=event.data["version"])
    if event.kind is Kind.ARTICLE_RETIRED:
        return article._replace(status=ArticleStatus.RETIRED, published_version=None)
    if event.kind is Kind.DEFLECTED:
        return article._replace(deflected=article.deflected + 1)
    return article


def _rewritten(article: Article | None, event: Event) -> Article:
    data = event.data
    begun = article or Article(
        id=data["id"],
        slug=data["slug"],
        version=0,
        status=ArticleStatus.DRAFT,
        audience=Audience.PUBLIC,
        title="",
        body="",
        services=(),
        components=(),
        keywords=(),
        author=event.actor,
        created_at=event.at,
        updated_at=event.at,
    )
    if data["version"] != begun.version + 1:
        raise ValueError(f"version {data['version']} follows {begun.version}")
    revived = ArticleStatus.DRAFT if begun.status is ArticleStatus.RETIRED else begun.status
    return with_text(begun._replace(status=revived), data)._replace(updated_at=event.at, editor=event.actor)


def with_text(article: Article, data: Mapping[str, Any]) -> Article:
    """The article with the text that `written` made."""
    return article._replace(
        version=data["version"],
        title=data["title"],
        body=data["body"],
        services=tuple(data["services"]),
        components=tuple(data["components"]),
        keywords=tuple(data["keywords"]),
        audience=Audience(data["audience"]),
        drafted_from=data["case"],
    )
