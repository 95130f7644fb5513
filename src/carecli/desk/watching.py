"""What ends the pause of a tick that repeats: somebody wrote, and there is something to do (TICK-2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from carecli.domain.instants import whole_seconds
from carecli.errors import DatabaseUnusable

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.store.protocol import Store

LOOKED_AT: Final = 100
"""So many of the first timers and mails are looked at; what stands behind them waits for the next round."""


class Watch:
    """Hears of what others write between two rounds, where the engine tells; a file is looked at by each round."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._store: Store | None = None
        self._version = -1
        self._stood = frozenset[object]()
        """What was to be done at the last look."""

    @property
    def hears(self) -> bool:
        """Whether the engine tells of what is written."""
        return self._config.is_server

    def called(self) -> bool:
        """Whether somebody wrote since the last look, and a mail may leave or a timer is due that did not then.

        What a round could not do calls for no other at once: each writes as it ends. A database in trouble calls
        nobody: the next round says what it is.
        """
        if not self.hears:
            return False
        try:
            return self._changed() and self._anything_new()
        except DatabaseUnusable:
            self.close()
            return False

    def close(self) -> None:
        """Let go of the database."""
        if self._store:
            self._store.close()
            self._store = None

    def _changed(self) -> bool:
        if self._store is None:
            from carecli.store.opening import open_store

            self._store = open_store(self._config.db, create=False)
            self._version = self._store.version()
            return True  # whatever was written since the round that is over
        before, self._version = self._version, self._store.version()
        return self._version != before

    def _anything_new(self) -> bool:
        assert self._store is not None, "it has just told of a change"
        now = whole_seconds(datetime.now(UTC))
        with self._store.read() as reading:
            due = [*reading.due(now, LOOKED_AT), *reading.digests_due(now, LOOKED_AT)]
            mails = reading.mail_waiting(now, LOOKED_AT)
        before, self._stood = self._stood, frozenset({*due, *((mail.id, mail.next_at) for mail in mails)})
        return not self._stood <= before
