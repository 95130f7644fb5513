"""Other rules for a case that runs: what its clocks, its ladder and its deadlines come to (SLA-8).

Every due time was worked out by hand; office hours are Mon-Fri 09:00-17:00 in UTC, so that a business day has
eight hours. A Care case of high priority is promised a response in 6 bh, its restoration in 4 bd, its resolution
in 15 bd. 75 % of the 4 bd, counted from Mon 09:00, are up on Wed 17:00.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from notation import history, rules, when
from rebasing_notation import MARKS, rebase

from carecli.domain import case_state
from carecli.domain.events import Kind
from carecli.domain.rebasing import timed_by
from carecli.domain.vocabulary import CaseType


def targets(priority: str = "high", **promised: str) -> Mapping[str, Any]:
    """The default policy, but for what a Care case of one priority is promised."""
    return {"targets": {"care": {priority: promised}}}


RESTORATIONS = [
    # what happened before; the rebasing; the new target; what the clock says then, and its marks from there on
    # tighter, and still to come: Mon 09:00 + 2 bd
    ((), "Tue 12:00", "2bd", "running, due Wed 09:00", []),
    # tighter, and past: it is due now, not on Wednesday
    ((), "Thu 10:00", "2bd", "breached Thu 10:00, due Thu 10:00", ["Thu 10:00 clock-breached restoration"]),
    # the same before it warned: both come now
    (
        (),
        "Wed 12:00",
        "1bd",
        "breached Wed 12:00, due Wed 12:00",
        ["Wed 12:00 clock-warned restoration", "Wed 12:00 clock-breached restoration"],
    ),
    # 75 % of 3 bd are 18 bh, gone by on Wed 11:00: the warning that was not given comes now
    ((), "Wed 12:00", "3bd", "running, due Thu 09:00", ["Wed 12:00 clock-warned restoration"]),
    # longer: warned on Wed 17:00 by the old target, to be warned again by the new one, at 36 bh
    ((), "Thu 12:00", "6bd", "running, due Tue+1 09:00", []),
    # breached on Fri 09:00, and not any more
    ((), "Fri 12:00", "6bd", "running, due Tue+1 09:00", []),
    # breached by both, as of the later due time
    ((), "Mon+1 12:00", "5bd", "breached Mon+1 09:00, due Mon+1 09:00", []),
    # breached by both, never before it was
    ((), "Mon+1 12:00", "2bd", "breached Fri 09:00, due Fri 09:00", []),
    # 24x7: 30 h from Mon 09:00, 75 % of them up on Tue 07:30
    ((), "Tue 12:00", "30h", "running, due Tue 15:00", ["Tue 12:00 clock-warned restoration"]),
    # paused on Tue 09:00: due as of the pause
    (("Tue 09:00 asked",), "Wed 12:00", "6bd", "paused Tue 09:00, due Tue+1 09:00", []),
    # used up before the pause: late, and known to be now
    (
        ("Thu 09:00 asked",),
        "Fri 12:00",
        "2bd",
        "breached Fri 12:00, due Fri 12:00",
        ["Fri 12:00 clock-breached restoration"],
    ),
    # half used up before the pause: what lies in it is not late
    (("Tue 09:00 asked",), "Fri 12:00", "2bd", "paused Tue 09:00, due Wed 09:00", []),
    # met, and so left alone
    (("Thu 16:00 restored",), "Fri 12:00", "2bd", "met Thu 16:00, due Fri 09:00", []),
    # met too late, and left alone
    (("Fri 16:00 restored",), "Mon+1 12:00", "20bd", "breached Fri 09:00, met Fri 16:00, due Fri 09:00", []),
    # nothing is promised any more
    ((), "Tue 12:00", "-", "cancelled Tue 12:00, due Fri 09:00", []),
]


@pytest.mark.parametrize(("before", "at", "target", "told", "marks"), RESTORATIONS)
def test_a_clock_is_counted_anew(
    before: tuple[str, ...], at: str, target: str, told: str, marks: list[str]
) -> None:
    """SLA-8: an unmet clock counts by the new target, never due in the past unless it stood breached then."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied", *before)
    desk.tick(when(at))
    recorded = rebase(desk, at, rules(targets(restoration=target)))
    assert desk.told("restoration") == told
    assert [desk.line(event) for event in recorded if event.kind in MARKS] == marks
    assert recorded[0].kind is Kind.REBASED


