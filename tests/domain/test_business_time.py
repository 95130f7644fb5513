"""Business time at its boundaries, and the laws it keeps for any calendar (CAL-1..4, SLA-4, SLA-7)."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from carecli.domain.amount import Amount
from carecli.domain.business_time import BusinessTime, business_time
from carecli.domain.calendar import Calendar
from carecli.domain.open_time import OpenTime
from carecli.errors import Invalid

OFFICE = "Mon-Fri 09:00-17:00"
EVERY_DAY = [f"2026-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29)]


def desk(hours: str = OFFICE, zone: str = "UTC", closed: tuple[str, ...] = ()) -> BusinessTime:
    return business_time(Calendar.from_document({"zone": zone, "week": hours, "closed": list(closed)}))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


@pytest.mark.parametrize(
    ("moment", "is_open", "next_open"),
    [
        # 2026-03-02 is a Monday
        ("2026-03-02 08:59:59", False, "2026-03-02 09:00"),
        ("2026-03-02 09:00", True, "2026-03-02 09:00"),  # the opening instant is open
        ("2026-03-02 16:59:59", True, "2026-03-02 16:59:59"),
        ("2026-03-02 17:00", False, "2026-03-03 09:00"),  # the closing instant is not
        ("2026-03-06 17:00", False, "2026-03-10 09:00"),  # weekend, then a closed Monday
        ("2026-03-09 12:00", False, "2026-03-10 09:00"),
    ],
)
def test_opening_and_closing(moment: str, is_open: bool, next_open: str) -> None:
    """CAL-1: open from the opening instant up to, not including, the closing one, never on a closed date."""
    time = desk(closed=("2026-03-09",))
    assert time.is_open(at(moment)) is is_open
    assert written(time.next_open(at(moment))) == next_open


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-03-02 09:00", "0bh", "2026-03-02 09:00"),
        ("2026-03-01 12:00", "0bh", "2026-03-01 12:00"),  # nothing to wait for, open or not
        ("2026-03-02 09:00", "8bh", "2026-03-02 17:00"),  # runs out at closing: that closing
        ("2026-03-02 09:00", "28801bs", "2026-03-03 09:00:01"),
        ("2026-03-02 17:00", "1bs", "2026-03-03 09:00:01"),
        ("2026-03-06 16:00", "6bh", "2026-03-09 14:00"),  # over the weekend
        ("2026-03-07 03:00", "30bm", "2026-03-09 09:30"),
        ("2026-03-06 16:00", "6h", "2026-03-06 22:00"),  # plain hours run day and night
        ("2026-03-06 16:00", "90s", "2026-03-06 16:01:30"),
        ("2026-03-06 16:00", "3d", "2026-03-09 16:00"),
        ("2026-03-06 16:00", "1bd", "2026-03-09 16:00"),
        ("2026-03-07 03:00", "1bd", "2026-03-10 09:00"),  # first to Monday's opening
        ("2026-03-07 03:00", "0bd", "2026-03-09 09:00"),
        ("2026-03-06 17:00", "1bd", "2026-03-10 09:00"),  # at closing the desk is closed
    ],
)
def test_adding(start: str, amount: str, due: str) -> None:
    """CAL-1, CAL-2, CAL-3: each unit of an amount is counted as its rule says."""
    assert written(desk().add(at(start), Amount.parse(amount))) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Mon-Thu 09:00-12:00 13:00-17:00, Fri 10:00-12:00
        ("2026-03-02 16:00", 4, "2026-03-06 12:00"),  # closed by then on a Friday: its last closing
        ("2026-03-02 09:30", 4, "2026-03-06 10:00"),  # not yet open on a Friday: its first opening
        ("2026-03-02 12:30", 1, "2026-03-03 13:00"),  # the lunch break moves to 13:00 before counting
        ("2026-03-06 11:00", 1, "2026-03-09 11:00"),
        ("2026-03-06 11:59:59", 5, "2026-03-13 11:59:59"),
    ],
)
def test_business_days_with_uneven_hours(start: str, days: int, due: str) -> None:
    """CAL-2: where the desk is closed at that wall time, the last closing before it, else the first opening."""
    time = desk("Mon-Thu 09:00-12:00 13:00-17:00, Fri 10:00-12:00")
    assert written(time.add_days(at(start), days)) == due


def test_business_day_into_a_lunch_break() -> None:
    """CAL-2: a wall time inside the day's break falls back to the closing before the break."""
    time = desk("Mon 09:00-17:00, Tue 09:00-12:00 13:00-17:00")
    assert written(time.add_days(at("2026-03-02 12:30"), 1)) == "2026-03-03 12:00"


