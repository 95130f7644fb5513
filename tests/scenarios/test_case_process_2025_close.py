"""The case process of 2025, close: by the customer at any time; by itself where nobody answers."""

from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, KIM, REX, ZOE, Desk, standing, sydney

OPENED = "2026-03-31T22:30:00Z"
ASKED = "2026-03-31T23:00:00Z"
"""Wednesday, 1 April 2026, 10:00 AEDT."""
# Thursday the 2nd; Good Friday, the change of the clocks and Easter Monday; Tuesday the 7th ... Friday the 10th,
# 10:00 AEST; Monday the 13th ... Friday the 17th.
REMINDED = ("2026-04-07T00:00:00Z", "2026-04-10T00:00:00Z")
CLOSED = "2026-04-17T00:00:00Z"
BETWEEN = "2026-04-08T03:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk in Sydney."""
    return sydney(tmp_path)


def test_from_every_status(desk: Desk) -> None:
    """CLOSE-1, STAT-1: what was solved or restored is Resolved, the rest Cancelled; its clocks and timers end."""
    numbers = [desk.opened(OPENED, subject) for subject in ("New", "Asked", "Proposed", "Restored")]
    ben, dora = desk.by(BEN, ASKED), desk.by(DORA, BETWEEN)
    for command, number in zip(("ask", "propose", "restore"), numbers[1:], strict=True):
        ben.json(command, number, "-m", "See here.")
    closed = [dora.json("close", number) for number in numbers]
    assert [standing(case) for case in closed] == [
        "closed/cancelled",
        "closed/cancelled",
        "closed/resolved",
        "closed/resolved",
    ]
    for case in closed:
        assert (case["closed_at"], case["closed_by"], case["followup"]) == (BETWEEN, DORA, None)
        assert not [clock for clock in case["clocks"] if clock["state"] in {"running", "paused"}]
    assert desk.laddered(CLOSED) == []
    told = dora("update", numbers[0], "-m", "One more thing.").refused(5)
    assert "reopen" in told
    assert desk.differences(CLOSED) == []


def test_who_may_close(desk: Desk) -> None:
    """DC-1, DC-3, STAT-1: a Designated Contact of the account, whoever raised it, or staff for one who calls."""
    number, other = desk.opened(OPENED), desk.opened(OPENED, "Queue is slow")
    desk.by(REX, BETWEEN)("close", number).refused(4)
    hidden = desk.by(ZOE, BETWEEN)("close", number)
    assert hidden.refused(3).replace(number, "N") == desk.by(ZOE, BETWEEN)("close", "99").refused(3).replace(
        "0000000099", "N"
    )
    assert standing(desk.by(DORA, BETWEEN).json("show", number)) == "open/new"
    assert desk.by(KIM, BETWEEN).json("close", number, "-m", "It was our cable.")["closed_by"] == KIM
    assert desk.outbox(number, BETWEEN)[-1] == ("closing", DORA)
    called = desk.by(BEN, BETWEEN).json("close", other, "--via", "phone", "-m", "She called: it is over.")
    assert (standing(called), called["closed_by"]) == ("closed/cancelled", DORA)
    assert desk.differences(BETWEEN) == []


def test_staff_say_how_it_ended(desk: Desk) -> None:
    """CLOSE-1, STAT-4: Resolved by default; a case for somebody else needs the reason."""
    number, other = desk.opened(OPENED), desk.opened(OPENED, "The lift is stuck")
    ben = desk.by(BEN, BETWEEN)
    assert standing(ben.json("close", number, "-m", "The card was changed.")) == "closed/resolved"
    ben("close", other, "--substatus", "redirected").refused(2)
    redirected = ben.json("close", other, "--substatus", "redirected", "-m", "This is the landlord's.")
    assert standing(redirected) == "closed/redirected"
    assert desk.differences(BETWEEN) == []


def test_nobody_answers(desk: Desk) -> None:
    """FU-1, CLOSE-1: reminded after two days, closed at the end of ten business days, and said by whom."""
    number = desk.opened(OPENED)
    desk.by(BEN, ASKED).json("ask", number, "-m", "Which queue is it?")
    for due in REMINDED:
        assert [row[2:] for row in desk.laddered(due)] == [(due, "reminder")]
        assert standing(desk.by(DORA, due).json("show", number)) == "awaiting-info/info-required-from-customer"
    assert desk.tick("2026-04-16T23:59:59Z")["closed"] == []
    assert desk.tick(CLOSED)["closed"] == [number]
    case = desk.by(DORA, CLOSED).json("show", number)
    assert (standing(case), case["closed_by"]) == ("closed/cancelled", "auto-follow-up")
    assert desk.outbox(number, CLOSED)[-1] == ("closing", DORA)
    assert desk.differences(CLOSED) == []
