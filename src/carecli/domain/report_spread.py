"""How durations of a report spread: the middle one, and the one that few exceed (RPT-1)."""

from collections.abc import Sequence
from typing import NamedTuple


class Spread(NamedTuple):
    """Median and 90th percentile `of` so many durations in seconds, by nearest rank."""

    of: int = 0
    median_s: int | None = None
    p90_s: int | None = None


def spread(durations: Sequence[int]) -> Spread:
    """The median and the 90th percentile, each the smallest that so many percent of them do not exceed."""
    if not durations:
        return Spread()
    ranked = sorted(durations)
    return Spread(len(ranked), _nearest(ranked, 50), _nearest(ranked, 90))


def _nearest(ranked: Sequence[int], percent: int) -> int:
    return ranked[-(-percent * len(ranked) // 100) - 1]
