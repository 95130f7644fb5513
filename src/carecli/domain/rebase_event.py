"""The event that brings an open case under other rules, with what they make of its raises (SLA-8)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from carecli.domain import followup, sla
from carecli.domain.access import Act
from carecli.domain.amount import Amount
from carecli.domain.case import Case
from carecli.domain.clock import Cancelled, Clock
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve, ruled
from carecli.domain.rebasing import Bases, Basis, Hashes, bases_document
from carecli.domain.rules import Rules, RulesFor
from carecli.domain.vocabulary import Metric, Visibility


def rebase(case: Case, history: Sequence[Event], to: Hashes, rules_for: RulesFor, act: Act, at: datetime) -> Event:
    """The event that brings an open case under the policy and the calendar of these hashes (SLA-8)."""
    policy, calendar = to
    old, new = rules_for(case.policy, case.calendar), rules_for(policy, calendar)
    data: dict[str, Any] = {
        "policy": policy,
        "calendar": calendar,
        "was_policy": case.policy,
        "was_calendar": case.calendar,
    }
    if found := bases(history, rules_for, new):
        data["bases"] = bases_document(found)
    days = followup.days_of(case.followup, old)
    if case.followup and days != followup.days_of(None, new):
        data["ladder"] = followup.days_document(days)
    return Event(at, act.by, act.via, Kind.REBASED, Visibility.PUBLIC, data)


def bases(history: Sequence[Event], rules_for: RulesFor, new: Rules) -> Bases:
    """By what the clocks of a case are counted under new rules, of those whose priority was changed.

    Each raise is decided again, as if the new rules had held then: the earlier due time wins (SLA-5).
    """
    if not any(event.kind is Kind.PRIORITY_CHANGED for event in history):
        return ()
    case: Case | None = None
    turns: dict[tuple[Metric, int], list[tuple[datetime, Clock]]] = {}
    for event, rules in ruled(history, rules_for):
        case = evolve(case, event, rules)
        for clock in case.clocks:
            known = turns.setdefault((clock.metric, clock.cycle), [])
            if not known or known[-1][1].priority is not clock.priority:
                known.append((event.at, clock))
    assert case is not None, "a history begins with an opening"
    going = {(c.metric, c.cycle) for c in case.clocks if _may_run(c)}
    found = (_decided(turn, case, new) for named, turn in turns.items() if named in going and len(turn) > 1)
    return tuple(basis for basis in found if basis)


def _may_run(clock: Clock) -> bool:
    """Whether a clock runs, or may run again."""
    return clock.unmet or (clock.metric is not Metric.RESPONSE and clock.cancelled is not Cancelled.NO_TARGET)


def _decided(turns: Iterable[tuple[datetime, Clock]], case: Case, new: Rules) -> Basis | None:
    """The priority that won, turn by turn; None where nothing is promised in the end."""
    basis: Basis | None = None
    going: Clock | None = None
    for at, clock in turns:
        promise = sla.Promise(case.plan, clock.priority, new)
        if going is None:
            going = _from_here(clock, at, promise)
            won = going is not None
        else:
            still = going._replace(holes=clock.holes, paused_at=clock.paused_at)
            lowered = clock.priority.severity > going.priority.severity
            going = sla.retargeted(still, at, promise)
            won = lowered or _counted(going) != _counted(still)
        if going is None or going.cancelled:
            going = basis = None
        elif won:
            basis = Basis(clock.metric, clock.cycle, clock.priority, going.origin)
    return basis


def _from_here(clock: Clock, at: datetime, promise: sla.Promise) -> Clock | None:
    target = promise.rules.policy.target(promise.plan, promise.priority, clock.metric)
    if target is None:
        return None
    fresh = clock._replace(target=target, origin=max(at, clock.started_at), floor=None)
    return fresh._replace(met_at=None, warned_at=None, breached_at=None, cancelled_at=None, cancelled=None)


def _counted(clock: Clock) -> tuple[Amount, datetime, datetime | None]:
    return clock.target, clock.origin, clock.floor
