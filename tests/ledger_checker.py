"""Checks an explanation by hand, as a customer would: a walk by the wall clock, sharing no code with the engine.

It reads documents and nothing else: what `care explain --json` printed, the events of `care log --json`, and the
calendar and policy that the case has pinned. It walks by quarters of an hour: hours and zones change at no others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
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
        noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()) // QUARTER * QUARTER
        around = range(noon - 2 * 86_400, noon + 2 * 86_400, QUARTER)
        return [q for q in around if self.local(q).date() == day]

    def nominal(self, start: int, target: str) -> tuple[int, int]:
        """The due time without any pause, and the allowance up to there in its own base."""
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


def faults(told: Document, calendar: Document, events: Sequence[Document], policy: Document) -> list[str]:
    """A sentence for each thing in an explanation that does not hold; nothing when it can be added up by hand."""
    hours = Hours(calendar)
    of_clocks = [
        f"{clock['metric']} #{clock['cycle']}: {fault}"
        for clock in told["clocks"]
        for fault in _faults(clock, told, hours, events, policy)
    ]
    of_deadlines = [
        f"{one['kind']} #{one['id']}: {fault}"
        for one in told["deadlines"]
        for fault in _deadline_faults(one, told, hours, events, policy)
    ]
    return of_clocks + of_deadlines


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


def _faults(
    clock: Document, told: Document, hours: Hours, events: Sequence[Document], policy: Document
) -> Iterator[str]:
    stills = list(standstills(clock, told, events, set(policy["sla"]["pause"])))
    yield from _additions(clock)
    yield from _reasons(clock, hours, stills)
    yield from _promises(clock, told, hours, stills, policy)
    yield from _changes(clock, hours, stills, policy)
    yield from _results(clock, told)


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


def _promises(
    clock: Document, told: Document, hours: Hours, stills: Sequence[Still], policy: Document
) -> Iterator[str]:
    """The policy line, the allowance, the warning and the due time."""
    _, plan, priority, metric = clock["promise"]["setting"].split(".")
    if policy["targets"][plan][priority][metric] != clock["target"] or plan != told["plan"]:
        yield f"the policy has no {clock['promise']}"
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


def _changes(clock: Document, hours: Hours, stills: Sequence[Still], policy: Document) -> Iterator[str]:
    """Each change of severity: both due times by hand, and the one that won (SLA-5)."""
    origin, floor, from_open = seconds(clock["started_at"]), 0, policy["sla"]["raise_base"] == "from-open"
    for change in clock["changes"]:
        at = seconds(change["at"])
        gaps = [(still.start, min(still.end, at)) for still in stills if still.start < at]
        if change["new_target"] is None:
            if change["won"] is not None:
                yield f"nothing is promised from {change['at']} on, and yet it won"
            continue
        raised = SEVERITY[change["priority"]] < SEVERITY[change["was"]]
        old = max(hours.due(origin, change["old_target"], gaps), floor)
        start = seconds(clock["started_at"]) if from_open or not raised else at
        new = max(hours.due(start, change["new_target"], gaps), at if raised and from_open else 0)
        if (old, new) != (seconds(change["old_due_at"]), seconds(change["new_due_at"])):
            yield f"by hand the change at {change['at']} is from {hours.local(old)} to {hours.local(new)}"
        won = "new" if not raised or new < old else "old"
        if change["won"] != won:
            yield f"at {change['at']} the {won} target wins"
        if won == "new":
            origin, floor = start, at if raised and from_open else 0
    if (origin, floor) != (seconds(clock["origin"]["at"]), seconds(clock["floor_at"]) if clock["floor_at"] else 0):
        yield f"it is counted from {hours.local(origin)}"


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


def standstills(clock: Document, told: Document, events: Iterable[Document], pausing: set[str]) -> Iterator[Still]:
    """When a clock stood still, told from the events: paused, met, or its case closed (SLA-3, SLA-4, SLA-6)."""
    if clock["metric"] == "response":
        return
    state, since = "running", seconds(clock["started_at"])
    for at, new in _states(clock, events, pausing):
        if new == state:
            continue
        if state != "running" and since < at:
            yield Still(since, at, state)
        state, since = new, at
    if state == "paused" and since < seconds(told["at"]):
        yield Still(since, seconds(told["at"]), "paused")


def _states(clock: Document, events: Iterable[Document], pausing: set[str]) -> Iterator[tuple[int, str]]:
    """How a clock stands after each event from its start on."""
    begins, state, before = seconds(clock["started_at"]), "running", {"status": "open"}
    ended = clock["cancelled_at"] and seconds(clock["cancelled_at"])
    for event in events:
        at = seconds(event["at"])
        if at == ended and event["kind"] != "closed":  # its severity promises nothing any more
            yield at, "over"
            return
        after = event["data"] if "status" in event["data"] else before
        # A severity may begin a clock in the midst of a status; other events without one change nothing.
        if at >= begins and (after is not before or (at == begins and event["kind"] == "priority-changed")):
            state = _after(clock["metric"], state, before, after, pausing)
            yield at, state
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