@pytest.mark.parametrize(
    ("zone", "hours", "start", "end", "seconds"),
    [
        ("America/New_York", "24x7", "2026-03-08 05:00", "2026-03-09 04:00", 23 * 3_600),
        ("America/New_York", "24x7", "2026-11-01 04:00", "2026-11-02 05:00", 25 * 3_600),
        ("America/New_York", "Sun 01:00-04:00", "2026-03-08 00:00", "2026-03-09 00:00", 2 * 3_600),
        ("America/New_York", "Sun 01:00-04:00", "2026-11-01 00:00", "2026-11-02 00:00", 4 * 3_600),
        ("America/New_York", "Sun 01:30-01:45", "2026-11-01 00:00", "2026-11-02 00:00", 2 * 900),
        ("America/New_York", "Sun 02:15-02:45", "2026-03-08 00:00", "2026-03-09 00:00", 0),
        ("Australia/Lord_Howe", "Sun 01:00-03:00", "2026-04-04 00:00", "2026-04-05 12:00", 9_000),
        ("America/Sao_Paulo", "Sun 00:00-02:00", "2018-11-03 12:00", "2018-11-04 12:00", 3_600),
        ("Pacific/Apia", "Fri 09:00-17:00", "2011-12-29 00:00", "2012-01-02 00:00", 0),
        ("Asia/Kathmandu", "Mon 09:00-10:00", "2026-03-02 03:15", "2026-03-02 04:15", 3_600),
    ],
)
def test_daylight_saving(zone: str, hours: str, start: str, end: str, seconds: int) -> None:
    """CAL-1: hours that clocks repeat count both times, hours that they skip not at all."""
    assert desk(hours, zone).open_seconds(at(start), at(end)) == seconds


@pytest.mark.parametrize(
    ("zone", "start", "amount", "due"),
    [
        ("America/New_York", "2026-03-07 07:30", "1d", "2026-03-08 07:30"),  # 02:30 is skipped: 03:30 EDT
        ("America/New_York", "2026-03-07 07:30", "1bd", "2026-03-08 07:30"),
        ("America/New_York", "2026-10-31 05:30", "1d", "2026-11-01 05:30"),  # 01:30 comes twice: the first
        ("America/New_York", "2026-10-31 05:30", "1bd", "2026-11-01 05:30"),
        ("America/New_York", "2026-11-01 06:30", "1bd", "2026-11-02 06:30"),  # from the second 01:30
        ("America/New_York", "2026-11-01 06:30", "0d", "2026-11-01 06:30"),
        ("America/Sao_Paulo", "2018-11-03 03:30", "1d", "2018-11-04 03:30"),  # 00:30 is skipped: 01:30
        ("Pacific/Apia", "2011-12-29 20:00", "1d", "2011-12-30 20:00"),  # the 30th is skipped: the 31st
        ("Pacific/Apia", "2011-12-29 20:00", "1bd", "2011-12-30 20:00"),  # the next date is the 31st
        ("Pacific/Apia", "2011-12-29 20:00", "2d", "2011-12-30 20:00"),
    ],
)
def test_days_over_a_change_of_clocks(zone: str, start: str, amount: str, due: str) -> None:
    """CAL-2: a wall time that is skipped moves forward by the gap; one that repeats is the first."""
    assert written(desk("24x7", zone).add(at(start), Amount.parse(amount))) == due


