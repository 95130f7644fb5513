"""The support guide, section 5: planned maintenance, a wish to move it, and maintenance that nobody planned.

The windows of a week are known; a customer asks to have one moved, and is answered within the days that a change
request has; what cannot wait is done without a window, and the customers who use the service are told before.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cli.acceptance import Who, care

ADA, BEN = "ada@desk.example", "ben@desk.example"
EVA, JAN, LEO = "eva@donau.example", "jan@donau.example", "leo@other.example"
ACCOUNT = "Donau Versand"
# Vienna goes back to winter time on Sunday, 25 October 2026 (03:00 CEST is 02:00 CET); Monday the 26th is the
# Austrian national day. New York changes a week later, on Sunday, 1 November.
THURSDAY = "2026-10-22T13:00:00Z"
"""15:00 CEST, 09:00 EDT."""
PEOPLE = (ADA, BEN, EVA, JAN, LEO, "system")


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """A desk in Vienna with an account that has two products, and another one; everybody on that Thursday."""
    database = str(tmp_path / "desk.db")
    hours = ("--timezone", "Europe/Vienna", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "AT")
    at = ("--now", "2026-10-19T08:00:00Z")
    assert care("--db", database, *at, "init", "--email", ADA, "--name", "Ada Park", *hours).status == 0
    ada = Who(database, ADA, "2026-10-19T09:00:00Z")
    ada.json("staff", "add", BEN, "--role", "agent")
    services = ("--service", "Premier Edition", "--service", "Business Edition")
    ada.json("account", "add", ACCOUNT, "--plan", "care", "--deployment", "Wien", *services)
    ada.json("account", "add", "Other Co", "--deployment", "Main", "--service", "Social Analytics")
    for email, account in ((EVA, ACCOUNT), (JAN, ACCOUNT), (LEO, "Other Co")):
        ada.json("contact", "add", email, "--account", account, "--trained")
    return {email: Who(database, email, THURSDAY) for email in PEOPLE}


def test_the_windows_around_the_change_of_the_clocks(desk: Mapping[str, Who]) -> None:
    """MNT-1: the local window moves with Vienna's clocks, the other with New York's; a holiday moves neither."""
    rows = desk[EVA].json("maintenance", "--within", "14d")["windows"]
    local = [(row["starts_at"], row["ends_at"]) for row in rows if row["services"] == ["Business Edition"]]
    premier = [(row["starts_at"], row["ends_at"]) for row in rows if row["services"] == ["Premier Edition"]]
    assert local == [
        # Thursday 22: 18:00 to 24:00 CEST (UTC+2); from Tuesday 27 on it is CET (UTC+1).
        ("2026-10-22T16:00:00Z", "2026-10-22T22:00:00Z"),
        ("2026-10-27T17:00:00Z", "2026-10-27T23:00:00Z"),
        ("2026-10-29T17:00:00Z", "2026-10-29T23:00:00Z"),
        ("2026-11-03T17:00:00Z", "2026-11-03T23:00:00Z"),
    ]
    assert premier == [
        # Thursday 22, 22:00 EDT (UTC-4) to Friday 05:00; from Tuesday 3 November on it is EST (UTC-5).
        ("2026-10-23T02:00:00Z", "2026-10-23T09:00:00Z"),
        *((f"2026-10-{day}T02:00:00Z", f"2026-10-{day}T09:00:00Z") for day in (28, 29, 30)),
        *((f"2026-11-0{day}T03:00:00Z", f"2026-11-0{day}T10:00:00Z") for day in (4, 5)),
    ]


def test_a_window_is_moved(desk: Mapping[str, Who]) -> None:
    """MNT-1: a customer asks to move a window, and is answered within the days of such a request (SR-1)."""
    wish = ("-m", "Our autumn sale begins that night.", "--to", "the week after", "--window", "2026-10-28")
    case = desk[EVA].json("maintenance", "reschedule", "Premier Edition", *wish)
    assert case["fields"]["maintenance_from"] == "2026-10-28T02:00:00Z"
    # Thursday 15:00 CEST: one business day on is Friday 15:00 CEST; two, past the weekend, the change of the
    # clocks and the national day, is Tuesday 15:00 CET.
    due = {one["kind"]: one["due_at"] for one in case["deadlines"]}
    assert due == {"acknowledgement": "2026-10-23T13:00:00Z", "decision": "2026-10-27T14:00:00Z"}
    number = case["number"]
    desk[BEN].at("2026-10-23T12:00:00Z").json("request", "ack", number)
    answered = desk[BEN].at("2026-10-27T13:00:00Z")
    answered.json("propose", number, "-m", "We move it to Wednesday, 4 November, at the same time.")
    closed = desk[EVA].at("2026-10-27T15:00:00Z").json("accept", number, "-m", "That suits us, thank you.")
    assert (closed["status"], closed["substatus"]) == ("closed", "resolved")
    late = desk["system"].at("2026-10-29T09:00:00Z").json("tick")
    assert late["deadlines"] == []
    assert desk[ADA].json("verify")["differences"] == []


def test_what_nobody_planned_is_told(desk: Mapping[str, Who]) -> None:
    """MNT-1: unplanned maintenance is mailed to the Designated Contacts of accounts with the service."""
    span = ("--from", "2026-10-25 02:30", "--to", "2026-10-25 04:00")
    told = desk[BEN].json("maintenance", "announce", "Premier Edition", *span, "-m", "A disk has to be changed.")
    # 02:30 comes twice that night, and the first, in CEST, is meant; 04:00 is CET: an hour and a half by the clock
    # on the wall, two and a half that go by.
    assert (told["starts_at"], told["ends_at"]) == ("2026-10-25T00:30:00Z", "2026-10-25T03:00:00Z")
    desk["system"].json("tick")
    mails = desk[ADA].json("mail", "outbox")["mail"]
    assert sorted(mail["to"] for mail in mails if mail["kind"] == "advisory") == [EVA, JAN]
    assert [told["id"] in desk[who]().out for who in (EVA, LEO)] == [True, False]


def test_a_case_in_a_window(desk: Mapping[str, Who]) -> None:
    """MNT-1: who opens a case while the service is worked on is told so, and so is whoever reads it."""
    inside = desk[EVA].at("2026-10-27T18:00:00Z")
    text = "Since six this evening nobody of us can log in, whatever we try to do about it."
    where = ("--deployment", "Wien", "--service", "Business Edition", "--stage", "production")
    said = ("-s", "No login", "-m", text, "--impact", "The evening shift is idle.", "--priority", "high")
    opened = inside("open", *where, *said)
    assert "opened during planned maintenance of Business Edition" in opened.err
    shown = desk[BEN].at("2026-10-28T08:00:00Z").json("show", "1")
    assert shown["maintenance"]["ends_at"] == "2026-10-27T23:00:00Z"
