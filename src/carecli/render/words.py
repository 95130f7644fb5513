"""How people read the desk's words: names, instants in their zone, lengths of time."""

from datetime import datetime
from zoneinfo import ZoneInfo

_SPELLED = {
    "info-required-from-customer": "Info Required from Customer",
    "pending-rca": "Pending RCA",
    "post-mortem": "Post-mortem",
    "post-mortem-held": "Post-mortem Held",
    "uat": "UAT",
}
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def titled(word: str | None) -> str:
    """`awaiting-info` as `Awaiting Info`."""
    return "" if word is None else _SPELLED.get(word) or word.replace("-", " ").title()


def clock_time(at: datetime, zone: str) -> str:
    """An instant as the viewer's wall clock shows it: `2026-03-02 14:30`."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def zoned_time(at: datetime, zone: str) -> str:
    """An instant with the zone's own short name, for a line that stands alone."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M %Z")


def duration(seconds: int, *, days: bool = True) -> str:
    """A length of time in its two largest units: `45s`, `3h 20m`, `2d 4h`; open time is told without days."""
    sign, rest, parts = "-" if seconds < 0 else "", abs(seconds), []
    for unit, size in _UNITS if days else _UNITS[1:]:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{unit}")
        elif parts:
            break
    return sign + " ".join(parts[:2]) if parts else "0s"


def shift(seconds: int) -> str:
    """How far the wall clock is moved: `+1h` forward, `-1h` back."""
    return f"{'+' if seconds > 0 else '-'}{duration(abs(seconds), days=False)}"
