"""What the desk asks of a store about the log of events, which is everything that happened (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from carecli.domain.events import Event, Numbered, Recorded, Told


class EventReading(Protocol):
    """What happened, to a case or to the desk."""

    def history(self, number: int) -> list[Recorded]:
        """Every event of a case, oldest first."""

    def last_requests(self, numbers: Sequence[int]) -> dict[int, str | None]:
        """The text of the last request to the customer of each of these cases, by number (FU-1)."""

    def events(self) -> Iterator[Recorded]:
        """Every event of the desk in the order recorded."""

    def digests(self, positions: Sequence[int]) -> dict[int, str]:
        """The digests of the events at these places in the log (AUD-1)."""

    def told_cases(self) -> list[int]:
        """The numbers that the log tells of."""

    def case_count(self) -> int:
        """How many cases the log tells of."""

    def log_length(self) -> int:
        """How many events the desk has recorded."""


class EventWriting(EventReading, Protocol):
    """What happens now."""

    def append(self, number: int | None, events: Iterable[Event]) -> list[Recorded]:
        """Write events to the hash-chained log, for a case or (None) for the desk (AUD-1)."""

    def append_all(self, events: Iterable[Told]) -> list[Recorded]:
        """Write events of several cases to the log, in this order (AUD-1)."""

    def number_events(self, events: Iterable[Told]) -> list[Numbered]:
        """Give events their numbers within their cases, as `chain` is about to write them."""

    def chain(self, events: Iterable[Numbered]) -> list[Recorded]:
        """Write numbered events to the end of the log; whoever else appends waits from here on to the end."""

    def forget_set_up(self) -> None:
        """Take back what `care init` wrote, so that another desk's whole log may stand here instead (IMP-1)."""
