"""The proof of a case's clocks as JSON: every stretch with what it counts, to be added up (TICK-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carecli.domain import exemption
from carecli.domain.calendar import hours_text
from carecli.domain.instants import iso, iso_or_none
from carecli.domain.numbers import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carecli.domain.ledger import Explanation, Ledger, Line, Mark
    from carecli.domain.ledger_causes import Cause, Change, Under
    from carecli.domain.ledger_deadlines import DeadlineLedger

Document = dict[str, Any]
WARNS_AT = "sla.warn_at_percent"


def explain(told: Explanation) -> Document:
    """The clocks of a case with their proofs; `zone` is the calendar's, whose wall clock its hours go by."""
    case, calendar = told.case, told.pinned.calendar
    return {
        "number": written(case.number),
        "at": iso(told.at),
        "plan": case.plan.value,
        "priority": case.priority.value,
        "status": case.status.value,
        "policy": case.policy,
        "calendar": case.calendar,
        "zone": calendar.zone,
        "hours": hours_text(calendar.week),
        "exemptions": [exemption.document(one) for one in case.exemptions],
        "clocks": [_clock(told, ledger) for ledger in told.ledgers],
        "deadlines": [deadline(ledger) for ledger in told.deadlines],
    }


def setting(told: Explanation, ledger: Ledger) -> str:
    """The policy line that promises what a clock runs by, as the policy's own path (SLA-1)."""
    return f"targets.{told.case.plan}.{ledger.story.promised_by}.{ledger.clock.metric}"


def _clock(told: Explanation, ledger: Ledger) -> Document:
    clock, story = ledger.clock, ledger.story
    calendar = ledger.pinned.calendar
    return {
        "metric": clock.metric.value,
        "cycle": clock.cycle,
        "state": clock.state.value,
        "target": str(clock.target),
        "base": "business" if clock.target.business else "plain",
        "promise": _promise(told, ledger),
        # By what it is timed: on a case that came under other rules, a clock that had ended keeps the older ones.
        "policy": story.under.policy,
        "calendar": story.under.calendar,
        "zone": calendar.zone,
        "hours": hours_text(calendar.week),
        "started_at": iso(clock.started_at),
        "origin": {"at": iso(clock.origin), "why": origin_word(ledger), "by": cause(story.origin)},
        "allowance_s": ledger.allowance_s,
        "nominal_at": iso(ledger.nominal_at),
        "floor_at": iso_or_none(clock.floor),
        "paused_at": iso_or_none(clock.paused_at),
        "met_at": iso_or_none(clock.met_at),
        "cancelled_at": iso_or_none(clock.cancelled_at),
        "changes": [_change(change) for change in story.changes],
        **_course(ledger),
        "adjusted": _adjusted(ledger.adjusted) if ledger.adjusted else None,
    }


def _promise(told: Explanation, ledger: Ledger) -> Document:
    """Where the policy says what was promised, and what it says (SLA-1)."""
    return {
        "policy": ledger.story.promised_in,
        "setting": setting(told, ledger),
        "value": str(ledger.clock.target),
        "meaning": ledger.pinned.rules.policy.definition(ledger.story.promised_by),
    }


def _adjusted(ledger: Ledger) -> Document:
    """The same clock without the stretches that are exempted from it (SLA-9)."""
    exempted = {line.exemption.id for line in ledger.lines if line.exemption}
    return {"state": ledger.clock.state.value, "exemptions": sorted(exempted), **_course(ledger)}


def _course(ledger: Ledger) -> Document:
    """Where a clock leads to, and each stretch up to there: what an exemption changes."""
    clock = ledger.clock
    return {
        "used_up_at": iso(ledger.used_up_at),
        "due_at": iso(clock.due_at),
        "due_if_resumed_at": iso(ledger.due_at) if clock.paused_at else None,
        "warn": {
            "setting": WARNS_AT,
            "percent": ledger.pinned.rules.policy.warn_percent,
            "allowance_s": ledger.warn_s,
            "at": iso(ledger.warn_at),
        },
        "breached_at": iso_or_none(clock.breached_at),
        "lines": [line(one) for one in ledger.lines],
        "marks": marks(ledger.marks),
        "result": result(ledger),
    }


