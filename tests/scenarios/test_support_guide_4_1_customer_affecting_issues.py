"""The support guide, 4.1 customer-affecting issues and 4.2 the incident report; and how the report is asked for.

A service fails; the customer opens a case, Customer Care restores the service. Within two business days of that
follows the post-mortem, within three business days of the post-mortem the report to the customers who asked for
one, by command or by mail as the case process of 2018 and 2025 has it.
"""

from collections.abc import Mapping
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import Who, care

ADA, BEN = "ada@desk.example", "ben@desk.example"
EVA, TOM, MAX = "eva@mill.example", "tom@harbor.example", "max@dairy.example"
OWN, FAR, THIRD = "Mill and Sons", "Harbor Clinic", "Dairy Co"
# London puts its clocks forward on Sunday, 29 March 2026 (01:00 GMT is 02:00 BST). Good Friday is 3 April, Easter
# Monday 6 April. Business hours are 09:00 to 17:00.
FRIDAY = "2026-03-27T09:30:00Z"
RESTORED = "2026-03-27T16:30:00Z"
"""Friday, 16:30 GMT."""
POST_MORTEM_BY = "2026-03-31T15:30:00Z"
"""Two business days on: Monday the 30th, Tuesday the 31st, 16:30 BST."""
HELD = "2026-03-31T14:00:00Z"
"""Tuesday, 15:00 BST."""
REPORT_BY = "2026-04-07T14:00:00Z"
"""Three business days on: Wednesday the 1st, Thursday the 2nd, and behind Easter Tuesday the 7th, 15:00 BST."""
TEXT = "Since nine this morning every second call drops as soon as an agent takes it from the queue."


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """A desk in London with three accounts; everybody on that Friday."""
    database = str(tmp_path / "desk.db")
    before = ("--db", database, "--now", "2026-03-23T09:00:00Z")
    hours = ("--timezone", "Europe/London", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "GB-ENG")
    assert care(*before, "init", "--email", ADA, "--name", "Ada Park", *hours).status == 0
    ada = Who(database, ADA, "2026-03-23T09:30:00Z")
    ada.json("staff", "add", BEN, "--name", "Ben Ito", "--role", "agent")
    for name, email in ((OWN, EVA), (FAR, TOM), (THIRD, MAX)):
        ada.json("account", "add", name, "--plan", "business-care", "--deployment", "UK", "--service", "Voice")
        ada.json("contact", "add", email, "--account", name, "--trained")
    return {email: Who(database, email, FRIDAY) for email in (ADA, BEN, EVA, TOM, MAX, "system")}


def opened(who: Who, subject: str) -> str:
    """A case about the failure."""
    where = ("--deployment", "UK", "--service", "Voice", "--stage", "production", "--priority", "high")
    case = who.json("open", *where, "-s", subject, "-m", TEXT, "--impact", "Agents call back by hand.")
    number: str = case["number"]
    return number


def deadlines(case: Mapping[str, Any]) -> list[tuple[str, str | None, str, str]]:
    """The deadlines of a case: what is due, what about, by when, and how it stands."""
    return [(one["kind"], one["about"], one["due_at"], one["state"]) for one in case["deadlines"]]


def delivered(database: str, reader: str) -> list[EmailMessage]:
    """The mails that a reader was sent, as they lie in the maildir."""
    found = [
        BytesParser(_class=EmailMessage, policy=modern).parsebytes(file.read_bytes())
        for file in Path(database).parent.rglob("new/*")
    ]
    return [mail for mail in found if mail["To"] == reader]


