"""`care backup`: a copy that is a desk, made beside others' work, and what it may never touch (AUD-2)."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import ADA, BEN, DANA, MIA, NOW, Who, care, events, plain, terminal
from engine import sqlite_alone

from carecli.domain.seal import parse_seal

pytestmark = sqlite_alone("a server makes its own backups")

RESTORING = Path(__file__).parents[2] / "docs" / "restoring.md"
BYTES = bytes(range(256)) * 64
LATER = "2026-03-20T22:00:00Z"


@pytest.fixture
def desk(trial: str, tmp_path: Path) -> Who:
    """A desk with two attached files, and an empty directory `copies` beside it; its admin."""
    (tmp_path / "copies").mkdir()
    for name, content in (("one.bin", BYTES), ("two.bin", BYTES[::-1])):
        words = ("attachment", "add", "8", "-", "--name", name, "--confirm-sanitized")
        assert Who(trial, BEN)(*words, stdin=content).status == 0
    return Who(trial, ADA)


def names(folder: Path) -> list[str]:
    """What lies in a directory."""
    return sorted(path.name for path in folder.iterdir())


def tree(folder: Path) -> dict[str, tuple[int, bytes | None]]:
    """Everything under a directory: modes and bytes."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode & 0o777, None if path.is_dir() else path.read_bytes())
        for path in sorted(folder.rglob("*"))
    }


def blobs(database: Path) -> list[Path]:
    """The attached files of a copy, by their names."""
    return sorted(path for path in database.with_suffix(".files").rglob("*") if path.is_file())


def test_a_copy_is_a_desk(desk: Who, tmp_path: Path) -> None:
    """AUD-2: it holds every event and file, verifies, reads like the desk, and belongs to its owner alone."""
    copies = tmp_path / "copies"
    made = desk.json("backup", str(copies))
    copy = copies / "trial.2026-03-20T21-00-00Z.db"
    assert made["path"] == str(copy)
    assert (made["events"], made["files"], made["verified"]) == (events(desk.database), 2, True)
    assert made["bytes"] == copy.stat().st_size
    assert parse_seal(made["seal"]).position == made["events"]
    assert {mode for mode, _ in tree(copies).values()} == {0o600, 0o700}
    assert names(copies) == [copy.name, copy.with_suffix(".files").name], "nothing else is left there"

    there = Who(str(copy), BEN)
    assert there.json("show", "8") == Who(desk.database, BEN).json("show", "8")
    assert there("attachment", "get", "8", "1", "--output", str(tmp_path / "one")).status == 0
    assert (tmp_path / "one").read_bytes() == BYTES
    assert Who(str(copy), ADA).json("verify")["differences"] == []


def test_what_people_read(desk: Who, tmp_path: Path) -> None:
    """AUD-2: where it is, what it holds, its seal, and what went; with --quiet nothing."""
    copies = tmp_path / "copies"
    told = desk("backup", str(copies)).out
    assert re.fullmatch(
        rf"{copies}/trial\.2026-03-20T21-00-00Z\.db: \d+ events, 2 files of 32 KiB, [\d,.]+ KiB, verified\n"
        r"seal care1-[-0-9a-z]+\n",
        told,
    )
    again = desk("backup", str(copies), "--keep", "1").out
    assert "2 files of 32 KiB (2 as in the backup before)" in again
    assert again.endswith("\nremoved trial.2026-03-20T21-00-00Z.db\n")
    assert names(copies) == ["trial.2026-03-20T21-00-00Z-2.db", "trial.2026-03-20T21-00-00Z-2.files"]
    assert desk("backup", "--quiet", str(copies)) == (0, "", "")


def test_who_may(desk: Who, tmp_path: Path) -> None:
    """DC-5, DC-3: a copy holds everything: admins and the system make and list them, nobody else."""
    for who in (BEN, MIA, DANA, "nobody@desk.example"):
        for words in (("backup", str(tmp_path / "copies")), ("backup", "--list")):
            assert Who(desk.database, who)(*words).status == 4
    assert names(tmp_path / "copies") == []
    assert care("--db", desk.database, "backup", str(tmp_path / "copies"), "--keep", "1").status == 0
    assert Who(desk.database, "system")("backup", "--list").status == 0