def test_hours_that_a_change_cuts_away_make_no_business_day() -> None:
    """CAL-2: a date whose only open time is skipped is no business day."""
    time = desk("Sun 02:15-02:45", "America/New_York")
    assert written(time.add_days(at("2026-03-01 07:20"), 1)) == "2026-03-15 06:20"


def test_round_the_clock_loses_nothing() -> None:
    """CAL-4: 24x7 written 00:00-24:00 has every second; written 00:00-23:59 it loses a minute a night."""
    start, end = at("2026-03-02 00:00"), at("2026-03-09 00:00")
    assert desk("Mon-Sun 00:00-24:00").open_seconds(start, end) == 7 * 86_400
    assert desk("Mon-Sun 00:00-23:59").open_seconds(start, end) == 7 * 86_400 - 7 * 60


def test_night_shift_on_a_closed_date() -> None:
    """CAL-1: a closed date closes exactly that local date, whatever shift began before."""
    time = desk("Mon-Fri 22:00-06:00", closed=("2026-03-04",))
    start, end = at("2026-03-03 12:00"), at("2026-03-05 12:00")
    assert time.open_seconds(start, end) == (2 + 6) * 3_600
    assert written(time.next_open(at("2026-03-04 00:00"))) == "2026-03-05 00:00"


HOLE_ROWS = [
    # amount, holes, due; all from Monday 2026-03-02 10:00
    ("6bh", [], "2026-03-02 16:00"),
    ("6bh", [("02 11:00", "02 12:00")], "2026-03-02 17:00"),  # up to the closing
    ("6bh", [("02 11:00", "02 12:00:01")], "2026-03-03 09:00:01"),
    ("6bh", [("02 17:00", "03 09:00")], "2026-03-02 16:00"),  # a pause at night buys nothing
    ("6bh", [("01 00:00", "02 10:30")], "2026-03-02 16:30"),  # what lies before the start is ignored
    ("6bh", [("02 10:00", "02 10:30")], "2026-03-02 16:30"),  # the start lies in a hole
    ("6bh", [("02 11:00:10", "02 11:00:20"), ("02 11:00:30", "02 11:00:50")], "2026-03-02 16:00:30"),
    ("6bh", [("02 11:00", "02 12:00"), ("02 11:30", "02 12:30")], "2026-03-03 09:30"),  # overlapping
    ("6bh", [("02 16:00", "02 17:00")], "2026-03-02 16:00"),  # begins when the allowance has run out
    ("4h", [("02 11:00", "02 12:00")], "2026-03-02 15:00"),  # plain time too
    ("24h", [("02 20:00", "03 08:00")], "2026-03-03 22:00"),
    ("4h", [("02 11:00", "05 11:00")], "2026-03-05 14:00"),
    ("1d", [("02 20:00", "02 21:00")], "2026-03-03 11:00"),
    ("1bd", [("02 17:30", "03 08:30")], "2026-03-03 10:00"),
    ("1bd", [("02 11:00", "02 13:00")], "2026-03-03 12:00"),
    ("5bd", [("06 17:00", "09 09:00")], "2026-03-09 10:00"),  # over a weekend buys no days
    ("5bd", [("06 16:00", "09 10:00")], "2026-03-09 12:00"),
]


@pytest.mark.parametrize(("amount", "holes", "due"), HOLE_ROWS)
def test_due_after_pauses(amount: str, holes: list[tuple[str, str]], due: str) -> None:
    """SLA-4: paused time does not use up the allowance, counted in the target's own base."""
    start = at("2026-03-02 10:00")
    pauses = [(at(f"2026-03-{since}"), at(f"2026-03-{until}")) for since, until in holes]
    assert written(desk().due(start, Amount.parse(amount), pauses)) == due


