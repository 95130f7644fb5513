"""Why a server ended a connection: what it said then is told in place of "the server closed the connection"."""

from __future__ import annotations

from typing import Any, Final, Self

import psycopg
from psycopg.abc import Params

_LAST: Final = frozenset({"FATAL", "PANIC"})
"""How severe a notice is with which a server ends the connection, in English whatever it speaks."""


class Session(psycopg.Connection[tuple[Any, ...]]):
    """A connection that remembers its server's last words.

    To one that is idle just then they come as a notice; the next statement hears only that nobody is there.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ended_by: psycopg.Error | None = None
        """Why the server ended it, None where it gave no reason."""
        self.add_notice_handler(self._hear)

    def _hear(self, notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized in _LAST and notice.sqlstate:
            try:
                kind = psycopg.errors.lookup(notice.sqlstate)
            except KeyError:
                return
            # The notice is gone by the time that the reason is asked for: its text is kept.
            self.ended_by = kind(notice.message_primary or "")


class Cursor(psycopg.RawCursor[tuple[Any, ...]]):
    """A cursor of such a connection."""

    def execute(self, query: Any, params: Params | None = None, **options: Any) -> Self:
        """Run a statement; raises psycopg.Error, the server's own where that ended the connection."""
        try:
            return super().execute(query, params, **options)
        except psycopg.OperationalError as error:
            ended_by = self.connection.ended_by if isinstance(self.connection, Session) else None
            if error.sqlstate or ended_by is None:
                raise
            raise ended_by from error
