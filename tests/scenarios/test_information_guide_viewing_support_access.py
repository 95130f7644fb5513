"""The portal's information guide: who of the organisation may do what, seen by each, and what the plan gives."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cli.acceptance import Who
from scenario_desks import (
    ADA,
    AIKO,
    BEN,
    CAY,
    EVE,
    KEN,
    ROB,
    SYSTEM,
    Place,
    desk_in,
    due,
    problem,
    standing,
    verified,
)

BEA = "bea@harbour.example"
# Dublin goes back to winter time on Sunday, 25 October 2026; Monday the 26th is the October bank holiday. Behind
# Thursday the 22nd the business days are 1 Fri 23, 2 Tue 27, 5 Fri 30, 10 Fri 6 November, 15 Fri 13.
DUBLIN = Place("Europe/Dublin", "IE", "2026-10-19T09:00:00Z", "2026-10-22T14:00:00Z")
"""Thursday, 15:00 IST; at 15:00 GMT it is 15:00Z."""
TUESDAY, WEDNESDAY = "2026-10-27T15:00:00Z", "2026-10-28T10:00:00Z"
LEVELS = {AIKO: "read-write", BEA: "basic", KEN: "read-write", ROB: "read-only"}


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """Everybody on that Thursday in Dublin; Bea has but the basic access."""
    desk = desk_in(tmp_path, DUBLIN)
    desk[ADA].json("contact", "add", BEA, "--account", "Harbour Foods", "--access", "basic")
    return {**desk, BEA: desk[ROB]._replace(email=BEA)}


def levels(who: Who) -> dict[str, str]:
    """The access levels that somebody sees."""
    return {one["email"]: one["access"] for one in who.json("contact", "list")["contacts"]}


def test_everybody_sees_the_levels_of_the_own_organisation(desk: Mapping[str, Who]) -> None:
    """DC-6, DC-3: whatever the own level; nobody of another account is among them."""
    for email in LEVELS:
        assert levels(desk[email]) == LEVELS, email
    assert levels(desk[EVE]) == {EVE: "read-write"}
    assert desk[EVE]("contact", "list", "--account", "Harbour Foods").status == 3
    designated = [one["email"] for one in desk[ROB].json("contact", "list")["contacts"] if one["designated"]]
    assert designated == [AIKO, KEN]


def test_what_each_level_does(desk: Mapping[str, Who]) -> None:
    """DC-1: basic reads articles and no case; read-only reads cases; read-write is a Designated Contact."""
    number = problem(desk[AIKO])["number"]
    article = desk[BEN].json("kb", "add", "-s", "Hold music", "-m", "Choose it in the queue.", "--publish")
    assert [one["id"] for one in desk[BEA].json("kb", "list")["articles"]] == [article["id"]]
    assert [desk[email]("show", number).status for email in (BEA, ROB, KEN)] == [4, 0, 0]
    assert [desk[email]("update", number, "-m", "A.").status for email in (BEA, ROB, KEN)] == [4, 4, 0]


def test_a_level_that_is_changed(desk: Mapping[str, Who]) -> None:
    """DC-1, FU-3: it holds from then on; what was asked on Thursday is reminded of after the holiday."""
    number = problem(desk[AIKO])["number"]
    desk[BEN].json("ask", number, "-m", "Which queue?")
    (sent,) = desk[SYSTEM].at(TUESDAY).json("tick")["followups"]
    assert (sent["due_at"], sent["contact"]) == (TUESDAY, AIKO)
    assert desk[AIKO]("contact", "edit", ROB, "--access", "read-write").status == 4
    desk[ADA].at(TUESDAY).json("contact", "edit", ROB, "--access", "read-write", "--trained")
    desk[ADA].at(TUESDAY).json("contact", "deactivate", KEN)
    assert desk[KEN].at(WEDNESDAY)("update", number, "-m", "Sales.").status == 4
    case = desk[ROB].at(WEDNESDAY).json("update", number, "-m", "Sales.")
    assert (standing(case), case["followup"]) == ("open/customer-responded", None)
    # Two business days, 2 + 8 + 6 open hours, unused: from Wednesday at 10 they are 7, 8 and 1, Friday at 10.
    assert due(case)["restoration"] == "2026-10-30T10:00:00Z"
    assert levels(desk[AIKO].at(WEDNESDAY))[ROB] == "read-write"
    assert verified(desk)


def test_the_own_profile(desk: Mapping[str, Who]) -> None:
    """DC-6: name and phone are one's own to change, another's are not."""
    desk[BEA].json("contact", "edit", BEA, "--phone", "+353 1 555 0100", "--name", "Bea Byrne")
    (bea,) = [one for one in desk[AIKO].json("contact", "list")["contacts"] if one["email"] == BEA]
    assert (bea["name"], bea["phone"]) == ("Bea Byrne", "+353 1 555 0100")
    assert desk[BEA]("contact", "edit", AIKO, "--phone", "1").status == 4
    assert verified(desk)


def test_what_the_plan_gives(desk: Mapping[str, Who]) -> None:
    """ACC-1, OPEN-8: features and add-ons with their person, read by the account's own people alone."""
    rows = {one["name"]: one for one in desk[ROB].json("account", "entitlements")["entitlements"]}
    assert (rows["cxm"]["entitled"], rows["cxm"]["person"]) == (True, CAY)
    assert (rows["support-architect"]["entitled"], rows["support-architect"]["person"]) == (False, None)
    assert rows["phone support around the clock"]["entitled"]
    assert desk[EVE]("account", "entitlements", "Harbour Foods").status == 3
