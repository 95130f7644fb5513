"""The rows of a report's tables, as they are counted: few numbers for each of however many cases (RPT-1)."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from carecli.domain import report_periods
from carecli.domain.report import (
    BY_CLOCK,
    PERIODS,
    Attainment,
    Dimension,
    Dimensions,
    Numbers,
    Outcome,
    Row,
    Table,
    Tally,
)
from carecli.domain.report_clocks import Counted
from carecli.domain.report_spread import spread
from carecli.domain.vocabulary import SEVERITIES, Metric, Priority

Key = tuple[str | None, ...]
METRICS = tuple(Metric)
PLACES: Final = {outcome: place for place, outcome in enumerate(Outcome)}
_KEPT: Final = PLACES[Outcome.KEPT]
_MISSED: Final = PLACES[Outcome.MISSED]
_CANCELLED: Final = PLACES[Outcome.CANCELLED]


class Wanted(NamedTuple):
    """Which figures are counted: the tables, the trend's period, and each metric's goal in percent.

    `kept` asks for the numbers of the cases whose promise was kept, too; `other` for figures under another policy.
    """

    tables: tuple[Dimensions, ...]
    trend: Dimension
    goals: Mapping[Metric, int]
    kept: bool = False
    other: bool = False


class Mark(NamedTuple):
    """A clock as it is counted in each table: plain words and places, as enumerations take their time."""

    metric: str
    priority: str
    raw: int
    adjusted: int
    elapsed_s: int | None
    counted_s: int | None


def mark(one: Counted) -> Mark:
    """A clock as it is counted."""
    clock = one.clock
    return Mark(
        clock["metric"], clock["priority"], PLACES[one.raw], PLACES[one.adjusted], one.elapsed_s, one.counted_s
    )


class Count:
    """One metric of one row, as it is counted."""

    __slots__ = ("adjusted", "counted", "elapsed", "kept", "missed", "other", "other_adjusted", "raw", "undecided")

    def __init__(self) -> None:
        self.raw = [0] * len(PLACES)
        self.adjusted = [0] * len(PLACES)
        self.other = [0] * len(PLACES)
        self.other_adjusted = [0] * len(PLACES)
        self.elapsed = array("q")
        self.counted = array("q")
        self.missed = array("q")
        self.undecided = array("q")
        self.kept = array("q")

    def add(self, number: int, mark: Mark, kept: bool) -> None:
        """Count one clock of a case; cases come by number."""
        _, _, raw, adjusted, elapsed_s, counted_s = mark
        self.raw[raw] += 1
        self.adjusted[adjusted] += 1
        if elapsed_s is not None and counted_s is not None:
            self.elapsed.append(elapsed_s)
            self.counted.append(counted_s)
        if raw == _KEPT:
            if kept:
                once(self.kept, number)
        elif raw == _MISSED:
            once(self.missed, number)
        elif raw != _CANCELLED:
            once(self.undecided, number)

    def add_other(self, mark: Mark) -> None:
        """Count one clock as it would be under the other policy."""
        self.other[mark.raw] += 1
        self.other_adjusted[mark.adjusted] += 1

    def attainment(self, metric: Metric, wanted: Wanted) -> Attainment:
        """What was counted."""
        return Attainment(
            metric,
            Tally(*self.raw),
            Tally(*self.adjusted),
            spread(self.elapsed),
            spread(self.counted),
            Numbers(tuple(self.missed), tuple(self.undecided), tuple(self.kept) if wanted.kept else None),
            wanted.goals.get(metric),
            Tally(*self.other) if wanted.other else None,
            Tally(*self.other_adjusted) if wanted.other else None,
        )


class Rows:
    """One table, as it is counted."""

    def __init__(self, dimensions: Dimensions) -> None:
        self.dimensions = dimensions
        self.names = tuple(one.value for one in dimensions)
        self.by_clock = BY_CLOCK in dimensions
        self.counts: dict[Key, dict[str, Count]] = {}
        self.cases: dict[Key, int] = {}

    def add(self, number: int, known: Mapping[str, Any], marks: Sequence[Mark], kept: bool) -> None:
        """Count a case in every row that its clocks belong to, or that it does itself where it has none."""
        own = tuple([known[name] for name in self.names])
        keys = set()
        for mark in marks:
            key = self._of(known, mark) if self.by_clock else own
            keys.add(key)
            self._count(key, mark.metric).add(number, mark, kept)
        keys = keys or {own}
        for key in keys:
            self.cases[key] = self.cases.get(key, 0) + 1

    def add_other(self, known: Mapping[str, Any], marks: Iterable[Mark]) -> None:
        """Count the clocks that a case would have under the other policy, where those that it has stand."""
        for mark in marks:
            self._count(self._of(known, mark), mark.metric).add_other(mark)

    def _of(self, known: Mapping[str, Any], mark: Mark) -> Key:
        return tuple(mark.priority if name == BY_CLOCK else known[name] for name in self.names)

    def _count(self, key: Key, metric: str) -> Count:
        row = self.counts.get(key)
        if row is None:
            row = self.counts[key] = {}
        count = row.get(metric)
        if count is None:
            count = row[metric] = Count()
        return count

    def table(self, wanted: Wanted, days: tuple[date, date] | None) -> Table:
        """What was counted, in order; a table by time alone from the first to the last period without a gap."""
        keys = {**dict.fromkeys(self.counts), **dict.fromkeys(self.cases)}
        if days and len(self.dimensions) == 1 and self.dimensions[0] in PERIODS:
            keys |= {(name,): None for name in report_periods.between(self.dimensions[0], *days)}
        rows = (self._row(key, wanted) for key in sorted(keys, key=self._rank))
        return Table(self.dimensions, tuple(rows))

    def _row(self, key: Key, wanted: Wanted) -> Row:
        counts = self.counts.get(key, {})
        known = (counts[metric].attainment(metric, wanted) for metric in METRICS if metric in counts)
        return Row(key, self.cases.get(key, 0), tuple(known))

    def _rank(self, key: Key) -> tuple[tuple[bool, int, str, str], ...]:
        """Priorities by severity, the rest by name, letter case aside; who has none comes last."""
        return tuple(
            (value is None, _severity(one, value), (value or "").casefold(), value or "")
            for one, value in zip(self.dimensions, key, strict=True)
        )


def once(numbers: "array[int]", number: int) -> None:
    """Note a case's number; they come in order."""
    if not numbers or numbers[-1] != number:
        numbers.append(number)


def _severity(dimension: Dimension, value: str | None) -> int:
    return SEVERITIES[Priority(value)] if dimension is Dimension.PRIORITY and value else 0
