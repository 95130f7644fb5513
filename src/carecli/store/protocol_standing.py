"""What the desk asks of a store about what needs somebody: lists, and the first of each for a home page."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from carecli.domain.events import Kind
from carecli.store.entries import LateDeadline, Needing, StandingClock, StandingEscalation


class StandingReading(Protocol):
    """Clocks, deadlines, escalations and mails that stand as they should not."""

    def breaches(self) -> list[StandingClock]:
        """Clocks that stand breached and unmet on cases that are not closed, by due time."""

    def warnings(self) -> list[StandingClock]:
        """Clocks that stand warned, neither breached nor met nor paused, by due time."""

    def standing(self, mark: Kind, owner: str | None, limit: int) -> tuple[list[Needing], int]:
        """The first clocks that stand warned or breached, of an owner or the desk, and how many do (SLA-7)."""

    def late_deadlines(self) -> list[LateDeadline]:
        """Deadlines that stand missed and unmet, on closed cases too, by due time."""

    def late(self, owner: str | None, limit: int) -> tuple[list[Needing], int]:
        """The first of them, of who sees to them or the desk's, and how many there are; `cycle` is their id."""

    def held_follow_ups(self) -> list[int]:
        """Cases whose ladder is held because a mail could not be delivered (FU-6)."""

    def escalations(self) -> list[StandingEscalation]:
        """Cases that stand escalated, longest first, each with the beginning of its last reason (ESC-1)."""

    def escalated_to(self, email: str, limit: int) -> tuple[list[Needing], int, bool]:
        """The cases that stand escalated and are somebody's, or to somebody by name, the longest untouched first.

        Then how many there are, and whether another one owns any of them (ESC-1).
        """

    def responded(self, owner: str, limit: int) -> tuple[list[Needing], int]:
        """An owner's cases that the customer answered, the longest ago first, and how many there are."""

    def unassigned(self, group: str | None, limit: int) -> tuple[list[Needing], int]:
        """A group's or the desk's open cases without an owner, the first to take first, and how many there are."""

    def mail_stuck(self, at: datetime) -> tuple[int, int]:
        """How many mails may leave by now and have not, and how many of them have failed (MAIL-6)."""
