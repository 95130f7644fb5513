"""A short notation for histories, and a desk of one case that runs them as the real desk will.

`history("Mon 09:00 opened high", "Mon 09:40 asked", "Tue 16:00 answered")` plays a case; `Mon+1` is
the Monday a week later, and a date may stand for the day. The verbs are the keys of `VERBS`, and `opened`, `tick`
and `replay`.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

from carecli.domain import deadlines, feature_requests, incidents, lifecycle, opening, policy_check, requesting
from carecli.domain.access import Act
from carecli.domain.business_time import business_time
from carecli.domain.calendar import Calendar, parse_hours
from carecli.domain.case import Case
from carecli.domain.clock import Clock
from carecli.domain.escalation import Addressee, Appeal
from carecli.domain.events import Event, Kind
from carecli.domain.feature_requests import Conversion, Evaluation
from carecli.domain.folding import evolve
from carecli.domain.policy import Policy, from_document
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import (
    SYSTEM,
    CaseType,
    Metric,
    Plan,
    Priority,
    Side,
    Via,
    Visibility,
)

MONDAY: Final = date(2026, 3, 2)
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DANA: Final = "dana@abc.example"
SAM: Final = "sam@desk.example"
MIA: Final = "mia@desk.example"
CONTACT: Final = Act(DANA, Side.CONTACT, Via.PORTAL)
STAFF: Final = Act(SAM, Side.STAFF, Via.DESK)
CALLER: Final = Act(DANA, Side.CONTACT, Via.PHONE, logged_by=SAM)
TEXT: Final = "Since this morning every third call to the queue drops after ten seconds."
FORM: Final = opening.Form(
    account="ABC Testing Co",
    deployment="West",
    service="Voice",
    contact=DANA,
    stage="production",
    priority=Priority.HIGH,
    subject="Calls drop",
    description=TEXT,
    impact="Agents lose a third of their callers.",
)


def when(text: str, zone: str = "UTC") -> datetime:
    """The instant that `Mon 09:00`, `Tue+2 09:00:30` or `2026-03-29 02:30` means in a zone."""
    day, clock = text.split(" ")
    if day[0].isdigit():
        there = date.fromisoformat(day)
    else:
        name, _, weeks = day.partition("+")
        there = MONDAY + timedelta(days=DAYS.index(name), weeks=int(weeks or 0))
    return datetime.combine(there, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


def said(at: datetime | None, zone: str = "UTC") -> str | None:
    """The instant as `when` reads it; None stays None."""
    if at is None:
        return None
    local = at.astimezone(ZoneInfo(zone))
    weeks, day = divmod((local.date() - MONDAY).days, 7)
    text = f"{local:%H:%M:%S}".removesuffix(":00")
    return f"{DAYS[day]}{f'+{weeks}' if weeks else ''} {text}"


@cache
def shipped(name: str = "default") -> Mapping[str, Any]:
    """A policy document that `care` ships."""
    return tomllib.loads(files("carecli.policies").joinpath(f"{name}.toml").read_text())


def policy(changes: Mapping[str, Any] | None = None) -> Policy:
    """The default policy with changes, checked as the desk checks it."""
    assert not list(policy_check.problems(changes or {}, shipped()))
    return from_document(policy_check.merged(shipped(), changes or {}))


def rules(
    changes: Mapping[str, Any] | None = None,
    *,
    zone: str = "UTC",
    hours: str = "Mon-Fri 09:00-17:00",
    closed: tuple[str, ...] = (),
) -> Rules:
    """Rules of a case: the default policy with changes, and office hours."""
    calendar = Calendar(zone, parse_hours(hours), dict.fromkeys(closed, "closed"))
    return Rules(policy(changes), business_time(calendar))


@dataclass
class Desk:
    """One case and its record: a command records what fell due before it, a tick pops timers one by one."""

    rules: Rules
    events: list[Event]
    case: Case
    last_tick: datetime | None = None
    zone: str = "UTC"
    ticks: list[datetime] = field(default_factory=list)

    def command(self, at: datetime, decide: Callable[[Case], Event]) -> Event:
        """Run a command at an instant; a refusal leaves the record as it was."""
        settled = self.case
        crossed = list(deadlines.crossings(settled, at, self.rules))
        for event in crossed:
            settled = evolve(settled, event, self.rules)
        event = decide(settled)
        self.case, recorded = deadlines.consequences(self.case, event, self.rules)
        self.events += recorded
        return event

    def append(self, event: Event) -> None:
        """Put an event on the record, with the clocks that it met."""
        before = self.case
        self.case = evolve(before, event, self.rules)
        self.events.append(event)
        followed = [*deadlines.met_since(before, self.case), *deadlines.kept_since(before, self.case)]
        for met in followed:
            self.events.append(met)
            self.case = evolve(self.case, met, self.rules)

    def tick(self, at: datetime, *, replay: bool = False) -> list[Event]:
        """Let time act: the earliest due timer first, again and again."""
        start = len(self.events)
        pace = deadlines.Pace(at, self.last_tick, replay)
        while due := [timer for timer in deadlines.timers(self.case) if timer.fires_at <= at]:
            for event in deadlines.fired(self.case, min(due), self.rules, pace):
                self.append(event)
        self.last_tick = at
        self.ticks.append(at)
        return self.events[start:]

    def tick_every_due_time(self, until: datetime) -> None:
        """Tick at each due time up to an instant, as a tick that never comes late would."""
        while (due := self.next_due()) and due <= until:
            self.tick(due)

    def next_due(self) -> datetime | None:
        """When the next timer is due."""
        return min((timer.fires_at for timer in deadlines.timers(self.case)), default=None)

    def clock(self, metric: str, cycle: int | None = None) -> Clock:
        """A clock of the case, the latest cycle if none is named."""
        named = [c for c in self.case.clocks if c.metric is Metric(metric) and cycle in {None, c.cycle}]
        return named[-1]

    def told(self, metric: str, cycle: int | None = None) -> str:
        """A clock in a few words, such as `met Mon 10:00, due Mon 11:00`; `-` where there is none."""
        if not any(c.metric is Metric(metric) for c in self.case.clocks):
            return "-"
        clock = self.clock(metric, cycle)
        since = {
            "met": clock.met_at,
            "paused": clock.paused_at,
            "breached": clock.breached_at,
            "cancelled": clock.cancelled_at,
            "running": None,
        }[clock.state]
        head = f"{clock.state} {self.said(since)}" if since else clock.state.value
        late = f", met {self.said(clock.met_at)}" if clock.met_at and clock.state == "breached" else ""
        return f"{head}{late}, due {self.said(clock.due_at)}"

    def said(self, at: datetime | None) -> str | None:
        """An instant in the desk's zone, in the notation."""
        return said(at, self.zone)

    def log(self, *kinds: Kind) -> list[str]:
        """The recorded events of some kinds, such as `Wed 09:00 follow-up-sent 1.2` (round, stage), in order."""
        return [self.line(event) for event in self.events if event.kind in kinds]

    def line(self, event: Event) -> str:
        """An event in a few words."""
        about = next((event.data[name] for name in ("metric", "round", "status") if name in event.data), "")
        stage = f".{event.data['stage']}" if event.kind is Kind.FOLLOW_UP_SENT else ""
        return f"{self.said(event.at)} {event.kind} {about}{stage}".strip()

    @property
    def standing(self) -> str:
        """Where the case stands, as `status/sub-status`."""
        return "/".join(self.case.standing)

    def play(self, line: str) -> None:
        """Run one line of the notation."""
        day, clock, verb, *words = line.split(" ")
        at = when(f"{day} {clock}", self.zone)
        if verb in {"tick", "replay"}:
            self.tick(at, replay=verb == "replay")
        else:
            self.command(at, lambda case: VERBS[verb](case, at, words, self.rules))


