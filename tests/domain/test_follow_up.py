"""The auto follow-up ladder: when it starts, goes on, is stopped, paced or held (FU-1..6).

Unless a row says otherwise: Monday to Friday 09:00-17:00 UTC, opened Monday 2026-03-02, stages 2, 5 and 10.
"""

from datetime import timedelta
from typing import Any

import pytest
from notation import DANA, Desk, history, rules, sent, when

from carecli.domain import followup
from carecli.domain.deadlines import Pace, fired, timers
from carecli.domain.events import Kind
from carecli.domain.rules import Rules
from carecli.domain.timers import TimerKind
from carecli.domain.vocabulary import AUTO_FOLLOW_UP, CaseType, Visibility
from carecli.errors import Refused

CALENDAR_DAYS = rules({"followup": {"days": "calendar"}})
REPLAYED = rules({"followup": {"catch_up": "replay"}})


def ladder(desk: Desk) -> list[str]:
    """The follow-ups and the closing on the record."""
    return desk.log(Kind.FOLLOW_UP_SENT, Kind.CLOSED)


def punctual(
    *lines: str, under: Rules | None = None, zone: str = "UTC", type_: CaseType = CaseType.SUPPORT
) -> Desk:
    """A history whose tick never comes late, long enough for a ladder to end."""
    desk = history("Mon 09:00 opened high", *lines, under=under, zone=zone, type_=type_)
    desk.tick_every_due_time(when("Mon+12 09:00", zone))
    return desk


LADDERS = [
    # asked, business days: #1, #2, close
    ("Mon 10:00", ["Wed 10:00", "Mon+1 10:00", "Mon+2 10:00"]),
    ("Fri 15:30", ["Tue+1 15:30", "Fri+1 15:30", "Fri+2 15:30"]),
    # asked when the desk is shut: counted from the next opening
    ("Mon 20:00", ["Thu 09:00", "Tue+1 09:00", "Tue+2 09:00"]),
    ("Sat 12:00", ["Wed+1 09:00", "Mon+2 09:00", "Mon+3 09:00"]),
    # asked at the closing instant, when the desk is shut
    ("Mon 17:00", ["Thu 09:00", "Tue+1 09:00", "Tue+2 09:00"]),
]


@pytest.mark.parametrize(("asked", "times"), LADDERS)
@pytest.mark.parametrize(("verb", "end"), [("asked", "closed/cancelled"), ("proposed", "closed/resolved")])
def test_the_ladder_in_business_days(asked: str, times: list[str], verb: str, end: str) -> None:
    """FU-1: 2, 5 and 10 business days after a request come reminder, reminder and close."""
    desk = punctual(f"{asked} {verb}")
    assert ladder(desk) == [
        f"{times[0]} follow-up-sent 1.1",
        f"{times[1]} follow-up-sent 1.2",
        f"{times[2]} follow-up-sent 1.3",
        f"{times[2]} closed closed",
    ]
    assert desk.standing == end
    assert (desk.case.closed_at, desk.case.closed_by) == (when(times[2]), AUTO_FOLLOW_UP)
    assert [action for _round, _stage, action, _at in sent(desk)] == ["reminder", "reminder", "close"]


@pytest.mark.parametrize("type_", [t for t in CaseType if t is not CaseType.FEATURE_REQUEST])
def test_every_case_type_is_followed_up(type_: CaseType) -> None:
    """FU-1: the ladder runs for every case type."""
    desk = punctual("Mon 10:00 asked", type_=type_)
    assert (desk.standing, desk.said(desk.case.closed_at)) == ("closed/cancelled", "Mon+2 10:00")


@pytest.mark.parametrize("verb", ["asked", "proposed"])
def test_feature_requests_are_followed_up(verb: str) -> None:
    """FU-1: a feature request is followed up in its own sub-statuses and closes with its own ends."""
    desk = punctual(f"Mon 10:00 {verb}", type_=CaseType.FEATURE_REQUEST)
    assert len(list(sent(desk))) == 3
    assert desk.standing in {"closed/declined", "closed/delivered"}


