"""Service-level clocks: what SPEC promises, pauses, takes back, raises, lowers and records (SLA-1..7, SLA-10).

Unless a row says otherwise: plan Care, Monday to Friday 09:00-17:00 UTC, opened Monday 2026-03-02.
"""

from datetime import timedelta
from typing import Any

import pytest
from notation import CONTACT, TEXT, Desk, history, policy, rules, shipped, when

from carecli.domain import clock as clocks_
from carecli.domain import lifecycle
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Metric, Plan, Priority, Via, Visibility

ROUND_THE_CLOCK = rules(hours="24x7")
NEVER_PAUSED = rules({"sla": {"pause": []}})
FROM_OPEN = rules({"sla": {"raise_base": "from-open"}})
METRICS = ("response", "restoration", "resolution")

# SPEC, SLA-1, word for word: response / restoration / resolution.
SPEC_TARGETS = {
    ("care", "critical"): "4 h / 6 h / 15 bd",
    ("care", "high"): "6 bh / 4 bd / 15 bd",
    ("care", "medium"): "1 bd / 10 bd / 30 bd",
    ("care", "low"): "2 bd / - / -",
    ("business-care", "critical"): "15 min / 4 h / 15 bd",
    ("business-care", "high"): "2 bh / 2 bd / 15 bd",
    ("business-care", "medium"): "4 bh / 5 bd / 15 bd",
    ("business-care", "low"): "1 bd / - / -",
}


@pytest.mark.parametrize(("plan", "priority"), SPEC_TARGETS)
@pytest.mark.parametrize("name", [None, "guide", "process-2025"])
def test_the_targets_are_those_of_the_guide(name: str | None, plan: str, priority: str) -> None:
    """SLA-1: each shipped policy promises what the support guide promises, for both plans."""
    promised = policy(shipped(name) if name else None)
    for metric, figure in zip(METRICS, SPEC_TARGETS[plan, priority].split(" / "), strict=True):
        target = promised.target(Plan(plan), Priority(priority), Metric(metric))
        assert (str(target) if target else "-") == figure.replace(" min", "m").replace(" ", "")


DUE = [
    # opened, plan, priority: response, restoration, resolution due
    ("Mon 10:00", "care", "critical", "Mon 14:00", "Mon 16:00", "Mon+3 10:00"),
    # day and night: the evening and the weekend count
    ("Fri 16:00", "care", "critical", "Fri 20:00", "Fri 22:00", "Fri+3 16:00"),
    ("Mon 10:00", "care", "high", "Mon 16:00", "Fri 10:00", "Mon+3 10:00"),
    # an amount that runs out at closing time ends at that closing
    ("Mon 11:00", "care", "high", "Mon 17:00", "Fri 11:00", "Mon+3 11:00"),
    ("Mon 12:00", "care", "high", "Tue 10:00", "Fri 12:00", "Mon+3 12:00"),
    # opened when the desk is shut: business time begins at the next opening
    ("Sat 12:00", "care", "medium", "Tue+1 09:00", "Mon+3 09:00", "Mon+7 09:00"),
    ("Mon 10:00", "care", "low", "Wed 10:00", "-", "-"),
    ("Mon 10:00", "business-care", "critical", "Mon 10:15", "Mon 14:00", "Mon+3 10:00"),
    ("Mon 16:00", "business-care", "high", "Tue 10:00", "Wed 16:00", "Mon+3 16:00"),
    ("Mon 10:00", "business-care", "medium", "Mon 14:00", "Mon+1 10:00", "Mon+3 10:00"),
    ("Fri 10:00", "business-care", "low", "Mon+1 10:00", "-", "-"),
]


@pytest.mark.parametrize(("opened", "plan", "priority", "response", "restoration", "resolution"), DUE)
def test_due_times_of_a_new_case(
    opened: str, plan: str, priority: str, response: str, restoration: str, resolution: str
) -> None:
    """SLA-1: a new case's clocks run from submission to the instants that its plan and severity promise."""
    desk = history(f"{opened} opened {priority}", plan=Plan(plan))
    dues = [desk.told(metric).removeprefix("running, due ") for metric in METRICS]
    assert dues == [response, restoration, resolution]


@pytest.mark.parametrize(
    ("type_", "has_clocks"),
    [
        (CaseType.SUPPORT, True),
        (CaseType.INCIDENT, True),
        (CaseType.SERVICE_REQUEST, False),
        (CaseType.FEATURE_REQUEST, False),
        (CaseType.ADMIN, False),
    ],
)
def test_clocks_run_for_support_and_incidents_only(type_: CaseType, has_clocks: bool) -> None:
    """SLA-2: support cases and incidents have clocks; others never get any, by raise or reopening."""
    desk = history("Mon 10:00 opened low", "Mon 11:00 priority high", type_=type_)
    desk.play("Mon 11:30 closed" if type_ is not CaseType.FEATURE_REQUEST else "Mon 11:30 closed declined")
    desk.play("Mon 12:00 reopened")
    assert bool(desk.case.clocks) == has_clocks


