"""Outgoing mail into a maildir, from which other programs take it on (MAIL-6)."""

from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime
from mailbox import Error, Maildir
from pathlib import Path
from typing import Protocol

from carecli.domain.outbox import Mail
from carecli.errors import Failed


class Transport(Protocol):
    """A way by which mail leaves; every one takes the same message and either has it or raises Failed."""

    def deliver(self, mail: Mail) -> None:
        """Hand the mail over for good; raises Failed."""


class MaildirTransport:
    """Delivers into the `new` folder of a maildir, which is made when needed."""

    def __init__(self, path: Path, sender: str) -> None:
        self.path = path
        self.sender = sender

    def deliver(self, mail: Mail) -> None:
        """Store the mail durably; raises Failed where the maildir cannot be written."""
        try:
            # Made here: the library makes none of them where the directory itself is there already.
            for part in ("tmp", "new", "cur"):
                (self.path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            Maildir(self.path, create=True).add(message(mail, self.sender))
        except (OSError, Error, MessageError, ValueError) as error:
            raise Failed(
                f"cannot deliver to the maildir {self.path}: {error}",
                hint="check `maildir` in the [mail] part of the config file",
                rule="MAIL-6",
            ) from error


def message(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it goes out."""
    out = EmailMessage()
    out["From"] = sender
    out["To"] = mail.to
    # Broken up, an encoded word is no more than text: the library would decode it, line breaks and all.
    out["Subject"] = " ".join(mail.subject.replace("=?", "= ?").split())
    out["Date"] = format_datetime(mail.queued_at)
    out["Message-ID"] = mail.message_id
    out["Auto-Submitted"] = "auto-generated"
    out.set_content(mail.body)
    return out
