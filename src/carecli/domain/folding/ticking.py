"""What time makes of a case: reminders, warnings, breaches (FU-1..6, SLA-7)."""

from carecli.domain import deadline, followup
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.events import Event, Kind
from carecli.domain.instants import instant
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Metric


def follow_up_sent(case: Case, event: Event, rules: Rules) -> Case:
    """A stage of the ladder that went out (FU-1)."""
    if case.followup is None:
        return case
    due_at = instant(event.data["due_at"])
    return case._replace(followup=followup.sent(case.followup, event.data["stage"], due_at, event.at, rules))


def follow_up_held(case: Case, event: Event, _rules: Rules) -> Case:
    """A ladder that waits, as its mail did not arrive (FU-6)."""
    ladder = case.followup
    if ladder is None or ladder.round != event.data["round"]:
        return case
    return case._replace(followup=followup.held(ladder))


def follow_up_resumed(case: Case, event: Event, rules: Rules) -> Case:
    """A ladder that goes on (FU-6)."""
    ladder = case.followup
    if ladder is None or ladder.round != event.data["round"]:
        return case
    late = 0 < ladder.stage == event.data["stage"]
    if not (ladder.held or late):
        return case
    return case._replace(followup=followup.resumed(ladder, event.at, rules))


def clock_marked(case: Case, event: Event, _rules: Rules) -> Case:
    """A clock that warned, or was breached (SLA-7)."""
    named = Metric(event.data["metric"]), event.data["cycle"]
    marked = tuple(_marked(c, event) if (c.metric, c.cycle) == named else c for c in case.clocks)
    return case._replace(clocks=marked)


def _marked(clock: Clock, event: Event) -> Clock:
    if event.kind is Kind.CLOCK_WARNED:
        return clock._replace(warned_at=event.at)
    return clock._replace(breached_at=event.at)


def deadline_missed(case: Case, event: Event, _rules: Rules) -> Case:
    """A deadline that went by."""
    return case._replace(deadlines=deadline.missed(case.deadlines, event.data["id"], event.at))
