"""The outbox: mail written in the transaction of its event, each key once (MAIL-6, FU-5).

Triggers of the schema keep a timer for each mail that still has to leave: the one queue tells when (TICK-1).
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from carecli.domain.instants import instant, instant_or_none, iso, iso_or_none
from carecli.domain.outbox import ANSWERS, Mail, MailKind, MailState
from carecli.domain.timers import TimerKind
from carecli.store.codec import canonical, folded
from carecli.store.entries import Thread
from carecli.store.session import NO_LIMIT, OF_CASES, Session
from carecli.store.sight import Clause, Condition, not_hidden, of_numbers

_COLUMNS: Final = (
    "key, number, kind, recipient, subject, content, message_id, named, queued_at, not_before, round, stage,"
    " state, next_at, attempts, sent_at, error"
)
_QUALIFIED: Final = ", ".join(f"o.{name.strip()}" for name in _COLUMNS.split(","))
_SELECT: Final = f"SELECT {_QUALIFIED}, o.id FROM outbox AS o"  # noqa: S608 - names from this program
_DUE: Final = (
    f"SELECT {_QUALIFIED}, o.id FROM timers AS t CROSS JOIN outbox AS o ON o.id = t.cycle"  # noqa: S608
    " WHERE t.kind = ? AND t.fires_at <= ?"
)
_INSERT: Final = (
    f"INSERT INTO outbox ({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split(',')))})"  # noqa: S608
    " ON CONFLICT (key) DO NOTHING"
)

# One statement for however many: a server across a network is asked once for all mails of a batch.
_THREADS: Final = f"""SELECT c.number,
    (SELECT count(*) FROM outbox AS o WHERE o.number = c.number),
    (SELECT message_id FROM outbox AS o WHERE o.number = c.number ORDER BY id LIMIT 1),
    (SELECT message_id FROM received AS r WHERE r.number = c.number
        AND (outcome = 'updated' OR settlement = 'linked') ORDER BY id DESC LIMIT 1)
    FROM cases AS c WHERE c.{OF_CASES}"""  # noqa: S608 - no input


_WAITS: Final = "state IN ('queued', 'failed')"
_INDEXED: Final = {
    MailState.QUEUED: f"{_WAITS} AND state = 'queued'",
    MailState.FAILED: f"{_WAITS} AND state = 'failed'",
    MailState.BOUNCED: "state = 'bounced'",
}
"""The states that have an index of their own, as a statement must name them to use it."""


class OutboxReading(Session):
    """Mail by what has become of it."""

    def mail_waiting(self, at: datetime, limit: int, after: Mail | None = None) -> list[Mail]:
        """Mail that is due to be tried by now, in the order of the queue; behind one of it if named."""
        behind, place = "", ()  # type: tuple[str, tuple[object, ...]]
        if after and after.next_at:
            behind = " AND (t.fires_at, t.number, t.kind, t.metric, t.cycle) > (?, ?, ?, '', ?)"
            place = (iso(after.next_at), after.number or 0, TimerKind.MAIL.value, after.id)
        order = " ORDER BY t.fires_at, t.number, t.kind, t.metric, t.cycle LIMIT ?"
        rows = self.db.execute(_DUE + behind + order, (TimerKind.MAIL.value, iso(at), *place, limit))
        return [_mail(row) for row in rows]

    def inactive(self, addresses: Collection[str]) -> set[str]:
        """Of these addresses, folded, those of contacts and staff who act no more."""
        people = " UNION ALL ".join(
            f"SELECT email FROM {table} WHERE email IN (SELECT value FROM json_each(?1))"  # noqa: S608 - no input
            " AND CAST(document -> 'active' AS TEXT) = 'false'"
            for table in ("contacts", "staff")
        )
        return set(self.column(people, (canonical([folded(address) for address in addresses]),)))

    def mail(self, id_: int) -> Mail | None:
        """The mail with this id."""
        seen = self._about_seen()
        return next(iter(self.mails(f"WHERE o.id = ?{seen.sql}", id_, *seen.parameters)), None)

    def _about_seen(self) -> Clause:
        """That a mail is about no case, or about one that is there for whoever looks (DC-3)."""
        return of_numbers(self.sight, "o.number").or_without("o.number").then(self._answering_seen())

    def _answering_seen(self) -> Clause:
        """That a mail is no automatic answer to one about a data-privacy request of somebody else (SR-1)."""
        # An answer names nothing but what it answers.
        answered = "SELECT 1 FROM received AS r WHERE r.message_id = o.named AND r.number IS NOT NULL"
        return Clause(
            tuple(
                Condition(f"(o.number IS NOT NULL OR NOT EXISTS ({answered} AND NOT ({sql})))", parameter)
                for sql, parameter in not_hidden(self.sight, "r.number").conditions
            )
        )

    def mail_raw(self, id_: int) -> bytes | None:
        """A mail as it went out, None where it has not."""
        from carecli.store.packing import unpacked

        kept = self.one("SELECT raw FROM outbox_raw WHERE id = ?", (id_,))
        return None if kept is None else unpacked(kept)

    def mail_by_message_id(self, message_id: str) -> Mail | None:
        """The mail that carries this Message-ID."""
        return next(iter(self.mails("WHERE o.message_id = ? ORDER BY o.id LIMIT 1", message_id)), None)

    def threads(self, numbers: Sequence[int]) -> dict[int, Thread]:
        """The mails of each of these cases so far, by number."""
        rows = self.db.execute(_THREADS, (canonical(numbers),))
        return {number: Thread(*told) for number, *told in rows}

    def unsent_stages(self, numbers: Sequence[int]) -> set[tuple[int, int, int]]:
        """Number, round and stage of the follow-ups of these cases whose mail has not arrived (FU-6)."""
        rows = self.db.execute(
            f"SELECT number, round, stage FROM outbox WHERE {OF_CASES} AND stage > 0"  # noqa: S608 - no input
            f" AND state IN ('queued', 'failed', 'bounced')",
            (canonical(numbers),),
        )
        return set(rows)

    def outbox(self, *, number: int | None, states: Sequence[MailState], limit: int | None) -> list[Mail]:
        """Mail of one case or all, in some states or any, the newest first."""
        conditions, parameters = ["TRUE"], []  # type: tuple[list[str], list[int | str]]
        if number is not None:
            conditions.append("o.number = ?")
            parameters.append(number)
        if states:
            conditions.append(_in_states(states))
        seen = self._about_seen()
        where = f"WHERE {' AND '.join(conditions)}{seen.sql} ORDER BY o.id DESC LIMIT ?"
        return self.mails(where, *parameters, *seen.parameters, NO_LIMIT if limit is None else limit)

    def answers_since(self, sender: str, since: datetime) -> list[MailKind]:
        """The automatic answers that a sender was given since then (MAIL-5)."""
        kinds = self.column(
            "SELECT kind FROM outbox WHERE number IS NULL AND recipient = ? AND queued_at >= ? ORDER BY id",
            (_counted(sender), iso(since)),
        )
        # Of no case are advisories too, and whoever gets these was given no answer (ADV-1).
        return [MailKind(kind) for kind in kinds if kind in ANSWERS]

    def mail_of(self, number: int) -> list[Mail]:
        """Every mail of a case, oldest first."""
        return self.mails("WHERE o.number = ? ORDER BY o.queued_at, o.id", number)

    def mails(self, which: str, *parameters: object) -> list[Mail]:
        """The mails that a condition, and what may follow it, picks of the table `o`."""
        return [_mail(row) for row in self.db.execute(f"{_SELECT} {which}", parameters)]


class OutboxWriting(OutboxReading):
    """Mail as it is written and sent."""

    def queue(self, mails: Iterable[Mail]) -> None:
        """Put mails into the outbox; one whose key is there already is left out (FU-5)."""
        self.db.executemany(_INSERT, map(_row, mails))

    def mark_mails(self, mails: Iterable[Mail]) -> None:
        """Keep what became of mails: state, attempts, time, error, and when they are tried next."""
        self.db.executemany(
            # A bounce may come back before it is noted that the mail has left: it stays a bounce.
            "UPDATE outbox SET state = CASE WHEN state = 'bounced' AND ?1 = 'sent' THEN state ELSE ?1 END,"
            " next_at = ?2, attempts = ?3, sent_at = ?4,"
            " error = CASE WHEN state = 'bounced' AND ?1 = 'sent' THEN error ELSE ?5 END WHERE id = ?6",
            [
                (m.state.value, iso_or_none(m.next_at), m.attempts, iso_or_none(m.sent_at), m.error, m.id)
                for m in mails
            ],
        )

    def keep_raw(self, sent: Iterable[tuple[int, bytes]]) -> None:
        """Keep mails, by id, as they went out; one that leaves again replaces what left before."""
        # Imported here, and above: every command opens this room, and few have a mail to keep.
        from carecli.store.packing import packed

        self.db.executemany(
            "INSERT INTO outbox_raw VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET raw = excluded.raw",
            [(id_, packed(raw)) for id_, raw in sent],
        )


def _counted(address: str) -> str:
    """An address without capitals; beyond ASCII that could make it somebody else's."""
    return address.lower() if address.isascii() else address


