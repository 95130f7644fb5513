"""Events as people look at them, and what an import brought in."""

import json
from collections.abc import Sequence

from carecli.domain.events import Recorded
from carecli.domain.import_report import ImportReport
from carecli.domain.numbers import written
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import counted

COLUMNS = (
    Column("number", "Number", extra=True),
    Column("seq", "#", right=True),
    Column("at", "At"),
    Column("actor", "Actor", least=12),
    Column("via", "Via", rank=2),
    Column("kind", "Event"),
    Column("visibility", "Visibility", rank=3),
    Column("data", "What", rank=1, least=28),
)


def log_sheet(entries: Sequence[Recorded], zone: str, *, title: str, numbered: bool = False) -> Sheet:
    """A log, oldest first; `numbered` where it holds more than one case."""
    columns = (COLUMNS[0]._replace(extra=not numbered), *COLUMNS[1:])
    return Sheet(title, columns, tuple(_row(entry) for entry in entries), zone)


def _row(entry: Recorded) -> tuple[Cell, ...]:
    event = entry.event
    return (
        Cell(None if entry.number is None else written(entry.number)),
        Cell(entry.seq),
        Cell(event.at),
        Cell(event.actor),
        Cell(event.via.value),
        Cell(event.kind.value, tone=Tone.STRONG),
        Cell(event.visibility.value),
        Cell(json.dumps(dict(event.data), ensure_ascii=False), _told(entry)),
    )


def _told(entry: Recorded) -> str:
    """What is worth reading first: the subject, the clock, where the case went, what was written."""
    data = entry.event.data
    words = [str(data[key]) for key in ("subject", "metric", "action", "status", "text") if data.get(key)]
    rest = [f"{key} {value}" for key, value in data.items() if key in REST and value is not None]
    return ", ".join([*words, *rest])


REST = ("cycle", "due_at", "left_s", "stage", "was", "priority", "owner", "group", "name", "email", "logged_by")


def import_page(report: ImportReport) -> list[Section]:
    """What an import brought in, and each line that it left out with the reason (IMP-1)."""
    brought = "would bring in" if report.dry_run else "brought in"
    told = [
        f"{brought} {counted(report.cases, 'case')} with {counted(report.events, 'event')}",
        f"{counted(report.known, 'case')} known already",
        f"{counted(report.accounts, 'account')} and {counted(report.contacts, 'contact')} made",
        f"{report.staff:,} staff made",
        f"{counted(report.breaches, 'breach', 'breaches')} in the past",
    ]
    if report.shifted:
        told.append(f"{counted(len(report.shifted), 'case')} with events moved into order")
    page: list[Section] = [Prose("Import", "\n".join(told))]
    if report.refused:
        columns = (Column("line", "Line", right=True), Column("reason", "Left out because", least=30))
        rows = tuple((Cell(line), Cell(reason)) for line, reason in report.refused)
        page.append(Sheet(f"Left out: {len(report.refused)}", columns, rows))
    return page
