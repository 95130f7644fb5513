"""What holds of every history: drawn at random, run by the in-memory desk, held against the rules."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st
from notation import VERBS, Desk, opened, rules, sent, when
from rebasing_notation import MARKS, Book, rebase

from carecli.domain import clock as clocks_
from carecli.domain import deadline, deadlines, followup, whatif
from carecli.domain.amount import Amount, Unit
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve, replay
from carecli.domain.instants import iso
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Plan, Priority
from carecli.errors import CareError

RULES: dict[str, Rules] = {
    "office hours": rules(),
    "New York over the spring change": rules(zone="America/New_York", closed=("2026-03-04", "2026-03-16")),
    "round the clock": rules(hours="24x7"),
    "never paused": rules({"sla": {"pause": []}}),
    "calendar days": rules({"followup": {"days": "calendar"}}),
    "split days": rules(hours="Mon-Fri 09:00-12:30 13:15-17:00, Sat 10:00-13:00"),
}
CUSTOMER = [
    "answered",
    "accepted",
    "rejected",
    "withdrew",
    "withdrew resolved",
    "reopened",
    "phoned",
    "appealed",
    "relented",
]
DESK = [
    "replied",
    "noted",
    "investigated",
    "asked",
    "proposed",
    "restored",
    "closed",
    "closed cancelled",
    "assigned",
    "raised",
    "settled",
]
WAITING = ["asked", "proposed"]
REQUESTING = ["acknowledged", "taken", "refused", "reworked", "signed", "countersigned"]
INCIDENT = ["examined", "wanted", "reported", "tasked 5", "tasked 40", "restored", "rejected"]
PRIORITIES = [f"priority {priority}" for priority in Priority]
LONG = timedelta(days=90)


class Step(NamedTuple):
    """A command, and how long after the one before it comes."""

    after_s: int
    verb: str


class Story(NamedTuple):
    """A case to be told: its rules, its opening and its commands."""

    under: Rules
    start: datetime
    priority: str
    plan: Plan
    steps: list[Step]
    type_: CaseType = CaseType.SUPPORT
    subtype: str | None = None

    def open(self) -> Desk:
        """A desk whose case was just opened."""
        return opened(
            self.start,
            self.under,
            priority=self.priority,
            plan=self.plan,
            type_=self.type_,
            subtype=self.subtype,
        )

    def moments(self) -> list[tuple[datetime, str]]:
        """Each command with its instant."""
        at, told = self.start, []
        for step in self.steps:
            at += timedelta(seconds=step.after_s)
            told.append((at, step.verb))
        return told


# A few seconds, some hours, some days; odd seconds keep commands off the very due times, tested elsewhere.
gaps = st.one_of(
    st.integers(1, 50),
    st.integers(1, 40).map(lambda n: n * 900 + 7),
    st.integers(1, 20).map(lambda n: n * 43_200 + 11),
)


def stories(verbs: list[str] | None = None, most: int = 10) -> st.SearchStrategy[Story]:
    words = verbs or [*CUSTOMER, *DESK, *WAITING, *PRIORITIES]
    return st.builds(
        Story,
        st.sampled_from(list(RULES.values())),
        st.integers(0, 14 * 24 * 4).map(lambda n: when("Mon 00:00") + timedelta(minutes=15 * n)),
        st.sampled_from([priority.value for priority in Priority]),
        st.sampled_from(list(Plan)),
        st.lists(st.builds(Step, gaps, st.sampled_from(words)), max_size=most),
        st.just(CaseType.SUPPORT),
        st.none(),
    )


def requests(most: int = 10) -> st.SearchStrategy[Story]:
    """Change requests, which are to be acknowledged and decided on in time (SR-1)."""
    verbs = [*REQUESTING * 3, *CUSTOMER, "replied", "noted", "closed", *WAITING]
    told = stories(verbs, most)
    return told.map(lambda story: story._replace(type_=CaseType.SERVICE_REQUEST, subtype="change-request"))


def incidents(most: int = 10) -> st.SearchStrategy[Story]:
    """Support cases that become incidents, with post-mortems, reports and actions by a date (INC-2)."""
    declared = st.builds(Step, gaps, st.just("declared"))
    told = stories([*INCIDENT * 2, *CUSTOMER, "replied", "closed", *WAITING, *PRIORITIES], most)
    return st.builds(lambda story, first: story._replace(steps=[first, *story.steps]), told, declared)


EVERY = st.one_of(stories(), requests(), incidents())
"""Whatever time has to do with: clocks, ladders, and deadlines of each kind."""


def run(desk: Desk, at: datetime, verb: str) -> bool:
    """Run a command where it is allowed; whether it was."""
    name, *words = verb.split(" ")
    try:
        desk.command(at, lambda case: VERBS[name](case, at, words, desk.rules))
    except CareError:
        return False
    return True


def tell(story: Story, before: Callable[[Desk, datetime], None]) -> Desk:
    """Play a story; `before` says how time ticks before each command, and up to the end."""
    desk = story.open()
    for at, verb in story.moments():
        before(desk, at)
        run(desk, at, verb)
    before(desk, (story.moments() or [(story.start, "")])[-1][0] + LONG)
    return desk


def punctual(desk: Desk, until: datetime) -> None:
    """A tick at every due time."""
    desk.tick_every_due_time(until)


def never(_desk: Desk, _until: datetime) -> None:
    """No tick at all."""


@given(story=EVERY, fractions=st.lists(st.floats(0.05, 1.0), min_size=1, max_size=20))
def test_ticks_at_any_rhythm_agree(story: Story, fractions: list[float]) -> None:
    """FU-4: ticks at any rhythm of up to one business day give the same record as a tick at every due time."""

    def rhythmic(desk: Desk, until: datetime) -> None:
        # A tick at each command's moment: no command comes between a due time and its tick.
        at = desk.last_tick or story.start
        for turn in range(10_000):
            widest = desk.rules.calendar.add_days(at, 1) - at
            at = min(until, (at + widest * fractions[turn % len(fractions)]).replace(microsecond=0))
            desk.tick(at)
            if at == until:
                return

    rhythm, due = tell(story, rhythmic), tell(story, punctual)
    assert rhythm.events == due.events
    assert rhythm.case == due.case


@given(
    story=stories([*CUSTOMER, "replied", "noted", "restored", "closed", *PRIORITIES]), lateness=st.integers(1, 900)
)
def test_without_requests_no_tick_is_needed_for_the_record(story: Story, lateness: int) -> None:
    """SLA-7: where no ladder runs commands record what fell due before: no, slow and all ticks agree."""

    def slow(desk: Desk, until: datetime) -> None:
        if (until - story.start).total_seconds() // 3600 % 3 == 0:
            desk.tick(until - timedelta(seconds=lateness % 5))

    ends = [tell(story, before) for before in (punctual, slow, never)]
    for desk in ends:
        desk.tick((story.moments() or [(story.start, "")])[-1][0] + LONG)
    assert ends[0].events == ends[1].events == ends[2].events


@given(story=stories(), outages=st.lists(st.integers(1, 60 * 86_400), min_size=1, max_size=6))
def test_the_ladder_sends_each_stage_once_and_closes_last(story: Story, outages: list[int]) -> None:
    """FU-5: each round and stage is sent at most once, and nothing closes before all its reminders."""
    desk = tell(story, _after(outages, story.start))
    stages = list(sent(desk))
    assert len({(round_, stage) for round_, stage, *_ in stages}) == len(stages)
    rounds = [event.data["round"] for event in desk.events if event.kind in {Kind.ASKED, Kind.PROPOSED}]
    assert rounds == list(range(1, len(rounds) + 1))
    last = len(story.under.policy.stages)
    for round_, stage, action, _at in stages:
        assert (action == "close") == (stage == last)
        earlier = [(r, s) for r, s, *_ in stages if r == round_ and s < stage]
        assert earlier == [(round_, s) for s in range(1, stage)]
    closes = [e for e in desk.events if e.kind is Kind.CLOSED and e.actor == "auto-follow-up"]
    assert len(closes) == sum(action == "close" for *_, action, _ in stages)


@given(story=stories(), outages=st.lists(st.integers(1, 60 * 86_400), min_size=1, max_size=6))
def test_no_case_closes_sooner_than_the_gaps_after_a_paced_reminder(story: Story, outages: list[int]) -> None:
    """FU-4: after a paced reminder the next stage comes no sooner than the ladder's gap."""
    desk = tell(story, _after(outages, story.start))
    stages, unit = story.under.policy.stages, _unit(story.under)
    for (round_, stage, _, at), (next_round, next_stage, _, next_at) in pairwise(sent(desk)):
        if round_ == next_round and _delayed(desk, round_, stage):
            gap = Amount(stages[next_stage - 1] - stages[stage - 1], unit)
            assert next_at >= story.under.calendar.add(at, gap)


