"""`care copy`: the desk in another place, and one that was moved, by its commands (AUD-2)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cli.acceptance import ADA, DANA, Who, care, plain, terminal
from engine import sqlite_alone

pytestmark = sqlite_alone("both places are given here: tests/desk/test_copying_move.py has those of servers")

NEW = "new.db"
WRITES = (
    ("tick",),
    ("tick", "--dry-run"),
    ("mail", "deliver"),
    ("mail", "fetch", "--maildir", "incoming"),
    ("open", "--subject", "x"),
    ("update", "8", "-m", "More."),
    ("contact", "edit", DANA, "--phone", "+1 555 0100"),
    ("init", "--email", ADA, "--name", "Ada"),
    ("backup", "copies"),
    ("verify", "--repair"),
    ("attachment", "tidy"),
)
READS = (
    ("list",),
    ("show", "8"),
    ("log", "8"),
    ("report",),
    ("export", "-", "--format", "csv"),
    ("verify",),
    ("doctor",),
    (),
)


@pytest.fixture
def moved(trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Who:
    """The trial desk, moved to `new.db` beside it: its admin at the old one."""
    monkeypatch.chdir(tmp_path)
    ada = Who(trial, ADA)
    assert ada.json("copy", "--to", NEW, "--move")["moved"] is True
    return ada


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_what_writes_is_refused(moved: Who, words: tuple[str, ...], tmp_path: Path) -> None:
    """AUD-2: with 6, where it works now and how to name it; nothing is changed."""
    (tmp_path / "incoming" / "new").mkdir(parents=True)
    (tmp_path / "incoming" / "cur").mkdir()
    (tmp_path / "incoming" / "tmp").mkdir()
    with closing(sqlite3.connect(moved.database)) as db:
        before = list(db.iterdump())
        ran = moved("--no-input", *words)
        assert (ran.status, ran.out) == (6, "")
        assert ran.err.startswith(
            f"care: this desk was moved to {tmp_path / NEW} on 2026-03-20, and takes nothing new"
        )
        assert f"--db {tmp_path / NEW}" in ran.err
        assert list(db.iterdump()) == before
    error = moved("--json", "--no-input", *words).error
    assert (error["code"], error["rule"]) == ("database", "AUD-2")


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_what_reads_goes_on_and_says_so_once(moved: Who, words: tuple[str, ...]) -> None:
    """AUD-2: what is shown may be old: one line on standard error tells, none with --quiet or --json."""
    ran, there = moved(*words), Who(NEW, ADA)(*words)
    told = [line for line in ran.err.splitlines() if "was moved to" in line]
    assert len(told) == 1
    assert "what came there since is not shown here" in told[0]
    assert "was moved to" not in there.err
    assert "was moved" not in moved("--quiet", *words).err
    if "--format" not in words:
        assert moved("--json", *words).err == ""


def test_an_answer_is_still_an_answer(moved: Who) -> None:
    """AUD-2: the same bytes on standard output from the desk that was moved and the one that works."""
    assert moved("export", "-", "--format", "csv").out == Who(NEW, ADA)("export", "-", "--format", "csv").out


def test_back_again(moved: Who) -> None:
    """AUD-2: a plain copy onto it is refused with the remedy; moved back it works, with what was done there."""
    there = Who(NEW, ADA)
    assert there("update", "8", "-m", "From the new place.").status == 0
    assert "--move brings it up to date" in there("copy", "--to", moved.database).refused(5)
    ran = there("copy", "--to", moved.database, "--move")
    assert ran.status == 0
    assert f"{NEW} takes nothing new from now on" in ran.out
    assert "From the new place." in moved("show", "8").out
    assert moved("tick").status == 0
    assert there("tick").status == 6


def test_at_a_screen_of_80_columns(trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: what is told stands in lines that fit, with short names; the same in a pipe, without colour."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.db").write_bytes(Path(trial).read_bytes())
    for words in (("--to", "a.db"), ("--to", "b.db", "--move")):
        ran = terminal("--db", "d.db", "--as", ADA, "--now", "2026-03-20T21:00:00Z", "copy", *words)
        assert ran.status == 0
        lines = plain(ran.out).splitlines()
        assert len(lines) >= 4
        assert max(map(len, lines)) <= 80, lines
    assert "\x1b" not in care("--db", "d.db", "--as", ADA, "copy", "--to", "c.db").out


def test_a_desk_that_was_moved_is_told_to_who_comes_over_ssh(moved: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    """DC-3: that it was moved, and not where to: no client needs to know where databases lie."""
    monkeypatch.setenv("SSH_ORIGINAL_COMMAND", "list")
    ran = care("--db", moved.database, "--as", DANA, "gate", "enter")
    assert ran.status == 0
    assert "this desk was moved on 2026-03-20" in ran.err
    assert NEW not in ran.err
    monkeypatch.setenv("SSH_ORIGINAL_COMMAND", "update 8 -m More")
    refused = care("--db", moved.database, "--as", DANA, "gate", "enter")
    assert refused.status == 6
    assert str(Path(moved.database).parent) not in refused.err
