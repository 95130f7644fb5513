"""Counting a report: case by case as they are read, so that of however many there are few numbers stay (RPT-1)."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from carecli.domain import report_periods
from carecli.domain.calendar import find_zone
from carecli.domain.instants import instant, instant_or_none
from carecli.domain.report import (
    PERIODS,
    Aged,
    Asked,
    Attainment,
    Breach,
    Outcome,
    Population,
    Report,
    RoundNumbers,
    Rounds,
    StatusTime,
    Tally,
)
from carecli.domain.report_backlog import ages
from carecli.domain.report_clocks import Counted, overdue_s
from carecli.domain.report_course import REQUESTS, Course, End, Round
from carecli.domain.report_rows import METRICS, Rows, Wanted, mark, once
from carecli.domain.report_spread import spread
from carecli.domain.vocabulary import Metric, Plan, Priority, Standing, Status, Substatus

State = Mapping[str, Any]


class Told(NamedTuple):
    """A case as a report counts it: its state as JSON, its clocks, its course, its clocks under another policy."""

    state: State
    clocks: tuple[Counted, ...]
    course: Course
    other: tuple[Counted, ...] | None = None


class Counting:
    """Takes in cases by number, and tells the report at the end."""

    def __init__(self, asked: Asked, wanted: Wanted) -> None:
        self.asked = asked
        self.wanted = wanted
        self.zone = find_zone(asked.zone)
        self._overall = Rows(())
        self._trend = Rows((wanted.trend,))
        self._tables = [Rows(dimensions) for dimensions in wanted.tables]
        tables = (wanted.trend, *(one for table in wanted.tables for one in table))
        self._by = [one for one in PERIODS if one in tables]
        self._breaches: list[Breach] = []
        self._stood: dict[Status, array[int]] = {}
        self._rounds: dict[str, _Rounds] = {kind: _Rounds(kind) for kind in REQUESTS}
        self._cases = self._closed = self._unclocked = self._exempted = self._waiting = 0
        self._first: str | None = None
        self._last: str | None = None

    def add(self, told: Told) -> None:
        """Take in one case; its number is above those before it."""
        state = told.state
        known = {**state, **dict(self._periods(state))}
        marks, others = [mark(one) for one in told.clocks], [mark(one) for one in told.other or ()]
        for rows in (self._overall, self._trend, *self._tables):
            rows.add(state["number"], known, marks, self.wanted.kept)
            rows.add_other(known, others)
        self._breaches += self._missed(told)
        for status, seconds in told.course.stood_s:
            self._stood.setdefault(status, array("q")).append(seconds)
        for one in told.course.rounds:
            self._rounds[one.kind].add(state["number"], one)
        self._count(told)

    def _periods(self, state: State) -> Iterator[tuple[str, str]]:
        """The periods of a case's opening that some table is by."""
        day = report_periods.local_day(instant(state["opened_at"]), self.zone)
        return ((one.value, report_periods.named(one, day)) for one in self._by)

    def _count(self, told: Told) -> None:
        state = told.state
        standing = Standing(Status(state["status"]), Substatus(state["substatus"]))
        self._cases += 1
        self._closed += standing.closed
        self._unclocked += not told.clocks
        self._exempted += bool(state.get("exemptions"))
        self._waiting += standing.awaits_customer
        opened_at = state["opened_at"]
        self._first = min(self._first or opened_at, opened_at)
        self._last = max(self._last or opened_at, opened_at)

    def _missed(self, told: Told) -> Iterator[Breach]:
        for clock in told.clocks:
            if clock.raw is Outcome.MISSED:
                yield breach(told.state, clock, self.asked.at)

    def report(self, backlog: Iterable[Aged]) -> Report:
        """The report, with each open case of the backlog, by number."""
        overall = self._overall.table(self.wanted, None).rows
        metrics = overall[0].metrics if overall else ()
        first, last = instant_or_none(self._first), instant_or_none(self._last)
        days = (self._day(first), self._day(last)) if first and last else None
        return Report(
            asked=self.asked,
            population=self._population(metrics, first, last),
            overall=metrics,
            trend=self._trend.table(self.wanted, days),
            tables=tuple(rows.table(self.wanted, days) for rows in self._tables),
            breaches=tuple(sorted(self._breaches, key=_order)),
            backlog=ages(backlog),
            statuses=tuple(_stood(status, self._stood[status]) for status in Status if status in self._stood),
            rounds=tuple(rounds.told() for rounds in self._rounds.values()),
        )

    def _day(self, at: datetime) -> date:
        return report_periods.local_day(at, self.zone)

    def _population(
        self, metrics: Sequence[Attainment], first: datetime | None, last: datetime | None
    ) -> Population:
        return Population(
            cases=self._cases,
            open=self._cases - self._closed,
            closed=self._closed,
            unclocked=self._unclocked,
            exempted=self._exempted,
            waiting=self._waiting,
            raw=_sum(one.raw for one in metrics),
            adjusted=_sum(one.adjusted for one in metrics),
            first_at=first,
            last_at=last,
        )


class _Rounds:
    """The rounds of one kind of request, as they are counted."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.answered = [0, 0, 0]
        self.ended = dict.fromkeys(End, 0)
        self.numbers: dict[End, array[int]] = {end: array("q") for end in End}

    def add(self, number: int, one: Round) -> None:
        """Count one round of a case."""
        if one.end is End.ANSWERED:
            self.answered[min(one.reminders, 2)] += 1
        self.ended[one.end] += 1
        once(self.numbers[one.end], number)

    def told(self) -> Rounds:
        """What was counted."""
        before, after_1, after_2 = self.answered
        return Rounds(
            self.kind,
            (before, after_1, after_2),
            self.ended[End.CLOSED],
            self.ended[End.STANDING],
            self.ended[End.OTHERWISE],
            RoundNumbers(*(tuple(self.numbers[end]) for end in End)),
        )


def _stood(status: Status, durations: Sequence[int]) -> StatusTime:
    told = spread(durations)
    return StatusTime(status, told.of, sum(durations), told.median_s or 0, told.p90_s or 0)


def breach(state: State, counted: Counted, at: datetime) -> Breach:
    """A promise that was missed."""
    clock = counted.clock
    return Breach(
        number=state["number"],
        subject=state["subject"],
        account=state["account"],
        plan=Plan(state["plan"]),
        priority=Priority(clock["priority"]),
        owner=state["owner"],
        group=state["group"],
        status=Status(state["status"]),
        metric=Metric(clock["metric"]),
        cycle=clock["cycle"],
        target=clock["target"],
        due_at=instant(clock["due_at"]),
        met_at=instant_or_none(clock["met_at"]),
        overdue_s=overdue_s(clock, at),
        adjusted=counted.adjusted,
    )


def _order(breach: Breach) -> tuple[datetime, int, int, int]:
    return breach.due_at, breach.number, METRICS.index(breach.metric), breach.cycle


def _sum(tallies: Iterable[Tally]) -> Tally:
    return Tally(*(sum(column) for column in zip(Tally(), *tallies, strict=True)))
