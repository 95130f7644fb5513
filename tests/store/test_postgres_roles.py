"""Roles of the database: whoever logs in as himself sees by plain SQL what `care` shows him, and changes nothing.

What is expected is asked of `care` itself, by the desk's own login. Attempts are generated from the server's own
catalogue: every relation, column, function and sequence of the desk's schemas, whatever comes to be there.
"""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from jsonschema import Draft202012Validator
from postgres_server import PostgresServer
from store.roles_desk import (
    ADA,
    BASIL,
    BOB,
    CHILD,
    CONTACTS,
    DANA,
    FOREIGN,
    INSIDE,
    LONG,
    NOW,
    PARENT,
    SAM,
    SECRET,
    Desk,
    build,
)

from carecli.render.schema import one as schema_of
from carecli.store.postgres import store
from carecli.store.postgres.connection import connect
from carecli.store.postgres.locks import CLASS
from carecli.store.postgres.roles.script import FOUND_BY, OF_CASES

CANARIES: Final = re.compile(f"{FOREIGN}|{INSIDE}", re.IGNORECASE)
SECRETS: Final = re.compile(SECRET, re.IGNORECASE)
SCHEMAS: Final = ("care", "care_contact", "care_staff")
DENIED: Final = {"42501", "25006"}


@pytest.fixture(scope="module")
def desk(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk with its roles applied."""
    made = build(postgres_server, tmp_path_factory.mktemp("roles"))
    made.does(ADA, "postgres", "roles", "--apply")
    yield made
    for name in [role for (role,) in made.admin("SELECT role FROM care.actors")]:
        postgres_server.admin(psycopg.sql.SQL("ALTER ROLE {} NOLOGIN").format(psycopg.sql.Identifier(name)))
    postgres_server.drop(made.database)


# What is shown.


def rows(desk: Desk, who: str, sql: str) -> list[Any]:
    """What somebody's own login gets by plain SQL."""
    with desk.session(desk.login(who)) as session:
        return session.execute(sql.encode()).fetchall()


def differences(desk: Desk, who: str) -> list[str]:
    """In what plain SQL and `care` differ for a contact; the answers of `care` come by the desk's own login."""
    found = desk(who, "--json", "list", "--all", "--group", "--limit", "1000")
    shown = sorted(int(case["number"]) for case in found.json["cases"]) if found.status == 0 else []
    seen = [number for (number,) in rows(desk, who, "SELECT number FROM cases ORDER BY number")]
    different = [] if seen == shown else [f"cases {seen}, and not {shown}"]
    told: list[Any] = []
    for number in shown:
        case = desk.does(who, "--json", "show", str(number), now=NOW).json
        told += [
            (number, e["seq"], e["kind"], e["actor"], e["data"])
            for e in desk.does(who, "--json", "log", str(number), now=NOW).json["events"]
        ]
        different += list(_of_case(desk, who, number, case))
    events = rows(desk, who, "SELECT number, seq, kind, actor, data FROM events ORDER BY number, seq")
    different += [] if events == told else [f"events {events}, and not {told}"]
    for name, args, sql in (
        ("accounts", ("account", "list"), "SELECT document ->> 'name' FROM accounts ORDER BY 1"),
        ("articles", ("kb", "list"), "SELECT 'kb-' || id FROM articles ORDER BY 1"),
        ("articles", ("kb", "list"), "SELECT 'kb-' || id FROM article_versions ORDER BY 1"),
        (
            "advisories",
            ("advisory", "list"),
            "SELECT coalesce(published ->> 'title', '') FROM advisories ORDER BY 1",
        ),
    ):
        there = sorted(value for (value,) in rows(desk, who, sql))
        listed = desk.does(who, "--json", *args, now=NOW).json[name]
        key = {"accounts": "name", "articles": "id", "advisories": "title"}[name]
        expected = sorted(str(one[key]) for one in listed)
        different += [] if there == expected else [f"{name} {there}, and not {expected}"]
    return different + list(_people(desk, who))


def _of_case(desk: Desk, who: str, number: int, case: dict[str, Any]) -> Iterator[str]:
    for state, texts in rows(desk, who, f"SELECT state, texts FROM cases WHERE number = {number}"):
        yield from _differing(number, case, state, texts)
    files = rows(desk, who, f"SELECT document ->> 'name' FROM attachments WHERE number = {number} ORDER BY place")
    if [name for (name,) in files] != [one["name"] for one in case["attachments"]]:
        yield f"files of {number}: {files}"


def _differing(number: int, case: dict[str, Any], state: dict[str, Any], texts: dict[str, Any]) -> Iterator[str]:
    for name in ("description", "impact", "root_cause", "fields", "defect", "release", "articles"):
        if (texts.get(name) or None) != (case[name] or None):
            yield f"{name} of {number}: {texts.get(name)}, and not {case[name]}"
    for name in ("subject", "account", "owner", "escalation", "status", "component"):
        if state.get(name) != case[name]:
            yield f"{name} of {number}: {state.get(name)}, and not {case[name]}"
    if [int(link["number"]) for link in case["links"]] != [link[1] for link in state["links"]]:
        yield f"links of {number}: {state['links']}"
    if any(clock["warned_at"] for clock in state["clocks"]) or "assessment" in (texts.get("intake") or {}):
        yield f"{number} tells what is Customer Care's"


def _people(desk: Desk, who: str) -> Iterator[str]:
    names = [one["name"] for one in desk.does(who, "--json", "account", "list", now=NOW).json["accounts"]]
    listed = [
        one["email"]
        for name in names
        for one in desk.does(who, "--json", "contact", "list", "--account", name, now=NOW).json["contacts"]
    ]
    seen = [email for (email,) in rows(desk, who, "SELECT email FROM contacts ORDER BY email")]
    if seen != sorted(listed) or rows(desk, who, "SELECT pin_hash FROM contacts WHERE pin_hash IS NOT NULL"):
        yield f"contacts {seen}, and not {sorted(listed)}"
    if rows(desk, who, "SELECT * FROM staff"):
        yield "staff"


@pytest.mark.parametrize("who", CONTACTS)
def test_a_contact_sees_by_plain_sql_what_care_shows(desk: Desk, who: str) -> None:
    """DC-1, DC-3, ACC-5, SR-1: the same cases, events, files, people, articles, advisories."""
    assert differences(desk, who) == []


def test_the_desk_holds_what_could_be_seen(desk: Desk) -> None:
    """DC-3: there are others' cases, notes, internal files, drafts: so what is not seen below is withheld."""
    for table, words in (
        *(
            ("cases", FOREIGN),
            ("events", FOREIGN),
            ("events", INSIDE),
            ("attachments", INSIDE),
            ("search_notes", INSIDE),
        ),
        *(("accounts", FOREIGN), ("contacts", FOREIGN), ("article_versions", INSIDE), ("advisories", INSIDE)),
        *(("advisories", FOREIGN), ("outbox", FOREIGN)),
    ):
        found = desk.admin(f"SELECT count(*) FROM care.{table} AS t WHERE t::text ~* '{words}'")
        assert found[0][0] > 0, (table, words)


READING: Final = (
    *(
        ("list",),
        ("list", "--group", "--all"),
        ("show", "1"),
        ("show", "2"),
        ("show", "4"),
        ("log", "1"),
        ("log", "2"),
    ),
    *(("search", "calls"), ("search", INSIDE), ("search", "once"), ("home",), ("forecast", "--within", "90bd")),
    *(("account", "list"), ("contact", "list"), ("kb", "list"), ("kb", "show", "KB-1"), ("kb", "show", "KB-2")),
    *(
        ("kb", "search", "trunk"),
        ("advisory", "list"),
        ("attachment", "list", "1"),
        ("similar", "1"),
        ("contact-us",),
    ),
    *(
        ("chat", "list"),
        ("policy", "show"),
        ("calendar", "show"),
        ("maintenance", "show"),
        ("complete", "case", ""),
    ),
    ("account", "entitlements"),
)


@pytest.mark.parametrize("who", [DANA, BASIL, PARENT, SAM, ADA])
def test_reading_commands_answer_by_an_own_login_as_by_the_desks(desk: Desk, who: str) -> None:
    """DC-3: byte for byte the same, as JSON; the login is nobody else's."""
    for call in READING:
        if who == SAM and call[0] == "similar":
            continue  # words weigh by how rare they are among what is seen, and one case is hidden from him
        own, desks = (desk(who, "--json", *call, login=login) for login in (desk.login(who), "postgres"))
        assert own == desks, call


@pytest.mark.parametrize(
    "call",
    [
        *(("explain", "1"), ("report",), ("bundle", "write", "1"), ("show", "1", "--at", "2026-03-04T00:00:00Z")),
        *(
            ("update", "1", "-m", "x"),
            ("advisory", "read", "adv-1"),
            ("verify",),
            ("chat", "join", "1", "-m", "x"),
        ),
        ("kb", "vote", "KB-1", "--helpful"),
    ],
)
def test_what_an_own_login_cannot_do_is_said_once(desk: Desk, call: tuple[str, ...]) -> None:
    """DC-3: a command that writes, or that needs what is withheld, is refused with a remedy; nothing changes."""
    before = whole(desk)
    ran = desk(DANA, *call, login=desk.login(DANA))
    assert ran.status in {2, 4}, ran
    assert ("gate" in ran.err) == (ran.status == 4), ran
    assert whole(desk) == before


def test_nobody_acts_as_another_by_an_own_login(desk: Desk) -> None:
    """DC-3: --as names whose login it is, or the command is refused; not even the system's."""
    for other in (BOB, ADA, "system", LONG):
        ran = desk(other, "list", login=desk.login(DANA))
        assert (ran.status, ran.out) == (4, ""), ran


# What is attempted.


def whole(desk: Desk) -> str:
    """A hash of every table of the desk, of its roles, and of large objects."""
    tables = desk.admin(
        "SELECT relname FROM pg_class WHERE relnamespace = 'care'::regnamespace AND relkind = 'r' ORDER BY 1"
    )
    parts = [
        f"SELECT '{name}' || md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) AS h"
        f' FROM care."{name}" AS t'
        for (name,) in tables
    ]
    more = (
        "SELECT string_agg(relname || relacl::text || relrowsecurity, ' ' ORDER BY oid) FROM pg_class",
        "SELECT string_agg(r::text, ' ' ORDER BY rolname) FROM pg_roles AS r",
        "SELECT string_agg(oid::text, ' ') FROM pg_largeobject_metadata",
        "SELECT string_agg(p::text, ' ' ORDER BY p::text) FROM pg_policies AS p",
    )
    return json.dumps(desk.admin(" UNION ALL ".join([*parts, *more])))


def relations(desk: Desk) -> list[tuple[str, list[str]]]:
    """Every table and view of the desk's schemas with its columns."""
    found: dict[str, list[str]] = {}
    for schema, name, column in desk.admin(
        "SELECT n.nspname, c.relname, a.attname FROM pg_class AS c"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE n.nspname LIKE 'care%' AND c.relkind IN ('r', 'v', 'p')"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2, a.attnum"
    ):
        found.setdefault(f'{schema}."{name}"', []).append(f'"{column}"')
    return [*found.items()]


def attempts(desk: Desk, who: str) -> Iterator[str]:
    """Everything that might be tried by plain SQL, a statement each."""
    for relation, columns in relations(desk):
        yield f"SELECT * FROM {relation}"
        yield f"TABLE {relation}"
        yield f"COPY {relation} TO STDOUT"
        yield f"COPY (SELECT * FROM {relation}) TO STDOUT"
        yield f"SELECT count(*) FROM {relation}"
        for column in columns:
            yield f"SELECT {column} FROM {relation}"
            yield f"UPDATE {relation} SET {column} = {column}"
            yield f"SELECT 1 FROM {relation} WHERE CAST({column}::text AS int) = 1"
        yield f"INSERT INTO {relation} DEFAULT VALUES"
        yield f"INSERT INTO {relation} SELECT * FROM {relation} ON CONFLICT DO NOTHING"
        yield f"DELETE FROM {relation}"
        yield f"TRUNCATE {relation} CASCADE"
        yield f"COPY {relation} FROM PROGRAM 'echo'"
        for mode in ("ACCESS EXCLUSIVE", "EXCLUSIVE", "SHARE", "ROW SHARE"):
            yield f"LOCK TABLE {relation} IN {mode} MODE"
        yield f"SELECT * FROM {relation} FOR UPDATE"
        yield f"MERGE INTO {relation} AS t USING (SELECT 1) AS s ON true WHEN MATCHED THEN DELETE"
        for change in (
            "DISABLE ROW LEVEL SECURITY",
            "OWNER TO CURRENT_USER",
            "RENAME TO x",
            f"DROP COLUMN {columns[0]}",
        ):
            yield f"ALTER TABLE {relation} {change}"
        yield f"GRANT ALL ON {relation} TO CURRENT_USER"
        yield f"CREATE POLICY mine ON {relation} USING (true)"
        yield f"DROP TABLE {relation} CASCADE"
        yield f"DROP VIEW {relation} CASCADE"
        yield f"CREATE INDEX ON {relation} ({columns[0]})"
        yield f"SELECT * FROM {relation} TABLESAMPLE SYSTEM (100)"
        yield f"EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM {relation}"
    yield from _calls(desk)
    yield from _roles(desk, who)
    yield from SESSION


def _calls(desk: Desk) -> Iterator[str]:
    for schema, name, arguments in desk.admin(
        "SELECT n.nspname, p.proname, array(SELECT t::regtype::text FROM unnest(p.proargtypes) AS t)"
        " FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname LIKE 'care%'"
    ):
        yield f"SELECT {schema}.{name}({', '.join(f'NULL::{one}' for one in arguments)})"
        yield f"DROP FUNCTION {schema}.{name}({', '.join(arguments)}) CASCADE"
    for (name,) in desk.admin(
        "SELECT c.oid::regclass::text FROM pg_class AS c"
        " WHERE relkind = 'S' AND relnamespace = 'care'::regnamespace"
    ):
        yield from (
            f"SELECT {call}" for call in (f"nextval('{name}')", f"currval('{name}')", f"setval('{name}', 1)")
        )
        yield f"SELECT * FROM {name}"


def _roles(desk: Desk, who: str) -> Iterator[str]:
    for (role,) in desk.admin("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' "):
        if role == desk.login(who):
            continue
        for change in (
            "SET ROLE {}",
            "SET SESSION AUTHORIZATION {}",
            "GRANT {} TO CURRENT_USER",
            "ALTER ROLE {} LOGIN PASSWORD 'x'",
        ):
            yield change.format(f'"{role}"')
        yield "SELECT * FROM care_contact.cases"
    for place in SCHEMAS:
        for change in (
            f"CREATE TABLE {place}.t (x int)",
            f"CREATE VIEW {place}.v AS SELECT 1",
            f"ALTER SCHEMA {place} RENAME TO s",
        ):
            yield change
    for right in ("SUPERUSER", "BYPASSRLS", "CREATEROLE", "REPLICATION", "NOINHERIT"):
        yield f"ALTER ROLE CURRENT_USER {right}"


SESSION: Final = (
    "SET row_security = off",
    "SELECT * FROM care_contact.cases",
    "SELECT * FROM care_contact.events",
    "RESET row_security",
    "SET search_path = care, public",
    "SELECT * FROM cases",
    "RESET search_path",
    *(
        f"SELECT * FROM pg_catalog.{name}"
        for name in (
            "pg_stats",
            "pg_stats_ext",
            "pg_statistic",
            "pg_statistic_ext_data",
            "pg_authid",
            "pg_largeobject",
            "pg_stat_activity",
            "pg_prepared_statements",
            "pg_cursors",
            "pg_shadow",
            "pg_user_mapping",
            "pg_roles",
            "pg_locks",
            "pg_stat_replication",
            "pg_file_settings",
            "pg_hba_file_rules",
            "pg_subscription",
            "pg_seclabels",
            "pg_description",
            "pg_db_role_setting",
        )
    ),
    "SELECT pg_get_functiondef(p.oid) FROM pg_proc AS p WHERE proname ~ 'actor'",
    "SELECT pg_read_file('pg_hba.conf')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_get(oid) FROM pg_largeobject_metadata",
    "SELECT lo_import('/etc/passwd')",
    "CREATE TEMP TABLE t AS SELECT 1",
    "CREATE TEMP TABLE actors (role name, email text)",
    "CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE sql COST 0.0000001 AS 'SELECT true'",
    "CREATE FUNCTION public.leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "CREATE FUNCTION care_contact.leak(text) RETURNS bool LANGUAGE sql AS 'SELECT true'",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION dblink",
    "CREATE PUBLICATION p FOR ALL TABLES",
    "CREATE EVENT TRIGGER t ON ddl_command_start EXECUTE FUNCTION care.events_keep()",
    "DO $$ BEGIN EXECUTE 'SELECT * FROM care.events'; END $$",
    "DO $$ BEGIN PERFORM set_config('session_authorization', 'postgres', false); END $$",
    "SELECT set_config('role', 'postgres', false)",
    "SELECT * FROM care_contact.cases WHERE 1 / (number - 2) = 0",
    "SELECT * FROM care_contact.cases WHERE CAST(subject AS int) = 1",
    "SELECT query_to_xml('SELECT * FROM care.cases', true, false, '')",
    "SELECT table_to_xml('care.cases', true, false, '')",
    "SELECT schema_to_xml('care', true, false, '')",
    "SELECT database_to_xml(true, false, '')",
    "SELECT ts_stat('SELECT words FROM care.search')",
    "SELECT has_table_privilege('care.cases', 'select')",
    "VACUUM FULL",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    "SELECT pg_notify('care', 'x')",
)


def answers(desk: Desk, who: str, statements: Iterable[str]) -> list[tuple[str, str]]:
    """What psql answers somebody's own login to each statement; no statement is repeated in an answer."""
    asked = [*statements]
    script = "\\set VERBOSITY terse\n" + "".join(
        f"\\echo @@{n}\nBEGIN;\n{one};\nCOMMIT;\n" if not _session(one) else f"\\echo @@{n}\n{one};\n"
        for n, one in enumerate(asked)
    )
    ran = subprocess.run(
        ["psql", "-X", "-A", "-t", "-q", desk.url(desk.login(who)), "-f", "-"],
        input=script.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=240,
    )
    parts = re.split(r"^@@(\d+)\n", ran.stdout.decode(), flags=re.MULTILINE)
    told = {int(n): text for n, text in zip(parts[1::2], parts[2::2], strict=True)}
    assert told.keys() == {*range(len(asked))}, ran.stdout[-500:]
    return [(one, told[n]) for n, one in enumerate(asked)]


def _session(statement: str) -> bool:
    """Whether a statement is for the whole session rather than a transaction of its own."""
    return statement.startswith(("SET ", "RESET ", "VACUUM"))


def leaks(answered: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The answers that tell of another account, or of what is inside."""
    return [(one, text[:300]) for one, text in answered if CANARIES.search(text)]


READS: Final = ("SELECT", "TABLE", "COPY (", "EXPLAIN")


def test_no_attempt_by_psql_sees_or_changes_anything(desk: Desk) -> None:
    """DC-3: by a real psql nothing of another account, nothing internal, nothing changed, whatever is tried."""
    with desk.session() as other:
        other.execute(f"SELECT '{FOREIGN} is asked for by somebody else'".encode())
        before = whole(desk)
        tried = [*attempts(desk, DANA)]
        answered = answers(desk, DANA, tried)
        assert len(tried) > 2_500
        assert leaks(answered) == []
        assert whole(desk) == before
    outside = [one for one, text in answered if re.search(r" care(_staff)?\.\"", one) and "ERROR" not in text]
    assert outside == []
    own_group = f'SET ROLE "care_{desk.database}_contact"'
    changing = [
        (one, text)
        for one, text in answered
        if one not in own_group
        and re.match(
            "INSERT|UPDATE|DELETE|TRUNCATE|MERGE|ALTER|GRANT|DROP|CREATE|LOCK|COPY [^(]* FROM|SET (ROLE|SESSION)",
            one,
        )
        and not re.search("ERROR|WARNING: +no privileges", text)
    ]
    assert changing == []


def test_no_attempt_by_staff_sees_what_is_for_admins(desk: Desk) -> None:
    """SR-1: an agent's own login gets no word of a data-privacy request, whatever is tried."""
    for table in ("cases", "events", "attachments", "search", "search_notes", "outbox", "timers"):
        found = desk.admin(f"SELECT 1 FROM care.{table} AS t WHERE t::text ~* '{SECRET}' OR t::text ~ '[(,]6,'")
        assert found, table
    before = whole(desk)
    answered = answers(desk, SAM, attempts(desk, SAM))
    assert any("Calls drop" in text for _, text in answered)
    assert [(one, text[:300]) for one, text in answered if SECRETS.search(text)] == []
    assert whole(desk) == before


HOLDING: Final = (
    *("LOCK TABLE {} IN EXCLUSIVE MODE", "LOCK TABLE {} IN ROW SHARE MODE", "LOCK TABLE {} IN ACCESS SHARE MODE"),
    *("PREPARE p{n} AS SELECT * FROM {} FOR UPDATE", "PREPARE q{n} AS DELETE FROM {}"),
)


@pytest.mark.parametrize("who", [DANA, SAM, "stranger"])
def test_no_other_login_holds_up_who_writes(desk: Desk, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """DC-4: whatever a login of the database locks that is not the desk's own, commands and ticks go on."""
    monkeypatch.setattr(store, "BUSY_S", 1)
    if who == "stranger":
        desk.admin('CREATE ROLE "stranger" LOGIN')
        desk.admin(f'GRANT CONNECT ON DATABASE "{desk.database}" TO "stranger"')
    with desk.session(who if who == "stranger" else desk.login(who)) as session, session.transaction():
        held = 0
        for n, (relation, _) in enumerate(relations(desk)):
            for one in HOLDING:
                with suppress(psycopg.errors.DatabaseError), session.transaction():
                    session.execute(one.format(relation, n=n).encode())
                    held += 1
        for n in range(9):
            session.execute(f"SELECT pg_advisory_lock({CLASS}, {n})".encode())
        assert held > 20 or who == "stranger"
        assert desk(BOB, "update", "2", "-m", "held up?").status == 0
        assert desk(ADA, "tick").status == 0
        raise psycopg.Rollback
    desk.admin('DROP OWNED BY "stranger"; DROP ROLE "stranger"' if who == "stranger" else "SELECT 1")


def test_a_dump_by_an_own_login_fails(desk: Desk) -> None:
    """DC-3: pg_dump gets nothing of the desk's tables."""
    for more in (["-n", "care"], ["-n", "care_contact", "--enable-row-security"], []):
        dump: list[str | Path] = [desk.server.bin / "pg_dump", "-a", *more, desk.url(desk.login(DANA))]
        ran = subprocess.run(dump, capture_output=True, check=False, timeout=240)
        assert ran.returncode != 0 or b"COPY " not in ran.stdout
        assert not CANARIES.search(ran.stdout.decode())


@pytest.mark.parametrize(
    ("who", "place", "kept"), [(DANA, "care_contact", CANARIES), (SAM, "care_staff", SECRETS)]
)
def test_a_condition_sees_no_row_that_is_not_seen(desk: Desk, who: str, place: str, kept: re.Pattern[str]) -> None:
    """DC-3, SR-1: a function that seems to cost nothing and tells what it is given is given nothing else."""
    role = desk.login(who)
    heard: list[str] = []
    desk.admin(f'GRANT TEMPORARY ON DATABASE "{desk.database}" TO "{role}"')
    try:
        with desk.session(role) as session:
            session.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
            session.execute(
                "CREATE FUNCTION pg_temp.leak(text) RETURNS bool LANGUAGE plpgsql IMMUTABLE COST 0.0000001"
                " AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"
            )
            for relation, columns in relations(desk):
                if relation.startswith(f"{place}."):
                    for column in columns:
                        session.execute(f"SELECT 1 FROM {relation} WHERE pg_temp.leak({column}::text)".encode())
    finally:
        desk.admin(f'REVOKE TEMPORARY ON DATABASE "{desk.database}" FROM "{role}"')
    assert any("Calls drop" in text for text in heard)
    assert [text for text in heard if kept.search(text)] == []


def test_estimates_tell_nothing_of_others(desk: Desk) -> None:
    """DC-3: the planner guesses alike for a value that others have and for one that nobody has."""
    desk.admin("ANALYZE")
    others = {
        "account": FOREIGN.lower(),
        "contact": BOB,
        "subject": f"{FOREIGN} calls drop".lower(),
        "owner": SAM,
        "status": "awaiting-info",
        "type": "service-request",
        "product_group": "voice",
        "component": "trunk",
    }
    with desk.session(desk.login(DANA)) as session:
        for column, value in others.items():
            plans = [
                session.execute(f"EXPLAIN SELECT * FROM cases WHERE {column} = '{one}'".encode()).fetchall()
                for one in (value, "nobody has this")
            ]
            told, guessed = (re.findall(r"rows=\d+|cost=[\d.]+", str(plan)) for plan in plans)
            assert told == guessed, column
        assert session.execute("SELECT count(*) FROM pg_stats WHERE schemaname LIKE 'care%'").fetchone() == (0,)


def test_explain_tells_no_value_of_others(desk: Desk) -> None:
    """DC-3: what a plan counts as it runs is the same for a value that another's row has and any other."""
    asked = {
        "cases": ("escalated", "severity", "closed", "held", "confidential", "opened_at", "modified_at"),
        "timers": ("fires_at", "kind", "metric"),
        "articles": ("slug", "author", "created_at", "status"),
        "advisories": ("status", "author", "created_at", "place"),
        "subscribers": ("person", "address"),
        "advisory_reads": ("person",),
    }
    how = "EXPLAIN (ANALYZE, BUFFERS OFF, COSTS OFF, TIMING OFF, SUMMARY OFF)"
    with desk.session(desk.login(DANA)) as session:
        for table, columns in asked.items():
            which = "number = 2 AND " if table in {"cases", "timers"} else ""
            for column in columns:
                have = {str(v) for (v,) in desk.admin(f"SELECT {column} FROM care.{table}") if v is not None}
                own = {str(v) for (v,) in session.execute(f"SELECT {column} FROM {table}".encode())}
                none = {"_at": "1999-01-01T00:00:00Z"}.get(column[-3:], "77")
                plans = [
                    session.execute(
                        f"{how} SELECT 1 FROM {table} WHERE {which}{column} = '{v}'".encode()
                    ).fetchall()
                    for v in {*((have - own) if not which else have), none}
                ]
                counts = {
                    "\n".join(line for (line,) in one if not re.search(r"(Filter|Cond): ", line)) for one in plans
                }
                assert len(counts) == 1, (table, column, counts)


def test_explain_tells_staff_no_word_of_what_is_for_admins(desk: Desk) -> None:
    """SR-1: guessing, and halving what is left, a plan answers alike for a text of a hidden case and any other."""
    desk.admin("ANALYZE")
    texts = desk.admin(
        "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = 'care_staff'::regnamespace AND c.relkind = 'v' AND a.atttypid = 'text'::regtype"
    )
    asked = 0
    with desk.session(desk.login(SAM)) as session:
        for table, column in texts:
            if table not in OF_CASES or (table, column) in FOUND_BY:
                continue  # what lists are found by is counted: whose a case is, and how it stands
            have = {v for (v,) in desk.admin(f"SELECT {column} FROM care.{table}")}
            hidden = have - {v for (v,) in session.execute(f"SELECT {column} FROM {table}".encode())} - {None, ""}
            for value in hidden:
                told = {
                    plan(session, f"SELECT 1 FROM {table} WHERE {column} {how}", given)
                    for how, given in (("= %s", value), ("= %s", "nobody has this"), ("= %s", SECRET))
                }
                halves = {
                    plan(session, f"SELECT 1 FROM {table} WHERE number = 6 AND {column} < %s", given)
                    for given in (value, f"{value}~", "")
                    if table in {"cases", "events", "attachments", "outbox"}
                }
                assert (len(told), len(halves) < 2) == (1, True), (table, column, value, told, halves)
                asked += 1
    assert asked > 30


def plan(session: psycopg.Connection[Any], query: str, value: str) -> str:
    """How a query is planned and run, without the words of its conditions."""
    lines = [
        line
        for how in ("COSTS ON", "ANALYZE, BUFFERS OFF, COSTS OFF, TIMING OFF, SUMMARY OFF")
        for (line,) in psycopg.ClientCursor(session).execute(f"EXPLAIN ({how}) {query}".encode(), (value,))
    ]
    return "\n".join(
        line
        for line in lines
        if re.search("rows=|loops=|never executed|Rows Removed", line) and SECRET not in line
    )


def test_a_function_that_anybody_put_into_public_is_never_called(desk: Desk) -> None:
    """DC-3: where everybody may create there, as before PostgreSQL 15, `care` runs nobody else's function."""
    with desk.session() as session:
        session.execute(
            "CREATE FUNCTION public.concat(text, text) RETURNS text LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'called'; END $$"
        )
    try:
        with closing(connect(desk.url())) as db:
            assert db.execute("SELECT concat(CAST('a' AS text), CAST('b' AS text))").fetchone() == ("ab",)
    finally:
        desk.admin("DROP FUNCTION public.concat(text, text)")


def test_notices_tell_only_that_something_was_written(desk: Desk) -> None:
    """DC-3: whoever listens hears no word."""
    with desk.session(desk.login(DANA)) as session:
        session.execute("LISTEN care")
        desk.does(BOB, "update", "2", "-m", f"{FOREIGN} again", now=NOW)
        heard = [*session.notifies(timeout=60, stop_after=1)]
        assert [one.payload for one in heard] == [""]


def test_a_new_table_is_closed(desk: Desk) -> None:
    """DC-3: what a later version adds shows nobody anything, before the roles are applied anew and after."""
    try:
        desk.admin(f"CREATE TABLE care.later AS SELECT '{FOREIGN}' AS word; ALTER TABLE care.later OWNER TO care")
        for _ in range(2):
            for who in (DANA, SAM):
                for sql in (
                    "TABLE care.later",
                    "TABLE later",
                    "TABLE care_contact.later",
                    "TABLE care_staff.later",
                ):
                    with desk.session(desk.login(who)) as session, pytest.raises(psycopg.Error):
                        session.execute(sql.encode())
            assert not desk.does(ADA, "--json", "postgres", "roles", now=NOW).json["settled"] or _
            desk.does(ADA, "postgres", "roles", "--apply", now=NOW)
        assert desk.admin("SELECT relrowsecurity FROM pg_class WHERE oid = 'care.later'::regclass") == [(True,)]
    finally:
        desk.admin("DROP TABLE care.later")
        desk.does(ADA, "postgres", "roles", "--apply", now=NOW)


OPEN: Final = "ALTER POLICY seen ON care.{} USING (true)"
MUTANTS: Final = {
    **{
        f"{name} are everybody's": OPEN.format(name)
        for name in (
            "cases",
            "events",
            "attachments",
            "accounts",
            "contacts",
            "staff",
            "articles",
            "article_versions",
            "advisories",
        )
    },
    **{
        f"the policy of {name} is dropped": f"DROP POLICY seen ON care.{name}"
        for name in ("cases", "events", "attachments", "contacts", "articles", "advisories")
    },
    "no policies on events": "ALTER TABLE care.events DISABLE ROW LEVEL SECURITY",
    "no policies on cases": "ALTER TABLE care.cases DISABLE ROW LEVEL SECURITY",
    "a view that blanks nothing": (
        "CREATE OR REPLACE VIEW care_contact.attachments AS SELECT * FROM care.attachments;"
        " ALTER VIEW care_contact.attachments OWNER TO care"
    ),
    "a contact of all accounts": (
        "CREATE OR REPLACE FUNCTION care.actor_accounts() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER"
        " AS 'SELECT array_agg(name) FROM care.accounts'"
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_the_tests_above_know_a_policy_that_is_missing(desk: Desk, mutant: str) -> None:
    """DC-3: with a policy opened or dropped plain SQL and `care` differ; `roles` tells, and mends it."""
    try:
        desk.admin(mutant)
        assert differences(desk, CHILD if "articles" in mutant else DANA) != []
        assert desk.does(ADA, "--json", "postgres", "roles", now=NOW).json["policies"] == "missing"
    finally:
        assert desk.does(ADA, "--json", "postgres", "roles", "--apply", now=NOW).json["policies"] == "ready"


def test_people_who_come_go_and_move_are_followed(desk: Desk) -> None:
    """ACC-4, DC-3: rows follow the people of this moment; logins follow with the next run, once."""
    role = desk.login(LONG)
    assert len(rows(desk, LONG, "SELECT number FROM cases")) == 1
    with desk.session(role) as session:
        for change, seen in (
            (("edit", LONG, "--access", "basic"), 0),
            (("edit", LONG, "--access", "read-only"), 1),
            (("deactivate", LONG), 0),
        ):
            desk.does(ADA, "contact", *change, now=NOW)
            assert len(session.execute("SELECT number FROM cases").fetchall()) == seen, change
        assert session.execute("SELECT count(*) FROM contacts").fetchone() == (0,)
    ran = desk(LONG, "list", login=role)
    assert ran.status == 4
    told = desk.does(ADA, "--json", "postgres", "roles", now=NOW).json
    assert [(one["role"], one["state"]) for one in told["roles"] if one["state"] != "ready"] == [(role, "extra")]
    desk.does(ADA, "postgres", "roles", "--apply", now=NOW)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"), desk.session(role):
        pass
    before = whole(desk)
    again = desk.does(ADA, "--json", "postgres", "roles", "--apply", now=NOW).json
    assert (again["settled"], again["script"]) == (True, "")
    assert whole(desk) == before
    desk.does(ADA, "contact", "edit", LONG, "--active", "--access", "read-write", now=NOW)
    desk.does(ADA, "postgres", "roles", "--apply", now=NOW)


def test_the_printed_script_is_what_psql_runs(desk: Desk) -> None:
    """DC-3: printed and piped into psql it settles the roles, whatever a name tries."""
    evil = "x'||$$y{staff}`$(z)@abc.example".replace("(", "{").replace(")", "}")
    desk.does(ADA, "contact", "add", evil, "--account", "ABC Co", now=NOW)
    desk.does(ADA, "staff", "add", "o'neil{contact}@desk.example", now=NOW)
    script = desk.does(ADA, "postgres", "roles", now=NOW).out
    psql = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", desk.url()]
    ran = subprocess.run(psql, input=script.encode(), capture_output=True, check=False, timeout=240)
    assert ran.returncode == 0, ran
    told = desk.does(ADA, "--json", "postgres", "roles", now=NOW).json
    assert told["settled"]
    assert {evil, "o'neil{contact}@desk.example"} <= {one["email"] for one in told["roles"]}
    assert rows(desk, evil, "SELECT email FROM me") == [(evil,)]


def test_the_answer_is_as_its_schema_says(desk: Desk) -> None:
    """CLI: `care schema` describes what is answered."""
    told = desk.does(ADA, "--json", "postgres", "roles", now=NOW).json
    assert [*Draft202012Validator(schema_of("postgres roles")).iter_errors(told)] == []


def test_the_desks_own_logins_write(desk: Desk) -> None:
    """DC-5: a login of the service group does all that the owner does, and the log stays append-only for it."""
    service = f"care_{desk.database}_service"
    desk.admin(f'CREATE ROLE "cron_{desk.database}" LOGIN IN ROLE "{service}"')
    ran = desk(DANA, "update", "1", "-m", "by the gate", login=f"cron_{desk.database}")
    assert ran.status == 0, ran
    assert desk(ADA, "tick", login=f"cron_{desk.database}").status == 0
    with desk.session(f"cron_{desk.database}") as session, pytest.raises(psycopg.Error):
        session.execute("UPDATE care.events SET actor = 'x'")
    desk.admin(f'DROP ROLE "cron_{desk.database}"')


def test_a_role_that_sees_more_is_told_of_and_left(desk: Desk) -> None:
    """DC-3: a login that is a superuser's, or reads all data, is none to be given to anybody."""
    name = "strong@desk.example"
    desk.does(ADA, "staff", "add", name, now=NOW)
    desk.admin(f'CREATE ROLE "{name}" LOGIN; GRANT pg_read_all_data TO "{name}"')
    told = desk.does(ADA, "--json", "postgres", "roles", "--apply", now=NOW).json
    assert [(one["state"], one["why"]) for one in told["roles"] if one["email"] == name] == [
        ("too-strong", "pg_read_all_data")
    ]
    desk.admin(f'DROP ROLE "{name}"')


def test_the_desks_own_login_keeps_its_login(desk: Desk) -> None:
    """DC-5: the owner of the tables may belong to a group, as whoever makes it does, and is nobody who went."""
    desk.admin(f'GRANT "care_{desk.database}_staff" TO care WITH ADMIN OPTION')
    try:
        told = desk.does(ADA, "--json", "postgres", "roles", "--apply", now=NOW).json
        assert ([one for one in told["roles"] if one["role"] == "care"], told["settled"]) == ([], True)
        assert desk.admin("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'care'") == [(True,)]
    finally:
        desk.admin(f'REVOKE "care_{desk.database}_staff" FROM care; ALTER ROLE care LOGIN')


def test_who_may_not_make_roles_is_told(desk: Desk) -> None:
    """DC-5: the owner of the tables alone may not; what is missing is said, and nothing is done."""
    ran = desk(ADA, "postgres", "roles", "--apply", login="care")
    assert (ran.status, "CREATEROLE" in ran.err) == (4, True), ran
    ran = desk(SAM, "postgres", "roles")
    assert ran.status == 4, ran
    desk.admin("ALTER ROLE care CREATEROLE")
    try:
        desk.admin("COMMENT ON SCHEMA care_contact IS NULL")
        ran = desk(ADA, "postgres", "roles", "--apply", login="care")
        if desk.server.asked("SHOW server_version_num") < "160000":
            assert ran.status == 0, ran
        else:  # there nobody changes the roles that another has made
            assert (ran.status, "was made by another" in ran.err) == (4, True), ran
            desk.does(ADA, "postgres", "roles", "--apply", now=NOW)
    finally:
        desk.admin("ALTER ROLE care NOCREATEROLE")
    assert differences(desk, DANA) == []


def test_an_owner_that_may_make_roles_makes_all_of_them(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """DC-5: no superuser is needed, on any version of the server."""
    desk = Desk(postgres_server, postgres_server.create(), tmp_path)
    desk.admin("ALTER ROLE care CREATEROLE")
    try:
        for args in (
            ("init", "--email", "root@own.example", "--name", "Root", "--timezone", "UTC"),
            ("account", "add", "Own Co", "--plan", "business-care"),
            ("contact", "add", "ann@own.example", "--account", "Own Co"),
            ("postgres", "roles", "--apply"),
            ("contact", "deactivate", "ann@own.example"),
            ("postgres", "roles", "--apply"),
        ):
            ran = desk("root@own.example", *args, login="care")
            assert ran.status == 0, ran
        told = desk("root@own.example", "--json", "postgres", "roles", login="care").json
        assert (told["settled"], [one["state"] for one in told["roles"]]) == (True, ["ready"])
        assert rows(desk, "root@own.example", "SELECT level FROM me") == [("admin",)]
    finally:
        postgres_server.drop(desk.database)
        desk = desk._replace(database="postgres")
        desk.admin('ALTER ROLE care NOCREATEROLE; ALTER ROLE "root@own.example" NOLOGIN')
