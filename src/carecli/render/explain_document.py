"""The proof of a case's clocks as JSON: every stretch with what it counts, to be added up (TICK-3)."""

from typing import Any

from carecli.domain.calendar import hours_text
from carecli.domain.instants import iso, iso_or_none
from carecli.domain.ledger import Explanation, Ledger, Line
from carecli.domain.ledger_causes import Cause, Change
from carecli.domain.numbers import written

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
        "clocks": [_clock(told, ledger) for ledger in told.ledgers],
    }


def setting(told: Explanation, ledger: Ledger) -> str:
    """The policy line that promises what a clock runs by, as the policy's own path (SLA-1)."""
    return f"targets.{told.case.plan}.{ledger.story.promised_by}.{ledger.clock.metric}"


def _clock(told: Explanation, ledger: Ledger) -> Document:
    clock, percent = ledger.clock, told.pinned.rules.policy.warn_percent
    return {
        "metric": clock.metric.value,
        "cycle": clock.cycle,
        "state": clock.state.value,
        "target": str(clock.target),
        "base": "business" if clock.target.business else "plain",
        "promise": {"setting": setting(told, ledger), "value": str(clock.target)},
        "started_at": iso(clock.started_at),
        "origin": {"at": iso(clock.origin), "why": origin_word(ledger), "by": _cause(ledger.story.origin)},
        "allowance_s": ledger.allowance_s,
        "nominal_at": iso(ledger.nominal_at),
        "used_up_at": iso(ledger.used_up_at),
        "floor_at": iso_or_none(clock.floor),
        "due_at": iso(clock.due_at),
        "due_if_resumed_at": iso(ledger.due_at) if clock.paused_at else None,
        "warn": {
            "setting": WARNS_AT,
            "percent": percent,
            "allowance_s": ledger.warn_s,
            "at": iso(ledger.warn_at),
        },
        "paused_at": iso_or_none(clock.paused_at),
        "met_at": iso_or_none(clock.met_at),
        "breached_at": iso_or_none(clock.breached_at),
        "cancelled_at": iso_or_none(clock.cancelled_at),
        "changes": [_change(change) for change in ledger.story.changes],
        "lines": [_line(line) for line in ledger.lines],
        "marks": [{"at": iso(mark.at), "mark": mark.name, "sum_s": mark.sum_s} for mark in ledger.marks],
        "result": _result(ledger),
    }


ORIGINS = {"opened": "opening", "reopened": "reopening", "clocks-started": "import"}


def origin_word(ledger: Ledger) -> str:
    """Why a clock is counted from there: `opening`, `reopening`, `import`, or `raise` of the severity."""
    return ORIGINS.get(ledger.story.origin.kind, "raise")


def _cause(cause: Cause | None) -> Document | None:
    """The event behind something; none where there is none or the reader must not see it (DC-3)."""
    if cause is None or cause.seq is None:
        return None
    return {"seq": cause.seq, "kind": cause.kind.value, "at": iso(cause.at)}


def _change(change: Change) -> Document:
    return {
        "at": iso(change.cause.at),
        "by": _cause(change.cause),
        "was": change.was.value,
        "priority": change.now.value,
        "old_target": str(change.old_target),
        "old_due_at": iso(change.old_due_at),
        "new_target": str(change.new_target) if change.new_target else None,
        "new_due_at": iso_or_none(change.new_due_at),
        "won": None if change.new_target is None else "new" if change.won else "old",
    }


def _line(line: Line) -> Document:
    return {
        "from": iso(line.start),
        "to": iso(line.end),
        "part": line.part,
        "kind": line.kind,
        "why": line.why.value,
        "holiday": line.holiday,
        "by": _cause(line.cause),
        "clock_change_s": line.clock_change_s,
        "counted_s": line.counted_s,
        "sum_s": line.sum_s,
    }


def _result(ledger: Ledger) -> Document:
    """What came of it: `left_s` in what the clock counts, `margin_s` in plain time; negative past the due time."""
    return {
        "at": iso(ledger.stop_at),
        "used_s": ledger.used_s,
        "left_s": ledger.left_s,
        "margin_s": ledger.margin_s,
        "adds_up": ledger.adds_up,
    }
