"""The case process of 2025, find: the own cases that are not closed, 25 a page, in tabs; and the group's."""

from pathlib import Path
from typing import Any

import pytest
from case_process_desk import BEN, DORA, KIM, ZOE, Desk, sydney

OWN = 27
LATER = "2026-04-07T00:30:00Z"
"""Tuesday, 10:30 AEST: Good Friday, the change of the clocks and Easter Monday are over."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk, with 27 cases of Dora's, then one of Kim's and one of another account.

    They come one a minute from Wednesday, 1 April 2026, 09:00 AEDT.
    """
    desk = sydney(tmp_path)
    for place in range(OWN):
        desk.opened(f"2026-03-31T22:{place:02}:00Z", f"Line {place + 1} is silent")
    desk.opened("2026-03-31T22:40:00Z", "The wallboard flickers", KIM)
    desk.opened("2026-03-31T22:41:00Z", "The wallboard is dark", ZOE)
    return desk


def numbers(listed: Any) -> list[int]:
    """The numbers of the cases in a list."""
    return [int(row["number"]) for row in listed["cases"]]


def test_pages_tabs_and_the_group(desk: Desk) -> None:
    """FIND-1, FIND-2: what was updated last comes first; tabs count; closed ones have a tab of their own."""
    dora, kim = desk.by(DORA, LATER), desk.by(KIM, LATER)
    first, second = dora.json("list"), dora.json("list", "--page", "2")
    assert (first["total"], first["page"], first["pages"]) == (OWN, 1, 2)
    assert (numbers(first), numbers(second)) == (list(range(27, 2, -1)), [2, 1])
    assert dora.json("list", "-n", "10", "--page", "3")["pages"] == 3
    assert numbers(dora.json("list", "-n", "10", "--page", "3")) == [7, 6, 5, 4, 3, 2, 1]

    ben = desk.by(BEN, "2026-03-31T23:00:00Z")
    for command, number in (("ask", "1"), ("ask", "2"), ("propose", "3"), ("restore", "4")):
        ben.json(command, number, "-m", "See here.")
    dora.json("close", "5")
    desk.by(DORA, LATER).json("update", "6", "-m", "It is silent again.")
    listed = dora.json("list")
    assert listed["total"] == OWN - 1
    assert numbers(listed)[0] == 6
    assert set(numbers(listed)[1:5]) == {1, 2, 3, 4}
    assert listed["tabs"] == {
        "open": 22,
        "awaiting-info": 2,
        "solution-proposed": 1,
        "service-restored": 1,
        "closed": 1,
    }
    assert sorted(numbers(dora.json("list", "--tab", "awaiting-info"))) == [1, 2]
    assert numbers(dora.json("list", "--tab", "solution-proposed")) == [3]
    assert numbers(dora.json("list", "--tab", "closed")) == [5]
    assert dora.json("list", "--all")["total"] == OWN

    # The group is the whole account, and nobody else's.
    assert numbers(kim.json("list")) == [28]
    assert kim.json("list", "--group")["total"] == OWN
    assert kim.json("list", "--group", "--all")["total"] == OWN + 1
    assert numbers(desk.by(ZOE, LATER).json("list", "--group", "--all")) == [29]
    # The first two are reminded of on Tuesday at 10:00 AEST, which moves no case in the list.
    assert sorted(row[0] for row in desk.laddered(LATER)) == [f"{number:010}" for number in (1, 2, 3)]
    assert numbers(dora.json("list")) == numbers(listed)
    assert desk.differences(LATER) == []


def test_the_columns(desk: Desk) -> None:
    """FIND-2, EXP-1: those of the page, in its order; what a page leaves out is in the file."""
    names = ("number", "subject", "account", "priority", "component", "status", "opened_at", "modified_at")
    ran = desk.by(DORA, LATER)("list", "--fields", ",".join(names), "--format", "csv")
    head, newest, *rest = ran.out.splitlines()
    assert head == ",".join(names)
    opened = "2026-03-31T22:26:00Z"
    assert newest == f"0000000027,Line 27 is silent,Pier Logistics,medium,,open,{opened},{opened}"
    assert len(rest) == OWN - 1
    assert desk.differences(LATER) == []


def test_by_number_and_by_words(desk: Desk) -> None:
    """FIND-3, DC-3: however the number is written; in subject and updates; closed ones too, another's never."""
    dora, zoe = desk.by(DORA, LATER), desk.by(ZOE, LATER)
    desk.by(BEN, LATER).json("update", "9", "--internal", "-m", "The zeppelin relay is to blame.")
    dora.json("update", "8", "-m", "The marmalade line of the harbour.")
    dora.json("close", "8")
    for written in ("0000000008", "8", "#8"):
        assert numbers(dora.json("search", written)) == [8]
        assert zoe.json("search", written)["total"] == 0
    assert numbers(dora.json("search", "marmalade", "--all")) == [8]
    assert numbers(dora.json("search", "wallboard")) == [28]
    assert numbers(zoe.json("search", "wallboard")) == [29]
    assert dora.json("search", "zeppelin")["total"] == 0
    assert numbers(desk.by(BEN, LATER).json("search", "zeppelin", "--all")) == [9]
    assert desk.differences(LATER) == []
