"""Who sees what: parent accounts and cases kept from most eyes (ACC-5, SR-1)."""

from sqlite_utils import Database

from carecli.store.migrations.registry import RECORD, run


@RECORD(name="0015_sight")
def sight(db: Database) -> None:
    """Nothing yet."""
    run(
        db,
    )
