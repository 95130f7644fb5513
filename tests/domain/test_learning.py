"""Learning which features speak for which component: exact, incremental, the same every time (OPEN-6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain import learning
from carecli.domain.features import STRENGTH
from carecli.domain.learning import Example, Row

WEIGHTS = st.dictionaries(st.integers(0, 40), st.integers(-(2**31), 2**31 - 1), max_size=12)
ROOM = 41


@given(WEIGHTS, WEIGHTS, st.integers(-4_000, 4_000))
def test_lanes_add_and_multiply_as_their_numbers(one: dict[int, int], other: dict[int, int], factor: int) -> None:
    """OPEN-6: rows in one whole number each are added and multiplied lane by lane, exactly."""
    lanes = learning.joined(one) + learning.joined(other) * factor
    expected = [one.get(place, 0) + factor * other.get(place, 0) for place in range(ROOM)]
    assert learning.spread(lanes, ROOM) == expected
    row = Row(lanes=lanes)
    assert [row.weight(place) for place in range(ROOM)] == expected
    assert row.weights(ROOM) == {place: weight for place, weight in enumerate(expected) if weight}


@given(st.lists(st.floats(-800, 800), max_size=30))
def test_chances_make_one_with_that_of_none(scores: list[float]) -> None:
    """OPEN-6: chances lie between 0 and 1, in the order of the scores, and leave room for none of them."""
    found = learning.chances(scores)
    assert all(0 <= chance <= 1 for chance in found)
    assert sum(found) <= 1 + 1e-9
    assert sorted(found) == [chance for _, chance in sorted(zip(scores, found, strict=True))]


def example(*rows: Row, component: int) -> Example:
    """An example whose features are equally strong."""
    return Example(rows, [STRENGTH // 2] * len(rows), component)


def told(row: Row) -> list[int]:
    """What a row says of the first three components."""
    return [row.weight(component) for component in range(3)]


def test_an_example_moves_its_own_features_towards_its_component() -> None:
    """OPEN-6: each step makes the right one likelier, and leaves the features of other cases alone."""
    rows, other = [Row(), Row()], Row()
    lesson = example(*rows, component=1)
    chances = [learning.step(lesson, [0, 1, 2]) for _ in range(5)]
    assert chances == sorted(chances)
    assert chances[0] == pytest.approx(1 / 4)
    assert chances[-1] > 0.5
    assert all(row.weight(1) > 0 > row.weight(0) == row.weight(2) for row in rows)
    assert (other.moved, other.lanes) == (Row().moved, 0)


def test_the_only_component_there_is_learns_too() -> None:
    """OPEN-6: a desk's first cases of one component are worth something when there is a second."""
    row = Row()
    assert learning.step(example(row, component=0), [0]) == pytest.approx(1 / 2)
    assert row.weight(0) > 0


def test_a_feature_that_moved_often_moves_less() -> None:
    """OPEN-6: words of every case lose their say, rare ones keep theirs."""
    often = Row()
    for turn in range(40):
        learning.step(example(often, component=turn % 2), [0, 1])
    rare, before = Row(), often.weight(0)
    learning.step(example(often, rare, component=0), [0, 1])
    assert rare.weight(0) > often.weight(0) - before > 0


def test_what_is_well_known_is_not_touched() -> None:
    """OPEN-6: a case that says nothing new changes nothing."""
    row = Row(lanes=learning.joined({0: 40 * learning.UNIT}))
    assert learning.step(example(row, component=0), [0, 1]) > 1 - learning.SMALL
    assert told(row) == [40 * learning.UNIT, 0, 0]


@given(st.integers(0, 400), st.integers(0, learning.PASSES - 1))
def test_a_pass_goes_through_everything_once(count: int, turn: int) -> None:
    """OPEN-6: no example is left out or learned twice in a pass."""
    assert sorted(learning.order(count, turn)) == list(range(count))


LESSONS = st.lists(st.tuples(st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True), st.integers(0, 2)))


@given(LESSONS)
def test_the_same_examples_make_the_same_rows(lessons: list[tuple[list[int], int]]) -> None:
    """OPEN-6: what is learned depends on the examples alone; weights stay in the bounds in which they are kept."""

    def learned() -> list[tuple[float, int]]:
        rows = [Row() for _ in range(10)]
        examples = [example(*(rows[place] for place in places), component=right) for places, right in lessons]
        learning.learn(examples, [0, 1, 2], lambda _: None)
        return [(row.moved, row.lanes) for row in rows]

    first = learned()
    assert first == learned()
    assert all(abs(weight) < 2**31 for _, lanes in first for weight in learning.spread(lanes, 3))


def test_very_many_examples_are_gone_through_less_often() -> None:
    """OPEN-6: learning stays a matter of minutes."""
    assert [learning.passes(count) for count in (0, 1, 33_333, 50_000, 100_000, 10**9)] == [6, 6, 6, 4, 2, 2]


def test_many_passes_tell_sorted_examples_apart() -> None:
    """OPEN-6: a file that is sorted by component is learned as well as any other."""
    rows = [Row() for _ in range(30)]
    # Every example has a feature that all share, and one that its component alone has.
    lessons = [(0, 1 + 3 * right + n % 3, right) for right in range(3) for n in range(30)]
    heard: list[int] = []
    learning.learn([example(rows[a], rows[b], component=c) for a, b, c in lessons], [0, 1, 2], heard.append)
    for a, b, right in lessons:
        scores = learning.scores([rows[a], rows[b]], [STRENGTH // 2] * 2, 3)
        assert max(range(3), key=scores.__getitem__) == right
    assert heard == [100, 200, 300, 400, 500]
