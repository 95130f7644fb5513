"""Knowledge articles (KB-1)."""

from sqlite_utils import Database

from carecli.store.migrations.registry import RECORD, run


@RECORD(name="0011_knowledge")
def knowledge(db: Database) -> None:
    """Articles as the events of the desk add up to them, their versions and votes, and how they are found."""
    run(
        db,
        """CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            slug TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL,
            document TEXT NOT NULL
        ) STRICT""",
    )
