"""A machine's clock over a day: nudged each minute as by NTP, and now and then set wrong by an hour or a day."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from carecli.domain.instants import whole_seconds

DAY_S: Final = 86_400
DAWN: Final = datetime(2026, 3, 18, tzinfo=UTC)
"""The day is a Wednesday: ladders of the two weeks before fall due on it."""
TICK_S: Final = 300
HOUR, LEAP = timedelta(hours=1), timedelta(days=1)
WRONG: Final = (HOUR, HOUR, -HOUR, -HOUR, LEAP, -LEAP)
"""By how much the clock is set wrong, each once a day."""
NUDGE_S: Final = 1.5
"""How far from right it usually is."""


class Wrong(NamedTuple):
    """A stretch of the day, in seconds, in which the clock is wrong by a lot."""

    since: int
    until: int
    by: timedelta


class Clock:
    """The clock as every process of the machine reads it: a function of the true second of the day, and a seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        draw = Random(seed)
        # From the middle between two ticks to behind the next: each is believed by one tick.
        slots = draw.sample(range(12, DAY_S // TICK_S - 12, 5), len(WRONG))
        self.wrong = [
            Wrong(slot * TICK_S + 150, (slot + 1) * TICK_S + 60, by)
            for slot, by in zip(sorted(slots), WRONG, strict=True)
        ]

    def at(self, second: float) -> datetime:
        """What it shows, as the desk reads it: whole seconds."""
        return whole_seconds(DAWN + timedelta(seconds=second) + self._off(second))

    def steps(self) -> int:
        """How often it is set in a day."""
        return DAY_S // 60 + 2 * len(self.wrong)

    def _off(self, second: float) -> timedelta:
        nudged = timedelta(seconds=Random(self.seed * DAY_S + int(second // 60)).gauss(0, NUDGE_S))
        return sum((one.by for one in self.wrong if one.since <= second < one.until), nudged)
