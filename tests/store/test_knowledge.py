"""Articles in the store: what is derived of them is what their events add up to (KB-1, AUD-1)."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.samples import undone

from carecli.domain import knowledge
from carecli.domain.events import Event, Kind
from carecli.domain.knowledge import ArticleFilter, Audience, Draft
from carecli.domain.knowledge_words import words
from carecli.domain.vocabulary import Via, Visibility
from carecli.store.entries_opening import ArticleSearch
from carecli.store.protocol import Reading, Store

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXTS = ("reset password", "password lost again", "calls drop, Größe 7", "größe of calls", "reset calls")


def event(kind: Kind, id_: int, after_s: int = 0, who: str = "sam@desk.example", **data: Any) -> Event:
    """An event of an article."""
    at = AT + timedelta(seconds=after_s)
    return Event(at, who, Via.DESK, kind, Visibility.INTERNAL, {"id": id_, **data})


Step = tuple[str, int, int, bool]
STEPS = st.tuples(
    st.sampled_from(["write", "publish", "retire", "vote", "spare"]),
    st.integers(1, 3),
    st.integers(0, len(TEXTS) - 1),
    st.booleans(),
)


def events(steps: list[Step]) -> Iterator[Event]:
    """The events that a desk would have told, of at most three articles."""
    versions: Counter[int] = Counter()
    for place, (what, id_, text, flag) in enumerate(steps):
        if what == "write":
            versions[id_] += 1
            audience = Audience.PUBLIC if flag else Audience.INTERNAL
            draft = Draft(TEXTS[text], f"Body of {TEXTS[-text]}.", f"name-{id_}", audience=audience)
            yield event(Kind.ARTICLE_WRITTEN, id_, place, **knowledge.written(id_, versions[id_], draft))
        elif versions[id_] and what == "publish":
            yield event(Kind.ARTICLE_PUBLISHED, id_, place, version=versions[id_])
        elif versions[id_] and what == "retire":
            yield event(Kind.ARTICLE_RETIRED, id_, place)
        elif versions[id_] and what == "vote":
            yield event(Kind.ARTICLE_VOTED, id_, place, f"p{text}@x.example", helpful=flag)
        elif versions[id_]:
            yield event(Kind.DEFLECTED, id_, place, subject="x")


def held(reading: Reading, *, public: bool) -> dict[str, int]:
    """The words that articles hold for a reader, counted from their texts as that reader reads them."""
    ids = range(1, 4)
    counts: Counter[str] = Counter()
    for id_ in ids:
        article = reading.public_article(id_) if public else reading.article(id_)
        if article:
            found_by = (article.title, article.body, *article.keywords, article.slug.replace("-", " "))
            counts.update({word for text in found_by for word in words(text)})
    return dict(counts)


@given(st.lists(STEPS, max_size=25))
def test_words_and_indices_follow(lasting_store: Store, steps: list[Step]) -> None:
    """KB-1, DC-3: after any history each reader's words are those of the texts that it may read, and no others."""
    with undone(lasting_store) as writing:
        for told in events(steps):
            writing.tell_article(told)
        for public in (False, True):
            known = held(writing, public=public)
            assert writing.article_words(public=public, shortest=1, longest=99) == known
            for word, count in known.items():
                if word.isascii():
                    assert len(writing.articles_with(word, public=public)) >= count
            assert bool(writing.articles_with("zebra", public=public)) is False
        readable = [id_ for id_ in range(1, 4) if writing.public_article(id_)]
        assert [one.id for one in writing.articles_of([1, 2, 3], public=True)] == readable
        assert writing.articles_listed(ArticleFilter(), public=True, limit=9)[1] == len(readable)
        assert writing.article_count(public=True) == len(readable)


def test_ranked(store: Store) -> None:
    """KB-1: all words or any, the title first, an unfinished last word; nothing for no words."""
    with store.write() as writing:
        for id_, text in enumerate(TEXTS, start=1):
            draft = Draft(text, "Body.", f"name-{id_}")
            writing.tell_article(event(Kind.ARTICLE_WRITTEN, id_, **knowledge.written(id_, 1, draft)))

        def ranked(*asked: str, every: bool = True, unfinished: bool = False) -> list[int]:
            search = ArticleSearch(asked, public=False, every=every, unfinished=unfinished)
            found = writing.ranked_articles(search, ArticleFilter(), 9)
            assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
            return sorted(one.id for one in found)

        assert ranked("reset", "password") == [1]
        assert ranked("resets", "passwords") == [1]
        assert ranked("reset", "password", every=False) == [1, 2, 5]
        assert ranked("grosse") == []
        assert ranked("große") == ranked("größe") == [3, 4]
        assert (ranked("passw"), ranked("passw", unfinished=True)) == ([], [1, 2])
        assert ranked() == []
        assert writing.ranked_articles(ArticleSearch(["reset"], public=True, every=True), ArticleFilter(), 9) == []


def test_a_damaged_event_changes_nothing(store: Store) -> None:
    """AUD-1: an event that cannot be is refused, whatever it lacks."""
    with store.write() as writing:
        writing.tell_article(event(Kind.ARTICLE_WRITTEN, 1, **knowledge.written(1, 1, Draft("a", "b", "c"))))
    for told in (
        event(Kind.ARTICLE_PUBLISHED, 1, version=7),
        event(Kind.ARTICLE_PUBLISHED, 1),
        event(Kind.ARTICLE_VOTED, 2, helpful=True),
        event(Kind.ARTICLE_WRITTEN, 1, version=1),
        event(Kind.ARTICLE_WRITTEN, 1, version="x"),
    ):
        with pytest.raises((LookupError, ValueError)), store.write() as writing:
            writing.tell_article(told)
    with store.read() as reading:
        article = reading.article(1)
        assert article is not None
        assert (article.version, article.status, reading.public_article(1)) == (1, "draft", None)
