"""Who is told of advisories how often, and when a digest is due (ADV-1)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from carecli.domain import advisory
from carecli.domain.advisory import Draft, Publication
from carecli.domain.calendar import DAYS, find_zone


class Frequency(StrEnum):
    """How soon a subscriber is told, the soonest first."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


SOONEST: Final = tuple(Frequency)


class Subscription(NamedTuple):
    """What somebody wants to be told of, and how often; without a service of everything."""

    service: str | None
    frequency: Frequency
    since: datetime


class Owed(NamedTuple):
    """A publication that a digest will tell of, and when that one is due."""

    place: int
    due_at: datetime


class Subscriber(NamedTuple):
    """Somebody who is told of advisories: `id` is the `cycle` of the timer of the next digest."""

    id: int
    person: str
    subscriptions: tuple[Subscription, ...]

    def frequency(self, text: Draft) -> Frequency | None:
        """How soon this text is told: the soonest of what it is subscribed to by, None where it is not."""
        wanted = {one.frequency for one in self.subscriptions if advisory.about(text, one.service)}
        return next((one for one in SOONEST if one in wanted), None)

    def without(self, service: str | None) -> tuple[Subscription, ...]:
        """The other subscriptions."""
        return tuple(one for one in self.subscriptions if not same(one.service, service))


class Subscribed(NamedTuple):
    """One subscription of somebody, and when the next digest goes to them, if anything waits for one."""

    person: str
    subscription: Subscription
    zone: str
    next_at: datetime | None


class Slots(NamedTuple):
    """When digests go out: at an hour of the day, the weekly ones on a day of the week, in a zone."""

    hour: str
    weekday: str
    zone: str

    def next(self, frequency: Frequency, after: datetime) -> datetime:
        """The first time behind an instant; raises Invalid for an unknown zone.

        A time that daylight saving skips falls as much later as the clocks are put forward; one that it repeats
        counts once, the first time.
        """
        zone = find_zone(self.zone)
        hours, minutes = map(int, self.hour.split(":"))
        day = after.astimezone(zone).date()
        while True:
            if frequency is Frequency.DAILY or DAYS[day.weekday()] == self.weekday:
                at = datetime(day.year, day.month, day.day, hours, minutes, tzinfo=zone).astimezone(UTC)
                if at > after:
                    return at
            day += timedelta(days=1)


def same(service: str | None, other: str | None) -> bool:
    """Whether two subscriptions are about the same service, letter case aside."""
    return (service or "").casefold() == (other or "").casefold()


def ordered(publications: Iterable[Publication]) -> list[Publication]:
    """What a digest tells of, in the order published, each advisory once with its latest text."""
    latest = {one.id: one for one in sorted(publications)}
    return sorted(latest.values())
