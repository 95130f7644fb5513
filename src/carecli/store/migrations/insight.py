"""What reports and other programs read the record by."""

from sqlite_utils import Database

from carecli.store.migrations.registry import RECORD, run


@RECORD(name="0018_views")
def views(db: Database) -> None:
    """Views that other programs may rely on (EXP-1)."""
    run(db)


@RECORD(name="0019_reports")
def reports(db: Database) -> None:
    """Cases by their opening, which is what a report's period counts by (RPT-1)."""
    run(db, "CREATE INDEX cases_by_opened ON cases (opened_at)")
