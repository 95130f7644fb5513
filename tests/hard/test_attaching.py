"""Files attached while processes are killed, disks fill up and others attach at once (ATT-1)."""

import hashlib
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import Who, command
from desk_fixtures import ADA, DANA, OMAR, SAM, Office
from hard.at_once import run_at_once
from hard.small_disk import SmallDisk, on_small_disk
from watched import until

from carecli.config import Config
from carecli.desk import doctor, verify
from carecli.desk.attachments import taking, upkeep
from carecli.desk.attachments.taking import Handling
from carecli.domain.attachment import files
from carecli.domain.health import State
from carecli.domain.verify import Difference
from carecli.files.blobs import PART, Blobs
from carecli.store.sqlite.store import open_store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

KILLS: Final = int(os.environ.get("CARE_KILLS", "8"))
LONGEST_S: Final = 0.5
"""About how long attaching takes a process, start and end included."""
AIMED: Final = 0.5
"""This share of the kills waits until a file is coming in, however long a process takes to start."""
MIDST_S: Final = 0.05
"""About how long that takes."""
AT: Final = "2026-03-03T10:00:00Z"
FRI: Final = "Fri 12:00"
MIB: Final = 1024 * 1024
KIB: Final = 1024
DAY_S: Final = 24 * 60 * 60


def adding(
    database: str, path: Path, number: int = 1, who: str = DANA, how: str = "--confirm-sanitized"
) -> list[str]:
    """The words of a process that attaches a file."""
    return command("--db", database, "--as", who, "--now", AT, "attachment", "add", str(number), str(path), how)


def file(path: Path, size: int, mark: int) -> Path:
    """A file of some size, no two of different marks alike."""
    path.write_bytes(mark.to_bytes(8, "big") * (size // 8))
    return path


def wrong(office: Office) -> tuple[Difference, ...]:
    """What `care verify` finds, every file read."""
    return verify.verify(office.by(ADA, FRI)).differences


def aged(office: Office) -> None:
    """Have every file of the folder look two days old."""
    then = time.time() - 2 * DAY_S
    for path in Blobs(office.config.db).root.rglob("*"):
        os.utime(path, (then, then))


def test_killed_at_any_instant(office: Office, tmp_path: Path) -> None:
    """ATT-1: an event without its whole bytes is never there; what is left over is found by doctor, and tidied."""
    number = office.open("Mon 09:00")
    draw, kills, done = random.Random("attach"), 0, 0
    blobs = Blobs(office.config.db)
    while kills < KILLS:
        size = draw.choice((KIB, 24 * MIB, 48 * MIB))
        source = file(tmp_path / f"{kills}-{done}.bin", size, kills * 1000 + done)
        run = subprocess.Popen(adding(office.config.db, source, number), stdout=subprocess.DEVNULL)
        if draw.random() < AIMED:
            before = {kept.path for kept in blobs.kept()}
            until(lambda: run.poll() is not None or {kept.path for kept in blobs.kept()} - before)  # noqa: B023
            time.sleep(draw.uniform(0, MIDST_S))
        else:
            time.sleep(draw.uniform(0.02, LONGEST_S))
        run.send_signal(signal.SIGKILL)
        killed = run.wait(timeout=240) == -signal.SIGKILL
        kills, done = kills + killed, done + (not killed)
        source.unlink()
        for kept in files(office.history(number)):
            assert blobs.size(kept.sha256) == kept.size
    assert wrong(office) == ()
    named = {kept.sha256 for kept in files(office.history(number))}
    left = [kept for kept in blobs.kept() if kept.sha256 not in named]
    assert left, "no kill fell into the middle"
    aged(office)
    advice = [one.what for one in doctor.examine(office.by(ADA, FRI)).findings if one.state is State.ADVICE]
    assert any(f"files that no case names: {len(left)}," in what for what in advice)
    assert upkeep.tidy(office.by(ADA, FRI)).files == len(left)
    assert {kept.sha256 for kept in blobs.kept()} == named
    assert wrong(office) == ()


def test_the_same_file_by_many_at_once(office: Office, tmp_path: Path) -> None:
    """ATT-1: all succeed, one copy is kept, each has an event of its own, under a name of its own."""
    number = office.open("Mon 09:00")
    source = file(tmp_path / "same.log", 8 * MIB, 7)
    who = (DANA, OMAR, SAM, DANA, OMAR, SAM)
    run_at_once([adding(office.config.db, source, number, each) for each in who])
    every = files(office.history(number))
    assert [kept.id for kept in every] == ["1", "2", "3", "4", "5", "6"]
    assert {kept.name for kept in every} == {"same.log", *(f"same ({n}).log" for n in range(2, 7))}
    (kept,) = Blobs(office.config.db).kept()
    assert kept.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert wrong(office) == ()


def test_tidied_while_others_attach(office: Office, tmp_path: Path) -> None:
    """ATT-1: leftovers that are attached again at this very moment stay."""
    sources = [file(tmp_path / f"{n}.log", KIB, n) for n in range(4)]
    # As if the events had never come: leftovers of commands that were killed.
    taking.stage(office.by(DANA, FRI), [*map(str, sources)], Handling(confirm=True))
    number = office.open("Mon 09:00")
    aged(office)
    tidying = command("--db", office.config.db, "--as", ADA, "--now", AT, "attachment", "tidy")
    words = [adding(office.config.db, source, number) for source in sources]
    run_at_once([tidying, *words, tidying])
    blobs = Blobs(office.config.db)
    attached = files(office.history(number))
    assert [blobs.size(kept.sha256) for kept in attached] == [kept.size for kept in attached] == [KIB] * 4


def test_a_disk_that_fills_up(template: Config, tmp_path: Path) -> None:
    """ATT-1: wherever it fills up: one message, status 1 or 6, nothing on record, nothing left; then it works."""
    base = Path(shutil.copy(template.db, tmp_path / "base.db"))
    base_office = Office(template._replace(db=str(base)), open_store(base))
    base_office.open("Mon 09:00")
    base_office.store.close()
    source = file(tmp_path / "source.log", 400 * KIB, 1)
    mount = tmp_path / "disk"
    mount.mkdir()

    def work(disk: SmallDisk) -> None:
        statuses = []
        for room in range(0, 1000 * KIB, 80 * KIB):
            database = Path(shutil.copy(base, disk.path / "desk.db"))
            dana = Who(str(database), DANA, AT)
            disk.leave(room)
            ran = dana("attachment", "add", "1", str(source), "--confirm-sanitized")
            statuses.append(ran.status)
            disk.free()
            root = database.with_suffix(".files")
            if ran.status:
                assert "disk is full" in ran.err
                assert len(ran.err.splitlines()) == 2
                assert not list(root.glob(f"{PART}*"))
                assert dana.json("attachment", "list", "1")["attachments"] == []
                assert dana("attachment", "add", "1", str(source), "--confirm-sanitized").status == 0
            assert Who(str(database), ADA, AT)("verify").status == 0
            shutil.rmtree(root)
            database.unlink()
        assert set(statuses) <= {0, 1, 6}
        assert (statuses[0], statuses[-1]) != (0, 1)
        assert {0, 1} <= set(statuses)

    on_small_disk(work, mount, "4m")
