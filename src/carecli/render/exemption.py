"""What is exempted from a case's clocks, as people look at it (SLA-9)."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from carecli.domain.case import Case
from carecli.domain.clock import ClockState
from carecli.domain.events import Event, Kind
from carecli.domain.exemption import Exemption
from carecli.domain.instants import instant
from carecli.render.sheet import Cell, Column, Sheet
from carecli.render.words import titled, zoned_time

if TYPE_CHECKING:
    from carecli.domain.exempting import Judged

COLUMNS = (
    Column("id", "#", right=True),
    Column("from", "From"),
    Column("to", "To"),
    Column("metric", "Clock"),
    Column("reason", "Reason", least=20),
    Column("by", "By", rank=1, least=12),
    Column("at", "Granted", rank=2),
)
ALL = "all clocks"


def exemption_sheet(case: Case, zone: str) -> Sheet:
    """The stretches that reports leave out of a case's clocks; the clocks themselves stay as they are."""
    note = f"left out of the adjusted figures: care explain {case.number} shows both"
    return Sheet("Exempted", COLUMNS, tuple(_row(one) for one in case.exemptions), zone, note)


def _row(one: Exemption) -> tuple[Cell, ...]:
    metric = one.metric.value if one.metric else None
    return (
        Cell(one.id),
        Cell(one.since),
        Cell(one.until),
        Cell(metric, titled(metric) if metric else ALL),
        Cell(one.reason),
        Cell(one.by),
        Cell(one.at),
    )


def told(event: Event, zone: str) -> Iterator[str]:
    """What an event grants or takes back; nothing of any other."""
    data = event.data
    if event.kind is Kind.EXEMPTED:
        since, until = (zoned_time(instant(data[end]), zone) for end in ("from", "to"))
        yield f"exemption {data['id']}: {since} to {until}, of {data['metric'] or ALL}"
    if event.kind is Kind.EXEMPTION_WITHDRAWN:
        yield f"exemption {data['id']} counts no more"


def effects(judged: "Iterable[Judged]", zone: str) -> Iterator[str]:
    """A line for each clock that the exemptions of a case move; one that says so where they move none."""
    moved = [pair for pair in judged if pair.raw.due_at != pair.adjusted.due_at]
    for raw, adjusted in moved:
        cycle = f" #{raw.cycle}" if raw.cycle > 1 else ""
        due = f"due {zoned_time(raw.due_at, zone)}, adjusted {zoned_time(adjusted.due_at, zone)}"
        yield f"{raw.metric}{cycle}: {due}{_verdict(raw.state, adjusted.state)}"
    if not moved:
        yield "no due time is adjusted: nothing that counts is exempted"


def _verdict(raw: ClockState, adjusted: ClockState) -> str:
    return "" if raw is adjusted else f"; {raw} becomes {adjusted}"
