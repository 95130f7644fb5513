"""The record as it comes from another place, where a server gives rows their numbers (AUD-2)."""

from __future__ import annotations

from typing import Final

from carecli.store import whole
from carecli.store.postgres.connection import Connection

_NUMBERED: Final = """SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'care' AND is_identity = 'YES' ORDER BY table_name"""


class WholeWriting(whole.WholeWriting):
    """All that a record holds, as it comes from another."""

    db: Connection

    def number_on(self) -> None:
        """Have rows that come next be numbered behind those that were written with their numbers."""
        for table, column in self.db.execute(_NUMBERED).fetchall():
            highest = f"coalesce(max({column}), 1), max({column}) IS NOT NULL"
            on = f"SELECT setval(pg_get_serial_sequence(?, ?), {highest}) FROM {table}"  # noqa: S608 - our tables
            self.db.execute(on, (table, column))
