"""A business calendar: a time zone, the week's opening hours, and dates that stay closed (ACC-3, CAL-1)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from carecli.errors import Invalid

Span = tuple[int, int]
Week = tuple[tuple[Span, ...], ...]

DAY_S: Final = 86_400
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALWAYS: Final = "24x7"
_HOURS_HINT: Final = "write hours as Mon-Fri 09:00-12:30 13:15-17:00, Sat 10:00-14:00, or 24x7"


class _Calendar(NamedTuple):
    zone: str
    week: Week
    closed: Mapping[str, str]


class Calendar(_Calendar):
    """Office hours: `week` holds Mon..Sun, each (from, to) pairs in seconds of the local day (CAL-1).

    A pair that ends before it starts runs past midnight. Whatever was given, the parts are checked and kept
    in one canonical form, so that equal hours have equal documents; what means nothing raises Invalid.
    """

    __slots__ = ()

    def __new__(cls, zone: str, week: Sequence[Iterable[Span]], closed: Mapping[str, str]) -> Self:
        """Check the parts and bring them into their form."""
        find_zone(zone)
        laid = canonical_week(week)
        names = {_iso_date(day): str(name).strip() for day, name in closed.items()}
        return super().__new__(cls, zone, laid, MappingProxyType(dict(sorted(names.items()))))

    # Written out because a mapping has no hash, and the arithmetic is cached by calendar.
    def __hash__(self) -> int:
        return hash((self.zone, self.week, tuple(self.closed.items())))

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> Self:
        """Read `{"zone", "week": {"mon": [["09:00", "17:00"]]}, "closed": {date: name} or [date]}`.

        `week` may also be a text for `parse_hours`. Raises Invalid, naming what is wrong (CAL-4).
        """
        zone = document.get("zone")
        if not isinstance(zone, str):
            raise Invalid("a calendar needs a zone", hint='"zone": "America/New_York"', rule="ACC-3")
        return cls(zone, _read_week(document.get("week")), _read_closed(document.get("closed")))

    def document(self) -> dict[str, object]:
        """The calendar as JSON values, the same for equal calendars, so that it can be hashed (SLA-8)."""
        week = {
            name: [[time_text(start), time_text(end)] for start, end in spans]
            for name, spans in zip(DAYS, self.week, strict=True)
        }
        return {"zone": self.zone, "week": week, "closed": dict(self.closed)}


def find_zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name; raises Invalid with the nearest names (CAL-4)."""
    # Some systems also list these: the machine's own setting, and clocks that count leap seconds.
    if not name.startswith(("localtime", "posixrules", "posix/", "right/")):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    raise Invalid(f"{name[:80]!r} is no known time zone", hint=_zone_hint(name), rule="CAL-4")


def _zone_hint(name: str) -> str:
    # Imported here because only a slip pays for it.
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    names = {zone.lower(): zone for zone in sorted(available_timezones())}
    wanted = name[:80].lower().replace(" ", "_")
    near = [zone for key, zone in names.items() if wanted and key.endswith(f"/{wanted}")]
    near = near or [names[key] for key in get_close_matches(wanted, names, n=3, cutoff=0.6)]
    return f"did you mean {' or '.join(near[:3])}?" if near else "use an IANA name such as Europe/Madrid"


def canonical_week(week: Sequence[Iterable[Span]]) -> Week:
    """Return `week` cut at midnights, sorted, touching spans joined; raises Invalid (CAL-4).

    Refused: other than seven days, an empty or impossible span, spans that overlap, a week never open.
    """
    laid: list[list[Span]] = [[] for _ in DAYS]
    if len(week) != len(DAYS):
        raise Invalid("a week has seven days", hint="give Mon..Sun", rule="CAL-1")
    for day, spans in enumerate(week):
        for start, end in spans:
            _check(day, start, end)
            laid[day].append((start, end if end > start else DAY_S))
            if 0 < end < start:
                laid[(day + 1) % len(DAYS)].append((0, end))
    if not any(laid):
        raise Invalid("the week has no open time at all", hint=_HOURS_HINT, rule="CAL-4")
    return tuple(_joined(day, sorted(spans)) for day, spans in enumerate(laid))


def _check(day: int, start: int, end: int) -> None:
    if not (0 <= start < DAY_S and 0 <= end <= DAY_S):
        raise Invalid(
            f"{_day_name(day)}: hours lie between 00:00 and 24:00, and none starts at 24:00",
            hint=_HOURS_HINT,
            rule="CAL-4",
        )
    if start == end:
        raise Invalid(
            f"{_day_name(day)}: {time_text(start)} to {time_text(end)} is empty",
            hint="the whole day is 00:00-24:00; leave a closed day out",
            rule="CAL-4",
        )


