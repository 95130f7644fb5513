"""An export is whole or not there: a disk that fills up, Ctrl-C and a kill in the midst of it (EXP-1)."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import Who, command
from desk_fixtures import SAM
from hard.small_disk import SmallDisk, on_small_disk

from carecli.config import Config
from carecli.store.sqlite.store import open_store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

AT: Final = "2026-03-02T10:00:00Z"
KIB: Final = 1024
FORMATS: Final = ("csv", "jsonl", "json", "tsv", "xlsx")


def with_events(template: Config, path: Path, count: int) -> str:
    """A copy of a desk with so many more events, which no compression makes small."""
    shutil.copy(template.db, path)
    store = open_store(path)
    with store.write() as record:
        first = next(iter(record.events())).event
        data = ({"text": sha256(bytes(n)).hexdigest() * 3} for n in range(count))
        record.append_all((None, first._replace(data=told)) for told in data)
    store.close()
    return str(path)


@pytest.fixture(scope="module")
def some(template: Config, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk whose log is larger than what is left of a disk."""
    return with_events(template, tmp_path_factory.mktemp("some") / "desk.db", 3_000)


@pytest.fixture(scope="module")
def long(template: Config, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk whose log takes a second or more to write."""
    return with_events(template, tmp_path_factory.mktemp("long") / "desk.db", 20_000)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_disk_that_fills_up(some: str, tmp_path: Path, format_: str) -> None:
    """EXP-1: one message, status 1, the old file as it was, nothing beside it; with room it is done."""

    def work(disk: SmallDisk) -> None:
        file = disk.path / f"log.{format_}"
        file.write_text("before")
        sam = Who(some, SAM, AT)
        for room in (0, 8 * KIB, 100 * KIB):
            disk.leave(room)
            told = sam("log", "--all", "--output", str(file)).refused(1)
            assert f"cannot write {file}: No space left" in told
            disk.free()
            assert file.read_text() == "before"
            assert {path.name for path in disk.path.iterdir()} == {file.name}
        assert sam("log", "--all", "--output", str(file)).status == 0
        assert file.stat().st_size > 100 * KIB

    on_small_disk(work, tmp_path, "40m")


def test_no_room_for_what_a_workbook_is_made_of(some: str, tmp_path: Path) -> None:
    """EXP-1: the same where the folder for temporary files is full, and nothing stays in it."""

    def work(disk: SmallDisk) -> None:
        tempfile.tempdir = str(disk.path)
        disk.leave(300 * KIB)
        sam = Who(some, SAM, AT)
        told = sam("log", "--all", "--output", "/dev/null", "--format", "xlsx").refused(1)
        assert "No space left" in told
        assert {path.name for path in disk.path.iterdir()} == {"filler"}

    on_small_disk(work, tmp_path, "2m")


@pytest.mark.parametrize(("stop", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_stopped_in_the_midst(long: str, tmp_path: Path, format_: str, stop: signal.Signals, status: int) -> None:
    """EXP-1: Ctrl-C leaves the old file and nothing else; a kill leaves the old file, whatever else."""
    file, folder = tmp_path / f"log.{format_}", tmp_path / "temporary"
    folder.mkdir()
    file.write_text("before")
    words = command(*Who(long, SAM, AT).options, "log", "--all", "--output", str(file))
    environ = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(words, stderr=subprocess.PIPE, env=environ) as run:
        while run.poll() is None and not _begun(tmp_path, folder):
            pass
        run.send_signal(stop)
        assert run.stderr
        assert (run.wait(timeout=240), run.stderr.read()) == (status, b"")
    assert file.read_text() == "before"
    if stop is signal.SIGINT:
        assert {path.name for path in tmp_path.iterdir()} == {file.name, folder.name}
        assert list(folder.iterdir()) == []


def _begun(target: Path, temporary: Path) -> bool:
    """Whether something is being written."""
    paths = [*target.glob(".care-*"), *temporary.glob("care-*/*")]
    with suppress(FileNotFoundError):  # one that has gone since
        return any(path.stat().st_size > 10 * KIB for path in paths)
    return False
