"""A day of 24 hours at a busy desk, in half a minute: nothing is lost, doubled or out of step (TICK-1, AUD-1)."""

import os
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Final

from hard.busy.day import Day, lived, told
from hard.busy.people import ACTORS
from hard.busy.shift import ACTS
from hard.busy.worker import Took

COMMANDS: Final = int(os.environ.get("CARE_BUSY", "2400"))
"""How many commands the day has, ticks aside; CARE_BUSY=100000 is the whole of it, and takes half an hour."""
OFTEN: Final = 30
"""Of what was done so often in a part of the day the mean is told from chance."""
WARM: Final = 5
"""After so many hours everything that is imported and cached at need is there."""
GROWTH: Final = 0.05
"""By so much, as a share, memory may differ between the later hours: SQLite's caches fill, and Python's arenas."""
MEMORY: Final = Path("/dev/shm")
"""Where a disk shall not be waited for: what a power cut leaves is another test's."""
BYTES: Final = 16_000
"""At most so many a command leaves behind."""


def test_a_busy_day(tmp_path: Path) -> None:
    """AUD-1, TICK-1: fifty people, two processes, ticks, mails, chats, and a clock set back and forth for a day.

    One test, as the day is lived once.
    """
    with TemporaryDirectory(dir=MEMORY if room(MEMORY) else tmp_path) as place:
        day = lived(Path(place), COMMANDS, seed=2026)
    print(f"\n{told(day)}")
    it_was_a_busy_day(day)
    what_was_said_is_on_record_once(day)
    nobody_met_anything_but_a_refusal(day)
    memory_and_files_stayed_as_they_were(day)
    no_command_took_longer_as_the_day_went_on(day)


def it_was_a_busy_day(day: Day) -> None:
    """The day is what its figures say: no kind of command is left out or nearly always refused."""
    assert ACTORS == 50
    assert day.commands - day.ticks >= COMMANDS - 4
    assert day.ticks >= 24 * 12
    assert all(day.looked.values()), day.looked
    assert day.looked["texts"] > COMMANDS / 3
    assert day.came["stages"] > day.came["closed by time"] > 0
    common = {act.__name__ for act, weight in ACTS.items() if weight * COMMANDS / 1000 > 15}
    assert common <= day.took.keys()
    for name in common:
        refused = sum(times for why, times in day.refused.items() if why.startswith(f"{name}:"))
        assert refused < 0.9 * sum(tenth.times for tenth in day.took[name]), f"{name} is nearly always refused"


def what_was_said_is_on_record_once(day: Day) -> None:
    """AUD-1, OPEN-1, FU-1, MAIL-6, TICK-3: each hour everything was looked at, and nothing was wrong.

    What was acknowledged is on record, once; what was refused is not, and took no number. No case was closed by
    time without two reminders that lay in the customer's box. Each mail came once. Proofs agree with clocks and
    with the queue. Seals taken each hour are proved at the end, and `verify` finds nothing.
    """
    assert day.complaints == []
    assert day.differences == []


def nobody_met_anything_but_a_refusal(day: Day) -> None:
    """TICK-1: whatever the clock showed, and whoever else was at work, each command succeeded or was refused."""
    assert day.faults == []
    assert 0 < sum(day.refused.values()) < day.commands / 8


def memory_and_files_stayed_as_they_were(day: Day) -> None:
    """TICK-2: a process that runs for a day, as `tick --watch` may, holds no more at its end than early on."""
    later = [point for point in day.points if point.hour >= WARM]
    assert {point.descriptors for point in later} == {later[0].descriptors}
    assert grown([point.blocks for point in later]) < GROWTH
    assert grown([point.rss for point in later]) < GROWTH


def no_command_took_longer_as_the_day_went_on(day: Day) -> None:
    """FIND-1, TICK-1: what a command costs the processor does not grow with the cases of the day."""
    for name, tenths in day.took.items():
        morning, night = reduce(Took.and_, tenths[1:4]), reduce(Took.and_, tenths[7:])
        if min(morning.times, night.times) >= OFTEN:
            early, late = morning.busy_s / morning.times, night.busy_s / night.times
            assert late < 2 * early + 0.01, f"{name} took {early:.4f} s in the morning and {late:.4f} s at night"


def room(folder: Path) -> bool:
    """Whether a file system in memory holds the day."""
    return folder.is_dir() and disk_usage(folder).free > COMMANDS * BYTES


def grown(values: Sequence[int]) -> float:
    """By which share the mean of the last third is above that of the first."""
    third = len(values) // 3
    first, last = sum(values[:third]) / third, sum(values[-third:]) / third
    return last / first - 1
