"""Business calendars as somebody looks at them: some months of one, and one judged (CAL-4)."""

from datetime import date
from typing import NamedTuple

from carecli.domain.calendar_days import Month
from carecli.domain.people import CalendarSpec


class CalendarView(NamedTuple):
    """Months of a calendar: an account's, the desk's (None), nobody's (""); `today` is the date in its zone."""

    account: str | None
    spec: CalendarSpec
    today: date
    months: tuple[Month, ...]


class Judged(NamedTuple):
    """A calendar, owned likewise, with everything wrong with it, or else what looks like a slip."""

    account: str | None
    spec: CalendarSpec
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
