"""The portal's information guide: chatting with the owner of an open case, or leaving a message."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from cli.acceptance import Who, care
from cli.chatters import Chatter

ADA, BEN = "ada@desk.example", "ben@desk.example"
EVA = "eva@donau.example"
ACCOUNT = "Donau Versand"
# Vienna goes back to winter time on Sunday, 25 October 2026; Monday the 26th is the Austrian national day.
FRIDAY_15 = "2026-10-23T13:00:00Z"
FRIDAY_16 = "2026-10-23T14:00:00Z"
TUESDAY_10 = "2026-10-27T09:00:00Z"
SYMPTOM = "Since this morning about one in five calls drops when an agent transfers it to another queue."


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """A desk in Vienna with one account on the Care plan, whose mail goes to a maildir."""
    database, config = str(tmp_path / "desk.db"), tmp_path / "config.toml"
    config.write_text(f'[mail]\nmaildir = "{tmp_path / "mail"}"\n')
    before = ("--db", database, "--config", str(config), "--now", "2026-10-19T08:00:00Z")
    hours = ("--timezone", "Europe/Vienna", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "AT")
    assert care(*before[:2], *before[4:], "init", "--email", ADA, "--name", "Ada Park", *hours).status == 0
    ada = Who(database, ADA, "2026-10-19T09:00:00Z")
    ada.json("staff", "add", BEN, "--role", "agent")
    ada.json("account", "add", ACCOUNT, "--plan", "care", "--deployment", "Wien", "--service", "Voice")
    ada.json("contact", "add", EVA, "--account", ACCOUNT, "--trained")
    return {email: Who(database, email, FRIDAY_15) for email in (ADA, BEN, EVA, "system")}


@pytest.fixture
def number(desk: Mapping[str, Who]) -> str:
    """A case that Eva opens on Friday at 15:00, and that Ben takes."""
    where = ("--deployment", "Wien", "--service", "Voice", "--stage", "production", "--priority", "high")
    what = ("-s", "Calls drop", "-m", SYMPTOM, "--impact", "Agents call back by hand.")
    case = desk[EVA].json("open", *where, *what)
    # Six business hours of Friday 15:00 CEST: two until 17:00; Monday is a holiday; Tuesday 09:00 to 13:00 CET.
    assert _response(case)["due_at"] == "2026-10-27T12:00:00Z"
    desk[BEN].json("assign", case["number"], "--quiet")
    return str(case["number"])


@pytest.fixture
def eva(desk: Mapping[str, Who], number: str) -> Iterator[Chatter]:
    """Eva at a terminal in the chat on Tuesday at 10:00 CET."""
    chatter = Chatter(*desk[EVA].at(TUESDAY_10).options, "chat", number)
    yield chatter
    chatter.close()


def _response(case: Mapping[str, object]) -> Mapping[str, object]:
    clocks = case["clocks"]
    assert isinstance(clocks, list)
    return next(clock for clock in clocks if clock["metric"] == "response")


def _mails(desk: Mapping[str, Who], number: str, *kinds: str) -> list[tuple[str, str]]:
    mails = desk[ADA].json("mail", "outbox", number)["mail"]
    return [(mail["to"], mail["kind"]) for mail in reversed(mails) if mail["kind"] in kinds]


def test_a_message_for_an_owner_who_is_away(desk: Mapping[str, Who], number: str) -> None:
    """CHAT-1: left on Friday at 16:00, it is no answer: the owner has it by mail, the promise goes on running."""
    eva = desk[EVA].at(FRIDAY_16)
    document = eva.json("chat", number, "-m", "Is there news? Please call me on +43 1 555 0100.")
    assert (document["reason"], document["ended_at"]) == ("message-left", FRIDAY_16)
    assert _mails(desk, number, "transcript", "chat-unanswered") == [(EVA, "transcript"), (BEN, "chat-unanswered")]
    case = eva.json("show", number)
    assert (case["modified_at"], _response(case)["state"]) == (FRIDAY_16, "running")
    # At 13:00 CET on Tuesday it is breached, holiday and the hour that comes twice being no business hours.
    assert desk["system"].at("2026-10-27T11:59:59Z").json("tick")["breaches"] == []
    (breach,) = desk["system"].at("2026-10-27T12:00:00Z").json("tick")["breaches"]
    assert (breach["number"], breach["metric"]) == (number, "response")


def test_a_quick_question_answered_by_the_owner(desk: Mapping[str, Who], number: str, eva: Chatter) -> None:
    """CHAT-1, SLA-3, MAIL-6: the owner's line is the answer, and the transcript is one mail, and on the case."""
    eva.sees(f"Waiting for {BEN}")
    eva.types("Is there news?")
    eva.sees("you: Is there news?")
    ben = desk[BEN].at(TUESDAY_10)
    assert [one["number"] for one in ben.json("chat", "list")["chats"]] == [number]
    said = ben("chat", number, stdin=b"Yes: the fix goes in tonight.\n")
    assert said.out.splitlines()[0].endswith(f"{EVA}: Is there news?")
    assert eva.ends() == 0
    assert "Yes: the fix goes in tonight." in eva.text
    clock = _response(ben.json("show", number))
    # Two hours of Friday, one of Tuesday; the lines come some seconds after 10:00, as people type.
    assert clock["state"] == "met"
    assert 3 * 3600 <= int(str(clock["used_s"])) < 3 * 3600 + 60
    assert _mails(desk, number, "transcript", "chat-unanswered", "answer") == [(EVA, "transcript")]
    (chat,) = desk[EVA].json("chat", "show", number)["chats"]
    assert [(line["by"], line["text"]) for line in chat["lines"]] == [
        (EVA, "Is there news?"),
        (BEN, "Yes: the fix goes in tonight."),
    ]
    assert "Yes: the fix goes in tonight." in desk[EVA]("show", number).out
    assert desk[ADA]("verify").status == 0


def test_a_question_of_the_owner_answered_in_a_chat(desk: Mapping[str, Who], number: str) -> None:
    """CHAT-1, FU-5: asked on Friday, the reminder falls on Wednesday; a line before it stops that."""
    asked = desk[BEN].at(FRIDAY_16).json("ask", number, "-m", "Which queue is it?")
    # Two business days of Friday 16:00: Tuesday, Wednesday, as Monday is a holiday; 16:00 CET is 15:00Z.
    assert asked["followup"]["next_at"] == "2026-10-28T15:00:00Z"
    answered = desk[EVA].at("2026-10-28T14:00:00Z")
    answered("chat", number, stdin=b"It is the sales queue.\n")
    case = answered.json("show", number)
    assert (case["substatus"], case["followup"]) == ("customer-responded", None)
    assert desk["system"].at("2026-11-20T12:00:00Z").json("tick")["followups"] == []