# Every history starts with `Mon 10:00 opened high`.
MET = [
    # a public update by staff answers; restoration and resolution run on
    (["Mon 11:00 replied"], ["met Mon 11:00", "running", "running"]),
    # an internal note, a hand-over, a change of severity and "we look into it" without a word are no answer
    (["Mon 11:00 noted"], ["running", "running", "running"]),
    (["Mon 11:00 assigned ann@desk.example"], ["running", "running", "running"]),
    (["Mon 11:00 investigated"], ["running", "running", "running"]),
    # nor is the customer's own update, or a call that staff logged
    (["Mon 11:00 answered"], ["running", "running", "running"]),
    (["Mon 11:00 called"], ["running", "running", "running"]),
    # a question answers, and pauses the other two
    (["Mon 11:00 asked"], ["met Mon 11:00", "paused Mon 11:00", "paused Mon 11:00"]),
    # restored meets restoration; proposed meets both
    (["Mon 11:00 restored"], ["met Mon 11:00", "met Mon 11:00", "running"]),
    (["Mon 11:00 restored pending-rca"], ["met Mon 11:00", "met Mon 11:00", "running"]),
    (["Mon 11:00 proposed"], ["met Mon 11:00", "met Mon 11:00", "met Mon 11:00"]),
    (["Mon 11:00 restored", "Mon 12:00 proposed"], ["met Mon 11:00", "met Mon 11:00", "met Mon 12:00"]),
    # closed as Resolved by staff answers and meets all
    (["Mon 11:00 closed"], ["met Mon 11:00", "met Mon 11:00", "met Mon 11:00"]),
    # closed as Resolved by the customer, whom nobody answered: silence is no attainment
    (["Mon 11:00 withdrew resolved"], ["cancelled Mon 11:00", "met Mon 11:00", "met Mon 11:00"]),
    # Cancelled and Redirected cancel what is not met, the response too
    (["Mon 11:00 withdrew"], ["cancelled Mon 11:00"] * 3),
    (["Mon 11:00 closed cancelled"], ["cancelled Mon 11:00"] * 3),
    (["Mon 11:00 closed redirected"], ["cancelled Mon 11:00"] * 3),
    (
        ["Mon 11:00 restored", "Mon 12:00 closed cancelled"],
        ["met Mon 11:00", "met Mon 11:00", "cancelled Mon 12:00"],
    ),
    # cancelled while paused
    (["Mon 11:00 asked", "Mon 12:00 withdrew"], ["met Mon 11:00", "cancelled Mon 12:00", "cancelled Mon 12:00"]),
    # closed as Cancelled out of Solution Proposed: what was met stays met
    (["Mon 11:00 proposed", "Mon 12:00 withdrew cancelled"], ["met Mon 11:00", "met Mon 11:00", "met Mon 11:00"]),
    # `ask` does not take "met" back, from either standing
    (["Mon 11:00 proposed", "Mon 12:00 asked"], ["met Mon 11:00", "met Mon 11:00", "met Mon 11:00"]),
    (["Mon 11:00 restored", "Mon 12:00 asked"], ["met Mon 11:00", "met Mon 11:00", "paused Mon 12:00"]),
    # from Solution Proposed to Service Restored only the resolution is taken back
    (["Mon 11:00 proposed", "Mon 12:00 restored"], ["met Mon 11:00", "met Mon 11:00", "running"]),
    # a comment by the customer while restored is no step back to Open
    (["Mon 11:00 restored", "Mon 12:00 answered"], ["met Mon 11:00", "met Mon 11:00", "running"]),
]


@pytest.mark.parametrize(("lines", "states"), MET)
def test_what_meets_and_what_cancels_a_clock(lines: list[str], states: list[str]) -> None:
    """SLA-3: each clock is met, paused or cancelled by what SPEC names, and by nothing else."""
    desk = history("Mon 10:00 opened high", *lines)
    assert [desk.told(metric).split(", due")[0] for metric in METRICS] == states


TAKEN_BACK = [
    # back from, at Mon 12:00, by, at Mon 14:00 (2 open hours later): restoration and resolution due
    ("proposed", "rejected", "Fri 12:00", "Mon+3 12:00"),
    ("proposed", "answered", "Fri 12:00", "Mon+3 12:00"),
    ("proposed", "investigated", "Fri 12:00", "Mon+3 12:00"),
    # the resolution never stood met, so only the restoration is put off
    ("restored", "rejected", "Fri 12:00", "Mon+3 10:00"),
    ("restored", "investigated", "Fri 12:00", "Mon+3 10:00"),
]


@pytest.mark.parametrize(("met", "back", "restoration", "resolution"), TAKEN_BACK)
def test_a_step_back_to_open_takes_met_back(met: str, back: str, restoration: str, resolution: str) -> None:
    """SLA-3: the clock goes on without the time that it stood met, and the response stays answered."""
    desk = history("Mon 10:00 opened high", f"Mon 12:00 {met}", f"Mon 14:00 {back}")
    assert desk.told("response") == "met Mon 12:00, due Mon 16:00"
    assert desk.told("restoration") == f"running, due {restoration}"
    assert desk.told("resolution") == f"running, due {resolution}"


def test_each_stretch_that_stood_met_is_left_out() -> None:
    """SLA-3: proposed, rejected, restored, proposed again, rejected: each clock leaves out its own stretches."""
    desk = history(
        "Mon 10:00 opened high",
        "Mon 11:00 proposed",  # both met
        "Mon 12:00 rejected",  # both go on, 1 h left out
        "Mon 13:00 restored",  # restoration met
        "Mon 14:00 proposed",  # resolution met
        "Mon 16:00 rejected",  # restoration leaves out 3 h more, resolution 2 h more
    )
    assert desk.told("restoration") == "running, due Fri 14:00"
    assert desk.told("resolution") == "running, due Mon+3 13:00"


