"""A report as people read it: with bars and sparklines on a terminal, as plain tables in a pipe (RPT-1)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from carecli.domain.report import Attainment, Report, Row, Table, Tally
from carecli.domain.vocabulary import Metric
from carecli.render.report import words
from carecli.render.report.lists import backlog_shown, breaches_shown, rounds_shown, statuses_shown
from carecli.render.report.sheets import (
    attainment_sheet,
    backlog_sheet,
    overall_sheet,
    rounds_sheet,
    statuses_sheet,
)
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import titled

WIDE: Final = 110
"""From how many columns on there is room for bars in every table."""

BAR: Final = 8
ROWS_MAX: Final = 10
SPARKS: Final = "▁▂▃▄▅▆▇█"
SPARK_FROM: Final = 600
"""A sparkline's lowest sign stands for so many tenths of a percent or fewer; its highest for all kept, no less."""

Cells = tuple[Cell, ...]
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def report_page(report: Report, zone: str, *, width: int | None, again: str) -> list[Section]:
    """The whole report for a terminal of that width, None for a pipe; `again` is the command that asks for it."""
    stated = Prose("How well promises are kept", "\n".join(words.population(report, zone)))
    told = list(words.cautions(report))
    nothing = not report.population.cases and not any(age.cases for age in report.backlog)
    shown = () if nothing else _drawn(report, zone, width, again) if width else _plain(report)
    return [stated, *shown, *([Prose("Note", "\n".join(told), Tone.QUIET)] if told else [])]


def _plain(report: Report) -> Iterator[Section]:
    yield overall_sheet(report)
    yield from (attainment_sheet(table, report) for table in (report.trend, *report.tables))
    yield backlog_sheet(report)
    yield rounds_sheet(report)
    yield statuses_sheet(report)


def _drawn(report: Report, zone: str, width: int, again: str) -> Iterator[Section]:
    wide = width >= WIDE
    if report.overall:
        yield _overall(report, width)
        if any(one.elapsed.of for one in report.overall):
            yield _times(report.overall)
        if len(report.trend.rows) > 1 and all(
            table.dimensions != report.trend.dimensions for table in report.tables
        ):
            yield _table(report.trend, report, wide, again)
        for table in report.tables:
            yield _table(table, report, wide, again)
    if report.breaches:
        yield breaches_shown(report, zone, again)
    yield backlog_shown(report.backlog, wide, again)
    if any(one.rounds for one in report.rounds):
        yield rounds_shown(report.rounds)
    if report.statuses:
        yield statuses_shown(report.statuses, wide)


def _overall(report: Report, width: int) -> Sheet:
    from carecli.render.terminal import fit

    wide = width >= WIDE
    columns = (
        Column("metric", "Clock"),
        Column("bar", ""),
        Column("percent", "Kept", right=True),
        Column("share", "Of", right=True),
        Column("goal", "Goal"),
        Column("adjusted", "Adjusted", rank=1, right=True),
        Column("other", "Tried", rank=1, right=True),
        Column("undecided", "Undecided", right=True),
        Column("trend", "Trend", rank=2),
    )
    rows = tuple(_clock(one, report, wide) for one in report.overall)
    by = report.trend.dimensions[0]
    note = f"Trend by {by}: {SPARKS[0]} at most 60 %, {SPARKS[-1]} all kept, · nothing decided"
    sheet = Sheet("Attainment", columns, rows)
    shown, _ = fit(sheet, width)
    return sheet._replace(note=note if any(column.key == "trend" for column in shown.columns) else None)


def _clock(one: Attainment, report: Report, wide: bool) -> Cells:
    tone = _tone(one.raw, one.goal)
    return (
        Cell(one.metric.value, titled(one.metric), Tone.STRONG),
        Cell(None, bar(one.raw, 24 if wide else BAR), tone),
        Cell(words.plain_percent(one.raw), words.percent(one.raw, one.goal), tone),
        Cell(words.share(one.raw)),
        Cell(one.goal, _goal(one)),
        Cell(None, _beside(one.adjusted, one.goal, wide) if report.population.exempted else ""),
        Cell(None, _beside(one.other, one.goal, wide) if one.other else ""),
        Cell(one.raw.undecided, f"{one.raw.undecided:,}"),
        Cell(None, sparkline(report.trend, one.metric)),
    )


def _beside(tally: Tally, goal: int | None, wide: bool) -> str:
    return f"{words.percent(tally, goal)} {words.share(tally) if wide else ''}".rstrip()


def _times(overall: Sequence[Attainment]) -> Sheet:
    columns = (
        Column("metric", "Clock"),
        Column("met", "Met", right=True),
        Column("median_s", "Median", right=True),
        Column("p90_s", "90th", right=True),
        Column("counted_median_s", "Median counted", right=True),
        Column("counted_p90_s", "90th counted", right=True),
    )
    rows = tuple(
        (
            Cell(one.metric.value, titled(one.metric), Tone.STRONG),
            Cell(one.elapsed.of, f"{one.elapsed.of:,}"),
            Cell(one.elapsed.median_s, words.median(one.elapsed.median_s)),
            Cell(one.elapsed.p90_s, words.median(one.elapsed.p90_s)),
            Cell(one.counted.median_s, words.allowance(one.counted.median_s)),
            Cell(one.counted.p90_s, words.allowance(one.counted.p90_s)),
        )
        for one in overall
    )
    note = (
        "of clocks that were met, late ones too; counted: as the promise counts, without pauses and closed hours"
    )
    return Sheet("From start to answer", columns, rows, note=note)


