"""A report as a workbook: figures as numbers, dates as dates, and charts of the spreadsheet's own (RPT-1).

An attainment is a formula over the counts beside it, so that whoever opens the workbook sees what it is made of.
Charts are drawn by the program that opens it, from the same cells.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final

from carecli.domain.numbers import written
from carecli.domain.report import Attainment, Report, Row, Table, Tally
from carecli.domain.report_spread import Spread
from carecli.domain.vocabulary import Metric, Status
from carecli.render.report import numbers, pictures, words
from carecli.render.report.workbook_figures import (
    BARE,
    COLOURS,
    RULED,
    Figure,
    Lasting,
    Percent,
    Share,
    Sheet,
    Wall,
    new_chart,
    series,
)
from carecli.render.words import titled
from carecli.render.workbook import Book, book, zoned

_DRAWN: Final = 30
"""So many rows of a table are in its chart."""
_TALLY: Final = ("Kept", "Missed", "Running", "Paused", "Cancelled")
_TIMES: Final = ("Elapsed, median", "Elapsed, 90th", "Counted, median", "Counted, 90th")


def workbook(report: Report, zone: str) -> bytes:
    """The report as an xlsx file, its instants in `zone`; its charts are on the first sheet."""
    out = BytesIO()
    with book(out, in_memory=True) as made:
        wall = _overall(made, report, zone)
        for table in (report.trend, *report.tables):
            if table.rows:
                _table(made, wall, table, report)
        _missed(made, report, zone)
        _backlog(made, wall, report)
        _statuses(made, wall, report)
        _rounds(made, wall, report)
        _numbers(made, report)
    return out.getvalue()


def _overall(made: Book, report: Report, zone: str) -> Wall:
    sheet = Sheet(made, "Report")
    for line in (*words.population(report, zone), *words.cautions(report)):
        sheet.say(line[:1].upper() + line[1:])
    sheet.row += 1
    first = sheet.row + 1
    sheet.head(("Clock", *_columns(report)))
    for one in report.overall:
        sheet.put((titled(one.metric), *_figures(one, report)))
    sheet.fit()
    wall = Wall(sheet)
    if report.overall:
        chart = new_chart(made, "bar", "Promises kept, by clock")
        names = sheet.area(0, first, sheet.row - 1)
        for place, (title, column) in enumerate(_compared(report)):
            chart.add_series(series(title, names, sheet.area(1 + column, first, sheet.row - 1), place))
        chart.set_x_axis({"num_format": "0%", "min": 0, "max": 1, **RULED})
        chart.set_y_axis({"reverse": True, **BARE})
        wall.hang(chart, "Attainment of each clock as a bar, raw and adjusted")
    return wall


def _table(made: Book, wall: Wall, table: Table, report: Report) -> None:
    """The rows once for each clock, so that a clock's figures stand beneath each other."""
    sheet = Sheet(made, pictures.heading(table))
    sheet.head((*map(words.dimension, table.dimensions), "Cases", "Clock", *_columns(report)))
    starts = {}
    for metric in pictures.metrics(table.rows):
        starts[metric] = sheet.row
        for row in table.rows:
            sheet.put(_row(table, row, metric, report))
    sheet.furnish()
    said = f"Attainment {pictures.by_what(table)}, a series for each clock"
    wall.hang(_compare(made, sheet, table, starts), said)


def _compare(made: Book, sheet: Sheet, table: Table, starts: dict[Metric, int]) -> Any:
    """A chart of a table: lines where it goes by time."""
    few = min(len(table.rows), len(table.rows) if table.period else _DRAWN)
    some = "" if few == len(table.rows) else f" (first {few} of {len(table.rows):,})"
    chart = new_chart(
        made, "line" if table.period else "column", f"Promises kept, {pictures.by_what(table)}{some}"
    )
    keys = len(table.dimensions)
    for place, (metric, first) in enumerate(starts.items()):
        names = [sheet.name, first, 0, first + few - 1, keys - 1]
        chart.add_series(series(titled(metric), names, sheet.area(keys + 2, first, first + few - 1), place))
    goal = starts.get(Metric.RESTORATION)
    if table.period and goal is not None:
        names, values = sheet.area(0, goal, goal + few - 1), sheet.area(keys + 3, goal, goal + few - 1)
        dashed = {"color": COLOURS[-1], "width": 1.25, "dash_type": "dash"}
        chart.add_series({"name": "Goal for restoration", "categories": names, "values": values, "line": dashed})
    # Bars begin at nothing; a line may begin higher.
    chart.set_y_axis({"num_format": "0%", "max": 1, **({} if table.period else {"min": 0}), **RULED})
    chart.show_blanks_as("gap")
    return chart


_MISSED: Final = (
    *("Case", "Subject", "Account", "Plan", "Priority", "Owner", "Group", "Status", "Clock", "Cycle", "Target"),
)


def _missed(made: Book, report: Report, zone: str) -> None:
    sheet = Sheet(made, "Missed", zone)
    sheet.head((*_MISSED, zoned("Due", zone), zoned("Met", zone), "Late by", "Adjusted"))
    for one in report.breaches:
        who: tuple[Figure, ...] = (
            written(one.number),
            one.subject,
            one.account,
            titled(one.plan),
            titled(one.priority),
        )
        what: tuple[Figure, ...] = (
            one.owner,
            one.group,
            titled(one.status),
            titled(one.metric),
            one.cycle,
            one.target,
        )
        sheet.put((*who, *what, one.due_at, one.met_at, Lasting(one.overdue_s), one.adjusted.value))
    sheet.furnish()


