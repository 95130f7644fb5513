"""Files on cases (ATT-1)."""

from sqlite_utils import Database

from carecli.store.migrations.registry import RECORD, run


@RECORD(name="0010_attachments")
def attachments(db: Database) -> None:
    """Every file that was attached, by its case and its number there; told by the events (ATT-1)."""
    run(
        db,
        """CREATE TABLE attachments (
            number INTEGER NOT NULL,
            id INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            public INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (number, id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX attachments_by_content ON attachments (sha256)",
    )
