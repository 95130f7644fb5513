"""The days of a calendar: when each is open, why it stays closed, and where its clocks change (CAL-1, CAL-4)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain.business_time import business_time
from carecli.domain.calendar import DAY_S, Calendar, Span, find_zone
from carecli.domain.interval import Interval, clip
from carecli.domain.open_time import epoch_s, instant

EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


class Change(NamedTuple):
    """A change of a zone's clocks: the offsets from UTC in seconds before and after it."""

    at: datetime
    before_s: int
    after_s: int

    @property
    def shift_s(self) -> int:
        """How far the clocks go: forward is more than 0, back is less."""
        return self.after_s - self.before_s

    @property
    def wall(self) -> Interval:
        """The wall-clock readings that it skips or repeats, in seconds since 1970-01-01T00:00 of the zone."""
        at = epoch_s(self.at)
        return Interval(*sorted((at + self.before_s, at + self.after_s)))


class Day(NamedTuple):
    """One local date: its open stretches, as instants and as the wall reads them, in seconds of the day."""

    date: date
    spans: tuple[tuple[datetime, datetime], ...]
    walls: tuple[Span, ...]
    open_s: int
    closed: str | None
    """Why it stays closed on a day of the week that is open otherwise: the holiday's name, or `closed`."""
    change: Change | None


class Month(NamedTuple):
    """The days of a month."""

    first: date
    days: tuple[Day, ...]

    @property
    def open_s(self) -> int:
        """The open seconds of the month."""
        return sum(day.open_s for day in self.days)

    @property
    def open_days(self) -> int:
        """How many of its days are open at all."""
        return sum(day.open_s > 0 for day in self.days)


def month(calendar: Calendar, first: date) -> Month:
    """The month that begins on `first`; a date that its zone skipped is closed."""
    last = following(first)
    line = business_time(calendar).line
    start, end = line.resolve(_number(first), 0), line.resolve(_number(last), 0)
    bounds: dict[int, tuple[int, int]] = {}
    for number, part in line.days(start, end):
        bounds[number] = (bounds.get(number, part)[0], part.end)
    turns = {_local_date(change): change for change in changes(calendar.zone, instant(start), instant(end))}
    days = []
    for number in range(_number(first), _number(last)):
        spans = line.stretches(*bounds[number]) if number in bounds else ()
        days.append(_day(calendar, number, spans, turns.get(date.fromordinal(number + EPOCH_DAY))))
    return Month(first, tuple(days))


def following(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _day(calendar: Calendar, number: int, spans: tuple[Interval, ...], change: Change | None) -> Day:
    line = business_time(calendar).line
    walls = tuple((_wall(line.reading(s.start), number), _wall(line.reading(s.end), number)) for s in spans)
    day = date.fromordinal(number + EPOCH_DAY)
    instants = tuple((instant(s.start), instant(s.end)) for s in spans)
    open_s = sum(s.end - s.start for s in spans)
    return Day(day, instants, walls, open_s, calendar.closed.get(day.isoformat()), change)


def _wall(reading: tuple[int, int], number: int) -> int:
    """What the clock shows as seconds of that day; midnight at its end is 24:00."""
    day, seconds = reading
    return seconds + (day - number) * DAY_S


def _number(day: date) -> int:
    return day.toordinal() - EPOCH_DAY


def _local_date(change: Change) -> date:
    # The last second before it, so that a change at midnight belongs to the day that it cuts short or prolongs ...
    before = (change.at + timedelta(seconds=change.before_s - 1)).date()
    after = (change.at + timedelta(seconds=change.after_s)).date()
    # ... and one that skips the first hour of a day belongs to that day.
    return after if change.shift_s > 0 else before


def changes(zone: str, start: datetime, end: datetime) -> Iterator[Change]:
    """Every change of the zone's clocks in [start, end), to the second."""
    tz = find_zone(zone)
    # No zone has ever changed twice within a day, so a look each day sees every change.
    at, offset = start, _offset(tz, start)
    while at < end:
        later = min(at + timedelta(days=1), end)
        after = _offset(tz, later)
        if after != offset:
            found = _found(tz, at, later)
            if found < end:
                yield Change(found, offset, after)
        at, offset = later, after


def _found(tz: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first instant with the offset that `high` has."""
    offset = _offset(tz, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(tz, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def _offset(tz: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(UTC).astimezone(tz).utcoffset()
    assert offset is not None, "a zone has an offset"
    return offset.days * DAY_S + offset.seconds


def touched(calendar: Calendar, change: Change) -> int:
    """The seconds of office hours among the wall-clock readings that a change skips or repeats."""
    start, end = change.wall
    seconds = 0
    for number in range(start // DAY_S, (end - 1) // DAY_S + 1):
        day = date.fromordinal(number + EPOCH_DAY)
        if day.isoformat() not in calendar.closed:
            laid = (
                (number * DAY_S + opens, number * DAY_S + closes) for opens, closes in calendar.week[day.weekday()]
            )
            seconds += sum(part.end - part.start for part in clip(laid, start, end))
    return seconds
