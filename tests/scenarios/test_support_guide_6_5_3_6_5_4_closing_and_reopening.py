"""The support guide, sections 6.5.3 and 6.5.4: a case is closed by its customer or by silence, and reopened."""

from pathlib import Path

import pytest
from scenario_desks import (
    AIKO,
    BEN,
    KEN,
    ROB,
    SYSTEM,
    TEXT,
    WHERE,
    Desk,
    Place,
    desk_in,
    due,
    mailed,
    problem,
    standing,
    verified,
)

# New York goes back to standard time on Sunday, 1 November 2026 (02:00 EDT is 01:00 EST); Wednesday the 11th is
# Veterans Day. Behind Thursday, 29 October, the business days are 1 Fri 30, 2 Mon 2 November, 3 Tue 3, 4 Wed 4,
# 5 Thu 5, 6 Fri 6, 7 Mon 9, 8 Tue 10, 9 Thu 12, 10 Fri 13.
NEW_YORK = Place("America/New_York", "US", "2026-10-26T14:00:00Z", "2026-10-29T19:00:00Z")
"""Thursday, 15:00 EDT; at 15:00 EST it is 20:00Z."""
STAGES = ("2026-11-02T20:00:00Z", "2026-11-05T20:00:00Z", "2026-11-13T20:00:00Z")
"""Two, five and ten business days on."""
OLDER = "[sla]\npause = []\n[reopen]\nrefuse_resolved = true\n"
"""What the guide says to the letter, as in the shipped policy `guide`: clocks never pause, Resolved is final."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Everybody on that Thursday in New York, by the guide's older rules."""
    return desk_in(tmp_path, NEW_YORK, policy=OLDER)


def test_a_solution_that_helps(desk: Desk) -> None:
    """CLOSE-1, STAT-3: the customer closes the case, whoever of them opened it, and hears no more of it."""
    number = problem(desk[AIKO])["number"]
    assert standing(desk[BEN].json("propose", number, "-m", "Set the timer to 30 s.")) == (
        "solution-proposed/solution-proposed"
    )
    assert desk[ROB]("close", number).status == 4
    case = desk[KEN].at("2026-11-02T19:00:00Z").json("close", number)
    assert (standing(case), case["closed_by"], case["followup"]) == ("closed/resolved", KEN, None)
    for at in STAGES:
        assert desk[SYSTEM].at(at).json("tick")["followups"] == []
    assert [kind for kind, _ in mailed(desk, number)][:2] == ["acknowledgement", "proposal"]
    assert "reminder" not in [kind for kind, _ in mailed(desk, number)]
    assert verified(desk)


@pytest.mark.parametrize(("act", "end"), [("ask", "cancelled"), ("propose", "resolved")])
def test_nobody_replies(desk: Desk, act: str, end: str) -> None:
    """FU-1, FU-2, REO-2: reminded after two days and five, closed after ten; then only a call may reopen it."""
    number = problem(desk[AIKO])["number"]
    desk[BEN].json(act, number, "-m", "Does it help to set the timer to 30 s?")
    for stage, at in enumerate(STAGES, 1):
        before = at.replace("20:00:00Z", "19:59:59Z")
        assert desk[SYSTEM].at(before).json("tick")["followups"] == []
        (sent,) = desk[SYSTEM].at(at).json("tick")["followups"]
        assert (sent["stage"], sent["action"], sent["due_at"]) == (
            stage,
            "close" if stage == 3 else "reminder",
            at,
        )
    case = desk[KEN].at(STAGES[2]).json("show", number)
    assert (standing(case), case["closed_at"], case["closed_by"]) == (f"closed/{end}", STAGES[2], "auto-follow-up")
    kinds = [kind for kind, to in mailed(desk, number) if to == AIKO]
    assert kinds[2:] == ["reminder", "reminder", "closing"]
    monday = "2026-11-16T15:00:00Z"  # 10:00 EST
    new = ("reopen", number, "-m", "The trace of this morning shows it again.")
    assert desk[AIKO].at(monday)(*new).status == 5
    called = desk[BEN].at(monday)("--json", *new, "--via", "phone")
    assert called.status == {"cancelled": 0, "resolved": 5}[end]
    assert verified(desk)


