"""The proof of clocks as whole screens, at 80 and 120 columns, and in a pipe (TICK-3)."""

import io
import re

import pytest
from explanations import UNDER, exempted, explanation
from notation import Desk, history, policy, when

from carecli.domain.business_time import business_time
from carecli.domain.calendar import Calendar, parse_hours
from carecli.domain.ledger import Explanation, Pinned
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Metric, Plan
from carecli.render import delimited, terminal
from carecli.render.explain import explain_page
from carecli.render.explain_ledger import day_sheet, stretch_sheet
from carecli.render.screen import Screen

ZONE = "America/New_York"
CLOSED = {"2026-03-04": "Founders' \x1b[31mDay", "2026-03-05": "closed"}


def pinned(hours: str = "Mon-Fri 09:00-12:30 13:15-17:00") -> Pinned:
    calendar = Calendar(ZONE, parse_hours(hours), CLOSED)
    return Pinned(Rules(policy(), business_time(calendar)), calendar, UNDER)


def told(desk: Desk, under: Pinned, at: str, *metrics: Metric) -> Explanation:
    return explanation(desk, under, when(at, ZONE), *metrics)


def played(*lines: str, under: Pinned, type_: CaseType = CaseType.SUPPORT) -> Desk:
    return history(*lines, under=under.rules, plan=Plan.BUSINESS_CARE, zone=ZONE, type_=type_)