def opened(
    at: datetime,
    case_rules: Rules,
    *,
    priority: str = "high",
    plan: Plan = Plan.CARE,
    type_: CaseType = CaseType.SUPPORT,
    subtype: str | None = None,
    zone: str = "UTC",
) -> Desk:
    """A desk whose case was just opened."""
    form = FORM._replace(type=type_, subtype=subtype, priority=Priority(priority))
    place = opening.Place(42, plan, "Voice", "policy-hash", "calendar-hash")
    event = opening.opened(form, place, CONTACT, at)
    return Desk(case_rules, [event], evolve(None, event, case_rules), zone=zone)


def history(
    first: str,
    *lines: str,
    under: Rules | None = None,
    plan: Plan = Plan.CARE,
    type_: CaseType = CaseType.SUPPORT,
    subtype: str | None = None,
    zone: str = "UTC",
) -> Desk:
    """Play a history that begins with `Mon 09:00 opened high`; the answer holds the case and its events."""
    day, clock, verb, priority = first.split(" ")
    assert verb == "opened", "a history begins with an opening"
    at = when(f"{day} {clock}", zone)
    under = under or rules(zone=zone)
    desk = opened(at, under, priority=priority, plan=plan, type_=type_, subtype=subtype, zone=zone)
    for line in lines:
        desk.play(line)
    return desk


ORDER: Final = {"id": "order", "name": "order.pdf", "sha256": "0" * 64}
"""A document that an accepted request carries."""

Verb = Callable[[Case, datetime, list[str], Rules], Event]


def _first(words: list[str]) -> str | None:
    return words[0] if words else None


def _appeal(words: list[str]) -> Appeal:
    """To the manager; a word names the wished priority."""
    return Appeal(Addressee.MANAGER, (MIA,), Priority(words[0]) if words else None)


def _mail_event(kind: Kind) -> Verb:
    def decide(case: Case, at: datetime, _words: list[str], _rules: Rules) -> Event:
        data = {"round": case.rounds, "stage": case.followup.stage if case.followup else 0}
        return Event(at, SYSTEM, Via.DESK, kind, Visibility.INTERNAL, data)

    return decide


