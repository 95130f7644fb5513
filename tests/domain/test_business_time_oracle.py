"""The engine against an oracle that walks minute by minute and shares no code with it (CAL-1, CAL-2)."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import compress
from zoneinfo import ZoneInfo

import pytest

from carecli.domain.business_time import BusinessTime
from carecli.domain.calendar import Calendar

WeekDoc = dict[str, list[list[str]]]
Reading = tuple[date, int]

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
BEFORE, AFTER = 5, 15  # days of the walk around the change
CASES = 14  # of each operation, per calendar; 4 calendars per change: 58 x 4 x 14 x 4 = 12,992

CHANGES = [
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Europe/Madrid", "2026-03-29"),
    ("Europe/Madrid", "2026-10-25"),
    ("Europe/Dublin", "2026-03-29"),  # negative saving in winter
    ("Europe/Dublin", "2026-10-25"),
    ("Atlantic/Azores", "2026-03-29"),  # 00:00 -> 01:00
    ("Atlantic/Azores", "2026-10-25"),  # 01:00 -> 00:00
    ("America/Nuuk", "2026-03-28"),  # late on a Saturday
    ("America/Nuuk", "2026-10-24"),
    ("Australia/Sydney", "2026-04-05"),
    ("Australia/Sydney", "2026-10-04"),
    ("Australia/Lord_Howe", "2026-04-05"),  # half an hour
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Pacific/Chatham", "2026-04-05"),  # +12:45
    ("Pacific/Chatham", "2026-09-27"),
    ("America/Sao_Paulo", "2017-10-15"),  # no midnight
    ("America/Sao_Paulo", "2018-02-18"),  # 24:00 -> 23:00
    ("America/Sao_Paulo", "2018-11-04"),
    ("America/Asuncion", "2023-10-01"),
    ("America/Asuncion", "2024-03-24"),
    ("America/Santiago", "2026-04-05"),
    ("America/Santiago", "2026-09-06"),
    ("America/Havana", "2026-03-08"),
    ("America/Havana", "2026-11-01"),  # 01:00 -> 00:00
    ("Asia/Beirut", "2026-03-29"),
    ("Asia/Beirut", "2026-10-25"),
    ("Africa/Cairo", "2026-04-24"),
    ("Africa/Cairo", "2026-10-30"),
    ("Asia/Amman", "2021-03-26"),  # the day begins at 01:00
    ("Asia/Amman", "2021-10-29"),
    ("Asia/Tehran", "2021-03-22"),
    ("Asia/Tehran", "2021-09-22"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Africa/Casablanca", "2026-03-22"),
    ("America/St_Johns", "2006-10-29"),  # 00:01 -> 23:01: a date that comes back
    ("America/St_Johns", "2007-03-11"),
    ("America/St_Johns", "1988-04-03"),  # two hours
    ("America/St_Johns", "1988-10-30"),
    ("Antarctica/Troll", "2026-03-29"),  # two hours
    ("Antarctica/Troll", "2026-10-25"),
    ("Antarctica/Casey", "2009-10-18"),  # three hours
    ("Pacific/Apia", "2011-09-24"),
    ("Pacific/Apia", "2011-12-30"),  # a whole day left out
    ("Pacific/Apia", "2012-04-01"),
    ("Pacific/Kwajalein", "1993-08-21"),  # a whole day left out
    ("Pacific/Kiritimati", "1994-12-31"),
    ("Asia/Kathmandu", "1986-01-01"),  # +05:30 -> +05:45
    ("Asia/Kathmandu", "2026-05-01"),
    ("Asia/Kolkata", "2026-05-01"),
    ("Asia/Pyongyang", "2015-08-15"),  # half an hour back at midnight
    ("Asia/Pyongyang", "2018-05-05"),
    ("America/Caracas", "2007-12-09"),
    ("America/Caracas", "2016-05-01"),
    ("Africa/Juba", "2021-02-01"),
    ("Europe/Volgograd", "2018-10-28"),
    ("America/New_York", "2090-03-12"),  # by rule, past every table
    ("UTC", "2026-03-08"),
]


def walk(zone: str, change: str) -> tuple[datetime, tuple[Reading, ...]]:
    """The first minute of the walk, and what the local clock shows at each."""
    first = datetime.fromisoformat(change).replace(tzinfo=UTC) - timedelta(days=BEFORE)
    local = ZoneInfo(zone)
    readings = []
    for number in range((BEFORE + AFTER) * 1_440):
        at = (first + number * MINUTE).astimezone(local)
        readings.append((at.date(), at.hour * 60 + at.minute))
    return first, tuple(readings)


def minute_of(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


class Oracle:
    """CAL-1 and CAL-2 by looking at every minute."""

    def __init__(self, first: datetime, readings: tuple[Reading, ...], week: WeekDoc, closed: list[str]) -> None:
        self.first, self.readings = first, readings
        opened: list[set[int]] = [set() for _ in NAMES]
        for index, name in enumerate(NAMES):
            for start, end in week.get(name, []):
                opens, closes = minute_of(start), minute_of(end)
                for minute in range(opens, closes if closes > opens else closes + 1_440):
                    opened[(index + minute // 1_440) % 7].add(minute % 1_440)
        dates = {day for day, _ in readings}
        on = {day: set[int]() if day.isoformat() in closed else opened[day.weekday()] for day in dates}
        self.open = [minute in on[day] for day, minute in readings]
        self.minutes = defaultdict[date, list[int]](list)  # the open ones of each date
        for number in compress(range(len(readings)), self.open):
            self.minutes[readings[number][0]].append(number)

    def number(self, at: datetime) -> int:
        """Which minute of the walk this is."""
        return (at - self.first) // MINUTE

    def at(self, number: int) -> datetime:
        """The instant at which a minute begins."""
        return self.first + number * MINUTE

    def open_seconds(self, start: int, end: int, hole: range) -> int:
        """Count the minutes."""
        inside = self.open[max(start, hole.start) : max(start, min(end, hole.stop))] if hole else []
        return 60 * (sum(self.open[start:end]) - sum(inside))

    def add_open(self, start: int, minutes: int, hole: range) -> int | None:
        """Step until enough minutes were open; None past the walk."""
        for number in range(start, len(self.open)):
            if not minutes:
                return number
            minutes -= self.open[number] and number not in hole
        return None

    def add_days(self, start: int, days: int) -> int | None:
        """CAL-2 by the calendar dates that the walk saw; None past the walk."""
        opening = next((n for n in range(start, len(self.open)) if self.open[n]), None)
        if opening is None or not days:
            return opening
        today, wall = self.readings[opening]
        later = sorted(day for day in self.minutes if day > today)
        if len(later) <= days:  # the last one may be cut off by the end of the walk
            return None
        day = later[days - 1]
        due = self.first_reading(day, wall)
        return due if self.open[due] else self.last_closing(day, due)

    def first_reading(self, day: date, wall: int) -> int:
        """The minute that shows this reading first; a skipped one moves forward by the gap."""
        if (day, wall) in self.readings:
            return self.readings.index((day, wall))
        over = next(
            n
            for n in range(1, len(self.readings))
            if self.readings[n - 1] < (day, wall) < self.readings[n] and self.readings[n][0] >= day
        )
        before_day, before_wall = self.readings[over - 1]
        return over - 1 + (day - before_day).days * 1_440 + wall - before_wall

    def last_closing(self, day: date, due: int) -> int:
        """The last closing on that date at or before `due`, else its first opening."""
        on_day = self.minutes[day]
        members = set(on_day)
        closings = [n + 1 for n in on_day if n + 1 not in members and n + 1 <= due]
        return closings[-1] if closings else on_day[0]


Pair = tuple[Oracle, BusinessTime]


def random_week(chance: random.Random) -> WeekDoc:
    style = chance.randrange(6)
    if style == 0:
        return {name: [["00:00", "24:00"]] for name in NAMES}
    if style == 1:  # nights, also over the week's end
        ends = f"0{chance.randrange(1, 7)}:{chance.randrange(60):02d}"
        return {name: [["22:30", ends]] for name in NAMES if chance.random() < 0.8} or {
            "sun": [["22:00", "06:00"]]
        }
    if style == 2:  # the small hours, where clocks change
        return {name: [["00:15", "01:20"], ["01:50", "03:10"], ["23:10", "24:00"]] for name in NAMES}
    return {name: office(chance) for name in NAMES if chance.random() < 0.75} or {"wed": [["09:00", "17:00"]]}


def office(chance: random.Random) -> list[list[str]]:
    cuts = sorted(chance.sample(range(1_441), 2 * chance.randrange(1, 4)))
    texts = [f"{cut // 60:02d}:{cut % 60:02d}" for cut in cuts]
    return [list(pair) for pair in zip(texts[::2], texts[1::2], strict=True)]


def pairs(zone: str, change: str) -> Iterator[Pair]:
    chance = random.Random(f"{zone} {change}")
    first, readings = walk(zone, change)
    for _ in range(4):
        week = random_week(chance)
        middle = date.fromisoformat(change)
        closed = [
            (middle + timedelta(days=chance.randrange(-3, 6))).isoformat() for _ in range(chance.randrange(3))
        ]
        engine = BusinessTime(Calendar.from_document({"zone": zone, "week": week, "closed": closed}))
        yield Oracle(first, readings, week, closed), engine


# A module's fixture, so that all tests of one change run together and walk it once.
@pytest.fixture(scope="module", params=CHANGES, ids="-".join)
def scene(request: pytest.FixtureRequest) -> list[Pair]:
    return list(pairs(*request.param))


def test_measuring(scene: list[Pair]) -> None:
    """CAL-1: open time between two instants, pauses left out, is what counting open minutes gives."""
    chance = random.Random("measure")
    for oracle, engine in scene:
        for case in range(CASES):
            start, end = sorted(chance.sample(range(len(oracle.open)), 2))
            hole = a_hole(chance, start) if case % 2 else range(0)
            holes = [(oracle.at(hole.start), oracle.at(hole.stop))] if hole else []
            expected = oracle.open_seconds(start, end, hole)
            assert engine.open_seconds(oracle.at(start), oracle.at(end), holes) == expected


def test_adding_open_time(scene: list[Pair]) -> None:
    """CAL-1: an amount of open time ends at the first instant by which that many open minutes have passed."""
    chance = random.Random("add")
    for oracle, engine in scene:
        for case in range(2 * CASES):
            start = chance.randrange(8 * 1_440)
            minutes = chance.choice((0, 1, 60, chance.randrange(3_000)))
            hole = a_hole(chance, start) if case % 2 else range(0)
            expected = oracle.add_open(start, minutes, hole)
            if expected is not None:
                holes = [(oracle.at(hole.start), oracle.at(hole.stop))] if hole else []
                found = engine.add_open(oracle.at(start), minutes * 60, holes)
                assert oracle.number(found) == expected
                assert found == oracle.at(expected)


def test_adding_business_days(scene: list[Pair]) -> None:
    """CAL-2: business days end at the same wall time, moved by gaps, folds and closings as the rule says."""
    chance = random.Random("days")
    for oracle, engine in scene:
        for _ in range(CASES):
            start = chance.randrange(8 * 1_440)
            days = chance.randrange(6)
            expected = oracle.add_days(start, days)
            if expected is not None:
                assert engine.add_days(oracle.at(start), days) == oracle.at(expected)


def a_hole(chance: random.Random, start: int) -> range:
    since = start + chance.randrange(-600, 3_000)
    return range(since, since + chance.randrange(1, 4_000))


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("Africa/Monrovia", "1972-01-07T00:44:30+00:00"),  # -00:44:30 -> 0
        ("America/New_York", "1883-11-18T17:00:00+00:00"),  # -04:56:02 -> -05:00
        ("Europe/Paris", "1911-03-10T23:50:39+00:00"),  # +00:09:21 -> 0
    ],
)
def test_offsets_with_seconds(zone: str, around: str) -> None:
    """CAL-1: historic offsets of odd seconds are exact to the second, by a walk second by second."""
    change = datetime.fromisoformat(around)
    local = ZoneInfo(zone)
    first = change - timedelta(minutes=30)
    week = {name: [["00:00:10", "00:31:07"], ["11:55:03", "12:03:59"], ["23:50", "24:00"]] for name in NAMES}
    engine = BusinessTime(Calendar.from_document({"zone": zone, "week": week}))
    spans = ((10, 1_867), (42_903, 43_439), (85_800, 86_400))
    counted = 0
    for second in range(3_600):
        at = first + timedelta(seconds=second)
        wall = at.astimezone(local)
        reading = wall.hour * 3_600 + wall.minute * 60 + wall.second
        is_open = any(start <= reading < end for start, end in spans)
        assert engine.is_open(at) == is_open
        counted += is_open
    assert engine.open_seconds(first, first + timedelta(hours=1)) == counted
    assert counted
