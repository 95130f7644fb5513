"""The statements by which a database shows each actor what `care` would, and nothing else (DC-3, ACC-5, SR-1)."""

# ruff: noqa: S608 - statements are what this is for; names are quoted as PostgreSQL quotes them

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib import resources
from typing import Final, NamedTuple

from psycopg import sql

from carecli.domain.postgres_roles import Group, PersonsRole, RoleState
from carecli.store.postgres.connection import FOR_CONTACTS, FOR_STAFF, SCHEMA

ACTORS: Final = {Group.CONTACT: FOR_CONTACTS, Group.STAFF: FOR_STAFF}
"""Where who of a group looks."""

STAFF_SEES: Final = (
    *("cases", "events", "timers", "standing", "late_deadlines", "attachments", "chat_presence", "externals"),
    *("search", "search_notes", "alerts", "received", "outbox", "accounts", "contacts", "staff", "desk"),
    *("documents", "calendar_digests", "articles", "article_versions", "article_votes", "article_cases"),
    *("search_articles", "search_public_articles", "article_words", "advisories", "advisory_publications"),
    *("advisory_told", "advisory_reads", "subscribers", "subscriptions", "owed_advisories", "components"),
    *("component_features", "component_progress", "desk_schema"),
)
"""The tables of which staff see rows; no table but these has a policy for anybody's eyes."""

_LINKED: Final = """CASE WHEN {has} AND EXISTS (
        SELECT 1 FROM {array}
        WHERE NOT EXISTS (SELECT 1 FROM care.cases AS t WHERE t.number = CAST(l.one ->> {key} AS bigint))
    ) THEN {rest} || jsonb_build_object('links', coalesce((
        SELECT jsonb_agg(l.one ORDER BY l.place) FROM {array}
        WHERE EXISTS (SELECT 1 FROM care.cases AS t WHERE t.number = CAST(l.one ->> {key} AS bigint))
    ), '[]')) ELSE {rest} END"""
"""A document without its ties to cases that are not there; byte for byte the same where there are none."""
_AS_JSON: Final = "CASE WHEN kind = 'opened' THEN {linked} ELSE data END"
INSTEAD: Final[Mapping[tuple[str, str], str]] = {
    ("contacts", "pin_hash"): "CAST(NULL AS text)",
    ("cases", "confidential"): "confidential + 0",
    ("cases", "state"): _LINKED.format(
        has="jsonb_array_length(state -> 'links') > 0",
        array="jsonb_array_elements(state -> 'links') WITH ORDINALITY AS l(one, place)",
        key="1",
        rest="state",
    ),
    ("events", "data"): _AS_JSON.format(
        linked=_LINKED.format(
            has="json_array_length(data -> 'links') > 0",
            array="jsonb_array_elements(CAST(care.storable(data) AS jsonb) -> 'links')"
            " WITH ORDINALITY AS l(one, place)",
            key="'number'",
            rest="data",
        )
        .replace("THEN data ||", "THEN CAST(CAST(care.storable(data) AS jsonb) ||")
        .replace("'[]')) ELSE", "'[]')) AS json) ELSE")
    ),
}
"""What staff see in place of a column."""

OF_CASES: Final = frozenset(
    {
        *("cases", "events", "timers", "standing", "late_deadlines", "attachments", "chat_presence", "externals"),
        *("search", "search_notes", "alerts", "received", "outbox", "article_cases"),
    }
)
"""Tables of which not every row is there for staff: some are of cases that only admins see (SR-1)."""
FOUND_BY: Final = frozenset(
    {*(("cases", name) for name in ("account", "owner", "product_group", "status")), ("outbox", "state")}
)
"""Texts that staff's lists are found by, through an index. Any other text of a case is joined to '', as in
contact.sql: a condition on the column itself would be held against hidden rows too, and EXPLAIN tell, step by
step, what they say."""

