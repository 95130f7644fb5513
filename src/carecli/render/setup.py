"""What `care init` chose for a new desk, or changed at one that stands, in words."""

from collections.abc import Iterator

from carecli.domain.desk_settings import DeskSettings
from carecli.domain.people import CalendarSpec
from carecli.render import legible

CHANGE = "care init --timezone ZONE --hours HOURS --holidays CODE changes it"


def chosen(calendar: CalendarSpec) -> str:
    """The calendar of a desk, with what changes it (CAL-4)."""
    days = f"holidays {calendar.holidays}" if calendar.holidays else "no holidays"
    closed = f", closed on {', '.join(calendar.close_on)}" if calendar.close_on else ""
    return f"desk: {calendar.timezone}, {calendar.hours}, {days}{closed}; {CHANGE}"


def changed(before: DeskSettings, after: DeskSettings, *others: tuple[str, str | None, str | None]) -> str:
    """What is not as it was: of the settings, and of `others` by what they are called, before and after."""
    told = [
        f"{what} {_told(old)} -> {_told(new)}"
        for what, old, new in (*_pairs(before, after), *others)
        if old != new
    ]
    return f"changed: {', '.join(told)}" if told else "nothing changed"


def _pairs(before: DeskSettings, after: DeskSettings) -> Iterator[tuple[str, str | None, str | None]]:
    old, new = before.calendar, after.calendar
    yield "desk name", before.name, after.name
    yield "time zone", old.timezone, new.timezone
    yield "hours", old.hours, new.hours
    yield "holidays", old.holidays, new.holidays
    yield "closed days", ", ".join(old.close_on), ", ".join(new.close_on)


def _told(text: str | None) -> str:
    return legible.line(text) if text else "none"
