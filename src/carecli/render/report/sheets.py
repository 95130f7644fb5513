"""A report's tables for other programs: every figure in a column of its own, no bars (RPT-1, EXP-1)."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import instant
from carecli.domain.numbers import written
from carecli.domain.report import Aged, Attainment, Breach, Report, Table
from carecli.render.report import words
from carecli.render.report.document import STANDING, case_row, clock_rows
from carecli.render.sheet import Cell, Column, Flow, Row, Sheet
from carecli.render.words import duration, titled

if TYPE_CHECKING:
    from carecli.domain.report_counting import Told

_FIGURES = (
    Column("metric", "Clock"),
    Column("percent", "Kept %", right=True),
    Column("kept", "Kept", right=True),
    Column("missed", "Missed", right=True),
    Column("running", "Running", rank=3, right=True),
    Column("paused", "Paused", rank=3, right=True),
    Column("cancelled", "Cancelled", rank=5, right=True),
    Column("goal", "Goal %", rank=2, right=True),
    Column("adjusted_percent", "Adjusted %", rank=2, right=True),
    Column("adjusted_kept", "Adjusted kept", rank=6, right=True),
    Column("adjusted_missed", "Adjusted missed", rank=6, right=True),
)
_TRIED = (
    Column("other_percent", "Tried %", rank=1, right=True),
    Column("other_kept", "Tried kept", rank=6, right=True),
    Column("other_missed", "Tried missed", rank=6, right=True),
)
_SPREADS = (
    Column("met", "Met", rank=4, right=True),
    Column("median_s", "Median", rank=4, right=True),
    Column("p90_s", "90th", rank=4, right=True),
    Column("counted_median_s", "Median counted", rank=4, right=True),
    Column("counted_p90_s", "90th counted", rank=4, right=True),
)
_BREACHES = (
    Column("number", "Number"),
    Column("metric", "Clock"),
    Column("cycle", "Cycle", rank=7, right=True),
    Column("priority", "Priority", rank=2),
    Column("account", "Account", rank=1, least=10),
    Column("plan", "Plan", rank=6),
    Column("owner", "Owner", rank=3, least=12),
    Column("group", "Group", rank=6),
    Column("status", "Status", rank=5),
    Column("target", "Target", rank=4, right=True),
    Column("due_at", "Due"),
    Column("met_at", "Met", rank=4),
    Column("overdue_s", "Late by", right=True),
    Column("adjusted", "Adjusted", rank=3),
    Column("subject", "Subject", rank=8, least=16),
)
_BACKLOG = (
    Column("number", "Number"),
    Column("age", "Age"),
    Column("status", "Status"),
    Column("opened_at", "Opened"),
    Column("age_s", "For", right=True),
)


def overall_sheet(report: Report) -> Sheet:
    """Each metric over all cases."""
    return Sheet("Attainment", _columns(report), tuple(_figures(one, report) for one in report.overall))


def attainment_sheet(table: Table, report: Report) -> Sheet:
    """Each metric of each row of a table."""
    by = " and ".join(words.dimension(one).lower() for one in table.dimensions)
    keys = tuple(Column(one.value, words.dimension(one), least=13) for one in table.dimensions)
    rows = tuple(
        (
            *(Cell(known, words.value(one, known)) for one, known in zip(table.dimensions, row.key, strict=True)),
            Cell(row.cases),
            *_figures(one, report),
        )
        for row in table.rows
        for one in row.metrics
    )
    return Sheet(f"By {by}", (*keys, Column("cases", "Cases", rank=3, right=True), *_columns(report)), rows)


def _columns(report: Report) -> tuple[Column, ...]:
    return (*_FIGURES, *(_TRIED if report.asked.other else ()), *_SPREADS)


def _figures(one: Attainment, report: Report) -> Row:
    adjusted, other = one.adjusted, one.other
    tried = (
        Cell(words.plain_percent(other) if other else None),
        Cell(other.kept if other else None),
        Cell(other.missed if other else None),
    )
    return (
        Cell(one.metric.value, titled(one.metric)),
        Cell(words.plain_percent(one.raw)),
        *(Cell(count) for count in one.raw),
        Cell(one.goal),
        Cell(words.plain_percent(adjusted)),
        Cell(adjusted.kept),
        Cell(adjusted.missed),
        *(tried if report.asked.other else ()),
        Cell(one.elapsed.of),
        *(
            Cell(seconds, words.median(seconds))
            for seconds in (one.elapsed.median_s, one.elapsed.p90_s, one.counted.median_s, one.counted.p90_s)
        ),
    )


def breaches_sheet(breaches: Iterable[Breach], zone: str) -> Sheet:
    """Every promise that was missed, by due time."""
    return Sheet("Missed promises", _BREACHES, tuple(map(_breach, breaches)), zone)


def _breach(one: Breach) -> Row:
    return (
        Cell(written(one.number)),
        Cell(one.metric.value, titled(one.metric)),
        Cell(one.cycle),
        Cell(one.priority.value, titled(one.priority)),
        Cell(one.account),
        Cell(one.plan.value, titled(one.plan)),
        Cell(one.owner),
        Cell(one.group),
        Cell(one.status.value, titled(one.status)),
        Cell(one.target),
        Cell(one.due_at),
        Cell(one.met_at),
        Cell(one.overdue_s, duration(one.overdue_s)),
        Cell(one.adjusted.value, words.OUTCOMES[one.adjusted]),
        Cell(one.subject),
    )


def backlog_sheet(report: Report) -> Sheet:
    """How many cases are open, by age and status."""
    columns = (Column("age", "Age"), Column("status", "Status"), Column("cases", "Cases", right=True))
    rows = tuple(
        (Cell(age.name), Cell(status.value, titled(status)), Cell(count))
        for age in report.backlog
        for status, count in age.statuses
    )
    return Sheet("Open now, whenever opened", columns, rows)


def aged_sheet(cases: Iterable[Aged], zone: str) -> Sheet:
    """Each open case with its age, the oldest first."""
    rows = tuple(
        (
            Cell(written(one.number)),
            Cell(one.age),
            Cell(one.status.value, titled(one.status)),
            Cell(one.opened_at),
            Cell(one.age_s, duration(one.age_s)),
        )
        for one in cases
    )
    return Sheet("Open now, whenever opened", _BACKLOG, rows, zone)


def rounds_sheet(report: Report) -> Sheet:
    """What became of requests to customers."""
    names = (
        "rounds",
        "answered_before_1",
        "answered_after_1",
        "answered_after_2",
        "closed",
        "standing",
        "otherwise",
    )
    columns = (
        Column("kind", "Kind"),
        *(Column(name, titled(name.replace("_", "-")), right=True) for name in names),
    )
    rows = tuple(
        (
            Cell(one.kind, words.ROUNDS[one.kind]),
            *(Cell(count) for count in (one.rounds, *one.answered, one.closed, one.standing, one.otherwise)),
        )
        for one in report.rounds
    )
    return Sheet("Follow-ups", columns, rows)


def statuses_sheet(report: Report) -> Sheet:
    """How long cases stood where."""
    columns = (
        Column("status", "Status"),
        Column("cases", "Cases", right=True),
        Column("total_s", "In all", right=True),
        Column("median_s", "Median", right=True),
        Column("p90_s", "90th", right=True),
    )
    rows = tuple(
        (
            Cell(one.status.value, titled(one.status)),
            Cell(one.cases),
            *(Cell(seconds, duration(seconds)) for seconds in (one.total_s, one.median_s, one.p90_s)),
        )
        for one in report.statuses
    )
    return Sheet("Time in status", columns, rows)


_CLOCKS = (
    Column("number", "Number"),
    Column("metric", "Clock"),
    Column("cycle", "Cycle", rank=9, right=True),
    Column("outcome", "Outcome"),
    Column("adjusted", "Adjusted", rank=8),
    Column("priority", "Priority", rank=2),
    Column("account", "Account", rank=1, least=10),
    Column("plan", "Plan", rank=6),
    Column("owner", "Owner", rank=5, least=12),
    Column("group", "Group", rank=10),
    Column("service", "Service", rank=10),
    Column("component", "Component", rank=10),
    Column("type", "Type", rank=9),
    Column("status", "Status", rank=9),
    Column("target", "Target", rank=4, right=True),
    Column("opened_at", "Opened", rank=9),
    Column("started_at", "Started", rank=9),
    Column("due_at", "Due"),
    Column("met_at", "Met", rank=3),
    Column("elapsed_s", "Elapsed", rank=7, right=True),
    Column("counted_s", "Counted", rank=7, right=True),
)
_WORDS: Final = frozenset({"metric", "outcome", "adjusted", "priority", "plan", "type", "status"})
"""What has a word of ours under it, which people read with a capital."""
CLOCK_FIELDS = tuple(column.key for column in _CLOCKS)
_CASES = (
    Column("number", "Number"),
    Column("account", "Account", rank=1, least=10),
    Column("plan", "Plan", rank=3),
    Column("priority", "Priority", rank=2),
    Column("owner", "Owner", rank=3, least=12),
    Column("status", "Status"),
    Column("opened_at", "Opened"),
    Column("closed_at", "Closed", rank=4),
    *(Column(f"{status.value.replace('-', '_')}_s", titled(status), rank=5, right=True) for status in STANDING),
)
CASE_FIELDS = tuple(column.key for column in _CASES)


def clocks_flow(cases: Iterable["Told"], zone: str) -> Flow:
    """Every clock of the population with what became of it: what each figure is counted from."""
    rows = (_row(_CLOCKS, document) for told in cases for document in clock_rows(told))
    return Flow("Clocks", _CLOCKS, rows, zone)


def cases_flow(cases: Iterable["Told"], zone: str) -> Flow:
    """Every case of the population with how long it stood where."""
    return Flow("Cases", _CASES, (_row(_CASES, case_row(told)) for told in cases), zone)


def _row(columns: Iterable[Column], document: Mapping[str, Any]) -> Row:
    return tuple(_cell(column.key, document[column.key]) for column in columns)


def _cell(key: str, known: str | int | None) -> Cell:
    if key.endswith("_at") and isinstance(known, str):
        return Cell(instant(known))
    if key.endswith("_s") and isinstance(known, int):
        return Cell(known, duration(known, days=key != "counted_s"))
    if key in _WORDS and isinstance(known, str):
        return Cell(known, titled(known))
    return Cell(known)


def kept(flow: Flow) -> Sheet:
    """The same for a screen, which has to see all rows before it draws the first."""
    return Sheet(flow.title, flow.columns, tuple(flow.rows), flow.zone)
