"""Case numbers as they are typed, whole and begun."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.numbers import LARGEST, spans, written


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("", [(1, LARGEST)]),
        ("0000000042", [(42, 42)]),
        ("000000004", [(40, 49)]),
        ("00000000042", []),
        ("x", []),
        ("٣", []),
        ("-1", []),
    ],
)
def test_spans(digits: str, expected: list[tuple[int, int]]) -> None:
    """OPEN-1: a number that is begun with zeros is the one on paper."""
    assert spans(digits) == expected


def test_spans_without_zeros() -> None:
    """OPEN-1: a number that is begun without zeros may be of any length, the longest first."""
    assert spans("42")[-2:] == [(420, 429), (42, 42)]
    assert spans("42")[0] == (4_200_000_000, 4_299_999_999)


@given(st.integers(1, LARGEST), st.integers(0, LARGEST), st.booleans())
def test_a_number_lies_in_the_spans_of_its_beginnings(number: int, other: int, padded: bool) -> None:
    """OPEN-1: a number is found by each of its beginnings, and by no other's."""
    text = written(number) if padded else str(number)
    for end in range(len(text) + 1):
        assert any(low <= number <= high for low, high in spans(text[:end]))
    begun = str(other)
    found = any(low <= number <= high for low, high in spans(begun))
    assert found == (written(number) if begun.startswith("0") else str(number)).startswith(begun)
