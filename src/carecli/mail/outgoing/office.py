"""Who speaks in the desk's mail, and what every mail of it is made with."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Office(NamedTuple):
    """Whose mail it is, and how they speak."""

    sender: str
    zone: str
    phone: str
    stages: int

    @property
    def domain(self) -> str:
        """The domain of the sender's address, for Message-IDs."""
        return domain(self.sender)

    def local(self, at: datetime) -> str:
        """A moment as its readers count it."""
        local = at.astimezone(ZoneInfo(self.zone))
        return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({self.zone})"


class Sending(NamedTuple):
    """What a notice needs beside its event: the references' key, its place among the case's mails, its time.

    `named` are the Message-IDs that it follows, `request` is what was asked, `to` its reader.
    """

    key: bytes
    place: int
    not_before: datetime
    named: tuple[str, ...] = ()
    request: str | None = None
    to: str | None = None
    """The case's contact where nobody is named."""


def domain(sender: str) -> str:
    """The domain in a sender's address; `localhost` where it has none that could stand in a Message-ID."""
    # By hand: the library for addresses takes longer to import than the command that queues the mail.
    found = sender.strip().rstrip(">").rpartition("@")[2].lower()
    plain = found.replace("-", "").replace(".", "")
    if not plain.isalnum():
        return "localhost"
    try:
        return found if found.isascii() else found.encode("idna").decode("ascii")
    except UnicodeError:
        return "localhost"


def way(label: str, command: str) -> Mapping[str, str]:
    """Something that the reader can type, and what for."""
    return {"label": label, "command": command}
