"""A report counted by hand: from the lines of `care log --all --format jsonl` and the targets, by no code of care.

It holds for targets in plain minutes alone, whose time anybody can count: no calendar is needed. What it knows of
the process is what SPEC says: SLA-1..6 of the clocks, STAT-1 of the statuses, FU-1..3 of the follow-ups.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

Event = dict[str, Any]
Targets = Mapping[tuple[str, str, str], int]
"""Minutes by plan, priority and metric."""

PRIORITIES: Final = ("critical", "high", "medium", "low")
METRICS: Final = ("response", "restoration", "resolution")
MEETS: Final = {
    "response": (),
    "restoration": ("service-restored", "solution-proposed"),
    "resolution": ("solution-proposed",),
}
AGES: Final = (
    ("<1d", 1),
    ("1-3d", 3),
    ("3-7d", 7),
    ("7-14d", 14),
    ("14-30d", 30),
    ("30-90d", 90),
    (">90d", 10**9),
)


def seconds(text: str) -> int:
    """The instant as seconds of the epoch."""
    return int(datetime.fromisoformat(text).timestamp())


class Clock:
    """A promise that runs: what is spent of it since its start, and what is left until it is due."""

    def __init__(self, metric: str, cycle: int, priority: str, start: int, target_s: int) -> None:
        self.metric, self.cycle, self.priority, self.start = metric, cycle, priority, start
        self.spent, self.left = 0, target_s
        self.met: int | None = None
        self.cancelled: int | None = None
        self.paused = self.late = False

    @property
    def owed(self) -> bool:
        """Whether an answer is still owed."""
        return self.met is None and self.cancelled is None

    def pass_(self, lasted: int) -> None:
        """Time goes by."""
        if self.owed and not self.paused:
            self.spent += lasted
            self.left -= lasted
            self.late = self.late or self.left < 0

    def retarget(self, priority: str, target_s: int) -> None:
        """A raise may only bring it nearer, counted from now; what is lowered counts from the start (SLA-5)."""
        if PRIORITIES.index(priority) < PRIORITIES.index(self.priority):
            self.left = min(self.left, target_s)
        else:
            self.left = target_s - self.spent
            self.late = self.late and self.left <= 0
        self.priority = priority

    def outcome(self) -> str:
        """What became of it."""
        if self.late:
            return "missed"
        if self.cancelled is not None:
            return "cancelled"
        if self.met is not None:
            return "kept"
        if self.paused:
            return "paused"
        return "missed" if self.left <= 0 else "running"


class Case:
    """A case, as its lines of the log tell it."""

    def __init__(self, lines: Sequence[Event], targets: Targets, customers: Iterable[str], at: int) -> None:
        self.targets, self.customers = targets, set(customers)
        first = lines[0]
        self.known: dict[str, Any] = dict(first["data"])
        self.number, self.opened = first["number"], seconds(first["at"])
        self.clocks: list[Clock] = []
        self.stood: Counter[str] = Counter()
        self.rounds: list[list[Any]] = []
        self.now = self.opened
        for metric in METRICS if first["data"]["type"] == "support" else ():
            self._start(metric, 1)
        # What time made of the clocks is counted here anew; it may be told late, with the time of when it was due.
        for line in (line for line in lines[1:] if not line["kind"].startswith("clock-")):
            self._to(seconds(line["at"]))
            self._happened(line)
        self._to(at)

    def _start(self, metric: str, cycle: int) -> None:
        target_s = 60 * self._target(metric)
        self.clocks.append(Clock(metric, cycle, self.known["priority"], self.now, target_s))

    def _target(self, metric: str) -> int:
        return self.targets[self.known["plan"], self.known["priority"], metric]

    def _to(self, at: int) -> None:
        assert at >= self.now, "told out of order"
        if self.known["status"] != "closed":
            self.stood[self.known["status"]] += at - self.now
        for clock in self.clocks:
            clock.pass_(at - self.now)
        self.now = at

    def _happened(self, line: Event) -> None:
        data = line["data"]
        owed = [clock for clock in self.clocks if clock.owed]
        for clock in owed if data.get("answers") else ():
            if clock.metric == "response":
                clock.met = self.now
        if line["kind"] == "priority-changed":
            self.known["priority"] = data["priority"]
            for clock in owed:
                clock.retarget(data["priority"], 60 * self._target(clock.metric))
        if line["kind"] == "assigned":
            self.known |= {"owner": data["owner"], "group": data["group"]}
        if line["kind"] == "follow-up-sent":
            self._followed(data)
        if "substatus" in data:
            self._moved(line, self.known["status"], data["status"])

    def _followed(self, data: dict[str, Any]) -> None:
        one = self.rounds[data["round"] - 1]
        if data["action"] == "close":
            one[2] = "closed"
        else:
            one[1] += 1

    def _moved(self, line: Event, before: str, after: str) -> None:
        self._end_round(line, after)
        for clock in list(self.clocks):
            if clock.metric != "response":
                self._work(clock, before, after)
        self.known["status"] = after
        if before == "closed":
            cycles = [clock.cycle for clock in self.clocks if clock.metric == "response"]
            if cycles:
                self._start("response", max(cycles) + 1)
        for clock in self.clocks:
            self._stand(clock, after, line["data"]["substatus"])

    def _work(self, clock: Clock, before: str, after: str) -> None:
        """Back from an answer or from the close the clock goes on (SLA-3, SLA-6)."""
        back = (before == "closed" and after != "closed") or (
            before in {"solution-proposed", "service-restored"} and after == "open"
        )
        back = back or ((before, after, clock.metric) == ("solution-proposed", "service-restored", "resolution"))
        if back and not clock.owed:
            clock.met = clock.cancelled = None
            clock.paused = False
            if clock.priority != self.known["priority"]:
                clock.retarget(self.known["priority"], 60 * self._target(clock.metric))

    def _stand(self, clock: Clock, status: str, substatus: str) -> None:
        if not clock.owed:
            return
        if status == "closed":
            resolved = substatus in {"resolved", "delivered"} and clock.metric != "response"
            clock.met, clock.cancelled = (self.now, None) if resolved else (None, self.now)
        elif status in MEETS[clock.metric]:
            clock.met = self.now
        elif clock.metric != "response":
            waits = status == "awaiting-info"
            # What is paused in the very second in which it falls due is late (SLA-7).
            clock.late = clock.late or (waits and not clock.paused and clock.left <= 0)
            clock.paused = waits

    def _end_round(self, line: Event, after: str) -> None:
        waits = after in {"awaiting-info", "solution-proposed"}
        standing = self.rounds and self.rounds[-1][2] == "standing"
        asked = line["kind"] in {"asked", "proposed"}
        if standing and (asked or not waits):
            self.rounds[-1][2] = "answered" if line["actor"] in self.customers else "otherwise"
        if asked:
            self.rounds.append([line["kind"], 0, "standing"])


def cases(lines: Iterable[Event], targets: Targets, customers: Iterable[str], at: int) -> list[Case]:
    """Every case that the log tells of, as it stands `at` that second."""
    told: dict[str, list[Event]] = defaultdict(list)
    for line in lines:
        if line["number"] is not None:
            told[line["number"]].append(line)
    known = list(customers)
    return [Case(told[number], targets, known, at) for number in sorted(told)]


def period(case: Case, name: str) -> str:
    """Which day, week, month or quarter of UTC a case was opened in."""
    day = datetime.fromtimestamp(case.opened, UTC)
    return {
        "day": f"{day:%Y-%m-%d}",
        "week": f"{day:%G-W%V}",
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{-(-day.month // 3)}",
    }[name]


def figures(found: Sequence[Case], by: Sequence[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """By key and metric: how many clocks came out which way, the median, and which cases were missed."""
    pairs: dict[tuple[Any, ...], list[tuple[Case, Clock]]] = defaultdict(list)
    for case in found:
        for clock in case.clocks:
            pairs[(*(_value(case, clock, name) for name in by), clock.metric)].append((case, clock))
    return {key: _told(rows) for key, rows in pairs.items()}


def _value(case: Case, clock: Clock, name: str) -> Any:
    if name in {"day", "week", "month", "quarter"}:
        return period(case, name)
    return clock.priority if name == "priority" else case.known[name]


def _told(rows: Sequence[tuple[Case, Clock]]) -> dict[str, Any]:
    counts = Counter(clock.outcome() for _, clock in rows)
    lasted = sorted(clock.met - clock.start for _, clock in rows if clock.met is not None)
    decided = counts["kept"] + counts["missed"]
    return {
        **{name: counts[name] for name in ("kept", "missed", "running", "paused", "cancelled")},
        "percent": half_up(counts["kept"], decided),
        "elapsed": {"met": len(lasted), "median_s": ranked(lasted, 50), "p90_s": ranked(lasted, 90)},
        "numbers": _numbers(rows),
    }


def _numbers(rows: Sequence[tuple[Case, Clock]]) -> dict[str, list[str]]:
    groups = {"missed": {"missed"}, "undecided": {"running", "paused"}, "kept": {"kept"}}
    return {
        name: sorted({case.number for case, clock in rows if clock.outcome() in wanted})
        for name, wanted in groups.items()
    }


def half_up(kept: int, decided: int) -> float | None:
    """The share in percent with one decimal, as one rounds on paper."""
    from decimal import ROUND_HALF_UP, Decimal

    if not decided:
        return None
    return float((Decimal(100 * kept) / decided).quantize(Decimal("0.1"), ROUND_HALF_UP))


def ranked(values: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least so many percent of the sorted ones do not exceed."""
    return next((value for place, value in enumerate(values, 1) if 100 * place >= percent * len(values)), None)