@given(story=stories(WAITING, most=1), outage=st.integers(1, 120 * 86_400))
def test_a_reminder_is_never_dated_before_the_grace(story: Story, outage: int) -> None:
    """FU-4: a stage carries its due time within the grace, else the very moment of the tick."""
    desk = tell(story, never)
    assume(desk.case.followup is not None)
    assert desk.case.followup is not None
    due = desk.case.followup.next_at
    assert due is not None
    at = due + timedelta(seconds=outage)
    desk.tick(at)
    first = next(when_ for _, stage, _, when_ in sent(desk) if stage == 1)
    assert first == (due if at <= story.under.calendar.add(due, story.under.policy.grace) else at)


def _unit(under: Rules) -> Unit:
    return Unit.BUSINESS_DAYS if under.policy.follow_up_in_business_days else Unit.DAYS


def _delayed(desk: Desk, round_: int, stage: int) -> bool:
    return any(
        "delayed" in event.data
        for event in desk.events
        if event.kind is Kind.FOLLOW_UP_SENT and (event.data["round"], event.data["stage"]) == (round_, stage)
    )


def _after(outages: list[int], start: datetime) -> Callable[[Desk, datetime], None]:
    """Ticks with gaps of any length, whether or not a command comes."""

    def before(desk: Desk, until: datetime) -> None:
        at = desk.last_tick or start
        while (at := at + timedelta(seconds=outages[len(desk.ticks) % len(outages)] + 3600)) <= until:
            desk.tick(at)

    return before