def test_a_follow_up_goes_to_the_designated_contact() -> None:
    """FU-1: each stage names the case's contact, and the customer can read it."""
    desk = punctual("Mon 10:00 asked")
    stages = [event for event in desk.events if event.kind is Kind.FOLLOW_UP_SENT]
    assert {event.data["contact"] for event in stages} == {DANA}
    assert {event.visibility for event in stages} == {Visibility.PUBLIC}


CALENDAR = [
    # asked: plain days, weekends included
    ("Mon 10:00", ["Wed 10:00", "Sat 10:00", "Thu+1 10:00"]),
    ("Fri 20:00", ["Sun 20:00", "Wed+1 20:00", "Mon+2 20:00"]),
]


@pytest.mark.parametrize(("asked", "times"), CALENDAR)
def test_the_ladder_in_calendar_days(asked: str, times: list[str]) -> None:
    """FU-2: with `days = "calendar"` the same numbers are plain days."""
    desk = punctual(f"{asked} asked", under=CALENDAR_DAYS)
    assert [desk.said(at) for *_, at in sent(desk)] == times


def test_the_days_are_policy() -> None:
    """FU-2: the day numbers come from the policy, and the last one closes."""
    desk = punctual("Mon 10:00 asked", under=rules({"followup": {"stages": [1, 3]}}))
    assert ladder(desk) == [
        "Tue 10:00 follow-up-sent 1.1",
        "Thu 10:00 follow-up-sent 1.2",
        "Thu 10:00 closed closed",
    ]


def test_the_ladder_over_a_holiday() -> None:
    """FU-2: a holiday is no business day; plain days do not mind it."""
    holidays = ("2026-03-03", "2026-03-09")  # Tue, Mon+1
    business = punctual("Mon 10:00 asked", under=rules(closed=holidays))
    plain = punctual("Mon 10:00 asked", under=rules({"followup": {"days": "calendar"}}, closed=holidays))
    assert [business.said(at) for *_, at in sent(business)] == ["Thu 10:00", "Wed+1 10:00", "Wed+2 10:00"]
    assert [plain.said(at) for *_, at in sent(plain)] == ["Wed 10:00", "Sat 10:00", "Thu+1 10:00"]


@pytest.mark.parametrize(
    ("days", "times"),
    [
        # New York puts its clocks forward on Sunday 2026-03-08: the wall time stays, the UTC time moves
        ("business", ["2026-03-09T19:00", "2026-03-12T19:00", "2026-03-19T19:00"]),
        ("calendar", ["2026-03-07T20:00", "2026-03-10T19:00", "2026-03-15T19:00"]),
    ],
)
def test_the_ladder_over_a_change_of_daylight_saving(days: str, times: list[str]) -> None:
    """FU-2: days keep the account's wall-clock time over a change of daylight saving."""
    zone = "America/New_York"
    under = rules({"followup": {"days": days}}, zone=zone)
    desk = punctual("Thu 15:00 asked", under=under, zone=zone)
    assert [f"{at:%Y-%m-%dT%H:%M}" for *_, at in sent(desk)] == times


def test_a_new_request_starts_a_new_round() -> None:
    """FU-3: asked again while it waits, the ladder starts anew from that moment as round 2."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked")
    desk.tick_every_due_time(when("Wed 12:00"))
    desk.play("Wed 13:00 asked")
    desk.tick_every_due_time(when("Mon+12 09:00"))
    assert ladder(desk) == [
        "Wed 10:00 follow-up-sent 1.1",
        "Fri 13:00 follow-up-sent 2.1",
        "Wed+1 13:00 follow-up-sent 2.2",
        "Wed+2 13:00 follow-up-sent 2.3",
        "Wed+2 13:00 closed closed",
    ]


def test_the_ladder_starts_and_stops_any_number_of_times() -> None:
    """FU-3: each request is a round of its own, counted through answers, proposals and reopenings."""
    desk = history(
        "Mon 09:00 opened high",
        "Mon 10:00 asked",
        "Mon 11:00 answered",
        "Mon 12:00 proposed",
        "Mon 13:00 rejected",
        "Mon 14:00 proposed",
        "Mon 15:00 accepted",
        "Mon 16:00 reopened",
        "Tue 10:00 asked",
    )
    assert desk.case.followup is not None
    assert (desk.case.followup.round, desk.said(desk.case.followup.next_at)) == (4, "Thu 10:00")
    assert [event.data.get("round") for event in desk.events if event.kind in {Kind.ASKED, Kind.PROPOSED}] == [
        1,
        2,
        3,
        4,
    ]


STOPS = [
    # after `Mon 10:00 <request>`: what stops the ladder
    ("asked", "answered"),
    ("asked", "called"),
    ("asked", "investigated"),
    ("asked", "restored"),
    ("asked", "closed"),
    ("asked", "withdrew"),
    ("proposed", "answered"),
    ("proposed", "rejected"),
    ("proposed", "accepted"),
    ("proposed", "investigated"),
    ("proposed", "restored"),
    ("proposed", "withdrew"),
]


@pytest.mark.parametrize(("request_", "stop"), STOPS)
def test_what_stops_the_ladder(request_: str, stop: str) -> None:
    """FU-5: the customer's answer stops the ladder, and so does any command that ends the waiting."""
    desk = punctual(f"Mon 10:00 {request_}", f"Mon 11:00 {stop}")
    assert desk.case.followup is None
    assert list(sent(desk)) == []


