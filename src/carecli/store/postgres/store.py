"""The record in a PostgreSQL database: opened, read in snapshots, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final, NoReturn

import psycopg

from carecli.errors import NotPermitted
from carecli.store.entries import MailClaim
from carecli.store.postgres import claims, commits, schema
from carecli.store.postgres.connection import SCHEMA, Connection, connect
from carecli.store.postgres.locks import COPYING, RECORD, alone, beside_others, let_go, tried
from carecli.store.postgres.rooms import PostgresReading, PostgresWriting
from carecli.store.postgres.trouble import is_lost, told
from carecli.store.trouble import Place

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from carecli.domain.backup import Migrated
    from carecli.domain.health import Condition
    from carecli.domain.outbox import Mail

BUSY_S: Final = 30.0
"""How long, in seconds, a command waits for another one that writes."""

STILL_S: Final = 600
"""How long, in seconds, a command that writes may stand still, stopped by Ctrl-Z say, before it is undone."""

CHANNEL: Final = "care"
"""Where every transaction that wrote something tells so, as it is kept."""

ANSWER_S: Final = 3
"""How long whoever only looks whether there is a desk, for a completion, waits for the server to answer."""

_REPLAYED: Final = "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')"
_POLL_S: Final = 0.05

# Unless the address, the role or the server says how long. Readers may stand still: nobody waits for them.
_ENDS_IF_STILL: Final = (
    f"set_config('idle_in_transaction_session_timeout', '{STILL_S}s', true)"
    " WHERE current_setting('idle_in_transaction_session_timeout') = '0'"
)

_KEPT: Final = frozenset({"42501", "42P01", "42883"})
"""By which codes a server tells somebody with credentials of the own of a table that is not for him."""
_LOOK_S: Final = 0.1
"""How often a standby is asked whether something came, which tells nobody of it."""


class PostgresStore:
    """A desk's record in a PostgreSQL database."""

    shared = True
    batch = 100

    migrated: Migrated | None = None
    """Nothing is copied before a migration: a server has backups of its own."""

    def __init__(self, db: Connection, place: Place, busy_s: float, login: str | None = None) -> None:
        self.db = db
        self.place = place
        self.login = login
        """Whose own credentials these are, by address; None for those of the desk, by which anybody may act."""
        self._busy_s = busy_s
        self._turns = set[int]()
        self._mail_turns: AbstractSet[int] = frozenset()
        self._heard = 0
        self._listens: bool | None = None
        """Whether others' notices come in: None where nobody has asked yet, False at a standby, which has none."""

    @contextmanager
    def read(self) -> Iterator[PostgresReading]:
        """A view in which nothing changes under the reader; raises DatabaseUnusable."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            yield PostgresReading(self.db)
            self.db.run("COMMIT")

    @contextmanager
    def write(self, *, patience_s: float | None = None, beside: bool = False) -> Iterator[PostgresWriting]:
        """A transaction, committed on leaving, undone by an exception; raises DatabaseUnusable.

        It waits for another writer, up to 30 seconds unless told otherwise; not so `beside` others who say so.
        """
        with self._writing(beside_others(RECORD) if beside else alone(RECORD), patience_s) as writing:
            writing.alone = not beside
            yield writing

    @contextmanager
    def _writing(self, lock: str, patience_s: float | None) -> Iterator[PostgresWriting]:
        if self.login is not None:
            raise NotPermitted(
                f"{self.login} only reads with credentials of the own: nothing was changed",
                hint="write over SSH at the desk's gate, or by the desk's own login",
                rule="DC-3",
            )
        # Each statement sees what was committed before it: a snapshot taken with the lock would be older than it.
        wait_ms = round((self._busy_s if patience_s is None else patience_s) * 1000)
        begin = (
            f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {max(1, wait_ms)};"
            f" SELECT {_ENDS_IF_STILL}; SELECT {lock}; SAVEPOINT begun"
        )
        with self._transaction(begin):
            writing = PostgresWriting(self.db)
            yield writing
            self._commit(writing.touched)

    def version(self) -> int:
        """A number that changes whenever somebody else has written; raises DatabaseUnusable."""
        return self._changes(0)

    def wait(self, seconds: float) -> bool:
        """Wait so long for somebody else to write, and tell whether somebody did; raises DatabaseUnusable."""
        before = self._heard
        if self._changes(0) == before and self._listens:
            return self._changes(seconds) != before
        until = monotonic() + seconds
        while self._changes(0) == before and monotonic() < until:
            sleep(_LOOK_S)
        return self._heard != before

    def signal(self) -> int | None:
        """The descriptor that becomes readable as somebody writes; None where `version` has to be asked."""
        return self.db.raw.fileno() if self._listens and not self.db.lost else None

    @contextmanager
    def delivering(self) -> Iterator[bool]:
        """The right to deliver the outbox: everybody's, who then asks for the mail of some cases (MAIL-6)."""
        yield True

    @contextmanager
    def claim_mail(self, at: datetime, limit: int, after: Mail | None = None) -> Iterator[MailClaim]:
        """The first mails that may leave at `at`, behind one of them if it is named, for nobody else (MAIL-6)."""
        with self.read() as reading:
            found = reading.mail_waiting(at, min(limit, claims.MAILS), after)
        with self._ours({claims.turn(mail) for mail in found}) as turns:
            ours = [mail for mail in found if claims.turn(mail) in turns]
            # Read again, now that nobody else has any of it: meanwhile it may have left.
            with self.read() as reading:
                mails = claims.still_waiting(reading, ours, at, found[-1]) if ours else []
            yield MailClaim(mails, found[-1] if found else None)

    @contextmanager
    def copying(self) -> Iterator[bool]:
        """The right to make a backup, which one process has at a time; False where another keeps it (AUD-2)."""
        with self._turn(COPYING, BUSY_S) as ours:
            yield ours

    def copy(self, target: Place, advance: Callable[[int, int], None]) -> NoReturn:
        """Copy the record to a file."""
        raise NotImplementedError

    def scrub(self) -> bool:
        """Nothing to be done: what was overwritten a server keeps until it is vacuumed."""
        return False

    def condition(self) -> Condition:
        """How large the database is, and which schema it has (AUD-2)."""
        from carecli.store.postgres.soundness import condition

        with told(self.place):
            return condition(self.db, self.place)

    def close(self) -> None:
        """Let go of the database."""
        self.db.close()

    def _changes(self, seconds: float) -> int:
        """Count what others wrote, having waited so long for a first one."""
        with told(self.place):
            try:
                self._hear(seconds)
            except psycopg.Error as error:
                if not self._cut_off(error):
                    raise
                self._reconnect()
                # Whatever happened meanwhile, nobody has told of.
                self._heard += 1
                self._hear(0)
        return self._heard

    def _hear(self, seconds: float) -> None:
        if self._listens is None:
            self._listens = self.db.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)
            if self._listens:
                self.db.run(f"LISTEN {CHANNEL}")
        if self._listens:
            self._heard += self.db.heard(seconds)
        else:
            [(standby, heard)] = self.db.execute(_REPLAYED).fetchall()
            if not standby:
                # It has become the primary since, and tells from the next time on.
                self._listens, heard = None, self._heard + 1
            self._heard = heard

    @contextmanager
    def _turn(self, lock: int, patience_s: float) -> Iterator[bool]:
        """The right to a piece of work, which ends with the session, however that ends."""
        with told(self.place):
            ours = self._tried(lock, monotonic() + patience_s)
        if ours:
            self._turns.add(lock)
        try:
            yield ours
        finally:
            self._turns.discard(lock)
            if ours and not self.db.lost:
                with suppress(psycopg.Error):
                    self.db.run(f"SELECT {let_go(lock)}")

    @contextmanager
    def _ours(self, turns: AbstractSet[int]) -> Iterator[AbstractSet[int]]:
        """Those of these turns that nobody else has, until the block or the session ends."""
        with told(self.place):
            ours = claims.taken(self.db, turns)
        self._mail_turns = ours
        try:
            yield ours
        finally:
            self._mail_turns = frozenset()
            if ours and not self.db.lost:
                with suppress(psycopg.Error):
                    claims.let_go(self.db, ours)

    def _tried(self, lock: int, until: float) -> bool:
        while True:
            if self._has_got(self.db, lock):
                return True
            if monotonic() > until:
                return False
            sleep(_POLL_S)

    @staticmethod
    def _has_got(db: Connection, lock: int) -> bool:
        row = db.execute(f"SELECT {tried(lock)}").fetchone()
        return bool(row and row[0])

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with told(self.place):
            try:
                self._begin(begin)
                yield
            except psycopg.Error as error:
                self._roll_back()
                if self.login is not None and error.sqlstate in _KEPT:
                    raise self._kept() from error
                raise
            except BaseException:
                self._roll_back()
                raise

    def _kept(self) -> NotPermitted:
        return NotPermitted(
            f"what this asks for is kept from {self.login}'s own login",
            hint="ask over SSH at the desk's gate, or by the desk's own login",
            rule="DC-3",
        )

    def _begin(self, begin: str) -> None:
        """Begin, by a new connection where the old one was lost since it was used last."""
        try:
            self.db.run(begin)
        except psycopg.Error as error:
            if not self._cut_off(error):
                raise
            self._reconnect()
            self.db.run(begin)

    def _commit(self, touched: AbstractSet[int]) -> None:
        """Keep what was written, and tell the others; where the connection is lost at it, find out."""
        token = commits.leave_token(self.db)
        if token is None:
            self.db.run("COMMIT")  # nothing was written, and nobody is woken for it
            return
        try:
            self.db.run(f"NOTIFY {CHANNEL}; COMMIT")
        except psycopg.Error as error:
            if not self._cut_off(error):
                raise
            self._settled(commits.settle(token, self.place, touched))

    def _settled(self, db: Connection) -> None:
        """Go on with the connection by which it was found out that all was kept."""
        self.db = db
        self._listens = None

    def _cut_off(self, error: psycopg.Error) -> bool:
        """Whether the connection is lost; what ended it may have been told before it ended."""
        if is_lost(error):
            self.db.close()
        return self.db.lost

    def _reconnect(self) -> None:
        """Connect anew, with the rights to pieces of work that we had; raises psycopg.Error."""
        self.db.close()
        db = connect(self.place)
        had = all(self._has_got(db, lock) for lock in self._turns)
        if not had or claims.taken(db, self._mail_turns) != self._mail_turns:
            db.close()
            raise psycopg.OperationalError("connection lost")
        self.db = db
        self._listens = None

    def _roll_back(self) -> None:
        # A lost connection has ended the transaction already.
        if not self.db.lost:
            with suppress(psycopg.Error):
                self.db.run("ROLLBACK")


