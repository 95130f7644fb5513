"""Instants: aware UTC datetimes of whole seconds, and their one written form."""

from datetime import UTC, datetime


def iso(at: datetime) -> str:
    """Write an instant as `2026-03-02T14:30:00Z` (CAL-3)."""
    # Cut rather than formatted to seconds: a tick writes hundreds of thousands of these.
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat()[:19] + "Z"


def iso_or_none(at: datetime | None) -> str | None:
    """Write an instant, or nothing for none."""
    return None if at is None else iso(at)


def instant(text: str) -> datetime:
    """Read what `iso` wrote."""
    return datetime.fromisoformat(text)


def instant_or_none(text: str | None) -> datetime | None:
    """Read what `iso_or_none` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def whole_seconds(at: datetime) -> datetime:
    """The same instant in UTC without its fraction of a second."""
    return at.astimezone(UTC).replace(microsecond=0)