VERBS: Final[Mapping[str, Verb]] = {
    # the customer's
    "answered": lambda case, at, _words, _rules: lifecycle.update(case, TEXT, CONTACT, at),
    "called": lambda case, at, _words, _rules: lifecycle.update(case, TEXT, CALLER, at),
    "accepted": lambda case, at, _words, _rules: lifecycle.accept(case, None, CONTACT, at),
    "rejected": lambda case, at, _words, _rules: lifecycle.reject(case, TEXT, CONTACT, at),
    "withdrew": lambda case, at, words, _rules: lifecycle.close(case, TEXT, _first(words), CONTACT, at),
    "appealed": lambda case, at, words, _rules: lifecycle.escalate(case, _appeal(words), TEXT, CONTACT, at),
    "relented": lambda case, at, words, _rules: lifecycle.withdraw_escalation(case, _first(words), CONTACT, at),
    "reopened": lambda case, at, _words, r: lifecycle.reopen(case, TEXT, CONTACT, at, r),
    "phoned": lambda case, at, _words, r: lifecycle.reopen(case, TEXT, CALLER, at, r),
    # Customer Care's
    "replied": lambda case, at, _words, _rules: lifecycle.update(case, TEXT, STAFF, at),
    "noted": lambda case, at, _words, _rules: lifecycle.note(case, TEXT, STAFF, at),
    "investigated": lambda case, at, _words, _rules: lifecycle.investigate(case, None, STAFF, at),
    "asked": lambda case, at, _words, _rules: lifecycle.ask(case, TEXT, STAFF, at),
    "proposed": lambda case, at, words, _rules: lifecycle.propose(case, TEXT, _first(words), STAFF, at),
    "restored": lambda case, at, words, _rules: lifecycle.restore(case, TEXT, _first(words), STAFF, at),
    "closed": lambda case, at, words, _rules: lifecycle.close(
        case, TEXT, _first(words), STAFF, at, root_cause="a loose cable"
    ),
    "assigned": lambda case, at, words, _rules: lifecycle.assign(case, _first(words), "Voice", None, STAFF, at),
    "priority": lambda case, at, words, _rules: lifecycle.set_priority(case, Priority(words[0]), TEXT, STAFF, at),
    "raised": lambda case, at, words, _rules: lifecycle.escalate(case, _appeal(words), TEXT, STAFF, at),
    "settled": lambda case, at, _words, _rules: lifecycle.answer_escalation(case, TEXT, STAFF, at),
    "revived": lambda case, at, _words, r: lifecycle.reopen(case, TEXT, STAFF, at, r),
    # of service requests, by Customer Care but for the resubmission
    "acknowledged": lambda case, at, _words, _rules: requesting.acknowledge(case, None, STAFF, at),
    "taken": lambda case, at, _words, _rules: requesting.accept(case, None, [ORDER], 1, STAFF, at),
    "refused": lambda case, at, _words, _rules: requesting.reject(case, TEXT, [MIA], STAFF, at),
    "reworked": lambda case, at, _words, _rules: requesting.resubmit(case, TEXT, {}, CONTACT, at),
    "signed": lambda case, at, _words, _rules: requesting.sign(case, [], None, CONTACT, at),
    "countersigned": lambda case, at, _words, _rules: requesting.sign(case, [], None, STAFF, at),
    # of incidents
    "declared": lambda case, at, _words, _rules: incidents.declare(case, at, None, STAFF, at),
    "examined": lambda case, at, _words, _rules: incidents.hold_post_mortem(case, TEXT, None, STAFF, at),
    "wanted": lambda case, at, _words, _rules: incidents.request_report(
        case, case.account, case.number, None, CONTACT, at
    ),
    "reported": lambda case, at, _words, _rules: incidents.send_report(
        case.account, case.number, [DANA], TEXT, STAFF, at, public=True
    ),
    "tasked": lambda case, at, words, _rules: incidents.add_action(
        case, TEXT, SAM, at + timedelta(hours=int(words[0])), STAFF, at
    ),
    # of feature requests, by Customer Care; the word is the outcome
    "evaluated": lambda case, at, words, _rules: feature_requests.evaluated(
        case, Evaluation(words[0]), TEXT, STAFF, at, release=" ".join(words[1:]) or None
    ),
    "converted": lambda case, at, words, r: feature_requests.converted(
        case,
        Conversion(_first(words), "production", "Agents lose callers.", None),
        TEXT,
        STAFF,
        at,
        r.policy,
    ),
    # the mail room's
    "bounced": _mail_event(Kind.FOLLOW_UP_HELD),
    "delivered": _mail_event(Kind.FOLLOW_UP_RESUMED),
}


def sent(desk: Desk) -> Iterator[tuple[int, int, str, datetime]]:
    """Round, stage, action and time of each follow-up on the record."""
    for event in desk.events:
        if event.kind is Kind.FOLLOW_UP_SENT:
            yield event.data["round"], event.data["stage"], event.data["action"], event.at


__all__ = [
    "CALLER",
    "CONTACT",
    "DANA",
    "FORM",
    "MIA",
    "SAM",
    "STAFF",
    "TEXT",
    "VERBS",
    "Desk",
    "history",
    "opened",
    "policy",
    "rules",
    "said",
    "sent",
    "shipped",
    "when",
]
