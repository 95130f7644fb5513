"""How articles are found: all words first, then the most telling of them, slips of the hand put right (KB-1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.domain import knowledge_relevance as relevance
from carecli.domain import knowledge_words
from carecli.domain.knowledge import ArticleFilter, ArticleHit, ArticlesFound, ArticleStatus
from carecli.domain.knowledge_relevance import Holding
from carecli.domain.rarity import rarity
from carecli.store.entries_opening import ArticleRank, ArticleSearch

if TYPE_CHECKING:
    from carecli.domain.knowledge import Article
    from carecli.store.protocol import Reading

RANKED_MAX: Final = 1_000
"""So many hits are ranked anew by how much of the question they answer."""

PUBLISHED: Final = ArticleFilter(statuses=(ArticleStatus.PUBLISHED,))

SHARED_BY: Final = 0.2
LEAST_SHARED: Final = 50
"""A word that a fifth of all articles holds, or more, tells nothing of what a case is about."""

TOLD_MAX: Final = 40
"""The words of a case that are looked up: of a long description the first ones."""

CANDIDATES: Final = 40
SAID_LEAST: Final = 1.0
"""What a word must weigh for an article to be looked at that holds it in its body alone."""
BY_RANK: Final = 0.05
VOTES_MAX: Final = 5
VOTE: Final = 0.002


class Wanted(NamedTuple):
    """The words to search for, what they were corrected from, and those that no article holds."""

    words: tuple[str, ...]
    corrected: Mapping[str, str]
    unknown: tuple[str, ...]
    unfinished: bool


def found(reading: Reading, text: str, filter_: ArticleFilter, *, public: bool, limit: int) -> ArticlesFound:
    """The articles that fit the words of `text` best: those that hold all, else those that hold the most."""
    wanted = _wanted(reading, knowledge_words.asked(text), public=public)
    if not wanted.words:
        return ArticlesFound((), 0, wanted.corrected, unknown=wanted.unknown)
    ranked: list[ArticleRank] = []
    if not wanted.unknown:
        ranked = _ranked(reading, wanted, filter_, public=public, every=True)
    partial = not ranked
    if partial:
        ranked = _by_share(reading, wanted, _ranked(reading, wanted, filter_, public=public, every=False), public)
    articles = _with_votes(reading.articles_of([rank.id for rank in ranked[: 4 * limit]], public=public), ranked)
    hits = _hits(reading, articles[:limit], wanted, public=public)
    return ArticlesFound(tuple(hits), len(ranked), wanted.corrected, partial and bool(ranked), wanted.unknown)


def fitting(reading: Reading, text: str, service: str | None, *, public: bool, limit: int) -> list[ArticleHit]:
    """The published articles that are about what a case's subject (the first line) and description tell."""
    articles = reading.article_count(public=public)
    subject, _, _ = text.strip().partition("\n")
    asked = frozenset(knowledge_words.telling(knowledge_words.asked(subject)))
    holdings, corrected = _holdings(reading, text, asked, articles, public=public)
    subject_words = frozenset(corrected.get(word, word) for word in asked)
    candidates = reading.articles_of(_candidates(holdings, articles), public=public)
    known = [one for one in candidates if one.status is ArticleStatus.PUBLISHED]
    sizes = {one.id: len(set(knowledge_words.telling(knowledge_words.words(one.title)))) for one in known}
    scores = relevance.fitting(holdings, subject_words, articles, sizes)
    weighed = [(scores[one.id] * _at_home(one, service), one) for one in known]
    best = sorted(
        (pair for pair in weighed if pair[0] >= relevance.FLOOR),
        key=lambda pair: (-round(pair[0], 2), -(pair[1].helpful - pair[1].unhelpful), pair[1].id),
    )
    words = [one.word for one in holdings]
    shown = Wanted(tuple(words), corrected, (), unfinished=False)
    return _hits(reading, [one for _, one in best[:limit]], shown, public=public)


def _at_home(article: Article, service: str | None) -> float:
    """How an article weighs by its services: more where it names the case's, less where it names others alone."""
    if not service or not article.services:
        return 1.0
    named = {name.casefold() for name in article.services}
    return relevance.SERVICE if service.casefold() in named else 1 / relevance.SERVICE


def _holdings(
    reading: Reading, text: str, subject: frozenset[str], articles: int, *, public: bool
) -> tuple[list[Holding], Mapping[str, str]]:
    """The telling words of a text with the articles that hold them; slips in the subject are put right."""
    told = knowledge_words.telling(dict.fromkeys(knowledge_words.words(text)))[:TOLD_MAX]
    corrected: dict[str, str] = {}
    holdings: dict[str, Holding] = {}
    for word in told if articles else ():
        one = _holding(reading, word, public)
        if not one.anywhere and word in subject and (meant := _near(reading, word, public=public)):
            one = _holding(reading, meant, public)
            corrected[word] = meant
        if one.anywhere and len(one.head) <= max(LEAST_SHARED, SHARED_BY * articles):
            holdings[one.word] = one
    return list(holdings.values()), corrected


def _holding(reading: Reading, word: str, public: bool) -> Holding:
    anywhere = frozenset(reading.articles_with(word, public=public))
    head = frozenset(reading.articles_with(word, public=public, headed=True)) if anywhere else anywhere
    return Holding(word, head, anywhere)