def test_what_fell_due_before_is_recorded_by_the_old_rules() -> None:
    """SLA-7, SLA-8: a breach that no tick has seen yet is on record before the rules change."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    recorded = rebase(desk, "Fri 12:00", rules(targets(restoration="2bd")))
    assert [desk.line(event) for event in recorded] == [
        "Wed 17:00 clock-warned restoration",
        "Fri 09:00 clock-breached restoration",
        "Fri 12:00 rebased",
    ]
    assert desk.told("restoration") == "breached Fri 09:00, due Fri 09:00"


def test_a_breach_that_is_lifted_may_come_again() -> None:
    """SLA-7, SLA-8: its first event stays, and the new due time brings one of its own."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Fri 12:00", rules(targets(restoration="6bd")))
    desk.tick(when("Wed+1 09:00"))
    breaches = [line for line in desk.log(Kind.CLOCK_BREACHED) if "restoration" in line]
    assert breaches == ["Fri 09:00 clock-breached restoration", "Tue+1 09:00 clock-breached restoration"]


def test_the_response_clock_too() -> None:
    """SLA-8: 6 bh from Mon 09:00 are up at 15:00; 2 bh would have been at 11:00."""
    desk = history("Mon 09:00 opened high")
    rebase(desk, "Mon 12:00", rules(targets(response="2bh")))
    assert desk.told("response") == "breached Mon 12:00, due Mon 12:00"
    desk.play("Mon 13:00 replied")
    assert desk.told("response") == "breached Mon 12:00, met Mon 13:00, due Mon 12:00"