def backlog(found: Sequence[Case], at: int) -> dict[str, tuple[dict[str, int], list[str]]]:
    """By age the open cases: how many stand where, and which they are."""
    told: dict[str, tuple[dict[str, int], list[str]]] = {name: ({}, []) for name, _ in AGES}
    for case in found:
        if case.known["status"] != "closed":
            name = next(name for name, days in AGES if at - case.opened < days * 86_400)
            counts, numbers = told[name]
            counts[case.known["status"]] = counts.get(case.known["status"], 0) + 1
            numbers.append(case.number)
    return told


def stood(found: Sequence[Case]) -> dict[str, dict[str, int | None]]:
    """By status how long cases stood there."""
    statuses = {status for case in found for status in case.stood}
    lasted = {status: sorted(case.stood[status] for case in found if status in case.stood) for status in statuses}
    return {
        status: {
            "cases": len(values),
            "total_s": sum(values),
            "median_s": ranked(values, 50),
            "p90_s": ranked(values, 90),
        }
        for status, values in lasted.items()
    }


def rounds(found: Sequence[Case]) -> dict[str, Counter[str]]:
    """By kind of request what became of it."""
    told: dict[str, Counter[str]] = {"asked": Counter(), "proposed": Counter()}
    for case in found:
        for kind, reminders, end in case.rounds:
            after = ("before_1", "after_1", "after_2")[min(reminders, 2)]
            told[kind][f"answered_{after}" if end == "answered" else end] += 1
    return told


def missed(found: Sequence[Case]) -> Iterator[tuple[str, str, int]]:
    """Every promise that was missed: number, metric, cycle."""
    for case in found:
        for clock in case.clocks:
            if clock.outcome() == "missed":
                yield case.number, clock.metric, clock.cycle
