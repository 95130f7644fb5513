"""The customers' mailboxes: every mail that leaves the desk is found, read once, and some are answered."""

from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from hard.busy.ledger import Ledger
from letters import PASSES, letter, report

REMEMBERED: Final = 60
"""So many mails lie on somebody's desk to be answered."""


class Mail(NamedTuple):
    """A mail as its reader sees it."""

    message_id: str
    to: str
    subject: str


class Mailbox:
    """The maildir into which the desk delivers, emptied by whoever looks first."""

    def __init__(self, folder: Path, ledger: Ledger, draw: Random) -> None:
        self.new, self.read = folder / "new", folder / "read"
        self.ledger, self.draw = ledger, draw
        self.waiting: list[Mail] = []

    def collect(self) -> int:
        """Read all that is there; how many mails that were."""
        if not self.new.is_dir():
            return 0
        self.read.mkdir(exist_ok=True)
        mails = [mail for entry in self.new.iterdir() if (mail := self._taken(entry.name))]
        self.ledger.found([mail.message_id for mail in mails])
        for mail in mails:
            self._remember(mail)
        return len(mails)

    def _taken(self, name: str) -> Mail | None:
        """One mail, unless another process was faster."""
        mine = self.read / name
        with suppress(FileNotFoundError):
            (self.new / name).rename(mine)
            mail = _read(mine)
            mine.unlink()
            return mail
        return None

    def _remember(self, mail: Mail) -> None:
        if len(self.waiting) < REMEMBERED:
            self.waiting.append(mail)
        else:
            self.waiting[self.draw.randrange(REMEMBERED)] = mail

    def pick(self) -> Mail | None:
        """A mail that somebody turns to, gone from the pile."""
        return self.waiting.pop(self.draw.randrange(len(self.waiting))) if self.waiting else None


def _read(path: Path) -> Mail:
    head = path.read_bytes().partition(b"\n\n")[0].replace(b"\n ", b" ").decode("utf-8", "replace")
    lines = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    return Mail(lines["Message-ID"].strip(), lines["To"].strip(), lines["Subject"].strip())


def answer(mail: Mail, text: str, id_: str, **headers: str) -> bytes:
    """What the reader of a mail writes back."""
    return letter(
        text,
        sender=mail.to,
        subject=f"Re: {mail.subject}",
        id_=id_,
        In_Reply_To=mail.message_id,
        References=mail.message_id,
        **{"Authentication_Results": PASSES.replace("abc.example", mail.to.partition("@")[2]), **headers},
    )


def vacation(mail: Mail, id_: str) -> bytes:
    """What a program writes back for somebody who is away."""
    return answer(mail, "I am away until Monday.", id_, Auto_Submitted="auto-replied", Precedence="bulk")


def bounce(mail: Mail, id_: str) -> bytes:
    """What a mail server writes of a mail that it could not deliver."""
    return letter(
        sender="MAILER-DAEMON@mx.example",
        subject="Undelivered Mail Returned to Sender",
        id_=id_,
        Return_Path="<>",
        **report(mail.message_id, to=mail.to),
    )
