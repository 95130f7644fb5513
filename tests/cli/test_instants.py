"""The instants that people type."""

from datetime import UTC, datetime

import pytest
from engine import sqlite_alone

from carecli.commands.instants import parse
from carecli.domain.instants import iso
from carecli.errors import Invalid

pytestmark = sqlite_alone("opens no desk")

NOW = datetime(2026, 3, 4, 15, 30, 20, tzinfo=UTC)
"""Wednesday, 10:30:20 in New York, 16:30:20 in Madrid."""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-02T14:30:00Z", "2026-03-02T14:30:00Z"),
        ("2026-03-02T14:30:00+01:00", "2026-03-02T13:30:00Z"),
        ("2026-03-02 09:30", "2026-03-02T14:30:00Z"),  # naive: New York
        ("2026-03-02", "2026-03-02T05:00:00Z"),  # a date is its midnight
        ("2026-03-02T09:30:15.9", "2026-03-02T14:30:15Z"),  # whole seconds
        ("now", "2026-03-04T15:30:20Z"),
        ("today", "2026-03-04T05:00:00Z"),
        ("tomorrow 9am", "2026-03-05T14:00:00Z"),
        ("Tomorrow at 9:15 PM", "2026-03-06T02:15:00Z"),
        ("yesterday noon", "2026-03-03T17:00:00Z"),
        ("12am", "2026-03-04T05:00:00Z"),
        ("9:45", "2026-03-04T14:45:00Z"),
        ("fri 17:00", "2026-03-06T22:00:00Z"),
        ("wed 17:00", "2026-03-04T22:00:00Z"),  # today, still ahead
        ("wed 9:00", "2026-03-11T13:00:00Z"),  # gone by today: in a week, in summer time
        ("next wednesday 17:00", "2026-03-11T21:00:00Z"),
        ("last mon", "2026-03-02T05:00:00Z"),
        ("+2h", "2026-03-04T17:30:20Z"),
        ("in 2 hours", "2026-03-04T17:30:20Z"),
        ("2d ago", "2026-03-02T15:30:20Z"),
        ("-90m", "2026-03-04T14:00:20Z"),
        ("in 1 week", "2026-03-11T14:30:20Z"),  # the same reading of the clock, across the change
        ("+168h", "2026-03-11T15:30:20Z"),  # and so many hours are hours
        ("March 2 2026 14:30", "2026-03-02T19:30:00Z"),  # pendulum, the last resort
        ("2 Mar 2026 2pm", "2026-03-02T19:00:00Z"),
    ],
)
def test_an_instant_is_read_in_its_zone(typed: str, meant: str) -> None:
    """CLI: ISO 8601 or what a person types, without a zone in the one that is given."""
    assert iso(parse(typed, zone="America/New_York", now=NOW)) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fri 17:00", "2026-02-27T22:00:00Z"),
        ("wed 17:00", "2026-02-25T22:00:00Z"),  # still ahead today: a week ago
        ("wed 9:00", "2026-03-04T14:00:00Z"),  # gone by today
        ("wed 10:30", "2026-03-04T15:30:00Z"),
        ("mon", "2026-03-02T05:00:00Z"),
        ("17:00", "2026-03-03T22:00:00Z"),
        ("9:45", "2026-03-04T14:45:00Z"),
        ("noon", "2026-03-03T17:00:00Z"),
        ("last wed 9:00", "2026-02-25T14:00:00Z"),
        ("next fri 17:00", "2026-03-06T22:00:00Z"),  # what names its day keeps it
        ("today 17:00", "2026-03-04T22:00:00Z"),
        ("+2h", "2026-03-04T17:30:20Z"),
    ],
)
def test_who_looks_back_means_the_last_one(typed: str, meant: str) -> None:
    """TICK-3: for --at a weekday or a time of day alone is the last one past."""
    assert iso(parse(typed, zone="America/New_York", now=NOW, past=True)) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-08 02:30", "2026-03-08T07:30:00Z"),  # skipped: 03:30 in summer time
        ("2026-11-01 01:30", "2026-11-01T05:30:00Z"),  # repeated: the first
    ],
)
def test_a_change_of_the_clocks(typed: str, meant: str) -> None:
    """CAL-3: a time that daylight saving skips moves forward, one that it repeats is the first."""
    assert iso(parse(typed, zone="America/New_York", now=NOW)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "soon",
        "1/2/2026",
        "5",
        "2026",
        "25:00",
        "13pm",
        "0am",
        "in 2 parsecs",
        "+2",
        "2h",
        "P1D",
        "tomorrow tea",
    ],
)
def test_what_means_nothing_is_refused_with_examples(typed: str) -> None:
    """CLI: what could mean two things or none is refused, with instants that are understood."""
    with pytest.raises(Invalid, match="no instant") as refusal:
        parse(typed, zone="Europe/Madrid", now=NOW)
    assert refusal.value.hint is not None
    assert "tomorrow 9am" in refusal.value.hint


def test_an_instant_beyond_all_calendars_is_refused() -> None:
    """CLI: absurd instants end with an error."""
    for typed in ("0001-01-01T00:00+14:00", "in 999999 weeks"):
        with pytest.raises(Invalid):
            parse(typed, zone="UTC", now=NOW)