PAUSES = ["asked", "answered", "noted", "called", "investigated"]


@given(story=stories(PAUSES))
def test_a_pause_never_brings_a_due_time_forward(story: Story) -> None:
    """SLA-4: asking and answering puts due and warning times off or leaves them, never forward."""
    desk = story.open()
    before = desk.case.clocks
    for at, verb in story.moments():
        run(desk, at, verb)
        for old, new in zip(before, desk.case.clocks, strict=True):
            assert new.due_at >= old.due_at
            assert new.warn_at >= old.warn_at
        before = desk.case.clocks


@given(story=stories(PAUSES))
def test_paused_time_is_exactly_left_out(story: Story) -> None:
    """SLA-4: between start and due time lies the whole allowance, pauses not counted, in the target's own base."""
    desk = story.open()
    for at, verb in story.moments():
        run(desk, at, verb)
    for clock in desk.case.clocks:
        allowance = story.under.calendar.allowance(clock.started_at, clock.target)
        used = story.under.calendar.used(clock.started_at, clock.due_at, clock.target, clock.holes)
        assert used == allowance


@given(story=EVERY)
def test_replaying_the_record_gives_the_case(story: Story) -> None:
    """STAT-4: the events alone add up to the case, clocks and ladder included, as do their documents."""
    desk = tell(story, punctual)
    assert replay(desk.events, lambda *_: story.under) == desk.case
    assert desk.case.seq == len(desk.events)
    for clock in desk.case.clocks:
        assert clocks_.from_document(clocks_.document(clock)) == clock
    if desk.case.followup:
        assert followup.from_document(followup.document(desk.case.followup)) == desk.case.followup
    for one in desk.case.deadlines:
        assert deadline.from_document(deadline.document(one)) == one


