"""The support guide, section 3: response, restoration and resolution by severity, and severity re-determined.

Targets run from the moment that the case was submitted, in the account's business days; either side may ask for
another severity, Customer Care has the last word, and a Critical case is submitted as High and then called in.
"""

from pathlib import Path

import pytest
from scenario_desks import (
    AIKO,
    BEN,
    KEN,
    MIA,
    SYSTEM,
    TEXT,
    WHERE,
    Place,
    desk_in,
    due,
    mailed,
    problem,
    standing,
    verified,
)

# London goes to summer time on Sunday, 29 March 2026 (01:00 GMT is 02:00 BST); Good Friday is 3 April, Easter
# Monday 6 April, the Early May holiday Monday, 4 May. Behind Thursday, 26 March, the business days are 1 Fri 27, 2
# Mon 30, 3 Tue 31, 4 Wed 1 April, 5 Thu 2, 6 Tue 7, 7 Wed 8, 8 Thu 9, 9 Fri 10, 10 Mon 13, 15 Mon 20, 20 Mon 27,
# 24 Fri 1 May, 25 Tue 5, 28 Fri 8, 29 Mon 11, 30 Tue 12.
LONDON = Place("Europe/London", "GB-ENG", "2026-03-23T10:00:00Z", "2026-03-26T15:00:00Z")
"""Thursday, 15:00 GMT."""
DAYS = {
    1: "2026-03-27T15:00:00Z",
    2: "2026-03-30T14:00:00Z",
    4: "2026-04-01T14:00:00Z",
    5: "2026-04-02T14:00:00Z",
    10: "2026-04-13T14:00:00Z",
    15: "2026-04-20T14:00:00Z",
    30: "2026-05-12T14:00:00Z",
}
"""So many business days on it is 15:00 on the wall again: 15:00Z before the 29th of March, 14:00Z after it."""
# Two business hours of that Thursday are left, so 2 bh end at the closing; 4 and 6 bh go on from 9 on Friday.
HOURS = {2: "2026-03-26T17:00:00Z", 4: "2026-03-27T11:00:00Z", 6: "2026-03-27T13:00:00Z"}
TARGETS = {
    "care": {
        "high": (HOURS[6], DAYS[4], DAYS[15]),
        "medium": (DAYS[1], DAYS[10], DAYS[30]),
        "low": (DAYS[2],),
    },
    "business-care": {
        "high": (HOURS[2], DAYS[2], DAYS[15]),
        "medium": (HOURS[4], DAYS[5], DAYS[15]),
        "low": (DAYS[1],),
    },
}
"""Table 3: plan, severity; response, restoration, resolution. Low promises a response alone."""
NIGHT = "2026-03-28T22:30:00Z"
"""Saturday, half an hour and two before the clocks change."""
CRITICAL = {
    # Plain hours run on through the hour that is skipped: 4 h after 22:30 GMT it is 03:30 BST, 02:30Z.
    "care": ("2026-03-29T02:30:00Z", "2026-03-29T04:30:00Z"),
    "business-care": ("2026-03-28T22:45:00Z", "2026-03-29T02:30:00Z"),
}
# The Saturday is closed: 15 business days run from Monday the 30th at 9 BST. 1 Tue 31 ... 4 Fri would be Good
# Friday, so 3 Thu 2 April, 4 Tue 7, 7 Fri 10, 12 Fri 17, 15 Wed 22.
CRITICAL_RESOLUTION = "2026-04-22T08:00:00Z"


@pytest.mark.parametrize("plan", ["care", "business-care"])
def test_the_targets_of_table_3(tmp_path: Path, plan: str) -> None:
    """SLA-1, CAL-1, CAL-2, TICK-3: each severity on literal dates, proved to the customer line by line."""
    desk = desk_in(tmp_path, LONDON, plan=plan)
    for priority, instants in TARGETS[plan].items():
        case = problem(desk[AIKO], subject=f"A {priority} matter", priority=priority)
        assert due(case) == dict(zip(("response", "restoration", "resolution"), instants, strict=False)), priority
    proof = desk[KEN].json("explain", "2", "--metric", "resolution")["clocks"][0]
    holidays = {line["holiday"] for line in proof["lines"] if line["why"] == "holiday"}
    assert {"Good Friday", "Easter Monday"} <= holidays
    assert (proof["result"]["adds_up"], sum(line["clock_change_s"] for line in proof["lines"])) == (True, 3600)
    assert verified(desk)