def test_a_nominal_due_time_stays_the_earliest() -> None:
    """SLA-4: where the last day closes early the nominal due time stands, however little was paused."""
    time = desk("Mon-Thu 09:00-17:00, Fri 10:00-12:00")
    start, target = at("2026-03-02 16:00"), Amount.parse("4bd")
    assert time.allowance(start, target) == (1 + 3 * 8 + 2) * 3_600
    assert written(time.due(start, target)) == "2026-03-06 12:00"
    assert (
        written(time.due(start, target, [(at("2026-03-02 16:00"), at("2026-03-02 16:01"))])) == "2026-03-09 09:01"
    )


@pytest.mark.parametrize(
    ("amount", "percent", "holes", "moment"),
    [
        ("8bh", 75, [], "2026-03-02 15:00"),
        ("8bh", 100, [], "2026-03-02 17:00"),
        ("8bh", 0, [], "2026-03-02 09:00"),
        ("8bh", 200, [], "2026-03-02 17:00"),  # never after the due time
        ("10bs", 75, [], "2026-03-02 09:00:08"),  # 7.5 s, rounded up
        ("8bh", 75, [("10:00", "11:00")], "2026-03-02 16:00"),
        ("4h", 75, [("10:00", "11:00")], "2026-03-02 13:00"),
        ("1bd", 75, [], "2026-03-02 15:00"),
    ],
)
def test_share_of_an_allowance(amount: str, percent: int, holes: list[tuple[str, str]], moment: str) -> None:
    """SLA-7: the warning comes when that share of the allowance is used up, pauses not counted."""
    pauses = [(at(f"2026-03-02 {since}"), at(f"2026-03-02 {until}")) for since, until in holes]
    found = desk().share(at("2026-03-02 09:00"), Amount.parse(amount), percent, pauses)
    assert written(found) == moment


def test_used() -> None:
    """SLA-4: what is used up is counted in the base of the target, pauses left out."""
    start, end = at("2026-03-02 16:00"), at("2026-03-03 10:00")
    pause = [(at("2026-03-02 16:30"), at("2026-03-02 18:00"))]
    assert desk().used(start, end, Amount.parse("1bd"), pause) == 5_400
    assert desk().used(start, end, Amount.parse("1bh")) == 7_200
    assert desk().used(start, end, Amount.parse("1h"), pause) == 18 * 3_600 - 5_400
    assert desk().used(end, start, Amount.parse("1h"), pause) == 0
    assert desk().open_seconds(end, start) == 0


def never_open() -> BusinessTime:
    """Tuesdays only, and every Tuesday for a century closed."""
    first = date(2026, 3, 3)
    closed = [(first + timedelta(weeks=week)).isoformat() for week in range(-60, 5_400)]
    return desk("Tue 09:00-17:00", closed=tuple(closed))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: never_open().next_open(at("2026-03-02 09:00")),
        lambda: never_open().add_open(at("2026-03-02 09:00"), 1),
        lambda: never_open().add_days(at("2026-03-02 09:00"), 1),
        lambda: desk().add(at("2026-03-02 09:00"), Amount.parse("1000000000bh")),
        lambda: desk().add(at("2026-03-02 09:00"), Amount.parse("1000000000bd")),
        lambda: desk().add(at("2026-03-02 09:00"), Amount.parse("1000000000d")),
        lambda: desk().add(at("2026-03-02 09:00"), Amount.parse("1000000000h")),
        lambda: desk().add(at("2026-03-02 09:00"), Amount.parse("36000bd")),
        lambda: desk("Tue 09:00-09:01").add(at("2026-03-02 09:00"), Amount.parse("7000bm")),
        lambda: desk().add_open(at("2026-03-02 09:00"), 60, [(at("2026-03-02 09:00"), at("9000-01-01"))]),
        lambda: desk().due(at("2026-03-02 09:00"), Amount.parse("1h"), [(at("2026-03-02"), at("9000-01-01"))]),
        lambda: desk().open_seconds(at("0001-01-01"), at("9999-12-31")),
        lambda: desk().add_open(at("2026-03-02 09:00"), -1),
        lambda: desk().add_days(at("2026-03-02 09:00"), -1),
        lambda: desk().share(at("2026-03-02 09:00"), Amount.parse("8bh"), -1),
        lambda: desk(zone="Pacific/Apia").is_open(at("0001-01-01")),
        lambda: desk(zone="Pacific/Apia").add_open(at("9999-12-31 23:59:59"), 1),
        lambda: desk(zone="Pacific/Apia").add_days(at("9999-12-01"), 40),
        lambda: desk(zone="Pacific/Apia").add(at("9999-12-31 12:00"), Amount.parse("1d")),
        lambda: desk().add(at("9999-12-31 12:00"), Amount.parse("24h")),
    ],
)
def test_unreachable_spans_end(ask: Callable[[], object]) -> None:
    """CAL-4: arithmetic over an unreachable or absurd span ends with an error, and soon."""
    begun = perf_counter()
    with pytest.raises(Invalid) as refusal:
        ask()
    assert refusal.value.hint
    assert perf_counter() - begun < 30  # generous: a loaded machine, not a hang


