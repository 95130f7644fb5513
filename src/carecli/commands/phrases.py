"""The instants that only people type: a small grammar, then whatever pendulum makes of it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = {
    "seconds": ("s", "sec", "secs", "second", "seconds"),
    "minutes": ("m", "min", "mins", "minute", "minutes"),
    "hours": ("h", "hr", "hrs", "hour", "hours"),
    "days": ("d", "day", "days"),
    "weeks": ("w", "week", "weeks"),
}
_SHIFT = r"(?P<ahead>\+|in\b)?(?P<back>-)?\s*(?P<count>\d{1,6})\s*(?P<unit>[a-z]+)(?P<ago>\s+ago)?"
_DAY = (
    r"(?P<day>today|tomorrow|yesterday|(?:(?:next|last)\s+)?"
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?(?:\s+at)?\s*(?P<time>.*)"
)
_TIME = r"(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s*(am|pm)?"
_DATED = r"(?i)(?=.*\b\d{4}\b)(?=.*[a-z]{3})"


def read(words: str, tz: ZoneInfo, now: datetime, *, past: bool = False) -> datetime | None:
    """What the words mean to somebody in this zone, without one where they name none; None if nothing.

    A weekday alone is the next one, a time alone today's; where one looks at the `past`, each is the last one.
    """
    return _grammar(words.lower(), now, past) or _free(words, tz)


def _grammar(words: str, now: datetime, past: bool) -> datetime | None:
    if words == "now":
        return now
    return _shifted(words, now) or _day_and_time(words, now, past)


def _shifted(words: str, now: datetime) -> datetime | None:
    match = re.fullmatch(_SHIFT, words)
    if match is None or sum(bool(match[way]) for way in ("ahead", "back", "ago")) != 1:
        return None
    unit = next((name for name, spellings in UNITS.items() if match["unit"] in spellings), None)
    if unit is None:
        return None
    step = timedelta(**{unit: int(match["count"]) * (1 if match["ahead"] else -1)})
    if unit in {"days", "weeks"}:  # the same reading of the clock, however long those days are
        return now.replace(tzinfo=None) + step
    return now.astimezone(UTC) + step


def _day_and_time(words: str, now: datetime, past: bool) -> datetime | None:
    match = re.fullmatch(_DAY, words)
    if match is None:
        return None
    wall = _time(match["time"])
    if wall is None or not words:
        return None
    gone = "yesterday" if past and wall > now.time() else "today"
    day = _day(match["day"] or gone, now, wall, past)
    return None if day is None else datetime.combine(day, wall)


def _day(word: str, now: datetime, wall: time, past: bool) -> date | None:
    today = now.date()
    if word in {"today", "tomorrow", "yesterday"}:
        return today + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1)
    way, _, name = word.rpartition(" ")
    if len(name) < 3 or not (full := _full(name[:3])).startswith(name):
        return None
    ahead = (DAYS.index(full[:3]) - today.weekday()) % 7
    if way == "last":
        return today + timedelta(days=ahead - 7)
    if past and not way:
        return today + timedelta(days=ahead - 7 if ahead or wall > now.time() else 0)
    if ahead == 0 and (way == "next" or wall <= now.time()):
        ahead = 7
    return today + timedelta(days=ahead)


def _full(day: str) -> str:
    return {"tue": "tuesday", "wed": "wednesday", "thu": "thursday", "sat": "saturday"}.get(day, f"{day}day")


def _time(words: str) -> time | None:
    named = {"": time(), "midnight": time(), "noon": time(12)}
    if words in named:
        return named[words]
    match = re.fullmatch(_TIME, words)
    if match is None or not (match[2] or match[4]):
        return None
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4] == "pm" else 0)
    return time(hour, int(match[2] or 0), int(match[3] or 0))


def _free(words: str, tz: ZoneInfo) -> datetime | None:
    # Only with a year and a month's name: pendulum reads 1/2/2026 the American way, and "5" as a date.
    if not re.search(_DATED, words):
        return None
    import pendulum

    read = pendulum.parse(words, tz=tz.key, strict=False)
    if not isinstance(read, pendulum.DateTime):
        return None
    return datetime.fromisoformat(read.isoformat())
