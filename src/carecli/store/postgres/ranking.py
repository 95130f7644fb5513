"""Hits ranked as FTS5 ranks them, by BM25: how often words occur, how rare they are, in how long a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from typing import Final, NamedTuple

# As FTS5 has them, step by step, for equal texts must get equal scores on both engines.
_K1: Final = 1.2
_B: Final = 0.75
_LEAST: Final = 1e-6


class Hit(NamedTuple):
    """A row with its length in words, and how often each phrase occurs in it, by weights."""

    rowid: int
    size: int
    counts: tuple[int, ...]


def scored(hits: Iterable[Hit], rarities: Sequence[float], average: float) -> list[tuple[float, int]]:
    """The score of each hit, and its row; `average` is the length of a row."""
    return [(_score(hit, rarities, average), hit.rowid) for hit in hits]


def rarity(rows: float, holding: float) -> float:
    """How much a phrase tells that so many rows of all hold."""
    told = log((rows - holding + 0.5) / (holding + 0.5))
    return told if told > 0 else _LEAST


def _score(hit: Hit, rarities: Sequence[float], average: float) -> float:
    score = 0.0
    for rare, count in zip(rarities, hit.counts, strict=True):
        length = 1 - _B + _B * hit.size / average
        score += rare * ((count * (_K1 + 1.0)) / (count + _K1 * length))
    return score
