"""A desk's tables in a PostgreSQL database: made and brought up to date once, by whoever comes first (AUD-2)."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Final

import pytest

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

from postgres_server import ADMIN, PostgresServer  # noqa: E402 - it needs the driver

from carecli.errors import CareError, DatabaseUnusable, NotPermitted  # noqa: E402
from carecli.store.postgres import schema  # noqa: E402
from carecli.store.postgres.store import PostgresStore, is_current, open_store  # noqa: E402

HOSTS = 8


@pytest.fixture
def empty(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a database without anything in it."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


def opened(url: str) -> int:
    """Open the record and tell the schema that it has then."""
    with closing(open_store(url)) as store:
        return schema.version(store.db)


def at_once(url: str) -> list[int]:
    """The same from several hosts at once."""
    with ThreadPoolExecutor(HOSTS) as hosts:
        return list(hosts.map(opened, [url] * HOSTS))


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A care whose schema is one newer."""
    monkeypatch.setattr(schema, "VERSION", 21)
    script = [(21, "CREATE TABLE care.added (id bigint); SELECT pg_sleep(0.1)")]
    monkeypatch.setattr(schema, "_scripts", lambda found: [one for one in script if one[0] > found])


def test_a_first_use_by_several_hosts_at_once(empty: str) -> None:
    """AUD-2: one makes the tables, the others wait for it, and none is told of trouble."""
    assert not is_current(empty)
    with pytest.raises(DatabaseUnusable, match="there is no desk"):
        open_store(empty, create=False)
    assert at_once(empty) == [20] * HOSTS
    assert is_current(empty)


@pytest.mark.usefixtures("newer")
def test_an_upgrade_by_several_hosts_at_once(postgres_url: str) -> None:
    """AUD-2: it is done once; whoever has the older program then is told to upgrade it."""
    assert not is_current(postgres_url)
    assert at_once(postgres_url) == [21] * HOSTS
    with pytest.MonkeyPatch.context() as older:
        older.setattr(schema, "VERSION", 20)
        with pytest.raises(DatabaseUnusable, match="made by a newer care"):
            open_store(postgres_url)


@pytest.mark.usefixtures("newer")
def test_who_may_not_upgrade_is_told_who_may(postgres_server: PostgresServer, postgres_url: str) -> None:
    """AUD-2: nothing is half done, and the owner's next command does it."""
    name = postgres_url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(postgres_server.url(name, user=ADMIN), autocommit=True) as admin:
        admin.execute("CREATE ROLE helper LOGIN")
        try:
            admin.execute("GRANT USAGE ON SCHEMA care TO helper")
            admin.execute("GRANT ALL ON ALL TABLES IN SCHEMA care TO helper")
            with pytest.raises(DatabaseUnusable, match="helper may not bring it up to date") as refused:
                open_store(postgres_server.url(name, user="helper"))
            assert "as the user to whom its tables belong" in str(refused.value.hint)
        finally:
            admin.execute("DROP OWNED BY helper; DROP ROLE helper")
    assert opened(postgres_url) == 21


def test_a_transaction_that_is_begun_anew(postgres_url: str) -> None:
    """DC-4: what a refusal undoes goes, what is counted of it then stays, and nobody else comes between."""
    with closing(open_store(postgres_url)) as store:
        with store.write() as writing:
            writing.put_last_number(writing.next_number() + 40)
            writing.begin_anew()
            number = writing.next_number()
            writing.begin_anew()
            assert writing.next_number() == number
            with (
                closing(open_store(postgres_url)) as other,
                pytest.raises(DatabaseUnusable, match="is busy"),
                other.write(patience_s=0.05),
            ):
                pass
        with store.write() as writing:
            assert writing.next_number() == number + 1
        assert store.migrated is None
        assert store.scrub() is False


def test_what_a_transaction_leaves_behind_to_be_known_by(postgres_url: str) -> None:
    """AUD-1: one number for each that wrote, none for others; those of long ago go."""
    from carecli.store.postgres import commits

    with closing(open_store(postgres_url)) as store:
        before = left(store)
        with store.write() as writing:
            writing.log_length()
        assert left(store) == before
        with store.write() as writing:
            writing.next_number()
        assert left(store) == before + 1
        with store.write() as writing:
            writing.next_number()
            token = commits.leave_token(store.db)
        assert token is not None
        commits.settle(token, postgres_url, set()).close()
        with pytest.raises(DatabaseUnusable, match="left nothing behind"):
            commits.settle(token + 1, postgres_url, {7})


STEADY = "&options=-c%20default_transaction_isolation%3Dserializable"


def test_what_became_of_a_transaction_is_seen_as_of_its_end(postgres_url: str) -> None:
    """AUD-1: whoever asks waits for a process that may still keep it, also where snapshots last by default."""
    from carecli.store.postgres import commits

    with ThreadPoolExecutor(1) as asking, closing(open_store(postgres_url)) as store:
        with closing(open_store(postgres_url)) as looking, store.write() as writing:
            writing.next_number()
            token = commits.leave_token(store.db)
            assert token is not None
            settled = asking.submit(commits.settle, token, postgres_url + STEADY, set())
            while not looking.db.execute(WAITING).fetchone():
                assert not settled.done()
        settled.result().close()


