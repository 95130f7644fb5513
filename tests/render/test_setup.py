"""What `care init` says that it chose or changed."""

from carecli.domain.desk_settings import DeskSettings
from carecli.domain.people import DESK_CALENDAR, CalendarSpec
from carecli.render.setup import changed, chosen

AFTER = DeskSettings(
    "New\x1b[31m desk", CalendarSpec("Europe/Zurich", "Mon-Thu 09:00-17:00", "CH", ("2026-12-24",)), "b"
)


def test_what_was_chosen() -> None:
    """CAL-4: the calendar of a new desk is told, with what changes it."""
    how = "care init --timezone ZONE --hours HOURS --holidays CODE changes it"
    assert chosen(DESK_CALENDAR) == f"desk: UTC, Mon-Fri 09:00-17:00, no holidays; {how}"
    told = "desk: Europe/Zurich, Mon-Thu 09:00-17:00, holidays CH, closed on 2026-12-24"
    assert chosen(AFTER.calendar) == f"{told}; {how}"


def test_what_has_changed() -> None:
    """CAL-4: each setting that is not as it was is told with both values, legibly; the others are not."""
    before = DeskSettings(policy="a")
    assert changed(before, before, ("policy", "a", "a")) == "nothing changed"
    told = changed(before, AFTER, ("policy", "default", "guide"), ("your name", "Ada", "Ada"))
    assert "\x1b" not in told
    assert told.startswith("changed: desk name Support desk -> New")
    assert told.endswith(
        "time zone UTC -> Europe/Zurich, hours Mon-Fri 09:00-17:00 -> Mon-Thu 09:00-17:00, holidays none -> CH,"
        " closed days none -> 2026-12-24, policy default -> guide"
    )
