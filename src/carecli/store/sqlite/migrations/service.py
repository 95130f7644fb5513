"""Deadlines of requests and incidents (SR-1, INC-2)."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run


@RECORD(name="0014_service")
def service(db: Database) -> None:
    """The deadlines that stand missed."""
    run(
        db,
        """CREATE TABLE late_deadlines (
            number INTEGER NOT NULL,
            id INTEGER NOT NULL,
            due_at TEXT NOT NULL,
            PRIMARY KEY (number, id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX timers_of_deadlines ON timers (fires_at, number) WHERE kind = 5",
    )
