"""Maintenance windows in their own zones: across midnight, and where the clocks change (MNT-1, CAL-1)."""

from datetime import datetime

import pytest

from carecli.domain import maintenance
from carecli.domain.instants import instant, iso
from carecli.domain.policy_tables import LOCAL, Product


def product(hours: str, zone: str) -> Product:
    """A product with these windows."""
    return Product("p", "Product", ("*",), {}, hours, zone)


def windows(hours: str, zone: str, since: str, until: str, own: str = "UTC") -> list[str]:
    """The windows between two instants, each as `begin/end` without seconds."""
    found = maintenance.windows(product(hours, zone), own, instant(since), instant(until))
    return [f"{iso(one.starts_at)[:16]}/{iso(one.ends_at)[:16]}" for one in found]


NEW_YORK, DENVER = "America/New_York", "America/Denver"
CASES = [
    # Past midnight it is one window: Tuesday 23:30 MST (UTC-7) to Wednesday 04:00.
    (
        ("Tue Thu 23:30-04:00", DENVER, "2026-03-03T00:00:00Z", "2026-03-06T00:00:00Z"),
        ["2026-03-04T06:30/2026-03-04T11:00"],
    ),
    # The same a week later, in daylight time (UTC-6): an hour earlier in UTC, as long as ever.
    (
        ("Tue Thu 23:30-04:00", DENVER, "2026-03-10T00:00:00Z", "2026-03-12T00:00:00Z"),
        ["2026-03-11T05:30/2026-03-11T10:00"],
    ),
    # Until midnight, in the customer's own time: in Madrid before and after the 29th of March.
    (
        ("Tue Thu 18:00-24:00", LOCAL, "2026-03-24T00:00:00Z", "2026-03-25T00:00:00Z", "Europe/Madrid"),
        ["2026-03-24T17:00/2026-03-24T23:00"],
    ),
    (
        ("Tue Thu 18:00-24:00", LOCAL, "2026-03-31T00:00:00Z", "2026-04-01T00:00:00Z", "Europe/Madrid"),
        ["2026-03-31T16:00/2026-03-31T22:00"],
    ),
    # New York, Sunday 8 March: 02:00 to 03:00 is skipped, so five hours of the clock are four.
    (
        ("Sun 00:00-05:00", NEW_YORK, "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"),
        ["2026-03-08T05:00/2026-03-08T09:00"],
    ),
    # Sunday 1 November: 01:00 to 02:00 comes twice, so they are six.
    (
        ("Sun 00:00-05:00", NEW_YORK, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
        ["2026-11-01T04:00/2026-11-01T10:00"],
    ),
    # A window that is skipped whole is none; one that comes twice is two.
    (("Sun 02:00-03:00", NEW_YORK, "2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"), []),
    (
        ("Sun 01:30-01:45", NEW_YORK, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"),
        ["2026-11-01T05:30/2026-11-01T05:45", "2026-11-01T06:30/2026-11-01T06:45"],
    ),
    # One that has begun is told whole; one that ends just then is over.
    (
        ("Mon 00:00-06:00", "UTC", "2026-03-02T05:00:00Z", "2026-03-02T05:30:00Z"),
        ["2026-03-02T00:00/2026-03-02T06:00"],
    ),
    (("Mon 00:00-06:00", "UTC", "2026-03-02T06:00:00Z", "2026-03-03T00:00:00Z"), []),
    (("", "UTC", "2026-03-02T06:00:00Z", "2027-03-03T00:00:00Z"), []),
]


@pytest.mark.parametrize(("args", "expected"), CASES, ids=[f"{args[0]} {args[2][:10]}" for args, _ in CASES])
def test_windows(args: tuple[str, ...], expected: list[str]) -> None:
    """MNT-1: windows stand in their own zone, whole across midnight; what is skipped is not worked."""
    assert windows(*args) == expected


def test_one_week_of_overnight_windows() -> None:
    """MNT-1: three nights in a row are three windows of seven hours, each begun on its own day."""
    found = maintenance.windows(
        product("Tue-Thu 22:00-05:00", NEW_YORK),
        "UTC",
        instant("2026-03-02T00:00:00Z"),
        instant("2026-03-09T00:00:00Z"),
    )
    told = [(iso(one.starts_at), one.length_s) for one in found]
    assert told == [(f"2026-03-{day:02}T03:00:00Z", 7 * 3_600) for day in (4, 5, 6)]


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-03-04T02:59:59Z", False),
        ("2026-03-04T03:00:00Z", True),
        ("2026-03-04T09:59:59Z", True),
        ("2026-03-04T10:00:00Z", False),
    ],
)
def test_what_falls_into_a_window(at: str, inside: bool) -> None:
    """MNT-1: a window holds its first second, and not its end."""
    moment: datetime = instant(at)
    found = maintenance.going_on(product("Tue-Thu 22:00-05:00", NEW_YORK), "UTC", moment)
    assert (found is not None) is inside
    assert found is None or found.holds(moment)
