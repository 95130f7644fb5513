"""The case process of 2018, update: posted on the case, or in reply to a mail of a representative or of the desk.

A reply may bring a file. What a robot answers is nobody's word. A new mail goes to those who sort the mail.
"""

from pathlib import Path

import pytest
from case_process_desk import BEN, DORA, KIM, Desk, chicago, letter, standing

OPENED = "2026-10-30T19:30:00Z"
ASKED = "2026-10-30T20:00:00Z"
"""Friday, 30 October 2026, 15:00 CDT."""
FIRST = "2026-11-03T21:00:00Z"
"""Two business days on, behind the change of the clocks: Tuesday, 15:00 CST."""
TUESDAY = "2026-11-10T21:00:00Z"
"""15:00 CST, before Veterans Day."""
AFTER = "2026-11-13T21:00:00Z"
"""Two business days on: Thursday and Friday."""
WAITING, RESPONDED = "awaiting-info/info-required-from-customer", "open/customer-responded"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk, which believes its own mail server, with a case that waits for information."""
    policy = tmp_path / "trusted.toml"
    policy.write_text('name = "trusted"\n[mail]\ntrusted_servers = ["mx.desk.example"]\n')
    desk = chicago(tmp_path, str(policy))
    desk.opened(OPENED)
    desk.by(BEN, ASKED).json("ask", "1", "-m", "Which queue is it?")
    return desk


def state(desk: Desk, at: str) -> tuple[str, str | None]:
    """Where the case stands, and when it is followed up next."""
    case = desk.by(DORA, at).json("show", "1")
    return standing(case), case["followup"] and case["followup"]["next_at"]


def test_a_post(desk: Desk) -> None:
    """UPD-1, STAT-3, FU-3: it opens the case again and ends the round; a note of staff does neither."""
    monday = "2026-11-02T15:00:00Z"
    case = desk.by(BEN, monday).json("update", "1", "--internal", "-m", "Probably the trunk.")
    assert (state(desk, monday), case["modified_at"]) == ((WAITING, FIRST), ASKED)
    posted = desk.by(KIM, monday).json("update", "1", "-m", "The sales queue.")
    assert (standing(posted), posted["modified_at"]) == (RESPONDED, monday)
    assert "trunk" not in desk.by(DORA, monday)("show", "1").out
    assert desk.laddered(FIRST) == []
    desk.by(DORA, FIRST).json("close", "1")
    desk.by(DORA, FIRST)("update", "1", "-m", "One more thing.").refused(5)
    assert desk.differences(FIRST) == []


def test_a_reply_to_a_representative_and_to_the_desk(desk: Desk) -> None:
    """MAIL-2, STAT-3, ATT-1: from either status, each to its own mail; a file that comes with it is kept."""
    assert desk.laddered(FIRST) == [("0000000001", 1, FIRST, "reminder")]
    notice = desk.last_mail("1", FIRST)
    assert notice["Auto-Submitted"] == "auto-generated"
    reply = letter(DORA, f"Re: {notice['Subject']}", "The sales queue.", id_="<1@pier.example>", answers=notice)
    reply.add_attachment(b"INVITE 7781 timed out\n", maintype="text", subtype="plain", filename="trunk.log")
    assert desk.receive(FIRST, reply)["outcome"] == "updated"
    assert state(desk, FIRST) == (RESPONDED, None)
    case = desk.by(KIM, FIRST).json("show", "1")
    assert [(one["name"], one["size"], one["via"]) for one in case["attachments"]] == [("trunk.log", 22, "email")]
    # Proposed before Veterans Day; the customer's "no" comes by mail.
    desk.by(BEN, TUESDAY).json("propose", "1", "-m", "The trunk has a new card.")
    assert state(desk, TUESDAY) == ("solution-proposed/solution-proposed", AFTER)
    proposal = desk.last_mail("1", TUESDAY)
    again = letter(KIM, f"Re: {proposal['Subject']}", "It drops.", id_="<2@pier.example>", answers=proposal)
    assert desk.receive("2026-11-12T16:00:00Z", again)["outcome"] == "updated"
    assert state(desk, AFTER) == (RESPONDED, None)
    said = [
        one["data"]["text"] for one in desk.by(DORA, AFTER).json("show", "1")["updates"] if one["via"] == "email"
    ]
    assert said[0] == "It drops."
    assert said[-1] == "The sales queue."
    assert desk.laddered(AFTER) == []
    assert desk.differences(AFTER) == []


def test_who_is_away_has_answered_nothing(desk: Desk) -> None:
    """MAIL-5, FU-5: an automatic reply changes nothing and gets no answer; the reminder goes out in its time."""
    mail = desk.last_mail("1", ASKED)
    away = letter(DORA, f"Re: {mail['Subject']}", "I am away.", id_="<1@pier.example>", answers=mail)
    away["Auto-Submitted"] = "auto-replied"
    before = desk.outbox("1", ASKED)
    assert desk.receive(ASKED, away)["outcome"] == "ignored"
    assert (state(desk, ASKED), desk.outbox("1", ASKED)) == ((WAITING, FIRST), before)
    assert desk.laddered(FIRST) == [("0000000001", 1, FIRST, "reminder")]
    assert desk.differences(FIRST) == []


def test_a_new_mail_is_sorted_by_hand(desk: Desk) -> None:
    """MAIL-3: it stays apart although it names the case; one is linked, another put aside."""
    monday = "2026-11-02T15:00:00Z"
    taken = []
    for place, text in enumerate(("The sales queue.", "When is lunch?"), start=1):
        mail = letter(DORA, "Case # 0000000001", text, id_=f"<{place}@pier.example>")
        # Nobody doubts that it is hers.
        mail["Authentication-Results"] = "mx.desk.example; dmarc=pass header.from=pier.example"
        taken.append(desk.receive(monday, mail))
    assert [one["code"] for one in taken] == ["number-only", "number-only"]
    one, two = (one["id"] for one in taken)
    ben = desk.by(BEN, monday)
    assert state(desk, monday) == (WAITING, FIRST)
    ben.json("mail", "triage", "link", one, "1")
    ben.json("mail", "triage", "discard", two, "-m", "No matter of support.")
    assert state(desk, monday) == (RESPONDED, None)
    assert ben.json("mail", "triage", "list")["mail"] == []
    assert "lunch" not in desk.by(DORA, monday)("show", "1").out
    ben("mail", "triage", "link", two, "1").refused(5)
    assert desk.differences(monday) == []
