"""What an import brought in, for people (IMP-1)."""

from collections.abc import Iterator, Sequence
from itertools import islice

from carecli.domain.counting import counted
from carecli.domain.import_report import ImportReport
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet
from carecli.render.words import zoned_time

NAMED = 20
"""How many lines a sentence names; the JSON names all."""


def import_page(report: ImportReport, zone: str = "UTC") -> list[Section]:
    """What an import brought in, what their states are here, and each line that it left out with the reason."""
    page: list[Section] = [Prose("Import", "\n".join(_told(report, zone)))]
    if report.states:
        page.append(_states(report))
    if report.refused:
        columns = (Column("line", "Line", right=True), Column("reason", "Left out because", least=30))
        rows = tuple((Cell(line), Cell(reason)) for line, reason in report.refused)
        total = max(report.refused_total, len(report.refused))
        note = f"the first {len(rows):,} of {total:,}" if total > len(rows) else None
        page.append(Sheet(f"Left out: {total:,}", columns, rows, note=note))
    return page


def _told(report: ImportReport, zone: str) -> Iterator[str]:
    if report.source:
        yield f"read as: {report.source}"
    if report.first_at and report.last_at:
        yield f"from {zoned_time(report.first_at, zone)} to {zoned_time(report.last_at, zone)}"
    brought = "would bring in" if report.dry_run else "brought in"
    yield f"{brought} {counted(report.cases, 'case')} with {counted(report.events, 'event')}"
    grown = f", {report.grown:,} of them with something new" if report.grown else ""
    yield f"{counted(report.known, 'case')} known already{grown}"
    yield f"{counted(report.accounts, 'account')} and {counted(report.contacts, 'contact')} made"
    yield f"{report.staff:,} staff made"
    yield f"{counted(report.breaches, 'breach', 'breaches')} in the past"
    if report.standing:
        yield f"they stand: {', '.join(f'{number:,} {status}' for status, number in report.standing.items())}"
    if report.shifted:
        of = _lines(report.shifted)
        yield f"{counted(len(report.shifted), 'row')} taken at the time of an earlier one, {of}"
    if report.garbled:
        of = _lines(report.garbled)
        yield f"{counted(len(report.garbled), 'row')} with bytes that are no text in the file's encoding, {of}"


def _lines(lines: Sequence[int]) -> str:
    named = ", ".join(map(str, islice(lines, NAMED)))
    word = "line" if len(lines) == 1 else "lines"
    return f"{word} {named} and more" if len(lines) > NAMED else f"{word} {named}"


def _states(report: ImportReport) -> Sheet:
    columns = (
        Column("state", "Their state", least=12),
        Column("becomes", "Here", least=12),
        Column("updates", "Updates", right=True),
    )
    rows = tuple((Cell(one.state), Cell(one.becomes), Cell(one.updates)) for one in report.states)
    return Sheet("States", columns, rows)
