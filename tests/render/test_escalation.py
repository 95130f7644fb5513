"""What stands escalated, and what is linked, on screens and in documents (ESC-1, OPEN-11, DC-3)."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from render.pages import ZONE, case, hours, report

from carecli.domain.case import Case
from carecli.domain.escalation import Addressee, Escalation
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.followup import FollowUp
from carecli.domain.linking import Link
from carecli.domain.tick_report import Escalated
from carecli.domain.views import CasePage, CaseView
from carecli.domain.vocabulary import Priority, Standing, Status, Substatus, Via, Visibility
from carecli.render import case_document, delimited, terminal, tick_document
from carecli.render.log import log_sheet
from carecli.render.screen import Screen
from carecli.render.sheet import Section
from carecli.render.tick import tick_page
from carecli.render.views import case_page, case_sheet

DANA, MIA = "dana@abc.example", "mia@desk.example"
RAISED = Escalation(Addressee.CXM, (MIA,), hours(1), DANA, Priority.CRITICAL, True)
OPEN = Standing(Status.OPEN, Substatus.NEW)
REASON = "Three days\nwithout [red]a word[/red]\x1b[31m, and our go-live is on Monday."


def escalated(**more: object) -> Case:
    return case(**{"escalation": RAISED, **more})  # type: ignore[arg-type]


def told(event: Kind, /, **data: Any) -> Recorded:
    return Recorded(9, 42, 2, Event(hours(1), DANA, Via.PORTAL, event, Visibility.PUBLIC, data), "d")


RAISING = told(
    Kind.ESCALATED, text=REASON, to="cxm", addressed=[MIA], wanted_priority="critical", by_customer=True
)
TICK = report()._replace(
    breaches=(),
    warnings=(),
    followups=(),
    closed=(),
    escalations=(
        Escalated(
            number=42,
            to=Addressee.CXM,
            addressed=(MIA,),
            since=hours(1),
            by=DANA,
            reason=REASON,
            wanted_priority=Priority.CRITICAL,
            priority=Priority.HIGH,
            account="ABC Testing Co",
            owner=None,
        ),
        Escalated(
            number=43,
            to=Addressee.SUCCESS_MANAGER,
            addressed=("sue@success.example",),
            since=hours(2),
            by="ben@desk.example",
            reason="Slow",
            wanted_priority=None,
            priority=Priority.LOW,
            account="Harbor",
            owner="ben@desk.example",
        ),
    ),
)


def on_terminal(sections: Sequence[Section], width: int) -> str:
    out = io.StringIO()
    terminal.write(sections, out, Screen(terminal=True, color=False, width=width))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


LIST_80 = """\
Cases  times in America/New_York
Number      Subject      Priority  Status                       Modified
────────────────────────────────────────────────────────────────────────────────
0000000042  Calls drop…  high      ! Open                       2026-03-02 10:00
0000000043  Calls drop…  high      ! Awaiting Info (mail held)  2026-03-02 10:00
0000000044  Calls drop…  high      Awaiting Info                2026-03-02 10:00
3 cases · Open 1 · ! escalated"""

TICK_80 = """\
Escalated: 2  times in America/New_York
Number      To               Since             By               Reason
────────────────────────────────────────────────────────────────────────────────
0000000042  CXM              2026-03-02 10:00  dana@abc.examp…  Three days with…
0000000043  Success Manager  2026-03-02 11:00  ben@desk.examp…  Slow"""

TICK_120 = """\
Escalated: 2  times in America/New_York
Number      To               Since             By                Priority  Wanted    Owner             Reason
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000042  CXM              2026-03-02 10:00  dana@abc.example  high      critical  nobody            Three days witho…
0000000043  Success Manager  2026-03-02 11:00  ben@desk.example  low                 ben@desk.example  Slow"""  # noqa: E501


def listed(*cases: Case) -> CasePage:
    return CasePage(tuple(CaseView.of(c) for c in cases), len(cases), 1, 1, {"open": 1})


PAGE = listed(
    escalated(standing=OPEN, followup=None),
    escalated(number=43, followup=FollowUp(1, hours(1), 1, None, hours(1), 0, held=True)),
    case(44),
)


def test_a_list_marks_what_is_escalated() -> None:
    """ESC-1: in a table the status is marked, and the line below says what the mark means."""
    shown = on_terminal([case_sheet(PAGE, ZONE)], 80)
    assert shown == LIST_80
    assert "escalated" not in on_terminal([case_sheet(listed(case()), ZONE)], 80)


def test_a_pipe_gets_a_column_for_it() -> None:
    """ESC-1, FIND-2: other programs ask for the column; a status is the bare word there."""
    out = io.StringIO()
    delimited.write_csv(case_sheet(PAGE, ZONE).picked(["number", "status", "escalated"]), out)
    assert out.getvalue().splitlines()[1:] == [
        "0000000042,open,true",
        "0000000043,awaiting-info,true",
        "0000000044,awaiting-info,false",
    ]


@pytest.mark.parametrize(("width", "screen"), [(80, TICK_80), (120, TICK_120)])
def test_a_tick_tells_what_stands_escalated(width: int, screen: str) -> None:
    """ESC-1, TICK-2: to whom, since when, by whom and why, at any width."""
    assert on_terminal(tick_page(TICK, ZONE), width).partition("\n\n")[0] == screen


def test_a_case_tells_to_whom_and_why() -> None:
    """ESC-1: `show` says that an escalation stands and what is wished for, and tells the reason as written."""
    withdrawn = told(Kind.ESCALATION_WITHDRAWN, text=None, addressed=[MIA])
    view = CaseView.of(escalated(), updates=(RAISING, withdrawn))
    shown = on_terminal(case_page(view, ZONE, hours(2)), 120)
    assert "to the CXM, by dana@abc.example, since 2026-03-02 10:00 EST; wanted: priority critical\n" in shown
    assert shown.rstrip().endswith(
        """2026-03-02 10:00 EST  dana@abc.example: Escalated
  to the CXM: mia@desk.example; wanted: priority critical
  Three days
  without [red]a word[/red], and our go-live is on Monday.