def test_a_taken_back_resolution_leaves_the_restoration_alone() -> None:
    """SLA-3: from Solution Proposed to Service Restored and back to Open, each counts what it stood."""
    desk = history("Mon 10:00 opened high", "Mon 11:00 proposed", "Mon 12:00 restored", "Mon 13:00 rejected")
    assert desk.told("restoration") == "running, due Fri 12:00"  # stood met from 11 to 13
    assert desk.told("resolution") == "running, due Mon+3 11:00"  # stood met from 11 to 12


PAUSED = [
    # asked, answered: restoration (4 bd from Mon 10:00 = Fri 10:00, an allowance of 32 open hours) due
    ("Mon 12:00", "Mon 14:00", "Fri 12:00"),
    # a pause over night, a night and a weekend: only its open hours are left out
    ("Mon 16:00", "Tue 10:00", "Fri 12:00"),
    ("Thu 12:00", "Mon+1 12:00", "Tue+1 10:00"),
    # a pause while the desk is shut takes nothing away
    ("Mon 18:00", "Tue 08:00", "Fri 10:00"),
    ("Mon 17:00", "Tue 09:00", "Fri 10:00"),
]


@pytest.mark.parametrize(("asked", "answered", "due"), PAUSED)
def test_a_pause_in_business_time(asked: str, answered: str, due: str) -> None:
    """SLA-4: a business target is put off by the open hours of the pause, not by its plain hours."""
    desk = history("Mon 10:00 opened high", f"{asked} asked", f"{answered} answered")
    assert desk.told("restoration") == f"running, due {due}"


@pytest.mark.parametrize(
    ("asked", "answered", "due"),
    [
        # Care, Critical: restoration 6 h from Fri 14:00 = Fri 20:00
        ("Fri 15:00", "Fri 16:00", "Fri 21:00"),
        # the night and the weekend count in full
        ("Fri 15:00", "Mon+1 09:00", "Mon+1 14:00"),
    ],
)
def test_a_pause_in_plain_time(asked: str, answered: str, due: str) -> None:
    """SLA-4: a 24x7 target is put off by every hour of the pause, whether the desk is open or not."""
    desk = history("Fri 14:00 opened critical", f"{asked} asked", f"{answered} answered")
    assert desk.told("restoration") == f"running, due {due}"


def test_two_pauses_within_one_minute() -> None:
    """SLA-4: pauses that begin in the same minute all count."""
    desk = history(
        "Mon 10:00 opened high",
        "Mon 12:00:00 asked",
        "Mon 12:00:20 answered",
        "Mon 12:00:30 asked",
        "Mon 12:00:55 answered",
    )
    assert desk.told("restoration") == "running, due Fri 10:00:45"
    assert desk.told("resolution") == "running, due Mon+3 10:00:45"


def test_a_question_repeated_does_not_start_the_pause_again() -> None:
    """SLA-4: asked twice, the pause runs from the first question."""
    desk = history("Mon 10:00 opened high", "Mon 12:00 asked", "Mon 13:00 asked", "Mon 14:00 answered")
    assert desk.told("restoration") == "running, due Fri 12:00"


def test_the_response_clock_never_pauses() -> None:
    """SLA-4: only restoration and resolution pause; a response begun while the case waits runs on."""
    paused_when_open = rules({"sla": {"pause": ["open", "awaiting-info"]}})
    desk = history("Mon 10:00 opened high", under=paused_when_open)
    desk.play("Mon 11:00 answered")
    desk.play("Mon 12:00 investigated")
    assert desk.told("response") == "running, due Mon 16:00"
    assert desk.told("restoration").startswith("paused")


def test_no_pauses_by_policy() -> None:
    """SLA-4: with an empty list of statuses the guide's literal elapsed time counts."""
    desk = history("Mon 10:00 opened high", "Mon 12:00 asked", under=NEVER_PAUSED)
    assert desk.told("restoration") == "running, due Fri 10:00"
    desk.play("Tue 12:00 answered")
    assert desk.told("restoration") == "running, due Fri 10:00"


def test_another_status_may_pause_by_policy() -> None:
    """SLA-4: where the policy lists Service Restored the resolution pauses there."""
    desk = history(
        "Mon 10:00 opened high",
        "Mon 12:00 restored",
        "Mon 14:00 investigated",
        under=rules({"sla": {"pause": ["service-restored"]}}),
    )
    assert desk.told("resolution") == "running, due Mon+3 12:00"


def test_paused_time_is_not_used_up() -> None:
    """SLA-4: what a clock has used up is open time without pauses, in its own base."""
    desk = history("Mon 10:00 opened high", "Mon 12:00 asked", "Tue 10:00 answered")
    restoration = desk.clock("restoration")
    assert restoration.used_s(desk.rules, when("Tue 11:00")) == 3 * 3600
    paused = history("Mon 10:00 opened high", "Mon 12:00 asked").clock("restoration")
    assert paused.used_s(desk.rules, when("Fri 12:00")) == 2 * 3600


def test_a_due_time_is_never_brought_forward_by_a_pause_around_a_clamp() -> None:
    """SLA-4: where the nominal due time lies later than the allowance runs out, the later one stands."""
    # Wednesday is a holiday; 2 bd after Mon 10:00 is Thu 10:00, an allowance of 16 open hours.
    desk = history(
        "Mon 10:00 opened high",
        "Mon 16:00 asked",
        "Mon 18:00 answered",
        plan=Plan.BUSINESS_CARE,
        under=rules(closed=("2026-03-04",)),
    )
    assert desk.told("restoration") == "running, due Thu 11:00"


