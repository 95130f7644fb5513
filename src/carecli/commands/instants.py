"""The instants that people and scripts type: ISO 8601, else phrases."""

from collections.abc import Callable
from datetime import datetime

from carecli.domain.instants import whole_seconds
from carecli.errors import Invalid

HINT = "write 2026-03-02, '2026-03-02 09:30', 2026-03-02T09:30Z, 'tomorrow 9am', 'fri 17:00', +2h or '2d ago'"


EARLIEST, LATEST = 1970, 2999


def parse(text: str, *, zone: str, now: datetime, past: bool = False) -> datetime:
    """Read an instant, in `zone` where it names none; one that daylight saving skips moves forward (CAL-3).

    A weekday or a time of day alone is the next one, where one looks at the `past` the last (TICK-3).

    Raises Invalid for what is no instant, and for years that no desk works in (CAL-4).
    """
    read = _read(text, zone=zone, now=now, past=past)
    if not EARLIEST <= read.year <= LATEST:
        raise Invalid(f"{text[:60]!r} lies outside the years {EARLIEST} to {LATEST}", hint=HINT, rule="CAL-4")
    return read


def _read(text: str, *, zone: str, now: datetime, past: bool) -> datetime:
    words = " ".join(text.split())
    try:
        read = _iso(words)
        if read is not None and read.tzinfo:
            return whole_seconds(read)
        # Imported here: an instant that names its zone needs neither the zones nor the grammar.
        from carecli.commands import phrases
        from carecli.domain.calendar import find_zone

        tz = find_zone(zone)
        read = read or phrases.read(words, tz, now.astimezone(tz), past=past)
        if read is not None:
            # Fold 0 of a skipped time has the offset before the gap: in UTC it lands after it.
            return whole_seconds(read if read.tzinfo else read.replace(tzinfo=tz))
    except (ValueError, OverflowError):
        pass
    raise Invalid(f"{text[:60]!r} is no instant that is understood here", hint=HINT)


def reader(text: str, clock: Callable[[], datetime]) -> Callable[[str], datetime]:
    """A function from the name of a zone to the instant that `text` means there."""
    return lambda zone: parse(text, zone=zone, now=clock())


def _iso(words: str) -> datetime | None:
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        return None
