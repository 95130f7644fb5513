"""First uses of a database: many at once, and ones that are killed half way."""

import os
import random
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from cli.acceptance import care, command
from hard.at_once import run_at_once

INIT = ("--json", "init", "--email", "ada@desk.example", "--name", "Ada Park", "--timezone", "UTC")
KILLS = int(os.environ.get("CARE_KILLS", "12"))


def told(database: Path) -> list[tuple[str, int]]:
    """How often each kind of event is on record."""
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return db.execute("SELECT kind, count(*) FROM events GROUP BY kind ORDER BY kind").fetchall()


SET_UP = [("desk-set-up", 1), ("document-added", 1), ("staff-added", 1)]


def test_eight_who_set_up_one_desk_at_once_set_up_one(tmp_path: Path) -> None:
    """TICK-1: of eight first uses at once one makes the desk, and the others find it made."""
    database = tmp_path / "desk.db"
    run_at_once([command("--db", str(database), *INIT)] * 8)
    assert told(database) == SET_UP
    assert {path.name for path in tmp_path.iterdir()} <= {"desk.db", "desk.db-wal", "desk.db-shm"}


def test_of_eight_who_want_to_be_the_first_admin_one_is(tmp_path: Path) -> None:
    """DC-5: one of them makes the desk, and it turns the others away as it does later on."""
    database = tmp_path / "desk.db"
    everybody = [f"admin{i}@desk.example" for i in range(8)]
    placed = command("--db", str(database), "init", "--timezone", "UTC", "--quiet", "--holidays", "US", "--email")
    ended = run_at_once([[*placed, email] for email in everybody], well=False)
    assert sorted(status for status, _, _ in ended) == [0] + [4] * 7
    assert all(err.startswith("care: admin") for status, _, err in ended if status)
    assert told(database) == SET_UP


def test_a_first_use_killed_half_way_leaves_nothing_half_made(tmp_path: Path) -> None:
    """TICK-1: wherever `care init` is killed, it leaves a whole desk or none, and the next one goes well."""
    draw = random.Random("init")
    for round_ in range(KILLS):
        database = tmp_path / f"{round_}.db"
        with subprocess.Popen(
            command("--db", str(database), *INIT), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as first:
            with suppress(subprocess.TimeoutExpired):
                first.wait(draw.uniform(0.02, 0.5))
            first.kill()
        left = care("--db", str(database), "--as", "ada@desk.example", "list")
        assert left.status in {0, 4, 6}, left
        again = care("--db", str(database), *INIT)
        assert again.status == 0, again
        assert told(database) == SET_UP