def test_a_closed_day_that_came_in() -> None:
    """SLA-8: a holiday on the Wednesday puts 4 bd from Mon 09:00 off to the next Monday."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Tue 12:00", rules(closed=("2026-03-04",)))
    assert desk.told("restoration") == "running, due Mon+1 09:00"


def test_a_pause_goes_on() -> None:
    """SLA-4, SLA-8: of 6 bd (48 bh) 8 bh were used by Tue 09:00; from Thu 09:00 40 bh are left."""
    desk = history("Mon 09:00 opened high", "Tue 09:00 asked")
    rebase(desk, "Wed 12:00", rules(targets(restoration="6bd")))
    desk.play("Thu 09:00 answered")
    assert desk.told("restoration") == "running, due Wed+1 17:00"


def test_a_pause_over_the_new_due_time() -> None:
    """SLA-4, SLA-8: of 2 bd (16 bh) 8 bh were used by Tue 09:00; the other eight are those of Mon+1."""
    desk = history("Mon 09:00 opened high", "Tue 09:00 asked")
    rebase(desk, "Fri 12:00", rules(targets(restoration="2bd")))
    desk.play("Mon+1 09:00 answered")
    assert desk.told("restoration") == "running, due Mon+1 17:00"


def test_late_before_the_pause_stays_late_after_it() -> None:
    """SLA-8: what was used up before the pause is late as of the rebasing, once."""
    desk = history("Mon 09:00 opened high", "Thu 09:00 asked")
    rebase(desk, "Fri 12:00", rules(targets(restoration="2bd")))
    desk.play("Mon+1 09:00 answered")
    desk.tick(when("Tue+1 09:00"))
    assert desk.told("restoration") == "breached Fri 12:00, due Fri 12:00"
    assert [line for line in desk.log(Kind.CLOCK_BREACHED) if "restoration" in line] == [
        "Fri 12:00 clock-breached restoration"
    ]


def test_a_due_time_that_no_pause_can_move_stays() -> None:
    """SLA-4, SLA-8: used up on Mon 17:00 and due on Tue 09:00, whatever is asked between: rules leave it so."""
    told = []
    for restated in (False, True):
        desk = history("Mon 05:00 opened high", "Mon 18:00 asked", under=rules(targets(restoration="1bd")))
        if restated:
            recorded = rebase(desk, "Tue 12:00", rules(targets(restoration="1bd", resolution="20bd")))
            # What fell due before goes on record first, as a tick would have done.
            marks = [desk.line(event) for event in recorded if event.kind in MARKS]
            assert marks == ["Tue 09:00 clock-breached restoration"]
        desk.play("Wed 09:00 answered")
        desk.tick(when("Wed 09:15"))
        told.append(desk.told("restoration"))
    assert told == ["breached Tue 09:00, due Tue 09:00"] * 2


def test_rules_that_pause_no_more() -> None:
    """SLA-4, SLA-8: the pause ends with the rebasing; the 8 bh of Tuesday stay left out of the 32."""
    desk = history("Mon 09:00 opened high", "Tue 09:00 asked")
    rebase(desk, "Wed 09:00", rules({"sla": {"pause": []}}))
    assert desk.told("restoration") == "running, due Fri 17:00"


def test_rules_that_pause_from_now_on() -> None:
    """SLA-4, SLA-8: the pause begins with the rebasing; the wait before it has counted."""
    desk = history("Mon 09:00 opened high", "Tue 09:00 asked", under=rules({"sla": {"pause": []}}))
    rebase(desk, "Wed 09:00", rules())
    assert desk.told("restoration") == "paused Wed 09:00, due Fri 09:00"
    desk.play("Thu 09:00 answered")
    assert desk.told("restoration") == "running, due Fri 17:00"


def test_rejected_after_the_rebasing() -> None:
    """SLA-3, SLA-8: met before, it runs again by the new rules: of 48 bh 32 are left on Fri 09:00."""
    desk = history("Mon 09:00 opened high", "Wed 09:00 restored")
    rebase(desk, "Thu 09:00", rules(targets(restoration="6bd")))
    assert desk.told("restoration") == "met Wed 09:00, due Fri 09:00"
    desk.play("Fri 09:00 rejected")
    assert desk.told("restoration") == "running, due Wed+1 17:00"


def test_rejected_after_a_tighter_one() -> None:
    """SLA-8: where the new target was used up before it was met, it is late as soon as it runs again."""
    desk = history("Mon 09:00 opened high", "Wed 09:00 restored")
    rebase(desk, "Thu 09:00", rules(targets(restoration="1bd")))
    desk.play("Fri 09:00 rejected")
    assert desk.told("restoration") == "running, due Fri 09:00"
    assert [desk.line(event) for event in desk.tick(when("Fri 09:15"))] == [
        "Fri 09:00 clock-warned restoration",
        "Fri 09:00 clock-breached restoration",
    ]


def test_reopened_after_the_rebasing() -> None:
    """SLA-6, SLA-8: 16 of 48 bh were used by Wed 09:00; 32 are left on Mon+1 09:00. The response is a new one."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied", "Wed 09:00 restored")
    rebase(desk, "Thu 09:00", rules(targets(response="3bh", restoration="6bd")))
    desk.play("Fri 09:00 accepted")
    desk.play("Mon+1 09:00 reopened")
    assert desk.told("restoration") == "running, due Thu+1 17:00"
    assert desk.told("response") == "running, due Mon+1 12:00"
    assert desk.told("response", 1) == "met Mon 10:00, due Mon 15:00"


