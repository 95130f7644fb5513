"""The fold: what a history of events adds up to (STAT-4)."""

from collections.abc import Callable, Iterable, Mapping

from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.folding import acts, ticking
from carecli.domain.folding.opening import opened
from carecli.domain.rules import Rules


def replay(events: Iterable[Event], rules: Rules) -> Case:
    """The case that a whole history adds up to."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event, rules)
    assert case is not None, "a history begins with an opening"
    return case


def fold(case: Case, events: Iterable[Event], rules: Rules) -> Case:
    """The case after more of its history."""
    for event in events:
        case = evolve(case, event, rules)
    return case


def evolve(case: Case | None, event: Event, rules: Rules) -> Case:
    """The case after one more event."""
    if case is None:
        return opened(event, rules)
    after = STEPS.get(event.kind, _unchanged)(case._replace(seq=case.seq + 1), event, rules)
    if event.public and event.kind in UPDATES:
        return after._replace(modified_at=max(case.modified_at, event.at))
    return after


def _unchanged(case: Case, _event: Event, _rules: Rules) -> Case:
    return case


UPDATES = frozenset(
    {
        Kind.COMMENTED,
        Kind.INVESTIGATED,
        Kind.ASKED,
        Kind.PROPOSED,
        Kind.RESTORED,
        Kind.ACCEPTED,
        Kind.REJECTED,
        Kind.CLOSED,
        Kind.REOPENED,
        Kind.ATTACHED,
        Kind.PRIORITY_CHANGED,
        Kind.ESCALATED,
        Kind.ESCALATION_ANSWERED,
        Kind.ESCALATION_WITHDRAWN,
    }
)
"""What moves `modified_at` where it is public (UPD-1)."""

STEPS: Mapping[Kind, Callable[[Case, Event, Rules], Case]] = {
    Kind.COMMENTED: acts.acted,
    Kind.INVESTIGATED: acts.acted,
    Kind.ASKED: acts.requested,
    Kind.PROPOSED: acts.requested,
    Kind.RESTORED: acts.acted,
    Kind.ACCEPTED: acts.closed,
    Kind.REJECTED: acts.acted,
    Kind.CLOSED: acts.closed,
    Kind.REOPENED: acts.reopened,
    Kind.ATTACHED: acts.acted,
    Kind.ASSIGNED: acts.assigned,
    Kind.COMPONENT_CHANGED: acts.component_changed,
    Kind.ARTICLE_LINKED: acts.article_linked,
    Kind.PRIORITY_CHANGED: acts.prioritised,
    Kind.CLOCKS_STARTED: acts.clocks_started,
    Kind.ESCALATED: acts.escalated,
    Kind.ESCALATION_ANSWERED: acts.relieved,
    Kind.ESCALATION_WITHDRAWN: acts.relieved,
    Kind.LINKED: acts.linked,
    Kind.UNLINKED: acts.linked,
    Kind.FOLLOW_UP_SENT: ticking.follow_up_sent,
    Kind.FOLLOW_UP_HELD: ticking.follow_up_held,
    Kind.FOLLOW_UP_RESUMED: ticking.follow_up_resumed,
    Kind.CLOCK_WARNED: ticking.clock_marked,
    Kind.CLOCK_BREACHED: ticking.clock_marked,
    Kind.DEADLINE_MISSED: ticking.deadline_missed,
}
