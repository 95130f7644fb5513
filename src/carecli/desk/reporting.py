"""Reports: the cases of a period read one after the other, and counted (RPT-1, SLA-9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.desk import policies, whatif
from carecli.domain import access, clock, exempting, report_clocks, report_course, report_periods
from carecli.domain.access import Right
from carecli.domain.finding import Filter
from carecli.domain.instants import instant, iso
from carecli.domain.people import DESK_CALENDAR
from carecli.domain.report import PERIODS, USUAL, Aged, Asked, Dimensions, Report
from carecli.domain.report_backlog import aged
from carecli.domain.report_clocks import Counted
from carecli.domain.report_counting import Counting, Told
from carecli.domain.report_course import Course, Step
from carecli.domain.report_rows import METRICS, Wanted
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, SYSTEM, Metric, Plan
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.whatif import WhatIf
    from carecli.domain.business_time import BusinessTime
    from carecli.domain.policy_views import PolicyView
    from carecli.domain.report_clocks import Document
    from carecli.domain.report_counting import State
    from carecli.store.protocol import Reading
    from carecli.store.protocol_reports import StepRow

SHORT_HASH = 8
"""How many digits of a policy's hash a report shows."""


class Question(NamedTuple):
    """What a report is asked for: which cases, by what, one metric or all, under which policy too.

    `kept` asks for the numbers of the cases whose promise was kept, too; `exact` says that the moment was named.
    """

    filter: Filter = Filter()
    plan: Plan | None = None
    metric: Metric | None = None
    by: Dimensions | None = None
    policy: str | None = None
    kept: bool = False
    exact: bool = False