def test_raised_after_the_rebasing() -> None:
    """SLA-5, SLA-8: the earlier of the due time by the new rules and the raise with their target."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Tue 09:00", rules({"targets": {"care": {"high": {"restoration": "8bd"}}}}))
    assert desk.told("restoration") == "running, due Thu+1 09:00"
    desk.play("Tue 12:00 priority critical")
    assert desk.told("restoration") == "running, due Tue 18:00"


def test_a_raise_that_had_lost() -> None:
    """SLA-5, SLA-8: each raise is decided again by the new rules.

    Opened medium, 10 bd are Mon+2 09:00. Raised on Fri+1 09:00, 4 bd would be Thu+2 09:00: the old due time won.
    Promised 20 bd for medium, it would have been Mon+4 09:00, and the raise would have won.
    """
    lines = ("Mon 09:00 opened medium", "Mon 10:00 replied", "Fri+1 09:00 priority high")
    desk = history(*lines)
    assert desk.told("restoration") == "running, due Mon+2 09:00"
    rebase(desk, "Fri+1 12:00", rules(targets("high", restoration="4bd", response="5bh")))
    assert desk.told("restoration") == "running, due Mon+2 09:00"
    rebase(desk, "Fri+1 13:00", rules(targets("medium", restoration="20bd")))
    assert desk.told("restoration") == "running, due Thu+2 09:00"
    rebase(desk, "Fri+1 14:00", rules())
    assert desk.told("restoration") == "running, due Mon+2 09:00"


def test_a_raise_that_had_won() -> None:
    """SLA-5, SLA-8: raised on Tue 09:00, 4 bd are Mon+1 09:00; 3 bd for medium would be Thu 09:00, and earlier."""
    desk = history("Mon 09:00 opened medium", "Mon 10:00 replied", "Tue 09:00 priority high")
    assert desk.told("restoration") == "running, due Mon+1 09:00"
    rebase(desk, "Tue 12:00", rules(targets("medium", restoration="3bd")))
    assert desk.told("restoration") == "running, due Thu 09:00"


def test_a_raise_that_lost_while_the_clock_was_met() -> None:
    """SLA-5, SLA-8: the clock that runs again knows by which priority it is counted.

    Opened medium (10 bd, Mon+2 09:00), raised Fri+1 09:00 in vain, restored Fri+1 10:00. By 12 bd for medium it
    would be due Wed+2 09:00, before the raise's Thu+2 09:00; the five hours of Fri+1 from 10:00 to 15:00 are left
    out.
    """
    lines = ("Mon 09:00 opened medium", "Mon 10:00 replied", "Fri+1 09:00 priority high", "Fri+1 10:00 restored")
    desk = history(*lines)
    rebase(desk, "Fri+1 12:00", rules(targets("medium", restoration="12bd")))
    assert desk.told("restoration") == "met Fri+1 10:00, due Mon+2 09:00"
    desk.play("Fri+1 15:00 rejected")
    assert desk.told("restoration") == "running, due Wed+2 14:00"


def test_lowered_after_it_was_overtaken() -> None:
    """SLA-5, SLA-8: a breach by the rebasing does not move to before it when the severity is lowered."""
    new = rules({"targets": {"care": {"high": {"restoration": "2bd"}, "medium": {"restoration": "3bd"}}}})
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Thu 10:00", new)
    desk.play("Thu 12:00 priority medium")
    assert desk.told("restoration") == "breached Thu 10:00, due Thu 10:00"


def test_lowered_to_what_would_have_been_late() -> None:
    """SLA-5, SLA-8: where low is promised less time than high, lowering brings no mark of before the rebasing."""
    new = rules({"targets": {"care": {"high": {"restoration": "8bd"}, "medium": {"restoration": "1bd"}}}})
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Wed 12:00", new)
    desk.play("Wed 13:00 priority medium")
    desk.tick(when("Wed 13:15"))
    assert desk.told("restoration") == "breached Wed 12:00, due Wed 12:00"


def test_lowered_to_what_is_not_late() -> None:
    """SLA-5, SLA-8: 10 bd for medium lift the breach that a rebasing brought."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Thu 10:00", rules(targets(restoration="2bd")))
    desk.play("Thu 12:00 priority medium")
    assert desk.told("restoration") == "running, due Mon+2 09:00"


