"""The proof of a deadline for people: what set it, what it is counted from, each day (TICK-3, SR-1, INC-2)."""

from collections.abc import Iterator

from carecli.domain.counting import counted
from carecli.domain.deadline import Deadline
from carecli.domain.ledger_deadlines import SETTINGS, DeadlineLedger
from carecli.render.explain_ledger import dated, day_sheet, day_time, event, exact, stretch_sheet
from carecli.render.sheet import Prose, Section
from carecli.render.words import duration, titled, zoned_time


def sections(ledger: DeadlineLedger, zone: str, *, by_day: bool) -> Iterator[Section]:
    """What was promised and what came of it in the viewer's zone; below it the ledger, where there is one."""
    here = ledger.pinned.calendar.zone
    told = "\n".join(f"{head}: {text}" if head else text for head, text in terms(ledger))
    yield Prose(f"{name(ledger.deadline)}: {outcome(ledger, zone)}", told)
    if ledger.allowance_s is None:
        return
    sheet = day_sheet(ledger, here) if by_day else stretch_sheet(ledger, here)
    title = f"{name(ledger.deadline)}, {sheet.title}, by the clock of {here}"
    yield sheet._replace(title=title, note=agrees(ledger))


def agrees(ledger: DeadlineLedger) -> str:
    """Whether the lines count what was promised, with both amounts."""
    verdict = "it adds up" if ledger.adds_up else "IT DOES NOT ADD UP"
    total = exact(next(mark.sum_s for mark in ledger.marks if mark.name == "due"))
    promised = f"the allowance of {exact(ledger.allowance_s or 0)} ({ledger.target})"
    return f"{verdict}: {total} counted by the due time, {promised}"


def name(deadline: Deadline) -> str:
    """What is due: `Decision`, `Action: Replace the trunk`."""
    about = f": {deadline.about}" if deadline.about else ""
    return titled(deadline.kind) + about


def terms(ledger: DeadlineLedger) -> Iterator[tuple[str, str]]:
    """What set a deadline and how its due time is found, each with a word that heads it."""
    one, zone = ledger.deadline, ledger.pinned.calendar.zone
    start = f"{dated(one.started_at, zone)}{event(ledger.story.start)}"
    if one.owner:
        yield "seen to by", one.owner
    if ledger.target is None or ledger.allowance_s is None:
        yield "set", f"{start}, to {dated(one.due_at, zone)}"
    else:
        yield "promised", f"{SETTINGS.get(one.kind, 'the policy')} = {one.target}"
        yield "counted from", start
        yield "due", ", ".join(_due(ledger, zone))
    if ledger.story.end:
        yield "met" if one.met_at else "cancelled", f"{dated(ledger.stop_at, zone)}{event(ledger.story.end)}"
    yield "", "it never pauses"


def _due(ledger: DeadlineLedger, zone: str) -> Iterator[str]:
    """How the due time is found, in words (CAL-1, CAL-2)."""
    target, due = ledger.target, day_time(ledger.deadline.due_at, zone)
    assert target is not None, "only what is counted has a ledger"
    allowance = f"{exact(ledger.allowance_s or 0)} of {'business' if target.business else 'plain'} time"
    if target.seconds is None:
        days = counted(target.count, "business day" if target.business else "day")
        yield f"the same time of day {days} later is {due}"
        yield f"up to there lie {allowance}"
    else:
        yield f"{allowance} run out at {due}"


def outcome(ledger: DeadlineLedger, zone: str) -> str:
    """What came of a deadline in a line: what is left, or by how much it was met or missed."""
    one, margin = ledger.deadline, duration(abs(ledger.margin_s))
    due, stop = zoned_time(one.due_at, zone), zoned_time(ledger.stop_at, zone)
    if one.cancelled:
        missed = f"MISSED, due {due}, " if one.missed_at else ""
        return f"{missed}cancelled {stop}, nobody waits for it any more"
    if one.met_at:
        return f"met {stop}, {margin} {'before it was due' if ledger.margin_s >= 0 else 'TOO LATE'}"
    if ledger.margin_s < 0:
        return f"{'MISSED' if one.missed_at else 'overdue'} by {margin}, due {due}"
    if ledger.target is None or not ledger.target.business:
        return f"{margin} left, due {due}"
    return f"{duration(ledger.left_s, days=False)} of business time left, due {due}"
