"""A disk that fills up: one message, a status, and nothing that was acknowledged is lost (AUD-1, MAIL-6)."""

import os
import resource
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import FORM, Ran, Who, care, command, events, kept
from desk.test_importing import row, written
from desk_fixtures import ADA, DANA, SAM
from hard import crowd
from hard.small_disk import SmallDisk, on_small_disk
from store.test_sqlite_concurrency import older

from carecli.config import Config
from carecli.store.sqlite import schema
from carecli.store.sqlite.store import open_store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

KIB: Final = 1024
STEP: Final = 1 if os.environ.get("CARE_FAULTS") == "all" else 3
"""Of the rooms that a disk may have left every third is tried, unless all are asked for."""
AT: Final = "2026-03-02T10:00:00Z"
LATER: Final = "2026-03-13T15:00:00Z"
OPEN: Final = ("open", *(word.replace("East", "West") for word in FORM))


def desk_of_six(template: Config, folder: Path) -> Path:
    """A desk with a few cases, one of which waits for its customer; all in one file."""
    path = folder / "base.db"
    shutil.copy(template.db, path)
    for _ in range(6):
        assert Who(str(path), DANA, AT)(*OPEN).status == 0
    assert Who(str(path), SAM, AT)("ask", "2", "-m", "Please send the trace.").status == 0
    return path


