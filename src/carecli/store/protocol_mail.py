"""What the desk asks of a store about mail: what is on its way out, and what came in (MAIL-2..6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from carecli.domain.outbox import Mail, MailKind, MailState
from carecli.store.entries import Thread

if TYPE_CHECKING:
    from carecli.domain.inbox import Outcome, Received


class MailReading(Protocol):
    """Mail in both directions, by what has become of it."""

    def mail_waiting(self, at: datetime, limit: int, after: Mail | None = None) -> list[Mail]:
        """Mail that is due to be tried by now, in the order of the queue; behind one of it if named (TICK-1)."""

    def inactive(self, addresses: Collection[str]) -> set[str]:
        """Of these addresses, folded, those of contacts and staff who act no more."""

    def mail(self, id_: int) -> Mail | None:
        """The mail with this id."""

    def mail_raw(self, id_: int) -> bytes | None:
        """A mail as it went out, None where it has not."""

    def mail_by_message_id(self, message_id: str) -> Mail | None:
        """The mail that carries this Message-ID."""

    def threads(self, numbers: Sequence[int]) -> dict[int, Thread]:
        """The mails of each of these cases so far, by number."""

    def outbox(self, *, number: int | None, states: Sequence[MailState], limit: int | None) -> list[Mail]:
        """Mail of one case or all, in some states or any, the newest first."""

    def answers_since(self, sender: str, since: datetime) -> list[MailKind]:
        """The automatic answers that a sender was given since then (MAIL-5)."""

    def received(self, id_: int) -> Received | None:
        """The message that came in under this id."""

    def all_received(self, ids: Collection[int]) -> dict[int, Received]:
        """The messages with these ids, by id, in that order."""

    def received_raw(self, id_: int) -> bytes | None:
        """A message as it came."""

    def received_as(self, message_id: str, *, but: Collection[str] = (), limit: int) -> list[Received]:
        """The messages with this Message-ID that were looked at, the first first; those with some codes aside."""

    def unseen(self, limit: int) -> list[Received]:
        """Messages that were stored and not looked at yet, oldest first."""

    def in_triage(self, limit: int | None = None) -> list[Received]:
        """Messages that wait for staff, oldest first (MAIL-3)."""

    def triage_count(self) -> int:
        """How many messages wait for staff (MAIL-3)."""

    def inbox(self, *, number: int | None, outcomes: Sequence[Outcome], limit: int | None) -> list[Received]:
        """Messages that concern one case or any, with some outcomes or any, the newest first."""

    def fetched(self, source: str, uids: Sequence[str]) -> set[str]:
        """Which of these messages of a mailbox were taken in before."""

    def reference_key(self) -> bytes | None:
        """The key of this desk's references, known to nobody else; None where it is kept elsewhere (MAIL-1)."""

    def older_reference_keys(self) -> str:
        """The keys of before as `domain.reference_key` writes them, behind the key of today."""

    def unsent_stages(self, numbers: Sequence[int]) -> set[tuple[int, int, int]]:
        """Number, round and stage of the follow-ups of these cases whose mail has not arrived (FU-6)."""

    def mail_of(self, number: int) -> list[Mail]:
        """Every mail of a case, oldest first."""


class MailWriting(MailReading, Protocol):
    """Mail as it is queued, sent, taken in and settled."""

    def put_reference_keys(self, key: bytes | None, text: str) -> None:
        """Keep the key of references and, as a text, those of before; None has the database know none (MAIL-1)."""

    def queue(self, mails: Iterable[Mail]) -> None:
        """Put mails into the outbox; one whose key is there already is left out (FU-5)."""

    def mark_mails(self, mails: Iterable[Mail]) -> None:
        """Keep what became of mails: state, attempts, time, error, and when they are tried next."""

    def keep_raw(self, sent: Iterable[tuple[int, bytes]]) -> None:
        """Keep mails, by id, as they went out; one that leaves again replaces what left before."""

    def store_raw(self, raw: bytes, at: datetime, source: str) -> Received:
        """Keep a message as it came, before anybody looks at it; the very same bytes are kept once."""

    def mark_received(self, messages: Iterable[Received]) -> None:
        """Keep what became of messages."""

    def remember_fetched(self, source: str, uids: Iterable[str]) -> None:
        """Note that these messages of a mailbox were taken in."""