# 1 bd from Mon 08:00 is Tue 09:00, an allowance of eight open hours, which are used up at Mon 17:00.
ONE_DAY = rules({"targets": {"care": {"high": {"restoration": "1bd"}}}})
USED_UP = [
    ((), "running, due Tue 09:00"),
    (("Tue 09:00 tick",), "breached Tue 09:00, due Tue 09:00"),
    (("Tue 08:00 answered",), "running, due Tue 09:00"),
    (("Tue 08:59 restored",), "met Tue 08:59, due Tue 09:00"),
    (("Tue 09:00 restored",), "met Tue 09:00, due Tue 09:00"),
    (("Tue 09:00:01 restored",), "breached Tue 09:00, met Tue 09:00:01, due Tue 09:00"),
    (("Mon 19:00 asked", "Mon 20:00 answered", "Mon 21:00 asked"), "running, due Tue 09:00"),
    # asked again when it is late: nothing is taken back by the wait
    (("Tue 10:00 asked", "Tue 12:00 answered"), "breached Tue 09:00, due Tue 09:00"),
    # lowered, there is something left to pause: of 10 bd, Mon+2 09:00, the eight hours of Tuesday do not count
    (("Mon 20:00 priority medium",), "paused Mon 20:00, due Mon+2 09:00"),
    (("Mon 20:00 priority medium", "Wed 08:00 answered"), "running, due Mon+2 17:00"),
    # raised, all 6 h of the new target are left
    (("Mon 20:00 priority critical",), "paused Mon 20:00, due Tue 02:00"),
    (("Mon 20:00 closed", "Tue 08:00 reopened"), "running, due Tue 09:00"),
    (("Mon 20:00 closed", "Tue 08:00 reopened", "Tue 09:30 noted"), "breached Tue 09:00, due Tue 09:00"),
    (("Mon 20:00 closed", "Tue 08:00 reopened", "Tue 08:30 asked"), "running, due Tue 09:00"),
]


@pytest.mark.parametrize(("lines", "restoration"), USED_UP)
def test_an_allowance_that_is_used_up_is_not_paused(lines: tuple[str, ...], restoration: str) -> None:
    """SLA-4: asked after the hours that end the allowance and before those in which it is due, it runs on."""
    desk = history("Mon 08:00 opened high", "Mon 18:26 asked", *lines, under=ONE_DAY)
    assert desk.told("restoration") == restoration


def test_a_second_before_it_is_used_up() -> None:
    """SLA-4: the second that is left is kept over the wait, and used up after the next opening."""
    desk = history("Mon 08:00 opened high", "Mon 16:59:59 asked", "Mon 18:00 answered", under=ONE_DAY)
    assert desk.told("restoration") == "running, due Tue 09:00:01"


def test_a_raise_from_the_opening_that_leaves_nothing_to_pause() -> None:
    """SLA-5, SLA-7: raised in a pause, a clock whose new allowance was used up before is late with the raise."""
    desk = history(
        "Mon 09:00 opened medium",
        "Wed 12:00 asked",
        "Thu 12:00 priority critical",
        "Fri 12:00 restored",
        under=rules({"sla": {"raise_base": "from-open"}}),
    )
    assert desk.told("restoration") == "breached Thu 12:00, met Fri 12:00, due Thu 12:00"


RAISED = [
    # opened, raised at, to: the due time is the earlier of old and (raise + new target)
    # Care medium: response Tue 10:00, restoration Mon+2 10:00, resolution Mon+6 10:00
    ("medium", "Mon 11:00", "high", "Mon 17:00", "Fri 11:00", "Mon+3 11:00"),
    # 24x7 wins over business hours: 4 h and 6 h from the raise
    ("medium", "Mon 11:00", "critical", "Mon 15:00", "Mon 17:00", "Mon+3 11:00"),
    ("high", "Mon 11:00", "critical", "Mon 15:00", "Mon 17:00", "Mon+3 10:00"),
    # late: the old due time is the earlier one and stands
    ("high", "Mon 15:00", "critical", "Mon 16:00", "Mon 21:00", "Mon+3 10:00"),
    ("medium", "Tue 09:30", "high", "Tue 10:00", "Mon+1 09:30", "Tue+3 09:30"),
]


@pytest.mark.parametrize(("opened", "raised", "to", "response", "restoration", "resolution"), RAISED)
def test_a_raise_takes_the_earlier_due_time(
    opened: str, raised: str, to: str, response: str, restoration: str, resolution: str
) -> None:
    """SLA-5: a raised severity brings each due time to the earlier of the old one and raise plus new target."""
    desk = history(f"Mon 10:00 opened {opened}", f"{raised} priority {to}")
    dues = [desk.told(metric) for metric in METRICS]
    assert dues == [f"running, due {due}" for due in (response, restoration, resolution)]


def test_the_base_is_that_of_the_target_that_won() -> None:
    """SLA-5: after a raise each clock's later pauses are counted in the base of the target whose due time won."""
    desk = history("Mon 10:00 opened high", "Mon 15:00 priority critical")
    assert str(desk.clock("response").target) == "6bh"  # Mon 16:00 before Mon 19:00
    assert str(desk.clock("restoration").target) == "6h"  # Mon 21:00 before Fri 10:00
    desk.play("Mon 16:30 asked")
    desk.play("Tue 16:30 answered")
    assert desk.told("restoration") == "running, due Tue 21:00"