def body(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def test_from_the_failure_to_the_report(desk: Mapping[str, Who], tmp_path: Path) -> None:
    """INC-1, INC-2, INC-3: over the change to summer time and Easter, each step in its time, each client apart."""
    own, far = opened(desk[EVA], "Calls drop"), opened(desk[TOM], "No sound on calls")
    ben = desk[BEN].at("2026-03-27T10:00:00Z")
    words = ("--title", "Calls drop on one relay", "--started", "2026-03-27T09:00:00Z", "-m", "A relay failed.")
    declared = ben.json("incident", own, *words)
    assert (declared["type"], declared["deadlines"]) == ("incident", [])
    ben.json("incident", "affect", own, far, "--account", THIRD, "-m", "Use the other trunk for now.")
    assert ben("incident", "affect", own, far).status == 5

    # One customer asks by command; another replies to the mail that told of the incident.
    desk[EVA].at("2026-03-27T11:00:00Z").json("incident", "request", own)
    desk["system"].at("2026-03-27T11:01:00Z").json("tick")
    (told,) = [mail for mail in delivered(ben.database, TOM) if "affected by an incident" in mail["Subject"]]
    reply = f"From: {TOM}\r\nTo: care\r\nSubject: Re: {told['Subject']}\r\nMessage-ID: <1@harbor.example>\r\n"
    reply += "\r\nPlease send us an incident report once it is over.\r\n"
    asked = desk["system"].at("2026-03-27T12:00:00Z")("mail", "receive", stdin=reply.encode())
    assert asked.status == 0, asked.err
    shown = ben.json("incident", "show", own)["incident"]
    assert [(one["account"], one["by"]) for one in shown["asked"]] == [(OWN, EVA), (FAR, TOM)]

    # Service is back on Friday afternoon: the post-mortem is due on Tuesday.
    restored = ben.at(RESTORED).json("restore", own, "-m", "Your calls go over the other relay.")
    assert deadlines(restored) == [("post-mortem", None, POST_MORTEM_BY, "running")]
    coming = ben.at(RESTORED).json("forecast", "--within", "9d")["timers"]
    assert [row["due_at"] for row in coming if row["kind"] == "deadline"] == [POST_MORTEM_BY]
    assert desk["system"].at("2026-03-31T13:00:00Z").json("tick")["deadlines"] == []
    early = ben.at("2026-03-31T13:00:00Z")("incident", "report", own, "--for", FAR, "--send")
    assert "lacks its restoration" in early.refused(5)

    # It is held in time; who asked is sent the report within three business days.
    held = ben.at(HELD).json("incident", "post-mortem", own, "--root-cause", "A full disk.", "-m", "Present: Ben.")
    assert deadlines(held) == [
        ("post-mortem", None, POST_MORTEM_BY, "met"),
        ("incident-report", OWN, REPORT_BY, "running"),
        ("incident-report", FAR, REPORT_BY, "running"),
    ]
    due = "2026-04-02"
    ben.at(HELD).json("incident", "action", "add", own, "-m", "Alert on disk space", "--owner", BEN, "--due", due)
    written = ("--restoration", "Calls were moved.", "--specific", f"{FAR}=The night line.")
    ben.at(HELD).json("incident", "describe", own, *written)

    # Behind Easter both are sent, one an hour too late: the tick has told of it, and of the action nobody did.
    on_time, late = ben.at("2026-04-07T13:30:00Z"), ben.at("2026-04-07T15:00:00Z")
    assert on_time.json("incident", "report", own, "--send")["sent"] is True
    missed = desk["system"].at("2026-04-07T14:30:00Z").json("tick")["deadlines"]
    assert [(one["kind"], one["about"]) for one in missed] == [
        ("action", "1. Alert on disk space"),
        ("incident-report", FAR),
    ]
    late.json("incident", "report", own, "--for", FAR, "--send")
    late.json("incident", "action", "done", own, "1")
    assert desk["system"].at("2026-04-07T15:01:00Z").json("tick")["deadlines"] == []
    whole = late.json("show", own)
    assert [state for *_, state in deadlines(whole)] == ["met", "met", "missed", "missed"]

    # Each has its own report, on the case and by mail; nobody reads of anybody else.
    for who, number, account, others in ((EVA, own, OWN, (FAR, THIRD)), (TOM, far, FAR, (OWN, THIRD))):
        page = tmp_path / f"{account}.html"
        contact = desk[who].at("2026-04-07T16:00:00Z")
        assert contact("incident", "report", number, "--output", str(page)).status == 0
        texts = (
            page.read_text(),
            contact("incident", "report", number).out,
            body(next(mail for mail in delivered(ben.database, who) if "the incident report" in mail["Subject"])),
        )
        for text in texts:
            assert account in text
            assert not [name for name in (*others, "Present: Ben") if name in text]
            assert all(
                part in text for part in ("7h 30m", "A full disk.", "Calls were moved.", "Alert on disk space")
            )
        assert ("The night line." in texts[0]) == (account == FAR)
    title = "Calls drop on one relay"
    assert sorted(mail["Subject"] for mail in delivered(ben.database, MAX)) == [
        f"Incident: {title}",
        f"The service is back: {title}",
    ]
    assert len([mail for mail in delivered(ben.database, TOM) if "the service is back" in mail["Subject"]]) == 1
    closed = late.json("close", own, "-m", "Done.")
    assert (closed["status"], deadlines(closed)) == ("closed", deadlines(whole))
    assert desk[ADA].at("2026-04-07T16:30:00Z")("verify").status == 0


def test_the_close_stands_for_the_restoration(desk: Mapping[str, Who]) -> None:
    """INC-2: an incident that was closed without a word of restoration is normal from its close on."""
    number = opened(desk[EVA], "Calls drop")
    desk[BEN].json("incident", number)
    refused = desk[BEN].at(RESTORED)("close", number)
    assert (refused.status, "root cause" in refused.err) == (2, True)
    closed = desk[BEN].at(RESTORED).json("close", number, "--root-cause", "A full disk.")
    assert deadlines(closed) == [("post-mortem", None, POST_MORTEM_BY, "running")]
    ticked = desk["system"].at("2026-03-31T15:31:00Z").json("tick")
    assert [(one["number"], one["kind"], one["due_at"]) for one in ticked["deadlines"]] == [
        (number, "post-mortem", POST_MORTEM_BY)
    ]
