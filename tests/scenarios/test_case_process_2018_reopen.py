"""The case process of 2018, reopen: from the closed ones, with what shows that it is not over, within 30 days."""

from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, FORM, KIM, Desk, chicago, standing

OPENED = "2026-10-20T14:30:00Z"
CLOSED = "2026-10-20T15:00:00Z"
"""Tuesday, 20 October 2026, 10:00 CDT."""
LAST = "2026-11-19T15:00:00Z"
"""30 times 24 hours on: Thursday, 19 November, 09:00 CST, as the clocks were put back in between."""
TOO_LATE = "2026-11-19T15:00:01Z"
TUESDAY = "2026-11-10T21:00:00Z"
"""15:00 CST, before Veterans Day."""
NEWS = "It dropped again at nine; the log shows it."
# Asked on 20 October at 10:00 CDT: the 22nd, the 27th; the change of the clocks; Tuesday, 3 November, 10:00 CST.
LADDER = ("2026-10-22T15:00:00Z", "2026-10-27T15:00:00Z", "2026-11-03T16:00:00Z")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk, with a case that Customer Care closed as solved."""
    desk = chicago(tmp_path)
    desk.opened(OPENED)
    desk.by(BEN, CLOSED).json("close", "1", "-m", "The trunk was restarted.")
    return desk


def test_with_a_log_from_the_closed_cases(desk: Desk, tmp_path: Path) -> None:
    """REO-1, FIND-1, SLA-6: the own closed ones and all; the response counts anew, over Veterans Day."""
    log = tmp_path / "trunk.log"
    log.write_bytes(b"INVITE 7781 timed out\n")
    dora, kim = desk.by(DORA, TUESDAY), desk.by(KIM, TUESDAY)
    assert [row["number"] for row in dora.json("list", "--tab", "closed")["cases"]] == ["0000000001"]
    assert kim.json("list", "--tab", "closed")["total"] == 0
    assert kim.json("list", "--group", "--tab", "closed")["total"] == 1
    kim("reopen", "1").refused(2)
    assert standing(kim.json("show", "1")) == "closed/resolved"
    case = kim.json("reopen", "1", "-m", NEWS, "--attach", str(log))
    assert (standing(case), case["closed_at"]) == ("open/customer-responded", None)
    assert [one["name"] for one in dora.json("show", "1")["attachments"]] == ["trunk.log"]
    # Four business hours: two until Tuesday's closing, two on Thursday the 12th, to 11:00 CST.
    second = [clock["due_at"] for clock in case["clocks"] if (clock["metric"], clock["cycle"]) == ("response", 2)]
    assert second == ["2026-11-12T17:00:00Z"]
    assert desk.outbox("1", TUESDAY)[-1] == ("reopened", DORA)
    assert desk.differences(TUESDAY) == []


def test_thirty_days(desk: Desk) -> None:
    """REO-1: to the second, over the change of the clocks; later a new case takes it up and names it."""
    late = desk.by(DORA, TOO_LATE)
    assert "more than 30 days ago" in late("reopen", "1", "-m", NEWS).refused(5)
    new = late.json("open", "-s", "Calls drop again", *FORM, "--follows", "1")
    assert [(link["kind"], link["number"]) for link in new["links"]] == [("follows", "0000000001")]
    links = late.json("show", "1")["links"]
    assert [(link["kind"], link["number"]) for link in links] == [("followed-by", "0000000002")]
    assert standing(desk.by(DORA, LAST).json("reopen", "1", "-m", NEWS)) == "open/customer-responded"
    assert desk.differences(TOO_LATE) == []


def test_what_closed_by_itself_needs_a_call(desk: Desk) -> None:
    """REO-2: the customer's request is refused with the number to call; the call opens it."""
    number = desk.opened(OPENED, "Queue is slow")
    desk.by(BEN, CLOSED).json("ask", number, "-m", "Which queue is it?")
    assert [row[2] for due in LADDER for row in desk.laddered(due)] == list(LADDER)
    told = desk.by(DORA, TUESDAY)("reopen", number, "-m", NEWS).refused(5)
    assert "+1 555 010 0100" in told
    opened = desk.by(BEN, TUESDAY).json(
        "reopen", number, "--via", "phone", "--contact", KIM, "-m", "Kim: all of them."
    )
    assert standing(opened) == "open/customer-responded"
    newest = desk.by(DORA, TUESDAY).json("show", number)["updates"][0]
    assert (newest["actor"], newest["via"], newest["data"]["text"]) == (KIM, "phone", "Kim: all of them.")
    assert desk.differences(TUESDAY) == []
