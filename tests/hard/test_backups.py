"""Backups and migrations under way: others write, the disk is full, the program dies at every step (AUD-2)."""

import os
import shutil
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import Who, care, command, events
from desk_fixtures import ADA, DANA, Office
from hard.at_once import run_at_once
from hard.dying import every_step
from hard.small_disk import SmallDisk, on_small_disk
from store.test_released import unpacked

from carecli import cli
from carecli.store.sqlite import schema

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

ALL: Final = os.environ.get("CARE_FAULTS") == "all"
AT: Final = "2026-03-02T10:00:00Z"
KIB: Final = 1024


@pytest.fixture
def desk(office: Office) -> Who:
    """A desk with a case and two files; its admin."""
    number = office.open("Mon 09:00")
    database = office.config.db
    for name in ("one", "two"):
        words = ("attachment", "add", str(number), "-", "--name", name, "--confirm-sanitized")
        assert Who(database, DANA, AT)(*words, stdin=name.encode() * 5000).status == 0
    return Who(database, ADA, AT)


def names(folder: Path) -> set[str]:
    """What lies in a directory."""
    return {path.name for path in folder.iterdir()}


def at(desk: Who, hour: int) -> Who:
    """The same person at another hour."""
    return desk.at(f"2026-03-02T{hour:02}:00:00Z")


def sound(copy: Path) -> int:
    """How many events a copy holds, having seen in another copy of it that it verifies, files and all."""
    trial = copy.parent.parent / "looked-at"
    shutil.rmtree(trial, ignore_errors=True)
    trial.mkdir()
    shutil.copy(copy, trial / "copy.db")
    if copy.with_suffix(".files").is_dir():
        shutil.copytree(copy.with_suffix(".files"), trial / "copy.files")
    found_ = care("--json", "--db", str(trial / "copy.db"), "--as", "system", "verify")
    assert found_.json["differences"] == []
    return events(str(trial / "copy.db"))


def test_it_is_one_moment_while_others_write(desk: Who, tmp_path: Path) -> None:
    """AUD-2: under a writer that never rests each copy is whole, none waits for it, and it waits for none."""
    copies = tmp_path / "copies"
    copies.mkdir()
    stop, written, worst = threading.Event(), [0], [0.0]

    def write() -> None:
        dana = Who(desk.database, DANA, AT)
        while not stop.is_set():
            began = time.monotonic()
            run = subprocess.run(
                command(*dana.options, "update", "1", "-m", "It still happens."), capture_output=True, check=False
            )
            assert run.returncode == 0, run
            written[0] += 1
            worst[0] = max(worst[0], time.monotonic() - began)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        held = list[int]()
        # On a slow machine six backups can end before an update has begun: both go on until both were there.
        while writer.is_alive() and (len(held) < 6 or written[0] < 2):
            held.append(desk.json("backup", str(copies))["events"])
    finally:
        stop.set()
        writer.join()
    assert held == sorted(held)
    assert written[0] >= 2
    for path in sorted(copies.glob("*.db")):
        assert sound(path) in held
    print(f"\n{len(held)} backups of {held} events beside {written[0]} updates, the slowest took {worst[0]:.2f} s")


def test_two_at_once_to_one_place(desk: Who, tmp_path: Path) -> None:
    """AUD-2: they take turns: the file is whole, and of two into a directory each has its own."""
    for target in ("copy.db", "copies"):
        (tmp_path / "copies").mkdir(exist_ok=True)
        words = command(*desk.options, "--quiet", "backup", str(tmp_path / target), "--keep", "3")
        run_at_once([words] * 3)
    assert {sound(path) for path in (tmp_path / "copies").glob("*.db")} == {events(desk.database)}
    assert len(names(tmp_path / "copies")) == 6
    assert not [name for name in names(tmp_path) if name.startswith(".care")]


@pytest.mark.parametrize("target", ["copies", "copies/copy.db"])
def test_killed_at_any_step(desk: Who, tmp_path: Path, target: str) -> None:
    """AUD-2: earlier backups stay whole, what is there under a name is whole, and the next run clears the rest."""
    copies = tmp_path / "copies"
    copies.mkdir()
    for hour in (11, 12):
        assert at(desk, hour)("backup", str(tmp_path / target), "--keep", "2").status == 0
    before = Path(desk.database).read_bytes(), tmp_path / "kept"
    shutil.copytree(copies, before[1])
    later = at(desk, 13)
    words = [*later.options, "--quiet", "backup", str(tmp_path / target), "--keep", "2"]
    deaths = 0
    for _step in every_step(lambda: cli.main(words), tmp_path, 1 if ALL else 7):
        deaths += 1
        for copy in copies.glob("*.db"):
            sound(copy)
        assert len(list(copies.glob("*.db"))) >= 2, "an earlier one went before the new one was there"
        assert later("--quiet", "backup", str(tmp_path / target), "--keep", "2").status == 0
        left = names(copies)
        assert {len(left), *(name[0] for name in left)} <= {4, "d", "c"}, f"litter: {left}"
        shutil.rmtree(copies)
        shutil.copytree(before[1], copies)
        Path(desk.database).write_bytes(before[0])
    assert deaths > 4
    print(f"\nbackup to {target}: killed at {deaths} steps, none lost a backup or left anything for good")


