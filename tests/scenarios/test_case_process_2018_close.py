"""The case process of 2018, close: at any time by the customer; by itself ten business days after a request."""

from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, KIM, Desk, chicago, standing

OPENED = "2026-10-30T19:30:00Z"
ASKED = "2026-10-30T20:00:00Z"
"""Friday, 30 October 2026, 15:00 CDT."""
REMINDED = ("2026-11-03T21:00:00Z", "2026-11-06T21:00:00Z")
"""Tuesday and Friday, 15:00 CST, behind the change of the clocks."""
CLOSED = "2026-11-16T21:00:00Z"
"""The 9th, the 10th, behind Veterans Day the 12th and 13th, and Monday the 16th: the tenth business day."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk in Chicago."""
    return chicago(tmp_path)


def test_at_any_time(desk: Desk) -> None:
    """CLOSE-1: on a Sunday night in the hour that comes twice, in the middle of a round, which then ends."""
    number = desk.opened(OPENED)
    desk.by(BEN, ASKED).json("ask", number, "-m", "Which queue is it?")
    night = "2026-11-01T06:30:00Z"  # 01:30 CDT, before the clocks go back
    case = desk.by(DORA, night).json("close", number, "-m", "It was our own cable.")
    assert (standing(case), case["closed_at"], case["closed_by"]) == ("closed/cancelled", night, DORA)
    assert [desk.tick(due)["closed"] for due in (*REMINDED, CLOSED)] == [[], [], []]
    assert [kind for kind, _ in desk.outbox(number, CLOSED)] == ["acknowledgement", "request"]
    assert desk.differences(CLOSED) == []


def test_nobody_answers_a_proposal(desk: Desk) -> None:
    """FU-1, FU-2, CLOSE-1: two business days to the reminder, ten to the close, Resolved as nobody objected."""
    number = desk.opened(OPENED)
    desk.by(BEN, ASKED).json("propose", number, "-m", "Restart the trunk.")
    shown = [desk.by(DORA, at).json("show", number)["followup"]["next_at"] for at in (ASKED,)]
    for due in REMINDED:
        assert [(row[2], row[3]) for row in desk.laddered(due)] == [(due, "reminder")]
        shown.append(desk.by(DORA, due).json("show", number)["followup"]["next_at"])
    assert shown == [*REMINDED, CLOSED]
    assert desk.tick("2026-11-16T20:59:59Z")["closed"] == []
    assert desk.tick(CLOSED)["closed"] == [number]
    case = desk.by(KIM, CLOSED).json("show", number)
    assert (standing(case), case["closed_at"], case["closed_by"]) == ("closed/resolved", CLOSED, "auto-follow-up")
    assert not [clock for clock in case["clocks"] if clock["state"] in {"running", "paused"}]
    assert desk.differences(CLOSED) == []


def test_an_answer_on_the_last_day_keeps_it_open(desk: Desk) -> None:
    """FU-3, STAT-3: a second before the close is soon enough, although the tick comes later."""
    number = desk.opened(OPENED)
    desk.by(BEN, ASKED).json("ask", number, "-m", "Which queue is it?")
    for due in REMINDED:
        desk.tick(due)
    desk.by(KIM, "2026-11-16T20:59:59Z").json("update", number, "-m", "The sales queue.")
    assert desk.tick("2026-11-16T21:10:00Z")["closed"] == []
    assert standing(desk.by(DORA, "2026-11-16T21:10:00Z").json("show", number)) == "open/customer-responded"
    assert desk.differences("2026-11-16T21:10:00Z") == []
