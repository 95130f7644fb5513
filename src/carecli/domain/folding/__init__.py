"""The fold: what a history of events adds up to (STAT-4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from carecli.domain.case import Case
from carecli.domain.events import UPDATES, Event, Kind
from carecli.domain.folding import acts, chats, features, incidents, requests, ticking, time_kept
from carecli.domain.folding.opening import opened
from carecli.domain.rules import Rules, RulesFor


def replay(events: Iterable[Event], rules_for: RulesFor) -> Case:
    """The case that a whole history adds up to, by the rules that its opening names and each rebasing after it."""
    case: Case | None = None
    for event, rules in ruled(events, rules_for):
        case = evolve(case, event, rules)
    assert case is not None, "a history begins with an opening"
    return case


def ruled(events: Iterable[Event], rules_for: RulesFor) -> Iterator[tuple[Event, Rules]]:
    """Each event of a whole history with the rules that hold from it on (SLA-8)."""
    rules: Rules | None = None
    for event in events:
        if rules is None or event.kind is Kind.REBASED:
            rules = rules_for(event.data["policy"], event.data["calendar"])
        yield event, rules


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
    if case.incident:
        after = incidents.followed(case, after, event, rules)
    if event.public and event.kind in UPDATES:
        return after._replace(modified_at=max(case.modified_at, event.at))
    return after


def _unchanged(case: Case, _event: Event, _rules: Rules) -> Case:
    return case


STEPS: Mapping[Kind, Callable[[Case, Event, Rules], Case]] = {
    Kind.COMMENTED: acts.updated,
    Kind.INVESTIGATED: acts.acted,
    Kind.ASKED: acts.requested,
    Kind.PROPOSED: acts.requested,
    Kind.RESTORED: acts.acted,
    Kind.ACCEPTED: acts.closed,
    Kind.REJECTED: acts.acted,
    Kind.CLOSED: acts.closed,
    Kind.REOPENED: requests.reopened,
    Kind.ATTACHED: acts.acted,
    Kind.ASSIGNED: acts.assigned,
    Kind.COMPONENT_CHANGED: acts.component_changed,
    Kind.ARTICLE_LINKED: acts.article_linked,
    Kind.PRIORITY_CHANGED: acts.prioritised,
    Kind.CLOCKS_STARTED: acts.clocks_started,
    Kind.ESCALATED: acts.escalated,
    Kind.ESCALATION_ANSWERED: acts.relieved,
    Kind.ESCALATION_WITHDRAWN: acts.relieved,
    Kind.EVALUATED: acts.acted,
    Kind.CONVERTED: features.converted,
    Kind.LINKED: acts.linked,
    Kind.UNLINKED: acts.linked,
    Kind.REQUEST_ACKNOWLEDGED: requests.acknowledged,
    Kind.REQUEST_ACCEPTED: requests.accepted,
    Kind.REQUEST_REJECTED: requests.rejected,
    Kind.REQUEST_RESUBMITTED: requests.resubmitted,
    Kind.REQUEST_SIGNED: requests.signed,
    Kind.REQUEST_COMPLETED: requests.completed,
    Kind.CHANGE_APPROVED: acts.closed,
    Kind.CHANGE_DECLINED: acts.closed,
    Kind.INCIDENT_DECLARED: incidents.declared,
    Kind.INCIDENT_DESCRIBED: incidents.described,
    Kind.AFFECTED: incidents.affected,
    Kind.UNAFFECTED: incidents.unaffected,
    Kind.SERVICE_BACK: incidents.told_back,
    Kind.POST_MORTEM_HELD: incidents.post_mortem_held,
    Kind.REPORT_REQUESTED: incidents.report_requested,
    Kind.REPORT_SENT: incidents.report_sent,
    Kind.ACTION_ADDED: incidents.action_added,
    Kind.ACTION_DONE: incidents.action_done,
    Kind.FOLLOW_UP_SENT: ticking.follow_up_sent,
    Kind.FOLLOW_UP_HELD: ticking.follow_up_held,
    Kind.FOLLOW_UP_RESUMED: ticking.follow_up_resumed,
    Kind.CLOCK_WARNED: ticking.clock_marked,
    Kind.CLOCK_BREACHED: ticking.clock_marked,
    Kind.DEADLINE_MISSED: ticking.deadline_missed,
    Kind.EXEMPTED: time_kept.exempted,
    Kind.EXEMPTION_WITHDRAWN: time_kept.exemption_withdrawn,
    Kind.REBASED: time_kept.rebased,
    Kind.CHAT_STARTED: chats.started,
    Kind.CHATTED: chats.chatted,
    Kind.CHAT_ENDED: chats.ended,
}