def test_a_century_is_reachable() -> None:
    """CAL-4: what lies within a hundred years is answered."""
    time = desk()
    assert time.add_days(at("2026-03-02 09:00"), 5) == at("2026-03-09 09:00")
    assert time.open_seconds(at("2026-03-02 09:00"), at("2126-01-01 00:00")) % (8 * 3_600) == 0
    assert time.add(at("2026-03-02 09:00"), Amount.parse("20000bd")) > at("2100-01-01 00:00")


def test_fractions_and_other_zones() -> None:
    """CAL-3: an instant is the same whatever zone it is given in, and fractions of a second are cut off."""
    moment = at("2026-03-02 09:00").astimezone(UTC).replace(microsecond=999_999)
    eastern = moment.astimezone().astimezone(UTC)
    assert desk().add_open(moment, 60) == desk().add_open(eastern, 60) == at("2026-03-02 09:01")


def test_equal_calendars_share_their_arithmetic() -> None:
    """CAL-1: the same calendar read twice is built once."""
    assert desk("Mon-Fri 09:00-17:00") is desk("Mon-Fri 09:00-12:00 12:00-17:00")


SCRIPT = """
from datetime import UTC, datetime
from carecli.domain.amount import Amount
from carecli.domain.business_time import BusinessTime
from carecli.domain.calendar import Calendar
week = "Mon-Fri 09:00-17:00, Sun 01:00-04:00"
time = BusinessTime(Calendar.from_document({"zone": "Europe/Madrid", "week": week, "closed": ["2026-03-30"]}))
start = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
print([time.add(start, Amount.parse(a)).isoformat() for a in ("90m", "6bh", "2bd", "2d")])
"""


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Apia", "Australia/Lord_Howe"])
def test_the_machine_zone_is_irrelevant(zone: str) -> None:
    """CAL-3: results do not depend on the time zone of the process."""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "TZ": each, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for each in ("UTC", zone)
    ]
    assert outputs[0] == outputs[1] != b""


ZONES = [
    "UTC",
    "America/New_York",
    "Europe/Madrid",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/Santiago",
    "Asia/Beirut",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Chatham",
    "America/St_Johns",
    "Africa/Casablanca",
    "Africa/Monrovia",
]
START = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.one_of(
    st.integers(0, 80 * 365 * 86_400),
    st.integers(1_325_000_000, 1_325_400_000),  # Apia's lost day
    st.integers(1_772_900_000, 1_775_400_000),  # March and April 2026
    st.integers(1_790_500_000, 1_793_700_000),  # October and November 2026
).map(lambda seconds: START + timedelta(seconds=seconds))


@st.composite
def desks(draw: st.DrawFn) -> BusinessTime:
    cuts = st.lists(st.integers(0, 86_400), unique=True, max_size=6).map(sorted)
    days = [draw(cuts) for _ in range(7)]
    days[draw(st.integers(0, 6))] = draw(st.sampled_from([[0, 86_400], [32_400, 61_200], [0, 10_800]]))
    week = tuple(tuple(zip(day[::2], day[1::2], strict=False)) for day in days)
    closed = draw(st.lists(st.sampled_from(["2011-12-29", "2026-03-29", "2026-10-25", *EVERY_DAY]), max_size=9))
    return BusinessTime(Calendar(draw(st.sampled_from(ZONES)), week, dict.fromkeys(closed, "")))


