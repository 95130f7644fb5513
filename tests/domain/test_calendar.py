"""Reading, checking and writing a business calendar (ACC-3, CAL-1, CAL-4, SLA-8)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.calendar import DAY_S, Calendar, Week, canonical_week, hours_text, parse_hours
from carecli.errors import Invalid

NINE_TO_FIVE = [["09:00", "17:00"]]


def read(week: object, zone: object = "Europe/Madrid", closed: object = None) -> Calendar:
    return Calendar.from_document({"zone": zone, "week": week, "closed": closed})


def test_document_round_trip() -> None:
    """ACC-3: a calendar's document holds zone, week and closed days, and reads back as an equal calendar."""
    calendar = read({"mon": [["09:00", "12:30"], ["13:15:30", "17:00"]]}, closed={"2026-12-25": "Christmas Day"})
    document = calendar.document()
    assert document == {
        "zone": "Europe/Madrid",
        "week": {"mon": [["09:00", "12:30"], ["13:15:30", "17:00"]]}
        | {day: [] for day in ("tue", "wed", "thu", "fri", "sat", "sun")},
        "closed": {"2026-12-25": "Christmas Day"},
    }
    again = Calendar.from_document(document)
    assert (again, hash(again)) == (calendar, hash(calendar))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"mon": [["13:00", "17:00"], ["09:00", "12:00"]]}, {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}),
        ({"mon": [["09:00", "12:00"], ["12:00", "17:00"]]}, {"mon": NINE_TO_FIVE}),  # touching
        ({"tue": NINE_TO_FIVE, "mon": NINE_TO_FIVE}, {"mon": NINE_TO_FIVE, "tue": NINE_TO_FIVE, "sun": []}),
        ({"sun": [["22:00", "06:00"]]}, {"sun": [["22:00", "24:00"]], "mon": [["00:00", "06:00"]]}),
        ({"sun": [["22:00", "00:00"]]}, {"sun": [["22:00", "24:00"]]}),
        ({"Monday": [["9:00", "17:00:00"]]}, {"mon": NINE_TO_FIVE}),
        ("Mon 09:00-17:00", {"mon": NINE_TO_FIVE}),
    ],
)
def test_equal_hours_have_equal_documents(one: Any, other: Any) -> None:
    """SLA-8: the same meaning gives the same JSON, since the copy with the case is known by its hash."""
    assert json.dumps(read(one).document()) == json.dumps(read(other).document())


def test_closed_dates_are_sorted() -> None:
    """SLA-8: neither the order nor the form in which closed dates are listed changes the document."""
    listed = read("24x7", closed=["2026-12-25", "2026-01-01"])
    assert json.dumps(listed.document()["closed"]) == '{"2026-01-01": "", "2026-12-25": ""}'


