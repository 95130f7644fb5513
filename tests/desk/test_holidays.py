"""Public holidays of countries and subdivisions as closed dates (ACC-3, CAL-1, CAL-4)."""

import pytest

from carecli.desk.holidays import gaps, public_holidays
from carecli.domain.calendar import Calendar
from carecli.errors import Invalid


def test_a_country() -> None:
    """ACC-3: a country's holidays are dates with their names, in order."""
    found = public_holidays("US", [2026])
    assert found["2026-12-25"] == "Christmas Day"
    assert list(found) == sorted(found)
    assert all(day.startswith("2026-") for day in found)


def test_observed_days() -> None:
    """CAL-1: observed days close the desk too, also one that falls in the year before its holiday."""
    assert "observed" in public_holidays("US", [2021])["2021-12-31"]
    assert "observed" in public_holidays("US", [2026])["2026-07-03"]


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("ES-MD", "2026-05-02", "Madrid Day"),  # the subdivision's own
        ("ES-MD", "2026-01-06", "Epiphany"),  # the country's, in English
        ("es-md", "2026-05-02", "Madrid Day"),
        ("GB-SCT", "2026-11-30", "Saint Andrew's Day"),
    ],
)
def test_subdivisions(code: str, day: str, name: str) -> None:
    """ACC-3: a subdivision adds its own holidays to the country's, named in English where known."""
    assert public_holidays(code, [2026])[day].startswith(name)


def test_codes_merge() -> None:
    """ACC-3: several codes merge; a date that they name alike carries one name."""
    both = public_holidays("US, CA-ON", [2026])
    assert both["2026-12-25"] == "Christmas Day"
    assert both["2026-07-01"] == "Canada Day"
    assert both["2026-11-26"].startswith("Thanksgiving")


def test_several_years() -> None:
    """ACC-3: each year asked for is resolved, no other."""
    assert {day[:4] for day in public_holidays("ES", [2026, 2028])} == {"2026", "2028"}


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("XX", "did you mean"),
        ("US-CAA", "US-CA"),
        ("ES-", "ES-"),
        ("", "did you mean"),
        ("US,", "did you mean"),
        ("SM-XX", "no subdivisions"),
        ("../etc", "did you mean"),
    ],
)
def test_unknown_codes(code: str, hint: str) -> None:
    """CAL-4: an unknown country or subdivision is refused with the nearest codes."""
    with pytest.raises(Invalid) as refusal:
        public_holidays(code, [2026])
    assert hint in (refusal.value.hint or "")


def test_years_of_which_nothing_is_known() -> None:
    """CAL-4: the years without a holiday are told code by code; where each has some, nothing is."""
    assert gaps("US,es-md", [2026, 2027]) == {}
    assert gaps("US,CA-ON", [1700, 2026]) == {"US": [1700], "CA-ON": [1700]}


@pytest.mark.parametrize("years", [[], [0], [10_000]])
def test_impossible_years(years: list[int]) -> None:
    """CAL-4: years that no calendar has are refused."""
    with pytest.raises(Invalid):
        public_holidays("US", years)


def test_they_close_a_calendar() -> None:
    """ACC-3: what is found is what a calendar takes as its closed dates."""
    closed = public_holidays("US-NY", [2026])
    assert Calendar.from_document({"zone": "UTC", "week": "24x7", "closed": closed}).closed == closed
