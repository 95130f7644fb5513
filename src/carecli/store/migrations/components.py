"""What was learned of components (OPEN-6)."""

from sqlite_utils import Database

from carecli.store.migrations.registry import RECORD, run


@RECORD(name="0012_components")
def components(db: Database) -> None:
    """Weights of words by component; made of cases and of examples, and never evidence."""
    run(
        db,
        """CREATE TABLE component_words (
            word TEXT PRIMARY KEY,
            weights TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
    )
