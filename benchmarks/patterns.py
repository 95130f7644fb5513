"""Histories of cases as people and ticks write them, each played once by the real rules and then shared.

A clock depends on plan, severity, calendar and moments alone, so many cases may have one pattern's times exactly;
names and texts are stand-ins here, which `desks` fills in case by case.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from carecli.domain import deadlines, lifecycle, opening
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.deadlines import Pace
from carecli.domain.events import Event
from carecli.domain.folding import evolve, fold
from carecli.domain.rules import Rules
from carecli.domain.timers import Timer
from carecli.domain.vocabulary import Plan, Priority, Side, Via

LAST_TICK: Final = datetime(2026, 9, 16, 13, 0, tzinfo=UTC)
"""Up to here the ticks have come in time: a Wednesday, 9 in New York and 15 in Berlin."""

HOUR: Final = timedelta(hours=1)
WINDOWS: Final = 3
"""How many hours after the last tick hold timers that nobody has fired yet; all are within the grace of FU-4."""

NUMBER: Final = 777_777_777
CONTACT, OWNER, ACCOUNT, DEPLOYMENT, SUBJECT, DESCRIPTION, IMPACT = (
    f"<<{name}>>" for name in ("contact", "owner", "account", "deployment", "subject", "description", "impact")
)
"""What stands for the names and texts of a case that has the pattern."""

BY_CONTACT: Final = Act(CONTACT, Side.CONTACT, Via.PORTAL)
BY_PHONE: Final = Act(CONTACT, Side.STAFF, Via.PHONE, logged_by=OWNER)
BY_STAFF: Final = Act(OWNER, Side.STAFF, Via.DESK)


class Fate(StrEnum):
    """What a pattern stands for at the last tick and in the hours after it."""

    QUIET = "quiet"
    BREACHED = "breached"
    CLOSED = "closed"
    WARNS = "warns"
    BREACHES = "breaches"
    REMINDS = "reminds"
    CLOSES = "closes"


TIMERS: Final = {Fate.WARNS: 1, Fate.BREACHES: 2, Fate.REMINDS: 1, Fate.CLOSES: 1}
"""How many timers fire on such a case in its hour: a breach comes with its warning."""


class Terms(NamedTuple):
    """What a case's times depend on: the account's plan and calendar, and the hashes that pin the rules."""

    plan: Plan
    rules: Rules
    policy: str
    calendar: str
    zone: str


class Moment(NamedTuple):
    """One transaction of a history: what it recorded, and the case after it."""

    events: tuple[Event, ...]
    case: Case


class Pattern(NamedTuple):
    """A history up to the last tick; `texts` counts its stand-ins for what people wrote."""

    terms: Terms
    group: str
    moments: tuple[Moment, ...]
    texts: int

    @property
    def case(self) -> Case:
        """The case as the last tick left it."""
        return self.moments[-1].case


class Step(NamedTuple):
    """Something that a person does, so long after the step before."""

    verb: str
    after: timedelta


class Script(NamedTuple):
    """What will be played: terms, form and steps."""

    terms: Terms
    form: opening.Form
    steps: tuple[Step, ...]


def text_stand_in(place: int) -> str:
    """The stand-in for the text of a pattern's update."""
    return f"<<text {place}>>"


WRITTEN: Final[Mapping[str, Callable[[Case, str, datetime], Event]]] = {
    "note": lambda case, text, at: lifecycle.note(case, text, BY_STAFF, at),
    "answer": lambda case, text, at: lifecycle.update(case, text, BY_STAFF, at),
    "reply": lambda case, text, at: lifecycle.update(case, text, BY_CONTACT, at),
    "ask": lambda case, text, at: lifecycle.ask(case, text, BY_STAFF, at),
    "propose": lambda case, text, at: lifecycle.propose(case, text, None, BY_STAFF, at),
    "restore": lambda case, text, at: lifecycle.restore(case, text, None, BY_STAFF, at),
    "close": lambda case, text, at: lifecycle.close(case, text, None, BY_STAFF, at),
}
SILENT: Final[Mapping[str, Callable[[Case, datetime], Event]]] = {
    "assign": lambda case, at: lifecycle.assign(case, OWNER, case.group, None, BY_STAFF, at),
    "accept": lambda case, at: lifecycle.accept(case, None, BY_CONTACT, at),
}
"""What people do, with words and without."""


class Player:
    """Plays a script: people's acts, and between them ticks that come in time."""

    def __init__(self, script: Script, opened_at: datetime) -> None:
        self.rules = script.terms.rules
        self.texts = 0
        form, terms = script.form, script.terms
        place = opening.Place(NUMBER, terms.plan, form.service, terms.policy, terms.calendar)
        act = BY_PHONE if form.priority is Priority.CRITICAL else BY_CONTACT
        event = opening.opened(form, place, act, opened_at)
        self.case = evolve(None, event, self.rules)
        self.moments = [Moment((event,), self.case)]
        at = opened_at
        for step in script.steps:
            at += step.after
            self.wait(at - timedelta(seconds=1))
            case, events = deadlines.consequences(self.case, self._act(step.verb, at), self.rules)
            self._keep(case, tuple(events))

    @property
    def last_at(self) -> datetime:
        """When somebody last did something."""
        return self.moments[-1].events[-1].at

    def wait(self, until: datetime) -> list[Timer]:
        """Let the ticks up to then fire what falls due; the answer is what fired."""
        fired = []
        while timer := self._due(until):
            self.fire(timer)
            fired.append(timer)
        return fired

    def fire(self, timer: Timer) -> None:
        """Let a timer bring what it brings, at its nominal time."""
        events = deadlines.fired(self.case, timer, self.rules, Pace(timer.fires_at))
        self._keep(fold(self.case, events, self.rules), events)

    def first_due(self) -> Timer | None:
        """The timer that fires next."""
        return min(deadlines.timers(self.case), default=None)

    def _due(self, until: datetime) -> Timer | None:
        timer = self.first_due()
        return timer if timer and timer.fires_at <= until else None

    def _keep(self, case: Case, events: tuple[Event, ...]) -> None:
        self.case = case
        self.moments.append(Moment(events, case))

    def _text(self) -> str:
        self.texts += 1
        return text_stand_in(self.texts - 1)

    def _act(self, verb: str, at: datetime) -> Event:
        if verb in WRITTEN:
            return WRITTEN[verb](self.case, self._text(), at)
        return SILENT[verb](self.case, at)
