"""Mail that came in: the message as it came, and what became of it (MAIL-2, MAIL-3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.store.codec import canonical
from carecli.store.session import NO_LIMIT, Session
from carecli.store.sight import Clause, of_numbers

if TYPE_CHECKING:
    # Imported below where a message is read: every command opens this room, and it would start 3 % slower.
    from carecli.domain.inbox import Outcome, Received

_STORED: Final = ("id", "digest", "received_at", "source", "size")
_FOUND: Final = ("message_id", "sender", "subject", "outcome", "number", "code", "reason")
_SETTLED: Final = ("settlement", "settled_at", "settled_by", "settled_why")
_SELECT: Final = f"SELECT {', '.join(_STORED + _FOUND + _SETTLED)} FROM received"  # noqa: S608 - names from here
_MARK: Final = ", ".join(f"{name} = ?" for name in _FOUND + _SETTLED)


class InboxReading(Session):
    """Messages by what has become of them."""

    def received(self, id_: int) -> Received | None:
        """The message with this id."""
        seen = self._told_seen()
        return next(iter(self._received(f"WHERE id = ?{seen.sql}", id_, *seen.parameters)), None)

    def _told_seen(self) -> Clause:
        """That a message is about no case, or about one that is there for whoever looks (DC-3)."""
        return of_numbers(self.sight, "received.number").or_without("received.number")

    def all_received(self, ids: Collection[int]) -> dict[int, Received]:
        """The messages with these ids, by id, in that order."""
        which = "WHERE id IN (SELECT value FROM json_each(?))"
        found = {each.id: each for each in self._received(which, canonical([*ids]))}
        return {id_: found[id_] for id_ in ids if id_ in found}

    def received_raw(self, id_: int) -> bytes | None:
        """A message as it came."""
        raw: bytes | None = self.one("SELECT raw FROM received_raw WHERE id = ?", (id_,))
        return raw

    def received_as(self, message_id: str, *, but: Collection[str] = (), limit: int) -> list[Received]:
        """The messages with this Message-ID that were looked at, the first first; those with some codes aside."""
        which = (
            "WHERE message_id = ? AND outcome IS NOT NULL AND code NOT IN (SELECT value FROM json_each(?))"
            " ORDER BY id LIMIT ?"
        )
        return self._received(which, message_id, canonical(sorted(but)), limit)

    def unseen(self, limit: int) -> list[Received]:
        """Messages that were stored and not looked at yet, oldest first."""
        return self._received("WHERE outcome IS NULL ORDER BY id LIMIT ?", limit)

    def in_triage(self, limit: int | None = None) -> list[Received]:
        """Messages that wait for staff, oldest first (MAIL-3)."""
        seen = self._told_seen()
        which = f"WHERE outcome = 'triaged' AND settlement IS NULL{seen.sql} ORDER BY id LIMIT ?"
        return self._received(which, *seen.parameters, NO_LIMIT if limit is None else limit)

    def triage_count(self) -> int:
        """How many messages wait for staff (MAIL-3)."""
        seen = self._told_seen()
        which = f"outcome = 'triaged' AND settlement IS NULL{seen.sql}"
        return int(self.one(f"SELECT count(*) FROM received WHERE {which}", seen.parameters))  # noqa: S608

    def inbox(self, *, number: int | None, outcomes: Sequence[Outcome], limit: int | None) -> list[Received]:
        """Messages that concern one case or any, with some outcomes or any, the newest first."""
        conditions, parameters = ["TRUE"], []  # type: tuple[list[str], list[str | int]]
        if number is not None:
            conditions.append("number = ?")
            parameters.append(number)
        if outcomes:
            conditions.append(f"outcome IN ({', '.join('?' * len(outcomes))})")
            parameters += [outcome.value for outcome in outcomes]
        seen = self._told_seen()
        where = f"WHERE {' AND '.join(conditions)}{seen.sql} ORDER BY id DESC LIMIT ?"
        return self._received(where, *parameters, *seen.parameters, NO_LIMIT if limit is None else limit)

    def fetched(self, source: str, uids: Sequence[str]) -> set[str]:
        """Which of these messages of a mailbox were taken in before."""
        known = "SELECT uid FROM fetched WHERE source = ? AND uid IN (SELECT value FROM json_each(?))"
        return set(self.column(known, (source, canonical(list(uids)))))

    def _received(self, which: str, *parameters: str | int) -> list[Received]:
        return [_received(row) for row in self.db.execute(f"{_SELECT} {which}", parameters)]


class InboxWriting(InboxReading):
    """Messages as they come in and are looked at."""

    def store_raw(self, raw: bytes, at: datetime, source: str) -> Received:
        """Keep a message as it came, before anybody looks at it; the very same bytes are kept once."""
        # Imported here, as every command opens this room: most of them would take a tenth longer.
        from hashlib import sha256

        from carecli.domain.inbox import Received

        digest = sha256(raw).hexdigest()
        known = self._received("WHERE digest = ?", digest)
        if known:
            return known[0]
        columns = "digest, received_at, source, size, subject"
        put = f"INSERT INTO received ({columns}) VALUES (?, ?, ?, ?, '') RETURNING id"  # noqa: S608 - as above
        id_ = int(self.one(put, (digest, iso(at), source, len(raw))))
        self.db.execute("INSERT INTO received_raw VALUES (?, ?)", (id_, raw))
        return Received(id_, digest, at, source, len(raw))

    def mark_received(self, messages: Iterable[Received]) -> None:
        """Keep what became of messages."""
        self.db.executemany(f"UPDATE received SET {_MARK} WHERE id = ?", map(_marks, messages))  # noqa: S608

    def remember_fetched(self, source: str, uids: Iterable[str]) -> None:
        """Note that these messages of a mailbox were taken in."""
        self.db.executemany(
            "INSERT INTO fetched VALUES (?, ?) ON CONFLICT DO NOTHING", [(source, u) for u in uids]
        )


def _marks(message: Received) -> tuple[object, ...]:
    return (
        message.message_id,
        message.sender,
        message.subject,
        message.outcome.value if message.outcome else None,
        message.number,
        message.code,
        message.reason,
        message.settlement.value if message.settlement else None,
        iso_or_none(message.settled_at),
        message.settled_by,
        message.settled_why,
        message.id,
    )


def _received(row: tuple[Any, ...]) -> Received:
    from carecli.domain.inbox import Outcome, Received, Settlement

    values = dict(zip(_STORED + _FOUND + _SETTLED, row, strict=True))
    outcome, settlement = values["outcome"], values["settlement"]
    values["received_at"] = instant(values["received_at"])
    values["outcome"] = Outcome(outcome) if outcome else None
    values["settlement"] = Settlement(settlement) if settlement else None
    values["settled_at"] = instant_or_none(values["settled_at"])
    return Received(**values)
