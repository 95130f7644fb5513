"""What the desk asks of a store: knowledge articles (KB-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecli.domain.events import Event
    from carecli.domain.knowledge import Article, ArticleFilter
    from carecli.store.entries_opening import ArticleRank, ArticleSearch


class KnowledgeReading(Protocol):
    """Knowledge articles (KB-1); `public` asks for what contacts read alone (DC-3)."""

    def article(self, id_: int, version: int | None = None) -> Article | None:
        """An article with its latest text, or another version's."""

    def public_article(self, id_: int) -> Article | None:
        """An article as contacts read it, None where they do not (DC-3)."""

    def article_versions(self, id_: int) -> list[Article]:
        """An article with each of its texts, the first one first."""

    def article_of_slug(self, slug: str) -> int | None:
        """The id of the article of this name."""

    def articles_of(self, ids: Sequence[int], *, public: bool) -> list[Article]:
        """These articles in this order; `public` as contacts read them, without those that they do not."""

    def articles_listed(self, filter_: ArticleFilter, *, public: bool, limit: int) -> tuple[list[Article], int]:
        """The first articles that a filter lets through, the latest written first, and how many there are."""

    def article_vote(self, id_: int, person: str) -> bool | None:
        """How somebody voted, None where they did not."""

    def article_cases(self, id_: int) -> list[int]:
        """The cases that are linked with an article."""

    def article_count(self, *, public: bool) -> int:
        """How many articles can be found."""

    def articles_with(
        self, word: str, *, public: bool, headed: bool = False, unfinished: bool = False, limit: int = -1
    ) -> list[int]:
        """The articles that hold a word, in their title or keywords where `headed`; it may be `unfinished`."""

    def article_words(
        self, *, public: bool, shortest: int, longest: int, beginnings: Sequence[str] = ("",)
    ) -> dict[str, int]:
        """The words of these lengths that articles hold and that begin in one of these ways, and how many do."""

    def ranked_articles(self, search: ArticleSearch, filter_: ArticleFilter, limit: int) -> list[ArticleRank]:
        """The best articles that a search finds, best first; none for no words."""

    def article_snippets(
        self, words_: Sequence[str], ids: Sequence[int], *, public: bool, unfinished: bool
    ) -> dict[int, str]:
        """Where the words stand in these articles, between « and »."""


class KnowledgeWriting(KnowledgeReading, Protocol):
    """Knowledge articles, as they change."""

    def next_article(self) -> int:
        """The next id of an article; none is ever given twice, as none is deleted."""

    def tell_article(self, event: Event) -> None:
        """Take an event into what is derived of its article."""
