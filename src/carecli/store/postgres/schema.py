"""Which schema a database has, and how it comes to this program's; the scripts are in `migrations`."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

import psycopg

from carecli.errors import DatabaseUnusable, NoDesk
from carecli.store.postgres.connection import SCHEMA, Connection
from carecli.store.postgres.locks import ALONE
from carecli.store.trouble import Place, unusable

FIRST: Final = 20
"""The first schema that PostgreSQL had; SQLite's are counted alike."""
VERSION: Final = 20
PATIENCE_S: Final = 60
"""How long a migration waits for those who write."""

_STANDS: Final = "SELECT to_regclass('{}.desk_schema') IS NOT NULL"
_TAKEN: Final = f"SELECT 1 FROM pg_namespace WHERE nspname = '{SCHEMA}'"  # noqa: S608 - a name from this program


_VERSIONS: Final = "CREATE TABLE desk_schema (version int PRIMARY KEY)"


def version(db: Connection) -> int:
    """The schema of the desk in a database, 0 where there is none."""
    if not _one(db, _STANDS.format(db.schema)):
        return 0
    # None for who logs in with credentials of somebody who acts no more.
    return int(_one(db, f"SELECT max(version) FROM {db.schema}.desk_schema") or VERSION)  # noqa: S608 - names from this program


def bring_up_to_date(db: Connection, place: Place, *, create: bool) -> None:
    """Make the tables where there are none and that is asked for, and migrate older ones.

    Raises DatabaseUnusable where there is no desk, or one of a newer program or another's tables are.
    """
    found = version(db)
    if found > VERSION:
        raise unusable(place, "was made by a newer care", "upgrade this one: `pipx upgrade carecli`")
    if not found and not create:
        raise missing(place)
    if found < VERSION:
        try:
            _migrated(db, place)
        except psycopg.errors.InsufficientPrivilege:
            raise _not_ours(db, place, found) from None


def missing(place: Place) -> NoDesk:
    """The error for a database in which nobody has set up a desk yet."""
    return NoDesk(f"there is no desk in the database {place}", hint="`care init` makes one")


def _not_ours(db: Connection, place: Place, found: int) -> DatabaseUnusable:
    """The error for a database in which this user may make no tables, or change none."""
    info = db.raw.info
    if found:
        what = f"is of an older care (schema {found}), and {info.user} may not bring it up to date"
        hint = "run any command once as the user to whom its tables belong"
    else:
        what = f"has no desk, and {info.user} may make no tables in it"
        hint = f"its owner can allow that: GRANT CREATE ON DATABASE {info.dbname} TO {info.user}"
    return unusable(place, what, hint)


def _migrated(db: Connection, place: Place) -> None:
    try:
        _migrate(db, place)
    except (psycopg.errors.DuplicateSchema, psycopg.errors.UniqueViolation):
        # Of two first uses the second waits for the first to make the schema, and then finds the work done.
        _migrate(db, place)


def _migrate(db: Connection, place: Place) -> None:
    # Behind the lock is seen what another has done, whichever isolation is usual on this server.
    db.run(f"BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '{PATIENCE_S}s'")
    try:
        if version(db):
            db.run(ALONE)
        found = version(db)
        if not found:
            if _one(db, _TAKEN):
                raise unusable(
                    place,
                    f"has a schema {SCHEMA} of another program",
                    "name another database; nothing was changed",
                )
            db.run(f"CREATE SCHEMA {SCHEMA}; SET LOCAL search_path = {SCHEMA}; {_VERSIONS}")
        for number, script in _scripts(found):
            db.run(script)
            db.execute("INSERT INTO desk_schema VALUES (?)", (number,))
        db.run("COMMIT")
    except BaseException:
        if not db.raw.closed:
            db.run("ROLLBACK")
        raise


def script() -> str:
    """All that is run in an empty schema, one after the other."""
    return "\n".join([f"{_VERSIONS};", *(script for _, script in _scripts(0))])


def _scripts(found: int) -> list[tuple[int, str]]:
    """The scripts behind a version, in their order."""
    files = resources.files("carecli.store.postgres.migrations").iterdir()
    named = sorted(
        (int(file.name[:4]), file.read_text(encoding="utf-8")) for file in files if file.name[-4:] == ".sql"
    )
    return [(number, script) for number, script in named if number > found]


def _one(db: Connection, sql: str) -> Any:
    row = db.execute(sql).fetchone()
    return row and row[0]
