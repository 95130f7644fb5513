"""Where the desks of tests lie: each in a file, or with `CARE_TEST_ENGINE=postgresql` in a server's database."""

import atexit
import os
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

import pytest

from carecli.store import opening

if TYPE_CHECKING:
    from postgres_server import PostgresServer

    from carecli.store.sqlite.store import SqliteStore

# Read once: no test sees a `CARE_*` of the person who tests.
ON_SERVER: Final = os.environ.get("CARE_TEST_ENGINE") == "postgresql"


@cache
def server() -> "PostgresServer":
    """The server of this process, which it ends with."""
    # Imported here, as it needs the driver.
    from postgres_server import PostgresServer

    started = PostgresServer()
    atexit.register(started.close)
    return started


def new(folder: Path, name: str = "desk.db") -> str:
    """A place where a desk may be set up."""
    return server().url(server().create()) if ON_SERVER else str(folder / name)


def copied(template: str, folder: Path) -> str:
    """A place with a copy of a desk that nobody has open."""
    if ON_SERVER:
        return server().url(server().create(template=_database(template)))
    return shutil.copy(template, str(folder / "desk.db"))


def open_store(place: str | Path, *, busy_s: float | None = None) -> "SqliteStore":
    """The record at a place, of whichever engine, as tests see it."""
    store: Any = opening.open_store(place, busy_s=busy_s)
    return store  # type: ignore[no-any-return]


def forget(place: str) -> None:
    """Take away a database that nobody needs any more; files go with their folder."""
    if ON_SERVER:
        server().drop(_database(place))


def dump(place: str) -> list[str]:
    """The whole content of a database, row by row."""
    import psycopg

    # That a transaction was committed is no part of what it wrote.
    tables = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'care' AND tablename <> 'commits' ORDER BY tablename"
    )
    with psycopg.connect(place, autocommit=True) as db:
        names = [str(name) for (name,) in db.execute(tables)]
        return [
            f"{name}: {row}"
            for name in names
            for (row,) in db.execute(f'SELECT CAST(t AS text) FROM care."{name}" AS t ORDER BY 1'.encode())
        ]


def _database(address: str) -> str:
    return unquote(urlsplit(address).path[1:])


def sqlite_alone(reason: str) -> pytest.MarkDecorator:
    """Marks a test that proves nothing of a server: it is passed over there."""
    return pytest.mark.skipif(ON_SERVER, reason=f"SQLite alone: {reason}")
