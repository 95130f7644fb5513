"""What is wrong with a business calendar, and what is allowed in one and yet looks like a slip (CAL-4)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from carecli.domain.business_time import business_time
from carecli.domain.calendar import DAY_S, DAYS, Calendar, Week, time_text
from carecli.domain.calendar_days import Change, changes, touched
from carecli.errors import Invalid

ALWAYS: Final = (((0, DAY_S),),) * len(DAYS)
LONGEST_CLOSED_DAYS: Final = 15
"""More days than this without working time look like a slip; a week and its holidays are fewer."""
SHORTEST_WEEK_S: Final = 3_600
_SHOWN: Final = 6
"""How many dates a sentence names."""


class Asked(NamedTuple):
    """A calendar as it would be kept, with what its dates came from."""

    calendar: Calendar
    years: range
    """The years whose holidays go with it."""
    today: date
    codes: str = ""
    """Whose holidays were asked for: `US`, `US,CA-ON`; empty for none."""
    gaps: Mapping[str, Sequence[int]] = {}
    """The years of which no holiday is known, by code."""
    extra: Sequence[str] = ()
    """Further closed dates, as they were given."""


def problems(asked: Asked) -> Iterator[str]:
    """What makes the calendar unusable: no working time within a year from today."""
    start = datetime.combine(asked.today, datetime.min.time(), UTC)
    if not business_time(asked.calendar).open_seconds(start, start + timedelta(days=366)):
        yield "no working time is reachable within a year from today; check the hours and the closed dates"


def warnings(asked: Asked) -> Iterator[str]:
    """Everything in a usable calendar that looks like a slip, a sentence each with what may have been meant."""
    yield from _hours(asked.calendar.week)
    yield from _holidays(asked)
    yield from _extra(asked)
    yield from _long_closures(asked)
    yield from _daylight_saving(asked)


def _hours(week: Week) -> Iterator[str]:
    slips = [(day, span) for day, spans in enumerate(week) for span in spans if DAY_S - 60 <= span[1] < DAY_S]
    if slips:
        end = time_text(slips[0][1][1])
        yield f"hours end at {end} on {_days(slips)}, a minute early: a day ends at 24:00, and 24x7 is all of it"
    late = [(day, span) for day, spans in enumerate(week) for span in spans if 0 < span[0] <= 60]
    if late:
        yield f"hours begin at {time_text(late[0][1][0])} on {_days(late)}: the beginning of a day is 00:00"
    for day, spans in enumerate(week):
        for one, other in pairwise(spans):
            if other[0] - one[1] <= 60:
                gap = f"{time_text(one[1])} to {time_text(other[0])}"
                yield f"{DAYS[day].capitalize()}: the desk is closed from {gap}, a minute or less: is that meant?"
    open_s = sum(end - start for spans in week for start, end in spans)
    if open_s < SHORTEST_WEEK_S:
        yield f"the week has {open_s // 60} minutes of open time: is that meant?"


def _days(found: Sequence[tuple[int, tuple[int, int]]]) -> str:
    return ", ".join(dict.fromkeys(DAYS[day].capitalize() for day, _ in found))


def _holidays(asked: Asked) -> Iterator[str]:
    calendar, coming = asked.calendar, asked.today.year + 1
    if not asked.codes:
        if calendar.week != ALWAYS and not any(day.startswith(f"{coming}-") for day in calendar.closed):
            yield (
                f"no holidays are known for {coming}: business time counts on every one of them; "
                "name whose to keep with --holidays, as US, US-CA or ES-MD"
            )
        return
    for code, years in asked.gaps.items():
        if set(asked.years) <= set(years):
            yield f"the holidays of {code} cover nothing: none is known for {asked.years[0]} to {asked.years[-1]}"
        elif coming in years:
            yield f"no holidays of {code} are known for {coming}; add them with --close-on DATE"
        else:
            yield f"no holidays of {code} are known for {_listed(map(str, years))}"
    listed = [day for day in calendar.closed if day not in asked.extra]
    if listed and not any(calendar.week[date.fromisoformat(day).weekday()] for day in listed):
        yield f"the holidays of {asked.codes} cover nothing: each falls on a day that is closed anyway"


def _extra(asked: Asked) -> Iterator[str]:
    """Closed dates that close nothing: past, beyond what a case takes with it, or closed anyway."""
    days = [date.fromisoformat(day) for day in asked.extra]
    past = [day for day in days if day < asked.today]
    beyond = [day for day in days if day.year not in asked.years and day >= asked.today]
    idle = [day for day in days if day not in {*past, *beyond} and not asked.calendar.week[day.weekday()]]
    if past:
        yield f"closed dates in the past: {_listed(map(str, past))}"
    if beyond:
        yield (
            f"closed dates outside {asked.years[0]} to {asked.years[-1]}, the years whose holidays are looked up: "
            f"{_listed(map(str, beyond))}"
        )
    if idle:
        yield f"closed dates on which the desk is closed anyway: {_listed(f'{day:%a} {day}' for day in idle)}"


def _long_closures(asked: Asked) -> Iterator[str]:
    """Days on end without working time, within the years that are known."""
    week, closed = asked.calendar.week, asked.calendar.closed
    since = day = asked.today
    end = date(asked.years[-1], 12, 31)
    while day <= end:
        if week[day.weekday()] and day.isoformat() not in closed:
            if (day - since).days > LONGEST_CLOSED_DAYS:
                yield f"no working time from {since} to {day - timedelta(days=1)}, {(day - since).days} days"
            since = day + timedelta(days=1)
        day += timedelta(days=1)


def _daylight_saving(asked: Asked) -> Iterator[str]:
    """Office hours that changes of the clocks skip or repeat; a desk that never closes loses nothing by them."""
    if asked.calendar.week == ALWAYS:
        return
    start = datetime(asked.today.year, 1, 1, tzinfo=UTC)
    end = datetime(asked.years[-1] + 1, 1, 1, tzinfo=UTC)
    found = [
        (change, seconds)
        for change in changes(asked.calendar.zone, start, end)
        if change.at.date() >= asked.today and (seconds := touched(asked.calendar, change))
    ]
    skipped = [(change, seconds) for change, seconds in found if change.shift_s > 0]
    repeated = [(change, seconds) for change, seconds in found if change.shift_s < 0]
    if skipped:
        yield f"daylight saving skips office hours, which are never open then: {_told(skipped)}"
    if repeated:
        yield f"daylight saving repeats office hours, which count twice then: {_told(repeated)}"


def _told(found: Sequence[tuple[Change, int]]) -> str:
    return _listed(
        f"{seconds // 60} min on {_wall_date(change)} ({_wall_hours(change)})" for change, seconds in found
    )


def _wall_date(change: Change) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + change.wall.start // DAY_S)


def _wall_hours(change: Change) -> str:
    start = change.wall.start % DAY_S
    return f"{time_text(start)}-{time_text(start + change.wall.end - change.wall.start)}"


def _listed(items: "Iterator[str] | map[str]") -> str:
    words = list(items)
    more = len(words) - _SHOWN
    return ", ".join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def refused(asked: Asked) -> None:
    """Raise Invalid for a calendar that is unusable (CAL-4)."""
    for problem in problems(asked):
        sentence, _, remedy = problem.partition("; ")
        raise Invalid(sentence, hint=remedy, rule="CAL-4")
