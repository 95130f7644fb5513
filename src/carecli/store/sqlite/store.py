"""The record in one SQLite file: opened with care, read in snapshots, written whole or not at all."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from carecli.held import Inode, connecting, disconnected
from carecli.store.entries import MailClaim
from carecli.store.sqlite import schema
from carecli.store.sqlite.file import make_ready, version
from carecli.store.sqlite.rooms import SqliteReading, SqliteWriting
from carecli.store.sqlite.trouble import is_busy, told
from carecli.store.trouble import Place

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.domain.backup import Migrated
    from carecli.domain.health import Condition
    from carecli.domain.outbox import Mail

BUSY_S: Final = 30.0
"""How long, in seconds, a command waits for another one that writes."""

DELIVERY_S: Final = 10.0
"""How long a delivery waits for another one; what that one leaves is for the next tick."""

_MEMORY: Final = ":memory:"
_POLL_S: Final = 0.01
_LOOK_S: Final = 0.1
"""How often `wait` looks."""


class SqliteStore:
    """A desk's record in a SQLite file."""

    shared = False
    batch = 2_000
    login: str | None = None

    def __init__(
        self, db: sqlite3.Connection, path: Place, migrated: Migrated | None = None, inode: Inode | None = None
    ) -> None:
        self.db = db
        self.path = path
        self._inode = inode
        self.migrated = migrated
        """What became of an older database as it was opened."""

    @contextmanager
    def read(self) -> Iterator[SqliteReading]:
        """A view in which nothing changes under the reader; raises DatabaseUnusable."""
        with self._transaction("BEGIN"):
            yield SqliteReading(self.db)

    @contextmanager
    def write(
        self,
        *,
        patience_s: float | None = None,
        beside: bool = False,  # noqa: ARG002 - one writes at a time, whatever is asked for
        bringing: bool = False,
    ) -> Iterator[SqliteWriting]:
        """A transaction, committed on leaving, undone by an exception; raises DatabaseUnusable.

        It waits for another writer, up to 30 seconds unless told otherwise: none writes `beside` another.
        Where not all of a record is here, or it works elsewhere, only whoever is `bringing` it writes.
        """
        # A deferred BEGIN that reads first would lose at once to another writer, whatever the timeout.
        with self._waiting(patience_s), self._transaction("BEGIN IMMEDIATE"):
            writing = SqliteWriting(self.db)
            if not bringing:
                writing.require_working(self.path)
            yield writing

    def version(self) -> int:
        """A number that changes whenever another connection has written; raises DatabaseUnusable."""
        with told(self.path):
            return int(self.db.execute("PRAGMA data_version").fetchone()[0])

    def wait(self, seconds: float) -> bool:
        """Wait so long for somebody else to write, and tell whether somebody did; raises DatabaseUnusable."""
        before, until = self.version(), time.monotonic() + seconds
        while self.version() == before:
            left_s = until - time.monotonic()
            if left_s <= 0:
                return False
            time.sleep(min(_LOOK_S, left_s))
        return True

    def signal(self) -> int | None:
        """Nobody is told by SQLite that somebody wrote: `version` is asked."""
        return None

    @contextmanager
    def delivering(self, *, alone: bool = False) -> Iterator[bool]:  # noqa: ARG002 - it always is
        """The right to deliver the outbox, which one process has at a time; False where another keeps it (MAIL-6).

        It waits a while for the other one. Raises DatabaseUnusable where the lock beside the database fails.
        """
        with self._turn("delivery", DELIVERY_S) as ours:
            yield ours

    @contextmanager
    def claim_mail(self, at: datetime, limit: int, after: Mail | None = None) -> Iterator[MailClaim]:
        """The first mails that may leave at `at`, behind one of them if it is named: one delivers at a time."""
        with self.read() as reading:
            reading.require_working(self.path)
            mails = reading.mail_waiting(at, limit, after)
        yield MailClaim(mails, mails[-1] if mails else None)

    @contextmanager
    def copying(self) -> Iterator[bool]:
        """The right to make a backup, which one process has at a time; False where another keeps it (AUD-2).

        It waits a while for the other one. Raises DatabaseUnusable where the lock beside the database fails.
        """
        with self._turn("copying", BUSY_S) as ours:
            yield ours

    def copy(self, target: Place, advance: Callable[[int, int], None]) -> None:
        """Copy the record as of one moment to a new file, while others write (AUD-2).

        `advance` hears how many pages are done, of how many. Raises DatabaseUnusable for the record, OSError for
        the copy.
        """
        # Imported here: few commands copy anything.
        from carecli.store.sqlite import copying

        copying.copy(self.path, target, advance)

    def scrub(self) -> bool:
        """Bring what was overwritten to the file itself; False where a reader keeps what was there before."""
        with told(self.path):
            (busy, *_) = self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def condition(self) -> Condition:
        """How the database lies on its disk (AUD-2)."""
        from carecli.store.sqlite.soundness import condition

        return condition(self.db, str(self.path))

    def close(self) -> None:
        """Let go of the database."""
        self.db.close()
        if self._inode:
            disconnected(self._inode)
            self._inode = None

    @contextmanager
    def _turn(self, work: str, patience_s: float) -> Iterator[bool]:
        """The right to a piece of work, by a lock beside the database."""
        if str(self.path) == _MEMORY:
            yield True
            return
        from os.path import realpath

        from carecli.store.sqlite.turn import turn

        # Whoever comes by a link waits for the same lock.
        database = realpath(self.path)
        with turn(f"{database}.{work}", patience_s, database) as ours:
            yield ours

    @contextmanager
    def _waiting(self, patience_s: float | None) -> Iterator[None]:
        """Have SQLite wait so long for another writer, and afterwards as long as before."""
        if patience_s is None:
            yield
            return
        (before,) = self.db.execute("PRAGMA busy_timeout").fetchone()
        self.db.execute(f"PRAGMA busy_timeout = {round(patience_s * 1000)}")
        try:
            yield
        finally:
            self.db.execute(f"PRAGMA busy_timeout = {before}")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with told(self.path):
            self.db.execute(begin)
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        # A full disk or a failed read may have ended the transaction already.
        if self.db.in_transaction:
            with suppress(sqlite3.Error):
                self.db.execute("ROLLBACK")


