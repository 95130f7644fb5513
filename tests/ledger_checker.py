"""Checks an explanation by hand, as a customer would: a walk by the wall clock, sharing no code with the engine.

It reads documents and nothing else: what `care explain --json` printed, the events of `care log --json`, and the
calendar and policy that the case has pinned. It walks by quarters of an hour: hours and zones change at no others.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

Document = Mapping[str, Any]
QUARTER = 900
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FORWARD = 200 * 86_400
"""Seconds that a walk looks ahead before it gives up."""

MEETS = {
    "response": set[str](),
    "restoration": {"service-restored", "solution-proposed"},
    "resolution": {"solution-proposed"},
}
ANSWERED = {"service-restored", "solution-proposed"}
SEVERITY = {"critical": 1, "high": 2, "medium": 3, "low": 4}


class Still(NamedTuple):
    """Seconds in which a clock stands still, and as what."""

    start: int
    end: int
    kind: str


def seconds(text: str) -> int:
    """An instant of the documents as seconds since 1970."""
    return int(datetime.fromisoformat(text).timestamp())


class Hours:
    """The calendar document, read off the wall."""

    def __init__(self, calendar: Document) -> None:
        self.zone = ZoneInfo(calendar["zone"])
        self.week = [
            [(_minutes(opens), _minutes(closes)) for opens, closes in calendar["week"].get(day, [])]
            for day in DAYS
        ]
        self.closed: Mapping[str, str] = calendar["closed"]
        self._known: dict[int, tuple[bool, str, str | None]] = {}
        self._days: dict[date, list[int]] = {}
        self._nominal: dict[tuple[int, str], tuple[int, int]] = {}

    def local(self, at: int) -> datetime:
        """What the wall clock shows."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.zone)

    def told(self, at: int) -> tuple[bool, str, str | None]:
        """Whether the desk is open, why or why not, and the name of the holiday."""
        quarter = at // QUARTER
        if quarter not in self._known:
            self._known[quarter] = self._look(self.local(quarter * QUARTER))
        return self._known[quarter]

    def _look(self, local: datetime) -> tuple[bool, str, str | None]:
        day, minute = local.date().isoformat(), local.hour * 60 + local.minute
        hours = self.week[local.weekday()]
        if day in self.closed:
            name = self.closed[day]
            return False, *(("closed date", None) if name in {"", "closed"} else ("holiday", name))
        if not hours:
            return False, "weekend" if local.weekday() >= 5 else "no hours on this day", None
        if any(opens <= minute < closes for opens, closes in hours):
            return True, "business hours", None
        inside = hours[0][1] <= minute < hours[-1][0]
        return False, "between the hours" if inside else "night", None

    def counts(self, at: int, base: str) -> bool:
        """Whether a second is one of the base's."""
        return base == "plain" or self.told(at)[0]

    def used_up(self, start: int, amount: int, base: str, stills: Sequence[tuple[int, int]] = ()) -> int:
        """The first instant by which so many counted seconds have gone by outside the standstills."""
        at, left = start, amount
        edges = sorted(edge for still in stills for edge in still)
        while left > 0:
            assert at - start < FORWARD, "it never runs out"
            stop = min([(at // QUARTER + 1) * QUARTER, *(edge for edge in edges if edge > at)])
            if self.counts(at, base) and not any(a <= at < b for a, b in stills):
                stop = min(stop, at + left)
                left -= stop - at
            at = stop
        return at

    def counted(self, start: int, end: int, base: str) -> int:
        """So many counted seconds lie in [start, end)."""
        parts = pairwise([start, *range((start // QUARTER + 1) * QUARTER, end, QUARTER), end])
        return sum(b - a for a, b in parts if self.counts(a, base)) if start < end else 0

    def days_after(self, start: int, days: int) -> int:
        """The same wall-clock time so many business days later (CAL-2)."""
        at = start
        while not self.told(at)[0]:
            at = (at // QUARTER + 1) * QUARTER
        local = self.local(at)
        day, left = local.date(), days
        while left:
            day += timedelta(days=1)
            left -= any(self.told(quarter)[0] for quarter in self._of(day))
        if days == 0:
            return at
        due = int(datetime.combine(day, local.time(), self.zone).timestamp())
        if self.told(due)[0]:
            return due
        opens = [q for q in self._of(day) if self.told(q)[0]]
        closings = [q + QUARTER for q in opens if not self.told(q + QUARTER)[0] and q + QUARTER <= due]
        return closings[-1] if closings else opens[0]

    def _of(self, day: date) -> list[int]:
        """The quarters of a local date."""
        if day not in self._days:
            self._days[day] = self._looked_up(day)
        return self._days[day]

    def _looked_up(self, day: date) -> list[int]:
        noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()) // QUARTER * QUARTER
        around = range(noon - 2 * 86_400, noon + 2 * 86_400, QUARTER)
        return [q for q in around if self.local(q).date() == day]

    def nominal(self, start: int, target: str) -> tuple[int, int]:
        """The due time without any pause, and the allowance up to there in its own base."""
        if (start, target) not in self._nominal:
            self._nominal[start, target] = self._reckoned(start, target)
        return self._nominal[start, target]

    def _reckoned(self, start: int, target: str) -> tuple[int, int]:
        number, unit = int(target.rstrip("smhdb")), target.lstrip("0123456789")
        base = "business" if unit[0] == "b" else "plain"
        if unit == "bd":
            due = self.days_after(start, number)
            return due, self.counted(start, due, base)
        amount = number * {"s": 1, "m": 60, "h": 3_600}[unit[-1]]
        return self.used_up(start, amount, base), amount

    def due(self, start: int, target: str, stills: Sequence[tuple[int, int]]) -> int:
        """The later of the nominal due time and where the allowance runs out (SLA-4)."""
        nominal, allowance = self.nominal(start, target)
        return max(nominal, self.used_up(start, allowance, "business" if "b" in target else "plain", stills))


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


@cache
def walked(calendar: str) -> Hours:
    """A calendar, which many cases share, walked once."""
    return Hours(json.loads(calendar))


class Rules(NamedTuple):
    """A policy and a calendar, as documents."""

    policy: Document
    hours: Hours


class Book:
    """The policies and calendars that an explanation names, by their hashes."""

    def __init__(
        self, told: Document, calendar: Document, policy: Document, others: Mapping[str, Document]
    ) -> None:
        self.documents = {told["calendar"]: calendar, told["policy"]: policy, **others}

    def rules(self, named: Document) -> Rules:
        """The rules that a part of the explanation names."""
        return Rules(self.policy(named["policy"]), self.hours(named["calendar"]))

    def policy(self, digest: str) -> Document:
        """A policy."""
        return self.documents[digest]

    def hours(self, digest: str) -> Hours:
        """A calendar."""
        return walked(json.dumps(self.documents[digest]))


NO_OTHERS: Mapping[str, Document] = {}
Gaps = Sequence[tuple[int, int]]
Proof = tuple[Document, Sequence[Document], Book]
"""A clock, the events of its case, and the rules."""


def faults(
    told: Document,
    calendar: Document,
    events: Sequence[Document],
    policy: Document,
    others: Mapping[str, Document] = NO_OTHERS,
) -> list[str]:
    """A sentence for each thing in an explanation that does not hold; nothing when it can be added up by hand.

    `calendar` and `policy` are those that the case goes by now, `others` those that it went by before, by hash.
    """
    book = Book(told, calendar, policy, others)
    of_clocks = [
        f"{clock['metric']} #{clock['cycle']}: {fault}"
        for clock in told["clocks"]
        for fault in _faults(clock, told, events, book)
    ]
    of_deadlines = [
        f"{one['kind']} #{one['id']}: {fault}"
        for one in told["deadlines"]
        for fault in _deadline_faults(one, told, book.hours(one["calendar"]), events, book.policy(one["policy"]))
    ]
    return [*_exemption_faults(told, events), *of_clocks, *of_deadlines]


def _exemption_faults(told: Document, events: Sequence[Document]) -> Iterator[str]:
    """What is exempted is what the events grant and do not take back."""
    standing = {}
    for event in events:
        data = event["data"]
        if seconds(event["at"]) > seconds(told["at"]):
            continue
        if event["kind"] == "exempted":
            named = {key: data[key] for key in ("id", "from", "to", "metric")}
            standing[data["id"]] = {**named, "reason": data["text"], "by": event["actor"], "at": event["at"]}
        if event["kind"] == "exemption-withdrawn":
            del standing[data["id"]]
    if told["exemptions"] != list(standing.values()):
        yield f"exempted is {list(standing.values())}"


def _deadline_faults(
    one: Document, told: Document, hours: Hours, events: Sequence[Document], policy: Document
) -> Iterator[str]:
    """A deadline is counted as a clock that nothing stops, from an event that its reader may see."""
    if one["by"] and (one["by"]["seq"], one["by"]["at"]) not in {(e["seq"], e["at"]) for e in events}:
        yield f"no event is {one['by']}"
    if one["by"] and one["by"]["at"] != one["started_at"]:
        yield f"it is counted from {one['started_at']}, not from {one['by']}"
    if one["target"] is None:
        if (one["promise"], one["allowance_s"], one["lines"]) != (None, None, []):
            yield "a date that was set is counted"
        return
    table, name = one["promise"]["setting"].split(".")
    if not policy[table][name] == one["target"] == one["promise"]["value"]:
        yield f"the policy has no {one['promise']}"
    ended = one["met_at"] or (one["result"]["at"] if one["cancelled"] else None)
    like_a_clock = {
        **one,
        "origin": {"at": one["started_at"]},
        "due_if_resumed_at": None,
        "cancelled_at": ended,
    }
    yield from _additions(like_a_clock)
    yield from _reasons(like_a_clock, hours, ())
    yield from _results(like_a_clock, told)
    nominal, allowance = hours.nominal(seconds(one["started_at"]), one["target"])
    if (nominal, allowance) != (seconds(one["due_at"]), one["allowance_s"]):
        yield f"{one['target']} after {one['started_at']} is {hours.local(nominal)}, {allowance}"
    if _sum(one, seconds(one["due_at"])) != allowance:
        yield f"the lines up to the due time do not count {allowance}"


def _faults(clock: Document, told: Document, events: Sequence[Document], book: Book) -> Iterator[str]:
    rules = book.rules(clock)
    stills = list(standstills(clock, told, events, book))
    yield from _proven(clock, told, rules, stills, book)
    yield from _changes(clock, told, stills, events, book)
    yield from _adjusted(clock, told, rules, stills, book)


def _proven(clock: Document, told: Document, rules: Rules, stills: Sequence[Still], book: Book) -> Iterator[str]:
    yield from _additions(clock)
    yield from _reasons(clock, rules.hours, stills)
    yield from _promises(clock, told, rules, stills, book)
    yield from _results(clock, told)
    yield from _verdict(clock)


def _adjusted(clock: Document, told: Document, rules: Rules, stills: Sequence[Still], book: Book) -> Iterator[str]:
    """The same without what is exempted; what lies outside its lines does not touch it (SLA-9)."""
    adjusted = clock["adjusted"]
    first, last = seconds(clock["origin"]["at"]), seconds(clock["lines"][-1]["to"]) if clock["lines"] else 0
    touching = [
        one
        for one in told["exemptions"]
        if one["metric"] in {None, clock["metric"]} and seconds(one["to"]) > first and seconds(one["from"]) < last
    ]
    if not touching or adjusted is None:
        if touching or adjusted:
            yield f"adjusted is {adjusted}, exempted {touching}"
        return
    known = {one["id"] for one in touching}
    if not set(adjusted["exemptions"]) <= known or any(
        line["exemption"] not in {None, *known} for line in adjusted["lines"]
    ):
        yield f"exempted is {sorted(known)}, not {adjusted['exemptions']}"
    exempt = [Still(seconds(one["from"]), seconds(one["to"]), "exempt") for one in touching]
    without = {**clock, **adjusted}
    for fault in _proven(without, told, rules, [*stills, *exempt], book):
        yield f"adjusted: {fault}"
    if seconds(adjusted["due_at"]) < seconds(clock["due_at"]):
        yield "adjusted: it falls due earlier"
    late = clock["breached_at"] and _late(without, told)
    if adjusted["breached_at"] != (adjusted["due_at"] if late else None):
        yield f"adjusted: it is {'' if late else 'not '}breached"


def _verdict(clock: Document) -> Iterator[str]:
    """The state says what the instants say; what was met is breached where it was met behind its due time."""
    ends = (("cancelled", "cancelled_at"), ("breached", "breached_at"), ("met", "met_at"), ("paused", "paused_at"))
    state = next((name for name, key in ends if clock[key]), "running")
    if clock["state"] != state:
        yield f"it is {state}, not {clock['state']}"
    due = seconds(clock["due_at"])
    late = clock["met_at"] and due < seconds(clock["met_at"])
    if clock["met_at"] and bool(clock["breached_at"]) != late:
        yield f"met {clock['met_at']}, due {clock['due_at']}, and breached {clock['breached_at']}"
    if clock["breached_at"] not in {None, clock["due_at"]}:
        yield f"breached {clock['breached_at']}, though due {clock['due_at']}"


def _late(clock: Document, told: Document) -> bool:
    """Whether the due time came while the clock was running."""
    due = seconds(clock["due_at"])
    if ended := clock["met_at"] or clock["cancelled_at"]:
        return due < seconds(ended)
    return due <= seconds(clock["paused_at"] or told["at"])


def _additions(clock: Document) -> Iterator[str]:
    """The lines follow on one another, and their sums are right."""
    reached, total = clock["origin"]["at"], 0
    for line in clock["lines"]:
        total += line["counted_s"]
        length = seconds(line["to"]) - seconds(line["from"])
        if line["from"] != reached or length <= 0:
            yield f"the line from {line['from']} does not follow {reached}"
        if line["sum_s"] != total:
            yield f"the sum {line['sum_s']} at {line['to']} is {total}"
        if line["counted_s"] != (length if line["kind"] in {"open", "plain"} else 0):
            yield f"the line from {line['from']} counts {line['counted_s']} of {length}"
        reached = line["to"]
    due = clock["due_if_resumed_at"] or clock["due_at"]
    last = max(seconds(due), seconds(clock["result"]["at"]))
    if seconds(reached) != last:
        yield f"the lines end at {reached}"


def _reasons(clock: Document, hours: Hours, stills: Sequence[Still]) -> Iterator[str]:
    """Each line is what the calendar and the events say, at each quarter of an hour in it."""
    for line in clock["lines"]:
        start, end = seconds(line["from"]), seconds(line["to"])
        for at in [start, *range((start // QUARTER + 1) * QUARTER, end, QUARTER)]:
            still = next((still.kind for still in stills if still.start <= at < still.end), None)
            expected: tuple[str, str | None] = still or "plain", None
            if not still and clock["base"] == "business":
                is_open, why, holiday = hours.told(at)
                expected = "open" if is_open else "closed", holiday
                if line["why"] != why:
                    yield f"{hours.local(at)} is {why}, not {line['why']}"
            if (line["kind"], line["holiday"]) != expected:
                yield f"{hours.local(at)} is {expected}, not {(line['kind'], line['holiday'])}"


def _promises(clock: Document, told: Document, rules: Rules, stills: Sequence[Still], book: Book) -> Iterator[str]:
    """The policy line, the allowance, the warning and the due time."""
    policy, hours = rules
    promise = clock["promise"]
    _, plan, priority, metric = promise["setting"].split(".")
    promised = book.policy(promise["policy"])["targets"][plan][priority][metric]
    if (promised, promised, plan, metric) != (clock["target"], promise["value"], told["plan"], clock["metric"]):
        yield f"the policy has no {promise}"
    origin, gaps = seconds(clock["origin"]["at"]), [(still.start, still.end) for still in stills]
    nominal, allowance = hours.nominal(origin, clock["target"])
    if (nominal, allowance) != (seconds(clock["nominal_at"]), clock["allowance_s"]):
        yield f"{clock['target']} after {clock['origin']['at']} is {nominal}, {allowance}"
    due = hours.due(origin, clock["target"], gaps)
    floor = seconds(clock["floor_at"]) if clock["floor_at"] else 0
    shown = clock["due_if_resumed_at"] or clock["due_at"]
    if seconds(shown) != max(due, floor):
        yield f"due at {shown}, by hand {hours.local(max(due, floor))}"
    total = _sum(clock, seconds(shown))
    if total < allowance or (not floor and total != allowance):
        yield f"the lines up to the due time count {total} of {allowance}"
    share = -(-allowance * policy["sla"]["warn_at_percent"] // 100)
    warn = max(min(hours.used_up(origin, share, clock["base"], gaps), due), floor)
    if (clock["warn"]["allowance_s"], seconds(clock["warn"]["at"])) != (share, warn):
        yield f"it warns at {hours.local(warn)}, not {clock['warn']['at']}"


def _sum(clock: Document, until: int) -> int:
    """What the lines count up to an instant."""
    parts = ((line, seconds(line["from"])) for line in clock["lines"] if line["counted_s"])
    return sum(min(line["counted_s"], max(0, until - start)) for line, start in parts)


class Course(NamedTuple):
    """How a clock is counted at some moment: from when, not before when, by which rules, what is promised."""

    origin: int
    floor: int
    rules: Rules
    target: str


def _changes(
    clock: Document, told: Document, stills: Sequence[Still], events: Sequence[Document], book: Book
) -> Iterator[str]:
    """Each change of severity or of the rules: both due times by hand, and the one that won (SLA-5, SLA-8)."""
    course = _begun(clock, book)
    for change in clock["changes"]:
        if change["new_target"] is None:
            if change["won"] is not None:
                yield f"nothing is promised from {change['at']} on, and yet it won"
            continue
        turn = _turned(course, change, stills, (clock, events, book))
        yield from _turn_faults(change, course, turn)
        promised = turn.fresh.rules.policy["targets"][told["plan"]][change["priority"]][clock["metric"]]
        if promised != change["new_target"]:
            yield f"the policy promises {promised} from {change['at']} on"
        course = turn.fresh if turn.won == "new" else course
    due, floor = seconds(clock["due_if_resumed_at"] or clock["due_at"]), seconds(clock["floor_at"] or EPOCH)
    # Of two bounds that the due time lies behind, either says the same.
    bounds_differ = course.floor != floor and max(course.floor, floor) >= due
    if course.origin != seconds(clock["origin"]["at"]) or bounds_differ:
        yield f"it is counted from {hand(course.origin)}, not due before {hand(course.floor)}"


class Turn(NamedTuple):
    """A change by hand: both due times, the course that the new ones make, and which won."""

    old: int
    new: int
    fresh: Course
    won: str


def _turn_faults(change: Document, course: Course, turn: Turn) -> Iterator[str]:
    if change["old_target"] != course.target:
        yield f"up to {change['at']} the target is {course.target}"
    if (turn.old, turn.new) != (seconds(change["old_due_at"]), seconds(change["new_due_at"])):
        yield f"by hand the change at {change['at']} is from {hand(turn.old)} to {hand(turn.new)}"
    if change["won"] != turn.won:
        yield f"at {change['at']} the {turn.won} target wins"


def _begun(clock: Document, book: Book) -> Course:
    """How a clock was counted when it began."""
    changes = clock["changes"]
    under = next((change["rules"]["was"] for change in changes if change["rules"]), clock)
    target = changes[0]["old_target"] if changes else clock["target"]
    return Course(seconds(clock["started_at"]), 0, book.rules(under), target)


def _turned(course: Course, change: Document, stills: Sequence[Still], proof: Proof) -> Turn:
    at, target = seconds(change["at"]), change["new_target"]
    gaps = [(still.start, min(still.end, at)) for still in stills if still.start < at]
    old = max(course.rules.hours.due(course.origin, course.target, gaps), course.floor)
    decide = _rebased if change["rules"] else _prioritised
    fresh = decide(course, change, old, gaps, proof)._replace(target=target)
    new = max(fresh.rules.hours.due(fresh.origin, target, gaps), fresh.floor)
    lowered = SEVERITY[change["priority"]] > SEVERITY[change["was"]]
    return Turn(old, new, fresh, "new" if change["rules"] or lowered or new < old else "old")


EPOCH = "1970-01-01T00:00:00Z"


def hand(at: int) -> str:
    """An instant as the documents write it."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def _prioritised(course: Course, change: Document, _old: int, _gaps: Gaps, proof: Proof) -> Course:
    """As the new severity alone would have it (SLA-5); what a rebasing bounds stays bounded when it is lowered."""
    at, started = seconds(change["at"]), seconds(proof[0]["started_at"])
    from_open = course.rules.policy["sla"]["raise_base"] == "from-open"
    if SEVERITY[change["priority"]] > SEVERITY[change["was"]]:
        rebased = any(event["kind"] == "rebased" and seconds(event["at"]) <= at for event in proof[1])
        return course._replace(origin=started, floor=course.floor if rebased else 0)
    return course._replace(origin=started, floor=at) if from_open else course._replace(origin=at, floor=0)


def _rebased(course: Course, change: Document, old: int, gaps: Gaps, proof: Proof) -> Course:
    """As other rules have it: a clock that was breached keeps its breach, no other is due before (SLA-8)."""
    clock, events, book = proof
    at, rules = seconds(change["at"]), book.rules(change["rules"]["now"])
    rebasings = [event for event in events if event["kind"] == "rebased" and seconds(event["at"]) <= at]
    named = [
        seconds(one["origin"])
        for one in rebasings[-1]["data"].get("bases", [])
        if (one["metric"], one["cycle"]) == (clock["metric"], clock["cycle"])
    ]
    origin = named[0] if named else course.origin
    reached = max(rules.hours.due(origin, change["new_target"], gaps), course.floor)
    floor = course.floor if reached >= min(at, old) else min(at, old)
    if change["priority"] != change["was"] and seconds(clock["floor_at"] or EPOCH) == at < reached:
        # Rules and severity changed while it stood still: between the two it may have been due at once.
        floor = at
    return Course(origin, floor, rules, change["new_target"])


def _results(clock: Document, told: Document) -> Iterator[str]:
    """What is left, from the lines alone."""
    due = seconds(clock["due_if_resumed_at"] or clock["due_at"])
    ended = clock["met_at"] or clock["cancelled_at"]
    stop = max(seconds(ended or told["at"]), seconds(clock["origin"]["at"]))
    used = _sum(clock, stop)
    by_hand = {"used_s": used, "left_s": _sum(clock, due) - used, "margin_s": due - stop, "adds_up": True}
    for name, value in by_hand.items():
        if clock["result"][name] != value:
            yield f"{name} is {value}, not {clock['result'][name]}"
    if seconds(clock["result"]["at"]) != stop:
        yield f"it stopped at {stop}"


def standstills(clock: Document, told: Document, events: Sequence[Document], book: Book) -> Iterator[Still]:
    """When a clock stood still, told from the events: paused, met, or its case closed (SLA-3, SLA-4, SLA-6)."""
    if clock["metric"] == "response":
        return
    state, since = "running", seconds(clock["started_at"])
    past: list[Still] = []
    for event, becoming in _states(clock, events, book):
        at = seconds(event["at"])
        new, left = becoming, [*past, Still(since, at, state)] if state != "running" and since < at else past
        if new == "paused" and _goes_on(at, left, event, (clock, events, book), state):
            new = "running"
        if new == state:
            continue
        yield from left[len(past) :]
        past, state, since = left, new, at
    if state == "paused" and since < seconds(told["at"]):
        yield Still(since, seconds(told["at"]), "paused")


def _goes_on(at: int, stills: Sequence[Still], event: Document, proof: Proof, state: str) -> bool:
    """Whether a clock is not paused because nothing of its allowance is left to pause.

    Days that end with the hours of one day are due with those of the next: its due time may still be ahead.
    """
    gaps = [(still.start, still.end) for still in stills]
    course = _course_by(event, stills, proof, itself=True)
    if not _spent(course, at, gaps):
        return False
    if state == "paused":  # a change took away what was left
        return not _spent(_course_by(event, stills, proof, itself=False), at, gaps)
    if event["kind"] in {"priority-changed", "rebased"}:
        return True
    return at < max(course.rules.hours.due(course.origin, course.target, gaps), course.floor)


def _spent(course: Course, at: int, gaps: Gaps) -> bool:
    hours, base = course.rules.hours, "business" if "b" in course.target else "plain"
    _, allowance = hours.nominal(course.origin, course.target)
    return hours.used_up(course.origin, allowance, base, gaps) <= at


def _course_by(event: Document, stills: Sequence[Still], proof: Proof, *, itself: bool) -> Course:
    """How a clock is counted right before an event, or by what the event `itself` changes."""
    clock, _, book = proof
    course, reached = _begun(clock, book), (seconds(event["at"]), event["seq"])
    for change in clock["changes"]:
        moment = seconds(change["at"]), change["by"]["seq"]
        if change["new_target"] is None or moment > reached or (moment == reached and not itself):
            break
        turn = _turned(course, change, stills, proof)
        course = turn.fresh if turn.won == "new" else course
    return course


def _states(clock: Document, events: Iterable[Document], book: Book) -> Iterator[tuple[Document, str]]:
    """How a clock comes to stand by each event from its start on, if something of it is left to pause."""
    begins, state, before = seconds(clock["started_at"]), "running", {"status": "open"}
    ended = clock["cancelled_at"] and seconds(clock["cancelled_at"])
    pausing: set[str] = set()
    for event in events:
        at = seconds(event["at"])
        if event["kind"] in {"opened", "rebased"}:
            pausing = set(book.policy(event["data"]["policy"])["sla"]["pause"])
        if at == ended and event["kind"] != "closed":  # its severity promises nothing any more
            yield event, "over"
            return
        if event["kind"] == "rebased" and at > begins and state in {"running", "paused"}:
            state = "paused" if before["status"] in pausing else "running"
            yield event, state
        after = event["data"] if "status" in event["data"] else before
        # A severity may begin a clock in the midst of a status; other events without one change nothing.
        begun = at == begins and event["kind"] in {"priority-changed", "rebased", "clocks-started"}
        if at >= begins and (after is not before or begun):
            state = _after(clock["metric"], state, before, after, pausing)
            yield event, state
        elif event["kind"] == "priority-changed" and state == "paused":  # it may leave more to pause
            yield event, state
        before = after


def _after(metric: str, state: str, before: Document, after: Document, pausing: set[str]) -> str:
    """How a clock stands after a change of status: running, paused, met, or ended with its case."""
    was, now = before["status"], after["status"]
    back = was in ANSWERED and now == "open"
    back = back or (metric == "resolution" and (was, now) == ("solution-proposed", "service-restored"))
    if state in {"met", "ended"} and (back or (was == "closed" and now != "closed")):
        state = "running"
    if state in {"met", "ended"}:
        return state
    if now == "closed":
        return "met" if after["substatus"] in {"resolved", "delivered"} else "ended"
    if now in MEETS[metric]:
        return "met"
    return "paused" if now in pausing else "running"
