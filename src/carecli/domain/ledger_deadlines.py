"""The proof of a deadline: what it is counted from, and each stretch up to its due time (TICK-3, SR-1)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from carecli.domain.amount import Amount
from carecli.domain.deadline import Deadline, DeadlineKind
from carecli.domain.ledger import Course, Line, Mark, Pinned, drawn, sum_at
from carecli.domain.ledger_causes import Cause, Numbered, Turn, Under, turns
from carecli.domain.rules import RulesFor

SETTINGS: Mapping[DeadlineKind, str] = {
    DeadlineKind.ACKNOWLEDGEMENT: "sr.acknowledge",
    DeadlineKind.DECISION: "sr.decision",
    DeadlineKind.POST_MORTEM: "incidents.post_mortem",
    DeadlineKind.INCIDENT_REPORT: "incidents.report",
}
"""The line of the policy that sets a deadline, as the policy's own path."""


class DeadlineStory(NamedTuple):
    """A deadline with the event that it is counted from, and the one that met or cancelled it.

    `under` are the rules that it was reckoned by: no rebasing moves it (SLA-8).
    """

    deadline: Deadline
    start: Cause
    under: Under
    end: Cause | None = None


class DeadlineLedger(NamedTuple):
    """A deadline's proof, looked at from `at`; where a date was set there is nothing to count, and no line."""

    story: DeadlineStory
    pinned: Pinned
    at: datetime
    stop_at: datetime
    allowance_s: int | None
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    counted_to: datetime

    @property
    def deadline(self) -> Deadline:
        """The deadline as the record has it."""
        return self.story.deadline

    @property
    def target(self) -> Amount | None:
        """The amount that it was reckoned by."""
        return Amount.parse(self.deadline.target) if self.deadline.target else None

    @property
    def used_s(self) -> int:
        """Seconds of its base used up when it stopped, or by now."""
        return sum_at(self.lines, self.stop_at)

    @property
    def left_s(self) -> int:
        """Seconds of its base between there and the due time; below zero behind it."""
        return sum_at(self.lines, self.deadline.due_at) - self.used_s

    @property
    def margin_s(self) -> int:
        """Plain seconds from there to the due time; below zero behind it."""
        return int((self.deadline.due_at - self.stop_at).total_seconds())

    @property
    def adds_up(self) -> bool:
        """Whether the lines follow on and lead to the allowance at the due time that the record has."""
        if self.allowance_s is None:
            return True
        follow = all(one.end == other.start for one, other in pairwise(self.lines))
        reached = self.deadline.due_at == self.counted_to
        return follow and reached and sum_at(self.lines, self.deadline.due_at) == self.allowance_s


def deadline_stories(history: Iterable[Numbered], rules_for: RulesFor) -> tuple[DeadlineStory, ...]:
    """The deadlines that a whole history adds up to, with their causes, in the case's order."""
    known: dict[int, DeadlineStory] = {}
    for turn in turns(history, rules_for):
        for deadline in turn.case.deadlines:
            known[deadline.id] = _gone_on(known.get(deadline.id), deadline, turn)
    return tuple(known.values())


def _gone_on(story: DeadlineStory | None, deadline: Deadline, turn: Turn) -> DeadlineStory:
    if story is None:
        return DeadlineStory(deadline, turn.cause, turn.under)
    ended = story.deadline.open and not deadline.open
    under = story.under if deadline.due_at == story.deadline.due_at else turn.under
    return story._replace(deadline=deadline, under=under, end=turn.cause if ended else story.end)


def deadline_ledger(story: DeadlineStory, pinned: Pinned, at: datetime) -> DeadlineLedger:
    """The proof of a deadline, looked at from `at`."""
    deadline = story.deadline
    stop = max(deadline.met_at or (story.end.at if story.end else at), deadline.started_at)
    if deadline.target is None:
        marks = tuple(_marks(story, stop, ()))
        return DeadlineLedger(story, pinned, at, stop, None, (), marks, deadline.due_at)
    counted = deadline.started_at, Amount.parse(deadline.target)
    calendar = pinned.rules.calendar
    course = Course(deadline.started_at, stop, deadline.due_at, counted[1].business)
    lines = tuple(drawn(course, pinned))
    marks = tuple(_marks(story, stop, lines))
    return DeadlineLedger(
        story, pinned, at, stop, calendar.allowance(*counted), lines, marks, calendar.add(*counted)
    )


def _marks(story: DeadlineStory, stop: datetime, lines: tuple[Line, ...]) -> Iterator[Mark]:
    """The due time, and where it stopped; what falls on one instant in this order."""
    deadline = story.deadline
    stopped = "met" if deadline.met_at else "cancelled" if deadline.cancelled else "now"
    for at, name in sorted([(deadline.due_at, "due"), (stop, stopped)], key=lambda mark: mark[0]):
        yield Mark(at, name, sum_at(lines, at))
