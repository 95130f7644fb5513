"""What time will do next, as a table in the order in which it comes (TICK-2)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from carecli.domain.counting import counted
from carecli.domain.forecast import Coming, Effect, Forecast
from carecli.domain.numbers import written
from carecli.domain.vocabulary import Priority
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import duration, titled, zoned_time

COLUMNS: Final = (
    Column("due_at", "When"),
    Column("left_s", "Left", right=True),
    Column("number", "Number"),
    Column("kind", "What"),
    Column("metric", "Clock", rank=5),
    Column("cycle", "Cycle", extra=True),
    Column("stage", "Stage", rank=5),
    Column("deadline", "Deadline", extra=True),
    Column("account", "Account", rank=2, least=12),
    Column("priority", "Priority", rank=3),
    Column("owner", "Owner", rank=4, least=12),
    Column("contact", "Contact", rank=6, least=16),
    Column("subject", "Subject", rank=1, least=16),
)
_TONES: Final = {
    Effect.WARNING: Tone.WARNING,
    Effect.BREACH: Tone.ALARM,
    Effect.DEADLINE: Tone.ALARM,
    Effect.CLOSE: Tone.STRONG,
}
_PRIORITY_TONES: Final = {Priority.CRITICAL: Tone.ALARM, Priority.HIGH: Tone.WARNING}


def forecast_sheet(told: Forecast, zone: str, *, promised: bool = False) -> Sheet:
    """A forecast, with the horizon below it; `promised` speaks to a customer."""
    title = f"Until {zoned_time(told.until, zone)}, if nobody acts"
    note = " · ".join(_notes(told, zone))
    return coming_sheet(title, told.coming, told.now, zone, note=note, promised=promised)


def coming_sheet(
    title: str,
    coming: tuple[Coming, ...],
    now: datetime,
    zone: str,
    *,
    note: str | None = None,
    promised: bool = False,
) -> Sheet:
    """What is to come, in a table; where it tells what was `promised`, a breach is when something is due."""
    return Sheet(title, COLUMNS, tuple(_row(one, now, promised=promised) for one in coming), zone, note)


def _row(one: Coming, now: datetime, *, promised: bool) -> tuple[Cell, ...]:
    case, metric = one.case, one.timer.metric
    return (
        Cell(one.due_at),
        left(one, now),
        Cell(written(case.number), tone=Tone.STRONG),
        Cell(one.effect.value, what(one, promised=promised), _TONES.get(one.effect, Tone.PLAIN)),
        Cell(metric and metric.value, ""),  # people read it, and the stage, in the words before
        Cell(one.timer.cycle if metric else None),
        Cell(one.stage, ""),
        Cell(one.deadline and one.deadline.kind.value),
        Cell(case.account),
        Cell(case.priority.value, tone=_PRIORITY_TONES.get(case.priority, Tone.PLAIN)),
        Cell(case.owner),
        Cell(case.contact),
        Cell(case.subject),
    )


def what(one: Coming, *, promised: bool = False) -> str:
    """What time does, in two words: `Response breach`, `Reminder #1`."""
    if one.deadline:
        return f"{titled(one.deadline.kind)} due"
    if one.effect is Effect.CHAT_END:
        return "Ends the chat"
    if one.timer.metric:
        cycle = f" #{one.timer.cycle}" if one.timer.cycle > 1 else ""
        return f"{titled(one.timer.metric)}{cycle} {'due' if promised else one.effect}"
    return "Closes the case" if one.effect is Effect.CLOSE else f"{titled(one.effect)} #{one.stage}"


def left(one: Coming, now: datetime) -> Cell:
    """How long until then; what the tick is late with comes at once."""
    seconds = one.left_s(now)
    return Cell(seconds, duration(seconds)) if seconds > 0 else Cell(seconds, "due now", Tone.ALARM)


def _notes(told: Forecast, zone: str) -> Iterator[str]:
    if told.total is None:
        yield f"the first {len(told.coming):,}, and there are more"
    else:
        yield counted(told.total, "timer") if told.total else "nothing comes due"
    if told.next_at:
        yield f"the next timer is due {zoned_time(told.next_at, zone)}"
    late = sum(one.left_s(told.now) <= 0 for one in told.coming)
    if late:
        yield f"{late:,} due now, with the next tick"