WHOLE: Final = ("search", "search_public_articles")
"""Tables of which contacts see all columns: there is nothing in them but what is public."""

_RANKED: Final = ("search", "search_notes", "search_articles", "search_public_articles")

NEVER: Final = frozenset({("contacts", "pin_hash")})
"""Columns that not even the owner of the views may read."""


class Catalogue(NamedTuple):
    """What there is in the database: who owns the desk's tables, their columns, the views for other programs."""

    database: str
    owner: str
    tables: Mapping[str, Sequence[str]]
    texts: frozenset[tuple[str, str]]
    """Which columns hold texts, each with its table."""
    views: Mapping[str, str]
    """By name, with what they select."""


def groups_of(names: Mapping[Group, str], there: Iterable[str]) -> Iterator[str]:
    """Statements that make the groups that are not there yet."""
    known = set(there)
    for role in names.values():
        if role not in known:
            yield f"CREATE ROLE {_name(role)} NOLOGIN"


def people(
    database: str,
    names: Mapping[Group, str],
    found: Iterable[PersonsRole],
    there: Iterable[str],
    others: Iterable[str],
) -> Iterator[str]:
    """Statements that give people their logins, and take them from who acts no more.

    `there` are the roles of the server, `others` those that also belong elsewhere in it and may log in there.
    """
    known, elsewhere = set(there), set(others)
    for one in found:
        role, group = _name(one.role), names[one.group]
        if one.state is RoleState.MISSING:
            made = f"ALTER ROLE {role} LOGIN" if one.role in known else f"CREATE ROLE {role} LOGIN"
            yield made
            yield f"GRANT {_name(group)} TO {role}"
            path = _name(ACTORS[one.group])
            yield f"ALTER ROLE {role} IN DATABASE {_name(database)} SET search_path = {path}"
            yield (
                f"INSERT INTO {SCHEMA}.actors VALUES ({_text(one.role)}, {_text(one.email)})"
                " ON CONFLICT (role) DO UPDATE SET email = excluded.email"
            )
        elif one.state is RoleState.EXTRA:
            yield f"DELETE FROM {SCHEMA}.actors WHERE role = {_text(one.role)}"
            if one.role in known:
                yield f"REVOKE {_name(names[Group.STAFF])}, {_name(names[Group.CONTACT])} FROM {role}"
                yield f"ALTER ROLE {role} IN DATABASE {_name(database)} RESET search_path"
                if one.role not in elsewhere:
                    yield f"ALTER ROLE {role} NOLOGIN"


def sight(catalogue: Catalogue, names: Mapping[Group, str]) -> str:
    """The script that closes every table and makes what people look through anew; the same for the same schema."""
    owner, eyes, service = (_name(n) for n in (catalogue.owner, names[Group.SIGHT], names[Group.SERVICE]))
    contact, staff = _name(names[Group.CONTACT]), _name(names[Group.STAFF])
    parts = [
        # By psql too: in some databases anybody may put a function of a fitting name into `public`.
        f"SET LOCAL search_path = {SCHEMA};",
        f"DROP SCHEMA IF EXISTS {_schemas()} CASCADE;",
        *(f"CREATE SCHEMA {schema} AUTHORIZATION {owner};" for schema in ACTORS.values()),
        f"REVOKE TEMPORARY ON DATABASE {_name(catalogue.database)} FROM PUBLIC;",
        f"GRANT CONNECT ON DATABASE {_name(catalogue.database)} TO {contact}, {staff};",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {_name(catalogue.database)} TO {service}, {owner};",
        f"GRANT {eyes} TO {owner};",
        f"SET LOCAL ROLE {owner};",
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC, {contact}, {staff};",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC, {contact}, {staff}, {eyes};",
        _filled("identity.sql", names),
        *_closed(catalogue, service),
        _filled("policies.sql", names),
        *_seen_by_eyes(catalogue, eyes),
        _filled("contact.sql", names),
        *_for_contacts(catalogue),
        *_for_staff(catalogue),
        *_for_programs(catalogue),
        *_handed_over(catalogue, eyes),
        f"GRANT USAGE ON SCHEMA {ACTORS[Group.CONTACT]} TO {contact};",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {ACTORS[Group.CONTACT]} TO {contact};",
        f"GRANT USAGE ON SCHEMA {ACTORS[Group.STAFF]} TO {staff};",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {ACTORS[Group.STAFF]} TO {staff};",
        "RESET ROLE;",
        f"REVOKE {eyes} FROM {owner};",
    ]
    return "\n".join(parts)