def test_the_list(desk: Who, tmp_path: Path) -> None:
    """AUD-2: backups on record, the last one first, with their seals, and whether they are still there."""
    assert desk.json("backup", "--list") == {"backups": []}
    assert "none yet" in desk("backup", "--list").out
    first, last = (desk.at(now).json("backup", str(tmp_path / "copies")) for now in (NOW, LATER))
    Path(first["path"]).unlink()
    listed = desk.json("backup", "--list")["backups"]
    shown = ("path", "at", "seal", "events", "bytes", "files")
    assert [{name: one[name] for name in shown} for one in listed] == [
        {name: one[name] for name in shown} for one in (last, first)
    ]
    assert [one["there"] for one in listed] == [True, False]
    for now in (NOW, LATER):
        desk.at(now)("backup", str(tmp_path / "copies" / "copy.db"))
    assert [one["there"] for one in desk.json("backup", "--list")["backups"]] == [True, False, True, False]


def test_the_list_at_a_terminal(desk: Who, tmp_path: Path) -> None:
    """CLI: paths are never cut off so that nobody can tell which copy is meant."""
    desk("backup", str(tmp_path / "copies"))
    for columns in (80, 120):
        screen = terminal(*desk.options, "backup", "--list", columns=columns).out
        assert "trial.2026-03-20T21-00-00Z.db" in screen
        assert all(len(line) <= columns for line in plain(screen).splitlines())


class TestKeeping:
    """AUD-2: --keep takes away the oldest backups of this desk, and nothing else."""

    def test_the_newest_stay(self, desk: Who, tmp_path: Path) -> None:
        """By the moment of the desk; several of one second stay apart."""
        copies = tmp_path / "copies"
        for now in (NOW, NOW, LATER, "2026-03-20T21:30:00Z"):
            assert desk.at(now)("backup", str(copies)).status == 0
        removed = desk.at("2026-03-21T09:00:00Z").json("backup", str(copies), "--keep", "3")["removed"]
        assert removed == ["trial.2026-03-20T21-00-00Z.db", "trial.2026-03-20T21-00-00Z-2.db"]
        dates = ["2026-03-20T21-30-00Z", "2026-03-20T22-00-00Z", "2026-03-21T09-00-00Z"]
        assert names(copies) == [f"trial.{date}{end}" for date in dates for end in (".db", ".files")]

    def test_the_new_one_stays_where_the_clock_was_set_back(self, desk: Who, tmp_path: Path) -> None:
        """What was just made is there afterwards, whatever the clock says."""
        copies = tmp_path / "copies"
        desk.at(LATER)("backup", str(copies))
        made = desk.json("backup", str(copies), "--keep", "1")
        assert (made["removed"], Path(made["path"]).is_file()) == (["trial.2026-03-20T22-00-00Z.db"], True)

    def test_what_this_desk_did_not_make_stays(self, desk: Who, tmp_path: Path) -> None:
        """Other desks' backups, worked-on copies, links, plain copies and strangers under such names all stay."""
        copies = tmp_path / "copies"
        worked, other, moved = (copies / f"trial.2025-0{month}-01T00-00-00Z.db" for month in (1, 2, 3))
        desk.at("2026-03-20T20:59:00Z")("backup", str(copies))
        (copies / "trial.2026-03-20T20-59-00Z.db").rename(worked)
        assert Who(str(worked), BEN)("update", "8", "-m", "Tried on a copy.", "--internal").status == 0
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        shutil.copy(desk.database, elsewhere / "trial.db")
        assert Who(str(elsewhere / "trial.db"), ADA)("backup", "--no-verify", str(other)).status == 0
        shutil.copy(desk.database, copies / "trial.2025-04-01T00-00-00Z.db")
        (copies / "trial.2025-05-01T00-00-00Z.db").write_text("mine")
        (elsewhere / "own").mkdir()
        linked = desk.at("2026-03-20T20:57:00Z").json("backup", str(elsewhere / "own"))["path"]
        (copies / "trial.2025-06-01T00-00-00Z.db").symlink_to(linked)
        (copies / "trial.2025-07-01T00-00-00Z.files").mkdir()
        desk.at("2026-03-20T20:58:00Z")("backup", str(moved))
        shutil.copy(moved, copies / "trial.2025-08-01T00-00-00Z.db")
        before, own = tree(copies), tree(elsewhere / "own")

        assert desk("backup", str(copies), "--keep", "1").status == 0
        assert tree(elsewhere / "own") == own
        gone = {str(moved.relative_to(copies)), moved.with_suffix(".files").name}
        kept = {name: held for name, held in before.items() if name.partition("/")[0] not in gone}
        after = tree(copies)
        assert {name: after.get(name) for name in kept} == kept

    def test_a_file_keeps_the_ones_before_under_dated_names(self, desk: Who, tmp_path: Path) -> None:
        """FILE is the newest; with --keep 2 the one before stays beside it, whole."""
        copies = tmp_path / "copies"
        for now in (NOW, "2026-03-20T21:10:00Z", LATER):
            made = desk.at(now).json("backup", str(copies / "copy.db"), "--keep", "2")
        assert made["removed"] == ["copy.2026-03-20T21-00-00Z.db"]
        kept = "copy.2026-03-20T21-10-00Z"
        assert names(copies) == [f"{kept}.db", f"{kept}.files", "copy.db", "copy.files"]
        assert Who(str(copies / f"{kept}.db"), ADA).json("verify")["differences"] == []