GOES_ON = ["noted", "assigned ann@desk.example", "priority critical", "priority low", "replied"]


@pytest.mark.parametrize("act", GOES_ON)
@pytest.mark.parametrize("request_", ["asked", "proposed"])
def test_what_does_not_stop_the_ladder(request_: str, act: str) -> None:
    """FU-5: an internal note, a change of owner or severity, or a word by staff leaves the ladder alone."""
    desk = punctual(f"Mon 10:00 {request_}", f"Mon 11:00 {act}")
    assert [desk.said(at) for *_, at in sent(desk)] == ["Wed 10:00", "Mon+1 10:00", "Mon+2 10:00"]


def test_a_system_event_does_not_stop_the_ladder() -> None:
    """FU-5: warnings, breaches and met clocks leave the ladder alone."""
    desk = history("Mon 09:00 opened critical", "Mon 10:00 asked", under=rules({"sla": {"pause": []}}))
    before = desk.case.followup
    desk.tick(when("Tue 10:00"))
    assert desk.log(Kind.CLOCK_BREACHED) == ["Mon 15:00 clock-breached restoration"]
    assert desk.case.followup == before


def test_a_command_wins_over_a_stage_that_is_due() -> None:
    """FU-4: an answer that comes between a stage's due time and the tick stops the stage."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Wed 11:00 answered", "Wed 12:00 tick")
    assert ladder(desk) == []


def test_a_late_answer_wins_over_the_close() -> None:
    """FU-4: an answer that comes between the close's due time and the tick keeps the case open."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Wed 10:00 tick", "Mon+1 10:00 tick")
    desk.play("Mon+2 10:30 answered")
    desk.play("Mon+2 11:00 tick")
    assert desk.standing == "open/customer-responded"


GRACE = [
    # the tick after a reminder due Wed 10:00: the time it carries, and when #2 is due
    ("Wed 10:00", "Wed 10:00", "Mon+1 10:00"),
    ("Wed 16:59", "Wed 10:00", "Mon+1 10:00"),
    # exactly the grace of one business day
    ("Thu 10:00", "Wed 10:00", "Mon+1 10:00"),
    # a second later the ladder is paced: the gap between the stages, 3 business days, from the tick
    ("Thu 10:00:01", "Thu 10:00:01", "Tue+1 10:00:01"),
    ("Mon+3 12:00", "Mon+3 12:00", "Thu+3 12:00"),
    # a tick at night: the gap begins at the next opening
    ("Sat 12:00", "Sat 12:00", "Thu+1 09:00"),
]


