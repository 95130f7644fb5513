"""Mails written out, each with its envelope; one that cannot be written is kept for when that is mended."""

from __future__ import annotations

from email.errors import MessageError
from typing import TYPE_CHECKING, NamedTuple

from carecli.errors import CareError
from carecli.mail.transports.protocol import Failure, Posting

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.outbox import Mail


class Letter(NamedTuple):
    """A mail that is ready to leave, or why it cannot be written."""

    posting: Posting | None
    failure: Failure | None = None


class Letters:
    """Writes mails out as the desk's templates have it."""

    def __init__(self, desk: Desk, sender: str) -> None:
        from carecli.mail.outgoing.message import Writer

        mail = desk.config.mail
        self._writer = Writer(mail.sender, desk.settings.name, mail.case_url, mail.templates)
        self._sender = sender

    def written(self, mail: Mail) -> Letter:
        """The mail as it goes out now."""
        try:
            raw = self._writer.written(mail)
        except CareError as error:
            return Letter(None, Failure(error.message, hint=error.hint))
        except (MessageError, ValueError) as error:
            return Letter(None, Failure(f"the mail cannot be written: {error}"))
        return Letter(Posting(self._sender, mail.to, raw))