@given(
    story=stories([*CUSTOMER, *DESK, *WAITING, *PRIORITIES]),
    ends=st.sampled_from([Priority.CRITICAL, Priority.HIGH]),
)
def test_a_raise_breaches_nothing_in_the_past(story: Story, ends: Priority) -> None:
    """SLA-5: after a raise no due time lies in the past, and no clock is breached there later."""
    desk = story.open()
    for at, verb in story.moments():
        run(desk, at, verb)
    at = (story.moments() or [(story.start, "")])[-1][0] + timedelta(seconds=3601)
    assume(not desk.case.closed and ends.severity < desk.case.priority.severity)
    known = len(desk.events)
    settled = _settled(desk.case, at, story.under)
    assert run(desk, at, f"priority {ends}")
    crossed = [event for event in desk.events[known:] if event.kind in {Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED}]
    old = {(c.metric, c.cycle): c for c in settled.clocks}
    for clock in desk.case.clocks:
        was = old.get((clock.metric, clock.cycle))
        assert was is None or clock.breached_at == was.breached_at
        if clock.ticking and not clock.breached_at:
            assert clock.due_at >= at
            assert was is None or clock.due_at <= was.due_at
    desk.tick_every_due_time(at + LONG)
    later = [event for event in desk.events[known + len(crossed) + 1 :] if event.kind is Kind.CLOCK_BREACHED]
    assert all(event.at >= at for event in later)


def _settled(case: Case, at: datetime, under: Rules) -> Case:
    for event in list(deadlines.crossings(case, at, under)):
        case = evolve(case, event, under)
    return case


@given(story=EVERY, cuts=st.lists(st.integers(0, 40 * 86_400), max_size=5))
def test_settling_often_or_once_is_the_same(story: Story, cuts: list[int]) -> None:
    """SLA-7: recording what fell due in many small steps or in one gives the same events and the same case."""
    desk = story.open()
    for at, verb in story.moments():
        run(desk, at, verb)
    end = (story.moments() or [(story.start, "")])[-1][0] + timedelta(days=41)
    once = list(deadlines.crossings(desk.case, end, story.under))
    often: list[Event] = []
    case = desk.case
    for at in [*sorted(end - timedelta(seconds=cut) for cut in cuts), end, end]:
        for event in list(deadlines.crossings(case, at, story.under)):
            often.append(event)
            case = evolve(case, event, story.under)
    assert often == once
    assert case == _settled(desk.case, end, story.under)


@given(story=EVERY)
def test_what_the_desk_keeps_with_a_command(story: Story) -> None:
    """SLA-7: `consequences` keeps what a command brings exactly as a desk that does it step by step."""
    desk = story.open()
    for at, verb in story.moments():
        known, before = len(desk.events), desk.case
        if run(desk, at, verb):
            (event,) = [e for e in desk.events[known:] if e.kind not in _OF_THE_CLOCKS | _OF_DEADLINES]
            after, events = deadlines.consequences(before, event, story.under)
            assert (after, events) == (desk.case, desk.events[known:])


_OF_THE_CLOCKS = {Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED, Kind.CLOCK_MET}
_OF_DEADLINES = {Kind.DEADLINE_MISSED, Kind.DEADLINE_MET}


@given(story=st.one_of(requests(), incidents()), lateness=st.integers(1, 900))
def test_no_tick_is_needed_for_the_record_of_deadlines(story: Story, lateness: int) -> None:
    """FU-4: a deadline is missed at its own time, whether a tick comes then, late, or a command comes first."""
    steps = [step for step in story.steps if step.verb not in WAITING]
    story = story._replace(steps=steps)

    def slow(desk: Desk, until: datetime) -> None:
        if (until - story.start).total_seconds() // 3600 % 3 == 0:
            desk.tick(until - timedelta(seconds=lateness % 5))

    ends = [tell(story, before) for before in (punctual, slow, never)]
    for desk in ends:
        desk.tick((story.moments() or [(story.start, "")])[-1][0] + LONG)
    assert ends[0].events == ends[1].events == ends[2].events