LOWERED = [
    # from, at, to: start + new target
    ("high", "Mon 11:00", "medium", "Tue 10:00", "Mon+2 10:00", "Mon+6 10:00"),
    ("critical", "Mon 11:00", "high", "Mon 16:00", "Fri 10:00", "Mon+3 10:00"),
]


@pytest.mark.parametrize(("opened", "lowered", "to", "response", "restoration", "resolution"), LOWERED)
def test_a_lowered_severity_counts_from_the_start(
    opened: str, lowered: str, to: str, response: str, restoration: str, resolution: str
) -> None:
    """SLA-5: a lowered severity gives start plus new target, for every clock not yet met."""
    desk = history(f"Mon 10:00 opened {opened}", f"{lowered} priority {to}")
    dues = [desk.told(metric) for metric in METRICS]
    assert dues == [f"running, due {due}" for due in (response, restoration, resolution)]


def test_a_lowered_severity_remembers_the_pauses() -> None:
    """SLA-5: a change of severity does not forget a pause, over or in force."""
    over = history("Mon 10:00 opened high", "Mon 12:00 asked", "Mon 14:00 answered", "Mon 15:00 priority medium")
    within = history("Mon 10:00 opened high", "Mon 12:00 asked", "Mon 13:00 priority medium", "Mon 14:00 answered")
    assert over.told("restoration") == "running, due Mon+2 12:00"
    assert within.told("restoration") == "running, due Mon+2 12:00"


def test_a_met_clock_minds_no_change_of_severity() -> None:
    """SLA-5: only clocks not yet met are moved; an answered response keeps its target and its due time."""
    desk = history("Mon 10:00 opened high", "Mon 11:00 replied", "Mon 12:00 priority critical")
    assert desk.told("response") == "met Mon 11:00, due Mon 16:00"
    assert str(desk.clock("response").target) == "6bh"


def test_low_cancels_and_a_later_raise_starts_a_new_cycle() -> None:
    """SLA-5: where nothing is promised the clock is cancelled; a later raise starts a new cycle at the raise."""
    desk = history("Mon 10:00 opened high", "Mon 11:00 priority low", "Mon 14:00 priority high")
    assert desk.told("restoration", 1) == "cancelled Mon 11:00, due Fri 10:00"
    assert desk.told("restoration", 2) == "running, due Fri 14:00"
    assert desk.told("resolution", 2) == "running, due Mon+3 14:00"
    assert [c.cycle for c in desk.case.clocks if c.metric is Metric.RESPONSE] == [1]


def test_a_case_opened_low_gets_its_clocks_by_a_raise() -> None:
    """SLA-5: what Low never promised begins at the raise."""
    desk = history("Mon 10:00 opened low", "Tue 11:00 priority high")
    assert desk.told("response") == "running, due Tue 17:00"
    assert desk.told("restoration") == "running, due Mon+1 11:00"


def test_clocks_begun_by_a_raise_stand_as_the_case_stands() -> None:
    """SLA-5: begun while the case waits a clock is paused, begun while restored or proposed it is met."""
    waiting = history("Mon 10:00 opened low", "Mon 11:00 asked", "Mon 12:00 priority high", "Mon 14:00 answered")
    restored = history("Mon 10:00 opened low", "Mon 11:00 restored", "Mon 12:00 priority high")
    assert waiting.told("restoration") == "running, due Fri 14:00"
    assert restored.told("restoration").startswith("met")
    assert restored.told("resolution").startswith("running")
    restored.play("Mon 15:00 rejected")
    assert restored.told("restoration") == "running, due Fri 15:00"


def test_lowered_after_a_breach() -> None:
    """SLA-5: lowering lifts a breach that the new due time does not bear out; its event stays; it may return."""
    desk = history("Mon 10:00 opened high", "Tue 09:00 tick")
    assert desk.told("response") == "breached Mon 16:00, due Mon 16:00"
    desk.play("Tue 09:30 priority medium")
    assert desk.told("response") == "running, due Tue 10:00"
    desk.play("Wed 09:00 tick")
    assert desk.told("response") == "breached Tue 10:00, due Tue 10:00"
    breaches = [line for line in desk.log(Kind.CLOCK_BREACHED) if line.endswith(" response")]
    assert breaches == ["Mon 16:00 clock-breached response", "Tue 10:00 clock-breached response"]


def test_lowered_and_still_late() -> None:
    """SLA-5: lowered so late that the new due time is past as well, the clock stays breached, once."""
    desk = history("Mon 10:00 opened high", "Wed 09:00 tick", "Wed 09:30 priority medium", "Thu 09:00 tick")
    assert (desk.clock("response").state, desk.said(desk.clock("response").due_at)) == ("breached", "Tue 10:00")
    breaches = [line for line in desk.log(Kind.CLOCK_BREACHED) if line.endswith(" response")]
    assert len(breaches) == 1


def test_raised_while_paused() -> None:
    """SLA-5: raised while the case waits, the new target counts from the raise without the rest of the pause."""
    desk = history("Mon 10:00 opened medium", "Mon 11:00 asked", "Mon 13:00 priority high")
    assert desk.told("restoration").startswith("paused Mon 11:00")
    desk.play("Mon 15:00 answered")
    assert desk.told("restoration") == "running, due Fri 15:00"
    assert desk.told("resolution") == "running, due Mon+3 15:00"


def test_raised_while_paused_the_old_due_time_may_win() -> None:
    """SLA-5: raised while the case waits, the old due time, put off by the pause, wins where it is earlier."""
    # Care medium, opened Mon: 10 bd = Mon+2 10:00. Paused Thu+1 10:00-14:00; raise + 4 bd would be Wed+2 12:00.
    desk = history(
        "Mon 10:00 opened medium", "Thu+1 10:00 asked", "Thu+1 12:00 priority high", "Thu+1 14:00 answered"
    )
    assert desk.told("restoration") == "running, due Mon+2 14:00"


