"""Whether an article is about what a text asks: the weight of the words that they share (KB-1, OPEN-7).

A word weighs more, the fewer articles hold it. In a search an article is weighed by the share of the question that
it answers; before a case is opened, also by the share of its own title that the text speaks of, and only what
passes a floor is offered: one common word makes no article relevant.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from carecli.domain.rarity import rarity

FLOOR: Final = 0.46
"""What an article must reach to be offered unasked.

Chosen on made articles of one trade; of those of other trades it lets through about half of the right ones, and
something wrong to one case in five that none spares (benchmarks/knowledge.py).
"""

BODY: Final = 0.35
"""What a word weighs in the body alone, of what it weighs in title or keywords."""

TOLD: Final = 0.5
"""How much it counts what share of the title the text speaks of, against what share of the subject is answered."""

ASKED_MAX: Final = 8
"""So many words of a subject count, the most telling ones."""

ASKED_LEAST: Final = 2.0
"""A subject of one word is answered like half of one of two: it may stand in many a title."""

UNKNOWN: Final = 0.3
"""What a word of the subject weighs that no article holds, of what it would if one did."""
SERVICE: Final = 1.15
"""How much more an article weighs that is of the case's service, and how much less one of others alone."""


class Holding(NamedTuple):
    """A word of a text, and the articles that hold it in their heads and anywhere."""

    word: str
    head: frozenset[int]
    anywhere: frozenset[int]


def covered(words: Sequence[Holding], articles: int) -> dict[int, float]:
    """By article, the share of the telling weight of a search that it holds; from 0 to 1."""
    weights = {one.word: rarity(len(one.anywhere), articles) for one in words}
    total = sum(weights.values())
    shares: dict[int, float] = {}
    for one in words:
        for id_ in one.anywhere:
            shares[id_] = shares.get(id_, 0.0) + weights[one.word] / total
    return shares


def fitting(
    words: Sequence[Holding], subject: frozenset[str], articles: int, titles: Mapping[int, int]
) -> dict[int, float]:
    """By article, how well it fits a text whose telling words these are; `subject` are those of its first line.

    `titles` counts the telling words in the heads of the articles that are weighed.
    """
    heads = {one.word: rarity(len(one.head), articles) for one in words}
    bodies = {one.word: BODY * rarity(len(one.anywhere), articles) for one in words}
    asked = _asked(heads, subject, articles)
    scores: dict[int, float] = {}
    for id_, size in titles.items():
        head = [one.word for one in words if id_ in one.head]
        body = [one.word for one in words if id_ in one.anywhere and id_ not in one.head]
        told = min(1.0, len(head) / max(size, 1))
        answered = sum(heads[word] for word in head if word in subject)
        answered += sum(bodies[word] for word in body if word in subject)
        enough = min(1.0, (len(head) + len(body) / 3) / 2)
        scores[id_] = enough * (TOLD * told + (1 - TOLD) * min(1.0, answered / asked))
    return scores


def _asked(heads: Mapping[str, float], subject: frozenset[str], articles: int) -> float:
    """What a subject weighs; what no article speaks of weighs too, and speaks against all of them."""
    weights = [heads.get(word, UNKNOWN * rarity(0, articles)) for word in subject]
    return max(sum(sorted(weights, reverse=True)[:ASKED_MAX]), ASKED_LEAST * rarity(1, articles))
