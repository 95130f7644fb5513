"""The support guide, addendum A: a change request for moves, additions, changes or deletions (MAC/D), end to end.

Acknowledged within one business day, accepted or rejected within two; accepted it carries an order, and perhaps a
statement of work, that both parties execute before anything is done; rejected it is reworked and submitted again;
complete when the one who asked is mailed.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import Who, care

ADA, BEN, MIA, SUE = "ada@desk.example", "ben@desk.example", "mia@desk.example", "sue@desk.example"
EVA, JAN = "eva@donau.example", "jan@donau.example"
ACCOUNT = "Donau Versand"
# Vienna goes back to winter time on Sunday, 25 October 2026 (03:00 CEST is 02:00 CET); Monday the 26th is the
# Austrian national day. Behind Friday the 23rd the next business days are Tuesday the 27th, Wednesday the 28th.
FRIDAY = "2026-10-23T13:00:00Z"
"""15:00 CEST."""
ACKNOWLEDGE_BY = "2026-10-27T14:00:00Z"
"""One business day on: Tuesday 15:00 CET."""
DECIDE_BY = "2026-10-28T14:00:00Z"
"""Two business days on: Wednesday 15:00 CET."""
WISH = "Please move the twelve numbers of the second floor to the new floor of the same house."


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """A desk in Vienna with an account, its people, and a customer success manager; everybody on that Friday."""
    database = str(tmp_path / "desk.db")
    before = ("--db", database, "--now", "2026-10-19T08:00:00Z")
    hours = ("--timezone", "Europe/Vienna", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "AT")
    assert care(*before, "init", "--email", ADA, "--name", "Ada Park", *hours).status == 0
    ada = Who(database, ADA, "2026-10-19T09:00:00Z")
    for email, role in ((BEN, "agent"), (MIA, "manager"), (SUE, "agent")):
        ada.json("staff", "add", email, "--role", role)
    place = ("--deployment", "Wien", "--service", "Voice", "--success-manager", SUE)
    ada.json("account", "add", ACCOUNT, "--plan", "care", *place)
    for email in (EVA, JAN):
        ada.json("contact", "add", email, "--account", ACCOUNT, "--trained")
    return {email: Who(database, email, FRIDAY) for email in (ADA, BEN, MIA, SUE, EVA, JAN, "system")}


def opened(desk: Mapping[str, Who]) -> str:
    """Eva's change request, submitted on Friday at three."""
    where = (
        "--type",
        "service-request",
        "--subtype",
        "change-request",
        "--deployment",
        "Wien",
        "--service",
        "Voice",
    )
    what = ("--priority", "medium", "-s", "Move twelve numbers", "-m", WISH, "--field", "change=move")
    number: str = desk[EVA].json("open", *where, *what)["number"]
    return number


