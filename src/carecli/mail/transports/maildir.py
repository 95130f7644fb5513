"""Outgoing mail into a maildir, from which other programs take it on (MAIL-6)."""

import os
import re
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import count
from typing import Final

from carecli.disk import make_folder
from carecli.mail.transports import durable
from carecli.mail.transports.protocol import Failure, Posting

_DELIVERIES: Final = count(1)
_MARK: Final = ",I="
"""Stands before what a file's name tells of the mail in it."""
_MESSAGE_ID: Final = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class MaildirTransport:
    """Delivers into the `new` folder of a maildir, which is made when needed.

    A delivery that was cut short has left mails there that nobody noted as sent. They are known by their names, so
    that the next delivery does not bring them again as long as they are there.
    """

    batch = 500

    def __init__(self, path: str) -> None:
        self.path = path
        self._there: set[str] | None = None

    def deliver(self, postings: Sequence[Posting]) -> Iterator[Failure | None]:
        """Store mails durably, all or each with what went wrong (MAIL-6)."""
        drafts: list[str | Failure | None] = []
        try:
            for part in ("tmp", "new", "cur"):
                make_folder(self._place(part), 0o700)
            if self._there is None:
                self._there = self._listed()
            drafts += [None if _mark(one) in self._there else self._drafted(one) for one in postings]
            durable.flush([draft for draft in drafts if isinstance(draft, str)], self._place("tmp"))
            outcomes = [self._moved(draft) for draft in drafts]
            durable.flush([], self._place("new"))
        except OSError as error:
            _remove(drafts)
            outcomes = [self._failed(error)] * len(postings)
        return iter(outcomes)

    def close(self) -> None:
        """Nothing is open between two batches."""

    def _listed(self) -> set[str]:
        """The marks of the mails that lie there, read or not."""
        names = (name for part in ("new", "cur") for name in os.listdir(self._place(part)))
        return {name.partition(":2,")[0].rpartition(_MARK)[2] for name in names if _MARK in name}

    def _drafted(self, posting: Posting) -> str | Failure:
        draft = self._place("tmp", _unique_name() + _MARK + _mark(posting))
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(posting.raw)
        except OSError as error:
            _remove([draft])
            return self._failed(error)
        return draft

    def _moved(self, draft: str | Failure | None) -> Failure | None:
        if not isinstance(draft, str):
            return draft
        try:
            os.rename(draft, self._place("new", os.path.basename(draft)))
        except OSError as error:
            _remove([draft])
            return self._failed(error)
        return None

    def _place(self, *parts: str) -> str:
        # Text: a Path for each of thousands of mails would take as long as writing them.
        return "/".join((self.path, *parts))

    def _failed(self, error: Exception) -> Failure:
        return Failure(
            f"cannot deliver to the maildir {self.path}: {error}",
            stops=True,
            hint="check `maildir` in the [mail] part of the config file",
        )


def _remove(drafts: Sequence[str | Failure | None]) -> None:
    """Leave nothing of a batch that did not leave: on a full disk the drafts of each try would add up."""
    for draft in drafts:
        if isinstance(draft, str):
            with suppress(OSError):
                os.unlink(draft)


def _mark(posting: Posting) -> str:
    """What tells a mail from every other: its Message-ID and its recipient, hashed, as a file's name takes it."""
    found = _MESSAGE_ID.search(posting.raw)
    told = found[1] if found else posting.raw
    return sha256(told + b"\0" + posting.to.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def _unique_name() -> str:
    """A name that nobody else gives, as maildirs ask for: time, process, count and host."""
    seconds, rest = divmod(time.time_ns(), 10**9)
    host = socket.gethostname().replace("/", r"\057").replace(":", r"\072")
    return f"{seconds}.M{rest // 1000}P{os.getpid()}Q{next(_DELIVERIES)}.{host}"