2026-03-02 10:00 EST  dana@abc.example: Escalation Withdrawn"""
    )


def test_links_say_what_customers_do_not_see() -> None:
    """DC-3: a tie to another account's case is marked for staff, on the screen and in the document."""
    view = CaseView.of(case(links=(Link("relates", 7, internal=True), Link("duplicate-of", 8))))
    shown = on_terminal(case_page(view, ZONE, hours(2)), 80)
    assert "Relates         0000000007 (another account's, for staff alone)\n" in shown
    assert "Duplicate Of    0000000008\n" in shown
    assert case_document.case(view)["links"] == [
        {"kind": "relates", "number": "0000000007", "internal": True},
        {"kind": "duplicate-of", "number": "0000000008"},
    ]


def test_documents() -> None:
    """CLI: `escalated` stands in every case; what stands is told beside it, and by a tick in `escalations`."""
    document = case_document.case(CaseView.of(escalated()))
    assert document["escalated"] is True
    assert document["escalation"] == {
        "to": "cxm",
        "addressed": [MIA],
        "since": "2026-03-02T15:00:00Z",
        "by": DANA,
        "wanted_priority": "critical",
        "by_customer": True,
    }
    calm = case_document.case_row(CaseView.of(case()))
    assert (calm["escalated"], calm["escalation"]) == (False, None)
    assert set(calm) == set(case_document.ROW)
    told_first = tick_document.tick(TICK)["escalations"][0]
    assert told_first == {
        "number": "0000000042",
        "to": "cxm",
        "addressed": [MIA],
        "since": "2026-03-02T15:00:00Z",
        "by": DANA,
        "reason": REASON,
        "wanted_priority": "critical",
        "priority": "high",
        "account": "ABC Testing Co",
        "owner": None,
    }
    assert tick_document.tick(report())["escalations"] == []


def test_the_log_in_a_few_words() -> None:
    """STAT-4: the log's table tells the other case of a tie, and to whom a case was escalated."""
    tie = {"kind": "caused-by", "number": 7}
    entries = [told(Kind.LINKED, **tie), told(Kind.UNLINKED, **tie), RAISING]
    rows = [row[-1].shown for row in log_sheet(entries, ZONE, title="Log").rows]
    assert rows == ["Caused By 0000000007", "Caused By 0000000007", f"{REASON}, to cxm, wanted_priority critical"]
