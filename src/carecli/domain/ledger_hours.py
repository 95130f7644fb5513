"""Why time counts or not by a business calendar: hours, night, weekend, holiday (CAL-1, TICK-3)."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from carecli.domain.calendar import DAY_S, Calendar
from carecli.domain.interval import Interval, subtract
from carecli.domain.open_time import OpenTime

_EPOCH_DAY = date(1970, 1, 1)
_SATURDAY = 5


class Why(StrEnum):
    """Why time counts, or does not."""

    HOURS = "business hours"
    ALWAYS = "counts day and night"
    NIGHT = "night"
    BETWEEN = "between the hours"
    WEEKEND = "weekend"
    DAY_OFF = "no hours on this day"
    HOLIDAY = "holiday"
    CLOSED_DATE = "closed date"
    PAUSED = "paused"
    MET = "stood met"
    ENDED = "case closed"
    EXEMPT = "exempted"


class Stretch(NamedTuple):
    """Seconds in a row of which the same is to say; `holiday` is the name that the calendar gives the date."""

    span: Interval
    why: Why
    holiday: str | None = None


def plain(start: int, end: int) -> list[Stretch]:
    """All of it counts, day and night (CAL-3)."""
    return [Stretch(Interval(start, end), Why.ALWAYS)] if start < end else []


def by_calendar(calendar: Calendar, line: OpenTime, start: int, end: int) -> list[Stretch]:
    """[start, end) as open and closed stretches, without a gap; what follows on for the same reason is one."""
    opened = line.stretches(start, end)
    found = [Stretch(span, Why.HOURS) for span in opened]
    for gap in subtract([(start, end)], opened):
        found += _merged(_closed(calendar, line, gap))
    return sorted(found)


def _closed(calendar: Calendar, line: OpenTime, gap: Interval) -> Iterator[Stretch]:
    for day, span in line.days(*gap):
        on = _EPOCH_DAY + timedelta(days=day)
        name = calendar.closed.get(on.isoformat())
        if name is not None:
            # "closed" is what the desk itself calls a date that it adds.
            known = name if name not in {"", "closed"} else None
            yield Stretch(span, Why.HOLIDAY if known else Why.CLOSED_DATE, known)
        else:
            yield Stretch(span, _without_date(calendar, line, on, span))


def _without_date(calendar: Calendar, line: OpenTime, on: date, span: Interval) -> Why:
    hours = calendar.week[on.weekday()]
    if not hours:
        return Why.WEEKEND if on.weekday() >= _SATURDAY else Why.DAY_OFF
    _, wall = line.reading(span.start)
    between = hours[0][1] <= wall < hours[-1][0]
    return Why.BETWEEN if between else Why.NIGHT


def _merged(stretches: Iterator[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for stretch in stretches:
        last = merged[-1] if merged else None
        if last and last[1:] == stretch[1:] and last.span.end == stretch.span.start:
            merged[-1] = last._replace(span=Interval(last.span.start, stretch.span.end))
        else:
            merged.append(stretch)
    return merged


def clock_change_s(line: OpenTime, span: Interval) -> int:
    """By how many seconds the wall clock is moved within a stretch: 3600 forward, -3600 back, mostly 0."""
    (first_day, first), (last_day, last) = line.reading(span.start), line.reading(span.end)
    return (last_day - first_day) * DAY_S + last - first - (span.end - span.start)