class TestFiles:
    """ATT-1: the files of a copy are its own."""

    def test_unchanged_files_are_those_of_the_backup_before(self, desk: Who, tmp_path: Path) -> None:
        """Linked to the copy before, never to the desk: what happens to the desk's file happens to no copy."""
        first, second = (Path(desk.json("backup", str(tmp_path / "copies"))["path"]) for _ in range(2))
        live = [path.stat().st_ino for path in blobs(Path(desk.database))]
        inodes = [[path.stat().st_ino for path in blobs(copy)] for copy in (first, second)]
        assert inodes[0] == inodes[1]
        assert not set(live) & set(inodes[0])

    def test_a_file_that_rotted_in_the_backup_before_is_copied_anew(self, desk: Who, tmp_path: Path) -> None:
        """AUD-2: every file is held against its hash, linked ones too."""
        first = Path(desk.json("backup", str(tmp_path / "copies"))["path"])
        blobs(first)[0].write_bytes(b"rotten")
        made = desk.json("backup", str(tmp_path / "copies"))
        assert made["files_shared"] == 1
        assert Who(made["path"], ADA).json("verify")["differences"] == []

    @pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"other")])
    def test_a_damaged_desk_replaces_no_sound_backup(
        self, desk: Who, tmp_path: Path, harm: Callable[[Path], Any]
    ) -> None:
        """AUD-2: a copy that does not verify is not kept; --no-verify makes one, and replaces nothing."""
        copies = tmp_path / "copies"
        for target in ("copies", "copies/copy.db"):
            assert desk("backup", str(tmp_path / target)).status == 0
        harm(blobs(Path(desk.database))[0])
        shutil.rmtree(copies / "trial.2026-03-20T21-00-00Z.files")
        before = tree(copies)
        for target in ("copies", "copies/new.db"):
            assert "does not verify" in desk("backup", str(tmp_path / target), "--keep", "1").refused(1)
        assert tree(copies) == before
        assert desk("backup", "--no-verify", str(copies / "copy.db")).status == 2
        as_it_is = desk.at(LATER).json("backup", "--no-verify", str(copies), "--keep", "1")
        assert (as_it_is["verified"], as_it_is["removed"]) == (False, [])
        assert {name: held for name, held in tree(copies).items() if "T22-" not in name} == before

    def test_a_tampered_record_replaces_none_either(self, desk: Who, tmp_path: Path) -> None:
        """AUD-1, AUD-2: the copy's own projections and chain are looked at."""
        copy = tmp_path / "copies" / "copy.db"
        desk("backup", str(copy))
        before = tree(copy.parent)
        with closing(sqlite3.connect(desk.database)) as db, db:
            db.execute("UPDATE cases SET status = 'closed' WHERE number = 8")
        assert "does not verify" in desk("backup", str(copy)).refused(1)
        assert tree(copy.parent) == before


def wal(folder: Path) -> None:
    """Leave what a killed program leaves beside a database."""
    (folder / "copy.db-wal").write_bytes(b"")


