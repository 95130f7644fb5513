"""The case process of 2025, update: a comment with files, a reply to a mail of the case, a call with a PIN.

A reply is tied to its case by the Reference ID. A new mail is not, even if it names the case: it waits until
Customer Care links it by hand. What a contact writes on a case that waits for the customer opens it again.
"""

from pathlib import Path

import pytest
from case_process_desk import ADA, BEN, DORA, KIM, REX, ZOE, Desk, letter, standing, sydney, words

OPENED = "2026-03-31T22:30:00Z"
ASKED = "2026-03-31T23:00:00Z"
"""Wednesday, 1 April 2026, 10:00 AEDT."""
FIRST = "2026-04-07T00:00:00Z"
"""Two business days on: Thursday the 2nd and, behind Easter and the change of the clocks, Tuesday the 7th."""
ANSWERED = "2026-04-02T01:00:00Z"
WAITING = "awaiting-info/info-required-from-customer"
RESPONDED = "open/customer-responded"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk, with a case that waits for information."""
    desk = sydney(tmp_path)
    desk.opened(OPENED)
    desk.by(BEN, ASKED).json("ask", "1", "-m", "Which queue is it?")
    return desk


def state(desk: Desk, at: str) -> tuple[str, str | None]:
    """Where the case stands, and when it is followed up next."""
    case = desk.by(DORA, at).json("show", "1")
    return standing(case), case["followup"] and case["followup"]["next_at"]


def test_a_comment_with_a_file(desk: Desk, tmp_path: Path) -> None:
    """UPD-1, ATT-1, STAT-3: the newest first, the same bytes, and no reminder any more."""
    trace, fetched = tmp_path / "trace.bin", tmp_path / "fetched.bin"
    trace.write_bytes(bytes(range(256)))
    dora = desk.by(DORA, ANSWERED)
    assert state(desk, ANSWERED) == (WAITING, FIRST)
    dora.json("update", "1", "-m", "The sales queue; a trace is with it.", "--attach", str(trace))
    dora.json("update", "1", "-m", "And the queue of the night.")
    assert state(desk, ANSWERED) == (RESPONDED, None)
    said = [one["data"]["text"] for one in dora.json("show", "1")["updates"] if one["kind"] == "commented"]
    assert said == ["And the queue of the night.", "The sales queue; a trace is with it."]
    assert dora("attachment", "get", "1", "1", "--output", str(fetched)).status == 0
    assert fetched.read_bytes() == bytes(range(256))
    assert desk.laddered(FIRST) == []
    desk.by(REX, ANSWERED)("update", "1", "-m", "Me too.").refused(4)
    desk.by(ZOE, ANSWERED)("update", "1", "-m", "Me too.").refused(3)
    assert desk.differences(FIRST) == []


def test_a_reply_is_tied_by_its_reference(desk: Desk) -> None:
    """MAIL-1, MAIL-2, STAT-3: of a colleague as well; what he wrote is kept without what he quotes, and once."""
    mail = desk.last_mail("1", ASKED)
    reply = letter(KIM, f"Re: {mail['Subject']}", "The sales queue.", id_="<1@pier.example>", answers=mail)
    taken = desk.receive(ANSWERED, reply)
    assert (taken["outcome"], taken["number"]) == ("updated", "0000000001")
    assert state(desk, ANSWERED) == (RESPONDED, None)
    newest = desk.by(DORA, ANSWERED).json("show", "1")["updates"][0]
    assert (newest["actor"], newest["via"], newest["data"]["text"]) == (KIM, "email", "The sales queue.")
    assert desk.receive(ANSWERED, reply)["outcome"] == "duplicate"
    assert desk.laddered(FIRST) == []
    # A case that a solution is proposed for opens as well; here nothing but the body holds the reference.
    desk.by(BEN, FIRST).json("propose", "1", "-m", "The queue has a new card.")
    reference = words(desk.last_mail("1", FIRST)).split("ref:")[1].split()[0]
    later = letter(DORA, "It drops", f"It still drops.\n\nref:{reference}", id_="<2@pier.example>")
    assert desk.receive("2026-04-07T05:00:00Z", later)["outcome"] == "updated"
    assert state(desk, "2026-04-07T05:00:00Z") == (RESPONDED, None)
    assert desk.differences("2026-04-07T05:00:00Z") == []


def test_a_new_mail_waits_until_it_is_linked(desk: Desk) -> None:
    """MAIL-3, MAIL-2a, FU-5: the number alone, a wrong reference or a stranger changes nothing; staff link it."""
    reference = words(desk.last_mail("1", ASKED)).split("ref:")[1].split()[0]
    wrong = reference[:-1] + ("a" if reference[-1] != "a" else "b")
    letters = (
        letter(DORA, "Case # 0000000001", "The sales queue.", id_="<1@pier.example>"),
        letter(DORA, "About it", f"The sales queue.\nref:{wrong}", id_="<2@pier.example>"),
        letter(ZOE, "About it", f"The sales queue.\nref:{reference}", id_="<3@other.example>"),
        letter(REX, "About it", f"The sales queue.\nref:{reference}", id_="<4@pier.example>"),
    )
    taken = [desk.receive(ANSWERED, mail) for mail in letters]
    assert [(one["outcome"], one["code"]) for one in taken] == [
        ("triaged", "number-only"),
        ("triaged", "no-case"),
        ("triaged", "other-account"),
        ("triaged", "not-designated"),
    ]
    assert state(desk, ANSWERED) == (WAITING, FIRST)
    assert desk.laddered(FIRST) == [("0000000001", 1, FIRST, "reminder")]
    ben = desk.by(BEN, "2026-04-07T02:00:00Z")
    assert [mail["id"] for mail in ben.json("mail", "triage", "list")["mail"]] == [one["id"] for one in taken]
    ben.json("mail", "triage", "link", taken[0]["id"], "1")
    assert state(desk, "2026-04-07T02:00:00Z") == (RESPONDED, None)
    newest = desk.by(DORA, "2026-04-07T02:00:00Z").json("show", "1")["updates"][0]
    assert (newest["actor"], newest["data"]["logged_by"]) == (DORA, BEN)
    assert newest["data"]["text"] == "The sales queue."
    assert len(ben.json("mail", "triage", "list")["mail"]) == 3
    assert desk.differences("2026-04-07T02:00:00Z") == []


def test_a_call_with_pin_and_number(tmp_path: Path) -> None:
    """DC-4, UPD-1: the PIN of who calls, not another's, and not none; it is an update by phone."""
    policy = tmp_path / "pins.toml"
    policy.write_text('name = "pins"\n[phone]\nask_pin = true\n')
    desk = sydney(tmp_path, str(policy))
    number = desk.opened(OPENED)
    for email, pin in ((DORA, b"471108\n"), (KIM, b"280360\n")):
        assert desk.by(email, OPENED)("contact", "edit", email, "--pin", "-", stdin=pin).status == 0
    desk.by(BEN, ASKED).json("ask", number, "-m", "Which queue is it?")
    call = ("update", number, "--via", "phone", "-m", "She called: the sales queue.")
    ben = desk.by(BEN, ANSWERED)
    assert "PIN" in ben(*call).refused(5)
    assert "not the PIN of dora" in ben(*call, "--pin", "-", stdin=b"280360\n").refused(4)
    assert state(desk, ANSWERED) == (WAITING, FIRST)
    assert ben(*call, "--pin", "-", stdin=b"471108\n").status == 0
    assert state(desk, ANSWERED) == (RESPONDED, None)
    newest = desk.by(KIM, ANSWERED).json("show", number)["updates"][0]
    assert (newest["actor"], newest["via"]) == (DORA, "phone")
    assert "471108" not in desk.by(ADA, ANSWERED)("log", number).out
    assert desk.differences(ANSWERED) == []
