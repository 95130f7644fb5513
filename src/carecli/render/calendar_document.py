"""Business calendars as the JSON that scripts read (CAL-1, CAL-4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from carecli.domain.calendar import DAYS, time_text
from carecli.domain.instants import iso

if TYPE_CHECKING:
    from carecli.domain.calendar_days import Change, Day, Month
    from carecli.domain.calendar_views import CalendarView, Judged
    from carecli.domain.people import CalendarSpec
    from carecli.render.case_document import Document


def months(view: CalendarView) -> Document:
    """Months of a calendar with the open hours of each day."""
    return {
        **_owner(view.account, view.spec),
        "today": view.today.isoformat(),
        "open_s": sum(month.open_s for month in view.months),
        "months": [_month(month, view) for month in view.months],
    }


def _owner(account: str | None, spec: CalendarSpec) -> Document:
    return {"account": account or None, **spec.document()}


def _month(month: Month, view: CalendarView) -> Document:
    return {
        "month": f"{month.first:%Y-%m}",
        "open_s": month.open_s,
        "open_days": month.open_days,
        "days": [_day(day, view) for day in month.days],
    }


def _day(day: Day, view: CalendarView) -> Document:
    return {
        "date": day.date.isoformat(),
        "weekday": DAYS[day.date.weekday()],
        "today": day.date == view.today,
        "open_s": day.open_s,
        "intervals": [
            {"from": iso(start), "to": iso(end), "local": local(wall)}
            for (start, end), wall in zip(day.spans, day.walls, strict=True)
        ],
        "closed": day.closed,
        "clock_change": None if day.change is None else _change(day.change),
    }


def local(wall: tuple[int, int]) -> str:
    """Open hours as the wall reads them: `09:00-17:00`."""
    return f"{time_text(wall[0])}-{time_text(wall[1])}"


def _change(change: Change) -> Document:
    return {"at": iso(change.at), "shift_s": change.shift_s, "local": turn(change)}


def turn(change: Change) -> str:
    """What the wall clock shows when it changes: `02:00 -> 03:00`."""
    start, end = (time_text(second % 86_400) for second in change.wall)
    return f"{start} -> {end}" if change.shift_s > 0 else f"{end} -> {start}"


def judged(verdicts: Sequence[Judged]) -> Document:
    """Calendars with everything wrong with them, or else what looks like a slip."""
    return {
        "valid": not any(one.problems for one in verdicts),
        "calendars": [
            {**_owner(one.account, one.spec), "problems": list(one.problems), "warnings": list(one.warnings)}
            for one in verdicts
        ],
    }
