"""Alert groups and their cases (OPEN-12)."""

from sqlite_utils import Database

from carecli.store.migrations.registry import RECORD, run


@RECORD(name="0013_alerts")
def alerts(db: Database) -> None:
    """The case of each alert group, and what it last said."""
    run(
        db,
        """CREATE TABLE alerts (
            group_key TEXT PRIMARY KEY,
            number INTEGER NOT NULL,
            digest TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
    )
