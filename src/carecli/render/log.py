"""Events as people look at them, and what an import brought in."""

import json
from collections.abc import Iterable, Iterator, Sequence

from carecli.domain.events import Kind, Recorded
from carecli.domain.numbers import written
from carecli.render.sheet import Cell, Column, Flow, Sheet, Tone
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
DIGEST = Column("digest", "Digest", extra=True)


def log_sheet(entries: Sequence[Recorded], zone: str, *, title: str, numbered: bool = False) -> Sheet:
    """A log, oldest first; `numbered` where it holds more than one case."""
    return Sheet(title, _columns(numbered), tuple(_rows(entries, numbered)), zone)


def log_flow(entries: Iterable[Recorded], zone: str, *, title: str, numbered: bool = False) -> Flow:
    """A log that may be longer than memory, oldest first."""
    return Flow(title, _columns(numbered), _rows(entries, numbered), zone)


def _columns(numbered: bool) -> tuple[Column, ...]:
    """Those of a case's log; in the desk's, whose chain they prove, also numbers and digests (AUD-1)."""
    return (COLUMNS[0]._replace(extra=False), *COLUMNS[1:], DIGEST) if numbered else COLUMNS


def _rows(entries: Iterable[Recorded], numbered: bool) -> Iterator[tuple[Cell, ...]]:
    return ((*_row(entry), Cell(entry.digest)) if numbered else _row(entry) for entry in entries)


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
    "from",
    "to",
    "wanted_priority",
    "reason",
    "mail",
    "delivery_status",
    "seq",
    "article",
    "defect",
)