def mark(script: str) -> str:
    """An expression: what is noted at a schema, by which another script, policy, view or function is known."""
    return f"""{_text(f"care {sha256(script.encode()).hexdigest()} ")} || md5(concat(
        (
            SELECT string_agg(concat_ws('|', tablename, policyname, permissive, roles, cmd, qual, with_check), ' '
                ORDER BY tablename, policyname)
            FROM pg_policies WHERE schemaname = '{SCHEMA}'
        ), (
            SELECT string_agg(concat_ws('|', n.nspname, c.relname, pg_get_userbyid(c.relowner),
                c.reloptions, pg_get_viewdef(c.oid)), ' ' ORDER BY n.nspname, c.relname)
            FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname IN ({", ".join(map(_text, ACTORS.values()))}) AND c.relkind = 'v'
        ), (
            SELECT string_agg(pg_get_functiondef(oid), ' ' ORDER BY proname) FROM pg_proc
            WHERE pronamespace = '{SCHEMA}'::regnamespace AND (proname ~ '^actor_' OR proname = 'storable')
        ), (
            SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
            WHERE relnamespace = '{SCHEMA}'::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity
        )
    ))"""


def marked(script: str) -> str:
    """The statement that notes it."""
    schema = ACTORS[Group.CONTACT]
    return f"DO $do$ BEGIN EXECUTE format('COMMENT ON SCHEMA {schema} IS %L', {mark(script)}); END $do$"


def _closed(catalogue: Catalogue, service: str) -> Iterator[str]:
    """Row-level security on every table: without a policy it shows nothing, but to the desk's own logins."""
    for table in (*catalogue.tables, "actors"):
        named = f"{SCHEMA}.{_name(table)}"
        yield f"ALTER TABLE {named} ENABLE ROW LEVEL SECURITY;"
        yield f"DROP POLICY IF EXISTS seen ON {named};"
        yield f"DROP POLICY IF EXISTS service ON {named};"
        yield f"CREATE POLICY service ON {named} TO {service} USING (true) WITH CHECK (true);"
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {service};"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {service};"
    yield f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {service};"
    for kind in ("TABLES", "SEQUENCES"):
        right = "SELECT, INSERT, UPDATE, DELETE" if kind == "TABLES" else "USAGE, SELECT, UPDATE"
        yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA {SCHEMA} GRANT {right} ON {kind} TO {service};"


def _seen_by_eyes(catalogue: Catalogue, eyes: str) -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {eyes};"
    for table in STAFF_SEES:
        columns = [_name(one) for one in catalogue.tables[table] if (table, one) not in NEVER]
        yield f"GRANT SELECT ({', '.join(columns)}) ON {SCHEMA}.{table} TO {eyes};"


def _for_contacts(catalogue: Catalogue) -> Iterator[str]:
    for table in WHOLE:
        columns = ", ".join(map(_name, catalogue.tables[table]))
        view = f"{ACTORS[Group.CONTACT]}.{table}"
        yield f"CREATE VIEW {view} WITH (security_barrier) AS SELECT {columns} FROM {SCHEMA}.{table};"
    yield _sizes(ACTORS[Group.CONTACT], WHOLE)