@pytest.mark.parametrize(("tick", "at", "next_at"), GRACE)
def test_a_late_tick(tick: str, at: str, next_at: str) -> None:
    """FU-4: within the grace a stage carries its due time, beyond it the tick's, and the next stage moves."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", f"{tick} tick")
    assert [desk.said(when_) for *_, when_ in sent(desk)] == [at]
    assert desk.case.followup is not None
    assert desk.said(desk.case.followup.next_at) == next_at


def test_the_grace_is_policy() -> None:
    """FU-4: `followup.grace` says how late a tick may be without the ladder moving."""
    under = rules({"followup": {"grace": "2h"}})
    within = history("Mon 09:00 opened high", "Mon 10:00 asked", "Wed 12:00 tick", under=under)
    beyond = history("Mon 09:00 opened high", "Mon 10:00 asked", "Wed 12:01 tick", under=under)
    assert [within.said(at) for *_, at in sent(within)] == ["Wed 10:00"]
    assert [beyond.said(at) for *_, at in sent(beyond)] == ["Wed 12:01"]


def test_a_long_outage_paces_the_ladder() -> None:
    """FU-4: after an outage one reminder goes out, then the ladder keeps its gaps, and the record says why."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Mon 12:00 tick", "Tue+4 10:00 tick")
    assert [desk.line(event) for event in desk.events[-1:]] == ["Tue+4 10:00 follow-up-sent 1.1"]
    assert desk.events[-1].data["delayed"] == {"from": "2026-03-02T12:00:00Z", "to": "2026-03-31T10:00:00Z"}
    desk.tick_every_due_time(when("Mon+12 09:00"))
    assert ladder(desk)[1:] == [
        "Fri+4 10:00 follow-up-sent 1.2",  # 3 business days, 5 less 2
        "Fri+5 10:00 follow-up-sent 1.3",  # 5 business days, 10 less 5
        "Fri+5 10:00 closed closed",
    ]


def test_an_outage_between_the_reminders() -> None:
    """FU-4: a second reminder that goes out late moves the close to its own moment plus the gap."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Wed 10:00 tick", "Wed+2 11:00 tick")
    desk.tick_every_due_time(when("Mon+12 09:00"))
    assert ladder(desk) == [
        "Wed 10:00 follow-up-sent 1.1",
        "Wed+2 11:00 follow-up-sent 1.2",
        "Wed+3 11:00 follow-up-sent 1.3",
        "Wed+3 11:00 closed closed",
    ]


def test_an_outage_after_the_reminders() -> None:
    """FU-4: when both reminders went out in time a late tick closes at the nominal time, `closed_at` too."""
    desk = history(
        "Mon 09:00 opened high", "Mon 10:00 asked", "Wed 10:00 tick", "Mon+1 10:00 tick", "Fri+6 10:00 tick"
    )
    assert ladder(desk)[2:] == ["Mon+2 10:00 follow-up-sent 1.3", "Mon+2 10:00 closed closed"]
    assert desk.said(desk.case.closed_at) == "Mon+2 10:00"


def test_a_punctual_stage_says_nothing_of_a_delay() -> None:
    """FU-4: a stage within the grace holds nothing of the tick, so that the record does not depend on it."""
    early = history("Mon 09:00 opened high", "Mon 10:00 asked", "Wed 10:00 tick")
    late = history("Mon 09:00 opened high", "Mon 10:00 asked", "Mon 11:00 tick", "Thu 09:59 tick")
    assert early.events == late.events


def test_replaying_an_outage() -> None:
    """FU-4: `--replay` fires every stage at its nominal time, however late."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Tue+4 10:00 replay")
    assert ladder(desk) == [
        "Wed 10:00 follow-up-sent 1.1",
        "Mon+1 10:00 follow-up-sent 1.2",
        "Mon+2 10:00 follow-up-sent 1.3",
        "Mon+2 10:00 closed closed",
    ]


def test_replaying_by_the_policy_of_the_case() -> None:
    """FU-4: a case whose policy says `catch_up = "replay"` is replayed without the option."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Tue+4 10:00 tick", under=REPLAYED)
    assert [desk.said(at) for *_, at in sent(desk)] == ["Wed 10:00", "Mon+1 10:00", "Mon+2 10:00"]


def test_due_timers_fire_in_order_of_due_time() -> None:
    """TICK-1: one late tick records warnings, breaches and stages in the order in which they were due."""
    desk = history("Mon 09:00 opened critical", "Mon 10:00 asked", under=rules({"sla": {"pause": []}}))
    events = desk.tick(when("Mon+4 09:00"), replay=True)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert [desk.line(event) for event in events] == [
        "Mon 13:30 clock-warned restoration",
        "Mon 15:00 clock-breached restoration",
        "Wed 10:00 follow-up-sent 1.1",
        "Mon+1 10:00 follow-up-sent 1.2",
        "Mon+2 10:00 follow-up-sent 1.3",
        "Mon+2 10:00 closed closed",
    ]


def test_a_second_tick_at_the_same_instant_does_nothing() -> None:
    """TICK-1: what has fired is not repeated by the next tick."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Mon+1 10:00 tick")
    assert desk.tick(when("Mon+1 10:00")) == []


