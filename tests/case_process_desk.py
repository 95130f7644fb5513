"""The desks of the scenarios of the two case process pages, and what is done there again and again.

Sydney (the page of 2025): summer time ends on Sunday, 5 April 2026, when 03:00 AEDT (UTC+11) becomes 02:00 AEST
(UTC+10). Good Friday is 3 April, Easter Monday 6 April.
Chicago (the page of 2018): summer time ends on Sunday, 1 November 2026, when 02:00 CDT (UTC-5) becomes 01:00 CST
(UTC-6). Wednesday, 11 November is Veterans Day.
Both desks are open from Monday to Friday, 09:00 to 17:00.
"""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path
from typing import Any, Final, NamedTuple

from cli.acceptance import Who, care

ADA, BEN = "ada@desk.example", "ben@desk.example"
DORA, KIM, REX = "dora@pier.example", "kim@pier.example", "rex@pier.example"
"""Two Designated Contacts of Pier Logistics, and one who may only read."""
ZOE: Final = "zoe@other.example"
"""A Designated Contact of another account."""
TEXT: Final = "Since nine this morning every second call drops as soon as an agent takes it from the queue."
FORM: Final = (
    *("--deployment", "Docks", "--service", "Voice", "--stage", "production", "--priority", "medium"),
    *("-m", TEXT, "--impact", "Agents call back by hand."),
)


class Desk(NamedTuple):
    """A desk, whose people act at moments that the scenario names."""

    database: str

    def by(self, email: str, at: str) -> Who:
        """Somebody at a moment."""
        return Who(self.database, email, at)

    def opened(self, at: str, subject: str = "Calls drop", email: str = DORA) -> str:
        """The number of a case that a contact opens."""
        number: str = self.by(email, at).json("open", *FORM, "-s", subject)["number"]
        return number

    def tick(self, at: str) -> Any:
        """What a tick tells."""
        return self.by("system", at).json("tick")

    def laddered(self, at: str) -> list[tuple[str, int, str, str]]:
        """What a tick does about the follow-ups: case, stage, due time and action."""
        rows = self.tick(at)["followups"]
        return [(row["number"], row["stage"], row["due_at"], row["action"]) for row in rows]

    def outbox(self, number: str, at: str) -> list[tuple[str, str]]:
        """What was mailed about a case, and to whom, the oldest first."""
        mails = self.by(BEN, at).json("mail", "outbox", number)["mail"]
        return [(mail["kind"], mail["to"]) for mail in reversed(mails)]

    def last_mail(self, number: str, at: str) -> EmailMessage:
        """The last mail about a case."""
        mails = self.by(BEN, at).json("mail", "outbox", number)["mail"]
        raw = self.by(BEN, at)("mail", "show", str(mails[0]["id"])).out.encode()
        return BytesParser(_class=EmailMessage, policy=modern).parsebytes(raw)

    def receive(self, at: str, letter: EmailMessage) -> Any:
        """What `mail receive` answers to a message."""
        return self.by("system", at).json("mail", "receive", stdin=letter.as_bytes())

    def differences(self, at: str) -> Any:
        """What `verify` finds."""
        return self.by(ADA, at).json("verify")["differences"]


def standing(case: Any) -> str:
    """Status and sub-status in one word."""
    return f"{case['status']}/{case['substatus']}"


def words(mail: EmailMessage) -> str:
    """The plain text of a mail, without its line breaks."""
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def letter(sender: str, subject: str, text: str, *, id_: str, answers: EmailMessage | None = None) -> EmailMessage:
    """A message that a person writes; where it answers a mail, it is threaded to it and quotes it."""
    mail = EmailMessage(policy=modern)
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, "care@localhost", subject, id_
    if answers is not None:
        mail["In-Reply-To"] = str(answers["Message-ID"])
        part = answers.get_body(("plain",))
        assert part is not None
        quoted = "".join(f"> {line}\n" for line in part.get_content().splitlines())
        text = f"{text}\n\nOn Thursday the desk wrote:\n{quoted}"
    mail.set_content(text)
    return mail


def _desk(folder: Path, at: str, *hours: str) -> Desk:
    """A desk and its people, made at a moment."""
    database = str(folder / "desk.db")
    made = care("--db", database, "--now", at, "init", "--email", ADA, "--name", "Ada Park", *hours)
    assert made.status == 0, made.err
    ada = Who(database, ADA, at)
    ada.json("staff", "add", BEN, "--name", "Ben Ito", "--role", "agent")
    for name, people in (("Pier Logistics", (DORA, KIM)), ("Other Ltd", (ZOE,))):
        service = ("--deployment", "Docks", "--service", "Voice", "--component", "Voice=Trunk")
        ada.json("account", "add", name, "--plan", "business-care", *service)
        for email in people:
            ada.json("contact", "add", email, "--account", name, "--trained")
    ada.json("contact", "add", REX, "--account", "Pier Logistics", "--access", "read-only")
    return Desk(database)


def sydney(folder: Path, policy: str = "default") -> Desk:
    """The desk in Sydney."""
    hours = ("--timezone", "Australia/Sydney", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "AU-NSW")
    return _desk(folder, "2026-03-23T00:00:00Z", *hours, "--policy", policy)


def chicago(folder: Path, policy: str = "default") -> Desk:
    """The desk in Chicago."""
    hours = ("--timezone", "America/Chicago", "--hours", "Mon-Fri 09:00-17:00", "--holidays", "US")
    return _desk(folder, "2026-10-19T15:00:00Z", *hours, "--policy", policy)
