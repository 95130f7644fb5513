"""The line to a server: a connection, and another one where that was lost since it was used last."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

from carecli.store.postgres.connection import Connection, connect
from carecli.store.postgres.trouble import is_lost

if TYPE_CHECKING:
    from carecli.store.postgres.turns import Turns
    from carecli.store.trouble import Place


class Line:
    """How a store speaks with its server."""

    def __init__(self, db: Connection, place: Place, turns: Turns) -> None:
        self.db = db
        """The connection of now; what one that was lost knew, as what it listens to, another does not."""
        self.place = place
        self._turns = turns

    def begin(self, script: str) -> None:
        """Begin a transaction, by a new connection where the old one was lost.

        Raises psycopg.Error, Unfit where a pooler keeps no session.
        """
        try:
            self.db.run(script)
        except psycopg.Error as error:
            if not self.cut_off(error):
                raise
            self.renew()
            self.db.run(script)
        self.db.require_session()

    def roll_back(self) -> None:
        """Undo the transaction, unless it ended with the connection."""
        if not self.db.lost:
            with suppress(psycopg.Error):
                self.db.run("ROLLBACK")

    def cut_off(self, error: psycopg.Error) -> bool:
        """Whether the connection is lost; what ended it may have been told before it ended."""
        if is_lost(error):
            self.db.close()
        return self.db.lost

    def renew(self) -> None:
        """Connect anew, with the rights to pieces of work that we had; raises psycopg.Error."""
        self.db.close()
        db = connect(self.place)
        if not self._turns.had_by(db):
            db.close()
            raise psycopg.OperationalError("connection lost")
        self.db = db
