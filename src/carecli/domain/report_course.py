"""A case's course as a report counts it: how long it stood where, and what became of requests to its customer."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from carecli.domain.events import Kind
from carecli.domain.vocabulary import Standing, Status, Substatus


class Step(NamedTuple):
    """What a report needs of one event: where the case stands from it on, or which reminder it is.

    `by_staff` is False for whoever is no member of staff; `calendar` is told by an opening and a rebasing.
    """

    at: datetime
    kind: str
    by_staff: bool
    status: str | None
    substatus: str | None
    action: str | None
    calendar: str | None


class End(StrEnum):
    """How a follow-up round ended, or that it has not."""

    ANSWERED = "answered"
    CLOSED = "closed"
    STANDING = "standing"
    OTHERWISE = "otherwise"


class Round(NamedTuple):
    """A request to the customer with the reminders that followed (FU-3)."""

    kind: str
    reminders: int = 0
    end: End = End.STANDING


class Course(NamedTuple):
    """Seconds in each status that a case has stood in, its follow-up rounds, and which hours hold since when."""

    stood_s: tuple[tuple[Status, int], ...]
    rounds: tuple[Round, ...]
    calendars: tuple[tuple[datetime, str], ...]


REQUESTS: Final = (Kind.ASKED.value, Kind.PROPOSED.value)
ANSWERS: Final = frozenset(
    kind.value
    for kind in (
        Kind.COMMENTED,
        Kind.ATTACHED,
        Kind.CHATTED,
        Kind.ESCALATED,
        Kind.ESCALATION_WITHDRAWN,
        Kind.ACCEPTED,
        Kind.REJECTED,
    )
)
"""What takes a case out of its waiting only where the customer does it, whoever wrote it down (STAT-3)."""

REMINDER: Final = "reminder"


def course(steps: Iterable[Step], at: datetime) -> Course:
    """The course that a case's events tell, up to `at`; time after its close counts for no status."""
    told = list(steps)
    stood: dict[Status, int] = {}
    for status, seconds in _stretches(told, at):
        stood[status] = stood.get(status, 0) + seconds
    calendars = tuple((step.at, step.calendar) for step in told if step.calendar)
    return Course(tuple(stood.items()), tuple(_rounds(told)), calendars)


def _stretches(steps: Collection[Step], at: datetime) -> Iterator[tuple[Status, int]]:
    moves = [(step.at, Status(step.status)) for step in steps if step.status]
    ends = [begun for begun, _ in moves[1:]] + [at]
    for (since, status), until in zip(moves, ends, strict=True):
        if status is not Status.CLOSED:
            lasted = until - since
            yield status, max(0, lasted.days * 86_400 + lasted.seconds)


def _rounds(steps: Iterable[Step]) -> Iterator[Round]:
    standing: Round | None = None
    for step in steps:
        if step.kind == Kind.FOLLOW_UP_SENT:
            standing = _reminded(standing, step)
        if not step.status:
            continue
        if standing and step.kind in REQUESTS:
            yield standing._replace(end=End.OTHERWISE)
        elif standing and not _awaits(step):
            yield standing if standing.end is End.CLOSED else standing._replace(end=_ended_by(step))
            standing = None
        if step.kind in REQUESTS:
            standing = Round(step.kind)
    if standing:
        yield standing


def _reminded(standing: Round | None, step: Step) -> Round | None:
    if standing is None:
        return None
    if step.action == REMINDER:
        return standing._replace(reminders=standing.reminders + 1)
    return standing._replace(end=End.CLOSED)


def _awaits(step: Step) -> bool:
    return bool(
        step.status and step.substatus and Standing(Status(step.status), Substatus(step.substatus)).awaits_customer
    )


def _ended_by(step: Step) -> End:
    """Who took the case out of its waiting: what either side may do is told by who did it."""
    return End.ANSWERED if step.kind in ANSWERS or not step.by_staff else End.OTHERWISE


def calendar_of(calendars: tuple[tuple[datetime, str], ...], ended: datetime, present: str) -> str:
    """By which hours a clock that ended then was timed: a rebasing leaves alone what has ended (SLA-8)."""
    if len(calendars) < 2:
        return present
    return next((name for since, name in reversed(calendars) if since <= ended), present)
