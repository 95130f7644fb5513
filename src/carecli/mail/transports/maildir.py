"""Outgoing mail into a maildir, from which other programs take it on (MAIL-6)."""

import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from typing import Final

from carecli.mail.transports import durable
from carecli.mail.transports.protocol import Failure, Posting

_DELIVERIES: Final = count(1)


class MaildirTransport:
    """Delivers into the `new` folder of a maildir, which is made when needed."""

    batch = 500

    def __init__(self, path: str) -> None:
        self.path = path

    def deliver(self, postings: Sequence[Posting]) -> Iterator[Failure | None]:
        """Store mails durably, all or each with what went wrong (MAIL-6)."""
        drafts: list[str | Failure] = []
        try:
            for part in ("tmp", "new", "cur"):
                os.makedirs(f"{self.path}/{part}", mode=0o700, exist_ok=True)
            drafts += map(self._drafted, postings)
            durable.flush([draft for draft in drafts if isinstance(draft, str)], self._place("tmp"))
            outcomes = [self._moved(draft) for draft in drafts]
            durable.flush([], self._place("new"))
        except OSError as error:
            _remove(drafts)
            outcomes = [self._failed(error)] * len(postings)
        return iter(outcomes)

    def close(self) -> None:
        """Nothing is open between two batches."""

    def _drafted(self, posting: Posting) -> str | Failure:
        draft = self._place("tmp", _unique_name())
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(posting.raw)
        except OSError as error:
            _remove([draft])
            return self._failed(error)
        return draft

    def _moved(self, draft: str | Failure) -> Failure | None:
        if isinstance(draft, Failure):
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


def _remove(drafts: Sequence[str | Failure]) -> None:
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