@given(story=st.one_of(requests(), incidents()))
def test_what_holds_of_every_deadline(story: Story) -> None:
    """TICK-1: each is missed at its due time or never, once; what is open past it is missed; met is told once."""
    desk = tell(story, punctual)
    missed = [event for event in desk.events if event.kind is Kind.DEADLINE_MISSED]
    met = [event for event in desk.events if event.kind is Kind.DEADLINE_MET]
    assert len({event.data["id"] for event in missed}) == len(missed)
    assert len({event.data["id"] for event in met}) == len(met)
    assert [one.id for one in desk.case.deadlines] == list(range(1, len(desk.case.deadlines) + 1))
    for one in desk.case.deadlines:
        assert one.missed_at in {None, one.due_at}
        assert one.missed_at or not one.open
        assert not (one.met_at and one.cancelled)
        late = one.met_at is not None and one.met_at > one.due_at
        assert bool(one.missed_at) or not late
        assert (one.id in {event.data["id"] for event in missed}) == bool(one.missed_at)
        assert (one.id in {event.data["id"] for event in met}) == bool(one.met_at)
    assert not [timer for timer in deadlines.deadline_timers(desk.case) if timer.fires_at <= desk.events[-1].at]


@given(story=stories())
def test_what_holds_of_every_record(story: Story) -> None:
    """SLA-10: in every history warning precedes due, met excludes cancelled, and late means breached."""
    desk = tell(story, punctual)
    for clock in desk.case.clocks:
        assert clock.started_at <= clock.warn_at <= clock.due_at
        assert not (clock.met_at and clock.cancelled_at)
        assert clock.unmet or clock.paused_at is None
        assert not desk.case.closed or not clock.unmet
        if clock.met_at and clock.met_at > clock.due_at:
            assert clock.breached_at is not None
        # A lowered severity may leave a breach that is older than the new due time, never one that is younger.
        assert clock.breached_at is None or clock.breached_at <= clock.due_at
    assert (desk.case.followup is not None) == desk.case.standing.awaits_customer
    assert desk.case.closed == (desk.case.closed_at is not None)
    assert [c.cycle for c in desk.case.clocks if c.metric == "response"] == sorted(
        {c.cycle for c in desk.case.clocks if c.metric == "response"}
    )


FROM_OPEN: Final = rules({"sla": {"raise_base": "from-open"}})
CLAMPED: Final = rules(
    {"targets": {"care": {p: {"restoration": "1bd", "resolution": "2bd"} for p in ("critical", "high")}}}
)


@given(
    stories(),
    st.integers(0, 10),
    st.sampled_from([None, FROM_OPEN, CLAMPED, *RULES.values()]),
    st.sampled_from([None, FROM_OPEN, CLAMPED]),
)
def test_what_was_met_is_late_or_in_time(story: Story, place: int, to: Rules | None, under: Rules | None) -> None:
    """SLA-4, SLA-7: a clock that was met is breached just where it was met behind its due time, and since then."""
    desk, _, _ = told_with(story._replace(under=under or story.under), place, to)
    for clock in desk.case.clocks:
        if clock.met_at:
            assert clock.breached_at == (clock.due_at if clock.due_at < clock.met_at else None), clock


@given(story=stories(["asked", "replied", "proposed", "rejected", "restored", "closed", "reopened", "withdrew"]))
def test_each_warning_and_breach_is_recorded_once(story: Story) -> None:
    """SLA-7: for one cycle of a clock and one due time a warning and a breach are recorded once each."""
    desk = tell(story, punctual)
    marks: list[tuple[Any, ...]] = [
        (event.kind, event.data["metric"], event.data["cycle"], event.data["due_at"])
        for event in desk.events
        if event.kind in {Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED}
    ]
    assert len(marks) == len(set(marks))


@given(
    story=stories(), type_=st.sampled_from([CaseType.SERVICE_REQUEST, CaseType.ADMIN, CaseType.FEATURE_REQUEST])
)
def test_cases_without_clocks_never_get_any(story: Story, type_: CaseType) -> None:
    """SLA-2: whatever happens to a case of another type, no clock is started and none is recorded."""
    desk = opened(story.start, story.under, priority=story.priority, plan=story.plan, type_=type_)
    for at, verb in story.moments():
        desk.tick_every_due_time(at)
        run(desk, at, verb)
    assert desk.case.clocks == ()
    assert not any(event.kind in _OF_THE_CLOCKS for event in desk.events)


