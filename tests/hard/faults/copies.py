"""Copies of a desk, held against what they must be: whole, sound, and none but those that were made (AUD-2)."""

import sqlite3
from contextlib import closing
from pathlib import Path

from cli.acceptance import care

from carecli.store.sqlite import schema

_ADA = "ada@desk.example"


def backups_whole(folder: Path) -> None:
    """Every backup opens, verifies with its files, and is there: one of each kind at least."""
    for where in ("one", "many"):
        found = sorted((folder / where).glob("*.db"))
        assert found, f"no backup is left in {where}"
        for database in found:
            ran = care("--db", str(database), "--as", _ADA, "--json", "verify")
            assert ran.status == 0, f"the backup {database.name} is not whole: {ran}"


def kept_before_migration(folder: Path) -> None:
    """A desk that came to a newer schema has its copy of before, whole."""
    with closing(sqlite3.connect(folder / "desk.db")) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
    if version != schema.VERSION:
        assert version == 13, "it is of neither schema"
        return
    copies = sorted(folder.glob("desk.schema-13*.db"))
    assert len(copies) == 1, f"copies of before: {copies}"
    with closing(sqlite3.connect(f"{copies[0].as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the copy of before is damaged"
        assert db.execute("PRAGMA user_version").fetchone() == (13,)