@pytest.fixture(scope="module")
def base(template: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That desk, made once."""
    return desk_of_six(template, tmp_path_factory.mktemp("base"))


ONE_CHANGE = {
    "open": (DANA, OPEN),
    "update": (DANA, ("update", "1", "-m", "It still happens every day here.")),
    "close": (SAM, ("close", "3", "-m", "It is repaired.")),
    "init": (ADA, ("init", "--email", ADA, "--name", "Ada Lopez", "--hours", "Mon-Fri 08:00-18:00")),
}


@pytest.mark.parametrize("name", ONE_CHANGE)
def test_a_change_on_a_full_disk_is_whole_or_not_at_all(base: Path, tmp_path: Path, name: str) -> None:
    """AUD-1: wherever the disk fills up: one message, status 6, nothing of it on record; with room it works."""
    who, words = ONE_CHANGE[name]

    def work(disk: SmallDisk) -> None:
        known, statuses = kept(str(base)), []
        for room in range(0, 260 * KIB, STEP * 8 * KIB):
            database = Path(shutil.copy(base, disk.path / "desk.db"))
            somebody = Who(str(database), who, AT)
            disk.leave(room)
            ran = somebody(*words)
            statuses.append(ran.status)
            disk.free()
            if ran.status:
                assert "disk" in ran.refused(6)
                assert kept(str(database)) == known
                assert somebody(*words).status == 0
            assert events(str(database)) > events(str(base))
            crowd.outcome(database)
            database.unlink()
        assert (statuses[0], statuses[-1]) == (6, 0)

    on_small_disk(work, tmp_path, "2m")


def test_what_was_acknowledged_before_the_disk_was_full_is_there(base: Path, tmp_path: Path) -> None:
    """OPEN-1: cases are opened until the disk is full: every number that was given is on record, in order."""

    def work(disk: SmallDisk) -> None:
        database = Path(shutil.copy(base, disk.path / "desk.db"))
        dana = Who(str(database), DANA, AT)
        given = []
        for _ in range(500):
            ran = dana("--json", *OPEN)
            if ran.status:
                assert ran.status == 6
                assert ran.error["code"] == "database"
                break
            given.append(ran.json["number"])
            disk.leave(disk.room() - 2 * KIB)
        else:
            pytest.fail("it is never full")
        assert given == [f"{number:010}" for number in range(7, 7 + len(given))]
        crowd.outcome(database)
        disk.free()
        assert dana.json(*OPEN)["number"] == f"{7 + len(given):010}"

    on_small_disk(work, tmp_path, "1200k")


def test_a_new_desk_on_a_full_disk(tmp_path: Path) -> None:
    """AUD-1: a first use that finds no room says so, and leaves nothing that the next would stumble over."""

    def work(disk: SmallDisk) -> None:
        statuses = []
        for room in range(0, 800 * KIB, STEP * 32 * KIB):
            database = disk.path / "new" / "desk.db"
            disk.leave(room)
            words = ("--db", str(database), "--json", "init", "--email", ADA, "--timezone", "UTC")
            ran = care(*words)
            statuses.append(ran.status)
            disk.free()
            if ran.status:
                assert (ran.status, ran.error["code"]) in {(6, "database"), (1, "failed")}
                assert care("--db", str(database), "--as", ADA, "list").status in {4, 6}
            assert care(*words).status == 0
            assert Who(str(database), ADA, AT).json("staff", "list")["staff"][0]["email"] == ADA
            shutil.rmtree(database.parent)
        assert (statuses[0], statuses[-1]) == (6, 0)

    on_small_disk(work, tmp_path, "3m")


def test_a_tick_on_a_full_disk_goes_on_with_more_room(base: Path, tmp_path: Path) -> None:
    """TICK-1, MAIL-6: what a tick cannot do on a full disk the next does: each stage once, each mail leaves."""

    def work(disk: SmallDisk) -> None:
        statuses = set()
        for room in range(0, 300 * KIB, STEP * 12 * KIB):
            database = Path(shutil.copy(base, disk.path / "desk.db"))
            system = Who(str(database), "system", LATER)
            disk.leave(room)
            ran = system("--quiet", "tick")
            statuses.add(ran.status)
            if ran.status:
                ran.refused(ran.status)
            disk.free()
            assert system("--quiet", "tick").status == 0
            outcome = crowd.outcome(database)
            stages = [(n, e.data["stage"]) for n, e in outcome.order if e.kind.value == "follow-up-sent"]
            assert stages == [(2, 1)]
            assert {mail.state.value for mail in outcome.mails} == {"sent"}
            assert {mail.message_id for mail in outcome.mails} == set(crowd.delivered(database))
            shutil.rmtree(database.with_suffix(".maildir"))
            database.unlink()
        assert {0, 6} <= statuses <= {0, 1, 6}

    on_small_disk(work, tmp_path, "2m")


def test_a_full_maildir_keeps_the_mail_for_the_next_tick(base: Path, tmp_path: Path) -> None:
    """MAIL-6: where the maildir's disk alone is full the tick exits 1, and the mail leaves when there is room."""
    (tmp_path / "disk").mkdir()
    config = tmp_path / "config.toml"
    database = tmp_path / "desk.db"
    config.write_text(f'[mail]\nmaildir = "{tmp_path / "disk" / "desk.maildir"}"\n')

    def work(disk: SmallDisk) -> None:
        statuses = set()
        for room in (0, 4, 8, 12, 16, 20, 24, 32, 48, 64):
            shutil.copy(base, database)
            ticking = ("--config", str(config), "--quiet", "tick")
            system = Who(str(database), "system", LATER)
            disk.leave(room * KIB)
            ran = system(*ticking)
            statuses.add(ran.status)
            if ran.status:
                assert "they are kept and tried again" in ran.refused(1)
            unsent = [mail for mail in crowd.outcome(database).mails if mail.state.value == "failed"]
            assert bool(unsent) == bool(ran.status)
            assert not list(disk.path.glob("desk.maildir/tmp/*"))
            disk.free()
            assert system(*ticking[:-1], "mail", "deliver", "--all").status == 0
            mails = crowd.delivered(disk.path / "desk.db")
            assert {len(files) for files in mails.values()} == {1}
            assert set(mails) == {mail.message_id for mail in crowd.outcome(database).mails}
            shutil.rmtree(disk.path / "desk.maildir")
        assert statuses == {0, 1}

    on_small_disk(work, tmp_path / "disk", "256k")


def test_an_import_on_a_full_disk_goes_on_with_more_room(base: Path, tmp_path: Path) -> None:
    """IMP-1: an import that the full disk stops says so; run again it brings in what is missing, once."""
    (tmp_path / "disk").mkdir()
    incidents = [row("New", number=f"INC{i:07}") for i in range(250)]
    log = written(tmp_path, incidents)

    def work(disk: SmallDisk) -> None:
        statuses, sizes = [], set()
        for room in (0, 64, 256, 512, 1024, 2048, 6144)[::STEP]:
            database = Path(shutil.copy(base, disk.path / "desk.db"))
            ada = Who(str(database), ADA, "2026-03-09T09:00:00Z")
            words = ("import", log, "--from", "servicenow", "--account", "Elsewhere")
            disk.leave(room * KIB)
            ran = ada(*words)
            statuses.append(ran.status)
            if ran.status:
                ran.refused(6)
            disk.free()
            assert ada(*words).status == 0
            sizes.add(len(crowd.outcome(database).by_case()))
            database.unlink()
        assert (statuses[0], statuses[-1], sizes) == (6, 0, {1 + 6 + 250})

    on_small_disk(work, tmp_path / "disk", "9m")


def test_an_older_database_on_a_full_disk_stays_as_it_was(tmp_path: Path) -> None:
    """AUD-1: a migration that finds no room is undone whole; with room it comes to its end."""
    (tmp_path / "disk").mkdir()
    older(tmp_path / "older.db", 3)

    def work(disk: SmallDisk) -> None:
        versions = []
        for room in range(0, 721 * KIB, STEP * 24 * KIB):
            database = Path(shutil.copy(tmp_path / "older.db", disk.path / "desk.db"))
            disk.leave(room)
            full = "the disk is full" in Who(str(database), ADA, AT)("list").refused(6)
            disk.free()
            versions.append(version(database))
            assert versions[-1] == (3 if full else schema.VERSION)
            Who(str(database), ADA, AT)("list")
            assert version(database) == schema.VERSION
            database.unlink()
        assert (versions[0], versions[-1]) == (3, schema.VERSION)

    on_small_disk(work, tmp_path / "disk", "2m")


def version(database: Path) -> int:
    """The schema that a database has."""
    with closing(sqlite3.connect(database)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_an_answer_that_finds_no_room_is_one_message(base: Path, tmp_path: Path) -> None:
    """AUD-1: what is written to a full disk ends in status 1 and one message, in plain words and as a document."""
    dana = Who(str(shutil.copy(base, tmp_path / "desk.db")), DANA, AT)
    for words in (("list",), ("--json", "list"), ("show", "1")):
        with Path("/dev/full").open("w") as full:
            run = subprocess.run(
                command(*dana.options, *words), stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        ran = Ran(run.returncode, "", run.stderr)
        assert "No space left" in (ran.error["message"] if "--json" in words else ran.refused(1))
        assert ran.status == 1


def test_a_status_survives_where_its_message_finds_no_room() -> None:
    """Statuses are what scripts rely on: a log that is full changes none of them."""
    with Path("/dev/full").open("w") as full:
        assert subprocess.run(command("nosuch"), stderr=full, check=False).returncode == 2


def test_what_an_import_did_before_the_disk_was_full_is_not_denied(base: Path, tmp_path: Path) -> None:
    """IMP-1: where some batches of an import are on record, no message says that nothing was recorded."""
    (tmp_path / "disk").mkdir()
    log = written(tmp_path, [row("New", number=f"INC{i:07}") for i in range(350)])

    def work(disk: SmallDisk) -> None:
        partly = 0
        for number, room in enumerate(range(256, 2048, STEP * 128)):
            database = Path(shutil.copy(base, disk.path / f"{number}.db"))
            disk.leave(room * KIB)
            ran = Who(str(database), ADA, "2026-03-09T09:00:00Z")(
                "import", log, "--from", "servicenow", "--account", "Elsewhere"
            )
            disk.free()
            if ran.status and events(str(database)) > events(str(base)):
                partly += 1
                assert "nothing was recorded" not in ran.err
            for left in disk.path.iterdir():
                left.unlink()
        assert partly

    on_small_disk(work, tmp_path / "disk", "9m")


def test_a_desk_whose_set_up_was_cut_short_says_how_to_finish_it(tmp_path: Path) -> None:
    """DC-5: while a database has no desk in it yet, any command names `care init`."""
    open_store(tmp_path / "desk.db").close()
    assert "care init" in Who(str(tmp_path / "desk.db"), ADA, AT)("list").err


def test_the_last_kilobytes_are_called_a_full_disk_too(base: Path, tmp_path: Path) -> None:
    """AUD-1: a disk with no room at all is a full one, not a failed one."""

    def work(disk: SmallDisk) -> None:
        database = Path(shutil.copy(base, disk.path / "desk.db"))
        disk.leave(0)
        assert "the disk is full" in Who(str(database), DANA, AT)(*OPEN).refused(6)

    on_small_disk(work, tmp_path, "2m")


def test_a_file_that_may_not_grow(base: Path, tmp_path: Path) -> None:
    """AUD-1: the same where a quota or a limit of the shell stops the file, on any machine."""
    known = kept(str(base))
    statuses = []
    for limit in range(8, 268, STEP * 20):
        database = Path(shutil.copy(base, tmp_path / "desk.db"))
        somebody = Who(str(database), DANA, AT)
        ran = limited(limit * KIB, *somebody.options, *OPEN)
        statuses.append(ran.status)
        if ran.status:
            ran.refused(6)
            assert kept(str(database)) == known
        assert somebody(*OPEN).status == 0
        crowd.outcome(database)
    assert (statuses[0], statuses[-1]) == (6, 0)


def limited(size: int, *args: str) -> Ran:
    """Run `care` as a process that may write no file larger than so many bytes."""
    run = subprocess.run(
        command(*args),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    return Ran(run.returncode, run.stdout, run.stderr)
