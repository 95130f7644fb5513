"""What PostgreSQL itself brings back of a desk: a dump, and a standby that takes over (AUD-2)."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from cli.acceptance import PATIENCE_S, Who
from hard.small_desk import ADA, DANA, small_desk

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

from postgres_server import ADMIN, PostgresServer, binaries  # noqa: E402 - it needs the driver

from carecli.errors import DatabaseUnusable  # noqa: E402
from carecli.store.opening import open_store  # noqa: E402

pytestmark = pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server with roles of its own."""
    with PostgresServer() as running:
        yield running


def run(server: PostgresServer, program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs, which has to go well."""
    done = subprocess.run([server.bin / program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def seen_by_dana(server: PostgresServer, desk: str) -> list[str]:
    """The accounts whose cases Dana's own login reads in a database."""
    with psycopg.connect(server.url(desk, user=ADMIN)) as db:
        (role,) = db.execute("SELECT role FROM care.actors WHERE email = %s", (DANA,)).fetchone() or ("",)
    with psycopg.connect(server.url(desk, user=role)) as db:
        return [account for (account,) in db.execute("SELECT DISTINCT account FROM care_contact.cases")]


@pytest.mark.parametrize("people", [False, True], ids=["the desk's login alone", "people's own logins"])
def test_a_dump_comes_back_whole(server: PostgresServer, tmp_path: Path, people: bool) -> None:
    """AUD-2, DC-3: the manual's words, typed: the same seal, and people's logins see what they saw, no more."""
    ada = Who(small_desk(server.url(server.create("desk"))), ADA)
    ada.json("account", "add", "Other", "--plan", "care", "--deployment", "X", "--service", "Y")
    if people:
        Who(server.url("desk", user=ADMIN), ADA).json("postgres", "roles", "--apply")
    seal = ada("verify", "--seal", "-q").out
    file = str(tmp_path / "desk.dump")
    run(server, "pg_dump", "-Fc", "-f", file, "-d", server.url("desk", user=ADMIN))
    server.create("back")
    options = ("--exit-on-error", "--single-transaction")
    run(server, "pg_restore", *options, "-d", server.url("back", user=ADMIN), file)
    back = Who(server.url("back"), ADA)
    assert (back("verify", "--seal", "-q").out, back("verify").status) == (seal, 0)
    if people:
        Who(server.url("back", user=ADMIN), ADA).json("postgres", "roles", "--apply")
        assert seen_by_dana(server, "back") == seen_by_dana(server, "desk") != []
    assert back("update", "1", "-m", "We go on from the dump.").status == 0
    assert back("verify").status == 0


def test_a_standby_that_has_to_go_on_ends_a_long_reading(server: PostgresServer) -> None:
    """CLI: what its primary did keeps it from following while somebody reads: one message that says so."""
    desk = server.create("desk")
    small_desk(server.url(desk))
    with server.standby({"max_standby_streaming_delay": "0"}) as standby:
        with pytest.raises(DatabaseUnusable, match="it is a standby") as told:
            read_for_long(standby.url(desk), server.url(desk))
        assert "hot_standby_feedback" in str(told.value.hint)


def read_for_long(there: str, primary: str) -> None:
    """Read at a standby, in one transaction, until it hears of a table that somebody locked at the primary."""
    with closing(open_store(there)) as store, store.read() as reading:
        reading.log_end()
        with psycopg.connect(primary) as db:
            db.execute("LOCK TABLE care.events IN ACCESS EXCLUSIVE MODE")
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            reading.log_end()


def test_a_standby_that_takes_over_goes_on_with_the_desk(server: PostgresServer) -> None:
    """AUD-2: the primary is gone: the same address finds the promoted standby, with all that was acknowledged."""
    small_desk(server.url(server.create("desk")))
    with server.standby() as standby:
        server.restart({"synchronous_standby_names": "*", "synchronous_commit": "remote_apply"})
        hosts = ",".join(quote(str(one.folder), safe="") for one in (server, standby))
        ada = Who(f"postgresql://care@/desk?host={hosts}&target_session_attrs=read-write", ADA)
        assert ada("update", "1", "-m", "The last one there.").status == 0
        seal = ada("verify", "--seal", "-q").out
        server.stop("immediate")
        ada("list").refused(6)
        standby.admin("SELECT pg_promote(true, 60)")
        assert ada("verify", "--seal", "-q").out == seal
        assert ada("update", "1", "-m", "And the first one here.").status == 0
        assert ada("verify").status == 0
        assert "The last one there." in ada("show", "1").out
