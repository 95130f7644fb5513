"""Proofs of clocks held against a checker that adds them up by hand (TICK-3, SLA-4, SLA-5, SLA-6)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import ledger_checker
import pytest
from explanations import UNDER, exempted, explanation, pinned, rebase
from hypothesis import given, settings
from hypothesis import strategies as st
from notation import STAFF, VERBS, Desk, history, opened, policy, when

from carecli.domain import case_state
from carecli.domain.events import Kind, Recorded
from carecli.domain.exempting import Stretch, exempt, withdraw
from carecli.domain.folding import replay
from carecli.domain.ledger import Explanation, Pinned, ledger
from carecli.domain.ledger_causes import Numbered, Under, stories
from carecli.domain.vocabulary import Metric, Plan, Priority
from carecli.errors import CareError
from carecli.render import case_document
from carecli.render.explain_document import explain


def explained(desk: Desk, under: Pinned, at: str | datetime) -> dict[str, Any]:
    """What `care explain --json` prints of a case at an instant."""
    moment = when(at, desk.zone) if isinstance(at, str) else at
    return explain(explanation(desk, under, moment, later=LATER))


def faults(desk: Desk, under: Pinned, document: dict[str, Any]) -> list[str]:
    """What the checker finds wrong with a proof."""
    recorded = [Recorded(seq, 42, seq, event, "") for seq, event in enumerate(desk.events, 1)]
    events = [case_document.event(entry) for entry in recorded]
    others: dict[str, Any] = {}
    for event in desk.events:
        if event.kind in {Kind.OPENED, Kind.REBASED}:
            named = Under(event.data["policy"], event.data["calendar"])
            one = LATER.get(named, under)
            others |= {named.policy: one.rules.policy.document, named.calendar: one.calendar.document()}
    now = others[document["calendar"]], others[document["policy"]]
    return ledger_checker.faults(document, now[0], events, now[1], others)


CALENDARS = {
    "office hours": pinned(),
    "New York, the clocks go forward": pinned(
        "America/New_York", closed={"2026-03-04": "Founders' Day", "2026-03-16": "closed"}
    ),
    "Madrid, a split week": pinned(
        "Europe/Madrid", "Mon-Fri 09:00-12:30 13:15-17:00, Sat 10:00-13:00", {"2026-03-19": "San José"}
    ),
    "nights": pinned("Europe/Madrid", "Mon-Thu 22:00-06:00", {"2026-03-25": "Annunciation"}),
    "round the clock": pinned(hours="24x7"),
    "counted from the opening": pinned(changes={"sla": {"raise_base": "from-open"}}),
    "never paused": pinned(changes={"sla": {"pause": []}}),
    "a day for everything": pinned(
        changes={
            "targets": {
                plan: {p: {"restoration": "1bd", "resolution": "2bd"} for p in ("critical", "high", "medium")}
                | {"low": {"restoration": "3h", "resolution": "1bd"}}
                for plan in ("care", "business-care")
            }
        }
    ),
    "paused also while restored": pinned(changes={"sla": {"pause": ["awaiting-info", "service-restored"]}}),
}
LATER: dict[Under, Pinned] = {
    Under(f"policy: {name}", name): one._replace(under=Under(f"policy: {name}", name))
    for name, one in CALENDARS.items()
}
STARTS = ("2026-03-02", "2026-10-19")
"""Two weeks before the clocks change."""

VERBS_DRAWN = (
    *("answered", "accepted", "rejected", "withdrew", "withdrew resolved", "reopened", "replied", "investigated"),
    *("asked", "asked", "proposed", "restored", "closed", "closed cancelled"),
    *(f"priority {priority}" for priority in Priority),
    *("exempt 5 3", "exempt 40 70 restoration", "exempt 1 100", "withdraw 1"),
    *(f"rebase {name}" for name in CALENDARS),
)
gaps = st.one_of(
    st.integers(1, 50),
    st.integers(1, 40).map(lambda n: n * 900 + 7),
    st.integers(1, 12).map(lambda n: n * 43_200 + 11),
)


def run(desk: Desk, under: Pinned, at: datetime, verb: str) -> None:
    """Run a command where it is allowed."""
    name, _, rest = verb.partition(" ")
    words = rest.split()
    with suppress(CareError):
        if name == "rebase":
            rebase(desk, under, LATER[Under(f"policy: {rest}", rest)], at, LATER)
        elif name == "exempt":
            begun, lasts, *metric = words
            since = at - timedelta(hours=int(begun))
            stretch = Stretch(since, since + timedelta(hours=int(lasts)), Metric(metric[0]) if metric else None)
            desk.command(at, lambda case: exempt(case, stretch, "the carrier's line", STAFF, at))
        elif name == "withdraw":
            desk.command(at, lambda case: withdraw(case, int(rest), "the other carrier's", STAFF, at))
        else:
            desk.command(at, lambda case: VERBS[name](case, at, words, desk.rules))


@settings(max_examples=40)
@given(
    name=st.sampled_from(sorted(CALENDARS)),
    start=st.sampled_from(STARTS),
    quarter=st.integers(0, 14 * 96),
    priority=st.sampled_from([priority.value for priority in Priority]),
    plan=st.sampled_from(list(Plan)),
    steps=st.lists(st.tuples(gaps, st.sampled_from(VERBS_DRAWN)), max_size=9),
    after=gaps,
)
def test_every_proof_adds_up_by_hand(
    name: str, start: str, quarter: int, priority: str, plan: Plan, steps: list[tuple[int, str]], after: int
) -> None:
    """TICK-3: of any history, through both changes of the clocks, every clock's ledger adds up by hand."""
    under = CALENDARS[name]
    at = when(f"{start} 00:00") + timedelta(minutes=15 * quarter)
    desk = opened(at, under.rules, priority=priority, plan=plan)
    for gap, verb in steps:
        at += timedelta(seconds=gap)
        run(desk, under, at, verb)
    document = explained(desk, under, at + timedelta(seconds=after))
    assert faults(desk, under, document) == []
    case = replay(desk.events, lambda *named: LATER.get(Under(*named), under).rules)
    assert told(document) == told({"clocks": case_state.state(case)["clocks"]})