@st.composite
def holes_after(draw: st.DrawFn, start: datetime) -> list[tuple[datetime, datetime]]:
    pairs = draw(st.lists(st.tuples(st.integers(-90_000, 2_000_000), st.integers(0, 300_000)), max_size=4))
    return [(start + timedelta(seconds=s), start + timedelta(seconds=s + length)) for s, length in pairs]


LAWS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LAWS
@given(desks(), MOMENTS, st.integers(0, 500_000), st.data())
def test_adding_and_measuring_agree(
    time: BusinessTime, start: datetime, seconds: int, data: st.DataObject
) -> None:
    """CAL-1: exactly n open seconds lie before the end of an amount of n, and its last second was open."""
    holes = data.draw(holes_after(start))
    end = time.add_open(start, seconds, holes)
    assert time.open_seconds(start, end, holes) == seconds
    if seconds:
        assert time.open_seconds(start, end - timedelta(seconds=1), holes) == seconds - 1


@LAWS
@given(desks(), MOMENTS, st.integers(0, 3_000_000), st.integers(0, 3_000_000))
def test_measuring_adds_up(time: BusinessTime, start: datetime, one: int, other: int) -> None:
    """TICK-3: a stretch measures as its parts do, so that a ledger adds up."""
    middle, end = start + timedelta(seconds=one), start + timedelta(seconds=one + other)
    parts = time.open_seconds(start, middle) + time.open_seconds(middle, end)
    assert time.open_seconds(start, end) == parts <= one + other


AMOUNTS = st.tuples(st.integers(0, 30), st.sampled_from(["s", "m", "h", "d", "bs", "bm", "bh", "bd"])).map(
    lambda pair: Amount.parse(f"{pair[0]}{pair[1]}")
)


@LAWS
@given(desks(), MOMENTS, AMOUNTS, st.data())
def test_pausing_never_brings_a_due_time_forward(
    time: BusinessTime, start: datetime, amount: Amount, data: st.DataObject
) -> None:
    """SLA-4: with pauses a clock is due no earlier, has its whole allowance, and warns no later than due."""
    holes = data.draw(holes_after(start))
    fewer = holes[:-1]
    nominal, due = time.due(start, amount), time.due(start, amount, holes)
    assert start <= nominal <= time.due(start, amount, fewer) <= due
    assert time.used(start, due, amount, holes) >= time.allowance(start, amount)
    assert start <= time.share(start, amount, 75, holes) <= due


@LAWS
@given(desks(), MOMENTS, st.integers(1, 20))
def test_business_days_end_open_or_closing(time: BusinessTime, start: datetime, days: int) -> None:
    """CAL-2: a business day ends in office hours or at their end, and not before the days before it."""
    end = time.add_days(start, days)
    assert end > start
    assert time.is_open(end) or time.is_open(end - timedelta(seconds=1))
    assert time.add_days(start, days - 1) <= end


@LAWS
@given(desks(), MOMENTS)
def test_next_open_is_the_first(time: BusinessTime, start: datetime) -> None:
    """CAL-1: the next opening is open, and nothing before it is."""
    opening = time.next_open(start)
    assert time.is_open(opening)
    assert time.open_seconds(start, opening) == 0
    assume(opening > start)
    assert not time.is_open(start)


def test_integers_and_instants_agree() -> None:
    """CAL-1: the bulk arithmetic in integer seconds is the same arithmetic."""
    calendar = Calendar.from_document({"zone": "Europe/Madrid", "week": OFFICE})
    line, time = OpenTime(calendar), BusinessTime(calendar)
    assert line.measure(0, 10**7) == time.open_seconds(START, START + timedelta(seconds=10**7))
    assert time.add_open(START, 10**6) == START + timedelta(seconds=line.advance(0, 10**6))
    assert line.is_open(line.next_open(0))
