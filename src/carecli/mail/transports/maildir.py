"""Outgoing mail into a maildir, from which other programs take it on (MAIL-6)."""

import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from email.charset import QP, Charset
from email.errors import MessageError
from email.message import Message
from email.policy import Compat32
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Final, Protocol

from carecli.domain.outbox import Mail
from carecli.errors import Failed
from carecli.mail.transports import durable

_LINE: Final = 78
"""How long a line of a header may be (RFC 5322)."""

_BODY_LINE: Final = 998
"""How long a line of a body may be, in characters; servers break or refuse longer ones (RFC 5322)."""

_DELIVERIES: Final = count(1)


class Transport(Protocol):
    """A way by which mail leaves; every one takes the same messages."""

    def deliver(self, mails: Sequence[Mail]) -> Sequence[Failed | None]:
        """Hand mails over for good; the answer is for each what kept it from leaving, or None."""


class MaildirTransport:
    """Delivers into the `new` folder of a maildir, which is made when needed."""

    def __init__(self, path: Path, sender: str) -> None:
        self.path = path
        self.sender = sender

    def deliver(self, mails: Sequence[Mail]) -> Sequence[Failed | None]:
        """Store mails durably, all or each with what went wrong (MAIL-6)."""
        drafts: list[str | Failed] = []
        try:
            for part in ("tmp", "new", "cur"):
                (self.path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            drafts += map(self._drafted, mails)
            durable.flush([draft for draft in drafts if isinstance(draft, str)], self.path / "tmp")
            outcomes = [self._moved(draft) for draft in drafts]
            durable.flush([], self.path / "new")
        except OSError as error:
            _remove(drafts)
            return [self._failed(error)] * len(mails)
        return outcomes

    def _drafted(self, mail: Mail) -> str | Failed:
        draft = self._place("tmp", _unique_name())
        try:
            content = message(mail, self.sender)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
        except (OSError, MessageError, ValueError) as error:
            _remove([draft])
            return self._failed(error)
        return draft

    def _moved(self, draft: str | Failed) -> Failed | None:
        if isinstance(draft, Failed):
            return draft
        try:
            os.rename(draft, self._place("new", os.path.basename(draft)))
        except OSError as error:
            _remove([draft])
            return self._failed(error)
        return None

    def _place(self, part: str, name: str) -> str:
        # Text: a Path for each of thousands of mails would take as long as writing them.
        return f"{self.path}/{part}/{name}"

    def _failed(self, error: Exception) -> Failed:
        return Failed(
            f"cannot deliver to the maildir {self.path}: {error}",
            hint="check `maildir` in the [mail] part of the config file",
            rule="MAIL-6",
        )


def _remove(drafts: Sequence[str | Failed]) -> None:
    """Leave nothing of a batch that did not leave: on a full disk the drafts of each try would add up."""
    for draft in drafts:
        if isinstance(draft, str):
            with suppress(OSError):
                os.unlink(draft)


def _unique_name() -> str:
    """A name that nobody else gives, as maildirs ask for: time, process, count and host."""
    seconds, rest = divmod(time.time_ns(), 10**9)
    host = socket.gethostname().replace("/", r"\057").replace(":", r"\072")
    return f"{seconds}.M{rest // 1000}P{os.getpid()}Q{next(_DELIVERIES)}.{host}"


class _Unfolded(Compat32):
    """Writes headers that need neither encoding nor folding as they are, as nearly all of ours."""

    def fold_binary(self, name: str, value: str) -> bytes:
        line = f"{name}: {value}"
        if isinstance(value, str) and len(line) <= _LINE and line.isascii() and line.isprintable():
            return f"{line}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


def message(mail: Mail, sender: str) -> bytes:
    """The mail as it goes out."""
    # Message takes headers as they are given; EmailMessage parses each, which takes several times as long.
    out = Message(policy=_Unfolded())
    out["From"] = _address(sender)
    out["To"] = mail.to
    # Broken up, an encoded word is no more than text: a reader would decode it, line breaks and all.
    out["Subject"] = " ".join(mail.subject.replace("=?", "= ?").split())
    out["Date"] = format_datetime(mail.queued_at)
    out["Message-ID"] = mail.message_id
    out["Auto-Submitted"] = "auto-generated"
    out.set_payload(str(mail.content["body"]), _charset(str(mail.content["body"])))
    return out.as_bytes()


@lru_cache(maxsize=8)
def _address(sender: str) -> str:
    """An address as it stands in a header: a name with letters of any script encoded."""
    return formataddr(parseaddr(sender))


def _charset(text: str) -> str | Charset:
    # As bytes: of text Python also takes vertical tabs and the like for the end of a line, which mail does not.
    if text.isascii() and all(len(line) <= _BODY_LINE for line in text.encode("ascii").splitlines()):
        return "us-ascii"
    # Left to itself, the library would make it unreadable to people, as base64.
    readable = Charset("utf-8")
    readable.body_encoding = QP
    return readable
