"""What happens to a case next, and what the customer can type about it (TICK-3)."""

from collections.abc import Iterator
from datetime import datetime

from carecli.domain import transitions
from carecli.domain.case import Case
from carecli.domain.numbers import written
from carecli.domain.views import CaseView
from carecli.render.words import titled, zoned_time


def next_step(view: CaseView, zone: str) -> str | None:
    """What time will do to the case next: the nearest clock, or the next stage of the follow-up."""
    case = view.case
    ladder = case.followup
    if ladder and ladder.held:
        return "auto follow-up is held: its last mail could not be delivered"
    if ladder and ladder.next_at:
        due = zoned_time(ladder.next_at, zone)
        return f"auto follow-up #{ladder.stage + 1} on {due}, unless {case.contact} answers"
    promised = min(_promised(case), default=None)
    if promised is None:
        return None
    due_at, what, target = promised
    return f"{what} due {zoned_time(due_at, zone)}" + (f" ({target})" if target else "")


def _promised(case: Case) -> Iterator[tuple[datetime, str, str]]:
    """What falls due and was not missed yet: when, what, and by which target if by any."""
    for clock in case.clocks:
        if clock.ticking and not clock.breached_at:
            yield clock.due_at, clock.metric.value, str(clock.target)
    for one in case.deadlines:
        if one.open and not one.missed_at:
            yield one.due_at, one.kind.replace("-", " "), one.target or ""


def ways_out(case: Case) -> Iterator[str]:
    """The commands by which the customer answers (TICK-3)."""
    if case.followup is None:
        return
    number = written(case.number)
    yield f"answer with: care update {number} -m TEXT"
    if case.standing in transitions.PROPOSALS | transitions.RESTORED:
        yield f"or with: care accept {number}, care reject {number} -m WHY"


def outcome(view: CaseView, deed: str, zone: str) -> str:
    """The line that a command answers with: what happened to which case, and what happens next."""
    case = view.case
    how = f"{case.priority}" if deed == "opened" else f"{titled(case.status)} / {titled(case.standing.substatus)}"
    if case.closed:
        return f"{written(case.number)} {deed}: {how}; `care reopen` takes it up again"
    step = next_step(view, zone)
    return f"{written(case.number)} {deed}: {how}" + (f", {step}" if step else "")
