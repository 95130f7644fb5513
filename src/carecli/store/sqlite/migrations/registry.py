"""Where migrations are told of, and what they run with."""

import sqlite3
from typing import Final

from sqlite_utils import Database, Migrations

RECORD: Final = Migrations("care")


def wrapped(db: sqlite3.Connection) -> Database:
    """The connection as sqlite_utils wants it, without anybody's plugins."""
    return Database(db, execute_plugins=False)


def run(db: Database, *statements: str) -> None:
    """Run statements one after the other."""
    for statement in statements:
        db.execute(statement)
