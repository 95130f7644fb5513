"""Who sees what: parent accounts and cases kept from most eyes (ACC-5, SR-1)."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run


@RECORD(name="0015_sight")
def sight(db: Database) -> None:
    """The end-users of a reseller by an index, and the few cases that are for their contact and admins alone."""
    run(
        db,
        """CREATE INDEX accounts_of_parent ON accounts (document ->> 'parent')
            WHERE document ->> 'parent' IS NOT NULL""",
        "ALTER TABLE cases ADD COLUMN confidential INTEGER NOT NULL DEFAULT 0",
        """UPDATE cases SET confidential = 1
            WHERE type = 'service-request' AND state ->> 'subtype' = 'data-privacy'""",
        "CREATE INDEX cases_confidential ON cases (contact, status) WHERE confidential = 1",
    )
