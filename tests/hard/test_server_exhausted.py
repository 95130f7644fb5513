"""A server whose disk or memory runs out: one message, status 6, nothing of it on record (AUD-1)."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import Ran, Who
from hard.small_desk import ADA, small_desk
from hard.small_disk import SmallDisk, on_small_disk

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

import postgres_server  # noqa: E402 - it needs the driver
from postgres_server import PostgresServer, binaries  # noqa: E402

pytestmark = [
    pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

SMALL: Final = {"shared_buffers": "8MB", "min_wal_size": "32MB", "max_wal_size": "32MB", "wal_recycle": "off"}
"""The settings of a server that has a disk of 160 MB."""
KIB: Final = 1024


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user may go to, with a name that leaves room for a socket's."""
    folder = Path(tempfile.mkdtemp(prefix="care-disk-", dir="/tmp"))
    yield folder
    folder.rmdir()


def noted(ada: Who, *, bytes_: int) -> Ran:
    """A note of some size that does not get smaller on a disk."""
    return ada("update", "1", "--internal", "-m", os.urandom(bytes_ // 2).hex())


def sound(ada: Who, *, events: int) -> None:
    """See that so many events are on record, and that all is as they say."""
    assert len(ada.json("log", "1")["events"]) == events
    assert ada("verify").status == 0


def server_on(disk: SmallDisk) -> PostgresServer:
    """A server all of whose files lie on a small disk."""
    disk.path.chmod(0o755)
    postgres_server._place = lambda: disk.path  # this process ends with the test
    return PostgresServer(SMALL)


def test_the_disk_of_a_server_is_full(place: Path) -> None:
    """AUD-1: however little room is left: one message that names the disk; reading goes on; with room it works."""
    on_small_disk(_filled_up, place, "160m")


def _filled_up(disk: SmallDisk) -> None:
    with server_on(disk) as server:
        ada = Who(small_desk(server.url(server.create())), ADA)
        events = len(ada.json("log", "1")["events"])
        for room in (0, 4 * KIB, 16 * KIB, 64 * KIB):
            server.admin("CHECKPOINT")
            disk.leave(room)
            ran = noted(ada, bytes_=12 * KIB)
            while ran.status == 0:
                events += 1
                ran = noted(ada, bytes_=12 * KIB)
            assert "the disk of its server is full" in ran.refused(6)
            assert ada("show", "1").status == 0
            disk.free()
            sound(ada, events=events)
        assert noted(ada, bytes_=12 * KIB).status == 0
        sound(ada, events=events + 1)


def test_the_disk_of_the_servers_log_is_full(place: Path) -> None:
    """AUD-1: PostgreSQL then stops in the midst: one message, status 6; when it is back nothing of it is there."""
    on_small_disk(_stopped, place, "160m")


def _stopped(disk: SmallDisk) -> None:
    with server_on(disk) as server:
        ada = Who(small_desk(server.url(server.create())), ADA)
        events = len(ada.json("log", "1")["events"])
        server.admin("CHECKPOINT")
        disk.leave(4 * KIB * KIB)
        while True:
            server.admin("SELECT pg_switch_wal()")  # the next record needs a new file of 16 MB
            ran = noted(ada, bytes_=KIB)
            if ran.status:
                break
            events += 1
        ran.refused(6)
        assert "PANIC" in server.log.read_text()
        ada("show", "1").refused(6)
        disk.free()
        server.stop()
        server.start()
        sound(ada, events=events)


def test_the_memory_of_a_server_runs_out() -> None:
    """AUD-1: where it gets no more memory in the midst of a change, that is said, and nothing is changed."""
    with PostgresServer() as server:
        ada = Who(small_desk(server.url(server.create())), ADA)
        events = len(ada.json("log", "1")["events"])
        ran: list[Ran] = []
        with psycopg.connect(ada.database) as other:
            other.execute("LOCK TABLE care.cases IN ACCESS EXCLUSIVE MODE")
            command = threading.Thread(target=lambda: ran.append(noted(ada, bytes_=KIB)))
            command.start()
            starve(server, waiting(server))
            other.rollback()
            command.join()
        assert "out of memory on its server" in ran[0].refused(6)
        sound(ada, events=events)
        assert noted(ada, bytes_=KIB).status == 0


def waiting(server: PostgresServer) -> str:
    """The process that works for a command which waits for a lock."""
    while True:
        pid = server.asked("SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        if pid != "0":
            return pid
        time.sleep(0.01)


def starve(server: PostgresServer, pid: str) -> None:
    """Let one of the server's processes have no more memory than it has."""
    subprocess.run([*server.as_user(), "prlimit", "--pid", pid, f"--as={KIB}"], check=True)
