"""Patterns drawn by chance: what people open, do and leave undone, kept where time then does what is wanted."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from patterns import (
    ACCOUNT,
    CONTACT,
    DEPLOYMENT,
    DESCRIPTION,
    HOUR,
    IMPACT,
    LAST_TICK,
    SUBJECT,
    TIMERS,
    WINDOWS,
    Fate,
    Pattern,
    Player,
    Script,
    Step,
    Terms,
)

from carecli.domain import deadlines, opening
from carecli.domain.case import Case
from carecli.domain.instants import whole_seconds
from carecli.domain.timers import TimerKind
from carecli.domain.vocabulary import CaseType, Plan, Priority
from carecli.errors import Refused


class Patterns:
    """Draws patterns by chance and keeps those of a wanted fate."""

    def __init__(self, random: Random, terms: list[Terms], services: list[str]) -> None:
        self.random = random
        self.terms = terms
        self.services = services

    def quiet(self, count: int) -> list[Pattern]:
        """Open cases that no clock has marked and on which nothing falls due in the hours after the last tick."""
        return self._drawn(count, Fate.QUIET, ("new", "working", "asked", "proposed", "restored", "other"))

    def breached(self, count: int) -> list[Pattern]:
        """Open cases with a clock that stands breached, and nothing that falls due."""
        return self._drawn(count, Fate.BREACHED, ("new", "working", "restored"))

    def closed(self, count: int) -> list[Pattern]:
        """Closed cases, by the customer, by staff or by silence."""
        return self._drawn(count, Fate.CLOSED, ("accepted", "solved", "silent"))

    def due(self, count: int, fate: Fate, window: int) -> list[Pattern]:
        """Open cases on which time does one thing, in the named hour after the last tick."""
        found: list[Pattern] = []
        while len(found) < count:
            if pattern := self._aimed(fate, window):
                found.append(pattern)
        return found

    def _drawn(self, count: int, fate: Fate, stories: tuple[str, ...]) -> list[Pattern]:
        found: list[Pattern] = []
        while len(found) < count:
            story = self.random.choice(stories)
            player = self._played(self._script(story), LAST_TICK - self._age(story, fate))
            if player is None or player.last_at > LAST_TICK:
                continue
            player.wait(LAST_TICK)
            if _fate(player.case) is fate:
                found.append(self._pattern(player))
        return found

    def _aimed(self, fate: Fate, window: int) -> Pattern | None:
        """A history moved until its timer falls into the hour; None where business time does not let it."""
        story = {Fate.WARNS: "working", Fate.BREACHES: "new"}.get(fate) or self.random.choice(
            ("asked", "proposed")
        )
        script = self._script(story)
        if not _may_meet(script, fate):
            return None
        low, high = LAST_TICK + window * HOUR, LAST_TICK + (window + 1) * HOUR
        wanted = low + timedelta(seconds=self.random.randint(1, 3600))
        # The later a case is opened, the later its timers fire, by leaps where the office is closed.
        early, late = wanted - timedelta(days=45), LAST_TICK
        for _ in range(16):
            opened_at = whole_seconds(early + (late - early) / 2)
            player = self._played(script, opened_at)
            at = _ahead(player, fate) if player else None
            if at is None:
                return None
            if low < at <= high and abs(at - wanted) < HOUR / 4:
                return self._settled(script, opened_at, fate, low, high)
            early, late = (opened_at, late) if at < wanted else (early, opened_at)
        return None

    def _settled(
        self, script: Script, opened_at: datetime, fate: Fate, low: datetime, high: datetime
    ) -> Pattern | None:
        player = self._played(script, opened_at)
        if player is None or player.last_at > LAST_TICK:
            return None
        player.wait(LAST_TICK)
        if player.case.closed or _marked(player.case):
            return None
        pattern = self._pattern(player)
        fired = player.wait(LAST_TICK + WINDOWS * HOUR)
        exact = len(fired) == TIMERS[fate] and all(low < timer.fires_at <= high for timer in fired)
        return pattern if exact and fired[-1].kind is _brings(fate) else None

    def _played(self, script: Script, opened_at: datetime) -> Player | None:
        try:
            return Player(script, opened_at)
        except Refused:  # the ladder closed the case before the next step
            return None

    def _pattern(self, player: Player) -> Pattern:
        terms = next(t for t in self.terms if (t.calendar, t.plan) == (player.case.calendar, player.case.plan))
        return Pattern(terms, player.case.group or "", tuple(player.moments), player.texts)

    def _script(self, story: str) -> Script:
        random = self.random
        priority = random.choices(list(Priority), (2, 20, 48, 30))[0]
        other = (CaseType.SERVICE_REQUEST, CaseType.FEATURE_REQUEST, CaseType.ADMIN)
        type_ = random.choice(other) if story == "other" else CaseType.SUPPORT
        form = opening.Form(
            type=type_,
            subtype="password-reset" if type_ is CaseType.SERVICE_REQUEST else None,
            account=ACCOUNT,
            deployment=DEPLOYMENT,
            service=random.choice(self.services),
            contact=CONTACT,
            stage="production",
            priority=priority,
            subject=SUBJECT,
            description=DESCRIPTION,
            impact=IMPACT,
        )
        return Script(random.choice(self.terms), form, tuple(self._steps(story, priority)))

    def _steps(self, story: str, priority: Priority) -> Iterator[Step]:
        random = self.random
        if story == "new":
            if random.random() < 0.5:
                yield Step("assign", self._some(10))
            return
        yield Step("assign", self._some(5))
        yield Step("answer", self._some(5 if priority is Priority.CRITICAL else 40))
        for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))):
            yield Step(random.choice(("reply", "answer", "note")), self._some(400))
        last = {
            "asked": ("ask",),
            "proposed": ("propose",),
            "restored": ("restore",),
            "accepted": ("propose", "accept"),
            "solved": ("close",),
            "silent": (random.choice(("ask", "propose")),),
        }.get(story, ())
        for verb in last:
            yield Step(verb, self._some(300))

    def _some(self, minutes: float) -> timedelta:
        return timedelta(seconds=1 + int(self.random.expovariate(1 / (60 * minutes))))

    def _age(self, story: str, fate: Fate) -> timedelta:
        days = {"new": 0.3, "working": 2.5, "asked": 4, "proposed": 5, "restored": 8}.get(story, 40)
        if fate is Fate.BREACHED:
            days *= 5
        drawn = self.random.expovariate(1 / days) if days < 40 else self.random.uniform(0, 70)
        return timedelta(seconds=int(86_400 * min(drawn, 75)))


def _brings(fate: Fate) -> TimerKind:
    return {Fate.WARNS: TimerKind.WARN, Fate.BREACHES: TimerKind.BREACH}.get(fate, TimerKind.FOLLOW_UP)


def _may_meet(script: Script, fate: Fate) -> bool:
    """Whether a script is worth a try: low severity has few clocks, and few breach within an hour of warning."""
    priority, plan = script.form.priority, script.terms.plan
    if fate is Fate.WARNS:
        return priority in {Priority.HIGH, Priority.MEDIUM}
    return fate is not Fate.BREACHES or (priority is Priority.HIGH and plan is Plan.BUSINESS_CARE)


def _ahead(player: Player, fate: Fate) -> datetime | None:
    """When time will first do what is wanted, if nobody acts any more."""
    while timer := player.first_due():
        player.fire(timer)
        if timer.kind is _brings(fate) and (fate is not Fate.CLOSES or player.case.closed):
            return timer.fires_at
    return None


def _marked(case: Case) -> bool:
    return any(c.unmet and (c.warned_at or c.breached_at) for c in case.clocks)


def _fate(case: Case) -> Fate | None:
    """What a pattern is good for as it stands, None for nothing."""
    if case.closed:
        return Fate.CLOSED
    if any(timer.fires_at <= LAST_TICK + WINDOWS * HOUR for timer in deadlines.timers(case)):
        return None
    if not _marked(case):
        return Fate.QUIET
    marked = [c.breached_at for c in case.clocks if c.unmet and (c.warned_at or c.breached_at)]
    return Fate.BREACHED if len(marked) == 1 and marked[0] else None
