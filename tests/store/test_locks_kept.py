"""SQLite's locks on the record stay while the program opens the record once more (TICK-1, AUD-1)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from carecli.files.blobs import Blobs
from carecli.store.sqlite.store import open_store

ANOTHER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("SELECT count(*) FROM events").fetchall()
db.close()
"""
"""Another program that looks and goes: the last to go takes the write-ahead log with it."""


def test_who_opens_the_record_twice_keeps_its_locks(tmp_path: Path) -> None:
    """TICK-1: a descriptor closed in this process let go of them, and others deleted the log under its hands."""
    path = tmp_path / "desk.db"
    first = open_store(path)
    with first.read() as reading:
        assert reading.case_count() == 0
    second = open_store(path)
    subprocess.run([sys.executable, "-c", ANOTHER, str(path)], check=True)
    with second.write() as writing:
        writing.put_last_number(7)
    with first.read() as reading:
        assert reading.case_count() == 0
    first.close()
    subprocess.run([sys.executable, "-c", ANOTHER, str(path)], check=True)
    assert (tmp_path / "desk.db-wal").exists(), "another took the log away from under a connection that stands"
    second.close()
    assert not (tmp_path / "desk.db-wal").exists()


def test_no_descriptor_stays_behind(tmp_path: Path) -> None:
    """AUD-1: what is kept open for the locks' sake is closed with the last connection."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        stores = [open_store(tmp_path / "desk.db") for _ in range(4)]
        for store in stores:
            store.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


LOCKED = """
import fcntl, sys
with open(sys.argv[1], "r+b") as index:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)
    except BlockingIOError:
        raise SystemExit(7)
"""
"""Another program that asks for the byte of SQLite's shared index that each of its users holds."""


def test_a_look_for_databases_with_the_same_files_keeps_its_locks(tmp_path: Path) -> None:
    """ATT-1, AUD-2: neither what SQLite keeps beside the database nor another name of it is opened and closed."""
    path = tmp_path / "desk.db"
    store = open_store(path)
    with store.read() as reading:
        assert reading.case_count() == 0
    (tmp_path / "desk.hard").hardlink_to(path)
    assert Blobs(str(path)).shared() is None
    asked = subprocess.run([sys.executable, "-c", LOCKED, f"{path}-shm"], check=False)
    assert asked.returncode == 7, "the lock on the shared index was let go of"
    subprocess.run([sys.executable, "-c", ANOTHER, str(path)], check=True)
    assert (tmp_path / "desk.db-wal").exists(), "another took the log away from under a connection that stands"
    store.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="no root here")
def test_a_lock_that_root_makes_is_the_databases_owners(tmp_path: Path) -> None:
    """AUD-2, MAIL-6: a backup or a tick by root shuts nobody out: its locks are of whom the database is."""
    store = open_store(tmp_path / "desk.db")
    os.chown(tmp_path / "desk.db", 65_533, 65_533)
    with store.delivering(), store.copying():
        pass
    store.close()
    for work in ("delivery", "copying"):
        assert (tmp_path / f"desk.db.{work}").stat().st_uid == 65_533
