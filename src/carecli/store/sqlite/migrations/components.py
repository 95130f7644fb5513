"""What was learned of components (OPEN-6)."""

from sqlite_utils import Database

from carecli.store.sqlite.migrations.registry import RECORD, run


@RECORD(name="0012_components")
def components(db: Database) -> None:
    """Weights of features by component; made of cases and of examples, and never evidence.

    A feature is known by a hash alone, and an example by its digest: no word of a case lies here.
    """
    run(
        db,
        """CREATE TABLE components (
            id INTEGER PRIMARY KEY,
            folded TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            examples INTEGER NOT NULL,
            learned_at TEXT NOT NULL
        ) STRICT""",
        "CREATE TABLE component_features (feature INTEGER PRIMARY KEY, weights BLOB NOT NULL) STRICT",
        "CREATE TABLE component_examples (digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
        """CREATE TABLE component_progress (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            position INTEGER NOT NULL,
            edition INTEGER NOT NULL
        ) STRICT""",
        "INSERT INTO component_progress VALUES (1, 0, 0)",
        "CREATE INDEX cases_by_component ON cases (account, service, component) WHERE component IS NOT NULL",
    )
