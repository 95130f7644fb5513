"""The portal's information guide: the three automated follow-ups of all cases, and reopening a closed one."""

from pathlib import Path

import pytest
from scenario_desks import (
    AIKO,
    BEN,
    KEN,
    SYSTEM,
    TEXT,
    WHERE,
    Desk,
    Place,
    desk_in,
    mailed,
    problem,
    standing,
    verified,
)

# London goes to summer time on Sunday, 29 March 2026; Good Friday is 3 April, Easter Monday 6 April. Behind
# Thursday, 26 March, the business days are 1 Fri 27, 2 Mon 30, 5 Thu 2 April, 6 Tue 7, 9 Fri 10, 10 Mon 13.
LONDON = Place("Europe/London", "GB-ENG", "2026-03-23T10:00:00Z", "2026-03-26T15:00:00Z")
"""Thursday, 15:00 GMT; at 15:00 BST it is 14:00Z."""
STAGES = ("2026-03-30T14:00:00Z", "2026-04-02T14:00:00Z", "2026-04-13T14:00:00Z")
LAST_DAY, DAY_AFTER = "2026-05-13T14:00:00Z", "2026-05-13T14:00:01Z"
"""Thirty days behind the close by the third follow-up."""
TYPES = {
    "support": ("--subtype", "question", *WHERE, "--priority", "low"),
    "service-request": ("--subtype", "password-reset", *WHERE, "--priority", "low"),
    "feature-request": (*WHERE, "--priority", "low"),
    "admin": ("--subtype", "login"),
}
NEW = ("-m", "It shows again in the trace of this morning.")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Everybody on that Thursday in London."""
    return desk_in(tmp_path, LONDON)


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("act", ["ask", "propose"])
def test_the_three_follow_ups_of_all_cases(desk: Desk, type_: str, act: str) -> None:
    """FU-1, FU-2, FU-5: after 2, 5 and 10 business days, each mailed once to who opened it; the third closes."""
    number = desk[KEN].json("open", "--type", type_, *TYPES[type_], "-s", "A matter", "-m", TEXT)["number"]
    desk["ada@desk.example"].json(act, number, "-m", "Please try the new one.")
    for stage, at in enumerate(STAGES, 1):
        assert desk[SYSTEM].at(at.replace("14:00:00", "13:59:59")).json("tick")["followups"] == []
        tick = desk[SYSTEM].at(at).json("tick")
        (sent,) = tick["followups"]
        assert (sent["stage"], sent["due_at"], sent["contact"]) == (stage, at, KEN)
        assert tick["closed"] == ([number] if stage == 3 else [])
    assert desk[SYSTEM].at(STAGES[2]).json("tick")["followups"] == []
    case = desk[AIKO].at(STAGES[2]).json("show", number)
    assert (case["status"], case["closed_at"], case["closed_by"]) == ("closed", STAGES[2], "auto-follow-up")
    first = {"ask": "request", "propose": "proposal"}[act]
    expected = ["acknowledgement", first, "reminder", "reminder", "closing"]
    assert mailed(desk, number) == [(kind, KEN) for kind in expected]
    assert verified(desk)


def test_a_response_stops_them(desk: Desk) -> None:
    """FU-3, STAT-3: between the first and the second; a new question starts at its own first."""
    number = problem(desk[AIKO])["number"]
    desk[BEN].json("ask", number, "-m", "Which queue?")
    desk[SYSTEM].at(STAGES[0]).json("tick")
    desk[AIKO].at("2026-04-01T09:00:00Z").json("update", number, "-m", "Sales.")
    assert desk[SYSTEM].at(STAGES[1]).json("tick")["followups"] == []
    # Thursday, 2 April, 15:00 BST: 1 Tue 7, 2 Wed 8.
    again = desk[BEN].at(STAGES[1]).json("ask", number, "-m", "Since when?")
    assert (again["followup"]["round"], again["followup"]["next_at"]) == (2, "2026-04-08T14:00:00Z")
    (sent,) = desk[SYSTEM].at("2026-04-08T14:00:00Z").json("tick")["followups"]
    assert sent["stage"] == 1


def test_reopened_after_the_third(desk: Desk) -> None:
    """REO-1, REO-2: by a call alone, on the thirtieth day still, a second later no more; a new case follows it."""
    number = problem(desk[AIKO])["number"]
    desk[BEN].json("propose", number, "-m", "Set the timer to 30 s.")
    for at in STAGES:
        desk[SYSTEM].at(at).json("tick")
    assert "+1 555 010 0100" in desk[AIKO].at(LAST_DAY)("reopen", number, *NEW).refused(5)
    call = ("reopen", number, *NEW, "--via", "phone", "--contact", KEN)
    assert f"care open --follows {number}" in desk[BEN].at(DAY_AFTER)(*call).refused(5)
    case = desk[BEN].at(LAST_DAY).json(*call)
    assert (standing(case), case["closed_at"]) == ("open/customer-responded", None)
    assert verified(desk)


def test_a_case_that_the_customer_closed(desk: Desk) -> None:
    """REO-1, SLA-6, CAL-1: asked for in the portal within thirty days, over new clocks; it is answered anew."""
    number = problem(desk[AIKO])["number"]
    desk[BEN].json("propose", number, "-m", "Set the timer to 30 s.")
    desk[AIKO].json("accept", number)
    # Thirty days from Thursday, 26 March, 15:00Z are Saturday, 25 April, 15:00Z, which is 16:00 BST.
    late = desk[KEN].at("2026-04-25T15:00:01Z")
    assert f"care open --follows {number}" in late("reopen", number, *NEW).refused(5)
    case = desk[KEN].at("2026-04-25T15:00:00Z").json("reopen", number, *NEW)
    # The desk opens on Monday the 27th at 9 BST: two business hours on it is 11, 10:00Z.
    answer = [one["due_at"] for one in case["clocks"] if (one["metric"], one["cycle"]) == ("response", 2)]
    assert (standing(case), answer) == ("open/customer-responded", ["2026-04-27T10:00:00Z"])
    assert verified(desk)
