"""Arithmetic over a business calendar: open time, business days, pauses and due times (CAL-1..3, SLA-4)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, Protocol

from carecli.domain.amount import Amount, Unit
from carecli.domain.calendar import Calendar
from carecli.domain.interval import Interval, clip, union
from carecli.domain.open_time import SPAN_S, OpenTime, epoch_s, instant, unreachable

Hole = tuple[datetime, datetime]


class BusinessTime:
    """Answers for one calendar, in aware UTC instants of whole seconds (fractions are cut off).

    `holes` are stretches that do not count, such as pauses: they may overlap, and what lies before the start
    is ignored. Whatever lies more than about 100 years off, or outside years 1 to 9999, raises Invalid
    (CAL-4). `line` is the same arithmetic in integer seconds, for bulk.
    """

    __slots__ = ("line",)

    def __init__(self, calendar: Calendar) -> None:
        self.line = OpenTime(calendar)

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at `at`; at the closing instant it is not (CAL-1)."""
        return self.line.is_open(epoch_s(at))

    def next_open(self, at: datetime) -> datetime:
        """Return the first open instant not before `at` (CAL-1)."""
        return instant(self.line.next_open(epoch_s(at)))

    def open_seconds(self, start: datetime, end: datetime, holes: Sequence[Hole] = ()) -> int:
        """Count the open seconds in [start, end) outside `holes`; 0 when `end` comes first (CAL-1)."""
        return _measured(self.line, epoch_s(start), epoch_s(end), holes)

    def add_open(self, start: datetime, seconds: int, holes: Sequence[Hole] = ()) -> datetime:
        """Return the first instant by which `seconds` open seconds outside `holes` have gone by (CAL-1)."""
        return instant(_advanced(self.line, epoch_s(start), seconds, holes))

    def add_days(self, start: datetime, days: int) -> datetime:
        """Return the instant `days` business days after `start`; 0 moves to the next opening (CAL-2)."""
        return instant(self.line.advance_days(epoch_s(start), days))

    def add(self, start: datetime, amount: Amount) -> datetime:
        """Return the instant `amount` after `start`, counted as its unit says (CAL-1..3)."""
        return instant(self._nominal(epoch_s(start), amount))

    def allowance(self, start: datetime, amount: Amount) -> int:
        """Count the seconds of the amount's own base between `start` and `add(start, amount)` (SLA-4)."""
        return self._allowance(epoch_s(start), amount)

    def due(self, start: datetime, amount: Amount, holes: Sequence[Hole] = ()) -> datetime:
        """Return the later of the nominal due time and the end of the allowance, `holes` left out (SLA-4)."""
        return instant(self._due(epoch_s(start), amount, holes))

    def share(self, start: datetime, amount: Amount, percent: int, holes: Sequence[Hole] = ()) -> datetime:
        """Return when `percent` of the allowance is used up, never later than `due` (SLA-7)."""
        first = epoch_s(start)
        seconds = -(-self._allowance(first, amount) * percent // 100)
        used_up = _advanced(self._base(amount), first, seconds, holes)
        return instant(min(used_up, self._due(first, amount, holes)))

    def used(self, start: datetime, end: datetime, amount: Amount, holes: Sequence[Hole] = ()) -> int:
        """Count the seconds of the amount's base in [start, end) outside `holes` (SLA-4)."""
        return _measured(self._base(amount), epoch_s(start), epoch_s(end), holes)

    def _base(self, amount: Amount) -> "_Base":
        return self.line if amount.business else _ALL_TIME

    def _allowance(self, start: int, amount: Amount) -> int:
        seconds = amount.seconds
        if seconds is not None:
            return seconds
        return self._base(amount).measure(start, self._nominal(start, amount))

    def _due(self, start: int, amount: Amount, holes: Sequence[Hole]) -> int:
        nominal = self._nominal(start, amount)
        if not holes:
            return nominal
        allowance = self._allowance(start, amount)
        return max(nominal, _advanced(self._base(amount), start, allowance, holes))

    def _nominal(self, start: int, amount: Amount) -> int:
        if amount.unit is Unit.BUSINESS_DAYS:
            return self.line.advance_days(start, amount.count)
        if amount.unit is Unit.DAYS:
            return self._same_wall_time(start, amount.count)
        return self._base(amount).advance(start, self._allowance(start, amount))

    def _same_wall_time(self, start: int, days: int) -> int:
        # Not even looked up for 0: in an hour that repeats, the second reading would fall back to the first.
        if days == 0:
            return start
        day, wall = self.line.reading(start)
        _ALL_TIME.advance(start, days * 86_400)
        return self.line.resolve(day + days, wall)


@lru_cache(maxsize=256)
def business_time(calendar: Calendar) -> BusinessTime:
    """Return the arithmetic of `calendar`, the same one for equal calendars while it is in use."""
    return BusinessTime(calendar)


class _Base(Protocol):
    """What an amount is counted in: open time, or every second."""

    def measure(self, start: int, end: int) -> int: ...

    def advance(self, at: int, seconds: int, limit: int | None = None) -> int: ...


class _AllTime:
    """Plain time: every second counts (CAL-3)."""

    def measure(self, start: int, end: int) -> int:
        return max(0, end - start)

    def advance(self, at: int, seconds: int, limit: int | None = None) -> int:
        if not 0 <= seconds <= (SPAN_S if limit is None else limit - at):
            raise unreachable()
        return at + seconds


_ALL_TIME: Final = _AllTime()


def _measured(base: _Base, start: int, end: int, holes: Iterable[Hole]) -> int:
    seconds = base.measure(start, end)
    if holes:
        seconds -= sum(base.measure(*gap) for gap in clip(_gaps(holes), start, end))
    return seconds


def _advanced(base: _Base, start: int, seconds: int, holes: Iterable[Hole]) -> int:
    if not holes:
        return base.advance(start, seconds)
    limit = start + SPAN_S
    for gap in clip(_gaps(holes), start):
        end = base.advance(start, seconds, limit)
        if end <= gap.start:
            return end
        seconds -= base.measure(start, gap.start)
        start = gap.end
    return base.advance(start, seconds, limit)


def _gaps(holes: Iterable[Hole]) -> tuple[Interval, ...]:
    return union((epoch_s(since), epoch_s(until)) for since, until in holes)
