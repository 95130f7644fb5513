"""Cases as rows of a list or a file: their columns, and those of their clocks (FIND-2, EXP-1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import instant, instant_or_none
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Metric, Priority
from carecli.render.sheet import Cell, Column, Flow, Row, Value

if TYPE_CHECKING:
    from carecli.domain.views import CaseFlow

State = Mapping[str, Any]

CASE_COLUMNS: Final = (
    Column("number", "Number"),
    Column("subject", "Subject", least=30),
    Column("account", "Account", rank=3, least=14),
    Column("deployment", "Deployment", rank=7, least=12),
    Column("service", "Service", rank=5, least=10),
    Column("component", "Component", rank=8, least=10),
    Column("type", "Type", rank=9),
    Column("priority", "Priority"),
    Column("status", "Status"),
    Column("substatus", "Sub-status", rank=6, least=12),
    Column("contact", "Contact", rank=10, least=16),
    Column("owner", "Owner", rank=4, least=12),
    Column("opened_at", "Opened", rank=11),
    Column("modified_at", "Modified"),
    Column("subtype", "Sub-type", extra=True),
    Column("stage", "Stage", extra=True),
    Column("plan", "Plan", extra=True),
    Column("group", "Group", extra=True),
    Column("severity", "Severity", extra=True),
    Column("via", "Via", extra=True),
    Column("closed_at", "Closed", extra=True),
    Column("closed_by", "Closed by", extra=True),
    Column("escalated", "Escalated", extra=True),
)
CLOCK_COLUMNS: Final = tuple(
    Column(f"{metric}_{key}", f"{metric.title()} {title}".rstrip(), extra=True)
    for metric in Metric
    for key, title in (("state", ""), ("due_at", "due"), ("met_at", "met"))
)
"""Of each clock how its last cycle stands; all cycles are in the JSON (SLA-10)."""

_SPECIAL: Final[Mapping[str, Callable[[State], Value]]] = {
    "number": lambda state: written(state["number"]),
    "severity": lambda state: Priority(state["priority"]).severity,
    "opened_at": lambda state: instant(state["opened_at"]),
    "modified_at": lambda state: instant(state["modified_at"]),
    "closed_at": lambda state: instant_or_none(state["closed_at"]),
}
_READ: Final = tuple(_SPECIAL.get(column.key, itemgetter(column.key)) for column in CASE_COLUMNS)
_NO_CLOCK: Final = (Cell(None),) * 3
_NO_CLOCKS: Final = _NO_CLOCK * len(Metric)


def case_flow(found: CaseFlow, zone: str, *, title: str = "Cases") -> Flow:
    """All cases that a list finds, however many."""
    return Flow(title, (*CASE_COLUMNS, *CLOCK_COLUMNS), (_row(view.state) for view in found.views), zone)


def _row(state: State) -> Row:
    # A million of these are made: a case of its own for each would take longer than all the rest.
    return (*[Cell(read(state)) for read in _READ], *clock_cells(state))


def clock_cells(state: State) -> Row:
    """What the columns of the clocks say of a case state."""
    if not state["clocks"]:
        return _NO_CLOCKS
    last = {clock["metric"]: clock for clock in state["clocks"]}
    return tuple(cell for metric in Metric for cell in (_clock(last[metric]) if metric in last else _NO_CLOCK))


def _clock(clock: State) -> Row:
    return Cell(clock["state"]), Cell(instant_or_none(clock["due_at"])), Cell(instant_or_none(clock["met_at"]))