def test_raised_while_paused_the_old_due_time_counts_the_pause() -> None:
    """SLA-5: old and new due time are compared with the pause so far in both, not in the new one alone."""
    # Due Mon+2 10:00 without the pause, Tue+3 10:00 with it: raise + 4 bd, Tue+2 10:00, is the earlier one.
    desk = history(
        "Mon 10:00 opened medium", "Tue 10:00 asked", "Wed+1 10:00 priority high", "Wed+1 12:00 answered"
    )
    assert desk.told("restoration") == "running, due Tue+2 12:00"


def test_raised_while_restored_then_rejected() -> None:
    """SLA-5: raised while the clock stands met, the raise counts from when the clock goes on."""
    early = history(
        "Mon 10:00 opened high", "Mon 11:00 restored", "Mon 12:00 priority critical", "Mon 14:00 rejected"
    )
    assert early.told("restoration") == "running, due Mon 20:00"  # 6 h from Mon 14:00, before Fri 13:00
    late = history("Mon 10:00 opened medium", "Fri+1 16:00 restored", "Fri+1 16:10 priority high")
    late.play("Fri+1 16:20 rejected")
    assert late.told("restoration") == "running, due Mon+2 10:20"  # the old one, before Thu+2 16:20


def test_a_raise_warns_anew() -> None:
    """SLA-7: after a raise the warning is that of the new target, at 75 % of it from the raise."""
    desk = history("Mon 10:00 opened high", "Mon 11:00 priority critical")
    assert desk.said(desk.clock("response").warn_at) == "Mon 14:00"
    assert desk.said(desk.clock("restoration").warn_at) == "Mon 15:30"


def test_raised_from_the_opening_by_policy() -> None:
    """SLA-5: with `raise_base = "from-open"` the new target counts from the opening."""
    desk = history("Mon 10:00 opened medium", "Mon 12:00 priority high", under=FROM_OPEN)
    assert [desk.told(metric) for metric in METRICS] == [
        "running, due Mon 16:00",
        "running, due Fri 10:00",
        "running, due Mon+3 10:00",
    ]


def test_raised_from_the_opening_never_breaches_in_the_past() -> None:
    """SLA-5: nothing is breached in the past by a raise, from the opening either."""
    desk = history("Mon 10:00 opened medium", "Wed 12:00 priority critical", "Wed 13:00 tick", under=FROM_OPEN)
    restoration = [
        e.at for e in desk.events if e.kind is Kind.CLOCK_BREACHED and e.data["metric"] == "restoration"
    ]
    assert all(at >= when("Wed 12:00") for at in restoration)


def test_a_lapsed_clock_is_not_saved_by_a_raise() -> None:
    """SLA-5: a clock that was breached before the raise stays breached at its own due time."""
    desk = history("Mon 10:00 opened high", "Tue 09:00 priority critical")
    assert desk.told("response") == "breached Mon 16:00, due Mon 16:00"


def test_reopening() -> None:
    """SLA-6: reopened, a new response clock runs, and the others go on from what was used up."""
    # Used up by Tue 10:00: 8 open hours of 32 and of 120; closed for 16 open hours.
    desk = history("Mon 10:00 opened high", "Mon 11:00 replied", "Tue 10:00 closed", "Thu 10:00 reopened")
    assert desk.told("response", 1) == "met Mon 11:00, due Mon 16:00"
    assert desk.told("response", 2) == "running, due Thu 16:00"
    assert desk.told("restoration") == "running, due Tue+1 10:00"
    assert desk.told("resolution") == "running, due Wed+3 10:00"
    assert desk.clock("restoration").cycle == 1
    assert desk.clock("restoration").used_s(desk.rules, when("Thu 11:00")) == 9 * 3600


REOPENED = [
    # whatever way it was closed, the time since the clock stopped does not count
    (["Mon 12:00 proposed", "Mon 14:00 accepted"], "running, due Fri 14:00"),
    (["Mon 12:00 restored", "Mon 14:00 accepted"], "running, due Fri 14:00"),
    (["Mon 14:00 closed"], "running, due Fri 12:00"),
    (["Mon 14:00 withdrew"], "running, due Fri 12:00"),
    # paused from 12 to 14, closed from 14 to 16
    (["Mon 12:00 asked", "Mon 14:00 closed cancelled"], "running, due Fri 14:00"),
    (["Mon 12:00 asked", "Mon 14:00 closed"], "running, due Fri 14:00"),
]


@pytest.mark.parametrize(("lines", "restoration"), REOPENED)
def test_closed_time_does_not_count(lines: list[str], restoration: str) -> None:
    """SLA-6: reopened at Mon 16:00, the restoration clock leaves out pauses, met time and closed time."""
    desk = history("Mon 10:00 opened high", *lines, "Mon 16:00 reopened")
    assert desk.told("restoration") == restoration


def test_a_second_reopening() -> None:
    """SLA-6: each reopening has its own response clock, and closed stretches add up."""
    desk = history(
        "Mon 10:00 opened high",
        "Mon 11:00 closed",
        "Mon 12:00 reopened",  # response cycle 2, 1 h left out
        "Mon 13:00 withdrew",  # unanswered: cycle 2 is cancelled
        "Mon 15:00 reopened",  # response cycle 3, 2 h more left out
    )
    assert desk.told("response", 2).startswith("cancelled Mon 13:00")
    assert desk.told("response", 3) == "running, due Tue 13:00"
    assert desk.told("restoration") == "running, due Fri 13:00"


