"""The case process of 2018, find: five at a time, all types together, the closed ones apart, and by a search."""

from pathlib import Path
from typing import Any

import pytest
from case_process_desk import BEN, DORA, KIM, TEXT, ZOE, Desk, chicago

FRIDAY = "2026-10-30T20:00:00Z"
TUESDAY = "2026-11-03T22:00:00Z"
"""16:00 CST, behind the change of the clocks."""
THURSDAY = "2026-11-12T16:00:00Z"
"""Behind Veterans Day."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk that shows five at a time: seven cases of Dora's, one of them a request, and one of Kim's."""
    policy = tmp_path / "five.toml"
    policy.write_text('name = "five"\n[list]\npage_size = 5\n')
    desk = chicago(tmp_path, str(policy))
    for place in range(6):
        desk.opened(f"2026-10-30T20:0{place}:00Z", f"Line {place + 1} is silent")
    where = ("--deployment", "Docks", "--service", "Voice", "--priority", "low", "--field", "login=dora")
    what = ("--type", "service-request", "--subtype", "password-reset", "-s", "Reset of a password")
    desk.by(DORA, "2026-10-30T20:06:00Z").json("open", *what, *where, "-m", TEXT)
    desk.opened("2026-10-30T20:07:00Z", "The wallboard flickers", KIM)
    return desk


def numbers(listed: Any) -> list[int]:
    """The numbers of the cases in a list."""
    return [int(row["number"]) for row in listed["cases"]]


def test_five_at_a_time(desk: Desk) -> None:
    """FIND-1: the own ones of every type that are not closed; the next five until there are no more."""
    dora = desk.by(DORA, TUESDAY)
    first, more = dora.json("list"), dora.json("list", "--page", "2")
    assert (first["total"], first["pages"]) == (7, 2)
    assert (numbers(first), numbers(more)) == ([7, 6, 5, 4, 3], [2, 1])
    assert {row["type"] for row in first["cases"]} == {"service-request", "support"}
    dora.json("close", "7")
    desk.by(BEN, TUESDAY).json("update", "1", "-m", "We look into it.")
    assert numbers(dora.json("list")) == [1, 6, 5, 4, 3]
    assert numbers(dora.json("list", "--page", "2")) == [2]
    assert numbers(dora.json("list", "--tab", "closed")) == [7]
    assert numbers(desk.by(KIM, TUESDAY).json("list", "--tab", "closed")) == []
    assert numbers(desk.by(KIM, TUESDAY).json("list", "--group", "--tab", "closed")) == [7]
    assert desk.differences(TUESDAY) == []


def test_what_moved_lately(desk: Desk) -> None:
    """FIND-1, UPD-1: what a person wrote moves a case up, a reminder and a breach over the holidays do not."""
    desk.by(BEN, "2026-10-30T21:00:00Z").json("ask", "2", "-m", "Which line is it?")
    dora = desk.by(DORA, THURSDAY)
    report = desk.tick(THURSDAY)
    assert [row["number"] for row in report["followups"]] == ["0000000002"]
    assert {row["number"] for row in report["breaches"]} >= {"0000000001", "0000000003"}
    assert numbers(dora.json("list")) == [2, 7, 6, 5, 4]
    assert dora.json("list")["tabs"]["awaiting-info"] == 1
    dora.json("update", "1", "-m", "It is silent again.")
    assert numbers(dora.json("list"))[:2] == [1, 2]
    assert numbers(dora.json("list", "--until", "2026-10-30T20:02:00Z")) == [1, 2]
    assert desk.differences(THURSDAY) == []


def test_the_search(desk: Desk) -> None:
    """FIND-3, DC-3: by number or by key words, within what one may see."""
    dora, zoe = desk.by(DORA, TUESDAY), desk.by(ZOE, TUESDAY)
    assert numbers(dora.json("search", "0000000003")) == [3]
    assert numbers(dora.json("search", "password")) == [7]
    assert numbers(dora.json("search", "wallboard")) == [8]
    assert zoe.json("search", "wallboard")["total"] == zoe.json("search", "3")["total"] == 0
    dora.json("close", "3")
    assert 3 in numbers(dora.json("search", "silent", "--all", "-n", "25"))
    assert desk.differences(TUESDAY) == []
