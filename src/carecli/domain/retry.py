"""When a mail that failed is tried again: after gaps that grow, until it is given up (MAIL-6)."""

from datetime import datetime, timedelta

FIRST_GAP = timedelta(minutes=5)
LONGEST_GAP = timedelta(hours=4)


def gap(attempt: int) -> timedelta:
    """How long to wait after the attempt of that number failed, the first being 1: twice as long each time."""
    # Bounded before it is doubled: a mail that is tried for years must not overflow.
    return min(FIRST_GAP * (1 << min(attempt - 1, 16)), LONGEST_GAP)


def next_at(attempts: int, at: datetime, give_up_after: timedelta) -> datetime | None:
    """When to try again what has failed for the `attempts`th time at `at`; None: it is given up.

    Counted in gaps waited for, not by the calendar: an outage of this desk gives up nothing that it never tried.
    """
    waited = sum((gap(attempt) for attempt in range(1, attempts + 1)), timedelta())
    return at + gap(attempts) if waited <= give_up_after else None
