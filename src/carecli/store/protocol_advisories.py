"""What the desk asks of a store: advisories, who read them, who is told of them (ADV-1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.domain.advisory import Advisory, Announced, Publication
    from carecli.domain.events import Event
    from carecli.domain.subscription import Owed, Subscriber


class AdvisoryReading(Protocol):
    """Advisories and their readers (ADV-1)."""

    def advisory(self, id_: int) -> Advisory | None:
        """An advisory."""

    def advisories(self, person: str, id_: int | None = None) -> list[Announced]:
        """Every advisory or one, and whether somebody has read it; unread first, then the latest published."""

    def published_advisories(self, person: str, now: datetime) -> list[Announced]:
        """Those that are open at an instant, and whether somebody has read them; unread ones first."""

    def publications(self, places: Iterable[int]) -> list[Publication]:
        """What was published at these places, in their order."""

    def told_of_advisory(self, id_: int) -> list[str]:
        """Whom mail has told of an advisory, by address."""

    def subscribers(self) -> list[Subscriber]:
        """Everybody who is subscribed to anything."""

    def subscriber(self, person: str) -> Subscriber | None:
        """Somebody's subscriptions; also of those who had some, with none."""

    def owed_advisories(self, subscriber: int) -> list[Owed]:
        """What digests still have to tell somebody."""

    def digests_due(self, at: datetime, limit: int) -> list[tuple[datetime, Subscriber]]:
        """The first digests that are due, in the order of the queue."""


class AdvisoryWriting(AdvisoryReading, Protocol):
    """Advisories, as they change."""

    def next_advisory(self) -> int:
        """The next id of an advisory; none is ever given twice, as none is deleted."""

    def next_publication(self) -> int:
        """The place of the next publication."""

    def next_subscriber(self) -> int:
        """The next id of a subscriber; none is ever given twice, as none is deleted."""

    def tell_advisory(self, event: Event) -> None:
        """Take an event into what is derived of advisories."""