def another(folder: Path) -> None:
    """Put another desk's backup there."""
    shutil.rmtree(folder / "copy.files")
    (folder / "copy.db").unlink()
    database = folder.parent / "other.db"
    assert care("--db", str(database), "init", "--email", ADA, "--timezone", "UTC").status == 0
    assert Who(str(database), ADA)("backup", str(folder / "copy.db")).status == 0


def worked(folder: Path) -> None:
    """Work with the copy."""
    assert Who(str(folder / "copy.db"), BEN)("update", "8", "-m", "Tried on a copy.", "--internal").status == 0


def restored(folder: Path) -> None:
    """Put a dated backup there as a desk of its own."""
    (folder / "copy.db").unlink()
    [dated] = folder.glob("trial.*.db")
    dated.rename(folder / "copy.db")


def newer(folder: Path) -> None:
    """Make it a newer program's."""
    with closing(sqlite3.connect(folder / "copy.db")) as db:
        db.execute("PRAGMA user_version = 9999")


def stranger(folder: Path) -> None:
    """Put a file there that only begins like a database."""
    (folder / "copy.db").write_text("SQLite format 3")


def plain_copy(folder: Path) -> None:
    """Put the desk itself there, copied by hand."""
    shutil.copy(folder.parent / "trial.db", folder / "copy.db")


STANDING: dict[str, Callable[[Path], None]] = {
    "is no backup that this program can read": stranger,
    "somebody works with": wal,
    "is the backup of another desk": another,
    "has worked with it since": worked,
    "put here as a desk": restored,
    "this program can read: it is not": newer,
    "is a desk of its own": plain_copy,
}


@pytest.mark.parametrize("told", STANDING)
def test_only_an_own_backup_is_replaced(desk: Who, tmp_path: Path, told: str) -> None:
    """AUD-2: whatever else lies there keeps its bytes, and the refusal says what it is."""
    copies = tmp_path / "copies"
    desk("backup", str(copies))
    desk("backup", str(copies / "copy.db"))
    STANDING[told](copies)
    before = tree(copies)
    assert told in desk("backup", str(copies / "copy.db")).refused(2)
    assert tree(copies) == before


def test_no_name_leads_to_the_desk_itself(desk: Who, tmp_path: Path) -> None:
    """AUD-2: not by a link, nor by what lies or may lie beside it, nor through its folder of files."""
    database = Path(desk.database)
    (tmp_path / "hard.db").hardlink_to(database)
    (tmp_path / "soft.db").symlink_to(database)
    (tmp_path / "loop.db").symlink_to("loop.db")
    (tmp_path / "copies" / "linked.files").symlink_to(tmp_path / "trial.files")
    os.mkfifo(tmp_path / "pipe")
    targets = (
        *("trial.db", "hard.db", "soft.db", "loop.db", "trial.db-wal", "trial.db-shm", "trial.db-journal"),
        *(
            "trial.db.copying",
            "trial.db.delivery",
            "trial.bak",
            "trial",
            "trial.files",
            "copies/linked.db",
            "pipe",
        ),
        *("copies/none/copy.db", "/dev/null", "", "-", "~nobody-here/copy.db"),
    )
    whole = database.read_bytes()
    found = {target: desk("backup", str(tmp_path / target) if target[:1] not in {"", "/", "-", "~"} else target)
             for target in targets}  # fmt: skip
    assert {target: ran.status for target, ran in found.items()} == dict.fromkeys(targets, 2)
    assert database.read_bytes() == whole
    assert names(tmp_path / "copies") == ["linked.files"]
    assert {"trial.bak", "trial", "trial.db-wal"} & set(names(tmp_path)) == set()


def test_an_empty_file_and_a_new_directory_will_do(desk: Who, tmp_path: Path) -> None:
    """CLI: what `mktemp` made is replaced, a path that ends in / is made a directory for its owner alone."""
    (tmp_path / "copies" / "made.db").touch()
    assert desk("backup", str(tmp_path / "copies" / "made.db")).status == 0
    assert desk("backup", f"{tmp_path}/fresh/").status == 0
    assert (tmp_path / "fresh").stat().st_mode & 0o777 == 0o700


def test_the_options_that_make_no_sense(desk: Who) -> None:
    """CLI: nothing to copy to, and a list of something."""
    desk("backup").refused(2)
    desk("backup", "x", "--list").refused(2)
    desk("backup", "x", "--keep", "0").refused(2)


