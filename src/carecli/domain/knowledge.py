"""Knowledge articles: what was learned once, for everybody who asks again (KB-1)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

LABEL = "kb-"
"""What the ids of articles begin with."""


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
    """An article as it stands; `slug` names it in files, `version` counts its texts from 1."""

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

    @property
    def label(self) -> str:
        """Its id as people and programs write it: `kb-7`."""
        return label(self.id)


class ArticleHit(NamedTuple):
    """An article that a search found, and where the words stand in it, between « and »."""

    article: Article
    snippet: str
    corrected: Mapping[str, str]
    """Words that nobody writes so, and the ones that were searched for instead."""


def label(id_: int) -> str:
    """The id of an article as people and programs write it: `kb-7`."""
    return f"{LABEL}{id_}"
