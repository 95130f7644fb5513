"""Files that an answer goes to: whole under their name, or as they were (EXP-1)."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

from carecli.errors import Failed, Invalid
from carecli.files.copying import Copied
from carecli.files.outlets import save, written


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_file_has_its_name_when_it_is_whole(tmp_path: Path) -> None:
    """EXP-1: until then there is the old one, and beside it only what is being written."""
    path = tmp_path / "cases.csv"
    path.write_text("before")
    with written(path) as out:
        out.write(b"after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert names(tmp_path) == ["cases.csv"]


def _broken_off(out: BinaryIO, error: type[BaseException]) -> None:
    out.write(b"half" * 10_000)
    raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, BrokenPipeError, MemoryError, SystemExit])
@pytest.mark.parametrize("there", [True, False])
def test_what_goes_wrong_leaves_what_was_there(tmp_path: Path, error: type[BaseException], there: bool) -> None:
    """EXP-1: whether an error, Ctrl-C or a reader that is gone: the old file or none, nothing half written."""
    path = tmp_path / "cases.csv"
    if there:
        path.write_text("before")
    with pytest.raises(error), written(path) as out:
        _broken_off(out, error)
    assert names(tmp_path) == (["cases.csv"] if there else [])
    assert not there or path.read_text() == "before"


def test_a_disk_that_fails_is_told(tmp_path: Path) -> None:
    """EXP-1: an error while it is written names the file."""
    with (
        pytest.raises(Failed, match=r"cannot write .*cases.csv: No space left") as told,
        written(tmp_path / "cases.csv"),
    ):
        raise OSError(28, "No space left on device")
    assert told.value.hint == "name another file, or - for standard output"
    assert names(tmp_path) == []


def test_a_link_stays_one(tmp_path: Path) -> None:
    """EXP-1: whoever names a link means the file behind it, in whatever folder that is."""
    real = tmp_path / "there" / "real.csv"
    real.parent.mkdir()
    real.write_text("before")
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    with written(link) as out:
        out.write(b"after")
    assert link.is_symlink()
    assert real.read_text() == "after"
    assert names(real.parent) == ["real.csv"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    """EXP-1: what only its owner could read does not become everybody's."""
    path = tmp_path / "cases.csv"
    path.touch()
    path.chmod(mode)
    with written(path) as out:
        out.write(b"after")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_goes_by_the_umask(tmp_path: Path) -> None:
    """EXP-1: as of any other program."""
    before = os.umask(0o027)
    try:
        with written(tmp_path / "cases.csv") as out:
            out.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "cases.csv").stat().st_mode) == 0o640


def test_a_device_is_written_to_as_it_comes() -> None:
    """EXP-1: /dev/null stays what it is; a full one says so."""
    with written(Path("/dev/null")) as out:
        out.write(b"x")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(Failed, match="/dev/full: No space left"), written(Path("/dev/full")) as out:
        out.write(b"x")


def test_a_pipe_is_written_to_as_it_comes(tmp_path: Path) -> None:
    """EXP-1: a named pipe is no file to be replaced."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([sys.executable, "-c", f"print(open({str(pipe)!r}).read())"], stdout=-1) as reader:
        with written(pipe) as out:
            out.write(b"through")
        assert reader.communicate(timeout=120)[0] == b"through\n"
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["missing/cases.csv", "", "file/cases.csv"])
def test_where_nothing_can_be_written(tmp_path: Path, name: str) -> None:
    """EXP-1: no such folder, a folder itself, a file taken for one."""
    (tmp_path / "file").touch()
    with pytest.raises(Failed, match="cannot write"), written(tmp_path / name):
        pass


@pytest.mark.parametrize("name", ["desk.db", "desk.db-wal", "desk.db-shm", "link.csv"])
def test_a_database_is_never_replaced(tmp_path: Path, name: str) -> None:
    """AUD-2: a slip of the tab key puts no list in the place of a desk, nor of what SQLite keeps beside one."""
    with closing(sqlite3.connect(tmp_path / "desk.db")) as db:
        db.execute("CREATE TABLE kept (x)")
    (tmp_path / "link.csv").symlink_to("desk.db")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(Invalid, match="is a database"), written(tmp_path / name) as out:
        out.write(b"number\n")
    with pytest.raises(Invalid, match="is a database"):
        save(tmp_path / name, BytesIO(b"x"), Copied(1, "unread"), lambda _: None, typed=True, replace=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
