"""Articles as their events add up to them, and the words by which they are found (KB-1)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain import knowledge, knowledge_draft
from carecli.domain.events import Event, Kind
from carecli.domain.knowledge import Article, ArticleStatus, Audience, Draft
from carecli.domain.knowledge_draft import Private
from carecli.domain.knowledge_relevance import FLOOR, Holding, covered, fitting
from carecli.domain.knowledge_words import asked, nearest, telling, words
from carecli.domain.rarity import rarity
from carecli.domain.vocabulary import Via, Visibility
from carecli.errors import Invalid

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
DRAFT = knowledge_draft.checked(Draft("Reset a password", "Choose *Forgot*.", keywords=("login",)))


def told(kind: Kind, at: datetime = AT, **data: object) -> Event:
    """An event of article 1."""
    return Event(at, "sam@desk.example", Via.DESK, kind, Visibility.INTERNAL, {"id": 1, **data})


def wrote(version: int, at: datetime = AT, **changes: object) -> Event:
    """A text of article 1."""
    draft = DRAFT._replace(**changes)  # type: ignore[arg-type]
    return told(Kind.ARTICLE_WRITTEN, at, **knowledge.written(1, version, draft))


def added_up(*events: Event) -> Article:
    """The article after these events."""
    article = None
    for event in events:
        article = knowledge.after(article, event)
    assert article is not None
    return article


def test_versions_publishing_and_retiring() -> None:
    """KB-1: a published version stays published while later ones are written; retired, nothing is."""
    published = told(Kind.ARTICLE_PUBLISHED, version=1)
    article = added_up(wrote(1), published, wrote(2, LATER, body="Choose *Lost*."))
    assert (article.status, article.version, article.published_version) == (ArticleStatus.PUBLISHED, 2, 1)
    assert (article.body, article.created_at, article.updated_at) == ("Choose *Lost*.", AT, LATER)
    gone = knowledge.after(article, told(Kind.ARTICLE_RETIRED))
    assert (gone.status, gone.published_version) == (ArticleStatus.RETIRED, None)
    assert knowledge.after(gone, wrote(3)).status is ArticleStatus.DRAFT


@pytest.mark.parametrize(
    "events",
    [
        [told(Kind.ARTICLE_PUBLISHED, version=1)],
        [told(Kind.DEFLECTED, subject="x")],
        [wrote(2)],
        [wrote(1), wrote(1)],
        [wrote(1), wrote(3)],
    ],
)
def test_a_history_that_cannot_be(events: list[Event]) -> None:
    """AUD-1: events of an article that do not follow each other are told, not folded."""
    with pytest.raises((LookupError, ValueError)):
        added_up(*events)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("kb-7", 7),
        ("KB-7", 7),
        ("7", 7),
        ("#7", 7),
        (" kb-7 ", 7),
        ("kb-", None),
        ("reset", None),
        ("kb-7x", None),
    ],
)
def test_ids_as_people_write_them(text: str, id_: int | None) -> None:
    """KB-1: an article is called kb-7 or 7, in any letter case; anything else is a name."""
    assert knowledge.numbered(text) == id_


@given(st.text())
def test_a_name_is_never_taken_for_an_id(text: str) -> None:
    """KB-1: no name that is made of a title can be mistaken for the id of another article."""
    name = knowledge.slug(text)
    assert knowledge.numbered(name) is None
    assert knowledge.slug(name) == name
    assert len(name) <= knowledge.SLUG_MAX + len("article-")


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (Draft("", "x"), "title"),
        (Draft("x" * 201, "x"), "201 characters"),
        (Draft("x", " "), "no text"),
        (Draft("x", "y" * 1_000_001), "1,000,001"),
        (Draft("x", "\ud800"), "no text"),
        (Draft("x", "a\0b"), "no text"),
        (Draft("x", "y", keywords=("k" * 101,)), "keywords"),
        (Draft("!!!", "y"), "no name"),
    ],
)
def test_what_no_article_can_be(draft: Draft, why: str) -> None:
    """KB-1: an article has a title, a text, and a name that can be written."""
    with pytest.raises(Invalid, match=why):
        knowledge_draft.checked(draft)


def test_names_are_trimmed_and_stand_once() -> None:
    """KB-1: what an article is found by is kept as people mean it."""
    draft = knowledge_draft.checked(
        Draft(" A  b ", " x ", services=(" Voice ", "Voice", ""), audience=Audience.PUBLIC)
    )
    assert draft == Draft("A b", "x", "a-b", ("Voice",))


# Words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Résumé-Größe 2FA", ["resume", "große", "2fa"]),
        ('"quoted" AND *stars*', ["quoted", "and", "stars"]),
        ("Ελλάς 日本 한국", ["ελλας", "日本", "한국"]),
        ("ﬁle İstanbul", ["ﬁle", "istanbul"]),
        ("\ud800 \0 ()", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    """KB-1: words are told apart as the index does, without case and marks on letters."""
    assert words(text) == found


def test_common_words_tell_nothing() -> None:
    """KB-1: of a question the words count that say what it is about, unless it has no others."""
    assert telling(asked("How do I reset my password?")) == ["reset", "password"]
    assert telling(asked("who are you")) == ["who", "are", "you"]


KNOWN = {"password": 3, "passwords": 1, "reset": 9, "rest": 2, "queue": 5, "queues": 1, "wallboard": 1}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pasword", "password"),
        ("passwrod", "password"),
        ("passsword", "password"),
        ("resett", "reset"),
        ("queeu", "queue"),
        ("walboard", "wallboard"),
        ("wallbaord", "wallboard"),
        ("assword", "password"),
        ("zebra", None),
        ("abc", None),
        ("pass1word", None),
        ("p" * 31, None),
    ],
)
def test_slips_are_put_right(typed: str, meant: str | None) -> None:
    """KB-1: a letter too many, too few, another or two swapped is the word that was meant; numbers are not."""
    assert nearest(typed, KNOWN) == meant


@given(st.text(), st.dictionaries(st.text(min_size=1), st.integers(1, 9)))
def test_putting_right_never_fails(typed: str, known: dict[str, int]) -> None:
    """KB-1: whatever is typed, the answer is a known word or none."""
    assert nearest(typed, known) in {*known, None}


# Relevance


def holding(word: str, head: set[int], body: set[int] = frozenset()) -> Holding:  # type: ignore[assignment]
    """A word with the articles that hold it."""
    return Holding(word, frozenset(head), frozenset(head | body))


def test_rare_words_weigh_more() -> None:
    """KB-1: of two articles that answer one word each, that of the rarer word answers more."""
    assert rarity(1, 100) > rarity(50, 100) > 0
    shares = covered([holding("saml", {1}), holding("call", {*range(2, 60)})], 100)
    assert shares[1] > 0.5 > shares[2]


def test_one_common_word_is_not_enough() -> None:
    """OPEN-7: an article that shares one word of many with a case is not offered, one about the same is."""
    asked_for = [holding("invoice", set()), holding("seats", {9}, {7}), holding("charges", set(), {7})]
    scores = fitting(asked_for, frozenset({"invoice", "seats"}), 100, {7: 4, 9: 4})
    assert max(scores.values()) < FLOOR
    about = [holding("password", {3}), holding("reset", {3}), holding("agent", set(), {3, 4, 5})]
    assert fitting(about, frozenset({"password", "reset"}), 100, {3: 3})[3] > FLOOR


@given(
    st.lists(st.tuples(st.text(max_size=3), st.sets(st.integers(1, 5)), st.sets(st.integers(1, 5))), max_size=6),
    st.integers(5, 50),
)
def test_scores_are_shares(given_words: list[tuple[str, set[int], set[int]]], articles: int) -> None:
    """KB-1: however words and articles meet, a score is between 0 and 1."""
    holdings = list({w: holding(w, head, body) for w, head, body in given_words}.values())
    some = [one for one in holdings if one.anywhere]
    assert all(0 <= share <= 1 + 1e-9 for share in covered(some, articles).values())
    scores = fitting(some, frozenset(one.word for one in some), articles, dict.fromkeys(range(1, 6), 3))
    assert all(0 <= score <= 1 + 1e-9 for score in scores.values())


# Drafts from cases


def test_names_and_addresses_are_taken_out() -> None:
    """KB-1: names in any letter case and every mail address go, parts of other words stay."""
    text = "NORTHWIND's Dana (dana@northwind.example, x@y.example) at Northwinds; danaë"
    assert knowledge_draft.without(text, Private(["Northwind", "Dana", "x"])) == (
        "[removed]'s [removed] ([removed], [removed]) at Northwinds; danaë"
    )


def test_single_names_are_taken_out() -> None:
    """KB-1: a person is known by either name, in a file's name and over the end of a line; a verb is no name."""
    text = "Hi Mark,\nmark OLSEN, mark\nolsen and Olsen's log olsen.txt, Olsen_trace.txt: Marks mark."
    assert knowledge_draft.without(text, Private([], ["Mark Olsen"])) == (
        "Hi [removed],\n[removed], [removed] and [removed]'s log olsen.txt, [removed]_trace.txt: Marks mark."
    )
    assert knowledge_draft.without("a --- (b c", Private(["(b", "", "---", " "], [" ", "-"])) == "a --- (b c"
