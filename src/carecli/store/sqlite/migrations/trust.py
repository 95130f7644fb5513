"""What the desk keeps of its own safety: refusals at the gate, tries of PINs, backups (DC-4, AUD-2)."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run


@RECORD(name="0020_trust")
def trust(db: Database) -> None:
    """Tables of their own: what somebody tried in vain is no part of any case's record."""
    run(
        db,
        """CREATE TABLE refusals (
            id INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, client TEXT, key TEXT,
            words TEXT NOT NULL, reason TEXT NOT NULL) STRICT""",
        "CREATE INDEX refusals_at ON refusals (at)",
        """CREATE TABLE pin_tries (
            email TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        """CREATE TABLE backups (
            id INTEGER PRIMARY KEY, at TEXT NOT NULL, path TEXT NOT NULL, source TEXT NOT NULL,
            bytes INTEGER NOT NULL, files INTEGER NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL,
            itself INTEGER NOT NULL) STRICT""",
    )
