"""Deadlines as whole screens, at 80 and 120 columns: on the case, proven, foretold, missed (SR-1, INC-2)."""

import io
from collections.abc import Sequence

import pytest
from notation import Desk, history, policy, when

from carecli.domain import forecast
from carecli.domain.access import Actor
from carecli.domain.business_time import business_time
from carecli.domain.calendar import Calendar, parse_hours
from carecli.domain.forecast import Forecast
from carecli.domain.home import Home, Need, NeedKind, Waiting
from carecli.domain.ledger import Explanation, Pinned
from carecli.domain.ledger_causes import Numbered, Under
from carecli.domain.ledger_deadlines import deadline_ledger, deadline_stories
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Role, Side
from carecli.render import home_document, terminal
from carecli.render.deadlines import deadline_sheet
from carecli.render.explain import explain_page
from carecli.render.forecast import forecast_sheet
from carecli.render.home import home_page
from carecli.render.screen import Screen
from carecli.render.sheet import Section

MIA = Actor("mia@desk.example", "Mia", Side.STAFF, frozenset(), role=Role.MANAGER)
ZONE = "America/New_York"
CALENDAR = Calendar(ZONE, parse_hours("Mon-Fri 09:00-17:00"), {"2026-03-09": "Founders' \x1b[31mDay"})
UNDER = Pinned(Rules(policy(), business_time(CALENDAR)), CALENDAR, Under("", ""))


def requested(*lines: str) -> Desk:
    type_, subtype = CaseType.SERVICE_REQUEST, "change-request"
    return history(*lines, under=UNDER.rules, zone=ZONE, type_=type_, subtype=subtype)


@pytest.fixture
def request_() -> Desk:
    """A change request of Thursday 5 March, acknowledged on Friday; the decision is to come."""
    return requested("2026-03-05 15:00 opened low", "2026-03-06 10:00 acknowledged")


@pytest.fixture
def incident() -> Desk:
    """An incident with an action that is late and a post-mortem that is to come."""
    return history(
        "Mon 09:00 opened high",
        "Mon 10:00 declared",
        "Mon 12:00 tasked 5",
        "Mon 16:00 restored",
        "Mon 18:00 tick",
        under=UNDER.rules,
        zone=ZONE,
    )


