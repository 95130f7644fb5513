"""Alert groups and their cases (OPEN-12), and whose turn it is (ROUTE-1)."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run


@RECORD(name="0013_alerts")
def alerts(db: Database) -> None:
    """The case of each alert group and what fired last; the latest case of each owner by an index."""
    run(
        db,
        """CREATE TABLE alerts (
            group_hash TEXT PRIMARY KEY,
            number INTEGER NOT NULL,
            firing TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX cases_latest_of_owner ON cases (owner) WHERE owner IS NOT NULL",
    )
