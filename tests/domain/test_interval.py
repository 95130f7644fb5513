"""The interval algebra that hours, closures and pauses share (CAL-1, SLA-4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.interval import Interval, clip, subtract, total, union

SPANS = st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30)), max_size=8)


def seconds(spans: list[tuple[int, int]]) -> set[int]:
    return {second for start, end in spans for second in range(start, end)}


@pytest.mark.parametrize(
    ("spans", "joined"),
    [
        ([], []),
        ([(3, 3), (5, 4)], []),  # empty and inverted ones hold no second
        ([(0, 2), (2, 4)], [(0, 4)]),  # touching
        ([(0, 2), (3, 4)], [(0, 2), (3, 4)]),  # one second apart
        ([(5, 9), (0, 6)], [(0, 9)]),  # overlapping, out of order
        ([(0, 9), (2, 3)], [(0, 9)]),  # one inside the other
    ],
)
def test_union_joins(spans: list[tuple[int, int]], joined: list[tuple[int, int]]) -> None:
    """CAL-1: a union keeps the same seconds in as few half-open intervals as there can be."""
    assert union(spans) == tuple(Interval(*span) for span in joined)


@given(SPANS, SPANS)
def test_subtract_is_set_difference(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> None:
    """SLA-4: what holes leave over is exactly the seconds outside them, as a union."""
    left = subtract(spans, holes)
    assert seconds(list(left)) == seconds(spans) - seconds(holes)
    assert left == union(left)


@given(SPANS)
def test_total_counts_each_second_once(spans: list[tuple[int, int]]) -> None:
    """SLA-4: two pauses over the same second are one second of pause."""
    assert total(spans) == len(seconds(spans))


@given(SPANS, st.integers(-30, 30), st.integers(-30, 30))
def test_clip_keeps_the_window(spans: list[tuple[int, int]], start: int, end: int) -> None:
    """SLA-4: a hole counts only where it lies in the stretch measured."""
    assert seconds(list(clip(spans, start, end))) == seconds(spans) & set(range(start, end))


def test_clip_without_an_end() -> None:
    """SLA-4: parts before the start are ignored, however late the rest."""
    assert clip([(0, 5), (7, 99)], 3) == (Interval(3, 5), Interval(7, 99))