@pytest.mark.parametrize(
    ("week", "about"),
    [
        ({}, "no open time"),
        ({"mon": []}, "no open time"),
        (None, "needs a week"),
        ([], "needs a week"),
        ({"mon": [["09:00", "12:00"], ["11:59", "13:00"]]}, "overlap"),
        ({"mon": [["22:00", "06:00"]], "tue": [["05:00", "09:00"]]}, "overlap"),  # past midnight
        ({"sun": [["22:00", "06:00"]], "mon": [["05:00", "09:00"]]}, "overlap"),  # past the week's end
        ({"mon": NINE_TO_FIVE, "monday": NINE_TO_FIVE}, "overlap"),
        ({"mon": [["09:00", "09:00"]]}, "empty"),
        ({"mon": [["00:00", "00:00"]]}, "empty"),
        ({"mon": [["24:00", "06:00"]]}, "24:00"),
        ({"mon": [["09:00", "24:01"]]}, "24:01"),
        ({"mon": [["09:00", "24:00:01"]]}, "24:00:01"),
        ({"mon": [["9", "17"]]}, "'9'"),
        ({"mon": [["09:60", "17:00"]]}, "09:60"),
        ({"mon": [["٠٩:00", "17:00"]]}, "no time of day"),
        ({"mon": [["-1:00", "17:00"]]}, "no time of day"),
        ({"mon": [[None, 17]]}, "None"),
        ({"mon": [["09:00"]]}, "pair"),
        ({"mon": "09:00-17:00"}, "list"),
        ({"mon": [5]}, "pair"),
        ({"noday": NINE_TO_FIVE}, "noday"),
        ("Mon-Foo 09:00-17:00", "Foo"),
        ("09:00-17:00", "days and hours"),
        ("Mon", "days and hours"),
        ("Mon 09:00-17:00,", "days and hours"),
        ("Mon 09:00", "pair"),
        ("Mon 09:00-12:00-13:00", "pair"),
        ("", "days and hours"),
    ],
)
def test_impossible_weeks_are_refused(week: Any, about: str) -> None:
    """CAL-4: hours that mean nothing are refused, with what is wrong and a remedy."""
    with pytest.raises(Invalid, match=about) as refusal:
        read(week)
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("Europe/Madird", "Europe/Madrid"),
        ("new york", "America/New_York"),
        ("EST5", "EST"),
        ("", "Europe/Madrid"),
        ("America", "America"),
        ("../etc/passwd", ""),
        ("/etc/localtime", ""),
        ("localtime", ""),  # would depend on the machine
        ("right/UTC", ""),  # counts leap seconds
        ("x" * 10_000, ""),
        ("a\0b", ""),
        ("\ud800", ""),
        (None, "zone"),
        (3, "zone"),
    ],
)
def test_unknown_zone_is_refused(zone: object, hint: str) -> None:
    """CAL-4: an unknown zone is refused with the nearest names."""
    with pytest.raises(Invalid) as refusal:
        read("24x7", zone=zone)
    assert hint in (refusal.value.hint or "")


@pytest.mark.parametrize(
    "closed", [["2026-13-01"], ["20261225"], ["2026-W01-1"], ["christmas"], [None], "2026-12-25", 5, {"x": "y"}]
)
def test_bad_closed_dates_are_refused(closed: object) -> None:
    """ACC-3: a closed day that is no date is refused rather than forgotten."""
    with pytest.raises(Invalid) as refusal:
        read("24x7", closed=closed)
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("24x7", "24x7"),
        ("24/7", "24x7"),
        ("Mon-Sun 00:00-24:00", "24x7"),
        ("mon-fri 9:00-12:30 13:15-17:00, sat 10:00-14:00", "Mon-Fri 09:00-12:30 13:15-17:00, Sat 10:00-14:00"),
        ("Sat-Mon 10:00-11:00", "Mon 10:00-11:00, Sat-Sun 10:00-11:00"),
        ("Mon Wed 09:00-17:00", "Mon 09:00-17:00, Wed 09:00-17:00"),
        ("Fri 22:00-06:00", "Fri 22:00-24:00, Sat 00:00-06:00"),
        ("Mon-Sun 00:00-23:59", "Mon-Sun 00:00-23:59"),  # not 24x7: it loses a minute, and says so
        ("Mon-Fri 09:00:30-17:00", "Mon-Fri 09:00:30-17:00"),
    ],
)
def test_hours_text(text: str, canonical: str) -> None:
    """ACC-3: weekly hours are written in one compact form that reads back the same."""
    week = parse_hours(text)
    assert hours_text(week) == canonical
    assert parse_hours(canonical) == week


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    cuts = st.lists(st.integers(0, DAY_S), unique=True, max_size=6).map(sorted)
    days = [draw(cuts) for _ in range(7)]
    days[draw(st.integers(0, 6))] = [0, 3_600]
    return tuple(tuple(zip(day[::2], day[1::2], strict=False)) for day in days)


@given(weeks())
def test_any_week_round_trips(week: Week) -> None:
    """SLA-8: canonical hours survive text, document and a second reading unchanged."""
    canonical = canonical_week(week)
    assert canonical_week(canonical) == canonical
    assert parse_hours(hours_text(canonical)) == canonical
    calendar = Calendar("UTC", week, {})
    assert Calendar.from_document(json.loads(json.dumps(calendar.document()))) == calendar


def test_a_week_has_seven_days() -> None:
    """CAL-1: a week of another length is refused."""
    with pytest.raises(Invalid):
        canonical_week([[(0, 60)]])