def is_current(place: Place) -> bool:
    """Whether there is a desk that needs no migration; raises DatabaseUnusable for a server out of reach."""
    with told(place):
        db = connect(place, patience_s=0, answer_s=ANSWER_S)
        try:
            return schema.version(db) == schema.VERSION
        finally:
            db.close()


def open_store(place: Place, *, create: bool = True, busy_s: float | None = None) -> PostgresStore:
    """Open the record in the database at an address, made or migrated where need be.

    Without `create` a missing one is an error. Raises DatabaseUnusable, with a remedy, where the server cannot be
    reached or refuses, and where the database is another program's or a newer one's; Invalid for a wrong address.
    """
    with told(place):
        db = connect(place)
        try:
            login = None if db.schema == SCHEMA else _login(db)
            schema.bring_up_to_date(db, place, create=create and login is None)
        except BaseException:
            db.close()
            raise
    return PostgresStore(db, place, BUSY_S if busy_s is None else busy_s, login)


def _login(db: Connection) -> str:
    """Whose credentials those of a connection are, folded; raises NotPermitted for who acts no more (DC-3)."""
    row = db.execute(f"SELECT email FROM {db.schema}.me").fetchone()  # noqa: S608 - a name from this program
    if row is None or row[0] is None:
        raise NotPermitted(
            "nobody acts here with these credentials any more", hint="ask an admin of this desk", rule="ACC-4"
        )
    return str(row[0])
