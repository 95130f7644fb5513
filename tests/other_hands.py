"""What other programs see of a desk's database and do to it, on either engine; `database` is a path."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import engine
import served_desks
import watched

from carecli.store.opening import open_store
from carecli.store.protocol import Store

KEEPERS = "SELECT name, sql FROM sqlite_schema WHERE name LIKE 'events_%' AND type = 'trigger'"
"""What keeps the log as it was written."""


def peeked(database: str, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The rows of a query, in words that both engines know."""
    if not engine.ON_SERVER:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
            return file.execute(sql, values).fetchall()
    from carecli.store.postgres.connection import connect

    with closing(connect(served_desks.address(database))) as db:
        return db.execute(sql, values).fetchall()


def by_hand(database: str, *statements: str) -> None:
    """Change the record, the log's keepers put back afterwards."""
    if not engine.ON_SERVER:
        with closing(sqlite3.connect(database, isolation_level=None)) as file:
            keepers = file.execute(KEEPERS).fetchall()
            for name, _ in keepers:
                file.execute(f"DROP TRIGGER {name}")
            for statement in (*statements, *(sql for _, sql in keepers)):
                file.execute(statement)
        return
    from carecli.store.postgres.connection import connect

    with closing(connect(served_desks.superuser(database))) as db:
        db.run("ALTER TABLE events DISABLE TRIGGER ALL")
        for statement in statements:
            db.run(statement)
        db.run("ALTER TABLE events ENABLE TRIGGER ALL")


@contextmanager
def busy(database: str) -> Iterator[None]:
    """Keep everybody else from writing."""
    if not engine.ON_SERVER:
        with closing(sqlite3.connect(database, isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            yield
            file.execute("ROLLBACK")
        return
    from carecli.store.postgres.connection import connect
    from carecli.store.postgres.locks import ALONE

    with closing(connect(served_desks.address(database))) as db:
        db.run(f"BEGIN; {ALONE}")
        yield
        db.run("ROLLBACK")


def is_waited_for(database: str, pid: int) -> bool:
    """Whether a process has come to a desk that somebody else keeps busy."""
    if not engine.ON_SERVER:
        return watched.has_open(pid, database)
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    return bool(peeked(database, waiting)[0][0])


def opened(database: str) -> Store:
    """The record, as the program opens it."""
    return open_store(served_desks.address(database) if engine.ON_SERVER else database)