@given(story=stories())
def test_an_internal_note_leaves_no_trace(story: Story) -> None:
    """DC-3: put anywhere into a history that time has settled, a note changes nothing that a customer sees."""
    plain, noted = story.open(), story.open()
    for at, verb in story.moments():
        for desk in (plain, noted):
            desk.tick_every_due_time(at - timedelta(seconds=1))
        run(noted, at - timedelta(seconds=1), "noted")
        for desk in (plain, noted):
            run(desk, at, verb)
    assert [event for event in noted.events if event.public] == [event for event in plain.events if event.public]
    assert noted.case._replace(seq=0) == plain.case._replace(seq=0)


def told_with(story: Story, place: int, to: Rules | None) -> tuple[Desk, list[Event], Book]:
    """Play a story, ticking at each due time, with a rebasing right after so many commands."""
    desk = story.open()
    book = Book(story.under)
    recorded: list[Event] = []
    moments = story.moments()
    for number in range(len(moments) + 1):
        if number == min(place, len(moments)):
            at = moments[number - 1][0] if number else story.start
            if to is not None:
                recorded = rebase(desk, at, to, book)
        if number < len(moments):
            at, verb = moments[number]
            desk.tick_every_due_time(at)
            run(desk, at, verb)
    desk.tick_every_due_time((moments or [(story.start, "")])[-1][0] + LONG)
    return desk, recorded, book


AMOUNTS = ["1bh", "6bh", "3bd", "40d", "-"]


@given(EVERY, st.integers(0, 10))
def test_the_same_rules_change_nothing(story: Story, place: int) -> None:
    """SLA-8: a rebasing to the rules of before changes no clock, ladder or deadline, nor what follows."""
    plain, _, _ = told_with(story, place, None)
    rebased, recorded, _ = told_with(story, place, story.under)
    same = rebased.case._replace(rebasings=(), policy="policy-hash", calendar="calendar-hash", seq=plain.case.seq)
    assert same == plain.case
    assert [event.kind for event in recorded if event.kind in MARKS] == []


@given(
    EVERY, st.integers(0, 10), st.sampled_from(sorted(RULES)), st.sampled_from(["1bh", "6bh", "3bd", "40d", "-"])
)
def test_whatever_the_rules_become(story: Story, place: int, name: str, target: str) -> None:
    """SLA-8: no mark lies before the rebasing that brings it, what ended stays, and the history says it all."""
    some = {plan: {p: {"restoration": target} for p in ("critical", "high")} for plan in ("care", "business-care")}
    base = RULES[name]
    to = Rules(rules({"targets": some}).policy, base.calendar)
    desk, recorded, book = told_with(story, place, to)
    turn = next(i for i, event in enumerate(desk.events) if event.kind is Kind.REBASED)
    at = desk.events[turn].at
    before = replay(desk.events[:turn], book)
    after = replay(
        desk.events[: turn + len(recorded) - [event.kind for event in recorded].index(Kind.REBASED)], book
    )
    # A due time that stays where it was, in a pause, is late when the pause ends, with or without a rebasing.
    stays = {iso(clock.due_at) for clock in before.clocks if clock.paused_at}
    early = [event for event in desk.events[turn:] if event.kind in MARKS and event.at < at]
    assert [event for event in early if event.data["due_at"] not in stays] == []
    for clock in before.clocks:
        other = after.clock(clock.metric, clock.cycle)
        if not clock.unmet:
            assert other == clock
        elif clock.breached_at and other.breached_at:
            assert clock.breached_at <= other.breached_at <= at
        elif other.breached_at:
            assert other.breached_at == at
    assert replay(desk.events, book) == desk.case


@given(EVERY)
def test_under_the_own_policy_a_case_is_as_it_is(story: Story) -> None:
    """SLA-8: counted by the policy that it had, a case comes to what it came to."""
    desk = tell(story, punctual)
    at = desk.ticks[-1] if desk.ticks else story.start
    case = whatif.recounted(desk.events, lambda *_: story.under, "policy-hash", max(at, desk.events[-1].at))
    assert case._replace(seq=desk.case.seq) == desk.case
