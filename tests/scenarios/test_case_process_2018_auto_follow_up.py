"""The case process of 2018, auto follow-up: in business days, each mail with what is asked for.

What was on the case stays there after it closed, its sanitised files too; only a phone call opens it again.
"""

from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, KIM, Desk, chicago, standing, words

OPENED = "2026-10-30T19:30:00Z"
"""Friday, 30 October 2026, 14:30 CDT."""
ASKED = "2026-10-30T20:00:00Z"
"""15:00 CDT."""
FIRST, SECOND = "2026-11-03T21:00:00Z", "2026-11-06T21:00:00Z"
"""Two and five business days on, 15:00 CST: Monday, Tuesday the 3rd; Wednesday, Thursday, Friday the 6th."""
CLOSED = "2026-11-16T21:00:00Z"
"""Ten: Monday the 9th and Tuesday the 10th, past Veterans Day Thursday and Friday, and Monday the 16th."""
MONTH_LATER = "2026-12-16T21:00:00Z"
WANTED = "Please send us the log of the trunk, without your customers' data."
LOG = b"14:02:11 INVITE 7781 timed out after 32 s\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk in Chicago."""
    return chicago(tmp_path)


def test_from_the_request_to_the_close(desk: Desk, tmp_path: Path) -> None:
    """FU-1, FU-2: over the change of the clocks and Veterans Day; all is there a month later."""
    log, fetched = tmp_path / "trunk.log", tmp_path / "fetched.log"
    log.write_bytes(LOG)
    number = desk.opened(OPENED)
    desk.by(DORA, OPENED).json("attachment", "add", number, str(log))
    desk.by(BEN, ASKED).json("ask", number, "-m", WANTED)
    for stage, (due, action) in enumerate(((FIRST, "reminder"), (SECOND, "reminder"), (CLOSED, "close")), start=1):
        # 20:59:59 of the same day.
        assert desk.laddered(due.replace("21:00:00", "20:59:59")) == []
        assert desk.laddered(due) == [(number, stage, due, action)]
        mail = desk.last_mail(number, due)
        assert mail["To"] == DORA
        assert number in words(mail)
        assert (WANTED in words(mail), "is closed, as no answer" in words(mail)) == (stage < 3, stage == 3)
    case = desk.by(DORA, MONTH_LATER).json("show", number)
    assert (standing(case), case["closed_at"], case["closed_by"]) == (
        "closed/cancelled",
        CLOSED,
        "auto-follow-up",
    )
    assert [one["data"].get("text") for one in case["updates"] if one["kind"] == "asked"] == [WANTED]
    got = desk.by(DORA, MONTH_LATER)("attachment", "get", number, "1", "--output", str(fetched))
    assert (got.status, fetched.read_bytes()) == (0, LOG)
    assert desk.differences(MONTH_LATER) == []


def test_each_request_starts_the_timer_anew(desk: Desk) -> None:
    """FU-3: what happened before, then the logs, then whether the solution holds: each its own days."""
    number = desk.opened(OPENED)
    desk.by(BEN, ASKED).json("ask", number, "-m", "What happened before?")
    desk.by(DORA, "2026-11-02T16:00:00Z").json("update", number, "-m", "The trunk was changed.")
    assert desk.laddered(FIRST) == []
    # Asked on Tuesday the 10th, 10:00 CST: past Veterans Day Thursday and Friday the 13th.
    second = desk.by(BEN, "2026-11-10T16:00:00Z").json("ask", number, "-m", WANTED)
    assert (second["followup"]["round"], second["followup"]["next_at"]) == (2, "2026-11-13T16:00:00Z")
    # Asked again on Thursday, before an answer: Friday the 13th and Monday the 16th.
    third = desk.by(BEN, "2026-11-12T16:00:00Z").json("ask", number, "-m", "And the one of the relay.")
    assert (third["followup"]["round"], third["followup"]["next_at"]) == (3, "2026-11-16T16:00:00Z")
    assert desk.laddered("2026-11-13T16:00:00Z") == []
    assert desk.laddered("2026-11-16T16:00:00Z") == [(number, 1, "2026-11-16T16:00:00Z", "reminder")]
    assert "the one of the relay" in words(desk.last_mail(number, "2026-11-16T16:00:00Z"))
    answered = desk.by(KIM, "2026-11-17T16:00:00Z").json("update", number, "-m", "Both are on their way.")
    assert answered["followup"] is None
    proposed = desk.by(BEN, "2026-11-17T17:00:00Z").json("propose", number, "-m", "Does it hold?")
    assert (proposed["followup"]["round"], proposed["followup"]["next_at"]) == (4, "2026-11-19T17:00:00Z")
    assert standing(desk.by(DORA, "2026-11-18T17:00:00Z").json("accept", number)) == "closed/resolved"
    assert desk.laddered("2026-12-18T17:00:00Z") == []
    assert desk.differences("2026-12-18T17:00:00Z") == []
