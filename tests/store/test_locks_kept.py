"""SQLite's locks on the record stay while the program opens the record once more (TICK-1, AUD-1)."""

import subprocess
import sys
from pathlib import Path

from carecli.store.sqlite import open_store

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
