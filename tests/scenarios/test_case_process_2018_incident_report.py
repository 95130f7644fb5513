"""The case process of 2018, incident report: requested on the case or by mail, written from what the case holds.

An incident in the night in which the clocks go back, a post-mortem that comes too late, and the report to the
customer, which is due behind Veterans Day.
"""

from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, KIM, ZOE, Desk, chicago, letter, words

STARTED = "2026-11-01T03:00:00Z"
"""Saturday, 31 October 2026, 22:00 CDT."""
OPENED = "2026-11-01T04:00:00Z"
RESTORED = "2026-11-01T08:00:00Z"
"""Sunday, 02:00 CST: four hours by the clock on the wall, five in truth."""
POST_MORTEM_BY = "2026-11-04T15:00:00Z"
"""From the opening on Monday, 09:00 CST: Tuesday and Wednesday, 09:00."""
HELD = "2026-11-06T21:00:00Z"
"""Friday, 15:00 CST: too late."""
REPORT_BY = "2026-11-12T21:00:00Z"
"""Three business days on: Monday the 9th, Tuesday the 10th and, behind Veterans Day, Thursday, 15:00 CST."""
SENT = "2026-11-12T20:00:00Z"
ACCOUNT = "Pier Logistics"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk, with an incident whose service is back."""
    desk = chicago(tmp_path)
    desk.opened(OPENED)
    what = ("--title", "No calls on the night line", "--started", STARTED, "-m", "A trunk lost its clock.")
    desk.by(BEN, OPENED).json("incident", "1", *what)
    desk.by(BEN, RESTORED).json("restore", "1", "-m", "The trunk was restarted.")
    return desk


def due(desk: Desk, at: str) -> list[tuple[str, str, str]]:
    """The deadlines of the incident."""
    return [(one["kind"], one["due_at"], one["state"]) for one in desk.by(BEN, at).json("show", "1")["deadlines"]]


def held(desk: Desk) -> None:
    """The post-mortem."""
    ben = desk.by(BEN, HELD)
    ben.json(
        "incident", "post-mortem", "1", "--root-cause", "A summer time table of 2006.", "-m", "Ben was there."
    )
    ben.json("incident", "describe", "1", "--restoration", "The table was replaced.")
    ben.json("incident", "action", "add", "1", "-m", "Renew all tables", "--owner", BEN, "--due", "2026-11-30")


def test_by_mail_and_through_to_the_report(desk: Desk, tmp_path: Path) -> None:
    """INC-1, INC-2, INC-3: each of the two deadlines by its own rule, and all the page names in what is sent."""
    sunday = "2026-11-01T18:00:00Z"
    mail = desk.last_mail("1", sunday)
    text = "Thank you, it works. We need an incident report."
    reply = letter(DORA, f"Re: {mail['Subject']}", text, id_="<1@pier.example>", answers=mail)
    assert desk.receive(sunday, reply)["outcome"] == "updated"
    assert due(desk, sunday) == [("post-mortem", POST_MORTEM_BY, "running")]
    assert desk.tick("2026-11-04T14:59:59Z")["deadlines"] == []
    missed = desk.tick(POST_MORTEM_BY)["deadlines"]
    assert [(one["kind"], one["due_at"]) for one in missed] == [("post-mortem", POST_MORTEM_BY)]
    held(desk)
    assert due(desk, HELD)[:2] == [
        ("post-mortem", POST_MORTEM_BY, "missed"),
        ("incident-report", REPORT_BY, "running"),
    ]
    desk.by(BEN, SENT).json("incident", "report", "1", "--send")
    assert due(desk, SENT)[1] == ("incident-report", REPORT_BY, "met")
    page = tmp_path / "report.html"
    assert desk.by(KIM, SENT)("incident", "report", "1", "--output", str(page)).status == 0
    texts = (
        page.read_text(),
        desk.by(DORA, SENT)("incident", "report", "1").out,
        words(desk.last_mail("1", SENT)),
    )
    for report in texts:
        for part in (
            *("31 October 2026, 22:00 CDT", "1 November 2026, 02:00 CST", "5h", "A trunk lost its clock."),
            *("Since nine this morning", "We need an incident report.", "The trunk was restarted."),
            *("A summer time table of 2006.", "The table was replaced.", "Renew all tables", "30 November 2026"),
        ):
            assert part in report
        assert "Ben was there" not in report
    desk.by(ZOE, SENT)("incident", "report", "1").refused(3)
    assert desk.tick("2026-11-13T21:00:00Z")["deadlines"] == []
    assert desk.differences(SENT) == []


def test_nobody_asked(desk: Desk) -> None:
    """INC-2: then no report is due; a later one, by a call, counts from itself."""
    held(desk)
    assert [kind for kind, _, _ in due(desk, HELD)] == ["post-mortem", "action"]
    desk.by(DORA, HELD)("incident", "report", "1").refused(5)
    monday = "2026-11-09T16:00:00Z"  # 10:00 CST
    desk.by(BEN, monday).json("incident", "request", "1", "--via", "phone", "--contact", KIM)
    # Tuesday the 10th, Thursday the 12th, Friday the 13th.
    assert [one for one in due(desk, monday) if one[0] == "incident-report"] == [
        ("incident-report", "2026-11-13T16:00:00Z", "running")
    ]
    again = desk.by(DORA, monday)("incident", "request", "1")
    assert "asked" in again.refused(5)
    assert desk.differences(monday) == []


def test_there_are_reports_on_incidents_alone(desk: Desk) -> None:
    """INC-2: on another case the request is refused by command, an update that asks is as any other."""
    number = desk.opened(HELD, "Queue is slow")
    told = desk.by(DORA, HELD)("incident", "request", number).refused(5)
    assert f"care update {number}" in told
    desk.by(DORA, HELD).json("update", number, "-m", "Please send us an incident report.")
    assert desk.by(BEN, HELD).json("show", number)["deadlines"] == []
    assert desk.differences(HELD) == []
