"""The proof of a case's clocks for people: what is promised, each day, and how it adds up (TICK-3)."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from carecli.domain.calendar import hours_text
from carecli.domain.clock import Cancelled
from carecli.domain.counting import counted
from carecli.domain.ledger import Explanation, Ledger
from carecli.domain.ledger_causes import Change
from carecli.domain.numbers import written
from carecli.render import explain_deadline
from carecli.render.explain_document import WARNS_AT, origin_word, setting
from carecli.render.explain_ledger import dated, day_sheet, day_time, event, exact, stretch_sheet
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import duration, titled, zoned_time

FACTS = (Column("field", "Field"), Column("value", "Value", least=30))
BY_DAY = "one a day; what lies between is closed (--json lists it too)"


def explain_page(told: Explanation, zone: str, *, by_day: bool = True) -> list[Section]:
    """Each clock with its promise and its ledger, by the calendar's wall clock; results in the viewer's zone.

    `by_day` gives people a row a day; otherwise every stretch has its own.
    """
    page: list[Section] = [_facts(told, by_day=by_day)]
    for ledger in told.ledgers:
        page += [_promise(told, ledger, zone), _ledger(told, ledger, by_day=by_day)]
    for deadline in told.deadlines:
        page += explain_deadline.sections(told, deadline, zone, by_day=by_day)
    if not (told.ledgers or told.deadlines):
        page.append(Prose("No clock", _no_clock(told)))
    return page


def _facts(told: Explanation, *, by_day: bool) -> Sheet:
    case, calendar = told.case, told.pinned.calendar
    facts = (
        ("Looked at", dated(told.at, calendar.zone)),
        ("Plan", f"{titled(case.plan)}, {case.priority}"),
        ("Hours", f"{hours_text(calendar.week)}, by the clock of {calendar.zone}"),
        ("Holidays", _holidays(told)),
        ("Policy", case.policy),
        ("Calendar", case.calendar),
        *((("Rows", BY_DAY),) if by_day and (told.ledgers or told.deadlines) else ()),
    )
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in facts)
    return Sheet(f"{_what(told)} of {written(case.number)}  {case.subject}", FACTS, rows, headed=False)


def _what(told: Explanation) -> str:
    if not told.deadlines:
        return "Clocks"
    return "Clocks and deadlines" if told.ledgers else "Deadlines"


def _holidays(told: Explanation) -> str:
    """How many dates of the year looked at the calendar keeps closed: it took dates along, not codes (SLA-8)."""
    calendar = told.pinned.calendar
    year = told.at.astimezone(ZoneInfo(calendar.zone)).year
    closed = sum(day.startswith(f"{year}-") for day in calendar.closed)
    return f"{counted(closed, 'closed date') if closed else 'none'} in {year}"


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
    origin = dated(clock.origin, calendar_zone)
    yield f"counted from: {origin}, the {origin_word(ledger)}{event(ledger.story.origin)}"
    yield from (_changed(change, clock.metric, calendar_zone) for change in ledger.story.changes)
    yield f"warns: at {percent} % ({WARNS_AT}), after {exact(ledger.warn_s)}"
    yield f"due: {', '.join(_due(ledger, calendar_zone))}"


def _due(ledger: Ledger, zone: str) -> Iterator[str]:
    """How the due time is found, in words (CAL-1, CAL-2, SLA-4, SLA-5)."""
    target = ledger.clock.target
    base = "business time" if target.business else "plain time"
    allowance = f"{exact(ledger.allowance_s)} of {base}"
    runs_out = day_time(ledger.used_up_at, zone)
    if target.seconds is None:
        days = counted(target.count, "business day" if target.business else "day")
        yield f"the same time of day {days} later is {day_time(ledger.nominal_at, zone)}"
        yield f"up to there lie {allowance}"
        if ledger.used_up_at != ledger.nominal_at:
            yield f"they run out at {runs_out}, and the later counts"
    else:
        yield f"{allowance} run out at {runs_out}"
    if ledger.floored:
        yield f"but a raise breaches nothing in the past: not before {day_time(ledger.due_at, zone)}"
    if ledger.clock.paused_at:
        yield "the pause taken as ending now"


def _changed(change: Change, metric: str, zone: str) -> str:
    how = f"{'raised' if change.raised else 'lowered'} {change.was} to {change.now}{event(change.cause)}"
    head = f"severity: {day_time(change.cause.at, zone)} {how}: {change.old_target} is due"
    old = f"{head} {day_time(change.old_due_at, zone)}"
    if change.new_target is None or change.new_due_at is None:
        return f"{old}; {change.now} promises no {metric}, so it is cancelled"
    new = f"{change.new_target} {day_time(change.new_due_at, zone)}"
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


def _ledger(told: Explanation, ledger: Ledger, *, by_day: bool) -> Sheet:
    zone = told.pinned.calendar.zone
    total = exact(next(mark.sum_s for mark in ledger.marks if mark.name == "due"))
    promised = f"the allowance of {exact(ledger.allowance_s)} ({ledger.clock.target})"
    agrees = "it adds up" if ledger.adds_up else "IT DOES NOT ADD UP"
    note = f"{agrees}: {total} counted by the due time, {promised}"
    sheet = day_sheet(ledger, zone) if by_day else stretch_sheet(ledger, zone)
    return sheet._replace(title=f"{_name(ledger)}, {sheet.title}, by the clock of {zone}", note=note)
