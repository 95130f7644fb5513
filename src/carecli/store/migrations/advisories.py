"""Advisories, their readers and their digests (ADV-1)."""

from sqlite_utils import Database

from carecli.store.migrations.registry import RECORD, run


@RECORD(name="0016_advisories")
def advisories(db: Database) -> None:
    """Nothing yet."""
    run(
        db,
    )
