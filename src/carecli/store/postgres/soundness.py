"""What a server says of a desk's database: its schema held against ours, its numbering, its size (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from carecli.domain.health import Condition
from carecli.domain.verify import Difference, Part
from carecli.store.postgres import schema
from carecli.store.postgres.catalog import Thing, Things, things
from carecli.store.postgres.connection import Connection
from carecli.store.trouble import Place

_INVALID: Final = """SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE c.relnamespace = CAST('care' AS regnamespace) AND NOT (i.indisvalid AND i.indisready AND i.indislive)
    ORDER BY c.relname"""
_DISABLED: Final = """SELECT g.tgname, t.relname FROM pg_trigger AS g JOIN pg_class AS t ON t.oid = g.tgrelid
    WHERE t.relnamespace = CAST('care' AS regnamespace) AND NOT g.tgisinternal AND g.tgenabled NOT IN ('O', 'A')
    ORDER BY g.tgname"""
_UNLOGGED: Final = """SELECT relname FROM pg_class
    WHERE relnamespace = CAST('care' AS regnamespace) AND relkind = 'r' AND relpersistence <> 'p'
    ORDER BY relname"""
_CHECKSUMS: Final = (
    "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"
)
_NUMBERING: Final = """SELECT c.relname, a.attname,
        pg_get_serial_sequence(concat('care.', quote_ident(c.relname)), a.attname)
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace = CAST('care' AS regnamespace) AND c.relkind = 'r' AND a.attidentity <> ''
        AND NOT a.attisdropped ORDER BY c.relname"""


def schema_faults(db: Connection, told: Things | None) -> Iterator[Difference]:
    """What of our schema is missing, changed, switched off or not ours; `told` is as our scripts make it.

    Where nobody could make that, only what the server itself calls unsound is told.
    """
    real = {key: one for key, one in things(db).items() if not _of_roles(one)}
    yield from _compared(real, real if told is None else told)
    yield from (_found(one.key, f"{one.key} is switched off") for one in real.values() if not one.enabled)
    for (name,) in db.execute(_INVALID).fetchall():
        yield _found(f"index {name}", f"index {name} is not valid")
    hidden = hidden_from(db)
    if hidden:
        what = f"row-level security hides rows from {hidden}: whoever owns the tables sees all of them"
        yield Difference(None, Part.DATABASE, what)
    for table, column, highest in out_of_step(db):
        what = f"{column} of {table} goes up to {highest}, and its numbering would give that out again"
        yield _found(f"numbering {table}.{column}", what)


def _compared(real: Things, told: Things) -> Iterator[Difference]:
    for key in sorted({*real, *told}):
        if key not in real:
            yield _found(key, f"{key} is missing")
        elif key not in told:
            yield _found(key, f"{key} is not ours")
        elif real[key].what != told[key].what:
            yield _found(key, f"{key} was changed")


def out_of_step(db: Connection) -> Iterator[tuple[str, str, int]]:
    """Columns that are numbered by themselves and hold more than was given out: table, column, the highest."""
    for table, column, sequence in db.execute(_NUMBERING).fetchall():
        given = f"(SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence})"  # noqa: S608
        asked = f"SELECT max({column}), {given} FROM {table}"  # noqa: S608 - names from the catalog, quoted
        highest, last = db.execute(asked).fetchone() or (None, 0)
        if highest is not None and highest > last:
            yield table, column, highest


def hidden_from(db: Connection) -> str | None:
    """Who may not see every row, as row-level security hides some; None for whoever may."""
    hides = """SELECT current_user FROM pg_class WHERE relnamespace = CAST('care' AS regnamespace)
        AND relname IN ('events', 'cases') AND row_security_active(oid) LIMIT 1"""
    row = db.execute(hides).fetchone()
    return str(row[0]) if row else None


def complaints(db: Connection) -> Iterator[str]:
    """What the server knows to be wrong with the database, without reading its tables (AUD-2)."""
    for (name,) in db.execute(_INVALID).fetchall():
        yield f"index {name} is not valid"
    for name, table in db.execute(_DISABLED).fetchall():
        yield f"trigger {name} on {table} is switched off"
    for (name,) in db.execute(_UNLOGGED).fetchall():
        yield f"table {name} is unlogged: the server's next crash empties it"
    (failures,) = db.execute(_CHECKSUMS).fetchone() or (0,)
    if failures:
        yield f"pages that failed their checksum: {failures:,}"
    (role,) = db.execute("SELECT current_setting('session_replication_role')").fetchone() or ("origin",)
    if role != "origin":
        yield f"triggers are switched off for this role (session_replication_role is {role})"


def condition(db: Connection, place: Place) -> Condition:
    """How large the database is, and which schema it has; its files are the server's business."""
    (size,) = db.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    return Condition(str(place), schema.version(db), schema.VERSION, bytes=size)


def _of_roles(one: Thing) -> bool:
    """Whether something was made by `care postgres roles`, which knows itself what it made."""
    return "actors" in {one.table, one.name} or (one.kind == "function" and one.name.startswith("actor_"))


def _found(key: str, what: str) -> Difference:
    return Difference(None, Part.DATABASE, what, key)
