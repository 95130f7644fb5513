"""Events as people look at them, and what an import brought in."""

import json
from collections.abc import Sequence

from carecli.domain.events import Kind, Recorded
from carecli.domain.numbers import written
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import titled

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
    words = [str(data[key]) for key in ("subject", "title", "metric", "action", "status", "text") if data.get(key)]
    if entry.event.kind is Kind.SPLIT:
        words = [f"case {written(data['number'])}", *words]
    if entry.event.kind in TIES:
        words = [f"{titled(data['kind'])} {written(data['number'])}"]
    rest = [f"{key} {value}" for key, value in data.items() if key in REST and value is not None]
    return ", ".join([*words, *rest])


TIES = frozenset({Kind.LINKED, Kind.UNLINKED})
REST = (
    "cycle",
    "due_at",
    "left_s",
    "stage",
    "was",
    "priority",
    "owner",
    "group",
    "name",
    "email",
    "logged_by",
    "to",
    "wanted_priority",
    "reason",
    "mail",
    "delivery_status",
    "seq",
    "article",
    "defect",
)
