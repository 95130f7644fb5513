"""A case's severity, set by staff who have seen first what that does to its clocks (SEV-1, SLA-5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from carecli.desk.cases import appended
from carecli.desk.desk import Desk
from carecli.desk.record import Record
from carecli.domain import access, deadlines, lifecycle
from carecli.domain.access import Actor, Right
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.events import Event
from carecli.domain.folding import evolve, fold
from carecli.domain.numbers import written
from carecli.domain.rules import Rules
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import Metric, Priority, Side, Via
from carecli.errors import NotPermitted, Refused


class ClockChange(NamedTuple):
    """What a new severity does to one clock; None where there is or was none (SLA-5)."""

    metric: Metric
    cycle: int
    before: datetime | None
    after: datetime | None
    breaches: bool


def change(
    desk: Desk,
    number: int,
    to: Priority,
    reason: str,
    *,
    via: Via | None = None,
    confirm: Callable[[list[ClockChange]], bool],
) -> CaseView:
    """Set a case's severity; `confirm` sees each clock's old and new due time first (SEV-1, SLA-5)."""
    seen = _preview(desk, number, to, reason, via)
    if not confirm(seen):
        raise Refused(
            "the new priority was not confirmed; nothing was changed", hint="confirm with --yes", rule="SLA-5"
        )

    def decide(record: Record, case: Case) -> Event:
        event = lifecycle.set_priority(case, to, reason, _setting_priority(desk.actor, number, to, via), desk.now)
        if _changes(case, event, record.rules(case)) != seen:
            raise Refused(
                "the case changed meanwhile; nothing was done", hint="look again, and repeat", rule="SLA-5"
            )
        return event

    return appended(desk, number, decide)


def _preview(desk: Desk, number: int, to: Priority, reason: str, via: Via | None) -> list[ClockChange]:
    """What the new severity would do; read outside of the transaction, as a person may think it over."""
    with desk.reading() as reading:
        case = access.seen(desk.actor, reading.case(number), written(number))
        event = lifecycle.set_priority(case, to, reason, _setting_priority(desk.actor, number, to, via), desk.now)
        return _changes(case, event, desk.rulebook.of(reading, case))


def _setting_priority(actor: Actor, number: int, to: Priority, via: Via | None) -> access.Act:
    if Right.WORK_CASES not in actor.rights:
        raise NotPermitted(
            "only Customer Care sets a case's priority",
            hint=f"ask for it: care escalate {written(number)} --priority {to} -m 'why', or call us",
            rule="SEV-1",
        )
    return access.Act(actor.email, Side.STAFF, via or Via.DESK)


def _changes(case: Case, event: Event, rules: Rules) -> list[ClockChange]:
    before = fold(case, deadlines.crossings(case, event.at, rules), rules)
    after = evolve(before, event, rules)
    old = {(c.metric, c.cycle): c for c in before.clocks}
    pairs = ((old.get((c.metric, c.cycle)), c) for c in after.clocks)
    return [_change(was, now, event.at) for was, now in pairs if was is None or was.unmet]


def _change(was: Clock | None, now: Clock, at: datetime) -> ClockChange:
    after = now.due_at if now.unmet else None
    breaches = now.ticking and now.due_at <= at and not (was and was.breached_at)
    return ClockChange(now.metric, now.cycle, was.due_at if was else None, after, breaches)
