"""The portal's information guide: a support case opened by deployment, service, subtype, stage, priority."""

from pathlib import Path

import pytest
from scenario_desks import (
    ADA,
    AIKO,
    BEN,
    KEN,
    SYSTEM,
    TEXT,
    WHERE,
    Desk,
    Place,
    desk_in,
    due,
    problem,
    standing,
    verified,
)

# Sydney goes to summer time on Sunday, 4 October 2026 (02:00 AEST is 03:00 AEDT); Monday the 5th is Labour Day.
# Behind Friday, 2 October, the business days are 1 Tue 6, 2 Wed 7, 5 Mon 12, 10 Mon 19, 15 Mon 26.
SYDNEY = Place("Australia/Sydney", "AU-NSW", "2026-09-28T00:00:00Z", "2026-10-02T05:00:00Z")
"""Friday, 15:00 AEST; at 15:00 AEDT it is 04:00Z."""
ELSEWHERE = ("--deployment", "Pier", "--service", "Reports")
FORM = """
type = "support"
subtype = "problem"
deployment = "Pier"
service = "Reports"
stage = "uat"
priority = "medium"
subject = "Report is empty"
description = "The report of all calls of the day has had no line since the change of Thursday."
impact = "The acceptance test cannot go on."
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Everybody on that Friday in Sydney; the account has a second deployment, with a service of its own."""
    desk = desk_in(tmp_path, SYDNEY)
    more = ("--deployment", "Pier", "--service", "Pier/Reports=Reporting")
    desk[ADA].json("account", "edit", "Harbour Foods", *more)
    return desk


def test_a_problem_during_acceptance(desk: Desk, tmp_path: Path) -> None:
    """OPEN-2, OPEN-4, CAL-2: from a form, on the second deployment, before it is live; promised all the same."""
    form = tmp_path / "case.toml"
    form.write_text(FORM)
    case = desk[AIKO].json("open", "--form", str(form))
    assert (case["deployment"], case["service"], case["group"], case["stage"]) == (
        "Pier",
        "Reports",
        "Reporting",
        "uat",
    )
    # 4 bh: 2 until 17:00 AEST, 2 more on Tuesday to 11:00 AEDT. 5 business days: Monday the 12th; 15: the 26th.
    assert due(case) == {
        "response": "2026-10-06T00:00:00Z",
        "restoration": "2026-10-12T04:00:00Z",
        "resolution": "2026-10-26T04:00:00Z",
    }
    tick = desk[SYSTEM].at("2026-10-06T00:00:00Z").json("tick")
    assert [(one["metric"], one["due_at"]) for one in tick["breaches"]] == [("response", "2026-10-06T00:00:00Z")]
    assert verified(desk)


def test_a_question(desk: Desk) -> None:
    """OPEN-2, OPEN-4: it needs neither stage nor impact, and is answered within a business day, Low as it is."""
    asking = ("--subtype", "question", *WHERE, "--priority", "low", "-s", "Hold music", "-m", TEXT)
    case = desk[AIKO].json("open", *asking)
    assert (case["subtype"], case["stage"], due(case)) == ("question", None, {"response": "2026-10-06T04:00:00Z"})
    answered = (
        desk[BEN].at("2026-10-06T04:00:00Z").json("update", case["number"], "-m", "In the queue's settings.")
    )
    (response, *_) = answered["clocks"]
    assert (response["state"], response["met_at"]) == ("met", "2026-10-06T04:00:00Z")
    assert standing(answered) == "open/investigation"


def test_the_choices_are_the_accounts_own(desk: Desk) -> None:
    """OPEN-4, ACC-2: a service of another deployment, or no stage, is refused with what there is."""
    what = ("-s", "A", "-m", TEXT, "--impact", "Some.", "--priority", "high")
    wrong = desk[AIKO]("open", "--deployment", "Dock", "--service", "Reports", "--stage", "uat", *what)
    assert (wrong.status, "Voice" in wrong.err) == (3, True)
    assert "missing: stage" in desk[AIKO]("open", *ELSEWHERE, *what).refused(2)
    odd = desk[AIKO]("open", *ELSEWHERE, "--stage", "pilot", *what).refused(2)
    assert ("production" in odd, "uat" in odd) == (True, True)
    assert desk[BEN].json("list", "--all")["total"] == 0


def test_critical_is_saved_as_high_and_called_in(desk: Desk) -> None:
    """OPEN-9, SLA-5: the call of Saturday night; a quarter of an hour and four hours run on."""
    at = "2026-10-03T15:00:00Z"  # Sunday, 01:00 AEST, an hour before the clocks change
    case = problem(desk[KEN].at(at))
    # Until the desk opens on Tuesday at 9 AEDT, 22:00Z on Monday, nothing of a High case's hours would run.
    assert due(case)["response"] == "2026-10-06T00:00:00Z"
    case = (
        desk[BEN].at(at).json("priority", case["number"], "critical", "-m", "They stand still.", "--via", "phone")
    )
    assert due(case) == {
        "response": "2026-10-03T15:15:00Z",
        "restoration": "2026-10-03T19:00:00Z",
        # From Tuesday, 9 AEDT: 1 Wed 7, 3 Fri 9, 8 Fri 16, 13 Fri 23, 15 Tue 27.
        "resolution": "2026-10-26T22:00:00Z",
    }
    assert desk[BEN].json("log", case["number"])["events"][-1]["data"]["available_contact"] == KEN
    assert verified(desk)