TURNED = [
    # nothing is promised any more from the rebasing on: it ended by the hours that it had, not New York's
    ("a day for everything", "low", ("2026-03-11 06:00 rebase New York, the clocks go forward",)),
    # the same in a pause, which ends there
    ("a day for everything", "low", ("2026-03-10 23:00 asked", "2026-03-11 06:00 rebase round the clock")),
    # lowered in a pause, which is counted up to there: what is exempted never makes it due earlier
    (
        "a day for everything",
        "critical",
        ("2026-03-11 06:00 asked", "2026-03-12 16:00 priority high", "2026-03-13 16:00 exempt 1 100"),
    ),
    # used up when asked; the new rules leave something to pause, and the others nothing
    (
        "a day for everything",
        "high",
        (
            "2026-03-11 18:00 asked",
            "2026-03-11 19:00 rebase office hours",
            "2026-03-12 07:00 rebase a day for everything",
            "2026-03-13 12:00 answered",
        ),
    ),
]


@pytest.mark.parametrize(("name", "priority", "lines"), TURNED)
def test_a_turn_in_a_pause_or_at_an_end_adds_up(name: str, priority: str, lines: tuple[str, ...]) -> None:
    """TICK-3, SLA-4, SLA-8, SLA-9: rules, severities and exemptions that come in a pause, or end a clock."""
    under = CALENDARS[name]
    desk = opened(when("2026-03-10 22:00"), under.rules, priority=priority, plan=Plan.CARE)
    for line in lines:
        day, clock, verb = line.split(" ", 2)
        run(desk, under, when(f"{day} {clock}"), verb)
    assert faults(desk, under, explained(desk, under, "2026-03-16 12:00")) == []


SHOWN = ("metric", "cycle", "target", "state", "due_at", "met_at", "breached_at", "paused_at", "cancelled_at")


def told(document: Mapping[str, Any]) -> list[list[Any]]:
    """What `care show` tells of clocks."""
    return [[clock[key] for key in SHOWN] for clock in document["clocks"]]


MADRID = CALENDARS["Madrid, a split week"]


def played(first: str, *lines: str, under: Pinned = MADRID, plan: Plan = Plan.BUSINESS_CARE) -> Desk:
    return history(first, *lines, under=under.rules, plan=plan, zone=under.calendar.zone)


