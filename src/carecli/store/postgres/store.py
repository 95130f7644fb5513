"""The record in a PostgreSQL database: opened, read in snapshots, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn

import psycopg

from carecli.store.entries import MailClaim
from carecli.store.postgres import claims, commits, schema
from carecli.store.postgres.connection import SCHEMA, Connection, connect
from carecli.store.postgres.line import Line
from carecli.store.postgres.locks import ALONE, BESIDE, COPYING, DELIVERY
from carecli.store.postgres.login import is_kept, kept_from, login_of, only_reads
from carecli.store.postgres.notices import CHANNEL, Notices
from carecli.store.postgres.rooms import PostgresReading, PostgresWriting
from carecli.store.postgres.trouble import told
from carecli.store.postgres.turns import Turns
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

ANSWER_S: Final = 3
"""How long whoever only looks whether there is a desk, for a completion, waits for the server to answer."""

# Unless the address, the role or the server says how long. Readers may stand still: nobody waits for them.
_ENDS_IF_STILL: Final = (
    f"set_config('idle_in_transaction_session_timeout', '{STILL_S}s', true)"
    " WHERE current_setting('idle_in_transaction_session_timeout') = '0'"
)


class PostgresStore:
    """A desk's record in a PostgreSQL database."""

    shared = True
    batch = 100

    migrated: Migrated | None = None
    """Nothing is copied before a migration: a server has backups of its own."""

    def __init__(self, db: Connection, place: Place, busy_s: float, login: str | None = None) -> None:
        self.place = place
        self.login = login
        """Whose own credentials these are, by address; None for those of the desk, by which anybody may act."""
        self._busy_s = busy_s
        self._turns = Turns()
        self._line = Line(db, place, self._turns)
        self._notices = Notices(self._line)

    @property
    def db(self) -> Connection:
        """The connection of now."""
        return self._line.db

    @contextmanager
    def read(self) -> Iterator[PostgresReading]:
        """A view in which nothing changes under the reader; raises DatabaseUnusable."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            yield PostgresReading(self.db)
            self.db.run("COMMIT")

    @contextmanager
    def write(
        self, *, patience_s: float | None = None, beside: bool = False, bringing: bool = False
    ) -> Iterator[PostgresWriting]:
        """A transaction, committed on leaving, undone by an exception; raises DatabaseUnusable.

        It waits for another writer, up to 30 seconds unless told otherwise; not so `beside` others who say so.
        Where not all of a record is here, or it works elsewhere, only whoever is `bringing` it writes.
        """
        with self._writing(BESIDE if beside else ALONE, patience_s) as writing:
            writing.alone = not beside
            if not bringing:
                writing.require_working(self.place)
            yield writing

    @contextmanager
    def _writing(self, lock: str, patience_s: float | None) -> Iterator[PostgresWriting]:
        if self.login is not None:
            raise only_reads(self.login)
        # Each statement sees what was committed before it: a snapshot taken with the lock would be older than it.
        wait_ms = round((self._busy_s if patience_s is None else patience_s) * 1000)
        begin = (
            f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {max(1, wait_ms)};"
            f" SELECT {_ENDS_IF_STILL}; {lock}; SAVEPOINT begun"
        )
        with self._transaction(begin):
            writing = PostgresWriting(self.db)
            yield writing
            self._commit(writing.touched)

    def version(self) -> int:
        """A number that changes whenever somebody else has written; raises DatabaseUnusable."""
        return self._notices.changes(0)

    def wait(self, seconds: float) -> bool:
        """Wait so long for somebody else to write, and tell whether somebody did; raises DatabaseUnusable."""
        return self._notices.wait(seconds)

    def signal(self) -> int | None:
        """The descriptor that becomes readable as somebody writes; None where `version` has to be asked."""
        return self._notices.signal()

    @contextmanager
    def delivering(self, *, alone: bool = False) -> Iterator[bool]:
        """The right to deliver the outbox beside others, who then ask for the mail of some cases (MAIL-6).

        `alone` nobody else delivers meanwhile; False where others keep on for long, or somebody has it alone.
        """
        with self._turns.work(self._line, DELIVERY, BUSY_S if alone else 0, beside=not alone) as ours:
            yield ours

    @contextmanager
    def claim_mail(self, at: datetime, limit: int, after: Mail | None = None) -> Iterator[MailClaim]:
        """The first mails that may leave at `at`, behind one of them if it is named, for nobody else (MAIL-6)."""
        with self.read() as reading:
            reading.require_working(self.place)
            found = reading.mail_waiting(at, min(limit, claims.MAILS), after)
        with self._turns.mail(self._line, {claims.turn(mail) for mail in found}) as turns:
            ours = [mail for mail in found if claims.turn(mail) in turns]
            # Read again, now that nobody else has any of it: meanwhile it may have left.
            with self.read() as reading:
                mails = claims.still_waiting(reading, ours, at, found[-1]) if ours else []
            yield MailClaim(mails, found[-1] if found else None)

    @contextmanager
    def copying(self) -> Iterator[bool]:
        """The right to make a backup, which one process has at a time; False where another keeps it (AUD-2)."""
        with self._turns.work(self._line, COPYING, BUSY_S) as ours:
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

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with told(self.place):
            try:
                self._line.begin(begin)
                yield
            except psycopg.Error as error:
                self._line.roll_back()
                if self.login is not None and is_kept(error):
                    raise kept_from(self.login) from error
                raise
            except BaseException:
                self._line.roll_back()
                raise

    def _commit(self, touched: AbstractSet[int]) -> None:
        """Keep what was written, and tell the others; where the connection is lost at it, find out."""
        token = commits.leave_token(self.db)
        if token is None:
            self.db.run("COMMIT")  # nothing was written, and nobody is woken for it
            return
        try:
            self.db.run(f"NOTIFY {CHANNEL}; COMMIT")
        except psycopg.Error as error:
            if not self._line.cut_off(error):
                raise
            self._line.db = commits.settle(token, self.place, touched)


def is_current(place: Place) -> bool:
    """Whether there is a desk that needs no migration; raises DatabaseUnusable for a server out of reach."""
    with told(place):
        db = connect(place, patience_s=0, answer_s=ANSWER_S)
        try:
            return schema.version(db) == schema.VERSION
        finally:
            db.close()


def open_older(place: Place) -> PostgresStore | None:
    """Open the record of an older release as it is, None where there is none; raises DatabaseUnusable."""
    with told(place):
        db = connect(place)
        try:
            if 0 < schema.version(db) < schema.VERSION:
                return PostgresStore(db, place, BUSY_S)
        except BaseException:
            db.close()
            raise
        db.close()
    return None


def open_store(place: Place, *, create: bool = True, busy_s: float | None = None) -> PostgresStore:
    """Open the record in the database at an address, made or migrated where need be.

    Without `create` a missing one is an error. Raises DatabaseUnusable, with a remedy, where the server cannot be
    reached or refuses, and where the database is another program's or a newer one's; Invalid for a wrong address.
    """
    with told(place):
        db = connect(place)
        try:
            login = None if db.schema == SCHEMA else login_of(db)
            schema.bring_up_to_date(db, place, create=create and login is None)
        except BaseException:
            db.close()
            raise
    return PostgresStore(db, place, BUSY_S if busy_s is None else busy_s, login)
