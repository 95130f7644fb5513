"""Half-open stretches of integer seconds, and the algebra that office hours, closures and pauses share."""

from collections.abc import Iterable
from typing import NamedTuple


class Interval(NamedTuple):
    """The seconds from `start` up to, not including, `end`."""

    start: int
    end: int


def union(spans: Iterable[tuple[int, int]]) -> tuple[Interval, ...]:
    """Return the same seconds in order, with empty spans dropped and overlapping or touching ones joined."""
    joined: list[Interval] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if joined and start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Interval(start, end))
    return tuple(joined)


def clip(spans: Iterable[tuple[int, int]], start: int, end: int | None = None) -> tuple[Interval, ...]:
    """Return the parts of `spans` that lie in [start, end), in the order given; no `end` means for ever."""
    parts = (Interval(max(first, start), last if end is None else min(last, end)) for first, last in spans)
    return tuple(part for part in parts if part.start < part.end)


def subtract(spans: Iterable[tuple[int, int]], holes: Iterable[tuple[int, int]]) -> tuple[Interval, ...]:
    """Return the seconds of `spans` that lie in none of `holes`, as a union."""
    gaps = union(holes)
    left: list[Interval] = []
    for start, end in union(spans):
        position = start
        for gap in clip(gaps, start, end):
            left.append(Interval(position, gap.start))
            position = gap.end
        left.append(Interval(position, end))
    return union(left)


def total(spans: Iterable[tuple[int, int]]) -> int:
    """Return how many seconds lie in at least one of `spans`."""
    return sum(end - start for start, end in union(spans))
