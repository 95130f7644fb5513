"""Past cases under another policy: what their clocks would have come to, the cases left as they are (SLA-8).

Every time was worked out by hand; office hours are Mon-Fri 09:00-17:00 in UTC. A Care case of high priority is
promised a response in 6 bh and its restoration in 4 bd: opened on Mon 09:00 that is Mon 15:00 and Fri 09:00.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from notation import Desk, history, rules, when
from rebasing_notation import rebase

from carecli.domain import whatif
from carecli.domain.case import Case
from carecli.domain.events import Kind
from carecli.domain.rules import Rules

LATER = "Mon+4 09:00"


def recounted(desk: Desk, to: Rules, until: str = LATER, calendars: Mapping[str, Rules] | None = None) -> Case:
    """The case under the policy of `to`; a calendar hash has the hours of the rules named so."""

    def found(policy: str, calendar: str) -> Rules:
        assert policy == "other"
        hours = (calendars or {}).get(calendar, to)
        return Rules(to.policy, hours.calendar)

    return whatif.recounted(desk.events, found, "other", when(until))


def told(desk: Desk, case: Case, metric: str = "restoration") -> str:
    """A clock of another case than the desk's, in a few words."""
    return Desk(desk.rules, desk.events, case).told(metric)


def high(**promised: str) -> Rules:
    """The default rules, but for what a Care case of high priority is promised."""
    changed: Mapping[str, Any] = {"targets": {"care": {"high": promised}}}
    return rules(changed)


RECOUNTED = [
    # what happened; the other target; the clock under it
    (("Thu 12:00 restored",), "2bd", "breached Wed 09:00, met Thu 12:00, due Wed 09:00"),
    (("Mon+1 12:00 restored",), "6bd", "met Mon+1 12:00, due Tue+1 09:00"),
    (("Mon+1 12:00 restored",), "5bd", "breached Mon+1 09:00, met Mon+1 12:00, due Mon+1 09:00"),
    ((), "6bd", "breached Tue+1 09:00, due Tue+1 09:00"),
    # 8 bh used by Tue 09:00; paused till Thu 09:00: of 16 bh eight are left
    (("Tue 09:00 asked", "Thu 09:00 answered", "Fri 12:00 restored"), "2bd", None),
    (("Wed 09:00 restored", "Thu 09:00 rejected", "Fri 17:00 restored"), "6bd", "met Fri 17:00, due Tue+1 17:00"),
    # raised on Tue 09:00: the raise and 6 h, Tue 15:00, come before 2 bd, which are Wed 09:00
    (
        ("Tue 09:00 priority critical", "Tue 16:00 restored"),
        "2bd",
        "breached Tue 15:00, met Tue 16:00, due Tue 15:00",
    ),
    (("Tue 09:00 closed cancelled",), "1bh", "cancelled Tue 09:00, due Mon 10:00"),
    ((), "-", "-"),
]


@pytest.mark.parametrize(("lines", "target", "clock"), RECOUNTED)
def test_a_history_under_another_policy(lines: tuple[str, ...], target: str, clock: str | None) -> None:
    """SLA-8: what people did is held against another promise; due in the very second is met."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied", *lines)
    desk.tick_every_due_time(when(LATER))
    before = desk.case
    expected = clock or "breached Thu 17:00, met Fri 12:00, due Thu 17:00"
    assert told(desk, recounted(desk, high(restoration=target))) == expected
    assert desk.case is before


def test_met_in_the_very_second() -> None:
    """SLA-7, SLA-8: a command in the second in which a clock falls due comes first."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    assert told(desk, recounted(desk, high(response="1bh")), "response") == "met Mon 10:00, due Mon 10:00"


def test_up_to_an_instant() -> None:
    """SLA-8, TICK-3: what came later is not looked at; what falls due at the instant is due."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied", "Mon+1 12:00 restored")
    other = high(restoration="3bd")
    assert told(desk, recounted(desk, other, "Thu 08:59")) == "running, due Thu 09:00"
    assert told(desk, recounted(desk, other, "Thu 09:00")) == "breached Thu 09:00, due Thu 09:00"


def test_pauses_are_those_of_the_other_policy() -> None:
    """SLA-4, SLA-8: without pauses the wait for the customer counts."""
    desk = history("Mon 09:00 opened high", "Tue 09:00 asked", "Mon+1 09:00 answered", "Mon+1 12:00 restored")
    assert desk.told("restoration") == "met Mon+1 12:00, due Wed+1 17:00"
    other = recounted(desk, rules({"sla": {"pause": []}}))
    assert told(desk, other) == "breached Fri 09:00, met Mon+1 12:00, due Fri 09:00"


def test_a_close_by_silence_stays() -> None:
    """FU-1, SLA-8: what was sent was sent: the ladder of the other policy is not walked."""
    desk = history("Mon 09:00 opened high", "Mon 09:00 asked")
    desk.tick_every_due_time(when(LATER))
    case = recounted(desk, rules({"followup": {"stages": [1, 2]}}))
    assert (case.closed_at, case.closed_by) == (when("Mon+2 09:00"), "auto-follow-up")
    assert case.policy == "other"


def test_a_change_of_policy_never_happened() -> None:
    """SLA-8: a rebasing to another policy is left out; 3 bd from Mon 09:00, as if they had always held."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Fri 12:00", high(restoration="2bd"))
    desk.events[-1] = desk.events[-1]._replace(data={**desk.events[-1].data, "calendar": "calendar-hash"})
    case = recounted(desk, high(restoration="3bd"))
    assert told(desk, case) == "breached Thu 09:00, due Thu 09:00"
    assert case.rebasings == ()


def test_a_change_of_calendar_stays() -> None:
    """SLA-8: the hours that a case had, and when it got them, are the same under any policy."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 replied")
    rebase(desk, "Tue 12:00", rules(closed=("2026-03-04",)))
    hours = {"calendar-hash": rules(), "calendar-1": rules(closed=("2026-03-04",))}
    case = recounted(desk, high(restoration="3bd"), calendars=hours)
    assert told(desk, case) == "breached Fri 09:00, due Fri 09:00"
    assert [one.at for one in case.rebasings] == [when("Tue 12:00")]


def test_deadlines_too() -> None:
    """SR-1, SLA-8: a post-mortem that had 2 bd is late where it has 1 bd."""
    lines = ("Mon 10:00 declared", "Mon 12:00 restored", "Wed 10:00 examined")
    desk = history("Mon 09:00 opened high", *lines)
    desk.tick_every_due_time(when(LATER))
    assert [one.missed_at for one in desk.case.deadlines] == [None]
    (late,) = recounted(desk, rules({"incidents": {"post_mortem": "1bd"}})).deadlines
    assert (late.missed_at, late.met_at) == (when("Tue 12:00"), when("Wed 10:00"))


def test_what_is_left_out() -> None:
    """SLA-7, SLA-8: warnings and breaches of the old promise tell nothing of the new one."""
    desk = history("Mon 09:00 opened high")
    desk.tick_every_due_time(when(LATER))
    kinds = {event.kind for event in whatif.under(desk.events, "other", when(LATER))}
    assert {event.kind for event in desk.events} > kinds == {Kind.OPENED}
