"""Business calendars with their holidays looked up, so that no later edit moves a case's times (ACC-3, SLA-8)."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from carecli.desk.record import Record
from carecli.domain import calendar_check
from carecli.domain.calendar import Calendar, find_zone, parse_hours
from carecli.domain.calendar_days import following, month
from carecli.domain.calendar_views import CalendarView, Judged
from carecli.domain.instants import whole_seconds
from carecli.domain.people import DESK_CALENDAR, CalendarSpec
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk, Now
    from carecli.store.protocol import Reading

YEARS_AHEAD = 5
"""How many years of holidays beyond the opening's own a case takes with it."""

KEY_MAX = 2_000
"""How long the key of a calendar may be; of a longer one, as of hundreds of closed days, it is the digest."""


class Owned(NamedTuple):
    """A calendar's specification, whole, with whose it is: an account's, the desk's (None), nobody's ("")."""

    account: str | None
    spec: CalendarSpec


def pinned(record: Record, spec: CalendarSpec, at: datetime) -> str:
    """The content hash of the calendar in force at `at`, looked up once for each year."""
    year, key = _year_and_key(spec, at)
    digest = record.writing.calendar_digest(key)
    if digest is None:
        digest = record.document("calendar", document(spec, year))
        record.writing.put_calendar_digest(key, digest)
    return digest


def in_force(reading: "Reading", spec: CalendarSpec, at: datetime) -> Calendar:
    """The calendar in force at `at`, as a case took it along where one did: looking holidays up takes long."""
    year, key = _year_and_key(spec, at)
    digest = reading.calendar_digest(key)
    return Calendar.from_document(document(spec, year) if digest is None else reading.document(digest))


def _year_and_key(spec: CalendarSpec, at: datetime) -> tuple[int, str]:
    year = at.astimezone(ZoneInfo(str(spec.timezone))).year
    key = json.dumps([spec.document(), year], sort_keys=True)
    # Imported here: nearly every one is short.
    from carecli.store.codec import text_hash

    return year, key if len(key) <= KEY_MAX else f"sha256 {text_hash(key)}"


def document(spec: CalendarSpec, year: int) -> dict[str, object]:
    """A specification with its holidays as dates, from the year before to some years ahead."""
    from carecli.desk.holidays import public_holidays

    closed = dict.fromkeys(spec.close_on, "closed")
    if spec.holidays:
        closed |= public_holidays(spec.holidays, range(year - 1, year + YEARS_AHEAD + 1))
    return Calendar.from_document({"zone": spec.timezone, "week": spec.hours, "closed": closed}).document()


def check(spec: CalendarSpec, at: datetime) -> None:
    """Refuse a zone, hours, holidays or dates that mean nothing, or never open; raises Invalid (CAL-4)."""
    calendar_check.refused(asked(spec, at))


def warnings(spec: CalendarSpec, at: datetime) -> tuple[str, ...]:
    """What looks like a slip in a specification that `check` lets pass (CAL-4)."""
    return tuple(calendar_check.warnings(asked(spec, at)))


def warnings_on_change(desk: "Desk", spec: CalendarSpec, given: CalendarSpec) -> tuple[str, ...]:
    """What looks like a slip in a calendar over the desk's, if anything was given for it just now (CAL-4)."""
    if given == CalendarSpec():
        return ()
    return warnings(spec.over(desk.settings.calendar), desk.now)


def judged(owned: Owned, at: datetime) -> Judged:
    """A calendar with everything wrong with it, or else what looks like a slip (CAL-4)."""
    wrong = tuple(_part_problems(owned.spec, at))
    if wrong:
        return Judged(owned.account, owned.spec, wrong, ())
    question = asked(owned.spec, at)
    wrong = tuple(calendar_check.problems(question))
    return Judged(owned.account, owned.spec, wrong, () if wrong else tuple(calendar_check.warnings(question)))


def asked(spec: CalendarSpec, at: datetime) -> calendar_check.Asked:
    """The specification as a case opened at `at` would take it along; raises Invalid (CAL-4)."""
    from carecli.desk.holidays import gaps

    today = at.astimezone(find_zone(str(spec.timezone))).date()
    calendar = Calendar.from_document(document(spec, today.year))
    years = range(today.year, today.year + YEARS_AHEAD + 1)
    codes = spec.holidays or ""
    return calendar_check.Asked(calendar, years, today, codes, gaps(codes, years) if codes else {}, spec.close_on)


def _part_problems(spec: CalendarSpec, at: datetime) -> Iterator[str]:
    """What is wrong with the zone, each group of hours, each holiday code and each date, all at once."""
    from carecli.desk.holidays import public_holidays

    yield from _problem(find_zone, str(spec.timezone))
    groups = [*_problems_of(parse_hours, str(spec.hours).split(","))]
    yield from groups or _problem(parse_hours, str(spec.hours))
    if spec.holidays:
        yield from _problems_of(lambda code: public_holidays(code, [at.year]), spec.holidays.split(","))
    yield from _problems_of(lambda day: Calendar("UTC", calendar_check.ALWAYS, {day: ""}), spec.close_on)


def _problems_of(read: Callable[[str], object], texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _problem(read, text)


def _problem(read: Callable[[str], object], text: str) -> Iterator[str]:
    try:
        read(text)
    except Invalid as error:
        yield f"{error.message}; {error.hint}" if error.hint else error.message


def of(desk: "Desk", account: str | None) -> Owned:
    """An account's calendar, or without a name the actor's own account's, else the desk's.

    Raises NotFound for an account that the actor may not see (DC-3).
    """
    from carecli.desk import directory

    name = account or desk.actor.account
    if not name:
        return Owned(None, desk.settings.calendar)
    view = directory.account(desk, name)
    return Owned(view.account.name, view.calendar)


def all_of(desk: "Desk") -> list[Owned]:
    """The desk's calendar and that of every account, as far as the actor may see them (DC-3)."""
    from carecli.desk import directory

    desks = [] if desk.actor.is_contact else [Owned(None, desk.settings.calendar)]
    accounts = [one for one in directory.accounts(desk) if one.active]
    return [*desks, *(Owned(one.name, one.calendar.over(desk.settings.calendar)) for one in accounts)]


def alone(given: CalendarSpec) -> Owned:
    """A calendar of no desk: what was given, completed as a new desk's would be."""
    return Owned("", given.over(DESK_CALENDAR))


def present(zone: str | None, now: "Now | None") -> datetime:
    """The present where no desk tells it."""
    return whole_seconds(now(zone or "UTC") if now else datetime.now(UTC))


def months(owned: Owned, first: date, count: int, at: datetime) -> CalendarView:
    """So many months of a calendar from `first` on, with the holidays of their years; raises Invalid (CAL-4)."""
    today = at.astimezone(find_zone(str(owned.spec.timezone))).date()
    # Looking up the holidays of a year takes longer than all its months.
    calendars: dict[int, Calendar] = {}
    shown = []
    for _ in range(count):
        if first.year not in calendars:
            calendars[first.year] = Calendar.from_document(document(owned.spec, first.year))
        shown.append(month(calendars[first.year], first))
        first = following(first)
    return CalendarView(owned.account, owned.spec, today, tuple(shown))
