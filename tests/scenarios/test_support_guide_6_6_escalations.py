"""The support guide, section 6.6: who is dissatisfied engages the manager, or the account's own people."""

from pathlib import Path

import pytest
from scenario_desks import (
    ADA,
    AIKO,
    BEN,
    CAY,
    EVE,
    KEN,
    MIA,
    ROB,
    SYSTEM,
    Desk,
    Place,
    desk_in,
    due,
    mailed,
    problem,
    standing,
    verified,
)

# Dublin goes back to winter time on Sunday, 25 October 2026; Monday the 26th is the October bank holiday. Behind
# Thursday the 22nd the business days are 1 Fri 23, 2 Tue 27, 5 Fri 30, 10 Fri 6 November, 15 Fri 13.
DUBLIN = Place("Europe/Dublin", "IE", "2026-10-19T09:00:00Z", "2026-10-22T14:00:00Z")
"""Thursday, 15:00 IST; at 15:00 GMT it is 15:00Z."""
CLOCKS = {
    "response": "2026-10-22T16:00:00Z",
    "restoration": "2026-10-27T15:00:00Z",
    "resolution": "2026-11-13T15:00:00Z",
}
TUESDAY = CLOCKS["restoration"]
WHY = "Nobody has called us back."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Everybody on that Thursday in Dublin, with Aiko's case."""
    desk = desk_in(tmp_path, DUBLIN)
    problem(desk[AIKO])
    return desk


def escalated(desk: Desk, who: str, at: str) -> list[int]:
    """What somebody's list shows as escalated."""
    words = ("list", "--all", "--escalated") if who != AIKO else ("list", "--escalated")
    return [int(case["number"]) for case in desk[who].at(at).json(*words)["cases"]]


def test_on_the_phone_to_the_manager(desk: Desk) -> None:
    """ESC-1: the call is logged with the case number; it stands over the holiday until the manager answers."""
    raised = desk[BEN].json("escalate", "1", "--via", "phone", "--contact", KEN, "-m", WHY)
    assert raised["escalation"] == {
        "to": "manager",
        "addressed": [MIA],
        "by": KEN,
        "by_customer": True,
        "since": DUBLIN.now,
        "wanted_priority": None,
    }
    # It moves neither the status nor what was promised: two business days on it is Tuesday, 15:00 GMT.
    assert (standing(raised), due(raised)) == ("open/new", CLOCKS)
    before = desk[SYSTEM].at("2026-10-27T14:59:59Z").json("tick")
    assert [one["metric"] for one in before["breaches"]] == ["response"]
    tick = desk[SYSTEM].at(TUESDAY).json("tick")
    assert [one["metric"] for one in tick["breaches"]] == ["response", "restoration"]
    assert [(one["number"], one["since"]) for one in tick["escalations"]] == [("0000000001", DUBLIN.now)]
    assert [escalated(desk, who, TUESDAY) for who in (MIA, BEN, AIKO, EVE)] == [[1], [1], [1], []]
    answered = desk[MIA].at(TUESDAY).json("escalate", "1", "--answer", "-m", "I see to it myself.")
    assert (answered["escalated"], answered["escalation"]) == (False, None)
    assert desk[SYSTEM].at(TUESDAY).json("tick")["escalations"] == []
    kinds = [(kind, to) for kind, to in mailed(desk, "1") if kind.startswith("escalation")]
    assert kinds[0] == ("escalation", MIA)
    assert {to for _, to in kinds[1:]} >= {KEN}
    assert verified(desk)


@pytest.mark.parametrize(("to", "person"), [("executive", MIA), ("cxm", CAY)])
def test_to_the_accounts_own_people(desk: Desk, to: str, person: str) -> None:
    """ESC-1, ACC-1: to the account's executive or its CXM, with the priority wished for; a wish sets none."""
    raised = desk[AIKO].json("escalate", "1", "--to", to, "--priority", "critical", "-m", WHY)
    escalation = raised["escalation"]
    assert (escalation["to"], escalation["addressed"], escalation["wanted_priority"]) == (to, [person], "critical")
    assert (raised["priority"], due(raised)) == ("high", CLOCKS)
    assert [one["addressed"] for one in desk[SYSTEM].at(TUESDAY).json("tick")["escalations"]] == [[person]]
    # Tuesday, 15:00 GMT: the manager raises it; what is breached stays so, and nothing is promised for the past.
    case = desk[MIA].at(TUESDAY).json("priority", "1", "critical", "-m", "They are right.", "--yes")
    assert (case["priority"], due(case)["resolution"]) == ("critical", CLOCKS["resolution"])
    breached = {one["metric"]: one["breached_at"] for one in case["clocks"] if one["breached_at"]}
    assert breached == {metric: CLOCKS[metric] for metric in ("response", "restoration")}
    assert mailed(desk, "1")[1] == ("escalation", person)
    assert verified(desk)


def test_to_somebody_whom_the_account_has_not(desk: Desk) -> None:
    """ESC-1: no success manager is named here, and a Care account has bought no one: nothing is kept."""
    desk[ADA].json("account", "add", "Plain Ltd", "--plan", "care", "--deployment", "Dock", "--service", "Voice")
    desk[ADA].json("contact", "add", "pia@plain.example", "--account", "Plain Ltd", "--trained")
    pia = desk[AIKO]._replace(email="pia@plain.example")
    problem(pia)
    for who, number, to in ((desk[AIKO], "1", "success-manager"), (pia, "2", "cxm")):
        refused = who("escalate", number, "--to", to, "-m", WHY)
        assert (refused.status, who.json("show", number)["escalated"]) == (5, False)
    assert desk[SYSTEM].json("tick")["escalations"] == []


def test_who_may(desk: Desk) -> None:
    """ESC-1, DC-1, DC-3: a Designated Contact of the account, with a reason; withdrawn, raised again, closed."""
    assert "a text is needed" in desk[AIKO]("escalate", "1").refused(2)
    assert desk[ROB]("escalate", "1", "-m", WHY).status == 4
    assert desk[EVE]("escalate", "1", "-m", WHY).status == 3
    desk[KEN].json("escalate", "1", "-m", WHY)
    assert desk[BEN]("escalate", "1", "--answer", "-m", "No.").status == 4
    desk[AIKO].json("escalate", "1", "--withdraw")
    assert escalated(desk, MIA, DUBLIN.now) == []
    again = desk[AIKO].at(TUESDAY).json("escalate", "1", "-m", "Still nobody.")
    assert again["escalation"]["since"] == TUESDAY
    closed = desk[AIKO].at(TUESDAY).json("close", "1")
    assert (standing(closed), desk[SYSTEM].at(TUESDAY).json("tick")["escalations"]) == ("closed/cancelled", [])
    assert verified(desk)
