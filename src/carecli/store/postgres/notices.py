"""What a server tells of others' writing, as they write it; a standby, which tells nothing, is asked."""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

import psycopg

from carecli.store.postgres.trouble import told

if TYPE_CHECKING:
    from carecli.store.postgres.connection import Connection
    from carecli.store.postgres.line import Line

CHANNEL: Final = "care"
"""Where every transaction that wrote something tells so, as it is kept."""

_REPLAYED: Final = "SELECT pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')"
_LOOK_S: Final = 0.1
"""How often a standby is asked whether something came, which tells nobody of it."""


class Notices:
    """What others wrote since we listen."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._heard = 0
        self._asked: Connection | None = None
        """By which connection the server was asked whether it tells of others."""
        self._tells = False

    def changes(self, seconds: float) -> int:
        """Count what others wrote, having waited so long for a first one; raises DatabaseUnusable."""
        with told(self._line.place):
            try:
                self._hear(seconds)
            except psycopg.Error as error:
                if not self._line.cut_off(error):
                    raise
                self._line.renew()
                # Whatever happened meanwhile, nobody has told of.
                self._heard += 1
                self._hear(0)
        return self._heard

    def wait(self, seconds: float) -> bool:
        """Wait so long for somebody else to write, and tell whether somebody did; raises DatabaseUnusable."""
        before = self._heard
        if self.changes(0) == before and self._listens():
            return self.changes(seconds) != before
        until = monotonic() + seconds
        while self.changes(0) == before and monotonic() < until:
            sleep(_LOOK_S)
        return self._heard != before

    def signal(self) -> int | None:
        """The descriptor that becomes readable as somebody writes; None where `changes` has to be asked."""
        return self._line.db.raw.fileno() if self._listens() and not self._line.db.lost else None

    def _listens(self) -> bool:
        return self._tells and self._asked is self._line.db

    def _hear(self, seconds: float) -> None:
        db = self._line.db
        if self._asked is not db:
            self._tells = db.execute("SELECT NOT pg_is_in_recovery()").fetchone() == (True,)
            if self._tells:
                db.run(f"LISTEN {CHANNEL}")
            if self._asked is not None:
                self._heard += 1  # what was told between two connections nobody heard
            self._asked = db
        if self._tells:
            self._heard += db.heard(seconds)
        else:
            [(standby, heard)] = db.execute(_REPLAYED).fetchall()
            if not standby:
                # It has become the primary since, and tells from the next time on.
                self._asked, heard = None, self._heard + 1
            self._heard = heard