def _goal(one: Attainment) -> str:
    if one.goal is None:
        return ""
    reached = one.raw.reaches(one.goal)
    return f"{'' if reached is None else 'reaches ' if reached else 'below '}{one.goal} %"


def _tone(tally: Tally, goal: int | None) -> Tone:
    """Alarm where a goal is not reached; without a goal, nothing is good or bad."""
    if not tally.decided or goal is None:
        return Tone.PLAIN
    return Tone.GOOD if tally.reaches(goal) else Tone.ALARM


def bar(tally: Tally, width: int) -> str:
    """The share kept as a bar: full only where all were kept, empty only where none was, so that none misleads."""
    if not tally.decided:
        return ""
    eighths = tally.kept * width * 8 // tally.decided
    if tally.kept and not eighths:
        eighths = 1
    full, part = divmod(eighths, 8)
    drawn = "█" * full + (_EIGHTHS[part] if part else "")
    return drawn + "·" * (width - len(drawn))


def sparkline(trend: Table, metric: Metric) -> str:
    """Attainment of one metric period by period, a sign each; nothing where there is but one period."""
    if len(trend.rows) < 2:
        return ""
    return "".join(_spark(found.raw if (found := row.of(metric)) else Tally()) for row in trend.rows)


def _spark(tally: Tally) -> str:
    tenths = tally.tenths
    if tenths is None:
        return "·"
    if not tally.missed:
        return SPARKS[-1]
    return SPARKS[max(0, min(tenths - SPARK_FROM, 399)) * 7 // 400]


def _table(table: Table, report: Report, wide: bool, again: str) -> Sheet:
    shown = table.rows if table.period else _worst(table.rows)
    metrics = [metric for metric in Metric if any(row.of(metric) for row in table.rows)]
    columns = (
        *(Column(one.value, words.dimension(one), least=13) for one in table.dimensions),
        Column("cases", "Cases", rank=1, right=True),
        *(Column(metric.value, titled(metric)) for metric in metrics),
    )
    cells = [_figures([row.of(metric) for row in shown], report, wide) for metric in metrics]
    rows = tuple(
        (
            *(Cell(known, words.value(one, known)) for one, known in zip(table.dimensions, row.key, strict=True)),
            Cell(row.cases, f"{row.cases:,}"),
            *(figures[place] for figures in cells),
        )
        for place, row in enumerate(shown)
    )
    notes = (_beside_what(report, shown), _left_out(table, len(shown), again))
    return Sheet(_title(table), columns, rows, note="; ".join(filter(None, notes)) or None)


def _beside_what(report: Report, rows: Iterable[Row]) -> str | None:
    """What stands beside a percentage, where anything does."""
    if report.asked.other:
        changed = any(one.other not in {None, one.raw} for row in rows for one in row.metrics)
        return f"→ under policy {report.asked.other}{'' if changed else ': the same'}"
    changed = any(one.adjusted != one.raw for row in rows for one in row.metrics)
    return "in brackets: adjusted, where exempted time makes it another" if changed else None


def _title(table: Table) -> str:
    by = " and ".join(words.dimension(one).lower() for one in table.dimensions)
    return f"By {by} of opening" if table.period and len(table.dimensions) == 1 else f"By {by}"


def _worst(rows: Sequence[Row]) -> Sequence[Row]:
    """All rows in their order, or of many those in which most was missed, the worst first."""
    if len(rows) <= ROWS_MAX:
        return rows
    places = sorted(range(len(rows)), key=lambda place: (-rows[place].missed, place))
    return [rows[place] for place in places[:ROWS_MAX]]


def _left_out(table: Table, shown: int, again: str) -> str | None:
    more = len(table.rows) - shown
    if not more:
        return None
    by = ",".join(table.dimensions)
    return f"those with most missed; {more:,} more: {again} --by {by} --format csv"


def _figures(found: Sequence[Attainment | None], report: Report, wide: bool) -> list[Cell]:
    """One metric's column: percentages and shares below each other, behind them what they are compared with."""
    others = _compared(found, report)
    roomy = wide or not any(others)
    percents = _aligned(words.percent(one.raw, one.goal) if one else "" for one in found)
    shares = _aligned(words.share(one.raw) if one and roomy else "" for one in found)
    bars = [bar(one.raw, BAR).ljust(BAR) if one and wide else "" for one in found]
    return [
        Cell(words.plain_percent(one.raw), " ".join(filter(None, parts)), _tone(one.raw, one.goal))
        if one
        else Cell(None, "")
        for one, *parts in zip(found, bars, percents, shares, others, strict=True)
    ]


def _aligned(texts: Iterable[str]) -> list[str]:
    known = list(texts)
    width = max(map(len, known), default=0)
    return [text.rjust(width) for text in known]


def _compared(found: Sequence[Attainment | None], report: Report) -> list[str]:
    if report.asked.other:
        return _aligned(
            f"→ {words.percent(one.other, one.goal)}" if one and one.other and one.other != one.raw else ""
            for one in found
        )
    if not report.population.exempted:
        return [""] * len(found)
    return _aligned(
        f"({words.percent(one.adjusted, one.goal)})" if one and one.adjusted != one.raw else "" for one in found
    )
