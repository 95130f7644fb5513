"""A report as the JSON that scripts read (RPT-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Status

if TYPE_CHECKING:
    from carecli.domain.report import (
        Age,
        Aged,
        Asked,
        Attainment,
        Breach,
        Report,
        Rounds,
        Row,
        Table,
        Tally,
    )
    from carecli.domain.report_counting import Told
    from carecli.domain.report_spread import Spread

Document = dict[str, Any]

STANDING: Final = tuple(status for status in Status if status is not Status.CLOSED)
"""The statuses in which time is counted."""


def report(told: Report) -> Document:
    """The whole report; numbers of cases stand with every figure that leads to them."""
    return {
        **_asked(told.asked),
        "population": _population(told),
        "overall": [_attainment(one) for one in told.overall],
        "trend": _table(told.trend),
        "tables": [_table(table) for table in told.tables],
        "breaches": [breach(one) for one in told.breaches],
        "backlog": [_age(age) for age in told.backlog],
        "time_in_status": [
            {
                "status": one.status.value,
                "cases": one.cases,
                "total_s": one.total_s,
                "median_s": one.median_s,
                "p90_s": one.p90_s,
            }
            for one in told.statuses
        ],
        "follow_ups": [_rounds(one) for one in told.rounds],
    }


def _asked(asked: Asked) -> Document:
    return {
        "as_of": iso(asked.at),
        "since": iso_or_none(asked.since),
        "until": iso_or_none(asked.until),
        "zone": asked.zone,
        "filters": dict(asked.filters),
        "policy": asked.policy,
        "other_policy": asked.other,
    }


def _population(report: Report) -> Document:
    told = report.population
    return {
        "cases": told.cases,
        "open": told.open,
        "closed": told.closed,
        "waiting": told.waiting,
        "unclocked": told.unclocked,
        "exempted": told.exempted,
        "first_opened_at": iso_or_none(told.first_at),
        "last_opened_at": iso_or_none(told.last_at),
        "clocks": told.raw._asdict(),
        "adjusted_clocks": told.adjusted._asdict(),
    }


def _table(table: Table) -> Document:
    return {"by": [one.value for one in table.dimensions], "rows": [_row(table, row) for row in table.rows]}


def _row(table: Table, row: Row) -> Document:
    key = {one.value: known for one, known in zip(table.dimensions, row.key, strict=True)}
    return {"key": key, "cases": row.cases, "metrics": [_attainment(one) for one in row.metrics]}


def attainment_rows(table: Table) -> Iterator[Document]:
    """A table line by line: its key, and one metric's figures."""
    for row in table.rows:
        known = _row(table, row)
        for metric in known["metrics"]:
            yield {**known["key"], "cases": row.cases, **metric}


def _attainment(one: Attainment) -> Document:
    return {
        "metric": one.metric.value,
        "goal_percent": one.goal,
        "raw": _tally(one.raw, one.goal),
        "adjusted": _tally(one.adjusted, one.goal),
        "other": _tally(one.other, one.goal) if one.other else None,
        "other_adjusted": _tally(one.other_adjusted, one.goal) if one.other_adjusted else None,
        "elapsed": _spread(one.elapsed),
        "counted": _spread(one.counted),
        "numbers": {
            "missed": _written(one.numbers.missed),
            "undecided": _written(one.numbers.undecided),
            "kept": None if one.numbers.kept is None else _written(one.numbers.kept),
        },
    }


def _tally(tally: Tally, goal: int | None) -> Document:
    tenths = tally.tenths
    return {
        **tally._asdict(),
        "percent": None if tenths is None else tenths / 10,
        "reaches_goal": None if goal is None else tally.reaches(goal),
    }


def _spread(spread: Spread) -> Document:
    return {"met": spread.of, "median_s": spread.median_s, "p90_s": spread.p90_s}


def breach(one: Breach) -> Document:
    """A promise that was missed."""
    return {
        "number": written(one.number),
        "metric": one.metric.value,
        "cycle": one.cycle,
        "priority": one.priority.value,
        "account": one.account,
        "plan": one.plan.value,
        "owner": one.owner,
        "group": one.group,
        "status": one.status.value,
        "target": one.target,
        "due_at": iso(one.due_at),
        "met_at": iso_or_none(one.met_at),
        "overdue_s": one.overdue_s,
        "adjusted": one.adjusted.value,
        "subject": one.subject,
    }


def _age(age: Age) -> Document:
    return {
        "age": age.name,
        "from_s": age.from_s,
        "until_s": age.until_s,
        "cases": age.cases,
        "statuses": {status.value: count for status, count in age.statuses},
        "numbers": _written(age.numbers),
    }


def aged(one: Aged) -> Document:
    """An open case with its age."""
    return {
        "number": written(one.number),
        "age": one.age,
        "status": one.status.value,
        "opened_at": iso(one.opened_at),
        "age_s": one.age_s,
    }


def _rounds(one: Rounds) -> Document:
    before, after_1, after_2 = one.answered
    return {
        "kind": one.kind,
        "rounds": one.rounds,
        "answered_before_1": before,
        "answered_after_1": after_1,
        "answered_after_2": after_2,
        "closed": one.closed,
        "standing": one.standing,
        "otherwise": one.otherwise,
        "numbers": {name: _written(numbers) for name, numbers in one.numbers._asdict().items()},
    }


def clock_rows(told: Told) -> Iterator[Document]:
    """Each clock of a case with what became of it, as the record keeps its instants."""
    state = told.state
    for one in told.clocks:
        clock = one.clock
        yield {
            "number": written(state["number"]),
            "metric": clock["metric"],
            "cycle": clock["cycle"],
            "outcome": one.raw.value,
            "adjusted": one.adjusted.value,
            "priority": clock["priority"],
            **{
                name: state[name] for name in ("account", "plan", "owner", "group", "service", "component", "type")
            },
            "status": state["status"],
            "target": clock["target"],
            "opened_at": state["opened_at"],
            "started_at": clock["started_at"],
            "due_at": clock["due_at"],
            "met_at": clock["met_at"],
            "elapsed_s": one.elapsed_s,
            "counted_s": one.counted_s,
        }


def case_row(told: Told) -> Document:
    """A case with how long it stood in each status before it closed, None where it never did."""
    state, stood = told.state, dict(told.course.stood_s)
    return {
        "number": written(state["number"]),
        **{
            name: state[name]
            for name in ("account", "plan", "priority", "owner", "status", "opened_at", "closed_at")
        },
        **{f"{status.value.replace('-', '_')}_s": stood.get(status) for status in STANDING},
    }


def _written(numbers: Iterable[int]) -> list[str]:
    return [written(number) for number in numbers]
