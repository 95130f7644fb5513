"""A server that fails, refuses or is another than was meant: one clear message each, status 6, nothing changed."""

import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cli.acceptance import Ran, Who, care
from cli.test_watching import PATIENCE_S, Watch
from hard.small_desk import ADA, refused, small_desk

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

from postgres_server import ADMIN, PostgresServer, binaries  # noqa: E402 - it needs the driver

pytestmark = pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server on the loopback device, too, with TLS and few connections."""
    with PostgresServer({"max_connections": "12", "superuser_reserved_connections": "3"}) as running:
        yield running


@pytest.fixture(scope="module")
def desk(server: PostgresServer) -> str:
    """The address of a desk with one case."""
    return small_desk(server.url(server.create("desk")))


@pytest.mark.usefixtures("desk")
def test_addresses_that_lead_nowhere(server: PostgresServer) -> None:
    """CLI: no server, no host, no database, no user; each is told apart."""
    folder = quote(str(server.folder), safe="")
    for url, words in {
        "postgresql://ada:geheim@127.0.0.1:1/desk": ("no server answers", "postgresql://ada@127.0.0.1:1/desk"),
        f"postgresql://care@/desk?host={folder}-not&password=geheim": ("no server answers",),
        "postgresql://care@nowhere.invalid/desk": ("host that is not known",),
        f"postgresql://care@/other?host={folder}": ("is not there", "createdb"),
        f"postgresql://nobody@/desk?host={folder}": ("does not know the user",),
        f"postgresql://care@/template1?host={folder}": ("there is no desk", "care init"),
    }.items():
        refused(care("--db", url, "--as", ADA, "list"), *words)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgresql://ada:ge/heim@host/desk", "%2F"),
        ("postgresql://ada:geheim@host:abc/desk", "port= takes a number"),
        ("postgresql:///desk?connect_timeout=geheim", "connect_timeout= takes a number"),
        ("postgresql:///desk?nosuch=geheim", "it knows no nosuch="),
        ("postgresql:///desk?sslmode=geheim", "the address of the database is wrong"),
        ("postgresql:///?service=nosuch", "no such service"),
        ("postgresql://ada:ge%heim@host/desk", "cannot be read"),
        ("mysql://ada:geheim@host/desk", "there is no store for mysql"),
    ],
)
def test_addresses_that_are_none(url: str, word: str) -> None:
    """CLI: refused with exit status 2 and a remedy, without a word of what may be a password."""
    refused(care("--db", url, "--as", ADA, "list"), word, status=2)


def test_too_many_connections(desk: str) -> None:
    """CLI: those who are there go on; who comes is told so."""
    held: list[Any] = []
    try:
        with pytest.raises(psycopg.OperationalError):
            held.extend(psycopg.connect(desk) for _ in range(12))
        refused(Who(desk, ADA)("list"), "too many connections")
    finally:
        for one in held:
            one.close()
    until = time.monotonic() + 60
    while Who(desk, ADA)("list").status and time.monotonic() < until:
        time.sleep(0.1)
    assert Who(desk, ADA)("list").status == 0


def test_what_a_server_may_refuse_in_the_midst(server: PostgresServer, desk: str) -> None:
    """CLI: rights, timeouts, a lock, a database that is only read, tables that are gone: nothing is changed."""
    before = kept(desk)
    update = ("update", "1", "-m", "Written for nothing.")
    with psycopg.connect(server.url("desk", user=ADMIN), autocommit=True) as admin:
        for does, undoes, words in [
            ("ALTER ROLE care SET default_transaction_read_only = on", "", ("can only be read",)),
            ("ALTER ROLE care SET statement_timeout = '1ms'", "", ("statement_timeout",)),
            (
                "ALTER TABLE care.events OWNER TO postgres; REVOKE ALL ON care.events FROM care",
                "ALTER TABLE care.events OWNER TO care",
                ("not open to this user",),
            ),
            (
                "ALTER SCHEMA care RENAME TO away",
                "ALTER SCHEMA away RENAME TO care",
                ("there is no desk",),
            ),
            ("ALTER TABLE care.cases RENAME TO lost", "ALTER TABLE care.lost RENAME TO cases", ("is damaged",)),
        ]:
            admin.execute(does)
            try:
                refused(Who(desk, ADA)(*update), *words)
            finally:
                admin.execute(f"ALTER ROLE care RESET ALL; {undoes}")
    assert kept(desk) == before
    assert Who(desk, ADA)("list").status == 0


def test_the_connection_is_cut_in_the_midst(server: PostgresServer, desk: str) -> None:
    """CLI: an administrator ends it while the command waits for its turn."""
    before = kept(desk)
    with psycopg.connect(desk) as other, psycopg.connect(server.url("desk", user=ADMIN), autocommit=True) as admin:
        other.execute("LOCK TABLE care.cases IN ACCESS EXCLUSIVE MODE")
        cut = threading.Thread(target=cut_off, args=(admin,))
        cut.start()
        refused(Who(desk, ADA)("update", "1", "-m", "Written for nothing."), "was lost in the midst")
        cut.join()
        other.rollback()
    assert kept(desk) == before


def cut_off(admin: Any) -> None:
    """End whoever waits for a lock, as an administrator does."""
    asked = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    while admin.execute(asked).fetchone() != (1,):
        time.sleep(0.01)


def test_another_command_that_writes_for_long(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: whoever waits too long is told that the record is busy."""
    from carecli.store.postgres import store
    from carecli.store.postgres.locks import ALONE

    monkeypatch.setattr(store, "BUSY_S", 0.2)
    with psycopg.connect(desk) as other:
        other.execute(ALONE)
        refused(Who(desk, ADA)("update", "1", "-m", "Written for nothing."), "is busy")
        assert Who(desk, ADA)("list").status == 0


