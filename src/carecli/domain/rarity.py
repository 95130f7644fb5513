"""How much a word tells: more, the fewer texts hold it (OPEN-7, KB-1)."""

from math import log


def rarity(holders: int, total: int) -> float:
    """What a word weighs that stands in `holders` of `total` texts, as BM25 has it."""
    return log(1 + (max(total, holders) - holders + 0.5) / (holders + 0.5))