def _candidates(holdings: Sequence[Holding], articles: int) -> list[int]:
    """The articles that share the most telling words with the text, those in their heads counting more."""
    weights: dict[int, float] = {}
    for one in holdings:
        told, said = rarity(len(one.head), articles), rarity(len(one.anywhere), articles)
        for id_ in one.head:
            weights[id_] = weights.get(id_, 0.0) + told
        for id_ in one.anywhere - one.head if said > SAID_LEAST else ():
            weights[id_] = weights.get(id_, 0.0) + relevance.BODY * said
    return sorted(weights, key=lambda id_: (-weights[id_], id_))[:CANDIDATES]


def _wanted(reading: Reading, asked: Sequence[str], *, public: bool) -> Wanted:
    """The telling words of a search, those that no article holds put right where one is near (DC-3)."""
    telling = knowledge_words.telling(asked)
    corrected: dict[str, str] = {}
    unknown: list[str] = []
    for place, word in enumerate(telling, start=1):
        if _held(reading, word, place == len(telling), public):
            continue
        meant = _near(reading, word, public=public) or _parted(reading, word, public=public)
        if meant:
            corrected[word] = meant
        else:
            unknown.append(word)
    meant_words = " ".join(corrected.get(word, word) for word in telling if word not in unknown).split()
    words = tuple(dict.fromkeys(meant_words))
    unfinished = bool(words) and telling[-1] == words[-1]
    return Wanted(words, corrected, tuple(unknown), unfinished)


def _held(reading: Reading, word: str, last: bool, public: bool) -> bool:
    """Whether any article holds a word; the last one may be unfinished."""
    return bool(reading.articles_with(word, public=public, unfinished=last, limit=1))


def _near(reading: Reading, word: str, *, public: bool) -> str | None:
    """The word that was meant; first among those that begin alike, as most slips do."""
    if not knowledge_words.correctable(word):
        return None
    shortest, longest = knowledge_words.lengths(word)
    alike = reading.article_words(
        public=public, shortest=shortest, longest=longest, beginnings=knowledge_words.beginnings(word)
    )
    return knowledge_words.nearest(word, alike) or knowledge_words.nearest(
        word, reading.article_words(public=public, shortest=shortest, longest=longest)
    )


def _parted(reading: Reading, word: str, *, public: bool) -> str | None:
    """The two words that were written as one."""
    if not knowledge_words.correctable(word):
        return None
    first = reading.article_words(public=public, shortest=3, longest=len(word), beginnings=word[:1])
    for half in sorted(filter(word.startswith, first), key=len, reverse=True):
        rest = word[len(half) :]
        if len(rest) > 2 and reading.articles_with(rest, public=public, limit=1):
            return f"{half} {rest}"
    return None


def _ranked(
    reading: Reading, wanted: Wanted, filter_: ArticleFilter, *, public: bool, every: bool
) -> list[ArticleRank]:
    search = ArticleSearch(wanted.words, public, every, wanted.unfinished)
    return reading.ranked_articles(search, filter_, RANKED_MAX)


def _by_share(reading: Reading, wanted: Wanted, ranked: Sequence[ArticleRank], public: bool) -> list[ArticleRank]:
    """Hits by how much of the question they answer, of equals as they were ranked."""
    articles = reading.article_count(public=public)
    holdings = [
        Holding(word, frozenset(), frozenset(reading.articles_with(word, public=public, unfinished=last)))
        for word, last in zip(wanted.words, _lasts(wanted), strict=True)
    ]
    shares = relevance.covered([one for one in holdings if one.anywhere], articles)
    best = max((rank.score for rank in ranked), default=0.0) or 1.0
    weighed = [
        rank._replace(score=round(shares.get(rank.id, 0.0), 1) + BY_RANK * rank.score / best) for rank in ranked
    ]
    return sorted(weighed, key=lambda rank: (-rank.score, rank.id))


def _lasts(wanted: Wanted) -> list[bool]:
    """For each word whether it is the last one and may be unfinished."""
    return [*(False for _ in wanted.words[1:]), wanted.unfinished]


def _with_votes(articles: list[Article], ranked: Sequence[ArticleRank]) -> list[Article]:
    """The articles as they were ranked; of those that fit alike, what helped more people comes first."""
    scores = {rank.id: rank.score for rank in ranked}
    place = {article.id: at for at, article in enumerate(articles)}
    best = max(scores.values(), default=1.0) or 1.0

    def order(article: Article) -> tuple[float, int]:
        votes = max(-VOTES_MAX, min(VOTES_MAX, article.helpful - article.unhelpful))
        return (-(scores[article.id] / best + VOTE * votes), place[article.id])

    return sorted(articles, key=order) if scores else articles


def _hits(reading: Reading, articles: Sequence[Article], wanted: Wanted, *, public: bool) -> list[ArticleHit]:
    ids = [article.id for article in articles]
    snippets = reading.article_snippets(wanted.words, ids, public=public, unfinished=wanted.unfinished)
    return [ArticleHit(article, snippets.get(article.id, ""), wanted.corrected) for article in articles]