def test_a_bounced_mail_holds_the_ladder() -> None:
    """FU-6: after a bounce nothing more goes out; once delivered, the gaps count from there."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Wed 10:00 tick", "Wed 11:00 bounced")
    desk.tick(when("Mon+9 09:00"))
    assert len(list(sent(desk))) == 1
    assert desk.case.followup is not None
    assert desk.case.followup.held
    desk.play("Mon+9 10:00 delivered")
    desk.tick_every_due_time(when("Mon+20 09:00"))
    assert [desk.said(at) for *_, at in sent(desk)] == ["Wed 10:00", "Thu+9 10:00", "Thu+10 10:00"]


def test_a_bounced_request_holds_the_whole_ladder() -> None:
    """FU-6: where the request itself bounced, the ladder begins when it is delivered."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Mon 10:05 bounced", "Fri 12:00 delivered")
    desk.tick_every_due_time(when("Mon+20 09:00"))
    assert [desk.said(at) for *_, at in sent(desk)] == ["Tue+1 12:00", "Fri+1 12:00", "Fri+2 12:00"]


def test_news_of_an_older_round_is_ignored() -> None:
    """FU-6: a bounce or a delivery of an earlier round does not touch the ladder that runs now."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked", "Mon 11:00 asked")
    running = desk.case.followup
    for kind in (Kind.FOLLOW_UP_HELD, Kind.FOLLOW_UP_RESUMED):
        _news(desk, kind, round_=1)
    assert desk.case.followup == running
    _news(desk, Kind.FOLLOW_UP_RESUMED, round_=2)
    assert desk.case.followup == running, "a ladder that is not held is not resumed"
    _news(desk, Kind.FOLLOW_UP_HELD, round_=2)
    held = desk.case.followup
    _news(desk, Kind.FOLLOW_UP_RESUMED, round_=1)
    assert desk.case.followup == held != running


def _news(desk: Desk, kind: Kind, round_: int) -> None:
    data: dict[str, Any] = {"round": round_, "stage": 0}
    desk.append(desk.events[-1]._replace(kind=kind, at=when("Tue 10:00"), data=data))


def test_a_held_ladder_is_stopped_by_an_answer() -> None:
    """FU-6: an answer ends a held ladder like any other, and later news of its mail brings nothing back."""
    desk = history(
        "Mon 09:00 opened high",
        "Mon 10:00 asked",
        "Mon 10:05 bounced",
        "Tue 10:00 answered",
        "Tue 11:00 delivered",
    )
    assert desk.case.followup is None


def test_a_ladder_survives_being_written_down() -> None:
    """AUD-1: a ladder read back from its document is the same ladder, paced, held or fresh."""
    for line in ("Mon 11:00 noted", "Wed 10:00 tick", "Mon+4 10:00 tick", "Mon 11:00 bounced"):
        desk = history("Mon 09:00 opened high", "Mon 10:00 asked", line)
        assert desk.case.followup is not None
        assert followup.from_document(followup.document(desk.case.followup)) == desk.case.followup


def test_an_event_of_the_tick_is_a_function_of_case_and_due_time() -> None:
    """FU-4: asked twice for the same timer at different moments within the grace, the answer is the same."""
    desk = history("Mon 09:00 opened high", "Mon 10:00 asked")
    (timer,) = [timer for timer in timers(desk.case) if timer.kind is TimerKind.FOLLOW_UP]
    early = fired(desk.case, timer, desk.rules, Pace(timer.fires_at))
    late = fired(desk.case, timer, desk.rules, Pace(timer.fires_at + timedelta(hours=5), timer.fires_at))
    assert early == late


def test_a_case_that_follow_up_closed_takes_no_update() -> None:
    """UPD-1: after the close by time an update is refused."""
    desk = punctual("Mon 10:00 asked")
    with pytest.raises(Refused):
        desk.play("Mon+13 10:00 answered")
