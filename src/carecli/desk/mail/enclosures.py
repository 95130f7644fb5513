"""The files that came with mail: one way to their bytes, whoever keeps them (ATT-1, MAIL-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from carecli.domain.inbox import label
from carecli.errors import NotFound

if TYPE_CHECKING:
    from carecli.domain.inbox import Received
    from carecli.store.protocol import Reading


class Enclosures(Protocol):
    """Where the bytes of files are that came with mail."""

    def content(self, message: Received, place: int) -> bytes:
        """The bytes of the file in that place of a message, from 1; raises NotFound where there is none."""


def enclosures(reading: Reading) -> Enclosures:
    """Where this desk keeps the files of its mail."""
    return WithinMessages(reading)


class WithinMessages:
    """Files that stay where they came: within the message as it was stored."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def content(self, message: Received, place: int) -> bytes:
        """The bytes of the file in that place of a message, from 1; raises NotFound where there is none."""
        from carecli.mail.incoming.enclosures import content

        raw = self.reading.received_raw(message.id)
        if raw is None:
            raise NotFound(
                f"the original of {label(message.id)} is gone", hint="`care verify` tells what is missing"
            )
        return content(raw, place)


def of_case(reading: Reading, mail: str, place: int) -> bytes:
    """The bytes of a file that came to a case by mail, by the message's id `in-7`; raises NotFound."""
    from carecli.domain.inbox import LABEL

    received = reading.received(int(mail.removeprefix(LABEL)))
    if received is None:
        raise NotFound(f"the message {mail} is gone", hint="`care verify` tells what is missing", rule="ATT-1")
    return enclosures(reading).content(received, place)