ORIGINS = {
    "opened": "opening",
    "reopened": "reopening",
    "clocks-started": "import",
    "converted": "conversion",
    "rebased": "rebasing",
}


def origin_word(ledger: Ledger) -> str:
    """What a clock is counted from: `opening`, `reopening`, `import`, `conversion`, `rebasing`, or a `raise`."""
    return ORIGINS.get(ledger.story.origin.kind, "raise")


def cause(told: Cause | None) -> Document | None:
    """The event behind something; none where there is none or the reader must not see it (DC-3)."""
    if told is None or told.seq is None:
        return None
    return {"seq": told.seq, "kind": told.kind.value, "at": iso(told.at)}


def _change(change: Change) -> Document:
    return {
        "at": iso(change.cause.at),
        "by": cause(change.cause),
        "was": change.was.value,
        "priority": change.now.value,
        "old_target": str(change.old_target),
        "old_due_at": iso(change.old_due_at),
        "new_target": str(change.new_target) if change.new_target else None,
        "new_due_at": iso_or_none(change.new_due_at),
        "won": None if change.new_target is None else "new" if change.won else "old",
        "rules": _rules(*change.under) if change.under else None,
    }


def _rules(was: Under, now: Under) -> Document:
    """The rules that a rebasing took a clock from, and those that it brought (SLA-8)."""
    return {
        "was": {"policy": was.policy, "calendar": was.calendar},
        "now": {"policy": now.policy, "calendar": now.calendar},
    }


def deadline(ledger: DeadlineLedger) -> Document:
    """A deadline with its proof; where a date was set there is no promise, and nothing to add up."""
    # Imported here: few cases have any.
    from carecli.domain.ledger_deadlines import SETTINGS

    one, target = ledger.deadline, ledger.target
    return {
        "id": one.id,
        "kind": one.kind.value,
        "about": one.about,
        "state": one.state.value,
        "target": one.target,
        "base": None if target is None else "business" if target.business else "plain",
        "promise": {"setting": SETTINGS.get(one.kind), "value": one.target} if one.target else None,
        "policy": ledger.story.under.policy,
        "calendar": ledger.story.under.calendar,
        "started_at": iso(one.started_at),
        "by": cause(ledger.story.start),
        "allowance_s": ledger.allowance_s,
        "due_at": iso(one.due_at),
        "met_at": iso_or_none(one.met_at),
        "missed_at": iso_or_none(one.missed_at),
        "cancelled": one.cancelled,
        "ended_by": cause(ledger.story.end),
        "lines": [line(told) for told in ledger.lines],
        "marks": marks(ledger.marks),
        "result": result(ledger),
    }


def line(told: Line) -> Document:
    """A stretch, and what it counts."""
    return {
        "from": iso(told.start),
        "to": iso(told.end),
        "part": told.part,
        "kind": told.kind,
        "why": told.why.value,
        "holiday": told.holiday,
        "by": cause(told.cause),
        "clock_change_s": told.clock_change_s,
        "counted_s": told.counted_s,
        "sum_s": told.sum_s,
        "exemption": told.exemption.id if told.exemption else None,
    }


def marks(told: Iterable[Mark]) -> list[Document]:
    """What falls on the ledger."""
    return [{"at": iso(mark.at), "mark": mark.name, "sum_s": mark.sum_s} for mark in told]


def result(ledger: Ledger | DeadlineLedger) -> Document:
    """What came of it: `left_s` in what the clock counts, `margin_s` in plain time; negative past the due time."""
    return {
        "at": iso(ledger.stop_at),
        "used_s": ledger.used_s,
        "left_s": ledger.left_s,
        "margin_s": ledger.margin_s,
        "adds_up": ledger.adds_up,
    }