def _in_states(states: Sequence[MailState]) -> str:
    """The condition that a mail is in one of these states; the few that did not arrive are found by their indices.

    Written out, as an index over some states is of use only where the statement itself names them.
    """
    named = ", ".join(f"'{state.value}'" for state in states)
    if not set(states) <= _INDEXED.keys():
        return f"o.state IN ({named})"
    found = " UNION ALL ".join(f"SELECT id FROM outbox WHERE {_INDEXED[state]}" for state in dict.fromkeys(states))  # noqa: S608
    return f"o.id IN ({found})"


def _row(mail: Mail) -> tuple[object, ...]:
    return (
        mail.key,
        mail.number,
        mail.kind.value,
        # Automatic answers are counted by whom they go to, however that is spelled.
        mail.to if mail.number is not None else _counted(mail.to),
        mail.subject,
        canonical(mail.content),
        mail.message_id,
        " ".join(mail.named),
        iso(mail.queued_at),
        iso(mail.not_before),
        mail.round,
        mail.stage,
        mail.state.value,
        iso_or_none(mail.next_at),
        mail.attempts,
        iso_or_none(mail.sent_at),
        mail.error,
    )


def _mail(row: tuple[Any, ...]) -> Mail:
    key, number, kind, to, subject, content, message_id, named, queued_at, not_before, *rest = row
    round_, stage, state, next_at, attempts, sent_at, error, id_ = rest
    return Mail(
        key=key,
        number=number,
        kind=MailKind(kind),
        to=to,
        subject=subject,
        content=json.loads(content),
        message_id=message_id,
        queued_at=instant(queued_at),
        not_before=instant(not_before),
        next_at=instant_or_none(next_at),
        named=tuple(named.split()),
        round=round_,
        stage=stage,
        state=MailState(state),
        attempts=attempts,
        sent_at=instant_or_none(sent_at),
        error=error,
        id=id_,
    )
