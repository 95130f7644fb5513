"""Why time counts or not: the stretches of a calendar, without a gap, each with its reason (CAL-1, TICK-3)."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.calendar import Calendar, parse_hours
from carecli.domain.interval import Interval
from carecli.domain.ledger_hours import by_calendar, clock_change_s
from carecli.domain.open_time import OpenTime, epoch_s
from carecli.errors import Invalid

DAY = 86_400


def told(zone: str, hours: str, start: str, end: str, **closed: str) -> list[str]:
    """The stretches between two wall times, such as `Mon 09:00 business hours`."""
    dates = {f"2026-{day[1:3]}-{day[3:]}": name for day, name in closed.items()}
    calendar = Calendar(zone, parse_hours(hours), dates)
    line, there = OpenTime(calendar), ZoneInfo(zone)
    span = [epoch_s(datetime.fromisoformat(text).replace(tzinfo=there)) for text in (start, end)]
    return [
        f"{datetime.fromtimestamp(stretch.span.start, there):%a %H:%M} {stretch.why}"
        + (f" {stretch.holiday}" if stretch.holiday else "")
        for stretch in by_calendar(calendar, line, *span)
    ]


def test_a_week() -> None:
    """TICK-3: nights, lunch, the weekend, a day without hours; what follows on for the same reason is one."""
    week = told("UTC", "Mon-Thu 09:00-12:00 13:00-17:00", "2026-03-05 11:00", "2026-03-09 10:00")
    assert week == [
        "Thu 11:00 business hours",
        "Thu 12:00 between the hours",
        "Thu 13:00 business hours",
        "Thu 17:00 night",
        "Fri 00:00 no hours on this day",
        "Sat 00:00 weekend",
        "Mon 00:00 night",
        "Mon 09:00 business hours",
    ]


def test_holidays_by_their_names() -> None:
    """TICK-3: a closed date is told by its name; two in a row stay two, and one that the desk adds has none."""
    week = told(
        "Europe/Madrid",
        "Mon-Fri 09:00-17:00",
        "2026-04-01 16:00",
        "2026-04-06 10:00",
        d0402="Maundy Thursday",
        d0403="Good Friday",
        d0406="closed",
    )
    assert week == [
        "Wed 16:00 business hours",
        "Wed 17:00 night",
        "Thu 00:00 holiday Maundy Thursday",
        "Fri 00:00 holiday Good Friday",
        "Sat 00:00 weekend",
        "Mon 00:00 closed date",
    ]


def test_hours_past_midnight() -> None:
    """CAL-1: a shift past midnight is one stretch, unless the next date is closed."""
    week = told("UTC", "Mon-Thu 22:00-06:00", "2026-03-02 21:00", "2026-03-04 12:00", d0304="Founders' Day")
    assert week == [
        "Mon 21:00 night",
        "Mon 22:00 business hours",
        "Tue 06:00 between the hours",
        "Tue 22:00 business hours",
        "Wed 00:00 holiday Founders' Day",
    ]


ZONES = (
    "UTC",
    "America/New_York",
    "America/St_Johns",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Antarctica/Troll",
)


@given(
    st.sampled_from(ZONES),
    st.sampled_from(["Mon-Fri 09:00-17:00", "24x7", "Mon-Sun 22:00-06:00", "Sat 10:00-13:00"]),
    st.integers(13_000 * DAY, 21_000 * DAY),
    st.integers(0, 150 * DAY),
)
def test_the_stretches_leave_no_gap_and_count_what_is_open(zone: str, hours: str, start: int, length: int) -> None:
    """TICK-3: whatever the zone did, the stretches follow on, and the open ones last as long as is measured."""
    calendar = Calendar(zone, parse_hours(hours), {})
    line, end = OpenTime(calendar), start + length
    stretches = by_calendar(calendar, line, start, end)
    assert all(one.span.end == other.span.start for one, other in pairwise(stretches))
    assert [stretch.span.start for stretch in stretches[:1]] == [start][: bool(length)]
    assert [stretch.span.end for stretch in stretches[-1:]] == [end][: bool(length)]
    opened = [stretch.span for stretch in stretches if stretch.why == "business hours"]
    assert sum(last - first for first, last in opened) == line.measure(start, end)
    assert all(one.end < other.start for one, other in pairwise(opened))


@given(st.sampled_from(ZONES), st.integers(8_000 * DAY, 21_000 * DAY), st.integers(1, 100 * DAY))
def test_days_are_those_of_the_wall_clock(zone: str, start: int, length: int) -> None:
    """CAL-1: cut at midnights and changes of the clocks, each part lies on one date, also where one comes back."""
    line, there = OpenTime(Calendar(zone, parse_hours("24x7"), {})), ZoneInfo(zone)
    parts = list(line.days(start, start + length))
    assert all(one.end == other.start for (_, one), (_, other) in pairwise(parts))
    assert (parts[0][1].start, parts[-1][1].end) == (start, start + length)
    for day, span in parts:
        dates = {datetime.fromtimestamp(at, there).date() for at in (span.start, span.end - 1)}
        assert dates == {datetime.fromtimestamp(day * DAY, ZoneInfo("UTC")).date()}


@pytest.mark.parametrize(
    ("zone", "day", "moved"),
    [
        ("America/New_York", "2026-03-08", 3_600),
        ("America/New_York", "2026-11-01", -3_600),
        ("Australia/Lord_Howe", "2026-10-04", 1_800),
        ("America/New_York", "2026-06-01", 0),
    ],
)
def test_what_daylight_saving_moves(zone: str, day: str, moved: int) -> None:
    """TICK-3: a stretch says by how much the clocks went forward or back in it."""
    calendar = Calendar(zone, parse_hours("24x7"), {})
    noon = epoch_s(datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=ZoneInfo(zone)))
    assert clock_change_s(OpenTime(calendar), Interval(noon - DAY, noon + 3_600)) == moved


def test_a_span_beyond_reach() -> None:
    """CAL-4: stretches over an absurd span end with an error."""
    line = OpenTime(Calendar("UTC", parse_hours("24x7"), {}))
    with pytest.raises(Invalid):
        line.stretches(0, 80_000 * DAY)
