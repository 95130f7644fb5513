"""The clocks of a case as people look at them, and what a new priority does to them (SLA-5, SLA-10)."""

from collections.abc import Sequence
from datetime import datetime

from carecli.domain.clock import Clock, ClockState
from carecli.domain.views import CaseView
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import duration, titled

_CLOCK_TONES = {ClockState.BREACHED: Tone.ALARM, ClockState.MET: Tone.GOOD, ClockState.PAUSED: Tone.QUIET}
CLOCK_COLUMNS = (
    Column("metric", "Clock"),
    Column("target", "Target"),
    Column("state", "State"),
    Column("due_at", "Due"),
    Column("left", "Left", least=12),
    Column("used", "Used", rank=2),
    Column("started_at", "Started", rank=3),
)


def clock_sheet(view: CaseView, zone: str, now: datetime) -> Sheet:
    """The clocks of a case: what was promised, what is left, what is used up (SLA-10, TICK-3)."""
    used = view.used_s or (0,) * len(view.case.clocks)
    rows = tuple(_clock_row(clock, used_s, now) for clock, used_s in zip(view.case.clocks, used, strict=True))
    return Sheet("Service levels", CLOCK_COLUMNS, rows, zone)


def _clock_row(clock: Clock, used_s: int, now: datetime) -> tuple[Cell, ...]:
    cycle = f" #{clock.cycle}" if clock.cycle > 1 else ""
    state = "BREACHED" if clock.state is ClockState.BREACHED else clock.state.value
    return (
        Cell(clock.metric.value, f"{clock.metric.title()}{cycle}"),
        Cell(str(clock.target)),
        Cell(clock.state.value, state, _CLOCK_TONES.get(clock.state, Tone.PLAIN)),
        Cell(clock.due_at),
        Cell(_left(clock, now)),
        Cell(used_s, duration(used_s, days=not clock.target.business)),
        Cell(clock.started_at),
    )


def _left(clock: Clock, now: datetime) -> str:
    if clock.cancelled_at:
        return ""
    if clock.met_at:
        margin = int((clock.due_at - clock.met_at).total_seconds())
        return f"met {duration(abs(margin))} {'early' if margin >= 0 else 'late'}"
    if clock.paused_at:
        return "waits for the customer"
    seconds = int((clock.due_at - now).total_seconds())
    if seconds > 0 and clock.breached_at:  # a tick in time to come called it breached
        return f"in {duration(seconds)}"
    return f"{duration(seconds)} left" if seconds >= 0 else f"{duration(-seconds)} overdue"


def clock_changes(changes: Sequence[tuple[str, int, datetime | None, datetime | None, bool]], zone: str) -> Sheet:
    """What a new priority does to each clock (SLA-5)."""
    columns = (
        Column("metric", "Clock"),
        Column("before", "Due before"),
        Column("after", "Due after"),
        Column("effect", "Effect"),
    )
    rows = tuple(
        (
            Cell(str(metric), f"{titled(str(metric))}{f' #{cycle}' if cycle > 1 else ''}"),
            Cell(before, None if before else "-"),
            Cell(after, None if after else "-"),
            Cell("breaches", "BREACHES AT ONCE", Tone.ALARM) if breaches else Cell(_effect(before, after)),
        )
        for metric, cycle, before, after, breaches in changes
    )
    return Sheet("Clocks", columns, rows, zone)


def _effect(before: datetime | None, after: datetime | None) -> str:
    if after is None:
        return "cancelled"
    if before is None:
        return "begins"
    return "unchanged" if before == after else "earlier" if after < before else "later"
