"""What the desk asks of a mailbox: which messages lie there, their bytes, and what becomes of those it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Final, NamedTuple, Protocol

from carecli.domain.fetching import Left

BATCH: Final = 50
"""How many messages the desk takes in at once."""

BATCH_BYTES: Final = 16 * 1024 * 1024
"""How many bytes a batch may hold, unless its only message is larger."""


class Found(NamedTuple):
    """A message as it lies there; `uid` names it in this mailbox for good."""

    uid: str
    raw: bytes


class Source(Protocol):
    """A mailbox that is open."""

    @property
    def name(self) -> str:
        """Names the mailbox among all: uids are remembered under it."""

    @property
    def place(self) -> str:
        """The mailbox as people know it."""

    def uids(self) -> list[str]:
        """The messages that lie there, oldest first, as far as they are not thrown away; raises Failed."""

    def batches(self, uids: Sequence[str]) -> Iterator[list[Found | Left]]:
        """These messages, some at a time; what cannot be had is told and stays. Raises Failed."""

    def taken(self, uids: Sequence[str]) -> list[Left]:
        """Mark, move or delete messages that the desk has for good; the answer is what could not be, and why."""


Mailbox = AbstractContextManager[Source]
"""A mailbox that is opened for as long as it is read."""


def too_large(uid: str, size: int, most: int) -> Left:
    """What is told of a message that is larger than the desk takes."""
    return Left(uid, f"it has {size:,} bytes, more than the {most:,} that `max_bytes` allows")