def _for_staff(catalogue: Catalogue) -> Iterator[str]:
    schema = ACTORS[Group.STAFF]
    barrier = "WITH (security_barrier)"
    yield (
        f"CREATE VIEW {schema}.me {barrier} AS"
        f" SELECT {SCHEMA}.actor_email() AS email, {SCHEMA}.actor_level() AS level;"
    )
    yield (
        f"CREATE FUNCTION {schema}.storable(document json) RETURNS json LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        f" RETURN {SCHEMA}.storable(document);"
    )
    for table in STAFF_SEES:
        columns = ", ".join(_shown(catalogue, table, one) for one in catalogue.tables[table])
        yield f"CREATE VIEW {schema}.{table} {barrier} AS SELECT {columns} FROM {SCHEMA}.{table};"
    yield (
        f"CREATE VIEW {schema}.tallies {barrier} AS"
        f" SELECT status, count(*) AS cases FROM {schema}.cases GROUP BY status;"
    )
    yield _sizes(schema, _RANKED)


def _shown(catalogue: Catalogue, table: str, column: str) -> str:
    """A column as staff see it."""
    name = _name(column)
    if instead := INSTEAD.get((table, column)):
        return f"{instead} AS {name}"
    if table in OF_CASES and (table, column) in catalogue.texts - FOUND_BY:
        return f"{name} || '' AS {name}"
    return name


def _sizes(schema: str, tables: Sequence[str]) -> str:
    """What ranking weighs by, of what is seen alone: the whole desk's would tell how much others write."""
    counted = " UNION ALL ".join(
        f"SELECT {_text(one)} AS name, CAST(0 AS bigint) AS block, count(*) AS rows,"
        f" CAST(sum(size) AS bigint) AS tokens FROM {schema}.{one}"
        for one in tables
    )
    return f"CREATE VIEW {schema}.search_sizes WITH (security_barrier) AS {counted};"


def _for_programs(catalogue: Catalogue) -> Iterator[str]:
    """The views that other programs rely on, over what people see of the tables (EXP-1)."""
    for schema in ACTORS.values():
        yield f"SET LOCAL search_path = {schema}, pg_temp;"
        for view, selected in catalogue.views.items():
            yield f"CREATE VIEW {schema}.{_name(view)} WITH (security_barrier) AS {selected.rstrip().rstrip(';')};"
    yield f"SET LOCAL search_path = {SCHEMA};"


def _handed_over(catalogue: Catalogue, eyes: str) -> Iterator[str]:
    """The views go to who is bound by the policies; while they do that role may put them there."""
    for group, schema in ACTORS.items():
        yield f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {eyes};"
        made = [*re.findall(rf"CREATE VIEW {schema}\.(\w+)", _read("contact.sql")), *WHOLE, "search_sizes"]
        if group is Group.STAFF:
            made = ["me", *STAFF_SEES, "tallies", "search_sizes"]
        for view in (*made, *catalogue.views):
            yield f"ALTER VIEW {schema}.{_name(view)} OWNER TO {eyes};"
        yield f"REVOKE CREATE ON SCHEMA {schema} FROM {eyes};"


def _schemas() -> str:
    return ", ".join(ACTORS.values())


def _filled(file: str, names: Mapping[Group, str]) -> str:
    known = {group.value: _name(role) for group, role in names.items()}
    return re.sub(r"\{(service|staff|contact|sight)\}", lambda found: known[found[1]], _read(file))


def _read(file: str) -> str:
    return resources.files("carecli.store.postgres.roles").joinpath(file).read_text(encoding="utf-8")


def _name(name: str) -> str:
    return sql.Identifier(name).as_string()


def _text(text: str) -> str:
    if text.isprintable():
        return sql.Literal(text).as_string()
    # Nothing that a terminal would take as an order; PostgreSQL reads such a literal whatever its settings.
    plain = (c if c.isprintable() and c not in "\\'" else f"\\+{ord(c):06X}" for c in text)
    return f"U&'{''.join(plain)}'"
