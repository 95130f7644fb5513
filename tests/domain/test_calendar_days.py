"""The days of a month: their hours, holidays and changes of the clocks (CAL-1, CAL-4)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.business_time import business_time
from carecli.domain.calendar import DAY_S, Calendar
from carecli.domain.calendar_days import Month, changes, following, month, touched

HOUR = 3_600


def shown(zone: str, hours: str, first: date, closed: dict[str, str] | None = None) -> Month:
    return month(Calendar.from_document({"zone": zone, "week": hours, "closed": closed or {}}), first)


def test_a_month() -> None:
    """CAL-1: each day of the month has its hours, in the zone and as instants."""
    october = shown("Europe/Madrid", "Mon-Fri 09:00-17:00", date(2026, 10, 1), {"2026-10-12": "Fiesta"})
    assert len(october.days) == 31
    first = october.days[0]
    assert first.spans == ((datetime(2026, 10, 1, 7, tzinfo=UTC), datetime(2026, 10, 1, 15, tzinfo=UTC)),)
    assert first.walls == ((9 * HOUR, 17 * HOUR),)
    assert (october.days[11].closed, october.days[11].open_s, october.days[2].closed) == ("Fiesta", 0, None)
    assert (october.open_days, october.open_s) == (21, 21 * 8 * HOUR)


def test_days_on_which_the_clocks_change() -> None:
    """CAL-1: a day on which an hour is skipped has one less, one on which it is repeated one more."""
    march = shown("America/New_York", "24x7", date(2026, 3, 1)).days[7]
    assert march.change is not None
    assert (march.change.at, march.change.shift_s) == (datetime(2026, 3, 8, 7, tzinfo=UTC), HOUR)
    assert (march.open_s, march.walls) == (23 * HOUR, ((0, DAY_S),))
    november = shown("America/New_York", "24x7", date(2026, 11, 1)).days[0]
    assert november.change is not None
    assert (november.open_s, november.change.shift_s) == (25 * HOUR, -HOUR)


@pytest.mark.parametrize(
    ("zone", "first", "day", "hours"),
    [
        ("America/Santiago", date(2026, 4, 1), 4, 25),  # back at midnight: the day before it is longer
        ("America/Santiago", date(2026, 9, 1), 6, 23),  # forward at midnight: the day that loses its first hour
        ("Africa/Cairo", date(2026, 10, 1), 29, 25),
    ],
)
def test_changes_at_midnight(zone: str, first: date, day: int, hours: int) -> None:
    """CAL-1: a change at midnight belongs to the day that it cuts short or prolongs."""
    days = shown(zone, "24x7", first).days
    assert [d.date.day for d in days if d.change] == [day]
    assert [d.date.day for d in days if d.open_s != DAY_S] == [day]
    assert days[day - 1].open_s == hours * HOUR


def test_a_date_that_never_was() -> None:
    """CAL-1: Samoa had no 30 December 2011; the day is there, and closed."""
    december = shown("Pacific/Apia", "24x7", date(2011, 12, 1))
    assert [day.date.day for day in december.days if not day.open_s] == [30]


def test_hours_past_midnight() -> None:
    """CAL-1: a night shift ends one day and begins another."""
    (day,) = [d for d in shown("UTC", "Mon-Sun 22:00-06:00", date(2026, 3, 1)).days if d.date.day == 5]
    assert day.walls == ((0, 6 * HOUR), (22 * HOUR, DAY_S))


@given(
    zone=st.sampled_from(
        ["UTC", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca"]
    ),
    year=st.integers(1971, 2036),
    number=st.integers(1, 12),
    hours=st.sampled_from(["24x7", "Mon-Fri 09:00-17:00", "Mon-Sun 22:00-06:00", "Sun 01:30-02:30"]),
)
def test_a_month_adds_up(zone: str, year: int, number: int, hours: str) -> None:
    """CAL-1: the days of a month have together the open time that the arithmetic counts for it."""
    calendar = Calendar.from_document({"zone": zone, "week": hours, "closed": {f"{year}-{number:02}-10": "x"}})
    first = date(year, number, 1)
    found = month(calendar, first)
    time = business_time(calendar)
    bounds = [time.line.resolve(day.toordinal() - 719_163, 0) for day in (first, following(first))]
    assert found.open_s == time.line.measure(*bounds)
    assert sum((end - start).total_seconds() for day in found.days for start, end in day.spans) == found.open_s


@given(
    zone=st.sampled_from(["America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo"]),
    year=st.integers(2024, 2036),
    number=st.integers(1, 12),
    hours=st.sampled_from(
        ["24x7", "Mon-Sun 22:00-06:00", "Sat-Sun 01:40-02:10", "Mon-Sun 00:00-00:30 23:15-24:00"]
    ),
)
def test_what_a_change_touches(zone: str, year: int, number: int, hours: str) -> None:
    """CAL-4: the office hours that a change skips or repeats are what its day is short of, or has too many."""
    calendar = Calendar.from_document({"zone": zone, "week": hours})
    for day in month(calendar, date(year, number, 1)).days:
        nominal = sum(end - start for start, end in calendar.week[day.date.weekday()])
        if day.change is None:
            assert day.open_s == nominal
        else:
            way = 1 if day.change.shift_s > 0 else -1
            assert (nominal - day.open_s) * way == touched(calendar, day.change)


def test_changes_of_a_zone() -> None:
    """CAL-4: every change between two instants, to the second; none where clocks never change."""
    year = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    found = list(changes("Europe/Madrid", *year))
    assert [(c.at, c.before_s, c.after_s) for c in found] == [
        (datetime(2026, 3, 29, 1, tzinfo=UTC), HOUR, 2 * HOUR),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 2 * HOUR, HOUR),
    ]
    assert list(changes("UTC", *year)) == []