def deadlines(case: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The deadlines of a case: what is due, by when, and how it stands."""
    return [(one["kind"], one["due_at"], one["state"]) for one in case["deadlines"]]


def mailed(desk: Mapping[str, Who], number: str) -> list[tuple[str, str]]:
    """What was mailed about a case, and to whom, the oldest first."""
    mails = desk[BEN].json("mail", "outbox", number)["mail"]
    return [(mail["kind"], mail["to"]) for mail in reversed(mails)]


def test_accepted_signed_and_done(desk: Mapping[str, Who], tmp_path: Path) -> None:
    """SR-1: over a holiday and the end of summer time, from the submission to the mail that it is complete."""
    number = opened(desk)
    assert deadlines(desk[EVA].json("show", number)) == [
        ("acknowledgement", ACKNOWLEDGE_BY, "running"),
        ("decision", DECIDE_BY, "running"),
    ]

    # Nothing is late by Tuesday noon; half an hour before its time the request is acknowledged.
    assert desk["system"].at("2026-10-27T11:00:00Z").json("tick")["deadlines"] == []
    ben = desk[BEN].at("2026-10-27T13:30:00Z")
    ben.json("request", "ack", number)
    assert ben("investigate", number).status == 5

    # On Wednesday it is accepted, by an order and a statement of work.
    order, sow = tmp_path / "order.txt", tmp_path / "sow.txt"
    order.write_text("Services order 7: twelve numbers are moved.\n")
    sow.write_text("Statement of work for services order 7.\n")
    ben = desk[BEN].at("2026-10-28T09:00:00Z")
    ben.json("request", "accept", number, "--order", str(order), "--sow", str(sow), "-m", "On the first weekend.")
    case = desk[EVA].json("show", number)
    assert [one["state"] for one in case["deadlines"]] == ["met", "met"]
    assert [(one["kind"], one["sha256"]) for one in case["request"]["documents"]] == [
        ("services-order", sha256(order.read_bytes()).hexdigest()),
        ("statement-of-work", sha256(sow.read_bytes()).hexdigest()),
    ]

    # Both parties sign, the other contact of the account for the customer; only then is anything done.
    jan = desk[JAN].at("2026-10-28T10:00:00Z")
    jan.json("request", "sign", number)
    assert ben.at("2026-10-28T10:30:00Z")("investigate", number).status == 5
    desk[MIA].at("2026-10-28T11:00:00Z").json("request", "sign", number)
    working = ben.at("2026-10-28T12:00:00Z").json("investigate", number)
    assert (working["status"], working["substatus"]) == ("open", "investigation")

    # Complete it is when the one who asked is mailed.
    ben.at("2026-11-02T08:00:00Z").json("request", "complete", number, "-m", "All twelve ring on the new floor.")
    done = desk[EVA].at("2026-11-02T09:00:00Z").json("show", number)
    assert (done["status"], done["substatus"], done["request"]["stage"]) == ("closed", "resolved", "completed")
    assert mailed(desk, number) == [
        ("acknowledgement", EVA),
        ("request-acknowledged", EVA),
        ("request-accepted", EVA),
        ("request-signed", EVA),
        ("request-signed", EVA),
        ("request-completed", EVA),
    ]
    assert desk[ADA].at("2026-11-02T10:00:00Z")("verify").status == 0


def test_rejected_reworked_and_submitted_again(desk: Mapping[str, Who]) -> None:
    """SR-1: the success manager reworks it with the customer; the same case is decided on anew."""
    number = opened(desk)
    desk[BEN].json("request", "reject", number, "-m", "The new floor has no cabinet yet.")
    assert mailed(desk, number)[1:] == [("request-rejected", EVA), ("request-rework", SUE)]
    assert [one["state"] for one in desk[EVA].json("show", number)["deadlines"]] == ["met", "met"]

    # Submitted again on the Saturday: it begins with the next opening, on Tuesday at nine (08:00Z).
    eva = desk[EVA].at("2026-10-24T10:00:00Z")
    again = eva.json("request", "resubmit", number, "-m", "Six numbers only, into the old cabinet.")
    assert again["number"] == number
    assert deadlines(again)[2:] == [
        ("acknowledgement", "2026-10-28T08:00:00Z", "running"),
        ("decision", "2026-10-29T08:00:00Z", "running"),
    ]


def test_too_late(desk: Mapping[str, Who]) -> None:
    """SR-1, TICK-2: what is not acknowledged and decided in time shows in the tick until it is."""
    number = opened(desk)
    tick = desk["system"].at("2026-10-29T08:00:00Z").json("tick")
    assert [(late["number"], late["kind"], late["due_at"]) for late in tick["deadlines"]] == [
        (number, "acknowledgement", ACKNOWLEDGE_BY),
        (number, "decision", DECIDE_BY),
    ]
    events = desk[BEN].json("log", number)["events"]
    assert [(e["at"], e["data"]["deadline"]) for e in events if e["kind"] == "deadline-missed"] == [
        (ACKNOWLEDGE_BY, "acknowledgement"),
        (DECIDE_BY, "decision"),
    ]
    desk[BEN].at("2026-10-29T09:00:00Z").json("request", "reject", number, "-m", "Not this year.")
    assert desk["system"].at("2026-10-29T10:00:00Z").json("tick")["deadlines"] == []
    assert desk[ADA].at("2026-10-29T10:00:00Z")("verify").status == 0