def test_a_full_disk_keeps_the_backup_before(desk: Who, tmp_path: Path) -> None:
    """AUD-2: wherever the disk fills up there is one message, status 1, and the earlier copy as it was."""

    def work(disk: SmallDisk) -> None:
        target = disk.path / "copy.db"
        assert desk("backup", str(target)).status == 0
        (disk.path / "looked").mkdir()
        whole = target.read_bytes(), names(disk.path)
        size = target.stat().st_size
        assert Who(desk.database, DANA, AT)("update", "1", "-m", "Something new.").status == 0
        refusals = 0
        for room in range(0, size + 64 * KIB, size // (64 if ALL else 8)):
            disk.leave(room)
            ran = desk("backup", str(target))
            if ran.status == 0:
                break
            refusals += 1
            assert "disk is full" in ran.refused(1)
            disk.free()
            assert (target.read_bytes(), names(disk.path)) == whole
        assert refusals > 4
        disk.free()
        assert desk("backup", str(target)).status == 0
        assert target.read_bytes() != whole[0]

    disk = tmp_path / "disk"
    disk.mkdir()
    on_small_disk(work, disk, "4m")


class TestMigration:
    """AUD-2: a database comes to a newer schema whole, with a copy as it was beside it, or not at all."""

    def test_killed_at_any_step(self, tmp_path: Path) -> None:
        """Whoever comes next migrates it; there is one copy, and it is as the desk was."""
        (tmp_path / "before").mkdir()
        before = unpacked(tmp_path / "before", 9)
        database = tmp_path / "desk" / "desk.db"
        words = ["--db", str(database), "--as", ADA, "--quiet", "list"]
        deaths = 0
        database.parent.mkdir()
        shutil.copy(before, database)
        for _step in every_step(lambda: cli.main(words), tmp_path, 1 if ALL else 3):
            deaths += 1
            assert version(database) in {9, schema.VERSION}
            assert care("--db", str(database), "--as", ADA, "--json", "verify").json["differences"] == []
            assert names(database.parent) == {"desk.db", "desk.schema-9.db"}
            assert dump(database.parent / "desk.schema-9.db") == dump(before)
            shutil.rmtree(database.parent)
            database.parent.mkdir()
            shutil.copy(before, database)
        assert deaths > 2
        print(f"\nmigration from schema 9: killed at {deaths} steps, each time one copy as it was")

    def test_two_at_once(self, tmp_path: Path) -> None:
        """One migrates it and makes the copy, the other finds that done."""
        database = unpacked(tmp_path, 8)
        run = run_at_once([command("--db", str(database), "--as", ADA, "verify")] * 2, well=False)
        assert [status for status, _, _ in run] == [0, 0]
        assert sorted("schema 8" in err for _, _, err in run) == [False, True]
        assert [path.name for path in tmp_path.glob("desk.schema-*")] == ["desk.schema-8.db"]

    def test_no_copy_of_another_time_is_touched(self, tmp_path: Path) -> None:
        """A restored old desk is migrated once more: the copy of the first time stays, the new one is numbered."""
        database = unpacked(tmp_path, 8)
        shutil.copy(database, tmp_path / "old.db")
        (tmp_path / "desk.schema-8.db").write_text("somebody's")
        (tmp_path / "desk.schema-8-2.db").symlink_to("nowhere")
        assert care("--db", str(database), "--as", ADA, "list").status == 0
        assert (tmp_path / "desk.schema-8.db").read_text() == "somebody's"
        assert dump(tmp_path / "desk.schema-8-3.db") == dump(tmp_path / "old.db")

    def test_a_full_disk_changes_nothing(self, tmp_path: Path) -> None:
        """Without room for the copy: one message, status 6, the same bytes, nothing else left there."""
        (tmp_path / "desk").mkdir()
        before = unpacked(tmp_path / "desk", 8)

        def work(disk: SmallDisk) -> None:
            database = disk.path / "desk.db"
            shutil.copy(before, database)
            whole = database.read_bytes()
            for room in range(64 * KIB, len(whole), len(whole) // 4):
                disk.leave(room)
                ran = care("--db", str(database), "--as", ADA, "list")
                told = ran.refused(6)
                assert "no copy can be made before it comes to" in told
                assert "(0." in told, "how much room is needed"
                disk.free()
                assert (database.read_bytes(), names(disk.path)) == (whole, {"desk.db"})
            assert care("--db", str(database), "--as", ADA, "list").status == 0

        disk = tmp_path / "disk"
        disk.mkdir()
        on_small_disk(work, disk, "4m")


def version(database: Path) -> int:
    """The schema of a database, looked at without a trace."""
    return int.from_bytes(database.read_bytes()[60:64], "big")


def dump(database: Path) -> list[str]:
    """Everything in a database, looked at without a trace."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        return [str(db.execute("PRAGMA user_version").fetchone()[0]), *db.iterdump()]
