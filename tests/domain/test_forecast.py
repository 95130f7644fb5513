"""What time will do next, held against what it then does."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from notation import Desk, history, rules, when

from carecli.domain import forecast
from carecli.domain.events import Event, Kind
from carecli.domain.forecast import Coming
from carecli.domain.vocabulary import CaseType

STORIES = {
    "new": ("Mon 09:00 opened high",),
    "asked": ("Mon 09:00 opened high", "Mon 09:40 asked"),
    "proposed": ("Mon 09:00 opened medium", "Mon 10:00 replied", "Tue 11:00 proposed"),
    "warned": ("Mon 09:00 opened high", "Mon 14:00 tick"),
    "breached": ("Mon 09:00 opened critical", "Mon 15:00 tick"),
    "restored": ("Mon 09:00 opened high", "Mon 10:00 restored"),
    "second round": ("Mon 09:00 opened low", "Mon 10:00 asked", "Tue 10:00 answered", "Wed 10:00 asked"),
    "second cycle": ("Mon 09:00 opened high", "Mon 10:00 closed", "Tue 10:00 reopened"),
    "closed": ("Mon 09:00 opened high", "Mon 10:00 closed"),
    "post-mortem": ("Mon 09:00 opened high", "Mon 10:00 declared", "Mon 11:00 restored"),
    "action": ("Mon 09:00 opened high", "Mon 10:00 declared", "Mon 11:00 tasked 30", "Mon 12:00 withdrew"),
    # Silence closes it as Resolved, and with that the time of its post-mortem begins.
    "to be closed": ("Mon 09:00 opened high", "Mon 10:00 declared", "Mon 11:00 proposed"),
}
LATER = when("Mon+8 09:00")


def foretold(desk: Desk, now: datetime, until: datetime = LATER) -> list[str]:
    """A forecast in a few words."""
    coming = forecast.coming(desk.case, desk.rules, now, until, desk.last_tick)
    return [
        f"{desk.said(c.due_at)} {c.effect} {c.deadline.kind if c.deadline else c.timer.metric or c.stage}"
        for c in coming
    ]


def done(desk: Desk, events: list[Event]) -> Iterator[str]:
    """What time did, in the same words; a reminder by when it was due."""
    for event in events:
        data = event.data
        if event.kind is Kind.FOLLOW_UP_SENT:
            yield f"{desk.said(datetime.fromisoformat(data['due_at']))} {data['action']} {data['stage']}"
        elif event.kind in {Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED}:
            effect = "warning" if event.kind is Kind.CLOCK_WARNED else "breach"
            yield f"{desk.said(event.at)} {effect} {data['metric']}"
        elif event.kind is Kind.DEADLINE_MISSED:
            yield f"{desk.said(event.at)} deadline {data['deadline']}"


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=5), timedelta(days=4), timedelta(days=20)])
@pytest.mark.parametrize("story", STORIES)
def test_a_forecast_comes_true(story: str, late: timedelta) -> None:
    """TICK-2 and FU-4: what is foretold is what a tick now, and one at each due time after it, then does."""
    desk = history(*STORIES[story])
    now = desk.events[-1].at + late
    told = foretold(desk, now)
    start = len(desk.events)
    desk.tick(now)
    desk.tick_every_due_time(LATER)
    assert told == list(done(desk, desk.events[start:]))
    assert bool(told) == (story != "closed")


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=30)])
def test_a_request_comes_true(late: timedelta) -> None:
    """SR-1: what is due of a change request is foretold, and missed then."""
    desk = history("Mon 09:00 opened low", type_=CaseType.SERVICE_REQUEST, subtype="change-request")
    now = desk.events[-1].at + late
    told = foretold(desk, now)
    desk.tick(now)
    desk.tick_every_due_time(LATER)
    assert told == ["Tue 09:00 deadline acknowledgement", "Wed 09:00 deadline decision"]
    assert told == list(done(desk, desk.events))


def test_one_thing_leads_to_the_next() -> None:
    """TICK-2 and FU-1: a reminder leads to the second one and to the close, which ends the clocks."""
    desk = history("Mon 09:00 opened high", "Mon 09:40 asked")
    assert foretold(desk, when("Mon 10:00")) == [
        "Wed 09:40 reminder 1",
        "Mon+1 09:40 reminder 2",
        "Mon+2 09:40 close 3",
    ]


def test_the_horizon_is_the_last_moment_told() -> None:
    """TICK-2: what is due at the horizon belongs to it, a second later does not."""
    desk = history("Mon 09:00 opened high", "Mon 09:40 asked")
    due = when("Wed 09:40")
    assert foretold(desk, when("Mon 10:00"), due) == ["Wed 09:40 reminder 1"]
    assert foretold(desk, when("Mon 10:00"), due - timedelta(seconds=1)) == []


def test_what_is_overdue_comes_now_and_moves_the_rest() -> None:
    """FU-4: after an outage the overdue reminder comes with the next tick, and the stages behind it move along."""
    desk = history("Mon 09:00 opened high", "Mon 09:40 asked", "Mon 10:00 tick")
    now = when("Tue+1 12:00")
    first, *rest = forecast.coming(desk.case, desk.rules, now, LATER, desk.last_tick)
    assert (desk.said(first.due_at), first.left_s(now)) == (
        "Wed 09:40",
        -int(timedelta(days=6, hours=2, minutes=20).total_seconds()),
    )
    assert [desk.said(one.due_at) for one in rest] == ["Fri+1 12:00", "Fri+2 12:00"]


def test_a_forecast_leaves_the_case_as_it_is() -> None:
    """TICK-2: each line shows the case as it stands now, not as time will leave it."""
    desk = history("Mon 09:00 opened high", "Mon 09:40 asked")
    coming = list(forecast.coming(desk.case, desk.rules, when("Mon 10:00"), LATER))
    assert [one.case for one in coming] == [desk.case] * 3


def test_many_cases_come_in_one_order_and_are_looked_into_in_turn() -> None:
    """TICK-1: what comes to many cases is told as it fires; a case whose turn does not come is not looked into."""
    under = rules()
    looked: list[int] = []

    def lines(number: int, first: str) -> tuple[datetime, int, Iterator[Coming]]:
        desk = history(f"{first} opened high", f"{first} asked", under=under)
        case = desk.case._replace(number=number)

        def when_taken() -> Iterator[Coming]:
            looked.append(number)
            yield from forecast.coming(case, under, case.opened_at, LATER)

        assert case.followup
        assert case.followup.next_at
        return case.followup.next_at, number, when_taken()

    cases = [lines(2, "Mon 09:00"), lines(7, "Mon 09:00"), lines(1, "Wed 09:00"), lines(3, "Thu+3 09:00")]
    merged = forecast.merged(iter(cases))
    first = [next(merged) for _ in range(4)]
    assert [(one.timer.number, one.stage) for one in first] == [(2, 1), (7, 1), (1, 1), (2, 2)]
    assert looked == [2, 7, 1]
    rest = [*first, *merged]
    assert [one.timer for one in rest] == sorted(one.timer for one in rest)
    assert len(rest) == 12
