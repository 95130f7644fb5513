"""What SQLite itself says of a file: its integrity, its schema held against a fresh one, its size on the disk."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from carecli.domain.health import Condition
from carecli.domain.verify import Difference, Part
from carecli.store.sqlite.schema import VERSION, user_version

_MOST: Final = 100
"""How many complaints SQLite lists before it stops."""

_THEIRS: Final = ("_data", "_idx", "_content", "_docsize", "_config")
"""What names of tables end in that SQLite's search keeps for itself; another version may write them otherwise."""


def engine_faults(db: sqlite3.Connection, fresh: sqlite3.Connection) -> Iterator[Difference]:
    """What is wrong with the file, and with its schema against that of a `fresh` record."""
    for complaint in complaints(db):
        yield Difference(None, Part.DATABASE, f"SQLite finds: {complaint}")
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Difference(None, Part.DATABASE, f"row {row} of {table} names nothing in {parent}", str(table))
    real, told = _schema(db), _schema(fresh)
    for name in sorted({*real, *told}):
        if real.get(name) != told.get(name):
            how = "is missing" if name not in real else "is not ours" if name not in told else "was changed"
            yield Difference(None, Part.DATABASE, f"{name} {how}", name)


def complaints(db: sqlite3.Connection, *, quick: bool = False) -> Iterator[str]:
    """What SQLite finds wrong with its file; `quick` leaves the indices' content out."""
    check = "quick_check" if quick else "integrity_check"
    return (line for (line,) in db.execute(f"PRAGMA {check}({_MOST})") if line != "ok")


def condition(db: sqlite3.Connection, path: Path | str) -> Condition:
    """How the file lies on its disk; a record in memory has neither size nor mode."""
    version = user_version(db)
    file = Path(path)
    if str(path) == ":memory:":
        return Condition(str(path), version, VERSION)
    wal = file.with_name(f"{file.name}-wal")
    return Condition(
        path=str(file.absolute()),
        version=version,
        speaks=VERSION,
        mode=file.stat().st_mode & 0o777,
        bytes=file.stat().st_size,
        wal_bytes=wal.stat().st_size if wal.exists() else 0,
        free_bytes=shutil.disk_usage(file.parent).free,
        own=file.stat().st_uid == os.getuid(),
    )


def _schema(db: sqlite3.Connection) -> dict[str, str]:
    rows = db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema").fetchall()
    return {f"{kind} {name}": "" if _theirs(name) else sql for kind, name, sql in rows if _counts(kind, name)}


def _theirs(name: str) -> bool:
    return name.startswith("sqlite_") or (name.startswith("search") and name.endswith(_THEIRS))


def _counts(kind: str, name: str) -> bool:
    # What keeps count of migrations, and of what an index holds; a trigger by such a name is somebody's.
    return kind != "table" or not name.startswith(("sqlite_stat", "_sqlite_"))