@pytest.mark.parametrize("plan", ["care", "business-care"])
def test_a_critical_case_is_called_in(tmp_path: Path, plan: str) -> None:
    """OPEN-8, OPEN-9, CAL-3, SLA-7: on a Saturday night, by phone; it warns and breaches through the new hour."""
    desk = desk_in(tmp_path, LONDON, plan=plan)
    aiko, ben = desk[AIKO].at(NIGHT), desk[BEN].at(NIGHT)
    form = (*WHERE, "--stage", "production", "-s", "No calls", "-m", TEXT, "--impact", "Nobody can call us.")
    assert "then call +1 555 010 0100" in aiko("open", *form, "--priority", "critical").refused(5)
    number = aiko.json("open", *form, "--priority", "high")["number"]
    case = ben.json("priority", number, "critical", "-m", "Nobody can call them.", "--via", "phone")
    response, restoration = CRITICAL[plan]
    assert due(case) == {
        "response": response,
        "restoration": restoration,
        "resolution": CRITICAL_RESOLUTION,
    }
    raised = desk[BEN].json("log", number)["events"][-1]["data"]
    assert raised["available_contact"] == AIKO
    breached = desk[SYSTEM].at(restoration).json("tick")["breaches"]
    assert [(one["metric"], one["due_at"], one["new"]) for one in breached] == [
        ("response", response, True),
        ("restoration", restoration, True),
    ]
    restored = desk[BEN].at("2026-03-29T06:00:00Z").json("restore", number, "-m", "The trunk is up.")
    # Over the phone line a High case is taken from Business Care alone.
    caller = ("--via", "phone", "--account", "Harbour Foods", "--contact", KEN, "--priority", "high")
    taken = ben("open", *form, *caller)
    assert (standing(restored), taken.status) == (
        "service-restored/pending-permanent-solution",
        {"care": 5, "business-care": 0}[plan],
    )
    assert verified(desk)


def test_a_severity_is_determined_again(tmp_path: Path) -> None:
    """SEV-1, SLA-5: a contact asks, staff decide; raised, lowered below any promise, and raised once more."""
    desk = desk_in(tmp_path, LONDON)
    number = problem(desk[AIKO], priority="medium")["number"]
    assert "only Customer Care" in desk[KEN]("priority", number, "high", "-m", "Please.").refused(4)
    desk[KEN].json("escalate", number, "--priority", "high", "-m", "It spreads.")
    friday = "2026-03-27T10:00:00Z"
    # Friday at 10: two business hours more are noon, the old 11:00 comes first; two business days on it is
    # Tuesday, 10:00 BST, before the old Thursday; fifteen are Tuesday, 21 April, and the old Monday the 20th
    # stays.
    case = desk[BEN].at(friday).json("priority", number, "high", "-m", "They are right.")
    assert due(case) == {"response": HOURS[4], "restoration": "2026-03-31T09:00:00Z", "resolution": DAYS[15]}
    desk[MIA].at(friday).json("escalate", number, "--answer", "-m", "We have raised it.")
    desk[BEN].at(friday).json("update", number, "-m", "We look at it.")
    monday = desk[BEN].at("2026-03-30T09:00:00Z")
    case = monday.json("priority", number, "low", "-m", "One phone alone.")
    assert due(case) == {"response": HOURS[4]}
    # Wednesday, 1 April, 14:00 BST: 1 Thu 2, 2 Tue 7, 5 Fri 10; 10 Fri 17, 15 Fri 24.
    case = desk[BEN].at("2026-04-01T13:00:00Z").json("priority", number, "medium", "-m", "It is back.")
    running = {(one["metric"], one["cycle"]): one["due_at"] for one in case["clocks"] if one["state"] == "running"}
    assert running == {("restoration", 2): "2026-04-10T13:00:00Z", ("resolution", 2): "2026-04-24T13:00:00Z"}
    assert [to for kind, to in mailed(desk, number) if kind == "priority"] == [AIKO, AIKO, AIKO]
    assert verified(desk)