def test_a_breach_survives_closing_and_reopening() -> None:
    """SLA-6: what was breached before the close is breached after the reopening, at the same instant."""
    desk = history("Mon 10:00 opened high", "Mon+1 10:00 closed", "Tue+1 10:00 reopened", "Wed+1 10:00 tick")
    assert desk.told("restoration").startswith("breached Fri 10:00")
    assert len([line for line in desk.log(Kind.CLOCK_BREACHED) if line.endswith(" restoration")]) == 1


def test_a_severity_without_promise_stays_without_after_reopening() -> None:
    """SLA-6: a clock that Low cancelled does not come back by reopening."""
    desk = history("Mon 10:00 opened high", "Mon 11:00 priority low", "Mon 12:00 closed", "Mon 13:00 reopened")
    assert desk.told("restoration").startswith("cancelled Mon 11:00")
    assert desk.told("response", 2) == "running, due Wed 13:00"


def test_warned_once_and_breached_once() -> None:
    """SLA-7: a clock warns at 75 % of its target and breaches at its due time, once each."""
    desk = history(
        "Mon 10:00 opened high", *(f"{day} {hour}:00 tick" for day in ("Mon", "Tue") for hour in range(12, 17))
    )
    response = [line for line in desk.log(Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED) if line.endswith(" response")]
    assert response == ["Mon 14:30 clock-warned response", "Mon 16:00 clock-breached response"]


def test_warned_at_the_share_of_the_policy() -> None:
    """SLA-7: the share at which a clock warns is policy."""
    desk = history("Mon 10:00 opened high", "Mon 13:00 tick", under=rules({"sla": {"warn_at_percent": 50}}))
    assert desk.log(Kind.CLOCK_WARNED) == ["Mon 13:00 clock-warned response"]


WARN = [
    # a business-day target warns at 75 % of the open time up to its due time: 24 of 32 hours, 90 of 120
    ("restoration", "Thu 10:00"),
    ("resolution", "Tue+2 12:00"),
]


@pytest.mark.parametrize(("metric", "warn_at"), WARN)
def test_warned_at_three_quarters_of_the_open_time(metric: str, warn_at: str) -> None:
    """SLA-7: 75 % of a target in business days is 75 % of its open time, pauses left out."""
    desk = history("Mon 10:00 opened high")
    assert desk.said(desk.clock(metric).warn_at) == warn_at
    desk.play("Mon 12:00 asked")
    desk.play("Mon 13:00 answered")
    assert desk.clock(metric).warn_at == when(warn_at) + timedelta(hours=1)


def test_a_paused_clock_neither_warns_nor_breaches() -> None:
    """SLA-4: a paused clock does nothing, and after the pause it warns and breaches where it should."""
    desk = history("Mon 10:00 opened high", "Mon 12:00 asked", "Wed 09:00 tick", "Mon+1 09:00 tick")
    assert desk.log(Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED) == []
    desk.play("Mon+1 12:00 answered")
    desk.tick_every_due_time(when("Mon+2 17:00"))
    mine = [line for line in desk.log(Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED) if line.endswith("restoration")]
    assert mine == ["Thu+1 10:00 clock-warned restoration", "Fri+1 10:00 clock-breached restoration"]


def test_a_met_clock_says_by_how_much() -> None:
    """SLA-7: the record of a met clock says how many seconds were left, or with a minus how many it was late."""
    early = history("Mon 10:00 opened high", "Mon 15:00 replied")
    late = history("Mon 10:00 opened high", "Mon 16:20 replied")
    assert [_left(event) for event in early.events if event.kind is Kind.CLOCK_MET] == [("response", 3600)]
    assert [_left(event) for event in late.events if event.kind is Kind.CLOCK_MET] == [("response", -1200)]
    assert late.told("response") == "breached Mon 16:00, met Mon 16:20, due Mon 16:00"


def _left(event: Event) -> tuple[Any, Any]:
    assert event.visibility is Visibility.INTERNAL
    return event.data["metric"], event.data["left_s"]


def test_met_at_the_very_due_time() -> None:
    """SLA-7: an answer at the very instant that the target runs out is in time."""
    desk = history("Mon 10:00 opened high", "Mon 16:00 replied", "Mon 17:00 tick")
    assert desk.told("response") == "met Mon 16:00, due Mon 16:00"


def test_met_in_the_second_of_the_tick() -> None:
    """SLA-7: whether a tick came earlier in that very second makes no difference."""
    desk = history("Mon 10:00 opened high", "Mon 16:00 tick", "Mon 16:00 replied")
    assert desk.told("response") == "met Mon 16:00, due Mon 16:00"


@pytest.mark.parametrize("end", ["closed", "proposed"])
def test_paused_at_the_very_due_time_then_met_late(end: str) -> None:
    """SLA-7: a clock met after its due time is breached, also when a pause began at that very instant."""
    desk = history("Mon 10:00 opened high", "Fri 10:00 asked", f"Mon+1 12:00 {end}")
    restoration = desk.clock("restoration")
    assert restoration.met_at is not None
    assert restoration.met_at <= restoration.due_at or restoration.breached_at


