"""Maintenance windows: when each product is worked on next, told in its own zone (MNT-1)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from carecli.domain.business_time import business_time
from carecli.domain.calendar import DAY_S, Calendar, parse_hours
from carecli.domain.open_time import epoch_s, instant
from carecli.domain.policy_tables import LOCAL, Product

LONGEST_DAYS: Final = 400
"""How far ahead windows are told: a year, and some."""
_WEEK_S: Final = 7 * DAY_S


class Window(NamedTuple):
    """A stretch of planned maintenance, in UTC; `zone` is the one that its hours are written in."""

    product: Product
    starts_at: datetime
    ends_at: datetime
    zone: str

    @property
    def length_s(self) -> int:
        """How long it lasts, in seconds: longer or shorter where the clocks change in it."""
        return int((self.ends_at - self.starts_at).total_seconds())

    def holds(self, at: datetime) -> bool:
        """Whether maintenance is going on at `at`; at its end it is over."""
        return self.starts_at <= at < self.ends_at


class Planned(NamedTuple):
    """A window as somebody is told of it: for which of the account's services, none where no account was asked.

    `advisory` is the label of the one that announced maintenance which no window planned.
    """

    window: Window
    account: str | None = None
    services: tuple[str, ...] = ()
    advisory: str | None = None

    def going_on(self, now: datetime) -> bool:
        """Whether it has begun and not ended."""
        return self.window.holds(now)


class Outlook(NamedTuple):
    """The windows from now on until then, in order; `unplanned` services have none at all."""

    now: datetime
    until: datetime
    account: str | None
    planned: tuple[Planned, ...]
    unplanned: tuple[str, ...]
    localised: bool
    """Whether windows in the customers' own time were told for the desk's, as no account was asked for."""


def announced(title: str, starts_at: datetime, ends_at: datetime, zone: str) -> Window:
    """A window that no product's hours have, as an advisory announced it."""
    return Window(Product(title, title, (), {}, "", zone), starts_at, ends_at, zone)


def windows(product: Product, own_zone: str, since: datetime, until: datetime) -> Iterator[Window]:
    """The windows of a product that end after `since` and begin before `until`, in order.

    `own_zone` is the customer's. Hours that daylight saving skips are not worked, those that it repeats are
    worked both times (CAL-1); what runs past midnight is one window.
    """
    if not product.maintenance:
        return
    zone = own_zone if product.zone == LOCAL else product.zone
    line = business_time(Calendar(zone, parse_hours(product.maintenance), {})).line
    first, last = epoch_s(since), epoch_s(until)
    # Looked at a week further on both sides, so that a window is told whole.
    for span in line.stretches(first - _WEEK_S, last + _WEEK_S):
        if span.end > first and span.start < last:
            yield Window(product, instant(span.start), instant(span.end), zone)


def going_on(product: Product, own_zone: str, at: datetime) -> Window | None:
    """The window of a product that `at` falls into."""
    found = (window for window in windows(product, own_zone, at, instant(epoch_s(at) + 1)) if window.holds(at))
    return next(found, None)
