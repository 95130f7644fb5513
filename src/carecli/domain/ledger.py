"""The proof of a clock: every stretch from its origin to its due time, as a ledger that adds up (TICK-3)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from carecli.domain import clock as clocks_
from carecli.domain import ledger_hours
from carecli.domain.calendar import Calendar
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.exemption import Exemption
from carecli.domain.interval import Interval, subtract
from carecli.domain.ledger_causes import Cause, Standstill, Story, Under, gone_on
from carecli.domain.ledger_hours import Stretch, Why
from carecli.domain.open_time import epoch_s, instant
from carecli.domain.rules import Rules

if TYPE_CHECKING:
    from carecli.domain.ledger_deadlines import DeadlineLedger

KINDS = {
    Why.HOURS: "open",
    Why.ALWAYS: "plain",
    Why.PAUSED: "paused",
    Why.MET: "met",
    Why.ENDED: "ended",
    Why.EXEMPT: "exempt",
}
"""What kind of line a reason makes; whatever else is the desk's being closed."""
COUNTING = frozenset({Why.HOURS, Why.ALWAYS})


class Pinned(NamedTuple):
    """Rules that time was counted by, with the calendar's dates and their names, and the hashes (SLA-8)."""

    rules: Rules
    calendar: Calendar
    under: Under


PinnedFor = Callable[[Under], Pinned]
"""Finds the rules of a story."""


class Line(NamedTuple):
    """A stretch of the ledger: from `start` up to `end`, of which `counted_s` seconds count.

    `part` is `used` before the clock stopped or the moment of looking, `left` from there to the due time,
    `over` behind it. `clock_change_s` is what daylight saving adds to the wall clock in it.
    """

    start: datetime
    end: datetime
    part: str
    why: Why
    holiday: str | None
    cause: Cause | None
    clock_change_s: int
    counted_s: int
    sum_s: int
    exemption: Exemption | None = None

    @property
    def kind(self) -> str:
        """`open` and `plain` count; `closed`, `paused`, `met`, `ended` and `exempt` do not."""
        return KINDS.get(self.why, "closed")


class Mark(NamedTuple):
    """Something that falls on the ledger, with the running sum there."""

    at: datetime
    name: str
    sum_s: int


class Ledger(NamedTuple):
    """A clock's proof, looked at from `at`.

    `allowance_s` is what is promised, in seconds of its own base; `nominal_at` the due time without any pause,
    `used_up_at` where the allowance runs out, `due_at` where the lines lead to. For a paused clock that is the
    due time if the pause ended at `at`; otherwise it is the clock's own. `adjusted` proves the same clock with
    what is exempted from it left out, where that touches it (SLA-9).
    """

    story: Story
    pinned: Pinned
    at: datetime
    stop_at: datetime
    allowance_s: int
    warn_s: int
    nominal_at: datetime
    used_up_at: datetime
    warn_at: datetime
    due_at: datetime
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    adjusted: "Ledger | None" = None

    @property
    def clock(self) -> Clock:
        """The clock as the record has it, or as it stands adjusted."""
        return self.story.clock

    @property
    def used_s(self) -> int:
        """Seconds of its base used up when it stopped, or by now."""
        return sum_at(self.lines, self.stop_at)

    @property
    def left_s(self) -> int:
        """Seconds of its base between there and the due time; below zero behind it."""
        return sum_at(self.lines, self.due_at) - self.used_s

    @property
    def margin_s(self) -> int:
        """Plain seconds from there to the due time; below zero behind it."""
        return int((self.due_at - self.stop_at).total_seconds())

    @property
    def floored(self) -> bool:
        """Whether it falls due later than it is counted, as a raise breaches nothing in the past (SLA-5)."""
        return self.clock.floor is not None and self.due_at == self.clock.floor

    @property
    def adds_up(self) -> bool:
        """Whether the lines follow on and lead to the allowance at the due time that the record has."""
        total = sum_at(self.lines, self.due_at)
        whole = total >= self.allowance_s if self.floored else total == self.allowance_s
        follow = all(one.end == other.start for one, other in pairwise(self.lines))
        return whole and follow and (self.clock.paused_at is not None or self.due_at == self.clock.due_at)


class Explanation(NamedTuple):
    """The clocks and deadlines of a case proven, looked at from `at`; `case` is the case as it stood then.

    `pinned` are the rules of then; a clock that ended before a rebasing has its own.
    """

    case: Case
    pinned: Pinned
    at: datetime
    ledgers: tuple[Ledger, ...]
    deadlines: tuple["DeadlineLedger", ...] = ()


def sum_at(lines: Sequence[Line], at: datetime) -> int:
    """The running sum at an instant."""
    total = 0
    for line in lines:
        if line.end > at:
            counts = line.counted_s and line.start < at
            return total + (int((at - line.start).total_seconds()) if counts else 0)
        total = line.sum_s
    return total