def test_a_database_that_cannot_be_used_makes_no_backup(tmp_path: Path, trial: str) -> None:
    """CLI: none, a newer one, and another program's keep their bytes, and exit with 6."""
    database = Path(trial)
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA user_version = 9999")
    before = database.read_bytes()
    for words in (
        ("backup", str(tmp_path / "copy.db")),
        ("verify",),
        ("doctor",),
        ("backup", "--list"),
        ("list",),
    ):
        assert "newer care" in Who(trial, ADA)(*words).refused(6)
    assert (database.read_bytes(), names(tmp_path)) == (before, ["trial.db"])


def test_the_recipe_of_restoring(desk: Who, tmp_path: Path) -> None:
    """AUD-2: the lines of docs/restoring.md, run as they stand there, bring a ruined desk back."""
    [recipe] = re.findall(r"as they stand here. -->\n```sh\n(.*?)```", RESTORING.read_text(), re.DOTALL)
    place = tmp_path / "desk"
    place.mkdir()
    Path(desk.database).rename(place / "desk.db")
    (tmp_path / "trial.files").rename(place / "desk.files")
    ada = Who(str(place / "desk.db"), ADA)
    assert ada("backup", str(place / "backup.db")).status == 0
    before = Who(str(place / "desk.db"), BEN).json("show", "8")
    assert Who(str(place / "desk.db"), BEN)("update", "8", "-m", "Lost with the disk.").status == 0
    (place / "desk.db").write_bytes((place / "desk.db").read_bytes()[:100_000])
    (place / "desk.db-wal").write_bytes(b"left over")
    shutil.rmtree(place / "desk.files")

    care_ = tmp_path / "care"
    care_.write_text(f'#!/bin/sh\nexec {sys.executable} -m carecli --now {NOW} "$@"\n')
    care_.chmod(0o700)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    run = subprocess.run(
        ["sh", "-e", "-c", recipe], cwd=place, env=env, capture_output=True, check=False, timeout=240
    )
    assert (run.returncode, run.stderr) == (0, b""), run
    assert names(place / "damaged") == ["desk.db", "desk.db-wal"]
    ben = Who(str(place / "desk.db"), BEN)
    assert ben.json("show", "8") == before
    assert ben("attachment", "get", "8", "2", "--output", str(tmp_path / "two")).status == 0
    assert (tmp_path / "two").read_bytes() == BYTES[::-1]
    assert ada("backup", str(place / "backup.db")).status == 0, "it goes on replacing its own backups"


def test_answers_to_lost_cases_wait_once_the_key_is_renewed(desk: Who, tmp_path: Path) -> None:
    """MAIL-1, OPEN-1: a restored desk gives numbers out again; the recipe keeps mails apart."""
    assert "care --db desk.db --as ADMIN mail key renew" in RESTORING.read_text()
    copy = tmp_path / "copies" / "copy.db"
    assert desk("backup", str(copy)).status == 0
    number, mail = opened(desk)
    for renewed, outcome in ((False, "updated"), (True, "triaged")):
        for path in tmp_path.glob("trial.db*"):
            path.unlink()
        shutil.copy(copy, desk.database)
        if renewed:
            assert desk("mail", "key", "renew").status == 0
        assert opened(desk)[0] == number
        answer = (
            f"From: {DANA}\r\nTo: care@desk.example\r\nSubject: Re: it\r\nMessage-ID: <1@there>\r\n"
            f"In-Reply-To: {mail}\r\nDate: Fri, 20 Mar 2026 21:30:00 +0000\r\n\r\nAbout the lost one.\r\n"
        )
        ran = Who(desk.database, "system")("--json", "mail", "receive", stdin=answer.encode())
        assert json.loads(ran.out)["outcome"] == outcome


def opened(desk: Who) -> tuple[str, str]:
    """A case that Dana opens: its number, and the Message-ID of the mail that tells her."""
    form = ("-s", "Calls drop", "--deployment", "East", "--service", "Voice", "--stage", "production")
    text = (
        "-m",
        "Every third call to the queue drops after ten seconds.",
        "--impact",
        "none",
        "--priority",
        "low",
    )
    case = Who(desk.database, DANA).json("open", *form, *text)
    mails = [one for one in desk.json("mail", "outbox")["mail"] if one["number"] == case["number"]]
    return case["number"], mails[-1]["message_id"]