def open_store(path: Place, *, create: bool = True, busy_s: float = BUSY_S) -> SqliteStore:
    """Open the record at `path` (`:memory:` for one that is forgotten), made or migrated where need be.

    Without `create` a missing one is an error. Raises DatabaseUnusable, with a remedy, where the file is busy for
    longer than `busy_s` seconds, damaged, another program's, newer than this program, or cannot be reached.
    """
    if str(path) != _MEMORY:
        make_ready(path, create=create)
    with told(path):
        db = sqlite3.connect(path, timeout=busy_s, isolation_level=None)
        store = SqliteStore(db, path, inode=None if str(path) == _MEMORY else connecting(path))
        try:
            store.migrated = _settle(store.db, path, busy_s)
        except BaseException:
            store.close()
            raise
    return store


def open_older(path: Place) -> SqliteStore | None:
    """Open the record of an older release as it is, None for any other file; raises DatabaseUnusable."""
    try:
        found = version(path)
    except OSError:  # `open_store` has the words for that
        return None
    if found is None or found >= schema.VERSION:
        return None
    with told(path):
        db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    return SqliteStore(db, path, inode=connecting(path))


def _settle(db: sqlite3.Connection, path: Place, busy_s: float) -> Migrated | None:
    # EXTRA beats FULL before there is WAL: a journal that came back after a power cut would undo what is done.
    db.execute("PRAGMA synchronous = EXTRA")
    # The schema comes before WAL, so that the marks in the header reach the file itself at once.
    migrated = schema.bring_up_to_date(db, path)
    _write_ahead(db, time.monotonic() + busy_s)
    db.execute("PRAGMA foreign_keys = ON")
    return migrated


def _write_ahead(db: sqlite3.Connection, until: float) -> None:
    """Switch to WAL; SQLite does not wait by itself where two switch at once."""
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() > until:
                raise
            time.sleep(_POLL_S)
        else:
            return
