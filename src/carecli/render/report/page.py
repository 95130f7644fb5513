"""A report as one HTML file that needs nothing else: pictures, their data as tables, no script (RPT-1)."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from carecli.domain.numbers import written
from carecli.domain.report import Asked, Attainment, Report, Table
from carecli.render.drawing import Drawing
from carecli.render.html_layout import layout
from carecli.render.report import pictures, tables, words
from carecli.render.report.tables import Behind, Data
from carecli.render.words import titled, zoned_time

MOST_BREACHES: Final = 1_000
"""So many missed promises are listed; the page says how many there are, and where the others are found."""
_COUNTED: Final = (
    "Kept out of those decided: kept and missed together. Elapsed is plain time; counted is what the target "
    "counts, business time where it is in business hours or days."
)
_MEANING: Final = (
    "kept",
    "kept, below the goal",
    "goal",
    "adjusted for exempted time",
    "under the other policy",
)
_BARS: Final = ("kept", "short", "goal", "adjusted", "other")
_LINES: Final = ("kept", "short", "level", "dashed", "dotted")
_DRAWN: Final = "Drawn are the {} rows with the most clocks; the table has all {}."
_BACKLOG: Final = "Every case that is open at the moment of this report, whenever it was opened."
_STATUSES: Final = "Plain time from opening to closing, or to the moment of this report."
_ROUNDS: Final = "What became of each request to a customer; #1 and #2 are the reminders of the follow-up ladder."


class Figure(NamedTuple):
    """A picture with its number, its data, and the cases behind it; a report without such cases has none."""

    name: str
    title: str
    note: str
    drawing: Drawing
    tables: tuple[Data, ...]
    behind: tuple[Behind, ...]
    key: tuple[tuple[str, str], ...] = ()


class Headline(NamedTuple):
    """A figure that is read first."""

    label: str
    figure: str
    said: str
    short: bool = False


def page(report: Report, zone: str) -> str:
    """The report as a page, its instants in `zone`; whatever people wrote stands there as text."""
    breaches = report.breaches[:MOST_BREACHES]
    return layout("report").render(
        title=_title(report.asked, zone),
        account=dict(report.asked.filters).get("account", ""),
        facts=[line[:1].upper() + line[1:] for line in words.population(report, zone)],
        headlines=list(_headlines(report)),
        figures=list(enumerate(_figures(report), 1)),
        breaches=list(tables.breaches(breaches, zone)),
        first={one.number: place for place, one in reversed(list(enumerate(breaches)))},
        listed={written(one.number) for one in breaches},
        missed=len(report.breaches),
        cautions=list(words.cautions(report)),
        at=zoned_time(report.asked.at, zone),
        zone=zone,
    )


def _title(asked: Asked, zone: str) -> str:
    """The days that a report is of: `1 January to 30 June 2026`; else the limits of the openings."""
    if asked.since is None and asked.until is None:
        return "All cases"
    since, until = (None if one is None else one.astimezone(ZoneInfo(zone)) for one in (asked.since, asked.until))
    if since is None or until is None or since.time() != time() or until.time() != time():
        return f"Cases {words.opened(asked, zone)}"
    last = until.date() - timedelta(days=1)
    if last == since.date():
        return f"Cases opened on {_day(last)} {last.year}"
    first = _day(since.date()) + ("" if since.year == last.year else f" {since.year}")
    return f"Cases opened from {first} to {_day(last)} {last.year}"


def _day(day: date) -> str:
    """A day that no line breaks: `1 January`."""
    return f"{day.day}\u00a0{day:%B}"


def _headlines(report: Report) -> Iterator[Headline]:
    for one in report.overall:
        said = f"{one.raw.kept:,} of {one.raw.decided:,} kept"
        yield Headline(titled(one.metric), words.percent(one.raw, one.goal), said + _goal(one), _short(one))
    open_now = sum(age.cases for age in report.backlog)
    old = sum(age.cases for age in report.backlog if age.from_s >= 30 * 86_400)
    yield Headline(
        "Open cases", f"{open_now:,}", f"{old:,} of them for 30 days or longer" if open_now else "whenever opened"
    )


def _goal(one: Attainment) -> str:
    if one.goal is None or not one.raw.decided:
        return ""
    return f"; goal {one.goal}\u00a0% {'not reached' if _short(one) else 'reached'}"


def _short(one: Attainment) -> bool:
    return pictures.short(one)


def _figures(report: Report) -> Iterator[Figure]:
    if report.overall:
        yield _overall(report)
    if report.trend.rows:
        yield _compared(report.trend, "trend")
    for place, table in enumerate(report.tables, 1):
        if table.rows:
            yield _compared(table, f"table-{place}")
    backlog = tuple(tables.behind_backlog(report))
    if backlog:
        drawing, data = pictures.backlog(report), tables.backlog(report)
        yield Figure("backlog", "Open cases by age", _BACKLOG, drawing, (data,), backlog)
    if report.statuses:
        drawing, data = pictures.standing(report.statuses), tables.statuses(report)
        yield Figure("statuses", "Where the time went", _STATUSES, drawing, (data,), ())
    if any(one.rounds for one in report.rounds):
        drawing, data = pictures.rounds(report), tables.rounds(report)
        behind = tuple(tables.behind_rounds(report))
        yield Figure("rounds", "Follow-ups and their answers", _ROUNDS, drawing, (data,), behind)


def _overall(report: Report) -> Figure:
    behind = [one for of in report.overall for one in tables.behind(titled(of.metric), of.numbers)]
    data = tables.overall(report), tables.durations(report)
    drawing = pictures.overall(report)
    return Figure("overall", "Promises kept", _COUNTED, drawing, data, tuple(behind), _key(report.overall, _BARS))


def _compared(table: Table, name: str) -> Figure:
    """A period's course as lines, anything else as bars beneath each other."""
    course = table.period and len(table.dimensions) == 1
    drawing = (pictures.course if course else pictures.compared)(table, name)
    few = course or len(table.rows) <= pictures.MOST_ROWS
    note = "" if few else _DRAWN.format(pictures.MOST_ROWS, f"{len(table.rows):,}")
    title = f"Promises kept {pictures.by_what(table)}"
    attained = tuple(one for row in table.rows for one in row.metrics)
    behind = tuple(tables.behind_rows(table))
    return Figure(
        name,
        title,
        note,
        drawing,
        (tables.table(table),),
        behind,
        _key(attained, _LINES if course else _BARS),
    )


def _key(attained: Sequence[Attainment], marks: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What the marks of a picture mean: those alone that are there."""
    there = (
        True,
        any(map(_short, attained)),
        any(one.goal is not None for one in attained),
        any(one.adjusted != one.raw for one in attained),
        any(one.other is not None for one in attained),
    )
    return tuple((kind, said) for kind, said, shown in zip(marks, _MEANING, there, strict=True) if shown)
