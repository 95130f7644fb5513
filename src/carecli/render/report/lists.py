"""What a report on a terminal tells beside attainment: what was missed, the backlog, follow-ups, time (RPT-1)."""

from collections.abc import Sequence
from typing import Final

from carecli.domain.counting import counted
from carecli.domain.numbers import written
from carecli.domain.report import Age, Breach, Report, Rounds, StatusTime
from carecli.render.report import words
from carecli.render.sheet import Cell, Column, Row, Sheet, Tone
from carecli.render.words import duration, titled

BREACHES_MAX: Final = 10


def breaches_shown(report: Report, zone: str, again: str) -> Sheet:
    """The latest of the promises that were missed."""
    latest = report.breaches[-BREACHES_MAX:]
    columns = (
        Column("number", "Number"),
        Column("metric", "Clock"),
        Column("priority", "Priority", rank=2),
        Column("account", "Account", rank=1, least=10),
        Column("owner", "Owner", rank=3, least=12),
        Column("target", "Target", rank=4, right=True),
        Column("due_at", "Due"),
        Column("overdue_s", "Late by", right=True),
        Column("adjusted", "Adjusted", rank=1),
    )
    more = len(report.breaches) - len(latest)
    every = f"the last {len(latest)} by due time; all {len(report.breaches):,}: {again} --list breaches; "
    note = f"{every if more else ''}each one's proof: care explain NUMBER"
    title = f"Missed: {counted(len(report.breaches), 'promise')}"
    rows = tuple(_breach(one) for one in reversed(latest))
    return Sheet(title, columns, rows, zone, note)


def _breach(one: Breach) -> Row:
    unmet = "" if one.met_at else ", unmet"
    return (
        Cell(written(one.number), tone=Tone.STRONG),
        Cell(one.metric.value, titled(one.metric)),
        Cell(one.priority.value, titled(one.priority)),
        Cell(one.account),
        Cell(one.owner, one.owner or "nobody"),
        Cell(one.target),
        Cell(one.due_at),
        Cell(one.overdue_s, duration(one.overdue_s) + unmet, Tone.ALARM if unmet else Tone.PLAIN),
        Cell(one.adjusted.value, "" if one.adjusted == "missed" else words.OUTCOMES[one.adjusted]),
    )


def backlog_shown(backlog: Sequence[Age], wide: bool, again: str) -> Sheet:
    """How many cases are open, by age."""
    most = max((age.cases for age in backlog), default=0)
    width = 40 if wide else 20
    columns = (
        Column("age", "Age"),
        Column("bar", ""),
        Column("cases", "Cases", right=True),
        Column("statuses", "Of these", rank=1, least=20),
    )
    rows = tuple(
        (
            Cell(age.name),
            Cell(None, _length(age.cases, most, width)),
            Cell(age.cases, f"{age.cases:,}"),
            Cell(None, ", ".join(f"{count:,} {titled(status)}" for status, count in age.statuses)),
        )
        for age in backlog
    )
    total = sum(age.cases for age in backlog)
    title = f"Open now, whenever opened: {counted(total, 'case')}"
    note = f"which they are: {again} --list backlog"
    return Sheet(title, columns, rows, note=note) if total else Sheet(title, columns, ())


def _length(count: int, most: int, width: int) -> str:
    return "█" * -(-count * width // most) if count else ""


def rounds_shown(rounds: Sequence[Rounds]) -> Sheet:
    """What became of requests to customers."""
    columns = (
        Column("kind", "Request"),
        Column("rounds", "All", right=True),
        Column("answered_0", "Answered", right=True),
        Column("answered_1", "after #1", right=True),
        Column("answered_2", "after #2", right=True),
        Column("closed", "Closed", right=True),
        Column("standing", "Standing", right=True),
        Column("otherwise", "Other", right=True),
    )
    rows = tuple(
        (
            Cell(one.kind, words.ROUNDS[one.kind]),
            *(
                Cell(count, f"{count:,}")
                for count in (one.rounds, *one.answered, one.closed, one.standing, one.otherwise)
            ),
        )
        for one in rounds
    )
    note = "Answered: before any reminder; closed: by the ladder; other: ended by Customer Care, or asked anew"
    return Sheet("Follow-ups", columns, rows, note=note)


def statuses_shown(statuses: Sequence[StatusTime], wide: bool) -> Sheet:
    """How long cases stood where."""
    most = max(one.total_s for one in statuses)
    columns = (
        Column("status", "Status"),
        Column("bar", ""),
        Column("cases", "Cases", right=True),
        Column("total_s", "In all", right=True),
        Column("median_s", "Median", right=True),
        Column("p90_s", "90th", right=True),
    )
    rows = tuple(
        (
            Cell(one.status.value, titled(one.status)),
            Cell(None, _length(one.total_s, most, 40 if wide else 16)),
            Cell(one.cases, f"{one.cases:,}"),
            Cell(one.total_s, duration(one.total_s)),
            Cell(one.median_s, duration(one.median_s)),
            Cell(one.p90_s, duration(one.p90_s)),
        )
        for one in statuses
    )
    return Sheet("Time in status, nights and weekends included", columns, rows)
