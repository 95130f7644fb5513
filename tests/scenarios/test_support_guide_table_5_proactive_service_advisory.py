"""The support guide's proactive service advisories (table 5): known issues by mail, daily or weekly."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from cli.acceptance import Who, care

ADA, BEN = "ada@desk.example", "ben@desk.example"
EVA, JAN, UTE = "eva@donau.example", "jan@donau.example", "ute@elbe.example"
# Vienna goes back to winter time on Sunday, 25 October 2026; Monday the 26th is the Austrian national day.
FRIDAY = "2026-10-23T13:00:00Z"
"""15:00 CEST."""


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """A desk in Vienna with two customers: Donau has Voice, Elbe in London has Chat."""
    database = str(tmp_path / "desk.db")
    before = ("--db", database, "--config", str(tmp_path / "care.toml"), "--now", "2026-10-19T08:00:00Z")
    hours = ("--timezone", "Europe/Vienna", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "AT")
    assert care(*before, "init", "--email", ADA, "--name", "Ada Park", *hours).status == 0
    ada = Who(database, ADA, "2026-10-19T09:00:00Z")
    ada.json("staff", "add", BEN, "--role", "agent")
    ada.json("account", "add", "Donau", "--plan", "care", "--deployment", "Wien", "--service", "Voice")
    elbe = ("--timezone", "Europe/London", "--deployment", "Main", "--service", "Chat")
    ada.json("account", "add", "Elbe", "--plan", "business-care", *elbe)
    ada.json("contact", "add", EVA, "--account", "Donau", "--trained")
    ada.json("contact", "add", JAN, "--account", "Donau", "--access", "basic")
    ada.json("contact", "add", UTE, "--account", "Elbe", "--trained")
    return {email: Who(database, email, FRIDAY) for email in (ADA, BEN, EVA, JAN, UTE, "system")}


def told(desk: Mapping[str, Who], at: str) -> list[tuple[str, str, str]]:
    """The mails of advisories, oldest first: to whom, of what, when; once a tick has run."""
    desk["system"].at(at).json("tick")
    mails = desk[ADA].at(at).json("mail", "outbox")["mail"]
    ours = [mail for mail in reversed(mails) if mail["kind"] in {"advisory", "digest", "advisory-withdrawn"}]
    assert all(mail["state"] == "sent" for mail in ours)
    return [(mail["to"], mail["subject"], mail["queued_at"]) for mail in ours]


def test_known_issues_reach_whom_they_concern_as_often_as_they_wish(desk: Mapping[str, Who]) -> None:
    """ADV-1, DC-3: daily and weekly by the customer's own clock, on a holiday too, and each advisory once."""
    desk[EVA].json("advisory", "subscribe", "daily")
    desk[JAN].json("advisory", "subscribe", "weekly")
    desk[UTE].json("advisory", "subscribe", "daily")
    voice = ("-s", "Calls drop", "-m", "One call in five drops on transfer.", "--service", "Voice")
    assert desk[BEN].json("advisory", "add", *voice, "--publish")["id"] == "SA-0001"
    # 08:00 on Saturday is 06:00Z by summer time; Ute's account has no Voice.
    saturday = (EVA, "1 service advisory: SA-0001", "2026-10-24T06:00:00Z")
    assert told(desk, "2026-10-24T05:59:59Z") == []
    assert told(desk, "2026-10-24T06:00:00Z") == [saturday]
    everybody = ("-s", "New release", "-m", "It comes in November.", "--kind", "news")
    assert desk[BEN].at("2026-10-24T10:00:00Z").json("advisory", "add", *everybody, "--publish")["id"] == "SA-0002"
    # Sunday at 08:00 is 07:00Z by winter time, and in London 08:00Z: its clocks went back in the same night.
    sunday = (EVA, "1 service advisory: SA-0002", "2026-10-25T07:00:00Z")
    london = (UTE, "1 service advisory: SA-0002", "2026-10-25T08:00:00Z")
    assert told(desk, "2026-10-25T07:00:00Z") == [saturday, sunday]
    assert told(desk, "2026-10-25T08:00:00Z") == [saturday, sunday, london]
    # Monday is a holiday: the desk is closed, and the weekly digest goes out all the same.
    monday = (JAN, "2 service advisories: SA-0001, SA-0002", "2026-10-26T07:00:00Z")
    assert told(desk, "2026-10-26T07:00:00Z") == [saturday, sunday, london, monday]
    # Nothing new: a week of ticks says no more, and no timer waits.
    assert told(desk, "2026-11-02T12:00:00Z") == [saturday, sunday, london, monday]
    assert desk["system"].at("2026-11-02T12:00:00Z").json("tick")["next_due_at"] is None
    assert desk[ADA].at("2026-11-02T12:00:00Z")("verify").status == 0


def test_announcements_before_the_dashboard_and_before_a_case(desk: Mapping[str, Who]) -> None:
    """ADV-1, OPEN-7: unread on `care` until read; the known issue spares the case; mended, it is withdrawn."""
    voice = ("-s", "Calls drop", "-m", "One call in five drops on transfer.", "--service", "Voice")
    desk[BEN].json("advisory", "add", *voice, "--solution", "Call back.", "--publish")
    assert [desk[who].json()["announcements"]["unread"] for who in (EVA, JAN, UTE, BEN)] == [1, 1, 0, 1]
    [read] = desk[EVA].json("advisory", "read", "SA-0001")["advisories"]
    assert read["solution"] == "Call back."
    assert [desk[who].json()["announcements"]["unread"] for who in (EVA, JAN)] == [0, 1]
    assert desk[EVA].json("open", "--solved-by", "SA-0001", "-s", "Calls drop") == {"deflected": "SA-0001"}
    assert desk[EVA].json("list", "--all")["total"] == 0
    desk[BEN].json("advisory", "withdraw", "SA-0001", "-m", "Mended with release 12.")
    assert desk[JAN].json()["announcements"] == {"unread": 0, "open": 0, "advisories": []}
    assert told(desk, "2026-10-30T12:00:00Z") == [], "nobody had been told by mail"
    assert desk[ADA]("verify").status == 0