def report(
    desk: Desk, question: Question | None = None, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """How well promises are kept, as the actor may see it; raises Invalid for a period that ends before it begins.

    Periods and their limits are those of the opening, half-open; the backlog is whatever is open, whenever opened.
    `progress` hears how many cases are counted.
    """
    asked = question or Question()
    _check(desk, asked)
    with desk.reading() as reading:
        other = whatif.under(desk, reading, asked.policy) if asked.policy else None
        counting = Counting(_asked(desk, reading, asked, other), _wanted(desk, reading, asked, other))
        for done, told in enumerate(_told(desk, reading, asked, other), 1):
            counting.add(told)
            progress(done)
        return counting.report(_aged(desk, reading, asked))


@contextmanager
def cases(desk: Desk, question: Question) -> Iterator[Iterator[Told]]:
    """Each case that a report is about, as it is counted, by number; read as they are asked for."""
    _check(desk, question)
    with desk.reading() as reading:
        yield _told(desk, reading, question, None)


def backlog(desk: Desk, question: Question) -> list[Aged]:
    """Each open case that the filters let through, whenever opened; the oldest first."""
    _check(desk, question)
    with desk.reading() as reading:
        return sorted(_aged(desk, reading, question), key=attrgetter("opened_at", "number"))


def _aged(desk: Desk, reading: Reading, asked: Question) -> Iterator[Aged]:
    ever = asked.filter._replace(since=None, until=None)
    return aged(reading.still_open(ever, asked.plan), desk.now)


def _check(desk: Desk, asked: Question) -> None:
    access.require(desk.actor, Right.READ_CASES)
    desk.require_whole("what happened inside, which is counted,", staff=True)
    since, until = asked.filter.since, asked.filter.until
    if since and until and since >= until:
        raise Invalid(
            "--until is not after --since, so that no case is in between",
            hint="--until names the first instant that is not in it any more",
            rule="RPT-1",
        )


def _wanted(desk: Desk, reading: Reading, asked: Question, other: WhatIf | None) -> Wanted:
    span = reading.opened_span(asked.filter, asked.plan)
    since, until = asked.filter.since, asked.filter.until
    first, last = (since, until) if since and until else span or (desk.now, desk.now)
    goal = int(_in_force(desk, reading).document["sla"]["restoration_goal_percent"])
    return Wanted(
        tables=(asked.by,) if asked.by else USUAL,
        trend=next((one for one in asked.by or () if one in PERIODS), None) or report_periods.fitting(first, last),
        goals={Metric.RESTORATION: goal},
        kept=asked.kept,
        other=other is not None,
    )


def _asked(desk: Desk, reading: Reading, asked: Question, other: WhatIf | None) -> Asked:
    return Asked(
        at=desk.now,
        since=asked.filter.since,
        until=asked.filter.until,
        zone=desk.settings.calendar.timezone or str(DESK_CALENDAR.timezone),
        filters=tuple(_filters(asked)),
        by=asked.by,
        policy=_labelled(_in_force(desk, reading)),
        other=_labelled(other.view) if other else None,
        exact=asked.exact,
    )


def _filters(asked: Question) -> Iterator[tuple[str, str]]:
    named: Mapping[str, Any] = {**asked.filter._asdict(), "plan": asked.plan, "metric": asked.metric}
    for name in ("account", "plan", "deployment", "service", "component", "owner", "group", "contact", "type"):
        if named[name] is not None:
            yield name, str(named[name])
    for name in ("priority", "metric"):
        if named[name] is not None:
            yield name, str(named[name])


def _in_force(desk: Desk, reading: Reading) -> PolicyView:
    from carecli.domain.policy_views import PolicyView

    digest = desk.settings.policy
    if digest is None:
        return policies.named("default")
    return PolicyView(reading.document(digest), digest, "desk", None, True)


def _labelled(view: PolicyView) -> str:
    return f"{view.document['name']} {view.digest[:SHORT_HASH]}"


def _told(desk: Desk, reading: Reading, asked: Question, other: WhatIf | None) -> Iterator[Told]:
    """Each case with its clocks and its course; two readers of the record go along with each other, by number."""
    courses = groupby(reading.steps(asked.filter, asked.plan), key=attrgetter("number"))
    judge = _judge(desk, reading)
    metrics = (asked.metric,) if asked.metric else METRICS
    for state in reading.reported(asked.filter, asked.plan):
        number, rows = next(courses)
        assert number == state["number"], "every case has an opening among its events"
        course = report_course.course(map(judge.step, rows), desk.now)
        clocks = tuple(one for one in judge.clocks(state, course) if one.clock["metric"] in metrics)
        if other is None:
            yield Told(state, clocks, course)
        else:
            tried = judge.under(state, other)
            yield Told(state, clocks, course, tuple(one for one in tried if one.clock["metric"] in metrics))


class _Judge(NamedTuple):
    """Tells of cases what a report counts, as they stand at the desk's now, which is `at`."""

    desk: Desk
    reading: Reading
    at: str
    staff: frozenset[str]
    hours: Callable[[str], BusinessTime]
    """The arithmetic of a calendar by its hash."""

    def step(self, row: StepRow) -> Step:
        """An event of a case's course."""
        by_staff = row.actor.casefold() in self.staff
        return Step(row.at, row.kind, by_staff, row.status, row.substatus, row.action, row.calendar)

    def clocks(self, state: State, course: Course) -> Iterator[Counted]:
        """Each clock of a case, with what became of it."""
        for one, adjusted in self._adjusted(state):
            if one["met_at"]:
                digest = report_course.calendar_of(course.calendars, instant(one["met_at"]), state["calendar"])
                yield report_clocks.counted(one, adjusted, self.at, self.hours(digest))
            else:
                yield report_clocks.judged(one, adjusted, self.at)

    def _adjusted(self, state: State) -> Iterable[tuple[Document, Document]]:
        """Each clock of a case, and what it is without the time exempted from it: few cases have any (SLA-9)."""
        if not state.get("exemptions"):
            return ((one, one) for one in state["clocks"])
        events = (entry.event for entry in self.reading.history(state["number"]))
        told = [event for event in events if event.at <= self.desk.now]
        _, judged = exempting.judged(told, self.desk.rulebook.finding(self.reading))
        return ((clock.document(one.raw), clock.document(one.adjusted)) for one in judged)

    def under(self, state: State, other: WhatIf) -> Iterator[Counted]:
        """The clocks that a case would have under another policy, as they would stand (SLA-8)."""
        history = (entry.event for entry in self.reading.history(state["number"]))
        case = other.recounted(history, self.desk.now)
        rules = other.rules(case.policy, case.calendar)
        for one in case.clocks:
            adjusted = exempting.adjusted(one, case.exemptions, rules)
            yield report_clocks.judged(clock.document(one), clock.document(adjusted), self.at)


def _judge(desk: Desk, reading: Reading) -> _Judge:
    staff = frozenset({member.email.casefold() for member in reading.staff()} | {SYSTEM, AUTO_FOLLOW_UP})
    return _Judge(desk, reading, iso(desk.now), staff, cache(partial(desk.rulebook.business_time, reading)))
