"""The case process of 2025, incident report: asked for as a case is updated, and what stands in it.

Start and end, the description, what passed between customer and desk, what was done, and what is still to be done
by when.
"""

from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, KIM, ZOE, Desk, letter, sydney, words

OPENED = "2026-03-31T23:00:00Z"
"""Wednesday, 1 April 2026, 10:00 AEDT; the failure began at nine."""
STARTED = "2026-03-31T22:00:00Z"
RESTORED = "2026-04-01T05:30:00Z"
"""16:30 AEDT."""
POST_MORTEM_BY = "2026-04-07T06:30:00Z"
"""Two business days on: Thursday the 2nd and, behind Easter and the change of the clocks, Tuesday, 16:30 AEST."""
HELD = "2026-04-07T05:00:00Z"
"""Tuesday, 15:00 AEST."""
REPORT_BY = "2026-04-10T05:00:00Z"
"""Wednesday, Thursday, Friday the 10th, 15:00 AEST."""
SENT = "2026-04-10T04:00:00Z"
ACCOUNT = "Pier Logistics"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk, with an incident."""
    desk = sydney(tmp_path)
    desk.opened(OPENED)
    what = ("--title", "Calls drop on one trunk", "--started", STARTED, "-m", "A card in a trunk failed.")
    desk.by(BEN, OPENED).json("incident", "1", *what)
    return desk


def asked(desk: Desk, at: str) -> list[tuple[str, str]]:
    """Who asked for the report, and for which account."""
    shown = desk.by(BEN, at).json("incident", "show", "1")["incident"]
    return [(one["account"], one["by"]) for one in shown["asked"]]


def due(desk: Desk, at: str) -> list[tuple[str, str, str]]:
    """The deadlines of the incident."""
    return [(one["kind"], one["due_at"], one["state"]) for one in desk.by(BEN, at).json("show", "1")["deadlines"]]


@pytest.mark.parametrize("way", ["command", "update", "mail"])
def test_it_is_asked_for_as_a_case_is_updated(desk: Desk, way: str) -> None:
    """INC-2: by its command, in an update, in a reply to a mail of the case; once is enough."""
    noon = "2026-04-01T01:00:00Z"
    desk.by(KIM, noon).json("update", "1", "-m", "We read the incident report of last year; it did not help.")
    assert asked(desk, noon) == []
    if way == "command":
        desk.by(DORA, noon).json("incident", "request", "1")
    elif way == "update":
        desk.by(DORA, noon).json("update", "1", "-m", "Please send us the incident report when it is over.")
    else:
        mail = desk.last_mail("1", noon)
        text = "Could you send us an incident report, please?"
        reply = letter(DORA, f"Re: {mail['Subject']}", text, id_="<1@pier.example>", answers=mail)
        assert desk.receive(noon, reply)["outcome"] == "updated"
    assert asked(desk, noon) == [(ACCOUNT, DORA)]
    desk.by(KIM, noon).json("update", "1", "-m", "Please send the incident report to me as well.")
    assert asked(desk, noon) == [(ACCOUNT, DORA)]
    desk.by(BEN, RESTORED).json("restore", "1", "-m", "The other trunk takes your calls.")
    assert due(desk, RESTORED) == [("post-mortem", POST_MORTEM_BY, "running")]
    desk.by(BEN, HELD).json("incident", "post-mortem", "1", "--root-cause", "A worn card.", "-m", "Ben was there.")
    assert due(desk, HELD)[1:] == [("incident-report", REPORT_BY, "running")]
    assert desk.differences(HELD) == []


def test_a_new_mail_asks_once_it_is_linked(desk: Desk) -> None:
    """INC-2, MAIL-3: a mail that only names the case asks for nothing until staff have looked at it."""
    noon = "2026-04-01T01:00:00Z"
    taken = desk.receive(noon, letter(DORA, "Case # 1", "Please send an incident report.", id_="<1@pier.example>"))
    assert (taken["outcome"], asked(desk, noon)) == ("triaged", [])
    desk.by(BEN, noon).json("mail", "triage", "link", taken["id"], "1")
    assert asked(desk, noon) == [(ACCOUNT, DORA)]
    assert desk.differences(noon) == []


def test_what_stands_in_it(desk: Desk, tmp_path: Path) -> None:
    """INC-3, DC-3: all that the page promises, by mail and on the case, for its account alone; in time."""
    noon, ben = "2026-04-01T01:00:00Z", desk.by(BEN, HELD)
    desk.by(DORA, noon).json("update", "1", "-m", "The sales queue. Please send us the incident report.")
    desk.by(BEN, noon).json("update", "1", "--internal", "-m", "The supplier sold us a bad card.")
    desk.by(BEN, RESTORED).json("restore", "1", "-m", "The other trunk takes your calls.")
    desk.by(DORA, HELD)("incident", "report", "1").refused(5)
    ben.json("incident", "post-mortem", "1", "--root-cause", "A worn card.", "-m", "Ben was there.")
    ben.json("incident", "describe", "1", "--restoration", "The calls were moved to another trunk.")
    ben.json("incident", "action", "add", "1", "-m", "Watch the cards", "--owner", BEN, "--due", "2026-04-24")
    assert desk.tick("2026-04-10T03:59:59Z")["deadlines"] == []
    desk.by(BEN, SENT).json("incident", "report", "1", "--send")
    assert due(desk, SENT)[1:] == [
        ("incident-report", REPORT_BY, "met"),
        # The last minute of the day that was given, 23:59 AEST.
        ("action", "2026-04-24T13:59:00Z", "running"),
    ]
    page = tmp_path / "report.html"
    assert desk.by(KIM, SENT)("incident", "report", "1", "--output", str(page)).status == 0
    mail = desk.last_mail("1", SENT)
    texts = (page.read_text(), desk.by(DORA, SENT)("incident", "report", "1").out, words(mail))
    for text in texts:
        for part in ("Calls drop on one trunk", ACCOUNT, "A card in a trunk failed.", "7h 30m", "A worn card."):
            assert part in text
        for part in ("The calls were moved to another trunk.", "Watch the cards", "by 24 April 2026"):
            assert part in text
        # Start and end, each in the time of the account; and a question that passed between the two.
        for part in ("1 April 2026, 09:00 AEDT", "1 April 2026, 16:30 AEDT", "The sales queue."):
            assert part in text
        assert "supplier" not in text
    desk.by(ZOE, SENT)("incident", "report", "1").refused(3)
    assert desk.differences(SENT) == []
