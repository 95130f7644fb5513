"""The data of a report's page as tables: beside each picture, every figure that it draws, and more (RPT-1)."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from carecli.domain.numbers import written
from carecli.domain.report import Attainment, Breach, Numbers, Outcome, Report, Row, Table, Tally
from carecli.domain.report_spread import Spread
from carecli.domain.vocabulary import Metric, Status
from carecli.render.report import pictures, words
from carecli.render.words import clock_time, duration, titled

MOST_NUMBERS: Final = 100
"""So many case numbers of a figure stand on the page; the others are counted."""


class Entry(NamedTuple):
    """What stands in a place of a table: a text, smaller lines under it, and whether it misses a goal."""

    text: str
    under: tuple[str, ...] = ()
    short: bool = False


class Data(NamedTuple):
    """A table: `words` is how many of its first columns are words, and the first of all heads its row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    words: int = 1


class Behind(NamedTuple):
    """The case numbers behind a figure: those shown, and how many more there are."""

    label: str
    numbers: tuple[str, ...]
    more: int


def overall(report: Report) -> Data:
    """Every clock of the population, by what became of it."""
    tried = any(one.other is not None for one in report.overall)
    columns = ("Clock", "Attainment", "Kept", "Missed", "Running", "Paused", "Cancelled", "Adjusted")
    rows = tuple(_overall(one, tried=tried) for one in report.overall)
    return Data("Clocks by outcome", columns + (("Other policy",) if tried else ()), rows)


def durations(report: Report) -> Data:
    """Medians and 90th percentiles of what was met."""
    columns = ("Clock", "Met", "Elapsed, median", "Elapsed, 90th", "Counted, median", "Counted, 90th")
    rows = tuple(
        (Entry(titled(one.metric)), Entry(f"{one.elapsed.of:,}"), *_spread(one.elapsed), *_counted(one.counted))
        for one in report.overall
    )
    return Data("Time until met, late ones too", columns, rows)


def table(table: Table) -> Data:
    """The rows of a table, a column for each clock."""
    by = pictures.metrics(table.rows)
    columns = (*map(words.dimension, table.dimensions), "Cases", *map(titled, by))
    rows = tuple(_row(table, row, by) for row in table.rows)
    return Data(f"Promises kept, {pictures.by_what(table)}", columns, rows, len(table.dimensions))


def backlog(report: Report) -> Data:
    """Open cases by age and status."""
    found = {status for age in report.backlog for status, _ in age.statuses}
    statuses = [status for status in Status if status in found]
    rows = []
    for age in report.backlog:
        counts = dict(age.statuses)
        each = (Entry(f"{counts.get(status, 0):,}") for status in statuses)
        rows.append((Entry(age.name), Entry(f"{age.cases:,}"), *each))
    return Data("Open cases by age and status", ("Age", "Cases", *map(titled, statuses)), tuple(rows))


def statuses(report: Report) -> Data:
    """How long cases stood in each status."""
    columns = ("Status", "Cases", "Time in all", "Median", "90th percentile")
    rows = tuple(
        (
            Entry(titled(one.status)),
            Entry(f"{one.cases:,}"),
            *map(_lasting, (one.total_s, one.median_s, one.p90_s)),
        )
        for one in report.statuses
    )
    return Data("Time in status", columns, rows)


def rounds(report: Report) -> Data:
    """What became of requests to customers."""
    columns = ("Outcome", *(words.ROUNDS[one.kind] for one in report.rounds))
    each = [dict(pictures.outcomes(one)) for one in report.rounds]
    names = list(each[0]) if each else []
    rows = [(Entry(name), *(Entry(f"{counts[name]:,}") for counts in each)) for name in names]
    whole = (Entry("in all"), *(Entry(f"{one.rounds:,}") for one in report.rounds))
    return Data("Follow-ups by outcome", columns, (*rows, whole))


def breaches(found: Sequence[Breach], zone: str) -> Iterator[tuple[str, Breach, tuple[Entry, ...]]]:
    """Each missed promise: its case number, itself, and its row."""
    for one in found:
        cycle = "" if one.cycle == 1 else f" #{one.cycle}"
        made = "" if one.adjusted is Outcome.MISSED else f"{one.adjusted} when adjusted"
        yield (
            written(one.number),
            one,
            (
                Entry(one.account, (one.owner or "nobody",)),
                Entry(titled(one.priority), (titled(one.plan),)),
                Entry(titled(one.metric) + cycle, (one.target,)),
                Entry(clock_time(one.due_at, zone)),
                Entry(duration(one.overdue_s), (made,) if made else ()),
            ),
        )