def _joined(day: int, spans: list[Span]) -> tuple[Span, ...]:
    for one, other in pairwise(spans):
        if other[0] < one[1]:
            raise Invalid(
                f"{_day_name(day)}: {_span_text(one)} and {_span_text(other)} overlap",
                hint="give each hour once; an interval past midnight also opens the next day from 00:00",
                rule="CAL-4",
            )
    joined: list[Span] = []
    for start, end in spans:
        if joined and start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def parse_hours(text: str) -> Week:
    """Read `Mon-Fri 09:00-12:30 13:15-17:00, Sat 10:00-14:00` or `24x7`; raises Invalid (ACC-3, CAL-4)."""
    if text.strip().lower() in {_ALWAYS, "24/7"}:
        return (((0, DAY_S),),) * len(DAYS)
    week: list[list[Span]] = [[] for _ in DAYS]
    for group in text.split(","):
        words = group.split()
        hours = [word for word in words if word[0].isdigit()]
        days = [day for word in words if not word[0].isdigit() for day in _read_days(word)]
        if not hours or not days:
            raise Invalid(f"{group.strip()!r} needs days and hours", hint=_HOURS_HINT, rule="ACC-3")
        for day in days:
            week[day].extend(_read_span(word.split("-")) for word in hours)
    return canonical_week(week)


def hours_text(week: Week) -> str:
    """Write `week` as `parse_hours` reads it, days with the same hours that follow one another as one."""
    if all(spans == ((0, DAY_S),) for spans in week):
        return _ALWAYS
    runs: list[tuple[int, int, tuple[Span, ...]]] = []
    for day, spans in enumerate(week):
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        elif spans:
            runs.append((day, day, spans))
    return ", ".join(f"{_days_text(a, b)} {' '.join(map(_span_text, spans))}" for a, b, spans in runs)


def parse_time(text: str) -> int:
    """Read HH:MM or HH:MM:SS, up to 24:00, as seconds of the day; raises Invalid."""
    parts = text.split(":")
    plain = all(part.isascii() and part.isdigit() and len(part) == 2 for part in parts[1:])
    if plain and len(parts) in {2, 3} and parts[0].isascii() and parts[0].isdigit() and len(parts[0]) <= 2:
        hour, minute, second = (*map(int, parts), 0)[:3]
        seconds = hour * 3_600 + minute * 60 + second
        if minute < 60 and second < 60 and seconds <= DAY_S:
            return seconds
    raise Invalid(
        f"{text[:40]!r} is no time of day",
        hint="write HH:MM, 00:00 to 24:00 (the end of a day)",
        rule="CAL-4",
    )


def time_text(seconds: int) -> str:
    """Write seconds of the day as HH:MM, or HH:MM:SS where seconds are left."""
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text


def _read_week(week: object) -> Week:
    if isinstance(week, str):
        return parse_hours(week)
    if not isinstance(week, Mapping):
        raise Invalid("a calendar needs a week", hint='"week": {"mon": [["09:00", "17:00"]]}', rule="ACC-3")
    read: list[list[Span]] = [[] for _ in DAYS]
    for name, spans in week.items():
        if not isinstance(spans, list | tuple):
            raise Invalid(f"{str(name)[:40]!r}: hours are a list", hint='[["09:00", "17:00"]]', rule="ACC-3")
        read[_read_day(str(name))].extend(map(_read_span, spans))
    return canonical_week(read)


def _read_span(pair: object) -> Span:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        shown = "-".join(map(str, pair)) if isinstance(pair, list | tuple) else pair
        raise Invalid(f"{str(shown)[:40]!r} is no pair of times", hint=_HOURS_HINT, rule="CAL-4")
    # str, because TOML has times of its own.
    return parse_time(str(pair[0])), parse_time(str(pair[1]))


def _read_days(word: str) -> list[int]:
    first, dash, last = word.partition("-")
    start = _read_day(first)
    length = (_read_day(last) - start) % len(DAYS) if dash else 0
    return [(start + step) % len(DAYS) for step in range(length + 1)]


def _read_day(name: str) -> int:
    wanted = name.strip().lower()
    for names in (DAYS, _FULL_NAMES):
        if wanted in names:
            return names.index(wanted)
    raise Invalid(f"{name[:40]!r} is no weekday", hint=f"one of {' '.join(DAYS)}", rule="CAL-4")


def _read_closed(closed: object) -> dict[str, str]:
    if closed is None:
        return {}
    if isinstance(closed, Mapping):
        return {str(day): str(name) for day, name in closed.items()}
    if isinstance(closed, list | tuple):
        return {str(day): "" for day in closed}
    raise Invalid("closed dates are a list or a mapping", hint='["2026-12-25"]', rule="ACC-3")


def _iso_date(text: str) -> str:
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    # fromisoformat also reads week dates and dates without dashes; one spelling keeps documents equal.
    if day != text:
        raise Invalid(f"{text[:40]!r} is no date", hint="write closed dates as 2026-12-25", rule="ACC-3")
    return day


def _days_text(first: int, last: int) -> str:
    return _day_name(first) if first == last else f"{_day_name(first)}-{_day_name(last)}"


def _span_text(span: Span) -> str:
    return f"{time_text(span[0])}-{time_text(span[1])}"


def _day_name(day: int) -> str:
    return DAYS[day].capitalize()
