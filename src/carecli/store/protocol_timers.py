"""What the desk asks of a store about the one queue of timers (TICK-1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from carecli.domain.finding import Scope
from carecli.domain.timers import Timer
from carecli.store.entries import Claim, Expected


class TimerReading(Protocol):
    """What waits for its time."""

    def due(self, at: datetime, limit: int, after: Timer | None = None) -> list[Timer]:
        """The first timers of cases due at `at`, behind `after` if named, in their order of firing (TICK-1)."""

    def anything_due(self, at: datetime) -> bool:
        """Whether any timer is due at `at`, of a case or of a mail."""

    def next_due(self, at: datetime) -> datetime | None:
        """When the next timer is due, as of `at`; mail that may leave by then is taken as gone."""

    def expected(self, scope: Scope, until: datetime, *, promised: bool = False) -> Iterator[Expected]:
        """Each case of the scope with a timer due by `until`, by the first of them; read as it is taken.

        With `promised` by what a customer was promised alone: breaches, deadlines, and what begins those.
        """

    def timers(self, number: int) -> list[Timer]:
        """The timers of one case, in order; those of its mail are not among them."""


class TimerWriting(TimerReading, Protocol):
    """Timers that nobody else fires, and cases that nobody else changes."""

    def claim(self, at: datetime, limit: int, after: Timer | None = None) -> Claim:
        """The first timers due at `at`, behind `after` if named, whose cases nobody else is firing (TICK-1).

        Nobody else will while this transaction lasts. Whatever of these cases is due before the last one of them
        is among them, behind `after` or not.
        """

    def hold(self, numbers: Sequence[int]) -> None:
        """Have nobody else change these cases while this transaction lasts; to be asked for before any append."""
