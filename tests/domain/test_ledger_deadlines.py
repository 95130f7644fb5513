"""The proof of deadlines: whatever happens to a case, each can be added up by hand (TICK-3, SR-1, INC-2)."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from domain.test_histories import Story, incidents, punctual, requests, tell
from hypothesis import given
from hypothesis import strategies as st
from ledger_checker import faults
from notation import Desk, history, policy, said, when

from carecli.domain.business_time import business_time
from carecli.domain.calendar import Calendar, parse_hours
from carecli.domain.deadline import DeadlineKind
from carecli.domain.instants import iso
from carecli.domain.ledger import Explanation, Pinned
from carecli.domain.ledger_causes import Numbered, Under
from carecli.domain.ledger_deadlines import DeadlineLedger, deadline_ledger, deadline_stories
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType
from carecli.render.explain_document import explain

CALENDARS = (
    Calendar("UTC", parse_hours("Mon-Fri 09:00-17:00"), {}),
    # Winter time ends on 8 March 2026 there, and two days are closed.
    Calendar("America/New_York", parse_hours("Mon-Fri 09:00-17:00"), {"2026-03-04": "Day", "2026-03-16": ""}),
    Calendar("UTC", parse_hours("24x7"), {}),
    Calendar("Europe/Berlin", parse_hours("Mon-Fri 09:00-12:30 13:15-17:00, Sat 10:00-13:00"), {}),
)
PINNED = tuple(Pinned(Rules(policy(), business_time(calendar)), calendar, Under("", "")) for calendar in CALENDARS)


def requested(*lines: str, pinned: Pinned, zone: str = "UTC") -> Desk:
    """A change request."""
    type_, subtype = CaseType.SERVICE_REQUEST, "change-request"
    return history(*lines, under=pinned.rules, zone=zone, type_=type_, subtype=subtype)


def proofs(desk: Desk, pinned: Pinned, at: datetime) -> tuple[DeadlineLedger, ...]:
    told = [Numbered(event, seq) for seq, event in enumerate(desk.events, 1)]
    return tuple(deadline_ledger(story, pinned, at) for story in deadline_stories(told, lambda *_: pinned.rules))


def by_hand(desk: Desk, pinned: Pinned, at: datetime) -> list[str]:
    """What the checker finds wrong with the document of a case's deadlines."""
    told = explain(Explanation(desk.case, pinned, at, (), proofs(desk, pinned, at)))
    events = [
        {"seq": seq, "at": iso(event.at), "kind": event.kind.value, "data": event.data}
        for seq, event in enumerate(desk.events, 1)
    ]
    document: Any = json.loads(json.dumps(told))
    return faults(document, pinned.calendar.document(), events, policy().document)


@given(
    story=st.one_of(requests(6), incidents(6)),
    pinned=st.sampled_from(PINNED),
    later=st.integers(0, 12 * 86_400),
)
def test_every_proof_can_be_added_up_by_hand(story: Story, pinned: Pinned, later: int) -> None:
    """TICK-3: for any history and any moment of looking the lines lead to the due time by the calendar alone."""
    desk = tell(story._replace(under=pinned.rules), punctual)
    at = desk.events[-1].at + timedelta(seconds=later)
    assert by_hand(desk, pinned, at) == []
    ledgers = proofs(desk, pinned, at)
    assert tuple(one.deadline for one in ledgers) == desk.case.deadlines
    assert all(one.adds_up for one in ledgers)


def test_a_decision_over_a_holiday_and_the_change_of_clocks() -> None:
    """SR-1: two business days from Friday 6 March in New York, over the change to summer time."""
    desk = requested("2026-03-06 15:00 opened low", pinned=PINNED[1], zone="America/New_York")
    acknowledged, decided = proofs(desk, PINNED[1], desk.events[0].at)
    # Fri 15:00-17:00, the night of 8 March is one hour shorter, Mon 09:00-17:00, Tue 09:00-15:00: 16 hours.
    assert (decided.deadline.due_at, decided.allowance_s) == (when("2026-03-10 19:00"), 16 * 3600)
    assert acknowledged.deadline.due_at == when("2026-03-09 19:00")
    assert [line.clock_change_s for line in decided.lines if line.clock_change_s] == [3600]


@pytest.mark.parametrize(
    ("lines", "stopped", "marks"),
    [
        ((), "Mon+1 09:00", ["due", "now"]),
        (("Mon 11:00 acknowledged",), "Mon 11:00", ["met", "due"]),
        (("Wed 11:00 acknowledged",), "Wed 11:00", ["due", "met"]),
        (("Mon 12:00 withdrew",), "Mon 12:00", ["cancelled", "due"]),
    ],
)
def test_where_a_deadline_stopped(lines: tuple[str, ...], stopped: str, marks: list[str]) -> None:
    """SR-1: a proof stops where it was met or cancelled, or at the moment of looking; the mark says which."""
    desk = requested("Mon 09:00 opened low", *lines, pinned=PINNED[0])
    proof = proofs(desk, PINNED[0], when("Mon+1 09:00"))[0]
    assert (proof.deadline.kind, said(proof.stop_at)) == (DeadlineKind.ACKNOWLEDGEMENT, stopped)
    assert [mark.name for mark in proof.marks] == marks
    assert (proof.story.end is None) == (not lines)
    assert proof.margin_s == int((proof.deadline.due_at - proof.stop_at).total_seconds())


def test_a_date_that_was_set_is_not_counted() -> None:
    """INC-2: an action is due by a date; there is nothing to add up, and it adds up."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 declared", "Mon 11:00 tasked 48", under=PINNED[0].rules)
    (proof,) = proofs(desk, PINNED[0], when("Tue 09:00"))
    assert (proof.deadline.kind, proof.target, proof.allowance_s, proof.lines) == (
        DeadlineKind.ACTION,
        None,
        None,
        (),
    )
    assert proof.adds_up
    assert proof.margin_s == 26 * 3600
