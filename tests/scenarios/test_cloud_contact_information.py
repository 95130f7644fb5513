"""The page on contacting Customer Care: by command, by phone, by mail, and how a case becomes Critical.

Everybody opens cases by command; mail opens none; the phone is there for Business Care at all times, and for the
other plan when the issue is Critical: it is submitted as High first, and the call that follows raises it.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cli.acceptance import Who, care

ADA, BEN = "ada@desk.example", "ben@desk.example"
EVA, JAN = "eva@donau.example", "jan@donau.example"
# Vienna goes back to winter time on Sunday, 25 October 2026; Monday the 26th is the Austrian national day.
FRIDAY = "2026-10-23T13:00:00Z"
"""15:00 CEST."""
CALL = "2026-10-23T13:30:00Z"
FORM = (
    *("-s", "No calls come in", "--deployment", "Wien", "--service", "Premier Edition", "--stage", "production"),
    *("-m", "Since two this afternoon no call comes in at any of our four sites, on any number."),
    *("--impact", "Nobody can order anything from us."),
)


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """A desk in Vienna with an account on Care; everybody on that Friday."""
    database = str(tmp_path / "desk.db")
    hours = ("--timezone", "Europe/Vienna", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "AT")
    at = ("--now", "2026-10-19T08:00:00Z")
    assert care("--db", database, *at, "init", "--email", ADA, "--name", "Ada Park", *hours).status == 0
    ada = Who(database, ADA, "2026-10-19T09:00:00Z")
    ada.json("staff", "add", BEN, "--role", "agent")
    service = ("--deployment", "Wien", "--service", "Premier Edition")
    ada.json("account", "add", "Donau Versand", "--plan", "care", "--holidays", "AT", *service)
    for email in (EVA, JAN):
        ada.json("contact", "add", email, "--account", "Donau Versand", "--trained")
    return {email: Who(database, email, FRIDAY) for email in (ADA, BEN, EVA)}


def phone(who: Who, *args: str) -> Mapping[str, object]:
    """The number of the own region, and whether it may be called now."""
    return next(way for way in who.json("contact-us", *args)["ways"] if way["own"])


def test_a_critical_case_is_submitted_and_called_about(desk: Mapping[str, Who]) -> None:
    """WHERE-1, OPEN-8, OPEN-9: what Care may call about, the number, and the case that the call makes Critical."""
    need = desk[EVA].json("whatnext", "everything is down, an emergency")["needs"][0]
    assert (need["channel"], need["may_call"]) == ("phone", True)
    assert need["command"] == "care open --subtype problem --priority high"
    assert phone(desk[EVA])["usable"] is False
    assert phone(desk[EVA], "--priority", "critical")["address"] == "+44 (0) 800 096 6461"
    assert phone(desk[EVA], "--priority", "critical")["usable"] is True
    desk[EVA]("open", *FORM, "--priority", "critical").refused(5)
    case = desk[EVA].json("open", *FORM, "--priority", "high")
    # Six business hours from Friday 15:00: two until closing, none on the weekend and the holiday, and four on
    # Tuesday, to 13:00 CET.
    due = {clock["metric"]: clock["due_at"] for clock in case["clocks"]}
    assert due["response"] == "2026-10-27T12:00:00Z"
    called = (
        desk[BEN]
        .at(CALL)
        .json("priority", case["number"], "critical", "-m", "She called.", "--via", "phone", "--yes")
    )
    # Raised at 15:30, by day and night: the response in four hours, the restoration in six.
    due = {clock["metric"]: clock["due_at"] for clock in called["clocks"]}
    assert (called["priority"], due["response"], due["restoration"]) == (
        "critical",
        "2026-10-23T17:30:00Z",
        "2026-10-23T19:30:00Z",
    )
    assert desk[ADA].json("verify")["differences"] == []


def test_mail_opens_no_case(desk: Mapping[str, Who]) -> None:
    """MAIL-4, WHERE-1: mail to the address that is told opens no case: it waits for staff."""
    address = next(way["address"] for way in desk[EVA].json("contact-us")["ways"] if way["channel"] == "mail")
    letter = f"From: {EVA}\r\nTo: {address}\r\nSubject: No calls\r\nMessage-ID: <1@donau.example>\r\n\r\nHelp!\r\n"
    system = desk[ADA]._replace(email="system")
    assert system.json("mail", "receive", stdin=letter.encode())["outcome"] == "triaged"
    assert desk[EVA].json("list", "--group")["total"] == 0
