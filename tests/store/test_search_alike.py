"""Both engines find the same, in the same order, and show it alike: PostgreSQL is held against SQLite's FTS5."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import timedelta
from time import process_time
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from store.samples import T0, kept, new_case, standing

from carecli.domain.events import Event, Kind
from carecli.domain.finding import Filter, Query, Scope
from carecli.domain.knowledge import ArticleFilter, ArticleStatus
from carecli.domain.sight import Sight
from carecli.domain.vocabulary import Status, Via, Visibility
from carecli.store import searching
from carecli.store.entries import CaseTexts
from carecli.store.entries_opening import ArticleSearch
from carecli.store.opening import open_store
from carecli.store.protocol import Reading, Store, Writing

CASES: Final = 8
NEWEST: Final = tuple(range(CASES, 0, -1))
ALL: Final = Query(filter=Filter(closed=True), limit=None)


class Pair(NamedTuple):
    """The same desk on both engines."""

    sqlite: Store
    postgres: Store

    @contextmanager
    def writing(self) -> Iterator[tuple[Writing, Writing]]:
        """A transaction on each, of which nothing is kept."""
        with suppress(_UndoneError), self.sqlite.write() as one, self.postgres.write() as other:
            yield one, other
            raise _UndoneError


class _UndoneError(Exception):
    """Ends a transaction of which nothing shall be kept."""


@pytest.fixture(scope="module")
def pair(new_postgres: Callable[[], AbstractContextManager[str]]) -> Iterator[Pair]:
    with new_postgres() as url, closing(open_store(":memory:")) as one, closing(open_store(url)) as other:
        for store in (one, other):
            with store.write() as record:
                opened = [new_case(number, T0 + timedelta(minutes=number)) for number in range(1, CASES + 1)]
                kept(record, [*opened[:-1], opened[-1]._replace(standing=standing(Status.CLOSED))])
        yield Pair(one, other)


def index(record: Writing, number: int, texts: Mapping[str, str]) -> None:
    record.index(CaseTexts(number, **{"subject": "", "description": "", "updates": "", "notes": "", **texts}))


def answer(record: Reading, words: str, *, notes: bool = False, query: Query = ALL) -> tuple[object, ...]:
    """All that a search says."""
    found = record.search(words, query, notes=notes)
    return [state["number"] for state in found.states], found.total, found.tabs, found.snippets, found.ranked


LIBRARY: Final[Sequence[Mapping[str, str]]] = (
    {"subject": "Calls drop in Zürich", "description": "e-mail to ann@acme.example bounced", "notes": "Straße"},
    {"subject": "E-Mail", "description": "calls calls calls", "updates": "it can't be, said C++ 4.10.2"},
    {"subject": "東京 office", "description": "日本語 text, İstanbul and Iğdır", "updates": "10.10.10.10 is down"},
    {"subject": "other", "description": "e mail, and mail e", "updates": "straße STRASSE"},
    {"subject": "other", "description": "calls", "updates": "drop 😀 ✆ ½ x² ﬁne ｆｕｌｌ", "notes": "calls drop"},
    {"subject": "mail", "description": "a_b a-b ab a.b", "updates": "Ⅷ Ǆ ǆ Ω Ω ά"},
    {
        "subject": "other",
        "updates": "calls drop calls drop " * 9,
        "description": "resume résumé re\u0301sume\u0301",
    },
    {"subject": "", "description": "O'Brien's <b>calls</b> \x1b[31mred\x1b[0m", "notes": "can't"},
)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("calls", [1, 2, 7, 5, 8]),  # subject over description over updates, often over once, short over long
        ("calls drop", [1, 7, 5]),
        ("drop cal", [1, 7, 5]),
        ("e-mail", [2, 4, 1]),  # one behind the other
        ("mail e", [2, 4, 1]),
        ("mail-e", [4]),
        ("ann@acme.example", [1]),
        ("acme@ann", []),
        ("c++", [1, 2, 7, 5, 8]),
        ("can't", [2]),
        ("O'Bri", [8]),
        ("4.10.2", [2]),
        ("4.10", [2]),
        ("10.10", [3]),
        ("10.10.10.10", [3]),
        ("zurich", [1]),
        ("ZÜRICH", [1]),
        ("straße", [4]),
        ("strasse", [4]),
        ("istanbul", [3]),
        ("İSTANBUL", [3]),
        ("ığdır", []),
        ("日本", [3]),
        ("本語", []),
        ("東京", [3]),
        ("résumé", [7]),
        ("re\u0301sume\u0301", [7]),
        ("😀", []),
        ("a_b", [6]),
        ("ab", [6]),
        ("x²", [5]),
        ("full", []),
        ("ﬁne", [5]),
        ("Ω", [6]),
        ("α", []),
        ("viii", []),
        ("31mred", [8]),
        ("7", [7]),
        ("other calls", [5, 7]),
    ],
)
def test_the_same_is_found_in_the_same_order(pair: Pair, words: str, numbers: list[int]) -> None:
    """FIND-3: addresses, versions, umlauts, Turkish letters, Chinese and signs alike, best first."""
    with pair.writing() as both:
        for record in both:
            for number, texts in enumerate(LIBRARY, 1):
                index(record, number, texts)
        one, other = (answer(record, words) for record in both)
        assert (one, other[0]) == (other, numbers)
        with_notes, likewise = (answer(record, words, notes=True) for record in both)
        assert with_notes == likewise


WORDS: Final = (
    "call", "calls", "CALL", "drop", "e-mail", "mail", "e", "1", "1.1.1.1", "1.1", "straße", "STRASSE", "ß", "İx",
    "ix", "日本語", "日本", "é", "e\u0301", "E\u0301\u0301x", "\u0301", "😀", "c++", "c", "can't", "can",
    "t", "½", "²", "\u1e9e", "\U0001f600b", "\u0561", "\u0531", "ǅ", "ῼ", "\u0345", "\u2126", "_", "a_b",
    "²a", "\u200d", "\u00ad", "a\u00adb",
)  # fmt: skip
words = st.sampled_from(WORDS)
texts = st.lists(words, max_size=9).flatmap(
    lambda of: st.sampled_from((" ", ", ", "\n", "-")).map(lambda j: j.join(of))
)
cases = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("subject", "description", "updates", "notes"), texts)),
    min_size=1,
    max_size=CASES,
)
asked = st.lists(st.one_of(words, words.map(lambda word: word[:2])), min_size=1, max_size=4).map(" ".join)


@settings(max_examples=150)
@given(cases, asked, st.booleans())
def test_whatever_is_asked_of_whatever_texts(
    pair: Pair, library: list[dict[str, str]], words: str, notes: bool
) -> None:
    """FIND-3: what is found, how it is ranked, counted and shown is the same on both engines."""
    with pair.writing() as both:
        for record in both:
            for number, texts in enumerate(library, 1):
                index(record, number, texts)
                index(record, number, {"updates": texts.get("notes", "")})
        one, other = (answer(record, words, notes=notes) for record in both)
        assert one == other


@settings(max_examples=200)
@given(st.text())
@example(" ".join(f"a{chr(code)}b" for code in range(1, 0x2000)))
@example(" ".join(f"a{chr(code)}b" for code in range(0x2000, 0x3400)))
def test_words_are_those_of_sqlite(text: str) -> None:
    """FIND-3: what a word is, and its stem (KB-1), is what FTS5 says."""
    from carecli.store.words import STEMMED, TOKENIZE, stems, tokens

    assert tokens(text) == _by_fts5(TOKENIZE, text)
    assert stems(text) == _by_fts5(STEMMED, text)


def _by_fts5(tokenize: str, text: str) -> list[str]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = '{tokenize}')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab ('t', 'instance')")
        # NUL ends no text of FTS5, but it is kept out of what is stored.
        db.execute("INSERT INTO t VALUES (?)", (text,))
        return [word for (word,) in db.execute("SELECT term FROM v ORDER BY offset")]


@pytest.mark.parametrize(
    "text",
    [
        "running runs ran",
        "relational conditional rationally",
        "hopping hoping hop",
        "caresses ponies ties",
        "日本語s",
    ],
)
def test_stems_are_those_of_sqlite(text: str) -> None:
    """KB-1: articles are found by the stems of their words."""
    test_words_are_those_of_sqlite.hypothesis.inner_test(text)  # type: ignore[attr-defined]


def test_only_the_newest_are_ranked(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """FIND-3: of too many hits the newest are ranked, and a word that so many hold whole is no beginning."""
    monkeypatch.setattr(searching, "RANKED_MAX", 3)
    with pair.writing() as both:
        for record in both:
            for number in range(1, CASES + 1):
                index(
                    record,
                    number,
                    {"subject": "drop" if number < 7 else "dropped drops", "updates": "x " * number},
                )
        for asked in ("drop", "dropp", "x", "x drop", "drop x", "nothing"):
            one, other = (answer(record, asked) for record in both)
            assert one == other
        assert answer(both[1], "drop")[::4] == ([4, 5, 6], 3)
        narrow = ALL._replace(scope=Scope(contact="ann@acme.example"), filter=Filter(since=T0))
        for asked in ("drop", "dro"):
            one, other = (answer(record, asked, query=narrow) for record in both)
            assert one == other


def test_pages_and_orders(pair: Pair) -> None:
    """FIND-3: pages, filters and other orders alike."""
    with pair.writing() as both:
        for record in both:
            for number in range(1, CASES + 1):
                index(record, number, {"subject": "drop " * (number % 3), "updates": "drop"})
        for query in (
            Query(limit=3, offset=2),
            Query(filter=Filter(statuses=(Status.CLOSED,))),
            Query(scope=Scope(account="ACME")),
            Query(scope=Scope(owner="nobody")),
            Query(sort="number", descending=False),
        ):
            one, other = (answer(record, "drop", query=query) for record in both)
            assert one == other
            said, likewise = (record.search("drop", query, notes=True, ranked=False) for record in both)
            assert [s["number"] for s in said.states] == [s["number"] for s in likewise.states]


@settings(max_examples=40)
@given(cases, st.lists(st.lists(words, min_size=1, max_size=3), min_size=1, max_size=3))
def test_likeness_finds_the_same(pair: Pair, library: list[dict[str, str]], forms: list[list[str]]) -> None:
    """OPEN-7, OPEN-11: which cases hold the words of another, for all and for who sees a part."""
    with pair.writing() as both:
        for record in both:
            for number, texts in enumerate(library, 1):
                index(record, number, texts)
        for sight in (Sight(), Sight(accounts=("acme",)), Sight(accounts=("other",))):
            one, other = (record.seeing(sight) for record in both)
            assert one.spread(forms[0], 3) == other.spread(forms[0], 3)
            assert one.holding(forms, 3) == other.holding(forms, 3)


article_texts = st.lists(
    st.fixed_dictionaries(
        {"title": texts, "body": texts, "keywords": st.lists(words, max_size=3), "public": st.booleans()}
    ),
    min_size=1,
    max_size=6,
)


def put(record: Writing, id_: int, told: Mapping[str, Any]) -> None:
    """Write an article, and publish it where it is public."""
    text = {"title": told["title"], "body": told["body"], "keywords": told["keywords"], "audience": "public"}
    rest = {"services": ["Voice"], "components": [], "version": 1, "case": None}
    data = {"id": id_, "slug": f"an-article-{id_}", **text, **rest}
    record.tell_article(Event(T0, "sam@care.example", Via.DESK, Kind.ARTICLE_WRITTEN, Visibility.INTERNAL, data))
    if told["public"]:
        said = {"id": id_, "version": 1}
        record.tell_article(
            Event(T0, "sam@care.example", Via.DESK, Kind.ARTICLE_PUBLISHED, Visibility.INTERNAL, said)
        )


@settings(max_examples=60)
@given(article_texts, st.lists(words, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_articles_alike(
    pair: Pair, library: list[dict[str, Any]], asked: list[str], every: bool, unfinished: bool
) -> None:
    """KB-1: articles found, scored and shown alike, and the same words known of them."""
    filters = (ArticleFilter(), ArticleFilter(service="voice"), ArticleFilter(statuses=(ArticleStatus.PUBLISHED,)))
    with pair.writing() as both:
        for record in both:
            for id_, told in enumerate(library, 1):
                put(record, id_, told)
        for public in (False, True):
            for filter_ in filters:
                search = ArticleSearch(asked, public, every, unfinished)
                ranked, likewise = (record.ranked_articles(search, filter_, 4) for record in both)
                assert ranked == likewise
            for headed in (False, True):
                found, alike = (
                    record.articles_with(asked[0], public=public, headed=headed, unfinished=unfinished)
                    for record in both
                )
                assert found == sorted(alike)
            ids = range(1, len(library) + 1)
            shown = [record.article_snippets(asked, ids, public=public, unfinished=unfinished) for record in both]
            assert shown[0] == shown[1]
            known = [record.article_words(public=public, shortest=1, longest=9) for record in both]
            assert known[0] == known[1]


LONG: Final = " ".join(f"w{number:06}" for number in range(300_000))


def test_a_text_of_two_megabytes(pair: Pair) -> None:
    """FIND-3: what is longer than a tsvector may be is kept, and found by its first 140,000 different words."""
    with pair.writing() as both:
        for record in both:
            index(record, 1, {"subject": "long", "description": f"{LONG} call call e mail"})
            index(record, 1, {"updates": "e-mail last"})
            index(record, 2, {"description": "x " * 20_000 + "e-mail at the end" + " x" * 20_000})
            index(record, 2, {"updates": "afterwards"})
        for words in ("long", "w000000", "e-mail", "call e", "call-e-mail", "end-at", "w000007-w00"):
            one, other = (answer(record, words) for record in both)
            assert one == other
        assert answer(both[0], "w299999")[0] == [1]
        assert answer(both[1], "w299999")[0] == []


@pytest.mark.parametrize("size", [249, 250, 251, 1000, 1001, 2046, 2047, 9000])
def test_long_words(pair: Pair, size: int) -> None:
    """FIND-3: a word longer than an index takes is told from others that begin alike."""
    with pair.writing() as both:
        for record in both:
            index(record, 1, {"subject": "x" * size})
            index(record, 2, {"subject": "x" * (size - 1) + "y"})
            index(record, 3, {"description": "é" * size})
            index(record, 4, {"notes": "日" * size})
        for words in ("x" * size, "x" * (size - 1), "é" * size, "é" * (size - 9), "日" * size, "x" * (size + 1)):
            for asked in (words, f"{words} {words}"):
                one, other = (answer(record, asked, notes=True) for record in both)
                assert one == other


def test_sizes_are_those_of_the_rows(pair: Pair) -> None:
    """FIND-3: what ranking weighs by follows the rows, however they come, grow and go."""
    with pair.writing() as (_, record):
        for number in range(1, CASES + 1):
            index(record, number, {"subject": "one two", "notes": "x" if number % 2 else ""})
            index(record, number, {"updates": "three four"})
        put(record, 1, {"title": "a b", "body": "c", "keywords": [], "public": True})
        db: Any = record.db  # type: ignore[attr-defined]
        db.execute("DELETE FROM search WHERE rowid = 3")
        for table in ("search", "search_notes", "search_articles", "search_public_articles"):
            told = db.execute("SELECT sum(rows), sum(tokens) FROM search_sizes WHERE name = ?", (table,))
            real = db.execute(f"SELECT count(*), sum(size) FROM {table}")
            assert told.fetchall() == real.fetchall() != [(0, None)]


@pytest.mark.parametrize(
    "words", ["call", "call call cal", "a-" * 30_000, "w" * 60_000, '"' * 60_000, "call " * 20_000, "a\0b \ud800"]
)
def test_hostile_words_and_texts(pair: Pair, words: str) -> None:
    """FIND-3: texts of one word on and on, and words without end, are found and shown alike, and in part."""
    with pair.writing() as both:
        for record in both:
            index(record, 1, {"subject": "call", "updates": "call " * 40_000})
            index(record, 2, {"subject": "a b", "updates": "a " * 40_000})
            index(record, 3, {"updates": "w" * 300_000})
            index(record, 4, {"updates": "call a" + "\u0301" * 100_000, "notes": "call. " * 20_000})
        one, other = (answer(record, words, notes=True) for record in both)
        assert one == other
        snippets: Any = one[3]
        assert all(len(snippet) < 3_000 for snippet in snippets)


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_time_grows_as_the_texts_do(pair: Pair, engine: str) -> None:
    """FIND-3, KB-1: a word that stands in a text four times as often takes no sixteen times as long."""
    with pair.writing() as both:
        record = both[Pair._fields.index(engine)]
        took = []
        for id_, times in ((1, 5_000), (2, 20_000)):
            index(record, id_, {"subject": f"w{id_}", "updates": "call " * times})
            put(record, id_, {"title": f"w{id_}", "body": "call " * times, "keywords": [], "public": True})
            took.append(min(_took(record, id_) for _ in range(5)))
        assert took[1] < 8 * took[0]


def _took(record: Reading, id_: int) -> float:
    begun = process_time()
    said = answer(record, f"w{id_} call")
    shown = record.article_snippets(["call"], [id_], public=True, unfinished=True)
    took = process_time() - begun
    assert said[0] == [id_]
    assert "call»" in shown[id_]
    return took