def test_reopened_with_new_information_alone(desk: Desk, tmp_path: Path) -> None:
    """REO-1, SLA-6: without anything new it stays closed; with it the clocks go on, closed time not counted."""
    number = problem(desk[AIKO])["number"]
    desk[BEN].json("update", number, "-m", "We look at it.")
    closed = desk[AIKO].at("2026-10-29T20:00:00Z").json("close", number, "-m", "It is gone.")
    assert standing(closed) == "closed/cancelled"
    thursday = desk[AIKO].at("2026-11-12T19:00:00Z")  # 14:00 EST
    assert "a text is needed" in thursday("reopen", number).refused(2)
    trace = tmp_path / "trace.txt"
    trace.write_text("The call of this morning, without anybody's data.\n")
    case = thursday.json("reopen", number, "-m", "It is back since this morning.", "--attach", str(trace))
    assert (standing(case), [one["name"] for one in case["attachments"]]) == (
        "open/customer-responded",
        ["trace.txt"],
    )
    clocks = {(one["metric"], one["cycle"]): (one["state"], one["due_at"]) for one in case["clocks"]}
    # A new response clock: 2 bh from Thursday, 14:00 EST. Two business days from 29 October, 15:00 EDT, are 2 + 8
    # + 6 open hours, 16, of which 1 was used: 3 of this Thursday, 8 of Friday, 4 of Monday the 16th make 15.
    assert clocks["response", 2] == ("running", "2026-11-12T21:00:00Z")
    assert clocks["restoration", 1] == ("running", "2026-11-16T18:00:00Z")
    assert verified(desk)


def test_what_is_resolved_stays_closed(desk: Desk) -> None:
    """REO-2: by the guide's older rule a case marked Resolved is not reopened by anybody; a new one follows."""
    number = problem(desk[AIKO])["number"]
    desk[BEN].json("propose", number, "-m", "Set the timer to 30 s.")
    desk[AIKO].json("accept", number)
    for who in (AIKO, BEN):
        later = desk[who].at("2026-11-12T19:00:00Z")
        assert f"care open --follows {number}" in later("reopen", number, "-m", "It is back.").refused(5)
    form = (
        "--stage",
        "production",
        "--priority",
        "high",
        "-s",
        "Calls drop again",
        "-m",
        TEXT,
        "--impact",
        "Some.",
    )
    next_one = desk[AIKO].at("2026-11-10T20:00:00Z").json("open", *WHERE, *form, "--follows", number)
    assert next_one["links"] == [{"kind": "follows", "number": number}]
    # Tuesday the 10th, 15:00 EST: 1 Thu 12, 2 Fri 13; 5 Wed 18, 9 Tue 24, 10 Wed 25, Thursday is Thanksgiving,
    # 11 Fri 27, 12 Mon 30, 15 Thu 3 December.
    assert due(next_one) == {
        "response": "2026-11-10T22:00:00Z",
        "restoration": "2026-11-13T20:00:00Z",
        "resolution": "2026-12-03T20:00:00Z",
    }
    assert verified(desk)


def test_the_shipped_policy_has_the_older_rule(desk: Desk) -> None:
    """REO-2: `guide` says both things that these tests chose; the default policy says neither."""
    guide, default = (desk[BEN].json("policy", "show", name)["policy"] for name in ("guide", "default"))
    assert (guide["sla"]["pause"], guide["reopen"]["refuse_resolved"]) == ([], True)
    assert (default["sla"]["pause"], default["reopen"]["refuse_resolved"]) == (["awaiting-info"], False)
