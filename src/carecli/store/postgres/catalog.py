"""What a schema of PostgreSQL is made of, in the server's own words, and what our scripts would make (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import psycopg
from psycopg.conninfo import make_conninfo

from carecli.store.postgres import schema
from carecli.store.postgres.connection import SCHEMA, SETTINGS, Connection, adapt

ANEW: Final = "care_made_anew"
"""Where our scripts make everything for a moment, to be looked at; nobody else ever sees it."""


class Thing(NamedTuple):
    """A part of a schema: its kind and name as people read them, on which table, and what it is, mostly as SQL."""

    kind: str
    name: str
    table: str | None
    what: str
    enabled: bool = True

    @property
    def key(self) -> str:
        """Its kind and name."""
        return f"{self.kind} {self.name}"


Things = dict[str, Thing]
"""Every part of a schema by its key, in the order in which they can be made."""

_TABLES: Final = """SELECT 'table', c.relname, NULL,
    concat(c.relkind, c.relpersistence, (SELECT string_agg(concat_ws(' ',
        a.attname, format_type(a.atttypid, a.atttypmod), l.collname, a.attnotnull, a.attidentity, a.attgenerated,
        pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attnum)
    FROM pg_attribute AS a LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)), TRUE
    FROM pg_class AS c WHERE c.relnamespace = ?1 AND c.relkind NOT IN ('i', 'I', 'v', 'm', 'c', 't', 'S')"""
# A table of another schema that inherits from one of ours adds its rows to it.
_HEIRS: Final = """SELECT 'table', concat(n.nspname, '.', c.relname), p.relname, 'inherits', TRUE
    FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent JOIN pg_class AS c ON c.oid = i.inhrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE p.relnamespace = ?1 AND p.relkind = 'r'"""
_CONSTRAINTS: Final = """SELECT 'constraint', concat(c.conname, ' on ', t.relname), t.relname,
    pg_get_constraintdef(c.oid), TRUE
    FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid
    WHERE t.relnamespace = ?1 AND c.contype NOT IN ('n', 't')"""
_INDICES: Final = """SELECT 'index', c.relname, t.relname, pg_get_indexdef(c.oid), TRUE
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_class AS t ON t.oid = i.indrelid
    WHERE c.relnamespace = ?1 AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = c.oid)"""
_FUNCTIONS: Final = """SELECT 'function', p.oid::regprocedure::text, NULL, pg_get_functiondef(p.oid), TRUE
    FROM pg_proc AS p WHERE p.pronamespace = ?1 AND p.prokind IN ('f', 'p')"""
_TRIGGERS: Final = """SELECT 'trigger', concat(g.tgname, ' on ', t.relname), t.relname,
    pg_get_triggerdef(g.oid), g.tgenabled IN ('O', 'A')
    FROM pg_trigger AS g JOIN pg_class AS t ON t.oid = g.tgrelid
    WHERE t.relnamespace = ?1 AND NOT g.tgisinternal"""
_RULES: Final = """SELECT 'rule', concat(r.rulename, ' on ', t.relname), t.relname, pg_get_ruledef(r.oid), TRUE
    FROM pg_rewrite AS r JOIN pg_class AS t ON t.oid = r.ev_class
    WHERE t.relnamespace = ?1 AND t.relkind NOT IN ('v', 'm')"""
_VIEWS: Final = """SELECT 'view', c.relname, NULL, pg_get_viewdef(c.oid), TRUE
    FROM pg_class AS c WHERE c.relnamespace = ?1 AND c.relkind IN ('v', 'm') ORDER BY c.oid"""
_LISTED: Final = (_FUNCTIONS, _TABLES, _HEIRS, _CONSTRAINTS, _INDICES, _VIEWS, _TRIGGERS, _RULES)

_known: dict[tuple[int, str], Things] = {}
"""What our scripts make on a server of some version: always the same."""


def things(db: Connection, name: str = SCHEMA) -> Things:
    """What the schema of this name is made of; names of it are written as ours, whichever it is."""
    (oid,) = db.execute("SELECT oid FROM pg_namespace WHERE nspname = ?", (name,)).fetchone() or (0,)
    # With no schema to look in but the server's own, every name of another one is written with it.
    with _looking_in(db, "''"):
        rows = [row for sql in _LISTED for row in db.execute(sql, (oid,))]
    found = [
        Thing(kind, _as_ours(own, name).removeprefix(f"{SCHEMA}."), table, _as_ours(what, name), enabled)
        for kind, own, table, what, enabled in rows
    ]
    return {one.key: one for one in found}


def ours(db: Connection) -> Things | None:
    """What our scripts would make; None where we may make no schema here, as at a standby."""
    known = (db.raw.info.server_version, schema.script())
    if known not in _known:
        try:
            _known[known] = _looked_up(db)
        except psycopg.Error:
            return None
    return _known[known]


@contextmanager
def made_anew(db: Connection) -> Iterator[None]:
    """All that our scripts make, in a schema that is gone afterwards; raises psycopg.Error."""
    db.run(f"CREATE SCHEMA {ANEW}")
    with _looking_in(db, ANEW):
        db.run(schema.script())
    yield
    db.run(f"SET LOCAL client_min_messages = warning; DROP SCHEMA {ANEW} CASCADE")


def _looked_up(db: Connection) -> Things:
    """Make it, look, and undo it, beside a transaction that may write nothing."""
    info = db.raw.info
    dsn = make_conninfo(info.dsn, password=info.password) if info.password else info.dsn
    with psycopg.connect(dsn, autocommit=True, cursor_factory=psycopg.RawCursor) as raw:
        adapt(raw)
        beside = Connection(raw)
        beside.settle(SETTINGS)
        # Another one who looks at the same time makes the same schema, and we wait for it to be gone.
        beside.run("BEGIN READ WRITE; SET LOCAL lock_timeout = '10s'")
        with made_anew(beside):
            found = things(beside, ANEW)
        beside.run("ROLLBACK")
    return found


@contextmanager
def _looking_in(db: Connection, schemas: str) -> Iterator[None]:
    (before,) = db.execute("SELECT current_setting('search_path')").fetchone() or ("",)
    db.run(f"SET LOCAL search_path = {schemas}")
    yield
    db.run(f"SET LOCAL search_path = {before}")


def _as_ours(text: str, name: str) -> str:
    return text if name == SCHEMA else text.replace(f"{name}.", f"{SCHEMA}.")