HISTORIES = {
    "a holiday": (("2026-03-18 12:00 opened high",), "2026-03-20 10:00"),
    "pauses": (
        ("2026-03-18 12:00 opened high", "2026-03-18 12:20 asked", "2026-03-20 14:00 answered"),
        "2026-03-21 10:00",
    ),
    "a pause that lasts": (("2026-03-18 12:00 opened high", "2026-03-18 12:20 asked"), "2026-03-21 11:00"),
    "the clocks go forward, day and night": (("2026-03-29 01:55 opened critical",), "2026-03-29 03:10"),
    "the clocks go back, day and night": (("2026-10-25 00:30 opened critical",), "2026-10-25 02:30"),
    "raised": (("2026-03-18 09:00 opened low", "2026-03-18 12:00 priority high"), "2026-03-18 13:00"),
    "raised, and the old target holds": (
        ("2026-03-18 09:00 opened medium", "2026-03-25 16:00 priority high"),
        "2026-03-25 16:30",
    ),
    "lowered": (("2026-03-18 09:00 opened high", "2026-03-18 09:20 priority low"), "2026-03-18 13:00"),
    "taken back": (
        ("2026-03-18 09:00 opened high", "2026-03-18 10:00 proposed", "2026-03-20 09:30 rejected"),
        "2026-03-20 10:00",
    ),
    "reopened": (
        ("2026-03-18 09:00 opened high", "2026-03-18 10:00 closed", "2026-03-24 11:00 revived"),
        "2026-03-25 10:00",
    ),
    "withdrawn": (("2026-03-18 09:00 opened high", "2026-03-18 10:00 withdrew"), "2026-03-20 10:00"),
    "late": (("2026-03-18 09:00 opened high", "2026-03-25 10:00 tick"), "2026-03-25 10:00"),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_a_proof_adds_up_by_hand(name: str) -> None:
    """TICK-3: a holiday, pauses, both changes of the clocks, severities, a reopening: each adds up by hand."""
    (first, *lines), at = HISTORIES[name]
    desk = played(first, *lines)
    document = explained(desk, MADRID, at)
    assert faults(desk, MADRID, document) == []


def changed(document: dict[str, Any], *path: str | int, by: Callable[[Any], Any]) -> dict[str, Any]:
    """A copy with one thing in it forged."""
    forged: Any = deepcopy(document)
    place = forged["clocks"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = by(place[path[-1]])
    return dict(forged)


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ((1, "lines", 0, "counted_s"), lambda s: s - 1),
        ((1, "lines", 3, "sum_s"), lambda s: s + 60),
        ((1, "lines", 1, "kind"), lambda _: "paused"),
        ((1, "lines", 0, "why"), lambda _: "night"),
        ((1, "lines", 2, "to"), lambda _: "2026-03-20T08:00:01Z"),
        ((1, "lines"), lambda lines: lines[:-1]),
        ((1, "due_at"), lambda _: "2026-03-23T11:00:00Z"),
        ((1, "allowance_s"), lambda s: s + 1),
        ((1, "promise", "setting"), lambda _: "targets.business-care.low.resolution"),
        ((1, "warn", "at"), lambda _: "2026-03-20T11:00:00Z"),
        ((1, "origin", "at"), lambda _: "2026-03-18T11:00:01Z"),
        ((1, "result", "left_s"), lambda s: s + 1),
        ((1, "changes"), lambda changes: [{**changes[0], "won": "old"}]),
        ((1, "changes"), lambda changes: [{**changes[0], "new_due_at": changes[0]["old_due_at"]}]),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_the_checker_finds_what_is_forged(path: tuple[str | int, ...], by: Callable[[Any], Any]) -> None:
    """TICK-3: the checker of these tests sees a second too many, a wrong reason, a promise that was never made."""
    desk = played(
        "2026-03-18 12:00 opened medium",
        "2026-03-18 12:20 priority high",
        "2026-03-18 13:20 asked",
        "2026-03-20 14:00 answered",
    )
    document = explained(desk, MADRID, "2026-03-21 10:00")
    assert faults(desk, MADRID, document) == []
    assert faults(desk, MADRID, changed(document, *path, by=by))


def rebased_and_exempted() -> Desk:
    """Answered late under Madrid's hours, then under those of an office, with a day exempted under both."""
    desk = played("2026-03-17 15:00 opened high", "2026-03-18 11:00 replied", under=MADRID)
    at = when("2026-03-18 12:00", desk.zone)
    rebase(desk, MADRID, LATER[Under("policy: office hours", "office hours")], at, LATER)
    exempted(desk, "2026-03-17 16:00", "2026-03-18 12:30", "Their own line was cut.", at="2026-03-18 13:00")
    return desk


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ((0, "adjusted"), lambda _: None),
        ((0, "adjusted", "state"), lambda _: "breached"),
        ((0, "adjusted", "breached_at"), lambda _: "2026-03-18T12:00:00Z"),
        ((0, "adjusted", "due_at"), lambda _: "2026-03-18T08:00:00Z"),
        ((0, "adjusted", "exemptions"), lambda _: [2]),
        ((0, "adjusted", "lines", 1, "kind"), lambda _: "paused"),
        ((0, "adjusted", "lines", 1, "counted_s"), lambda _: 60),
        ((0, "adjusted", "lines"), lambda lines: lines[:-1]),
        ((0, "adjusted", "warn", "at"), lambda _: "2026-03-18T08:00:00Z"),
        ((0, "adjusted", "result", "margin_s"), lambda s: s + 1),
        ((0, "calendar"), lambda _: "office hours"),
        ((1, "calendar"), lambda _: UNDER.calendar),
        ((1, "changes", 0, "old_due_at"), lambda _: "2026-03-23T14:00:00Z"),
        ((1, "changes", 0, "new_due_at"), lambda _: "2026-03-23T14:00:00Z"),
        ((1, "changes", 0, "won"), lambda _: "old"),
        ((1, "changes", 0, "rules", "was", "calendar"), lambda _: "office hours"),
        ((1, "promise", "setting"), lambda _: "targets.business-care.low.response"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_the_checker_finds_what_is_forged_of_exemptions_and_rules(
    path: tuple[str | int, ...], by: Callable[[Any], Any]
) -> None:
    """SLA-8, SLA-9: it sees a verdict that what is exempted does not bear out, and hours not in force."""
    desk = rebased_and_exempted()
    document = explained(desk, MADRID, "2026-03-20 10:00")
    assert faults(desk, MADRID, document) == []
    assert faults(desk, MADRID, changed(document, *path, by=by))


def test_a_clock_is_proved_by_the_rules_that_it_stopped_under() -> None:
    """SLA-8: what was met before a rebasing keeps the older policy and hours, what runs on has the new ones."""
    document = explained(rebased_and_exempted(), MADRID, "2026-03-20 10:00")
    response, restoration, _ = document["clocks"]
    assert [response[key] for key in ("policy", "calendar", "zone")] == [*UNDER, "Europe/Madrid"]
    assert [restoration[key] for key in ("policy", "calendar", "zone")] == [
        "policy: office hours",
        "office hours",
        "UTC",
    ]
    assert response["changes"] == []
    (change,) = restoration["changes"]
    assert change["rules"] == {
        "was": {"policy": UNDER.policy, "calendar": UNDER.calendar},
        "now": {"policy": "policy: office hours", "calendar": "office hours"},
    }
    assert (response["state"], response["adjusted"]["state"]) == ("breached", "met")
    assert (restoration["state"], restoration["adjusted"]["state"]) == ("running", "running")


def test_whose_severity_promises() -> None:
    """SLA-5: where a raise does not win, the policy line is still that of the severity before it."""
    (first, *lines), at = HISTORIES["raised, and the old target holds"]
    restoration = explained(played(first, *lines), MADRID, at)["clocks"][1]
    assert restoration["promise"] == {
        "policy": UNDER.policy,
        "setting": "targets.business-care.medium.restoration",
        "value": "5bd",
        "meaning": policy().definition(Priority.MEDIUM),
    }
    assert [change["won"] for change in restoration["changes"]] == ["old"]


def test_a_raise_that_counts_from_the_opening_breaches_nothing_in_the_past() -> None:
    """SLA-5: with `raise_base = "from-open"` the due time is the raise itself where the new target has gone by."""
    under = CALENDARS["counted from the opening"]
    desk = played("Mon 09:00 opened medium", "Mon 12:00 priority high", under=under)
    response = explained(desk, under, "Mon 11:00")["clocks"][0]
    assert response["floor_at"] == response["due_at"] == "2026-03-02T12:00:00Z"
    marks = {mark["mark"]: (mark["at"], mark["sum_s"]) for mark in response["marks"]}
    assert marks["allowance"] == ("2026-03-02T11:00:00Z", 7200)
    assert marks["due"] == ("2026-03-02T12:00:00Z", 10800)


def test_what_a_reader_must_not_see_has_no_number() -> None:
    """DC-3: an event that its reader does not know is counted all the same, and not named."""
    desk = played("Mon 09:00 opened high", "Mon 10:00 asked", under=CALENDARS["office hours"])
    under = CALENDARS["office hours"]
    case, known = stories([Numbered(event, None) for event in desk.events], lambda *_: under.rules)
    moment = when("Mon 12:00")
    hidden = explain(Explanation(case, under, moment, tuple(ledger(story, under, moment) for story in known)))
    assert [clock["origin"]["by"] for clock in hidden["clocks"]] == [None] * 3
    assert {line["by"] for clock in hidden["clocks"] for line in clock["lines"]} == {None}
    assert faults(desk, under, hidden) == []
