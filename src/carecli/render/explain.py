"""The proof of a case's clocks for people: what is promised, every stretch, and how it adds up (TICK-3)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from carecli.domain.calendar import hours_text
from carecli.domain.clock import Cancelled, ClockState
from carecli.domain.ledger import Explanation, Ledger, Line, Mark
from carecli.domain.ledger_causes import Cause, Change
from carecli.domain.ledger_hours import Why
from carecli.domain.numbers import written
from carecli.render.explain_document import WARNS_AT, origin_word, setting
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import counted, duration, titled, zoned_time

COLUMNS = (
    Column("from", "From"),
    Column("to", "To"),
    Column("why", "Why", least=12),
    Column("counted_s", "Counted", right=True),
    Column("sum_s", "Sum", right=True),
)
FACTS = (Column("field", "Field"), Column("value", "Value", least=30))
OVER_SHOWN = 4
"""How many stretches past the due time are shown one by one; nobody adds up a year of nights."""

_TONES = {ClockState.BREACHED: Tone.ALARM, ClockState.MET: Tone.GOOD}
_MARKS = {
    "warn": ("WARNS", Tone.WARNING),
    "allowance": ("allowance used up", Tone.STRONG),
    "due": ("DUE", Tone.STRONG),
    "met": ("MET", Tone.GOOD),
    "cancelled": ("CANCELLED", Tone.QUIET),
    "now": ("looked at", Tone.QUIET),
}
_QUIET = {"closed", "paused", "met", "ended"}


def explain_page(told: Explanation, zone: str) -> list[Section]:
    """Each clock with its promise and its ledger, by the calendar's wall clock; results in the viewer's zone."""
    page: list[Section] = [_facts(told)]
    for ledger in told.ledgers:
        page += [_promise(told, ledger, zone), _ledger(told, ledger)]
    if not told.ledgers:
        page.append(Prose("No clock", _no_clock(told)))
    return page


def _facts(told: Explanation) -> Sheet:
    case, calendar = told.case, told.pinned.calendar
    facts = (
        ("Looked at", _day_time(told.at, calendar.zone, year=True)),
        ("Plan", f"{titled(case.plan)}, {case.priority}"),
        ("Hours", f"{hours_text(calendar.week)}, by the clock of {calendar.zone}"),
        ("Policy", case.policy),
        ("Calendar", case.calendar),
    )
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in facts)
    return Sheet(f"Clocks of {written(case.number)}  {case.subject}", FACTS, rows, headed=False)


def _no_clock(told: Explanation) -> str:
    case = told.case
    if case.type not in told.pinned.rules.policy.clock_types:
        return f"no clock runs for the type {case.type} (sla.types of the policy)"
    return f"the policy promises nothing here: targets.{case.plan}.{case.priority}"


def _promise(told: Explanation, ledger: Ledger, zone: str) -> Prose:
    title = f"{_name(ledger)}: {result(ledger, zone)}"
    return Prose(title, "\n".join(_terms(told, ledger)))


def _name(ledger: Ledger) -> str:
    clock = ledger.clock
    return titled(clock.metric) + (f" #{clock.cycle}" if clock.cycle > 1 else "")


def _terms(told: Explanation, ledger: Ledger) -> Iterator[str]:
    clock, percent = ledger.clock, told.pinned.rules.policy.warn_percent
    calendar_zone = told.pinned.calendar.zone
    yield f"promised: {setting(told, ledger)} = {clock.target}"
    origin = _day_time(clock.origin, calendar_zone, year=True)
    yield f"counted from: {origin}, the {origin_word(ledger)}{_event(ledger.story.origin)}"
    yield from (_changed(change, clock.metric, calendar_zone) for change in ledger.story.changes)
    yield f"warns: at {percent} % ({WARNS_AT}), after {_exact(ledger.warn_s)}"
    yield f"due: {', '.join(_due(ledger, calendar_zone))}"


def _due(ledger: Ledger, zone: str) -> Iterator[str]:
    """How the due time is found, in words (CAL-1, CAL-2, SLA-4, SLA-5)."""
    target = ledger.clock.target
    base = "business time" if target.business else "plain time"
    allowance = f"{_exact(ledger.allowance_s)} of {base}"
    runs_out = _day_time(ledger.used_up_at, zone)
    if target.seconds is None:
        days = counted(target.count, "business day" if target.business else "day")
        yield f"the same time of day {days} later is {_day_time(ledger.nominal_at, zone)}"
        yield f"up to there lie {allowance}"
        if ledger.used_up_at != ledger.nominal_at:
            yield f"they run out at {runs_out}, and the later counts"
    else:
        yield f"{allowance} run out at {runs_out}"
    if ledger.floored:
        yield f"but a raise breaches nothing in the past: not before {_day_time(ledger.due_at, zone)}"
    if ledger.clock.paused_at:
        yield "the pause taken as ending now"


def _changed(change: Change, metric: str, zone: str) -> str:
    how = f"{'raised' if change.raised else 'lowered'} {change.was} to {change.now}{_event(change.cause)}"
    head = f"severity: {_day_time(change.cause.at, zone)} {how}: {change.old_target} is due"
    old = f"{head} {_day_time(change.old_due_at, zone)}"
    if change.new_target is None or change.new_due_at is None:
        return f"{old}; {change.now} promises no {metric}, so it is cancelled"
    new = f"{change.new_target} {_day_time(change.new_due_at, zone)}"
    if not change.raised:
        return f"{old}; {new}, counted from the start, replaces it"
    return f"{old}, {new}; the earlier holds: {change.new_target if change.won else change.old_target}"


def result(ledger: Ledger, zone: str) -> str:
    """What came of a clock in a line: what is left, or by how much it was met or breached (SLA-7)."""
    clock, margin = ledger.clock, duration(abs(ledger.margin_s))
    due, stop = zoned_time(ledger.due_at, zone), zoned_time(ledger.stop_at, zone)
    left = _amount(ledger)
    if clock.cancelled_at:
        why = "the case closed" if clock.cancelled is Cancelled.CLOSED else "nothing is promised any more"
        return f"cancelled {stop}, {why}"
    if clock.met_at:
        return f"met {stop}, {margin} {'before it was due' if ledger.margin_s >= 0 else 'TOO LATE'}"
    if ledger.margin_s < 0:
        return f"{'BREACHED' if clock.breached_at else 'overdue'} by {margin}, due {due}"
    if clock.paused_at:
        return f"paused, {left} left; due {due} if the pause ended now"
    return f"{left} left, due {due}"


def _amount(ledger: Ledger) -> str:
    business = ledger.clock.target.business
    return duration(ledger.left_s, days=not business) + (" of business time" if business else "")


def _ledger(told: Explanation, ledger: Ledger) -> Sheet:
    zone = told.pinned.calendar.zone
    total = _exact(next(mark.sum_s for mark in ledger.marks if mark.name == "due"))
    promised = f"the allowance of {_exact(ledger.allowance_s)} ({ledger.clock.target})"
    agrees = "it adds up" if ledger.adds_up else "IT DOES NOT ADD UP"
    note = f"{agrees}: {total} counted by the due time, {promised}"
    title = f"{_name(ledger)}, stretch by stretch, by the clock of {zone}"
    return Sheet(title, COLUMNS, tuple(_rows(ledger, zone)), zone, note)


def _rows(ledger: Ledger, zone: str) -> Iterator[tuple[Cell, ...]]:
    """The lines in order, with what falls on the end of each behind it."""
    marks = list(ledger.marks)
    shown = _shown(ledger.lines)
    # What falls on the very start, such as an answer in the second of the opening, stands above the lines.
    start = ledger.clock.origin
    for line, why in [(None, ""), *shown]:
        if line is not None:
            yield _row(line, why, zone)
        reached = start if line is None else line.end
        while marks and marks[0].at <= reached:
            yield _mark(marks.pop(0), zone)


def _shown(lines: Sequence[Line]) -> list[tuple[Line, str]]:
    """The lines with their reasons, those far past the due time as one."""
    over = [line for line in lines if line.part == "over"]
    if len(over) <= OVER_SHOWN:
        return [(line, _why(line)) for line in lines]
    total = sum(line.counted_s for line in over)
    whole = over[0]._replace(end=over[-1].end, counted_s=total, sum_s=over[-1].sum_s)
    rest = [(line, _why(line)) for line in lines if line.part != "over"]
    return [*rest, (whole, f"past due, {counted(len(over), 'stretch', 'stretches')}")]


def _row(line: Line, why: str, zone: str) -> tuple[Cell, ...]:
    tone = Tone.QUIET if line.kind in _QUIET else Tone.PLAIN
    start, end = _day_time(line.start, zone), _day_time(line.end, zone)
    same_day = start.rpartition(" ")[0] == end.rpartition(" ")[0]
    return (
        Cell(line.start, start, tone),
        Cell(line.end, end.rpartition(" ")[2] if same_day else end, tone),
        Cell(why, tone=tone),
        Cell(line.counted_s, _exact(line.counted_s), tone),
        Cell(line.sum_s, _exact(line.sum_s), tone),
    )


def _mark(mark: Mark, zone: str) -> tuple[Cell, ...]:
    name, tone = _MARKS[mark.name]
    return (
        Cell(mark.at, _day_time(mark.at, zone), tone),
        Cell(None),
        Cell(name, tone=tone),
        Cell(None),
        Cell(mark.sum_s, _exact(mark.sum_s), tone),
    )


def _why(line: Line) -> str:
    words = line.why.value
    if line.why is Why.HOLIDAY:
        words = f"holiday: {line.holiday}"
    elif line.cause:
        words = f"{line.why.value}{_event(line.cause)}"
    if line.clock_change_s:
        turned = "forward" if line.clock_change_s > 0 else "back"
        words += f", clocks go {turned} {duration(abs(line.clock_change_s))}"
    return words


def _event(cause: Cause) -> str:
    return "" if cause.seq is None else f" (#{cause.seq} {cause.kind})"


def _day_time(at: datetime, zone: str, *, year: bool = False) -> str:
    """`Mon 03-02 09:05`, with the seconds where there are any; by the year `Mon 2026-03-02 09:05 EST`."""
    local = at.astimezone(ZoneInfo(zone))
    time = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    return f"{local:%a %Y-%m-%d} {time} {local:%Z}" if year else f"{local:%a %m-%d} {time}"


def _exact(seconds: int) -> str:
    """An amount that can be added up: hours, minutes and seconds, `26:05:00`."""
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"