def _backlog(made: Book, wall: Wall, report: Report) -> None:
    sheet = Sheet(made, "Backlog")
    found = {status for age in report.backlog for status, _ in age.statuses}
    statuses = [status for status in Status if status in found]
    sheet.head(("Age", "Cases", *map(titled, statuses)))
    for age in report.backlog:
        counts = dict(age.statuses)
        sheet.put((age.name, age.cases, *(counts.get(status, 0) for status in statuses)))
    sheet.furnish()
    columns = [(titled(status), 2 + place) for place, status in enumerate(statuses)]
    _amounts(made, wall, sheet, "Open cases, by age and status", columns, "column", stacked=True)


def _statuses(made: Book, wall: Wall, report: Report) -> None:
    sheet = Sheet(made, "Time in status")
    sheet.head(("Status", "Cases", "Time in all", "Median", "90th percentile"))
    for one in report.statuses:
        sheet.put((titled(one.status), one.cases, *map(Lasting, (one.total_s, one.median_s, one.p90_s))))
    sheet.furnish()
    columns = [("Median", 3), ("90th percentile", 4)]
    _amounts(made, wall, sheet, "Time in status, in days", columns, "bar")


def _rounds(made: Book, wall: Wall, report: Report) -> None:
    sheet = Sheet(made, "Follow-ups")
    sheet.head(("Outcome", *(words.ROUNDS[one.kind] for one in report.rounds)))
    each = [dict(pictures.outcomes(one)) for one in report.rounds]
    for name in each[0] if each else ():
        sheet.put((name, *(counts[name] for counts in each)))
    sheet.furnish()
    columns = [(words.ROUNDS[one.kind], 1 + place) for place, one in enumerate(report.rounds)]
    _amounts(made, wall, sheet, "Follow-ups, by outcome", columns, "bar")


def _numbers(made: Book, report: Report) -> None:
    """The cases behind every figure, a row each."""
    kept = list(numbers.kept(report))
    if kept:
        sheet = Sheet(made, "Case numbers")
        sheet.head(("Figure", "Of", "Clock", "Outcome", "Case"))
        for one in kept:
            for number in one.numbers:
                sheet.put((*one.of, written(number)))
            if one.more:
                sheet.put((*one.of, f"and {one.more:,} more"))
        sheet.furnish()


def _columns(report: Report) -> Iterator[str]:
    yield from ("Attainment", "Goal", *_TALLY, "Adjusted", *(f"Adjusted {of.lower()}" for of in _TALLY))
    if _tried(report):
        yield from ("Other policy", "Other kept", "Other missed")
        yield from ("Other adjusted", "Other adjusted kept", "Other adjusted missed")
    yield from _TIMES


def _figures(one: Attainment | None, report: Report) -> Iterator[Figure]:
    """What stands under `_columns`; nothing where there is no such clock."""
    if one is None:
        return
    yield Share(one.raw, kept=2, missed=3)
    yield None if one.goal is None else Percent(one.goal)
    yield from one.raw
    yield Share(one.adjusted)
    yield from one.adjusted
    if _tried(report):
        yield from _tally(one.other)
        yield from _tally(one.other_adjusted)
    yield from (*_spread(one.elapsed), *_spread(one.counted))


def _tally(tally: Tally | None) -> Iterator[Figure]:
    yield from (None, None, None) if tally is None else (Share(tally), tally.kept, tally.missed)


def _spread(one: Spread) -> Iterator[Figure]:
    for seconds in (one.median_s, one.p90_s):
        yield None if seconds is None else Lasting(seconds)


def _row(table: Table, row: Row, metric: Metric, report: Report) -> Iterator[Figure]:
    yield from (words.value(of, known) for of, known in zip(table.dimensions, row.key, strict=True))
    yield row.cases
    yield titled(metric)
    yield from _figures(row.of(metric), report)


def _tried(report: Report) -> bool:
    """Whether another policy is tried beside the one in force."""
    return report.asked.other is not None


def _compared(report: Report) -> Iterator[tuple[str, int]]:
    """The attainments that the first chart sets beside each other, each with its place among the columns."""
    columns = list(_columns(report))
    yield "Attainment", columns.index("Attainment")
    if any(one.adjusted != one.raw for one in report.overall):
        yield "Adjusted for exempted time", columns.index("Adjusted")
    if _tried(report):
        yield "Other policy", columns.index("Other policy")


def _amounts(
    made: Book,
    wall: Wall,
    sheet: Sheet,
    title: str,
    columns: Sequence[tuple[str, int]],
    kind: str,
    *,
    stacked: bool = False,
) -> None:
    """A chart of some columns of a whole sheet; none where there is nothing to draw."""
    if sheet.row < 2 or not columns:
        return
    chart = new_chart(made, kind, title, stacked=stacked)
    names = sheet.area(0, 1, sheet.row - 1)
    for place, (name, column) in enumerate(columns):
        chart.add_series(series(name, names, sheet.area(column, 1, sheet.row - 1), place))
    if kind == "bar":
        chart.set_x_axis({"num_format": "General", **RULED})
        chart.set_y_axis({"reverse": True, **BARE})
    else:
        chart.set_y_axis({"num_format": "General", **RULED})
    wall.hang(chart, f"{title}: the figures of this sheet as bars")
