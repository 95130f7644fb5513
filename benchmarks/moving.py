"""A made desk in bulk from its SQLite file into a PostgreSQL database; search is left out.

Run with: python benchmarks/moving.py FILE postgresql://...
"""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from carecli.store.postgres.connection import Connection, connect
from carecli.store.postgres.store import open_store

LEFT_OUT: Final = frozenset({"desk_schema", "tally_changes", "article_words", "postgres_roles"})
"""Tables that are otherwise in PostgreSQL, besides those of search."""

_TABLES: Final = """SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'care' AND table_type = 'BASE TABLE' ORDER BY table_name"""
_GENERATED: Final = """SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'care' AND is_identity = 'YES'"""


def main() -> None:
    path, url = sys.argv[1:]
    moved(Path(path), url)


def moved(path: Path, url: str) -> None:
    """Fill a database with the desk of a file; whatever it holds is replaced."""
    open_store(url, create=True).close()
    with closing(sqlite3.connect(path)) as desk, closing(connect(url)) as db:
        db.run("BEGIN")
        for table in _shared(desk, db):
            _fill(desk, db, table)
        db.run("TRUNCATE tally_changes")
        _copy(db, "tally_changes", desk.execute("SELECT status, cases FROM tallies"))
        for table, column in db.execute(_GENERATED).fetchall():
            db.run(
                f"SELECT setval(pg_get_serial_sequence('care.{table}', '{column}'),"
                f" (SELECT coalesce(max({column}), 0) + 1 FROM {table}), false)"
            )
        db.run("COMMIT")
        db.run("VACUUM ANALYZE")


def _shared(desk: sqlite3.Connection, db: Connection) -> Iterator[str]:
    known = {name for (name,) in desk.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for (table,) in db.execute(_TABLES).fetchall():
        if table in known and table not in LEFT_OUT and not table.startswith("search"):
            yield table


def _fill(desk: sqlite3.Connection, db: Connection, table: str) -> None:
    db.run(f"ALTER TABLE {table} DISABLE TRIGGER USER; TRUNCATE {table}")
    names = [row[1] for row in desk.execute(f"PRAGMA table_info({table})")]
    _copy(db, f"{table} ({', '.join(names)})", desk.execute(f"SELECT {', '.join(names)} FROM {table}"))
    db.run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _copy(db: Connection, target: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with db.raw.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


if __name__ == "__main__":
    main()
