"""What a server tells of others' writing, to whoever waits for it (CHAT-1, TICK-2)."""

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from typing import Final

import psycopg

from carecli.store.entries import LastTick
from carecli.store.opening import open_store
from carecli.store.protocol import Store

AT: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CUT_OFF: Final = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_nothing_is_missed_between_two_connections(
    new_postgres: Callable[[], AbstractContextManager[str]],
) -> None:
    """CHAT-1: what others wrote after a look that found the connection lost, and made another, is heard of."""
    with new_postgres() as url, closing(open_store(url)) as waiting:
        before = waiting.version()
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(CUT_OFF)
        with waiting.read() as reading:
            assert reading.last_tick() is None
        with closing(open_store(url)) as other:
            ticks(other)
        assert waiting.version() != before
        with waiting.read() as reading:
            assert reading.last_tick() == LastTick(AT, 1)
        settled = waiting.version()
        assert not waiting.wait(0)
        assert waiting.version() == settled


def ticks(store: Store) -> None:
    """Somebody writes."""
    with store.write() as writing:
        writing.put_last_tick(LastTick(AT, 1))