def ledger(story: Story, pinned: Pinned, at: datetime) -> Ledger:
    """The proof of a clock, looked at from `at`."""
    clock, rules = story.clock, pinned.rules
    # A pause in force is taken as ending now: what is promised can be told in no other way.
    going = clock
    if clock.paused_at:
        going = clocks_.timed(gone_on(clock, max(_paused_until(clock, at), clock.paused_at), rules), rules)
    stop = max(clock.met_at or clock.cancelled_at or at, clock.origin)
    counted = (clock.origin, clock.target)
    allowance = rules.calendar.allowance(*counted)
    proof = Ledger(
        story=story,
        pinned=pinned,
        at=at,
        stop_at=stop,
        allowance_s=allowance,
        warn_s=-(-allowance * rules.policy.warn_percent // 100),
        nominal_at=rules.calendar.add(*counted),
        used_up_at=rules.calendar.share(*counted, 100, going.holes),
        warn_at=going.warn_at,
        due_at=going.due_at,
        lines=(),
        marks=(),
    )
    lines = tuple(drawn(_course(proof), pinned))
    return proof._replace(lines=lines, marks=tuple(_marks(proof, lines)))


def _paused_until(clock: Clock, at: datetime) -> datetime:
    """Up to where a pause in force is told; other rules may have ended the clock in it (SLA-8)."""
    return min(at, clock.cancelled_at or at)


class Course(NamedTuple):
    """What a ledger is drawn for: from `start` over where it `stops` to its due time, in business or plain time.

    A line never spans one of the `cuts`; `stills` are left out.
    """

    start: datetime
    stop: datetime
    due: datetime
    business: bool
    cuts: tuple[datetime, ...] = ()
    stills: tuple[Standstill, ...] = ()


def _course(proof: Ledger) -> Course:
    stills, clock = proof.story.standstills, proof.clock
    until = _paused_until(clock, proof.at)
    if clock.paused_at and clock.paused_at < until:
        cause = proof.story.still or proof.story.start
        stills = (*stills, Standstill(clock.paused_at, until, Why.PAUSED, cause))
    cuts = (proof.warn_at, proof.used_up_at)
    return Course(clock.origin, proof.stop_at, proof.due_at, clock.target.business, cuts, stills)


def drawn(course: Course, pinned: Pinned) -> Iterator[Line]:
    """The lines of a ledger, one behind the other."""
    start, stop, due = map(epoch_s, (course.start, course.stop, course.due))
    cuts = sorted({stop, due, *map(epoch_s, course.cuts)})
    base = _base(pinned, start, max(stop, due), business=course.business)
    pieces = _with_standstills(base, _standstills(course.stills, start))
    total = 0
    for stretch, still in pieces:
        for first, last in _cut(stretch.span, cuts):
            counted = last - first if stretch.why in COUNTING else 0
            total += counted
            yield Line(
                start=instant(first),
                end=instant(last),
                part=_part(last, stop, due),
                why=stretch.why,
                holiday=stretch.holiday,
                cause=still.cause if still else None,
                clock_change_s=ledger_hours.clock_change_s(pinned.rules.calendar.line, Interval(first, last)),
                counted_s=counted,
                sum_s=total,
                exemption=still.exemption if still else None,
            )


def _part(end: int, stop: int, due: int) -> str:
    if end <= min(stop, due):
        return "used"
    return "left" if end <= due else "over"


def _base(pinned: Pinned, start: int, end: int, *, business: bool) -> list[Stretch]:
    if not business:
        return ledger_hours.plain(start, end)
    return ledger_hours.by_calendar(pinned.calendar, pinned.rules.calendar.line, start, end)


def _standstills(known: Iterable[Standstill], start: int) -> list[tuple[Interval, Standstill]]:
    """What the clock leaves out behind its origin, in order; what a clock set back made overlap counts once.

    Of a stretch that is exempted only what it did not stand still in anyhow.
    """
    spans: list[tuple[Interval, Standstill]] = []
    for still in sorted(known, key=lambda still: (still.why is Why.EXEMPT, still.since)):
        whole = max(epoch_s(still.since), start), epoch_s(still.until)
        spans += [(span, still) for span in subtract([whole], [span for span, _ in spans])]
    return sorted(spans, key=lambda piece: piece[0])


def _with_standstills(
    base: Iterable[Stretch], stills: Sequence[tuple[Interval, Standstill]]
) -> list[tuple[Stretch, Standstill | None]]:
    """The stretches with those in which the clock stood still cut out and put in their place, in order."""
    base = list(base)
    end = base[-1].span.end if base else 0
    gaps = [span for span, _ in stills]
    kept: list[tuple[Stretch, Standstill | None]] = [
        (stretch._replace(span=span), None) for stretch in base for span in subtract([stretch.span], gaps)
    ]
    kept += [
        (Stretch(Interval(span.start, min(span.end, end)), still.why), still)
        for span, still in stills
        if span.start < end
    ]
    return sorted(kept, key=lambda piece: piece[0].span)


def _cut(span: Interval, cuts: Sequence[int]) -> Iterator[Interval]:
    start = span.start
    for cut in cuts:
        if start < cut < span.end:
            yield Interval(start, cut)
            start = cut
    yield Interval(start, span.end)


def _marks(proof: Ledger, lines: Sequence[Line]) -> Iterator[Mark]:
    """The warning, the end of the allowance where the due time is another, the due time, and where it stopped."""
    clock = proof.clock
    named = [(proof.warn_at, "warn"), (proof.due_at, "due")]
    if proof.used_up_at != proof.due_at:
        named.append((proof.used_up_at, "allowance"))
    named.append((proof.stop_at, "met" if clock.met_at else "cancelled" if clock.cancelled_at else "now"))
    order = {"warn": 0, "allowance": 1, "due": 2}
    for at, name in sorted(named, key=lambda mark: (mark[0], order.get(mark[1], 3))):
        yield Mark(at, name, sum_at(lines, at))