WAITING = """SELECT 1 FROM pg_locks WHERE locktype = 'relation' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


def test_who_stands_still_in_the_midst_of_writing_is_undone(postgres_url: str) -> None:
    """DC-4: a command that was stopped keeps others waiting for minutes at most; readers keep nobody waiting."""
    assert ends_if_still(postgres_url) == ("10min", "0")
    given = f"{postgres_url}&options=-c%20idle_in_transaction_session_timeout%3D20min"
    assert ends_if_still(given) == ("20min", "20min")


def ends_if_still(url: str) -> tuple[str, str]:
    """After how long a transaction that writes is undone, and one that reads."""
    asked = "SELECT current_setting('idle_in_transaction_session_timeout')"
    with closing(open_store(url)) as store:
        with store.write():
            [(writing,)] = store.db.execute(asked).fetchall()
        with store.read():
            [(reading,)] = store.db.execute(asked).fetchall()
    return writing, reading


def left(store: PostgresStore) -> int:
    """How many transactions left something behind."""
    return int(store.db.raw.execute("SELECT count(*) FROM commits").fetchall()[0][0])


def test_a_server_that_does_not_come_back(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AUD-1: what is not known is said not to be, and where to look."""
    from carecli.store.postgres import commits

    monkeypatch.setattr(commits, "SETTLING_S", 0.3)
    gone = f"postgresql://care@/desk?host={postgres_server.folder}-gone"
    with pytest.raises(CareError, match="not known whether it was") as unknown:
        commits.settle(1, gone, {7})
    assert not isinstance(unknown.value, NotPermitted)
    assert "care show 0000000007" in str(unknown.value.hint)
    with pytest.raises(DatabaseUnusable) as unknown_too:
        commits.settle(1, gone, set())
    assert "care list" in str(unknown_too.value.hint)


def test_a_session_that_another_command_has_had(postgres_url: str) -> None:
    """DC-4: refused as it is opened, and at the next transaction where it is somebody else's by then."""
    with pytest.raises(DatabaseUnusable, match="behind a pooler"):
        open_store(f"{postgres_url}&options=-c%20care.session%3Danother")
    with closing(open_store(postgres_url)) as store:
        store.db.raw.execute("SET care.session = 'another'")
        with store.read() as reading:
            assert reading.log_length() == 0, "the server itself gives nobody else's"
        store.db._pid += 1  # as behind a pooler, which tells a number of its own
        with pytest.raises(DatabaseUnusable, match="behind a pooler") as refused, store.read():
            pass
        assert "pool_mode = session" in str(refused.value.hint)


POOLER: Final = """
[databases]
{database} = host={folder} port=5432
[pgbouncer]
listen_addr =
unix_socket_dir = {pool}
listen_port = 6432
auth_type = trust
auth_file = {pool}/users
pool_mode = {mode}
default_pool_size = 4
"""


@contextmanager
def pooled(server: PostgresServer, database: str, mode: str) -> Iterator[str]:
    """The address of a database behind a PgBouncer of our own."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("PgBouncer is not installed")
    pool = server.folder / f"pool-{mode}"
    pool.mkdir()
    server.own(pool)
    server.keep(f"{pool.name}/users", b'"care" ""\n')
    words = POOLER.format(database=database, folder=server.folder, pool=pool, mode=mode)
    file = server.keep(f"{pool.name}/ini", words.encode())
    with subprocess.Popen([*server.as_user("--pdeathsig=TERM"), program, "-q", file]) as running:
        try:
            socket = pool / ".s.PGSQL.6432"
            while not socket.exists():
                assert running.poll() is None, "it does not start"
            yield f"postgresql://care@/{database}?host={pool}&port=6432"
        finally:
            running.kill()
    shutil.rmtree(pool)


def test_behind_a_pooler_that_keeps_sessions(postgres_server: PostgresServer, postgres_url: str) -> None:
    """DC-4: all goes as without one: writing in turns, notices, and rights that last as long as a session."""
    database = str(psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"])
    with pooled(postgres_server, database, "session") as url:
        for _ in range(2):  # the second time by the server's own connections of the first
            with closing(open_store(url)) as one, closing(open_store(url)) as other:
                assert one.db.execute("SHOW search_path").fetchone() == ("care",)
                with one.copying() as ours:
                    assert ours
                    with nobody_waiting(), other.copying() as too:
                        assert not too
                with other.copying() as ours:
                    assert ours
                assert not one.wait(0)
                with other.write() as writing:
                    writing.next_number()
                assert one.wait(10)
                with one.write() as writing:
                    writing.next_number()
                assert not one.wait(0), "the own writing is no news"


@contextmanager
def nobody_waiting() -> Iterator[None]:
    """Have nobody wait for a piece of work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("carecli.store.postgres.store.BUSY_S", 0)
        yield


def test_behind_a_pooler_that_keeps_none(postgres_server: PostgresServer, postgres_url: str) -> None:
    """DC-4: one message as it is opened, by the second command at the latest, and nothing is left locked."""
    database = str(psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"])
    with pooled(postgres_server, database, "transaction") as url:
        with closing(open_store(url)), pytest.raises(DatabaseUnusable, match="behind a pooler"):
            open_store(url)
        with pytest.raises(DatabaseUnusable, match="behind a pooler"):
            open_store(url)
        with closing(open_store(postgres_url)) as store:
            held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
            assert store.db.execute(held).fetchone() == (0,)
