"""The deadlines of a case as people look at them (SR-1, INC-2, TICK-3)."""

from datetime import datetime

from carecli.domain.case import Case
from carecli.domain.deadline import Deadline, DeadlineState
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import duration, titled

_TONES = {
    DeadlineState.MISSED: Tone.ALARM,
    DeadlineState.MET: Tone.GOOD,
    DeadlineState.CANCELLED: Tone.QUIET,
}
DEADLINE_COLUMNS = (
    Column("deadline", "Deadline"),
    Column("about", "About", rank=1, least=14),
    Column("target", "Target"),
    Column("state", "State"),
    Column("due_at", "Due"),
    Column("left", "Left", least=12),
    Column("owner", "Owner", rank=2, least=12),
    Column("started_at", "Started", rank=3),
)


def deadline_sheet(case: Case, zone: str, now: datetime) -> Sheet:
    """What is due beside the clocks: what was promised, and what is left of it; empty columns are left out."""
    rows = tuple(_row(one, now) for one in case.deadlines)
    told = Sheet("Deadlines", DEADLINE_COLUMNS, rows, zone)
    filled = [place for place in range(len(DEADLINE_COLUMNS)) if any(row[place].value for row in rows)]
    return told.picked_places(filled)


def _row(one: Deadline, now: datetime) -> tuple[Cell, ...]:
    state = "MISSED" if one.state is DeadlineState.MISSED else one.state.value
    return (
        Cell(one.kind.value, titled(one.kind)),
        Cell(one.about),
        Cell(one.target),
        Cell(one.state.value, state, _TONES.get(one.state, Tone.PLAIN)),
        Cell(one.due_at),
        Cell(left(one, now)),
        Cell(one.owner),
        Cell(one.started_at),
    )


def left(one: Deadline, now: datetime) -> str:
    """How much time is left until it is due, or by how much it was met or is late."""
    if one.cancelled:
        return ""
    if one.met_at:
        margin = int((one.due_at - one.met_at).total_seconds())
        return f"met {duration(abs(margin))} {'early' if margin >= 0 else 'late'}"
    seconds = int((one.due_at - now).total_seconds())
    return f"{duration(seconds)} left" if seconds >= 0 else f"{duration(-seconds)} overdue"
