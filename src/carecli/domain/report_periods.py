"""The periods of a report: days, ISO weeks, months and quarters of the desk's zone (RPT-1)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from carecli.domain.report import Dimension

DAYS_MAX: Final = 14
WEEKS_MAX: Final = 14
MONTHS_MAX: Final = 24


def fitting(first: datetime, last: datetime) -> Dimension:
    """The finest period of which a trend from one instant to another has few enough to be looked at."""
    days = (last - first).days + 1
    if days <= DAYS_MAX:
        return Dimension.DAY
    if days <= 7 * WEEKS_MAX:
        return Dimension.WEEK
    return Dimension.MONTH if days <= 31 * MONTHS_MAX else Dimension.QUARTER


def named(period: Dimension, day: date) -> str:
    """The period that a day is in: `2026-03-09`, `2026-W11`, `2026-03` or `2026-Q1`."""
    if period is Dimension.DAY:
        return day.isoformat()
    if period is Dimension.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if period is Dimension.MONTH:
        return f"{day.year:04d}-{day.month:02d}"
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The date that an instant has in a zone."""
    return at.astimezone(zone).date()


def between(period: Dimension, first: date, last: date) -> Iterator[str]:
    """Every period from the one of a day to the one of a later day, without a gap."""
    day = _start(period, first)
    while day <= last:
        yield named(period, day)
        day = _next(period, day)


def _start(period: Dimension, day: date) -> date:
    if period is Dimension.DAY:
        return day
    if period is Dimension.WEEK:
        return day - timedelta(days=day.weekday())
    month = day.month if period is Dimension.MONTH else (day.month - 1) // 3 * 3 + 1
    return date(day.year, month, 1)


def _next(period: Dimension, start: date) -> date:
    if period in {Dimension.DAY, Dimension.WEEK}:
        return start + timedelta(days=1 if period is Dimension.DAY else 7)
    months = start.month + (1 if period is Dimension.MONTH else 3)
    return date(start.year + (months > 12), (months - 1) % 12 + 1, 1)
