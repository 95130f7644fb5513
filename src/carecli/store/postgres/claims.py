"""What workers claim, so that many fire timers and deliver mail beside each other (TICK-1, MAIL-6).

A timer is claimed by its case's row, locked until the transaction ends: a case's timers fire in their order, and
what one worker has another skips. Mail is claimed by its case's number, an advisory lock of the session: no
transaction stays open while a mail server is talked to. Both are let go of as the process ends, however that ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Final

from carecli.domain.instants import iso, iso_or_none
from carecli.domain.outbox import Mail
from carecli.domain.timers import Timer
from carecli.store.entries import Claim
from carecli.store.timers import BEFORE_ALL, OF_CASES_ALONE, TimerWriting, timer_row

if TYPE_CHECKING:
    from carecli.store.outbox import OutboxReading
    from carecli.store.postgres.connection import Connection

_QUEUED: Final = "t.fires_at, t.number, t.kind, t.metric, t.cycle"
_FREE: Final = (
    f"SELECT {_QUEUED} FROM timers AS t JOIN cases AS c ON c.number = t.number"  # noqa: S608 - no input
    f" WHERE t.fires_at <= ? AND t.{OF_CASES_ALONE} AND ({_QUEUED}) > (?, ?, ?, ?, ?)"
    f" ORDER BY {_QUEUED} LIMIT ? FOR NO KEY UPDATE OF c SKIP LOCKED"
)
_OF_CLAIMED: Final = (
    f"SELECT {_QUEUED} FROM timers AS t WHERE t.number = ANY(?::bigint[]) AND t.fires_at <= ?"  # noqa: S608
    f" AND t.{OF_CASES_ALONE} AND ({_QUEUED}) <= (?, ?, ?, ?, ?) ORDER BY {_QUEUED}"
)
# In one order, so that of two that wait for each other's cases none waits for ever.
_HOLD: Final = "SELECT number FROM cases WHERE number = ANY(?::bigint[]) ORDER BY number FOR NO KEY UPDATE"
_TAKE: Final = "SELECT turn FROM unnest(?::bigint[]) AS asked (turn) WHERE pg_try_advisory_lock(turn)"
_LET_GO: Final = "SELECT pg_advisory_unlock(turn) FROM unnest(?::bigint[]) AS had (turn)"

_GATHER: Final = """WITH apart AS (DELETE FROM tally_changes RETURNING status, cases)
    INSERT INTO tally_changes SELECT status, sum(cases) FROM apart GROUP BY status HAVING sum(cases) <> 0"""

MAILS: Final = 100
"""So many mails are claimed at once at most: a server has room for some thousands of locks."""

MANY: Final = 100
"""So many counts apart are put together; of fewer the sum is soon told."""


_STILL: Final = (
    "WHERE (o.number = ANY(?::bigint[]) OR o.id = ANY(?::bigint[])) AND o.next_at <= ?"
    " AND (o.next_at, coalesce(o.number, 0), o.id) <= (?, ?, ?) ORDER BY o.next_at, coalesce(o.number, 0), o.id"
)


class Claiming(TimerWriting):
    """The timers of cases that nobody else fires."""

    def claim(self, at: datetime, limit: int, after: Timer | None = None) -> Claim:
        """The first timers due at `at`, behind one of them if it is named, whose cases nobody else is firing.

        What their cases wait for is read once they are ours: another may have fired some of it since we looked,
        and one that was killed may have left some of it behind our back.
        """
        behind = timer_row(after) if after else BEFORE_ALL
        free = list(self._timers(_FREE, iso(at), *behind, limit))
        if not free:
            return Claim([], None)
        numbers = sorted({timer.number for timer in free})
        due = list(self._timers(_OF_CLAIMED, numbers, iso(at), *timer_row(free[-1])))
        return Claim(due, free[-1] if len(free) == limit else None)

    def hold(self, numbers: Sequence[int]) -> None:
        """Have nobody else change these cases while this transaction lasts."""
        if numbers and not self.alone:
            self.db.execute(_HOLD, (list(numbers),)).fetchall()

    def gather(self) -> None:
        """Put together what was counted apart, where it has become much; nobody else counts meanwhile."""
        if int(self.one("SELECT count(*) FROM tally_changes")) > MANY:
            self.db.execute(_GATHER)


def turn(mail: Mail) -> int:
    """The lock of whoever delivers a mail: one for all mails of a case, else one for each."""
    from hashlib import sha256

    # Those of one number are a space apart from our others, but not from those of other programs.
    named = f"care/case/{mail.number}" if mail.number is not None else f"care/mail/{mail.id}"
    return int.from_bytes(sha256(named.encode()).digest()[:8], "big", signed=True)


def taken(db: Connection, turns: AbstractSet[int]) -> AbstractSet[int]:
    """Take those of these locks for the session that no other has; raises psycopg.Error."""
    if not turns:
        return frozenset()
    return {turn for (turn,) in db.execute(_TAKE, (sorted(turns),)).fetchall()}


def let_go(db: Connection, turns: Iterable[int]) -> None:
    """Let go of locks that the session has; raises psycopg.Error."""
    db.execute(_LET_GO, (sorted(turns),)).fetchall()


def still_waiting(reading: OutboxReading, mails: Sequence[Mail], at: datetime, last: Mail) -> list[Mail]:
    """What of the cases of these mails waits now, up to the last one, in the order of the queue."""
    numbers = sorted({mail.number for mail in mails if mail.number is not None})
    ids = [mail.id for mail in mails if mail.number is None]
    place = iso_or_none(last.next_at), last.number or 0, last.id
    return reading.mails(_STILL, numbers, ids, iso(at), *place)