def test_what_is_newly_promised_begins_with_the_rebasing() -> None:
    """SLA-5, SLA-8: Low promises no restoration; 5 bd of the new rules count from Tue 12:00."""
    desk = history("Mon 09:00 opened low", "Mon 10:00 replied")
    assert desk.told("restoration") == "-"
    rebase(desk, "Tue 12:00", rules(targets("low", restoration="5bd")))
    assert desk.told("restoration") == "running, due Tue+1 12:00"


def test_promised_again_is_a_new_cycle() -> None:
    """SLA-5, SLA-8: what one rebasing ended another begins anew, from there."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Tue 12:00", rules(targets(restoration="-")))
    rebase(desk, "Wed 12:00", rules())
    assert desk.told("restoration", 1) == "cancelled Tue 12:00, due Fri 09:00"
    assert desk.told("restoration", 2) == "running, due Tue+1 12:00"


def test_what_ends_keeps_its_hours() -> None:
    """SLA-8: ended while it was paused, it stays due as of the pause, by the hours of before."""
    desk = history("Mon 09:00 opened high", "Tue 09:00 asked")
    rebase(desk, "Wed 12:00", rules(targets(restoration="-"), closed=("2026-03-05",)))
    assert desk.told("restoration") == "cancelled Wed 12:00, due Fri 09:00"


def test_by_which_rules_a_clock_is_timed() -> None:
    """SLA-8: what was met before a rebasing keeps the rules of before, what runs has those of now."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied", "Tue 09:00 restored")
    rebase(desk, "Wed 12:00", rules(targets(restoration="3bd")))
    rebase(desk, "Thu 12:00", rules(targets(restoration="5bd")))
    desk.play("Thu 13:00 priority critical")
    state = case_state.state(desk.case)
    assert [timed_by(clock, state) for clock in state["clocks"]] == [
        ("policy-hash", "calendar-hash"),
        ("policy-hash", "calendar-hash"),
        ("policy-2", "calendar-2"),
    ]
    desk.play("Thu 14:00 rejected")
    state = case_state.state(desk.case)
    assert timed_by(state["clocks"][1], state) == ("policy-2", "calendar-2")


def test_a_case_without_clocks_gets_none() -> None:
    """SLA-2, SLA-8: which case types have clocks is asked when a case is opened."""
    desk = history("Mon 09:00 opened high", type_=CaseType.ADMIN)
    rebase(desk, "Tue 12:00", rules({"sla": {"types": ["support", "incident", "admin"]}}))
    assert desk.case.clocks == ()
    assert desk.case.policy == "policy-1"


def test_a_ladder_keeps_the_days_that_were_told() -> None:
    """FU-1, SLA-8: reminders after 2 and 5 bd stay; the next round goes by the new days."""
    desk = history("Mon 09:00 opened high", "Mon 09:00 asked")
    rebase(desk, "Tue 12:00", rules({"followup": {"stages": [1, 3]}}))
    desk.tick_every_due_time(when("Fri 09:00"))
    desk.play("Fri 09:00 answered")
    desk.play("Fri 10:00 asked")
    desk.tick_every_due_time(when("Mon+2 09:00"))
    assert desk.log(Kind.FOLLOW_UP_SENT, Kind.CLOSED) == [
        "Wed 09:00 follow-up-sent 1.1",
        "Mon+1 10:00 follow-up-sent 2.1",
        "Wed+1 10:00 follow-up-sent 2.2",
        "Wed+1 10:00 closed closed",
    ]