def test_a_database_that_cannot_hold_every_letter(server: PostgresServer) -> None:
    """CLI: refused before anything is made in it."""
    server.admin("CREATE DATABASE latin OWNER care ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    said = refused(care("--db", server.url("latin"), "init", "--email", ADA), "LATIN1", "--encoding=UTF8")
    assert "nothing" not in said
    with psycopg.connect(server.url("latin")) as db:
        assert db.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'care'").fetchone() == (0,)


def test_a_schema_of_somebody_else_or_of_a_newer_care(server: PostgresServer) -> None:
    """CLI: neither is touched; nor is a database in which we may make nothing."""
    url = server.url(server.create("others"))
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("CREATE SCHEMA care; CREATE TABLE care.things (id int)")
        refused(care("--db", url, "init", "--email", ADA), "schema care of another program")
        db.execute("CREATE TABLE care.desk_schema (version int); INSERT INTO care.desk_schema VALUES (999)")
        refused(care("--db", url, "init", "--email", ADA), "made by a newer care")
        db.execute("DROP SCHEMA care CASCADE")
    server.admin("REVOKE CREATE ON DATABASE others FROM care; ALTER DATABASE others OWNER TO postgres")
    refused(care("--db", url, "init", "--email", ADA), "GRANT CREATE ON DATABASE")


@pytest.mark.usefixtures("desk")
def test_a_standby_is_read_and_never_written(server: PostgresServer) -> None:
    """CLI: every view works on a standby; what writes says that it is one, and hosts can be told apart."""
    with server.standby() as standby:
        there = standby.url("desk")
        ada = Who(there, ADA)
        assert ada.json("list", "--all")["cases"][0]["number"] == "0000000001"
        assert ada.json("show", "1")["subject"] == "Calls drop"
        assert ada("search", "drop").status == 0
        refused(ada("update", "1", "-m", "Written for nothing."), "can only be read", "standby")
        refused(Who(there, "system")("tick"), "can only be read")
        hosts = ",".join(quote(str(one.folder), safe="") for one in (standby, server))
        both = f"postgresql://care@/desk?host={hosts}&target_session_attrs="
        assert Who(f"{both}read-write", ADA)("update", "1", "-m", "Found the primary.").status == 0
        refused(Who(f"{there}&target_session_attrs=read-write", ADA)("list"), "target_session_attrs")
        until = time.monotonic() + 60
        while "Found the primary." not in ada("show", "1").out and time.monotonic() < until:
            time.sleep(0.05)
        assert "Found the primary." in ada("show", "1").out


@pytest.mark.usefixtures("desk")
def test_a_standby_is_copied_to_a_file(server: PostgresServer, tmp_path: Path) -> None:
    """AUD-2: all of it, although nothing can be noted there; the primary knows its copy as a backup."""
    with server.standby() as standby:
        for number, there in enumerate((standby.url("desk"), server.url("desk"))):
            copied = str(tmp_path / f"copy{number}.db")
            Who(there, ADA).json("copy", "--to", copied)
            assert Who(copied, ADA)("verify").status == 0
            noted = [one["path"] for one in Who(there, ADA).json("backup", "--list")["backups"]]
            assert noted == [copied] * number
        refused(Who(standby.url("desk"), ADA)("copy", "--to", server.url("desk")), "no copy of this one", status=5)


def test_the_server_of_a_copy_stops_in_the_midst(desk: str) -> None:
    """AUD-2: status 6, the desk as it was; repeated when the server is back the copy goes on, and is whole."""
    ada, ran = Who(desk, ADA), list[Ran]()
    with PostgresServer() as other:
        there = other.url(other.create("copy"))
        ada.json("copy", "--to", there)
        with closing(psycopg.connect(there)) as held:
            held.execute("LOCK TABLE care.accounts IN ACCESS EXCLUSIVE MODE")
            copies = threading.Thread(target=lambda: ran.append(ada("copy", "--to", there)))
            copies.start()
            while other.asked("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == "0":
                time.sleep(0.01)
            other.stop()
            copies.join()
        refused(ran[0], "postgresql://")
        other.start()
        assert ada("copy", "--to", there).status == 0
        assert Who(there, ADA)("verify").status == 0


def test_a_server_that_starts_is_waited_for() -> None:
    """CLI: for some seconds a server that is not ready yet is no failure."""
    from carecli.store.postgres.trouble import is_passing

    for word in ("starting up", "shutting down", "not yet accepting connections", "in recovery mode"):
        assert is_passing(psycopg.OperationalError(f"FATAL:  the database system is {word}"))
    assert not is_passing(psycopg.OperationalError("FATAL:  the database system is older"))


def kept(desk: str) -> object:
    """How much is on record."""
    with psycopg.connect(desk) as db:
        return db.execute("SELECT count(*), max(digest) FROM care.events").fetchone()


def test_json_tells_the_same() -> None:
    """CLI: scripts are told by one document."""
    ran = care("--db", "postgresql://a:geheim@127.0.0.1:1/x", "--as", ADA, "--json", "list")
    error = json.loads(ran.err)["error"]
    assert (ran.status, error["code"]) == (6, "database")
    assert "heim" not in ran.err


def test_care_alone_where_there_is_no_desk_yet(server: PostgresServer) -> None:
    """CLI: it names what to do first, as with a file, whoever asks; and makes nothing."""
    empty, none = server.url(server.create()), server.url("nobody_made_it")
    for who in ((), ("--as", ADA), ("--as", "system")):
        page = care("--db", empty, *who, "--json").json
        assert (page["desk"], page["reason"], page["database"]) == (None, "no-database", empty)
        steps = ["care demo", "care init --email YOU@EXAMPLE --timezone ZONE", "care --help"]
        assert [step["command"] for step in page["steps"]] == steps
        page = care("--db", none, *who, "--json").json
        assert [step["command"] for step in page["steps"]] == [steps[0], "createdb NAME", *steps[1:]]
        assert "there is no desk at" in care("--db", empty, *who).out
        refused(care("--db", "postgresql://care@127.0.0.1:1/desk", *who), "no server answers")
    with psycopg.connect(empty) as db:
        assert db.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'care'").fetchone() == (0,)


def test_care_alone_where_there_is_one(desk: str) -> None:
    """CLI: whoever is nobody yet is told how to be somebody."""
    assert care("--db", desk, "--json").json["reason"] == "no-actor"
    assert care("--db", desk, "--as", "system", "--json").json["reason"] == "system"
    assert care("--db", desk, "--as", ADA, "--json").json["actor"]["email"] == ADA


def test_no_place_is_asked_for_where_none_would_do(desk: str) -> None:
    """AUD-2: `care backup` says of a server at once what to use instead, with a place and without."""
    for place in ((), ("/backups",)):
        refused(Who(desk, ADA)("backup", *place), "its server makes its backups", "care copy --to FILE", status=5)


def test_a_watch_goes_on_where_there_has_been_a_desk(tmp_path: Path) -> None:
    """TICK-2: a server that is away is waited for; no desk in it ends a watch that never saw one, and no other."""
    with PostgresServer() as own:
        url = own.url(own.create("watched"))
        args = ("--db", url, "tick", "--watch", "1", "--format", "jsonl")
        own.stop()
        early = Watch(tmp_path, *args)
        early.until(lambda watch: "no server answers" in watch.err)
        own.start()
        assert early.run.wait(PATIENCE_S) == 6
        assert early.err.endswith("  `care init` makes one\n"), early.err

        Who(url, ADA).json("init", "--email", ADA)
        late = Watch(tmp_path, *args)
        late.until(lambda watch: watch.out)
        with psycopg.connect(own.url("watched", user=ADMIN), autocommit=True) as admin:
            admin.execute("ALTER SCHEMA care RENAME TO away")
            late.until(lambda watch: "there is no desk in the database" in watch.err)
            admin.execute("ALTER SCHEMA away RENAME TO care")
        seen = late.out
        late.until(lambda watch: watch.out != seen)
        assert late.ended(signal.SIGTERM) == 0