def behind_rows(table: Table) -> Iterator[Behind]:
    """The case numbers behind each row of a table."""
    for row in table.rows:
        for one in row.metrics:
            yield from behind(f"{pictures.named(table, row)}: {one.metric}", one.numbers)


def behind(label: str, numbers: Numbers) -> Iterator[Behind]:
    """The case numbers behind one attainment, by outcome."""
    for outcome, found in (("missed", numbers.missed), ("undecided", numbers.undecided), ("kept", numbers.kept)):
        yield from listed(f"{label}, {outcome}", found or ())


def behind_backlog(report: Report) -> Iterator[Behind]:
    """The case numbers behind each age."""
    for age in report.backlog:
        yield from listed(age.name, age.numbers)


def behind_rounds(report: Report) -> Iterator[Behind]:
    """The case numbers behind each outcome of a request to the customer."""
    for one in report.rounds:
        outcomes = ("answered", "closed by the ladder", "standing", "ended otherwise")
        for outcome, numbers in zip(outcomes, one.numbers, strict=True):
            yield from listed(f"{words.ROUNDS[one.kind]}, {outcome}", numbers)


def listed(label: str, numbers: Sequence[int]) -> Iterator[Behind]:
    """The numbers of a figure, if it has any."""
    if numbers:
        shown = tuple(map(written, numbers[:MOST_NUMBERS]))
        yield Behind(label, shown, len(numbers) - len(shown))


def _overall(one: Attainment, *, tried: bool) -> tuple[Entry, ...]:
    clock = Entry(titled(one.metric), () if one.goal is None else (f"goal {one.goal} %",))
    counts = (Entry(f"{count:,}") for count in one.raw)
    changed = _of(one.adjusted) if one.adjusted != one.raw else ()
    adjusted = Entry(words.percent(one.adjusted, one.goal), changed)
    row = (clock, _attained(one), *counts, adjusted)
    return (*row, _other(one)) if tried else row


def _attained(one: Attainment) -> Entry:
    return Entry(words.percent(one.raw, one.goal), _of(one.raw), pictures.short(one))


def _other(one: Attainment) -> Entry:
    if one.other is None:
        return Entry("–")
    under = _of(one.other)
    if one.other_adjusted is not None and one.other_adjusted != one.other:
        under += (f"adjusted {words.percent(one.other_adjusted, one.goal)}",)
    return Entry(words.percent(one.other, one.goal), under)


def _row(table: Table, row: Row, by: Sequence[Metric]) -> tuple[Entry, ...]:
    key = (Entry(words.value(of, one)) for of, one in zip(table.dimensions, row.key, strict=True))
    return (*key, Entry(f"{row.cases:,}"), *(_of_metric(row.of(metric)) for metric in by))


def _of_metric(one: Attainment | None) -> Entry:
    """`95.4 %`, and under it `312 of 327`, `3 undecided`, `adjusted 96.0 %`, `other policy 91.2 %`."""
    if one is None:
        return Entry("–")
    under = [*_of(one.raw)]
    if one.raw.undecided:
        under.append(f"{one.raw.undecided:,} undecided")
    if one.adjusted != one.raw:
        under.append(f"adjusted {words.percent(one.adjusted, one.goal)}")
    if one.other is not None:
        under.append(f"other policy {words.percent(one.other, one.goal)}")
    return Entry(words.percent(one.raw, one.goal), tuple(under), pictures.short(one))


def _of(tally: Tally) -> tuple[str, ...]:
    return (f"{tally.kept:,} of {tally.decided:,}",) if tally.decided else ()


def _spread(one: Spread) -> tuple[Entry, Entry]:
    return _lasting(one.median_s), _lasting(one.p90_s)


def _counted(one: Spread) -> tuple[Entry, Entry]:
    """Counted time has no days: those of an office are not 24 hours long."""
    return Entry(words.allowance(one.median_s)), Entry(words.allowance(one.p90_s))


def _lasting(seconds: int | None) -> Entry:
    return Entry("–" if seconds is None else duration(seconds))