def test_a_ladder_is_walked_to_its_end_by_the_days_that_were_told() -> None:
    """FU-1, SLA-8: two rebasings do not shorten it, and one back to its own rules frees it of its mark."""
    desk = history("Mon 09:00 opened high", "Mon 09:00 asked")
    rebase(desk, "Tue 12:00", rules({"followup": {"stages": [1, 3]}}))
    rebase(desk, "Tue 13:00", rules({"followup": {"stages": [4, 8], "days": "calendar"}}))
    assert desk.case.followup is not None
    assert desk.case.followup.days == ((2, 5, 10), True)
    desk.tick_every_due_time(when("Mon+3 09:00"))
    assert desk.log(Kind.FOLLOW_UP_SENT, Kind.CLOSED) == [
        "Wed 09:00 follow-up-sent 1.1",
        "Mon+1 09:00 follow-up-sent 1.2",
        "Mon+2 09:00 follow-up-sent 1.3",
        "Mon+2 09:00 closed closed",
    ]


def test_a_ladder_waits_over_closed_days_that_came_in() -> None:
    """FU-2, SLA-8: a holiday on the Tuesday puts the reminder of Wed 09:00 off to Thu 09:00."""
    desk = history("Mon 09:00 opened high", "Mon 09:00 asked")
    rebase(desk, "Mon 12:00", rules(closed=("2026-03-03",)))
    assert desk.said(desk.next_due()) == "Thu 09:00"


def test_a_ladder_never_hurries() -> None:
    """FU-2, SLA-8: a holiday that goes again does not bring a reminder sooner than it was to come."""
    desk = history("Mon 09:00 opened high", "Mon 09:00 asked", under=rules(closed=("2026-03-03",)))
    rebase(desk, "Mon 12:00", rules())
    assert desk.said(desk.next_due()) == "Thu 09:00"


def test_deadlines_keep_their_dates() -> None:
    """SR-1, SLA-8: an acknowledgement promised within 1 bd is due then, whatever the rules become."""
    kind: dict[str, Any] = {"type_": CaseType.SERVICE_REQUEST, "subtype": "change-request"}
    desk = history("Mon 09:00 opened high", **kind)
    before = desk.case.deadlines
    rebase(desk, "Mon 12:00", rules({"sr": {"acknowledge": "5bd", "decision": "9bd"}}, closed=("2026-03-03",)))
    assert desk.case.deadlines == before
    assert [desk.said(one.due_at) for one in before] == ["Tue 09:00", "Wed 09:00"]


def test_a_closed_case_is_counted_anew_when_it_is_reopened() -> None:
    """SLA-6, SLA-8: what a closed case came to stays; reopened it goes on by the new rules."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied", "Wed 09:00 closed")
    before = desk.case.clocks
    rebase(desk, "Thu 09:00", rules(targets(restoration="6bd")))
    assert desk.case.clocks == before
    desk.play("Mon+1 09:00 reopened")
    assert desk.told("restoration") == "running, due Thu+1 17:00"


def test_what_was_used_up_and_is_late_stays_as_it_is() -> None:
    """SLA-4, SLA-8: 1 bd from Mon 08:00, asked when used up: the same rules begin no pause of it afterwards."""
    day = rules({"targets": {"care": {"high": {"restoration": "1bd"}}}})
    desk = history("Mon 08:00 opened high", "Mon 18:26 asked", "Tue 10:00 tick", under=day)
    before = desk.clock("restoration")
    assert desk.told("restoration") == "breached Tue 09:00, due Tue 09:00"
    rebase(desk, "Tue 11:00", day)
    assert desk.clock("restoration") == before


def test_rules_that_leave_nothing_to_pause() -> None:
    """SLA-4, SLA-8: paused with days left, and then promised one that was used up before: it is due as said."""
    day = rules({"targets": {"care": {"high": {"restoration": "1bd"}}}})
    desk = history("Mon 08:00 opened high", "Mon 18:26 asked")
    assert desk.told("restoration") == "paused Mon 18:26, due Fri 09:00"
    rebase(desk, "Mon 20:00", day)
    assert desk.told("restoration") == "running, due Tue 09:00"
    desk.play("Tue 12:00 restored")
    assert desk.told("restoration") == "breached Tue 09:00, met Tue 12:00, due Tue 09:00"
