"""Amounts of time as policies write them (CAL-2, CAL-3, SLA-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.amount import COUNT_LIMIT, Amount, Unit
from carecli.errors import Invalid


@pytest.mark.parametrize(
    ("text", "unit", "seconds", "business"),
    [
        ("90s", Unit.SECONDS, 90, False),
        ("15m", Unit.MINUTES, 900, False),
        ("4h", Unit.HOURS, 14_400, False),
        ("3d", Unit.DAYS, None, False),  # its length depends on daylight saving
        ("90bs", Unit.BUSINESS_SECONDS, 90, True),
        ("30bm", Unit.BUSINESS_MINUTES, 1_800, True),
        ("6bh", Unit.BUSINESS_HOURS, 21_600, True),
        ("2bd", Unit.BUSINESS_DAYS, None, True),
        ("0m", Unit.MINUTES, 0, False),
    ],
)
def test_units(text: str, unit: Unit, seconds: int | None, business: bool) -> None:
    """SLA-1: each unit says whether it counts business time, and how long it is."""
    amount = Amount.parse(text)
    assert (amount.unit, amount.seconds, amount.business) == (unit, seconds, business)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "h",
        "4",
        "-4h",
        "+4h",
        "4.5h",
        "4 h",
        " 4h",
        "4h\n",
        "4H",
        "4w",
        "4hb",
        "4bhh",
        "1h30m",
        "1_000s",
        "٤h",  # Arabic-Indic four
        "²h",
        "1000000001s",
        "9" * 5_000 + "s",
        "9" * 100_000,
    ],
)
def test_nonsense_is_refused(text: str) -> None:
    """CAL-3: anything but a count and a known unit is refused in one short sentence with a remedy."""
    with pytest.raises(Invalid) as refusal:
        Amount.parse(text)
    assert refusal.value.hint
    assert len(refusal.value.message) < 100


def test_count_is_bounded() -> None:
    """CAL-4: an absurd or negative count is refused where it is made."""
    for count in (-1, COUNT_LIMIT + 1):
        with pytest.raises(Invalid):
            Amount(count, Unit.HOURS)


@given(st.integers(0, COUNT_LIMIT), st.sampled_from(Unit))
def test_text_round_trip(count: int, unit: Unit) -> None:
    """SLA-8: a policy's amount comes back from its text unchanged."""
    amount = Amount(count, unit)
    assert Amount.parse(str(amount)) == amount