def on_terminal(sections: Sequence[Section], width: int) -> str:
    out = io.StringIO()
    terminal.write(list(sections), out, Screen(terminal=True, color=False, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def proven(desk: Desk, at: str) -> Explanation:
    moment = when(at, ZONE)
    told = [Numbered(event, seq) for seq, event in enumerate(desk.events, 1)]
    ledgers = tuple(
        deadline_ledger(story, UNDER, moment) for story in deadline_stories(told, lambda *_: UNDER.rules)
    )
    return Explanation(desk.case, UNDER, moment, (), ledgers)


CASE_80 = """\
Deadlines  times in America/New_York
Deadline     About                Target  State    Due               Left
────────────────────────────────────────────────────────────────────────────────
Action       1. Since this morn…          MISSED   2026-03-02 17:00  1h overdue
Post-mortem                       2bd     running  2026-03-04 16:00  1d 22h left"""
CASE_120 = """\
Deadlines  times in America/New_York
Deadline     About                    Target  State    Due               Left         Owner             Started
{rule}
Action       1. Since this morning …          MISSED   2026-03-02 17:00  1h overdue   sam@desk.example  {noon}
Post-mortem                           2bd     running  2026-03-04 16:00  1d 22h left                    {four}\
""".format(rule="─" * 120, noon="2026-03-02 12:00", four="2026-03-02 16:00")
PROMISED_80 = """\
Deadlines  times in America/New_York
Deadline         Target  State    Due               Left
────────────────────────────────────────────────────────────────
Acknowledgement  1bd     met      2026-03-06 15:00  met 5h early
Decision         2bd     running  2026-03-10 15:00  4d 2h left"""
PROVEN_80 = """\
Decision: 11h of business time left, due 2026-03-10 15:00 EDT
  promised: sr.decision = 2bd
  counted from: Thu 2026-03-05 15:00 EST (#1 opened)
  due: the same time of day 2 business days later is Tue 03-10 15:00, up to
  there lie 16:00:00 of business time
  it never pauses

Decision, day by day, by the clock of America/New_York
Day        Time          Why                     Counted       Sum
──────────────────────────────────────────────────────────────────
Thu 03-05  15:00-17:00   business hours          2:00:00   2:00:00
Fri 03-06  09:00-12:00   business hours          3:00:00   5:00:00
Fri 03-06  12:00         looked at                         5:00:00
Fri 03-06  12:00-17:00   business hours          5:00:00  10:00:00
Sat 03-07  to Sun 03-08  weekend, clock +1h      0:00:00  10:00:00
Mon 03-09  all day       holiday: Founders' Day  0:00:00  10:00:00
Tue 03-10  09:00-15:00   business hours          6:00:00  16:00:00
Tue 03-10  15:00         DUE                              16:00:00
it adds up: 16:00:00 counted by the due time, the allowance of 16:00:00 (2bd)"""
SET_80 = """\
Action: 1. Since this morning every third call to the queue drops after ten
seconds.: MISSED by 19h, due 2026-03-02 17:00 EST
  seen to by: sam@desk.example
  set: Mon 2026-03-02 12:00 EST (#3 action-added), to Mon 2026-03-02 17:00 EST
  it never pauses"""
FORETOLD_80 = """\
Until 2026-03-06 18:00 EST, if nobody acts  times in America/New_York
When                Left  Number      What             Account        Subject
────────────────────────────────────────────────────────────────────────────────
2026-03-04 16:00  1d 22h  0000000042  Post-mortem due  ABC Testing …  Calls drop
1 timer"""
LATE_80 = """\
Deadlines missed: 1  times in America/New_York
Number      Subject     Priority  Deadline  Due               Overdue
─────────────────────────────────────────────────────────────────────
0000000042  Calls drop  high      Action    2026-03-02 17:00       1h"""
EVENING = when("Mon 18:00", ZONE)


@pytest.mark.parametrize(("width", "screen"), [(80, CASE_80), (120, CASE_120)])
def test_the_deadlines_of_an_incident(incident: Desk, width: int, screen: str) -> None:
    """INC-2: what is due, what it was reckoned by, how it stands, and who sees to it where there is room."""
    assert on_terminal([deadline_sheet(incident.case, ZONE, EVENING)], width) == screen


def test_empty_columns_are_left_out(request_: Desk) -> None:
    """SR-1: a request's deadlines are about nothing else, and are the case's owner's."""
    noon = when("2026-03-06 12:00", ZONE)
    assert on_terminal([deadline_sheet(request_.case, ZONE, noon)], 80) == PROMISED_80


def test_a_proof_over_the_change_of_clocks_and_a_holiday(request_: Desk) -> None:
    """TICK-3: a row a day, hostile names tamed, and the sum that is the allowance; a heading for what there is."""
    page = explain_page(proven(request_, "2026-03-06 12:00"), ZONE)
    assert on_terminal(page[3:], 80) == PROVEN_80
    assert page[0].title == "Deadlines of 0000000042  Calls drop"
    assert page[1].title == "Acknowledgement: met 2026-03-06 10:00 EST, 5h before it was due"


def test_a_date_that_was_set_needs_no_sum(incident: Desk) -> None:
    """INC-2: an action is due by a date; who sees to it, and who set it when."""
    page = explain_page(proven(incident, "Tue 12:00"), ZONE)
    assert on_terminal(page[1:2], 80) == SET_80


@pytest.mark.parametrize(
    ("lines", "at", "says"),
    [
        ((), "2026-03-06 17:00", "Acknowledgement: overdue by 2h, due 2026-03-06 15:00 EST"),
        (
            ("2026-03-06 16:00 tick",),
            "2026-03-06 17:00",
            "Acknowledgement: MISSED by 2h, due 2026-03-06 15:00 EST",
        ),
        (
            ("2026-03-06 16:00 tick", "2026-03-06 16:30 acknowledged"),
            "2026-03-10 17:00",
            "Acknowledgement: met 2026-03-06 16:30 EST, 1h 30m TOO LATE",
        ),
        (
            ("2026-03-06 10:00 withdrew",),
            "2026-03-10 17:00",
            "Acknowledgement: cancelled 2026-03-06 10:00 EST, nobody waits for it any more",
        ),
    ],
)
def test_what_came_of_a_deadline(lines: tuple[str, ...], at: str, says: str) -> None:
    """SR-1: a line says whether it was met, missed or cancelled, and by how much."""
    desk = requested("2026-03-05 15:00 opened low", *lines)
    assert explain_page(proven(desk, at), ZONE)[1].title == says


def test_a_forecast_and_the_home_page(incident: Desk) -> None:
    """TICK-2: what comes due is foretold in words; what was missed stands on the home page of who sees to it."""
    until = when("Fri 18:00", ZONE)
    coming = [one for one in forecast.coming(incident.case, UNDER.rules, EVENING, until) if one.deadline]
    told = Forecast(EVENING, until, tuple(coming), 1)
    assert on_terminal([forecast_sheet(told, ZONE)], 80) == FORETOLD_80
    need = Need(NeedKind.LATE, (Waiting(incident.case, deadline_id=1),), 1, "care tick --dry-run")
    page = home_page(Home(EVENING, "Desk", MIA, {}, needs=(need,)), ZONE)
    assert on_terminal(page[1:], 80) == LATE_80
    row = home_document.home(Home(EVENING, "Desk", MIA, {}, needs=(need,)))["needs"]["late"]["cases"][0]
    assert (row["deadline"], row["left_s"], row["metric"]) == ("action", -3600, None)
