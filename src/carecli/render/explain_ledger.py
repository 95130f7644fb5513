"""The ledger of a clock: a row a day for people, who add it up by hand; every stretch where no terminal reads it.

TICK-3.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from carecli.domain.counting import counted
from carecli.domain.ledger import Ledger, Line, Mark
from carecli.domain.ledger_causes import Cause
from carecli.domain.ledger_deadlines import DeadlineLedger
from carecli.domain.ledger_hours import Why
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.words import shift

_AMOUNTS = (Column("counted_s", "Counted", right=True), Column("sum_s", "Sum", right=True))
DAY_COLUMNS = (Column("day", "Day"), Column("time", "Time"), Column("why", "Why", least=12), *_AMOUNTS)
STRETCH_COLUMNS = (Column("from", "From"), Column("to", "To"), Column("why", "Why"), *_AMOUNTS)
OVER_SHOWN = 4
"""How many rows past the due time are shown one by one; nobody adds up a year of days."""
SPANS_SHOWN = 2
"""How many stretches of a day stand in one row: more would not leave room for the reason."""

_CLOSED_HOURS = {Why.NIGHT, Why.BETWEEN}
"""What the hours of the days beside it already tell."""
_QUIET = {"closed", "paused", "met", "ended", "exempt"}
_MARKS = {
    "warn": ("WARNS", Tone.WARNING),
    "allowance": ("allowance used up", Tone.STRONG),
    "due": ("DUE", Tone.STRONG),
    "met": ("MET", Tone.GOOD),
    "cancelled": ("CANCELLED", Tone.QUIET),
    "now": ("looked at", Tone.QUIET),
}


Proof = Ledger | DeadlineLedger


def day_sheet(ledger: Proof, zone: str) -> Sheet:
    """A row for the counted hours of each day, and one for what keeps the clock still longer than its night."""
    return Sheet("day by day", DAY_COLUMNS, tuple(_day_rows(ledger, zone)), zone)


def stretch_sheet(ledger: Proof, zone: str) -> Sheet:
    """A row for each stretch, whatever it counts."""
    return Sheet("stretch by stretch", STRETCH_COLUMNS, tuple(_stretch_rows(ledger)), zone)


def _stretch_rows(ledger: Proof) -> Iterator[tuple[Cell, ...]]:
    for found in _with_marks(ledger, [[line] for line in ledger.lines]):
        if isinstance(found, Mark):
            name, tone = _MARKS[found.name]
            yield Cell(found.at, tone=tone), Cell(None), Cell(name, tone=tone), Cell(None), Cell(found.sum_s)
        else:
            (line,), tone = found, _tone(found)
            amounts = (Cell(line.counted_s, tone=tone), Cell(line.sum_s, tone=tone))
            yield Cell(line.start, tone=tone), Cell(line.end, tone=tone), Cell(_why(line), tone=tone), *amounts


def _day_rows(ledger: Proof, zone: str) -> Iterator[tuple[Cell, ...]]:
    for found in _with_marks(ledger, _by_day(ledger, zone)):
        if isinstance(found, Mark):
            name, tone = _MARKS[found.name]
            day, clock = day_time(found.at, zone).rsplit(" ", 1)
            amounts = (Cell(None), Cell(found.sum_s, exact(found.sum_s), tone))
        else:
            name, tone = _reason(found, zone), _tone(found)
            day, clock = _when(found, zone)
            total = sum(line.counted_s for line in found)
            amounts = (Cell(total, exact(total), tone), Cell(found[-1].sum_s, exact(found[-1].sum_s), tone))
        yield Cell(day, tone=tone), Cell(clock, tone=tone), Cell(name, tone=tone), *amounts


def _with_marks(ledger: Proof, rows: Sequence[Sequence[Line]]) -> Iterator[Mark | Sequence[Line]]:
    """The rows in order, each behind what falls before it or on its start."""
    marks = list(ledger.marks)
    for row in rows:
        while marks and marks[0].at <= row[0].start:
            yield marks.pop(0)
        yield row
    yield from marks


def _by_day(ledger: Proof, zone: str) -> list[list[Line]]:
    """The lines that make a row each, without closed hours; those far past the due time as one."""
    marks = [mark.at for mark in ledger.marks]
    rows: list[list[Line]] = []
    for line in ledger.lines:
        if line.why in _CLOSED_HOURS:
            continue
        if (
            rows
            and _follows(rows[-1], line, zone)
            and not any(rows[-1][-1].end <= at <= line.start for at in marks)
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    over = [row for row in rows if row[0].part == "over"]
    if len(over) <= OVER_SHOWN:
        return rows
    return [*(row for row in rows if row[0].part != "over"), [line for row in over for line in row]]


def _follows(row: Sequence[Line], line: Line, zone: str) -> bool:
    """Whether a line is more of the business hours of the same day."""
    if len(row) == SPANS_SHOWN or {row[0].why, line.why} != {Why.HOURS} or row[0].clock_change_s:
        return False
    one, other = (at.astimezone(ZoneInfo(zone)).date() for at in (row[0].start, line.start))
    return one == other and not line.clock_change_s


def _far(row: Sequence[Line]) -> bool:
    return len(row) > SPANS_SHOWN


def _reason(row: Sequence[Line], zone: str) -> str:
    if not _far(row):
        return _why(row[0])
    days = {line.start.astimezone(ZoneInfo(zone)).date() for line in row if line.counted_s}
    return f"past due, {counted(len(days), 'day')}"


def _when(row: Sequence[Line], zone: str) -> tuple[str, str]:
    """The day that a row begins on, and the time of its stretches there."""
    if _far(row):
        day, begun = day_time(row[0].start, zone).rsplit(" ", 1)
        return day, f"{begun} - {day_time(row[-1].end, zone)}"
    return _day(row[0].start.astimezone(ZoneInfo(zone))), " ".join(_span(line, zone) for line in row)


def _span(line: Line, zone: str) -> str:
    """`09:00-17:00`, `17:00-24:00`, `all day`, `to Sun 03-15` for whole days, `09:50 - Tue 03-03 14:00`."""
    first, last = (at.astimezone(ZoneInfo(zone)) for at in (line.start, line.end))
    midnight = time(0)
    whole = first.time() == midnight == last.time()
    ends_on = last - timedelta(days=1) if last.time() == midnight else last
    one_day = first.date() == ends_on.date()
    if whole and line.why not in {Why.HOURS, Why.ALWAYS}:
        return "all day" if one_day else f"to {_day(ends_on)}"
    if one_day:
        return f"{_clock(first)}-{'24:00' if last.time() == midnight else _clock(last)}"
    return f"{_clock(first)} - {_day(last)} {_clock(last)}"


def _why(line: Line) -> str:
    words = line.why.value
    if line.why is Why.HOLIDAY:
        words = f"holiday: {line.holiday}"
    elif line.cause:
        words = f"{line.why.value}{event(line.cause, brief=bool(line.exemption))}"
    if line.exemption:
        words += f": {line.exemption.reason}"
    if line.clock_change_s:
        words += f", clock {shift(line.clock_change_s)}"
    return words


def _tone(row: Sequence[Line]) -> Tone:
    return Tone.QUIET if row[0].kind in _QUIET else Tone.PLAIN


def event(cause: Cause, *, brief: bool = False) -> str:
    """The event behind something, ` (#2 asked)`, in `brief` ` (#2)`; nothing where its reader must not see it."""
    return "" if cause.seq is None else f" (#{cause.seq})" if brief else f" (#{cause.seq} {cause.kind})"


def day_time(at: datetime, zone: str) -> str:
    """`Mon 03-02 09:05`, with the seconds where there are any."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_day(local)} {_clock(local)}"


def dated(at: datetime, zone: str) -> str:
    """`Mon 2026-03-02 09:05 EST`, with the seconds where there are any."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a %Y-%m-%d} {_clock(local)} {local:%Z}"


def _day(local: datetime) -> str:
    return f"{local:%a %m-%d}"


def _clock(local: datetime) -> str:
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def exact(seconds: int) -> str:
    """An amount that can be added up: hours, minutes and seconds, `26:05:00`."""
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"
