"""The support guide, section 6.5.2: an open case is updated in the portal, or by mail with its number."""

from pathlib import Path
from typing import Any

from letters import letter
from scenario_desks import (
    AIKO,
    BEN,
    EVE,
    KEN,
    ROB,
    SYSTEM,
    Desk,
    Place,
    desk_in,
    due,
    mailed,
    problem,
    standing,
    verified,
)

# Dublin goes back to winter time on Sunday, 25 October 2026 (02:00 IST is 01:00 GMT); Monday the 26th is the
# October bank holiday. Behind Thursday the 22nd the business days are 1 Fri 23, 2 Tue 27, 3 Wed 28, 4 Thu 29, 5
# Fri 30, 6 Mon 2 November, 10 Fri 6, 15 Fri 13.
DUBLIN = Place("Europe/Dublin", "IE", "2026-10-19T09:00:00Z", "2026-10-22T14:00:00Z")
"""Thursday, 15:00 IST; at 15:00 GMT it is 15:00Z."""
TUESDAY, WEDNESDAY = "2026-10-27T15:00:00Z", "2026-10-28T10:00:00Z"
BY_NUMBER = '[mail]\nlink_by_case_number = true\ntrusted_servers = ["mx.desk.example"]\n'
PASSED = "mx.desk.example; dmarc=pass header.from=harbour.example"


def asked(desk: Desk) -> str:
    """Aiko's case, about which Customer Care has asked something on Thursday at three."""
    number: str = problem(desk[AIKO])["number"]
    desk[BEN].json("ask", number, "-m", "Which queue is it?")
    return number


def received(desk: Desk, subject: str, sender: str, *, at: str = WEDNESDAY, passed: bool = True) -> Any:
    """What becomes of a mail to Customer Care."""
    head = {"authentication_results": PASSED} if passed else {}
    raw = letter("It is the sales queue.", sender=sender, subject=subject, id_=f"<{subject}.{sender}@x>", **head)
    return desk[SYSTEM].at(at).json("mail", "receive", stdin=raw)


def test_an_update_in_the_portal(tmp_path: Path) -> None:
    """UPD-1, STAT-3, FU-3, SLA-4: it ends the round and the pause; what is asked anew has days of its own."""
    desk = desk_in(tmp_path, DUBLIN)
    number = asked(desk)
    (reminder,) = desk[SYSTEM].at(TUESDAY).json("tick")["followups"]
    assert (reminder["stage"], reminder["due_at"]) == (1, TUESDAY)
    case = desk[KEN].at(WEDNESDAY).json("update", number, "-m", "It is the sales queue.")
    assert (standing(case), case["followup"], case["modified_at"]) == ("open/customer-responded", None, WEDNESDAY)
    # Two business days are Tuesday, 15:00 GMT: 2 h of Thursday, 8 of Friday and 6 of Tuesday, 16 in all, unused as
    # the case waited from the start. From Wednesday at 10 they are 7 of that day, 8 of Thursday, 1 of Friday.
    # 15 business days are Friday, 13 November, 15:00 GMT; they lost 2 + 8 + 8 + 1 h, 19: 2 of that Friday,
    # 8 of Monday the 16th, 8 of Tuesday, 1 of Wednesday the 18th.
    assert due(case) == {
        "response": "2026-10-22T16:00:00Z",
        "restoration": "2026-10-30T10:00:00Z",
        "resolution": "2026-11-18T10:00:00Z",
    }
    assert desk[SYSTEM].at("2026-10-29T15:00:00Z").json("tick")["followups"] == []
    again = desk[BEN].at("2026-10-29T15:00:00Z").json("ask", number, "-m", "Since when?")
    # Thursday the 29th, 15:00: 1 Fri 30, 2 Mon 2 November.
    assert (again["followup"]["round"], again["followup"]["next_at"]) == (2, "2026-11-02T15:00:00Z")
    texts = [one["data"]["text"] for one in desk[KEN].json("show", number)["updates"] if one["data"].get("text")]
    assert texts == ["Since when?", "It is the sales queue.", "Which queue is it?"]
    assert verified(desk)


def test_a_mail_with_the_case_number(tmp_path: Path) -> None:
    """MAIL-3, STAT-3: where the older rule is chosen, `Case # N` of a verified Designated Contact updates."""
    desk = desk_in(tmp_path, DUBLIN, policy=BY_NUMBER)
    number = asked(desk)
    tick = desk[SYSTEM].at(TUESDAY).json("tick")
    assert [one["number"] for one in tick["followups"]] == [number]
    for sender, passed in ((EVE, False), (ROB, True), (KEN, False)):
        document = received(desk, f"Case # {number}", sender, passed=passed)
        assert (document["outcome"], document["number"]) == ("triaged", None), sender
    assert standing(desk[BEN].json("show", number)) == "awaiting-info/info-required-from-customer"
    document = received(desk, f"Case # {number}", AIKO)
    assert (document["outcome"], document["number"], document["code"]) == ("updated", number, "case-number")
    assert received(desk, f"Case # {number}", AIKO)["outcome"] == "duplicate"
    case = desk[AIKO].at(WEDNESDAY).json("show", number)
    assert (standing(case), case["followup"]) == ("open/customer-responded", None)
    update = case["updates"][0]
    assert (update["actor"], update["via"], update["at"]) == (AIKO, "email", WEDNESDAY)
    assert update["data"]["text"] == "It is the sales queue."
    assert desk[SYSTEM].at("2026-11-06T15:00:00Z").json("tick")["followups"] == []
    assert verified(desk)


def test_a_mail_that_waits_for_a_person(tmp_path: Path) -> None:
    """MAIL-3, MAIL-4: by default a number alone waits in triage; staff link it; mail opens no case."""
    desk = desk_in(tmp_path, DUBLIN)
    number = asked(desk)
    waiting = received(desk, f"Case # {number}", AIKO, at=TUESDAY)["id"]
    assert received(desk, "Help, calls drop", KEN, at=TUESDAY)["number"] is None
    # Unread by people, it stops nothing: the reminder goes out that afternoon.
    (reminder,) = desk[SYSTEM].at(TUESDAY).json("tick")["followups"]
    assert reminder["number"] == number
    assert [one["id"] for one in desk[BEN].json("mail", "triage", "list")["mail"]] == [waiting, "in-2"]
    ben = desk[BEN].at(WEDNESDAY)
    ben.json("mail", "triage", "link", waiting, number)
    ben.json("mail", "triage", "discard", "in-2", "-m", "He was told how.")
    assert ben.json("mail", "triage", "list")["mail"] == []
    case = desk[AIKO].at(WEDNESDAY).json("show", number)
    assert (standing(case), case["followup"], case["updates"][0]["actor"]) == (
        "open/customer-responded",
        None,
        AIKO,
    )
    assert desk[BEN].json("list", "--all")["total"] == 1
    kinds = [kind for kind, to in mailed(desk, number) if to == AIKO]
    assert sorted(kinds) == ["acknowledgement", "answer", "reminder", "request"]
    assert verified(desk)
