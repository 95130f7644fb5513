"""The support guide, section 6.5.5: a customer finds the open cases, latest updated first, or one by number."""

from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import Who
from scenario_desks import AIKO, BEN, EVE, KEN, ROB, SYSTEM, Desk, Place, desk_in, problem, verified

# London goes to summer time on Sunday, 29 March 2026; Good Friday is 3 April, Easter Monday 6 April. Behind
# Tuesday, 31 March, the business days are 1 Wed 1 April, 2 Thu 2, 3 Tue 7, 5 Thu 9, 10 Thu 16.
LONDON = Place("Europe/London", "GB-ENG", "2026-03-23T10:00:00Z", "2026-03-26T15:00:00Z")
"""Thursday, 15:00 GMT; at 15:00 BST it is 14:00Z."""
SUBJECTS = ("Calls drop", "Wallboard is empty", "Recording has no sound", "Login is slow")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Four cases of Aiko's, an hour apart from Thursday at three, one of Ken's, and another account's."""
    desk = desk_in(tmp_path, LONDON)
    for hour, subject in enumerate(SUBJECTS):
        problem(desk[AIKO].at(f"2026-03-26T1{5 + hour}:00:00Z"), subject=subject)
    problem(desk[KEN], subject="Music on hold stops")
    problem(desk[EVE], subject="Calls drop")
    return desk


def found(who: Who, *words: str) -> list[int]:
    """The numbers that a list or a search gives."""
    return [int(case["number"]) for case in who.json(*words)["cases"]]


def tabs(who: Who) -> dict[str, Any]:
    """How many cases stand in each tab of the list."""
    document = who.json("list")
    return {name: count for name, count in document["tabs"].items() if count}


def test_the_main_page(desk: Desk) -> None:
    """FIND-1, UPD-1: own cases, latest updated first; notes, reminders, breaches move none; an update does."""
    aiko = desk[AIKO].at("2026-03-30T15:00:00Z")
    assert found(aiko, "list") == [4, 3, 2, 1]
    desk[BEN].at("2026-03-27T15:00:00Z").json("update", "1", "--internal", "-m", "For us alone.")
    desk[BEN].at("2026-03-27T15:00:00Z").json("ask", "2", "-m", "Which wallboard?")
    assert found(aiko, "list") == [2, 4, 3, 1]
    # Friday the 27th, 15:00 GMT: 1 Mon 30, 2 Tue 31, 15:00 BST.
    assert aiko.json()["needs"]["answer"]["cases"][0]["next"]["due_at"] == "2026-03-31T14:00:00Z"
    desk[KEN].at("2026-03-30T14:00:00Z").json("update", "3", "-m", "It happens at our dock too.")
    tick = desk[SYSTEM].at("2026-03-31T14:00:00Z").json("tick")
    assert [int(one["number"]) for one in tick["followups"]] == [2]
    assert {int(one["number"]) for one in tick["breaches"]} >= {1, 3, 4}
    assert found(aiko.at("2026-03-31T14:00:00Z"), "list") == [3, 2, 4, 1]
    assert tabs(aiko) == {"open": 3, "awaiting-info": 1}
    assert verified(desk)


def test_non_closed_cases(desk: Desk) -> None:
    """FIND-1, FU-1: what is closed, by hand or by silence, leaves the list and is found where it is asked for."""
    desk[AIKO].at("2026-03-31T14:00:00Z").json("close", "4")
    desk[BEN].at("2026-03-31T14:00:00Z").json("propose", "3", "-m", "Turn it on.")
    stages = ("2026-04-02T14:00:00Z", "2026-04-09T14:00:00Z", "2026-04-16T14:00:00Z")
    for at in stages:
        (sent,) = desk[SYSTEM].at(at).json("tick")["followups"]
        assert (int(sent["number"]), sent["due_at"]) == (3, at)
    aiko = desk[AIKO].at(stages[2])
    assert found(aiko, "list") == [2, 1]
    assert found(aiko, "list", "--tab", "closed", "--sort", "number") == [4, 3]
    assert sorted(found(aiko, "list", "--all")) == [1, 2, 3, 4]
    assert aiko.json("show", "3")["closed_at"] == stages[2]
    assert verified(desk)


def test_mine_and_the_whole_accounts(desk: Desk) -> None:
    """FIND-1, DC-1, DC-3: everybody of the account sees all of it, nobody another's; who may only read too."""
    assert found(desk[KEN], "list") == [5]
    for who in (KEN, ROB):
        assert sorted(found(desk[who], "list", "--group")) == [1, 2, 3, 4, 5]
    assert found(desk[EVE], "list", "--group", "--all") == [6]
    first, second = (desk[AIKO].json("list", "-n", "3", "--page", page) for page in ("1", "2"))
    assert (first["total"], first["pages"]) == (4, 2)
    assert [case["subject"] for case in (*first["cases"], *second["cases"])] == list(reversed(SUBJECTS))


@pytest.mark.parametrize("written", ["1", "#1", "0000000001", "#0000000001"])
def test_by_its_number(desk: Desk, written: str) -> None:
    """FIND-3, DC-3: with zeros or without; another account's number is answered as one that is not there."""
    assert found(desk[AIKO], "search", written)[:1] == [1]
    assert 1 not in found(desk[EVE], "search", written)
    assert desk[EVE]("show", "1").refused(3) == desk[EVE]("show", "99").err.replace("0000000099", "0000000001")


def test_by_words(desk: Desk) -> None:
    """FIND-3: subjects, texts and visible updates; an internal note is found by staff alone."""
    ben = desk[BEN].at("2026-03-30T14:00:00Z")
    ben.json("update", "3", "-m", "The codec is negotiated wrongly.")
    ben.json("update", "4", "--internal", "-m", "Perhaps the codec as well.")
    assert found(desk[AIKO], "search", "wallboard") == [2]
    assert found(desk[ROB], "search", "codec") == [3]
    assert sorted(found(desk[BEN], "search", "codec")) == [3, 4]
    assert found(desk[EVE], "search", "codec") == []
    assert verified(desk)
