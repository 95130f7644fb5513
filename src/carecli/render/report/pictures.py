"""The pictures of a report: its values as bars and lines (RPT-1)."""

from collections.abc import Iterator, Sequence
from typing import Final

from carecli.domain.report import Attainment, Report, Rounds, Row, StatusTime, Table, Tally
from carecli.domain.vocabulary import Metric
from carecli.render.drawing import Drawing
from carecli.render.report import words
from carecli.render.report.charts import Amount, Bar, Group, Mark, Part, amounts, attainment, matrix
from carecli.render.report.charts_trend import Panel, Point, trend
from carecli.render.words import titled

MOST_ROWS: Final = 12
"""So many rows of a table are drawn; the table beside it has them all."""
ANSWERED: Final = ("answered before #1", "answered after #1", "answered after #2")


def overall(report: Report) -> Drawing:
    """How each promise was kept, over everything."""
    bars = [bar(one, titled(one.metric), counted(one.raw)) for one in report.overall]
    return attainment("overall", "Promises kept, by clock", bars)


def course(table: Table, name: str) -> Drawing:
    """How each promise was kept from period to period."""
    said = words.dimension(table.dimensions[0]).lower()
    periods = [words.value(table.dimensions[0], row.key[0]) for row in table.rows]
    panels = [_panel(metric, table.rows) for metric in metrics(table.rows)]
    return trend(name, f"Promises kept, by {said}", periods, [row.cases for row in table.rows], panels)


def compared(table: Table, name: str) -> Drawing:
    """How each promise was kept in the rows of a table: those with the most clocks, where they are many."""
    by = metrics(table.rows)
    groups = [_group(table, row, by) for row in drawn(table)]
    return matrix(name, f"Promises kept, {by_what(table)}", [titled(one) for one in by], groups)


def drawn(table: Table) -> Sequence[Row]:
    """The rows that are drawn, in the table's order."""
    ranked = sorted(range(len(table.rows)), key=lambda place: (-_decided(table.rows[place]), place))
    return [table.rows[place] for place in sorted(ranked[:MOST_ROWS])]


def backlog(report: Report) -> Drawing:
    """How old the open cases are."""
    ages = tuple(Amount(one.name, one.cases, f"{one.cases:,}") for one in report.backlog)
    return amounts("backlog", "Open cases, by age", [Part("", ages)])


def standing(statuses: Sequence[StatusTime]) -> Drawing:
    """In which statuses the time went."""
    whole = sum(one.total_s for one in statuses)
    told = tuple(Amount(titled(one.status), one.total_s, _share(one.total_s, whole)) for one in statuses)
    return amounts("statuses", "Share of the cases' time, by status", [Part("", told)])


def rounds(report: Report) -> Drawing:
    """What became of requests to customers."""
    parts = [Part(words.ROUNDS[one.kind], tuple(_outcomes(one))) for one in report.rounds if one.rounds]
    return amounts("rounds", "Follow-ups, by outcome", parts)


def outcomes(one: Rounds) -> Iterator[tuple[str, int]]:
    """Each outcome of a kind of request by its name, and how often it was."""
    yield from zip(ANSWERED, one.answered, strict=True)
    yield "closed by the ladder", one.closed
    yield "ended otherwise", one.otherwise
    yield "standing", one.standing


def metrics(rows: Sequence[Row]) -> list[Metric]:
    """The clocks that any of the rows has."""
    return [metric for metric in Metric if any(row.of(metric) for row in rows)]


def by_what(table: Table) -> str:
    """`by plan and priority`."""
    return "by " + " and ".join(words.dimension(one).lower() for one in table.dimensions)


def heading(table: Table) -> str:
    """`By plan and priority`."""
    return f"B{by_what(table)[1:]}"


def named(table: Table, row: Row) -> str:
    """A row's key as people read it: `Business, High`."""
    told = (words.value(of, one) for of, one in zip(table.dimensions, row.key, strict=True))
    return ", ".join(told)


def counted(tally: Tally) -> str:
    """`95.4 %, 312 of 327`."""
    return f"{words.percent(tally)}, {tally.kept:,} of {tally.decided:,}" if tally.decided else "none decided"


def bar(one: Attainment, label: str, said: str) -> Bar:
    """An attainment as a bar, with what is different where it is adjusted, or under another policy."""
    adjusted = _mark(one.adjusted, one.goal) if one.adjusted != one.raw else None
    other = _mark(one.other, one.goal) if one.other is not None else None
    return Bar(label, said, one.raw.tenths, one.goal, adjusted, other, short(one))


def short(one: Attainment) -> bool:
    """Whether an attainment misses its goal."""
    return one.goal is not None and one.raw.reaches(one.goal) is False


def _mark(tally: Tally, goal: int | None) -> Mark | None:
    return None if tally.tenths is None else Mark(tally.tenths, words.percent(tally, goal))


def _group(table: Table, row: Row, by: Sequence[Metric]) -> Group:
    found = [row.of(metric) for metric in by]
    bars = (None if one is None else bar(one, "", words.percent(one.raw, one.goal)) for one in found)
    return Group(named(table, row), tuple(bars))


def _panel(metric: Metric, rows: Sequence[Row]) -> Panel:
    found = [row.of(metric) for row in rows]
    known = [one for one in found if one is not None]
    goal = next((one.goal for one in known if one.goal is not None), None)
    adjusted: tuple[int | None, ...] = ()
    other: tuple[int | None, ...] = ()
    if any(one.adjusted != one.raw for one in known):
        adjusted = tuple(None if one is None else one.adjusted.tenths for one in found)
    if any(one.other is not None for one in known):
        other = tuple(None if one is None or one.other is None else one.other.tenths for one in found)
    return Panel(titled(metric), tuple(map(_point, found)), goal, adjusted, other)


def _point(one: Attainment | None) -> Point:
    if one is None or one.raw.tenths is None:
        return Point(None, "nothing decided")
    return Point(one.raw.tenths, words.percent(one.raw, one.goal), short(one))


def _decided(row: Row) -> int:
    return sum(one.raw.decided for one in row.metrics)


def _outcomes(one: Rounds) -> Iterator[Amount]:
    for outcome, count in outcomes(one):
        yield Amount(outcome, count, f"{count:,}", "ladder" if outcome.startswith("closed") else "amount")


def _share(part: int, whole: int) -> str:
    tenths = (2_000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10} %"