def test_a_slow_tick_leaves_no_breach_out() -> None:
    """SLA-7: warnings and breaches before a command are recorded with it, at their nominal times."""
    desk = history("Mon 10:00 opened high", "Tue 09:30 replied")
    assert desk.log(Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED, Kind.COMMENTED) == [
        "Mon 14:30 clock-warned response",
        "Mon 16:00 clock-breached response",
        "Tue 09:30 commented open",
    ]


def test_no_breach_after_the_time_at_which_the_case_closed() -> None:
    """SLA-3: a clock that closing cancelled does not stand breached by an instant after the closing."""
    # No pauses: the ladder closes Wed+2 10:00, resolution is due Mon+3 10:00; a note comes before the tick.
    desk = history("Mon 10:00 opened high", "Wed 10:00 asked", under=NEVER_PAUSED)
    desk.tick_every_due_time(when("Wed+1 17:00"))
    desk.play("Tue+3 12:00 noted")
    desk.play("Tue+3 13:00 tick")
    assert desk.said(desk.case.closed_at) == "Wed+2 10:00"
    assert desk.case.closed_at is not None
    for clock in desk.case.clocks:
        assert clock.breached_at is None or clock.breached_at <= desk.case.closed_at


def test_the_three_clocks_keep_their_own_dates() -> None:
    """SLA-10: each clock keeps its own target, due, met and missed; none is folded into another."""
    desk = history("Mon 10:00 opened high", "Tue 10:00 replied", "Tue 11:00 restored")
    told = {metric: desk.told(metric) for metric in METRICS}
    assert told == {
        "response": "breached Mon 16:00, met Tue 10:00, due Mon 16:00",
        "restoration": "met Tue 11:00, due Fri 10:00",
        "resolution": "running, due Mon+3 10:00",
    }
    assert [str(desk.clock(metric).target) for metric in METRICS] == ["6bh", "4bd", "15bd"]


def test_holidays_are_no_business_days() -> None:
    """SLA-8: a case counts by the calendar that it was opened under."""
    plain, with_holiday = rules(), rules(closed=("2026-03-04",))
    assert history("Mon 10:00 opened high", under=plain).told("restoration") == "running, due Fri 10:00"
    assert history("Mon 10:00 opened high", under=with_holiday).told("restoration") == "running, due Mon+1 10:00"


def test_a_target_over_a_change_of_daylight_saving() -> None:
    """SLA-1: over a change of daylight saving 24x7 targets count plain hours, business days wall time."""
    zone = "America/New_York"  # clocks go forward on Sunday 2026-03-08 at 02:00
    critical = history("Sat 23:00 opened critical", under=rules(zone=zone), zone=zone)
    assert critical.told("response") == "running, due Sun 04:00"
    high = history("Fri 16:00 opened high", under=rules(zone=zone), zone=zone)
    assert high.told("restoration") == "running, due Thu+1 16:00"


def test_a_round_the_clock_desk_loses_no_minute_at_midnight() -> None:
    """SLA-4: in a 24x7 week business hours are plain hours, over midnights and pauses too."""
    desk = history("Mon 20:00 opened high", "Mon 22:00 asked", "Tue 02:00 answered", under=ROUND_THE_CLOCK)
    assert desk.told("response") == "met Mon 22:00, due Tue 02:00"
    assert desk.told("restoration") == "running, due Sat 00:00"


@pytest.mark.parametrize("under", [rules(), NEVER_PAUSED, FROM_OPEN])
def test_a_clock_survives_being_written_down(under: Rules) -> None:
    """AUD-1: a clock read back from its document is the same clock, in every state."""
    desk = history(
        "Mon 10:00 opened high",
        "Mon 12:00 asked",
        "Mon 14:00 priority low",
        "Mon 15:00 priority critical",
        under=under,
    )
    desk.play("Tue 10:00 answered")
    desk.play("Thu 10:00 restored")
    desk.play("Thu 11:00 withdrew cancelled")
    desk.play("Thu 12:00 reopened")
    for clock in desk.case.clocks:
        assert clocks_.from_document(clocks_.document(clock)) == clock


def test_clocks_of_an_imported_case_may_start_later() -> None:
    """IMP-1: clocks that start after the opening count from there, met by where the case stands."""
    desk = _imported("Mon 10:00 opened high", "Mon 11:00 restored")
    desk.append(
        Event(when("Tue 12:00"), "system", Via.DESK, Kind.CLOCKS_STARTED, Visibility.INTERNAL, {"answered": True})
    )
    assert desk.told("response") == "met Tue 12:00, due Wed 10:00"
    assert desk.told("restoration") == "met Tue 12:00, due Mon+1 12:00"
    assert desk.told("resolution") == "running, due Tue+3 12:00"


def _imported(first: str, *lines: str) -> Desk:
    """A case whose opening starts no clocks."""
    desk = history(first)
    opening = desk.events[0]
    bare = Event(
        opening.at, opening.actor, opening.via, opening.kind, opening.visibility, {**opening.data, "clocks": False}
    )
    desk.events, desk.case = [bare], evolve(None, bare, desk.rules)
    for line in lines:
        desk.play(line)
    assert desk.case.clocks == ()
    return desk


def test_an_answer_on_the_phone_is_logged_as_the_callers() -> None:
    """SLA-3: a closing that staff log for a caller is the customer's own, and answers nothing."""
    desk = history("Mon 10:00 opened high")
    desk.command(
        when("Mon 11:00"), lambda case: lifecycle.close(case, TEXT, "resolved", CONTACT, when("Mon 11:00"))
    )
    assert desk.told("response").startswith("cancelled Mon 11:00")
