"""The rights to pieces of work that a session has for itself, which end with it (AUD-2, MAIL-6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

import psycopg

from carecli.store.postgres import claims
from carecli.store.postgres.locks import let_go, tried
from carecli.store.postgres.trouble import told

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from carecli.store.postgres.connection import Connection
    from carecli.store.postgres.line import Line

_POLL_S: Final = 0.05


class Turns:
    """What this session has for itself just now."""

    def __init__(self) -> None:
        self._work = set[tuple[int, bool]]()
        """Locks, each with whether others may have it too."""
        self._mail: AbstractSet[int] = frozenset()

    @contextmanager
    def work(self, line: Line, lock: int, patience_s: float, *, beside: bool = False) -> Iterator[bool]:
        """The right to a piece of work, alone or `beside` others; False where another keeps it so long.

        Raises DatabaseUnusable.
        """
        with told(line.place):
            ours = _tried(line.db, lock, monotonic() + patience_s, beside=beside)
        if ours:
            self._work.add((lock, beside))
        try:
            yield ours
        finally:
            self._work.discard((lock, beside))
            if ours and not line.db.lost:
                with suppress(psycopg.Error):
                    line.db.run(f"SELECT {let_go(lock, beside=beside)}")

    @contextmanager
    def mail(self, line: Line, turns: AbstractSet[int]) -> Iterator[AbstractSet[int]]:
        """Those of these turns to deliver that nobody else has, until the block ends; raises DatabaseUnusable."""
        with told(line.place):
            ours = claims.taken(line.db, turns)
        self._mail = ours
        try:
            yield ours
        finally:
            self._mail = frozenset()
            if ours and not line.db.lost:
                with suppress(psycopg.Error):
                    claims.let_go(line.db, ours)

    def had_by(self, db: Connection) -> bool:
        """Take all that we had by another connection; False where somebody was faster. Raises psycopg.Error."""
        return (
            all(_has_got(db, lock, beside=beside) for lock, beside in self._work)
            and claims.taken(db, self._mail) == self._mail
        )


def _tried(db: Connection, lock: int, until: float, *, beside: bool) -> bool:
    while not _has_got(db, lock, beside=beside):
        if monotonic() > until:
            return False
        sleep(_POLL_S)
    return True


def _has_got(db: Connection, lock: int, *, beside: bool) -> bool:
    row = db.execute(f"SELECT {tried(lock, beside=beside)}").fetchone()
    return bool(row and row[0])
