"""A server that fails, refuses or is another than was meant: one clear message each, status 6, nothing changed."""

import json
import os
import socket
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from cli.acceptance import FORM, Ran, Who, care, shell

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

from postgres_server import ADMIN, PostgresServer, binaries  # noqa: E402 - it needs the driver

from carecli.store.postgres.connection import connect  # noqa: E402

pytestmark = pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")

ADA, DANA = "ada@desk.example", "dana@abc.example"
PASSWORD: Final = "h\u00fcbsch:ge/heim@1 %"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server on the loopback device, too, with TLS and few connections."""
    with PostgresServer({"max_connections": "12", "superuser_reserved_connections": "3"}) as running:
        yield running


@pytest.fixture(scope="module")
def desk(server: PostgresServer) -> str:
    """The address of a desk with one case."""
    url = server.url(server.create("desk"))
    ada = Who(url, ADA)
    ada.json("init", "--email", ADA, "--name", "Ada Park")
    ada.json("account", "add", "ABC", "--plan", "business-care", "--deployment", "East", "--service", "Voice")
    ada.json("contact", "add", DANA, "--account", "ABC", "--trained")
    ada.json("open", "--account", "ABC", "--contact", DANA, *FORM)
    return url


def refused(ran: Ran, *words: str, status: int = 6) -> str:
    """One message with a remedy, and neither a trace nor a password: what it says."""
    assert (ran.status, ran.out) == (status, ""), ran
    assert ran.err.startswith("care: ")
    assert ran.err.count("\n") == 2, ran.err
    assert "heim" not in ran.err
    for word in words:
        assert word in ran.err, ran.err
    return ran.err


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
    until = time.monotonic() + 10
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
    from carecli.store.postgres.locks import RECORD, alone

    monkeypatch.setattr(store, "BUSY_S", 0.2)
    with psycopg.connect(desk) as other:
        other.execute(f"SELECT {alone(RECORD)}")
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
        until = time.monotonic() + 10
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


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostgresServer, Path]]:
    """A server that lets people in by TLS and password alone, with its authority's certificate."""
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    folder = tmp_path_factory.mktemp("tls")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "other.pem"))
    issued = authority.issue_cert("localhost", "127.0.0.1")
    with PostgresServer({"listen_addresses": "127.0.0.1", "port": str(free_port())}) as running:
        key = running.keep("key.pem", issued.private_key_pem.bytes())
        chain = running.keep("cert.pem", b"".join(one.bytes() for one in issued.cert_chain_pems))
        running.restart({"ssl": "on", "ssl_key_file": str(key), "ssl_cert_file": str(chain)})
        running.admit(["hostssl desk ada 127.0.0.1/32 scram-sha-256"])
        with psycopg.connect(running.url("postgres", user=ADMIN), autocommit=True) as admin:
            admin.execute(psycopg.sql.SQL("CREATE ROLE ada LOGIN PASSWORD {}").format(PASSWORD))
            admin.execute("CREATE DATABASE desk OWNER ada TEMPLATE template0")
        yield running, folder


def free_port() -> int:
    """A port of the loopback device that nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_passwords_and_certificates(secured: tuple[PostgresServer, Path], tmp_path: Path) -> None:
    """CLI: TLS that is held against the authority, a service, a password file; no password is ever shown."""
    server, folder = secured
    port = server.settings["port"]
    trusted = f"sslmode=verify-full&sslrootcert={folder}/ca.pem"
    host = f"127.0.0.1:{port}/desk"
    written = f"postgresql://ada:{quote(PASSWORD, safe='')}@{host}?{trusted}"
    home: Any = {"XDG_CONFIG_HOME": str(tmp_path), "CARE_AS": ADA}
    made = shell("--db", written, "init", "--email", ADA, **home)
    assert made.status == 0, made
    assert "heim" not in made.out + made.err
    assert "~/.pgpass" in made.err
    config = tmp_path / "care" / "config.toml"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert shell("list", **home).status == 0, "by the address in the file, with its password"

    refused(
        care("--db", f"postgresql://ada@{host}?{trusted}", "--as", ADA, "list"), "asks for a password", "pgpass"
    )
    wrong = f"postgresql://ada:geheim@{host}?{trusted}"
    refused(care("--db", wrong, "--as", ADA, "list"), "refuses the user or the password")
    other = trusted.replace("ca.pem", "other.pem")
    refused(
        care("--db", f"postgresql://ada:geheim@{host}?{other}", "--as", ADA, "list"),
        "certificate that is not trusted",
    )
    gone = trusted.replace("ca.pem", "gone.pem")
    refused(care("--db", f"postgresql://ada:geheim@{host}?{gone}", "--as", ADA, "list"), "file of authorities")
    refused(care("--db", f"postgresql://ada:geheim@{host}?sslmode=disable", "--as", ADA, "list"), "without TLS")

    passwords = tmp_path / "passwords"
    passwords.write_text(f"*:*:*:ada:{PASSWORD.replace(':', chr(92) + ':')}\n")
    passwords.chmod(0o600)
    services = tmp_path / "services"
    services.write_text(
        f"[care]\nhost=127.0.0.1\nport={port}\ndbname=desk\nuser=ada\nsslmode=verify-full\nsslrootcert={folder}/ca.pem\n"
    )
    by_file = f"postgresql://ada@{host}?{trusted}&passfile={passwords}"
    assert care("--db", by_file, "--as", ADA, "list").status == 0
    os.environ |= {"PGSERVICEFILE": str(services), "PGPASSFILE": str(passwords)}
    try:
        assert care("--db", "postgresql:///?service=care", "--as", ADA, "list").status == 0
    finally:
        del os.environ["PGSERVICEFILE"], os.environ["PGPASSFILE"]


def test_a_host_that_vanishes_is_missed_within_minutes(secured: tuple[PostgresServer, Path]) -> None:
    """DC-4: what it had locked is free then, not after hours; unless the address says otherwise."""
    server, _ = secured
    place = f"ada:{quote(PASSWORD, safe='')}@127.0.0.1:{server.settings['port']}/desk?sslmode=require"
    for more, expected in (("", ["30", "10", "3", "60000"]), (HOURS, ["7000", "10", "3", "60000"])):
        with closing(connect(f"postgresql://{place}{more}")) as db:
            assert [db.execute(f"SHOW tcp_{name}").fetchone() for name in KEPT_ALIVE] == [
                (one,) for one in expected
            ]


KEPT_ALIVE = ("keepalives_idle", "keepalives_interval", "keepalives_count", "user_timeout")
HOURS = "&options=-c%20tcp_keepalives_idle%3D7000"


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
