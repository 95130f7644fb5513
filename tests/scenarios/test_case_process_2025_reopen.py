"""The case process of 2025, reopen: within 30 days and with what is new; after auto follow-up by a call alone."""

from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, FORM, KIM, REX, Desk, letter, standing, sydney

OPENED = "2026-03-23T22:30:00Z"
CLOSED = "2026-03-23T23:00:00Z"
"""Tuesday, 24 March 2026, 10:00 AEDT."""
LAST = "2026-04-22T23:00:00Z"
"""30 times 24 hours on: Thursday, 23 April, 09:00 AEST, as the clocks were put back in between."""
TOO_LATE = "2026-04-22T23:00:01Z"
NEWS = "It dropped again at nine: calls 7781 and 7790."
# Asked on the 24th at 10:00 AEDT: Thursday the 26th, Tuesday the 31st; then Wednesday the 1st is the sixth,
# Thursday the 2nd the seventh; behind Good Friday, the change of the clocks and Easter Monday come Tuesday the
# 7th, Wednesday the 8th and Thursday the 9th, 10:00 AEST.
LADDER = ("2026-03-25T23:00:00Z", "2026-03-30T23:00:00Z", "2026-04-09T00:00:00Z")
CALLED = "2026-04-10T01:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk in Sydney."""
    return sydney(tmp_path)


def closed(desk: Desk) -> str:
    """A case that its customer closed."""
    number = desk.opened(OPENED)
    desk.by(DORA, CLOSED).json("close", number)
    return number


def test_a_request_to_reopen(desk: Desk) -> None:
    """REO-1, SLA-6: found among the closed ones, reopened with what is new; the response counts anew."""
    number = closed(desk)
    thursday = "2026-04-02T04:00:00Z"  # 15:00 AEDT
    dora, kim = desk.by(DORA, thursday), desk.by(KIM, thursday)
    assert [row["number"] for row in dora.json("list", "--tab", "closed")["cases"]] == [number]
    assert "a text is needed" in dora("reopen", number).refused(2)
    desk.by(REX, thursday)("reopen", number, "-m", NEWS).refused(4)
    case = kim.json("reopen", number, "-m", NEWS)
    assert (standing(case), case["closed_at"]) == ("open/customer-responded", None)
    assert dora.json("show", number)["updates"][0]["data"]["text"] == NEWS
    # Four business hours: two until Thursday's closing, two on Tuesday the 7th, to 11:00 AEST.
    response = [clock for clock in case["clocks"] if (clock["metric"], clock["cycle"]) == ("response", 2)]
    assert [clock["due_at"] for clock in response] == ["2026-04-07T01:00:00Z"]
    assert desk.outbox(number, thursday)[-1] == ("reopened", DORA)
    assert desk.differences(thursday) == []


def test_thirty_days_and_a_second(desk: Desk) -> None:
    """REO-1: the last moment is good, over the change of the clocks too; after it a new case follows."""
    number = closed(desk)
    refused = desk.by(KIM, TOO_LATE)("--json", "reopen", number, "-m", NEWS)
    assert (refused.status, refused.error["rule"]) == (5, "REO-1")
    assert f"care open --follows {number}" in refused.error["hint"]
    desk.by(BEN, TOO_LATE)("reopen", number, "--via", "phone", "-m", NEWS).refused(5)
    new = desk.by(KIM, TOO_LATE).json("open", *FORM, "-s", "Calls drop again", "--follows", number)
    assert [(link["kind"], link["number"]) for link in new["links"]] == [("follows", number)]
    assert standing(desk.by(KIM, LAST).json("reopen", number, "-m", NEWS)) == "open/customer-responded"
    assert desk.differences(TOO_LATE) == []


def test_auto_follow_up_closed_it(desk: Desk) -> None:
    """REO-2, MAIL-3: neither command nor mail opens it; the customer is told to call, and the call does."""
    number = desk.opened(OPENED)
    desk.by(BEN, CLOSED).json("ask", number, "-m", "Which queue is it?")
    assert [row[2] for due in LADDER for row in desk.laddered(due)] == list(LADDER)
    refused = desk.by(DORA, CALLED)("--json", "reopen", number, "-m", NEWS)
    assert (refused.status, refused.error["rule"]) == (5, "REO-2")
    assert "+1 555 010 0100" in refused.error["hint"]
    mail = desk.last_mail(number, CALLED)
    reply = letter(DORA, f"Re: {mail['Subject']}", NEWS, id_="<1@pier.example>", answers=mail)
    assert desk.receive(CALLED, reply)["code"] == "closed"
    told = desk.by(BEN, CALLED).json("mail", "outbox")["mail"][0]
    assert (told["kind"], told["to"]) == ("how-to-reopen", DORA)
    desk.by(BEN, CALLED)("reopen", number, "-m", NEWS).refused(5)
    assert standing(desk.by(DORA, CALLED).json("show", number)) == "closed/cancelled"
    assert standing(desk.by(BEN, CALLED).json("reopen", number, "--via", "phone", "-m", NEWS)) == (
        "open/customer-responded"
    )
    newest = desk.by(DORA, CALLED).json("show", number)["updates"][0]
    assert (newest["actor"], newest["via"], newest["data"]["logged_by"]) == (DORA, "phone", BEN)
    assert desk.differences(CALLED) == []
