"""What a backup tells of its work, and how its parts fail (AUD-2)."""

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ADA, SAM, Office

from carecli.desk import backup
from carecli.errors import CareError, DatabaseUnusable, Invalid, NotPermitted
from carecli.store.sqlite import workspace


def quiet(_what: str, _total: int) -> Any:
    """Show nothing of a stage."""
    return nullcontext(lambda _: None)


def test_its_stages_reach_their_ends(office: Office, tmp_path: Path) -> None:
    """CLI: a bar for each stage of long work: none runs over, and each comes to its end."""
    office.open("Mon 09:00")
    reached: dict[str, list[int]] = {}

    def stage(what: str, total: int) -> Any:
        reached[what] = [total]
        return nullcontext(reached[what].append)

    backup.backup(office.by(ADA, "Mon 09:00"), str(tmp_path / "copy.db"), stage)
    assert list(reached) == ["Copying the record", "Verifying"]
    for total, *done in reached.values():
        assert (done[-1], sorted(done)) == (total, done)


def test_an_agent_learns_nothing_of_backups(office: Office, tmp_path: Path) -> None:
    """DC-5: making and listing are for admins."""
    sam = office.by(SAM, "Mon 09:00")
    for act in (lambda: backup.backup(sam, str(tmp_path / "copy.db"), quiet), lambda: backup.listed(sam)):
        with pytest.raises(NotPermitted):
            act()


def test_another_one_is_under_way(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: one at a time: whoever waits for too long is told, and has changed nothing."""
    monkeypatch.setattr("carecli.store.sqlite.store.BUSY_S", 0.05)
    with office.store.copying(), pytest.raises(DatabaseUnusable, match="another backup"):
        backup.backup(office.by(ADA, "Mon 09:00"), str(tmp_path / "copy.db"), quiet)
    assert not (tmp_path / "copy.db").exists()


def test_interrupted(office: Office, tmp_path: Path) -> None:
    """CLI: Ctrl-C in the midst leaves nothing there."""
    copies = tmp_path / "copies"
    copies.mkdir()

    def stage(what: str, _total: int) -> Any:
        if what == "Verifying":
            raise KeyboardInterrupt
        return nullcontext(lambda _: None)

    with pytest.raises(KeyboardInterrupt):
        backup.backup(office.by(ADA, "Mon 09:00"), str(copies), stage)
    assert list(copies.iterdir()) == []


@pytest.mark.parametrize("database", [None, "copy.db"])
def test_a_failure_at_the_last_step_takes_its_files_back(tmp_path: Path, database: str | None) -> None:
    """AUD-2: files that are at their place without their database are no backup, and go again."""

    def fail() -> None:
        with workspace.within(tmp_path) as work:
            (work.place("copy.files") / "ab").mkdir(parents=True)
            work.plan("copy.db", "copy.files")
            work.place("copy.files").rename(tmp_path / "copy.files")
            if database:
                (tmp_path / database).touch()
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == ({database, "copy.files"} if database else set())


def test_what_a_power_cut_left_of_a_workspace_goes(tmp_path: Path) -> None:
    """AUD-2: one without its lock, with all that it had or nothing, and what it planned and never came to."""
    (tmp_path / ".care-copy-empty").mkdir()
    remains = tmp_path / ".care-copy-remains"
    (remains / "copy.files" / "ab").mkdir(parents=True)
    (remains / "plan-1").write_text('["copy.db", "copy.files"]')
    (tmp_path / "copy.files").mkdir()
    workspace.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_nobody_may_write(office: Office, tmp_path: Path) -> None:
    """CLI: one message with what to do, whoever asks."""
    folder = tmp_path / "closed"
    folder.mkdir(0o500)
    if os.access(folder, os.W_OK):  # root writes everywhere: what the kernel makes up takes no directory
        folder = Path("/proc/self/task")
    with pytest.raises(CareError, match="cannot write a backup"):
        backup.backup(office.by(ADA, "Mon 09:00"), str(folder), quiet)


@pytest.mark.parametrize("error", [FileExistsError, PermissionError])
def test_what_comes_there_meanwhile_stays(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    """AUD-2: a file that somebody writes at the last moment stays, on a file system without links too."""

    def overtaken(place: Path, _made: Path) -> None:
        place.write_text("somebody's")
        raise error("at the last moment")

    monkeypatch.setattr(Path, "hardlink_to", overtaken)
    with pytest.raises(Invalid, match="meanwhile"):
        backup.backup(office.by(ADA, "Mon 09:00"), str(tmp_path / "copy.db"), quiet)
    assert (tmp_path / "copy.db").read_text() == "somebody's"


def test_leftovers_of_others_are_let_be(office: Office, tmp_path: Path) -> None:
    """AUD-2: what only looks like a leftover stays: a link, a plan for elsewhere, one that is being made."""
    copies = tmp_path / "copies"
    (copies / "kept.files").mkdir(parents=True)
    (tmp_path / "precious.files").mkdir()
    (copies / ".care-copy-link").symlink_to(tmp_path)
    hostile = copies / ".care-copy-hostile"
    hostile.mkdir()
    (hostile / "lock").touch()
    for place, plan in enumerate(
        ('["x.db", "../precious.files"]', '["a/../x.db", "kept.files"]', "[1", '["", ""]')
    ):
        (hostile / f"plan-{place}").write_text(plan)
    with workspace.within(copies) as made:
        backup.backup(office.by(ADA, "Mon 09:00"), str(copies / "copy.db"), quiet)
        assert made.path.is_dir()
    left = {path.name for path in copies.iterdir()}
    assert left == {"kept.files", ".care-copy-link", "copy.db"}
    assert (tmp_path / "precious.files").is_dir()
