"""The case numbers behind every figure of a report, for a workbook (RPT-1)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from carecli.domain.report import Numbers, Report
from carecli.render.report import pictures, words
from carecli.render.words import titled

MOST: Final = 100_000
"""So many stand in a workbook at most; more take longer to write than anybody reads."""
_OF_EACH: Final = (1_000_000_000, 10_000, 1_000, 100, 10, 1, 0)
"""Of how many numbers of each figure the first are kept: as many as there is room for."""


class Behind(NamedTuple):
    """The numbers behind a figure: which figure, of what, which clock, what became of it; and how many more."""

    of: tuple[str, str, str, str]
    numbers: tuple[int, ...]
    more: int = 0


def kept(report: Report) -> Iterator[Behind]:
    """All numbers, or the first of each figure where they are too many; a figure without any is left out."""
    figures = [one for one in _figures(report) if one.numbers]
    most = next(most for most in _OF_EACH if sum(min(most, len(one.numbers)) for one in figures) <= MOST)
    for one in figures:
        yield one._replace(numbers=one.numbers[:most], more=max(0, len(one.numbers) - most))


def _figures(report: Report) -> Iterator[Behind]:
    for one in report.overall:
        yield from _outcomes(("Report", "everything", titled(one.metric)), one.numbers)
    for age in report.backlog:
        yield Behind(("Backlog", age.name, "", "open"), age.numbers)
    for kind in report.rounds:
        for outcome, numbers in kind.numbers._asdict().items():
            yield Behind(("Follow-ups", words.ROUNDS[kind.kind], "", outcome), numbers)
    for table in (report.trend, *report.tables):
        for row in table.rows:
            for one in row.metrics:
                of = pictures.heading(table), pictures.named(table, row), titled(one.metric)
                yield from _outcomes(of, one.numbers)


def _outcomes(of: tuple[str, str, str], numbers: Numbers) -> Iterator[Behind]:
    for outcome, found in numbers._asdict().items():
        yield Behind((*of, outcome), found or ())
