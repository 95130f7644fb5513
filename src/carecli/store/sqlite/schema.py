"""Which schema this program speaks, and how a database comes to it; the tables are in `migrations`."""

import sqlite3
from typing import TYPE_CHECKING, Final

from carecli.errors import DatabaseUnusable
from carecli.store.trouble import Place, unusable

if TYPE_CHECKING:
    from carecli.domain.backup import Migrated

APPLICATION_ID: Final = int.from_bytes(b"care", "big")
"""The mark in a file's header by which `file` and this program know it."""

VERSION: Final = 20
"""How many migrations a current database has been through, kept as its `user_version`."""


def bring_up_to_date(db: sqlite3.Connection, path: Place) -> "Migrated | None":
    """Migrate the database where it is older, having copied one that holds something; the answer says so then.

    Raises DatabaseUnusable where it is newer or another program's, and where there is no room for the copy.
    """
    version = user_version(db)
    if version > VERSION:
        raise newer(path)
    migrated = _migrate(db, path) if version < VERSION else None
    # Parses the schema, so that damage shows here and not halfway through a command.
    db.execute("SELECT 1 FROM cases LIMIT 1").fetchone()
    return migrated


def newer(path: Place) -> DatabaseUnusable:
    """The error for a database that a later release has migrated."""
    return unusable(path, "was made by a newer care", "upgrade this one: `pipx upgrade carecli`")


def user_version(db: sqlite3.Connection) -> int:
    """How many migrations the database has been through."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _migrate(db: sqlite3.Connection, path: Place) -> "Migrated | None":
    # Imported here: sqlite_utils costs a hundred milliseconds, and only a new or older database needs it.
    from carecli.store.sqlite import migrating, migrations

    wrapped = migrations.wrapped(db)
    # IMMEDIATE, so that of two first uses the second waits and then finds the work done.
    db.execute("BEGIN IMMEDIATE")
    try:
        _refuse_strangers(db, path)
        version, migrated = user_version(db), None
        if version < VERSION:
            # While nobody else can write: the copy is exactly what is migrated.
            migrated = migrating.kept(path, version, VERSION) if version else None
            migrations.RECORD.apply(wrapped)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return migrated


def _refuse_strangers(db: sqlite3.Connection, path: Place) -> None:
    ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    if not ours and db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone():
        raise unusable(path, "belongs to another program", "choose another with --db; nothing was changed")
