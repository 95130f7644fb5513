"""What a case's clocks would have come to under another policy, from what people did on it (SLA-8).

What time made of the case by its own rules (warnings, breaches, missed deadlines) is left out and made anew by the
other policy's. What people did stays as it was, and so does what was sent: reminders, and a close by silence. A
calendar that was changed on the way changes at the same moment; a change of the policy alone never happened.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from carecli.domain import deadlines
from carecli.domain.case import Case
from carecli.domain.deadlines import Pace
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve, fold
from carecli.domain.rules import Rules, RulesFor
from carecli.domain.timers import Timer
from carecli.domain.vocabulary import Via

MADE_ANEW = frozenset(
    {Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED, Kind.CLOCK_MET, Kind.DEADLINE_MISSED, Kind.DEADLINE_MET}
)
"""What follows from the rules alone."""
SECOND = timedelta(seconds=1)


def recounted(events: Iterable[Event], rules_for: RulesFor, policy: str | None, until: datetime) -> Case:
    """The case as it would stand at `until`, had it always been under the policy of this content hash.

    Without one it is counted anew under those that it had, one after another. `events` is its history from the
    opening on; what came after `until` is not looked at.
    """
    case: Case | None = None
    rules: Rules | None = None
    for event in under(events, policy, until):
        if case is None or rules is None:
            rules = rules_for(event.data["policy"], event.data["calendar"])
            case = evolve(None, event, rules)
            continue
        case = _crossed(case, _horizon(event), rules)
        if event.kind is Kind.REBASED:
            rules = rules_for(event.data["policy"], event.data["calendar"])
        after = evolve(case, event, rules)
        case = fold(after, deadlines.late_with(case, after, event.at), rules)
    assert case is not None, "a history begins with an opening, and that by `until`"
    assert rules is not None, "an opening names its rules"
    return _crossed(case, until + SECOND, rules)


def under(events: Iterable[Event], policy: str | None, until: datetime) -> Iterator[Event]:
    """What people did by `until`, each opening and change of the calendar naming this policy, if one is given."""
    calendar: str | None = None
    for event in events:
        if event.at > until or event.kind in MADE_ANEW:
            continue
        if policy is None or event.kind not in {Kind.OPENED, Kind.REBASED}:
            yield event
        elif event.data["calendar"] != calendar:
            calendar = event.data["calendar"]
            yield event._replace(data={**event.data, "policy": policy})


def _horizon(event: Event) -> datetime:
    """Before when time acts first: a command wins over what falls due in its second, the tick goes in order."""
    return event.at + SECOND if event.via is Via.TICK else event.at


def _crossed(case: Case, before: datetime, rules: Rules) -> Case:
    """The case with the warnings, breaches and missed deadlines that fell due before an instant."""
    while due := min((t for t in _timers(case) if t.fires_at < before), default=None):
        case = fold(case, deadlines.fired(case, due, rules, Pace(before)), rules)
    return case


def _timers(case: Case) -> Iterator[Timer]:
    yield from deadlines.clock_timers(case)
    yield from deadlines.deadline_timers(case)