def on_terminal(explanation: Explanation, width: int, zone: str = ZONE) -> str:
    out = io.StringIO()
    terminal.write(explain_page(explanation, zone), out, Screen(terminal=True, color=False, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def titles(explanation: Explanation, zone: str = ZONE) -> list[str]:
    """The results, which head the clocks."""
    return [section.title for section in explain_page(explanation, zone)[1::2]]


RAISED = (
    "Mon 16:00 opened medium",
    "Mon 16:20:30 asked",
    "Tue 10:00 answered",
    "Tue 11:00 priority high",
    "Tue 16:30 restored",
)
PAUSED = (
    "Mon 16:00 opened high",
    "Mon 16:20:30 asked",
    "Tue 10:00 answered",
    "Tue 16:30 restored",
    "Fri 10:00 rejected",
    "Fri 11:00 asked",
)
SCREEN_80 = """\
Clocks of 0000000042  Calls drop
Looked at  Fri 2026-03-06 10:00 EST
Plan       Business Care, high
Meaning    Job functions can be performed, but performance is degraded or
           limited.
Hours      Mon-Fri 09:00-12:30 13:15-17:00, by the clock of America/New_York
Holidays   2 closed dates in 2026
Policy     policy-hash
Calendar   calendar-hash
Rows       one a day; what lies between is closed (--json lists it too)

Restoration: met 2026-03-03 16:30 EST, 5d 17h before it was due
  promised: targets.business-care.high.restoration = 2bd
  counted from: Tue 2026-03-03 11:00 EST, the raise (#5 priority-changed)
  severity: Tue 03-03 11:00 raised medium to high (#5 priority-changed): 5bd is
  due Thu 03-12 09:39:30, 2bd Mon 03-09 11:00; the earlier holds: 2bd
  warns: at 75 % (sla.warn_at_percent), after 10:52:30
  due: the same time of day 2 business days later is Mon 03-09 11:00, up to
  there lie 14:30:00 of business time

Restoration, day by day, by the clock of America/New_York
Day        Time                        Why                     Counted       Sum
────────────────────────────────────────────────────────────────────────────────
Tue 03-03  11:00-12:30 13:15-16:30     business hours          4:45:00   4:45:00
Tue 03-03  16:30                       MET                               4:45:00
Tue 03-03  16:30-17:00                 business hours          0:30:00   5:15:00
Wed 03-04  all day                     holiday: Founders' Day  0:00:00   5:15:00
Thu 03-05  all day                     closed date             0:00:00   5:15:00
Fri 03-06  09:00-12:30 13:15-15:22:30  business hours          5:37:30  10:52:30
Fri 03-06  15:22:30                    WARNS                            10:52:30
Fri 03-06  15:22:30-17:00              business hours          1:37:30  12:30:00
Sat 03-07  to Sun 03-08                weekend, clock +1h      0:00:00  12:30:00
Mon 03-09  09:00-11:00                 business hours          2:00:00  14:30:00
Mon 03-09  11:00                       DUE                              14:30:00
it adds up: 14:30:00 counted by the due time, the allowance of 14:30:00 (2bd)"""
SCREEN_120 = """\
Clocks of 0000000042  Calls drop
Looked at  Fri 2026-03-06 12:00 EST
Plan       Business Care, high
Meaning    Job functions can be performed, but performance is degraded or limited.
Hours      Mon-Fri 09:00-12:30 13:15-17:00, by the clock of America/New_York
Holidays   2 closed dates in 2026
Policy     policy-hash
Calendar   calendar-hash
Rows       one a day; what lies between is closed (--json lists it too)

Restoration: paused, 7h 24m of business time left; due 2026-03-09 17:09 CET if the pause ended now
  promised: targets.business-care.high.restoration = 2bd
  counted from: Mon 2026-03-02 16:00 EST, the opening (#1 opened)
  warns: at 75 % (sla.warn_at_percent), after 10:52:30
  due: the same time of day 2 business days later is Fri 03-06 16:00, up to there lie 14:30:00 of business time, they
  run out at Mon 03-09 12:09:30, and the later counts, the pause taken as ending now

Restoration, day by day, by the clock of America/New_York
Day        Time                        Why                      Counted       Sum
─────────────────────────────────────────────────────────────────────────────────
Mon 03-02  16:00-16:20:30              business hours           0:20:30   0:20:30
Mon 03-02  16:20:30 - Tue 03-03 10:00  paused (#2 asked)        0:00:00   0:20:30
Tue 03-03  10:00-12:30 13:15-16:30     business hours           5:45:00   6:05:30
Tue 03-03  16:30 - Fri 03-06 10:00     stood met (#5 restored)  0:00:00   6:05:30
Fri 03-06  10:00-11:00                 business hours           1:00:00   7:05:30
Fri 03-06  11:00-12:00                 paused (#8 asked)        0:00:00   7:05:30
Fri 03-06  12:00                       looked at                          7:05:30
Fri 03-06  12:00-12:30 13:15-16:32     business hours           3:47:00  10:52:30
Fri 03-06  16:32                       WARNS                             10:52:30
Fri 03-06  16:32-17:00                 business hours           0:28:00  11:20:30
Sat 03-07  to Sun 03-08                weekend, clock +1h       0:00:00  11:20:30
Mon 03-09  09:00-12:09:30              business hours           3:09:30  14:30:00
Mon 03-09  12:09:30                    DUE                               14:30:00
it adds up: 14:30:00 counted by the due time, the allowance of 14:30:00 (2bd)"""  # noqa: E501


def test_the_screen_at_80_columns() -> None:
    """TICK-3, SLA-5: the promise with its policy line, a raise, a row a day with its reason, and the sum."""
    under = pinned()
    desk = played(*RAISED, under=under)
    assert on_terminal(told(desk, under, "Fri 10:00", Metric.RESTORATION), 80) == SCREEN_80


def test_the_screen_at_120_columns() -> None:
    """TICK-3, SLA-4: pauses by their events, for a viewer in Madrid; the ledger goes by the calendar's clock."""
    under = pinned()
    desk = played(*PAUSED, under=under)
    assert on_terminal(told(desk, under, "Fri 12:00", Metric.RESTORATION), 120, "Europe/Madrid") == SCREEN_120


HOURS = (
    "Mon-Fri 09:00-12:30 13:15-17:00",
    "24x7",
    "Mon-Fri 22:00-06:00",
    "Mon Wed 08:00-09:00 10:00-11:00 12:00-13:00 14:00-15:00",
    "Sun 00:00-24:00",
)


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("lines", [RAISED, PAUSED, ("Sun 01:30 opened high",)])
def test_the_rows_add_up_on_the_screen(hours: str, lines: tuple[str, ...]) -> None:
    """TICK-3: whatever the hours, the amounts that the rows show add up to the sums that they show."""
    under = pinned(hours)
    explained = told(played(*lines, under=under), under, "Mon+2 12:00", *Metric)
    assert explained.ledgers
    for proof in explained.ledgers:
        rows, total = day_sheet(proof, ZONE).rows, 0
        for *_, amount, running in rows:
            total += seconds(amount.shown)
            assert seconds(running.shown) == total
        assert total == proof.lines[-1].sum_s
        assert len(rows) <= len(stretch_sheet(proof, ZONE).rows)


def seconds(shown: str | None) -> int:
    """`26:05:00` in seconds; a mark counts nothing."""
    if shown is None:
        return 0
    hours, minutes, rest = map(int, shown.split(":"))
    return hours * 3600 + minutes * 60 + rest


def test_a_month_fits_on_a_screen() -> None:
    """TICK-3: a clock of 15 business days is told in a row a day, weekends and marks beside."""
    under = pinned("Mon-Fri 09:00-17:00")
    desk = played("Mon 09:30 opened high", under=under)
    (proof,) = told(desk, under, "Mon 10:00", Metric.RESOLUTION).ledgers
    rows = [[cell.shown or cell.value for cell in row] for row in day_sheet(proof, ZONE).rows]
    assert len(rows) == 26
    assert rows[:3] == [
        ["Mon 03-02", "09:30-10:00", "business hours", "0:30:00", "0:30:00"],
        ["Mon 03-02", "10:00", "looked at", None, "0:30:00"],
        ["Mon 03-02", "10:00-17:00", "business hours", "7:00:00", "7:30:00"],
    ]
    assert rows[-1] == ["Wed 03-25", "09:30", "DUE", None, "120:00:00"]


def test_what_came_of_each_clock_in_a_line() -> None:
    """SLA-7: a clock says what is left, or by how much it was met or breached, or why it ended."""
    under = pinned("Mon-Fri 09:00-17:00")
    late = played("Mon 09:00 opened high", "Mon 12:00 tick", "Mon 12:00 replied", under=under)
    assert titles(told(late, under, "Mon 13:00", *Metric)) == [
        "Response: met 2026-03-02 12:00 EST, 1h TOO LATE",
        "Restoration: 12h of business time left, due 2026-03-06 09:00 EST",
        "Resolution: 116h of business time left, due 2026-03-25 09:00 EDT",
    ]
    slow = played("Mon 09:00 opened high", "Tue 10:00 tick", under=under)
    assert titles(told(slow, under, "Tue 10:00", Metric.RESPONSE)) == [
        "Response: BREACHED by 23h, due 2026-03-02 11:00 EST"
    ]
    lowered = played("Mon 09:00 opened high", "Mon 10:00 priority low", "Mon 11:00 withdrew", under=under)
    assert titles(told(lowered, under, "Tue 10:00", *Metric)) == [
        "Response: cancelled 2026-03-02 11:00 EST, the case closed",
        "Restoration: cancelled 2026-03-02 10:00 EST, nothing is promised any more",
        "Resolution: cancelled 2026-03-02 10:00 EST, nothing is promised any more",
    ]


def test_what_lies_far_behind_the_due_time_is_one_row() -> None:
    """TICK-3: nobody adds up a year of nights; what is past due stands in one row, with its sum."""
    under = pinned("Mon-Fri 09:00-17:00")
    desk = played("Mon 09:00 opened high", "Mon+52 10:00 tick", under=under)
    screen = on_terminal(told(desk, under, "Mon+52 10:00", Metric.RESPONSE), 80)
    (row,) = [re.split(" {2,}", line) for line in screen.splitlines() if "past due" in line]
    # 258 days of 8 hours, without the first two hours of the first day, and one of the last.
    assert row == ["Mon 03-02", "11:00 - Mon 03-01 10:00", "past due, 259 days", "2063:00:00", "2065:00:00"]
    assert "\nHolidays   none in 2027\n" in screen
    assert len(screen.splitlines()) < 28


def test_a_case_without_clocks() -> None:
    """SLA-1, SLA-2: a case that has no clock says why."""
    under = pinned()
    request = played("Mon 09:00 opened high", under=under, type_=CaseType.SERVICE_REQUEST)
    assert "no clock runs for the type service-request" in on_terminal(told(request, under, "Mon 10:00"), 80)
    low = played("Mon 09:00 opened low", under=under)
    shown = on_terminal(told(low, under, "Mon 10:00", Metric.RESTORATION), 80)
    assert "the policy promises nothing here: targets.business-care.low" in shown


def test_in_a_pipe() -> None:
    """CLI: where no terminal reads it, the lines are tab-separated, in seconds and UTC."""
    under = pinned()
    desk = played("Mon 16:00 opened high", under=under)
    out = io.StringIO()
    delimited.write_plain(explain_page(told(desk, under, "Mon 16:10", Metric.RESPONSE), ZONE, by_day=False), out)
    assert out.getvalue().partition("# Response, stretch")[2].splitlines()[1:] == [
        "from\tto\twhy\tcounted_s\tsum_s",
        "2026-03-02T21:00:00Z\t2026-03-02T21:10:00Z\tbusiness hours\t600\t600",
        "2026-03-02T21:10:00Z\t\tlooked at\t\t600",
        "2026-03-02T21:10:00Z\t2026-03-02T22:00:00Z\tbusiness hours\t3000\t3600",
        "2026-03-02T22:00:00Z\t2026-03-03T14:00:00Z\tnight\t0\t3600",
        "2026-03-03T14:00:00Z\t2026-03-03T14:30:00Z\tbusiness hours\t1800\t5400",
        "2026-03-03T14:30:00Z\t\tWARNS\t\t5400",
        "2026-03-03T14:30:00Z\t2026-03-03T15:00:00Z\tbusiness hours\t1800\t7200",
        "2026-03-03T15:00:00Z\t\tDUE\t\t7200",
    ]


ADJUSTED_80 = """\
Response, adjusted for what is exempted
  by the record: met 2026-03-02 14:00 EST, 3h TOO LATE
  adjusted: met 2026-03-02 14:00 EST, 1h before it was due
  exempted: Mon 2026-03-02 10:00 EST to Mon 2026-03-02 14:00 EST (#6 exempted),
  by sam@desk.example: the carrier's line was cut

Response adjusted, day by day, by the clock of America/New_York
Day        Time         Why                                     Counted      Sum
────────────────────────────────────────────────────────────────────────────────
Mon 03-02  09:00-10:00  business hours                          1:00:00  1:00:00
Mon 03-02  10:00-14:00  exempted (#6): the carrier's line was…  0:00:00  1:00:00
Mon 03-02  14:00        MET                                              1:00:00
Mon 03-02  14:00-14:30  business hours                          0:30:00  1:30:00
Mon 03-02  14:30        WARNS                                            1:30:00
Mon 03-02  14:30-15:00  business hours                          0:30:00  2:00:00
Mon 03-02  15:00        DUE                                              2:00:00
it adds up: 2:00:00 counted by the due time, the allowance of 2:00:00 (2bh)"""


def test_both_results_stand_side_by_side() -> None:
    """SLA-9: what is exempted is left out of a ledger of its own, under both results and the reason."""
    under = pinned("Mon-Fri 09:00-17:00")
    desk = played("Mon 09:00 opened high", "Mon 14:00 replied", under=under)
    exempted(desk, "Mon 10:00", "Mon 14:00", "the carrier's line was cut", at="Tue 09:00")
    shown = on_terminal(told(desk, under, "Tue 10:00", Metric.RESPONSE), 80)
    assert shown[shown.index("Response, adjusted") :] == ADJUSTED_80
