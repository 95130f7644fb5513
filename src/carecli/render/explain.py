"""The proof of a case's clocks for people: what is promised, each day, and how it adds up (TICK-3)."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from carecli.domain.calendar import hours_text
from carecli.domain.clock import Cancelled
from carecli.domain.counting import counted
from carecli.domain.ledger import Explanation, Ledger, Pinned
from carecli.domain.ledger_causes import Change, Under
from carecli.domain.numbers import written
from carecli.render import explain_deadline
from carecli.render.explain_document import WARNS_AT, origin_word, setting
from carecli.render.explain_ledger import dated, day_sheet, day_time, event, exact, stretch_sheet
from carecli.render.sheet import Cell, Column, Prose, Section, Sheet, Tone
from carecli.render.words import duration, titled, zoned_time

FACTS = (Column("field", "Field"), Column("value", "Value", least=30))
ADJUSTED = " adjusted"
BY_DAY = "one a day; what lies between is closed (--json lists it too)"


def explain_page(told: Explanation, zone: str, *, by_day: bool = True) -> list[Section]:
    """Each clock with its promise and its ledger, by the calendar's wall clock; results in the viewer's zone.

    `by_day` gives people a row a day; otherwise every stretch has its own. Where time is exempted from a clock,
    the ledger without it follows, under both results (SLA-9).
    """
    page: list[Section] = [_facts(told, by_day=by_day)]
    for ledger in told.ledgers:
        page += [_promise(told, ledger, zone), _ledger(ledger, by_day=by_day)]
        if ledger.adjusted:
            page += [_both(ledger, ledger.adjusted, zone), _ledger(ledger.adjusted, ADJUSTED, by_day=by_day)]
    for deadline in told.deadlines:
        page += explain_deadline.sections(deadline, zone, by_day=by_day)
    if not (told.ledgers or told.deadlines):
        page.append(Prose("No clock", no_clock(told)))
    return page


def _facts(told: Explanation, *, by_day: bool) -> Sheet:
    facts = [*case_facts(told)]
    if by_day and (told.ledgers or told.deadlines):
        facts.append(("Rows", BY_DAY))
    rows = tuple((Cell(name, tone=Tone.QUIET), Cell(value)) for name, value in facts)
    return Sheet(f"{_what(told)} of {written(told.case.number)}  {told.case.subject}", FACTS, rows, headed=False)


def case_facts(told: Explanation) -> Iterator[tuple[str, str]]:
    """What holds for all clocks: from when it is looked at, by which hours, and by which rules."""
    case, calendar = told.case, told.pinned.calendar
    yield "Looked at", dated(told.at, calendar.zone)
    yield "Plan", f"{titled(case.plan)}, {case.priority}"
    if told.ledgers:
        yield "Meaning", told.pinned.rules.policy.definition(case.priority)
    yield "Hours", hours(told.pinned)
    yield "Holidays", _holidays(told)
    yield "Policy", case.policy
    yield "Calendar", case.calendar


def hours(pinned: Pinned) -> str:
    """The week of a calendar, and by whose wall clock."""
    return f"{hours_text(pinned.calendar.week)}, by the clock of {pinned.calendar.zone}"


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


def no_clock(told: Explanation) -> str:
    """Why a case has nothing to prove."""
    case = told.case
    if case.type not in told.pinned.rules.policy.clock_types:
        return f"no clock runs for the type {case.type} (sla.types of the policy)"
    return f"the policy promises nothing here: targets.{case.plan}.{case.priority}"


def _promise(told: Explanation, ledger: Ledger, zone: str) -> Prose:
    title = f"{name(ledger)}: {result(ledger, zone)}"
    return Prose(title, "\n".join(f"{head}: {text}" for head, text in terms(told, ledger)))


def _both(ledger: Ledger, adjusted: Ledger, zone: str) -> Prose:
    """The result by the record and the adjusted one, side by side, with what is left out and why."""
    heads = [f"by the record: {result(ledger, zone)}", f"adjusted: {result(adjusted, zone)}"]
    why = [f"{head}: {text}" for head, text in exempted(adjusted)]
    return Prose(f"{name(ledger)}, adjusted for what is exempted", "\n".join([*heads, *why]))


def exempted(adjusted: Ledger) -> Iterator[tuple[str, str]]:
    """What is exempted from a clock: the stretch, who granted it and why."""
    zone = adjusted.pinned.calendar.zone
    known = {line.exemption.id: line for line in adjusted.lines if line.exemption}
    for one, line in sorted((line.exemption, line) for line in known.values() if line.exemption):
        stretch = f"{dated(one.since, zone)} to {dated(one.until, zone)}"
        yield "exempted", f"{stretch}{event(line.cause) if line.cause else ''}, by {one.by}: {one.reason}"


def name(ledger: Ledger) -> str:
    """A clock by its metric, and its cycle where it is not the first."""
    clock = ledger.clock
    return titled(clock.metric) + (f" #{clock.cycle}" if clock.cycle > 1 else "")


def terms(told: Explanation, ledger: Ledger) -> Iterator[tuple[str, str]]:
    """What a clock was promised by, and how its due time is found, each with a word that heads it."""
    clock, percent = ledger.clock, ledger.pinned.rules.policy.warn_percent
    zone = ledger.pinned.calendar.zone
    yield "promised", f"{setting(told, ledger)} = {clock.target}"
    if ledger.pinned.under != told.pinned.under:
        policy = short(ledger.story.under.policy)
        yield "counted by", f"{hours(ledger.pinned)}; policy {policy}, before the rebasing"
    origin = dated(clock.origin, zone)
    yield "counted from", f"{origin}, the {origin_word(ledger)}{event(ledger.story.origin)}"
    for change in ledger.story.changes:
        yield _changed(change, clock.metric, zone)
    yield "warns", f"at {percent} % ({WARNS_AT}), after {exact(ledger.warn_s)}"
    yield "due", ", ".join(_due(ledger, zone))


def short(digest: str) -> str:
    """Enough of a hash to tell it from others."""
    return digest.removeprefix("sha256:")[:12]


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
        rebased = any(change.under and change.won for change in ledger.story.changes)
        what = "a change of the rules" if rebased else "a raise"
        yield f"but {what} breaches nothing in the past: not before {day_time(ledger.due_at, zone)}"
    if ledger.clock.paused_at:
        yield "the pause taken as ending now"


def _changed(change: Change, metric: str, zone: str) -> tuple[str, str]:
    """What a change of severity or of the rules did to a clock, under the word that heads it."""
    if change.under:
        return "rules", _rebased(change, *change.under, metric, zone)
    how = f"{'raised' if change.raised else 'lowered'} {change.was} to {change.now}{event(change.cause)}"
    head = f"{day_time(change.cause.at, zone)} {how}: {change.old_target} is due"
    old = f"{head} {day_time(change.old_due_at, zone)}"
    if change.new_target is None or change.new_due_at is None:
        return "severity", f"{old}; {change.now} promises no {metric}, so it is cancelled"
    new = f"{change.new_target} {day_time(change.new_due_at, zone)}"
    if not change.raised:
        return "severity", f"{old}; {new}, counted from the start, replaces it"
    won = change.new_target if change.won else change.old_target
    return "severity", f"{old}, {new}; the earlier holds: {won}"


def _rebased(change: Change, was: Under, now: Under, metric: str, zone: str) -> str:
    parts = [
        f"{kind} {short(old)} to {short(new)}"
        for kind, old, new in zip(was._fields, was, now, strict=True)
        if old != new
    ]
    what = f"{day_time(change.cause.at, zone)} rebased{event(change.cause)}, {', '.join(parts)}"
    old = f"{what}: {change.old_target} was due {day_time(change.old_due_at, zone)}"
    if change.new_target is None or change.new_due_at is None:
        return f"{old}; {change.now} promises no {metric} any more, so it is cancelled"
    return f"{old}, {change.new_target} is {day_time(change.new_due_at, zone)}"


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


def _ledger(ledger: Ledger, what: str = "", *, by_day: bool) -> Sheet:
    zone = ledger.pinned.calendar.zone
    sheet = day_sheet(ledger, zone) if by_day else stretch_sheet(ledger, zone)
    title = f"{name(ledger)}{what}, {sheet.title}, by the clock of {zone}"
    return sheet._replace(title=title, note=agrees(ledger))


def agrees(ledger: Ledger) -> str:
    """Whether the lines count what was promised, with both amounts."""
    total = exact(next(mark.sum_s for mark in ledger.marks if mark.name == "due"))
    promised = f"the allowance of {exact(ledger.allowance_s)} ({ledger.clock.target})"
    verdict = "it adds up" if ledger.adds_up else "IT DOES NOT ADD UP"
    return f"{verdict}: {total} counted by the due time, {promised}"
