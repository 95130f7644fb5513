"""Business calendars with their holidays looked up, so that no later edit moves a case's times (ACC-3, SLA-8)."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from carecli.desk.record import Record
from carecli.domain.calendar import Calendar
from carecli.domain.people import CalendarSpec

YEARS_AHEAD = 5
"""How many years of holidays beyond the opening's own a case takes with it."""


def pinned(record: Record, spec: CalendarSpec, at: datetime) -> str:
    """The content hash of the calendar in force at `at`, looked up once for each year."""
    year = at.astimezone(ZoneInfo(str(spec.timezone))).year
    key = json.dumps([spec.document(), year], sort_keys=True)
    digest = record.writing.calendar_digest(key)
    if digest is None:
        digest = record.document("calendar", document(spec, year))
        record.writing.put_calendar_digest(key, digest)
    return digest


def document(spec: CalendarSpec, year: int) -> dict[str, object]:
    """A specification with its holidays as dates, from the year before to some years ahead."""
    from carecli.desk.holidays import public_holidays

    closed = dict.fromkeys(spec.close_on, "closed")
    if spec.holidays:
        closed |= public_holidays(spec.holidays, range(year - 1, year + YEARS_AHEAD + 1))
    return Calendar.from_document({"zone": spec.timezone, "week": spec.hours, "closed": closed}).document()


def check(spec: CalendarSpec, at: datetime) -> None:
    """Refuse a zone, hours, holidays or dates that mean nothing; raises Invalid (CAL-4)."""
    document(spec, at.year)
