"""Bytes on their way: copied by the kernel or by hand, hashed, and on the disk before anybody is told (ATT-1)."""

import hashlib
import io
import os
from collections.abc import Callable
from errno import EIO, ENOSPC, EXDEV
from pathlib import Path

import pytest

from carecli.errors import Failed, Invalid
from carecli.files import copying
from carecli.files.blobs import Blobs, Kept
from carecli.files.copying import Copied, copied
from carecli.files.sources import Source, opened, require_whole

CONTENT = os.urandom(300_000)
WHOLE = Copied(len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps so small that a small file takes many."""
    monkeypatch.setattr(copying, "CHUNK", 10_000)
    monkeypatch.setattr(copying, "STEP", 25_000)
    monkeypatch.setattr(copying, "FLUSH", 60_000)


def refusing(code: int) -> Callable[..., int]:
    """A call of the system that fails."""

    def failing(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    return failing


def cloned(tmp_path: Path, size: int = len(CONTENT)) -> tuple[Copied, bytes]:
    """A file taken in by the fast way: what is said of the copy, and the copy."""
    source = tmp_path / "source"
    source.write_bytes(CONTENT)
    heard: list[int] = []
    with Blobs(str(tmp_path / "desk.db")).draft() as draft, source.open("rb", buffering=0) as stream:
        draft.clone(stream, size, heard.append)
        assert heard == sorted(heard)
        assert heard[-1] == draft.copied.size
        return draft.copied, draft.path.read_bytes()


def test_the_kernel_copies(tmp_path: Path) -> None:
    """ATT-1: the same bytes, and the hash of them."""
    assert cloned(tmp_path) == (WHOLE, CONTENT)


def test_a_kernel_that_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-1: from one file system to another the bytes are copied by hand."""
    monkeypatch.setattr(os, "copy_file_range", refusing(EXDEV))
    assert cloned(tmp_path) == (WHOLE, CONTENT)


@pytest.mark.parametrize("size", [1, 25_000, 25_001, 299_999])
def test_no_more_than_was_there_at_first(tmp_path: Path, size: int) -> None:
    """ATT-1: a file that grew is cut where it ended."""
    assert cloned(tmp_path, size) == (Copied(size, hashlib.sha256(CONTENT[:size]).hexdigest()), CONTENT[:size])


def test_less_than_was_there_at_first(tmp_path: Path) -> None:
    """ATT-1: a file that shrank is told by its size."""
    found, _ = cloned(tmp_path, len(CONTENT) + 1)
    with pytest.raises(Failed, match="became shorter while it was read: 300,000 of 300,001"):
        require_whole(Source("log", io.BytesIO(), len(CONTENT) + 1), found.size)


@pytest.mark.parametrize("call", ["copy_file_range", "fdatasync"])
@pytest.mark.parametrize(("code", "told"), [(ENOSPC, "the disk is full"), (EIO, "Input/output error")])
def test_a_disk_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, told: str
) -> None:
    """ATT-1: what the disk says, also of bytes that it took before, is heard; nothing is left."""
    monkeypatch.setattr(os, call, refusing(code))
    with pytest.raises(Failed, match=told) as refusal:
        cloned(tmp_path)
    assert refusal.value.hint
    assert list((tmp_path / "desk.files").iterdir()) == []


def test_a_source_that_fails() -> None:
    """ATT-1: what cannot be read is told as that, and not as a fault of the desk's disk."""

    class Broken(io.BytesIO):
        def readinto(self, _: object) -> int:
            raise OSError(EIO, "Input/output error")

    with pytest.raises(Failed, match="the file cannot be read"):
        copied(Broken(), None)


def test_a_pipe_that_does_not_wait() -> None:
    """ATT-1: nothing yet is no end."""

    class Hasty(io.BytesIO):
        def readinto(self, _: object) -> int | None:  # type: ignore[override]
            return None

    with pytest.raises(Failed, match="nothing has come yet"):
        copied(Hasty(), None)


def test_a_target_that_takes_little() -> None:
    """ATT-1: a file may take less at once than it is given."""

    class Slow(io.BytesIO):
        def write(self, data: "memoryview") -> int:  # type: ignore[override]
            return super().write(data[:777])

    target = Slow()
    assert copied(io.BytesIO(CONTENT), target) == WHOLE
    assert target.getvalue() == CONTENT


def test_bounds_of_a_stream() -> None:
    """ATT-1: no more is read of a stream than asked for."""
    stream = io.BytesIO(CONTENT)
    assert copied(stream, None, 12_345).size == 12_345
    assert stream.tell() == 12_345


def test_what_is_kept_is_on_the_disk_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-1: the bytes, then the name, then the folder with the name in it."""
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def synced(descriptor: int) -> None:
        done.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name[:5]}")
        fsync(descriptor)

    def renamed(path: Path, target: Path) -> Path:
        done.append("rename")
        return rename(path, target)

    with Blobs(str(tmp_path / "desk.db")).draft() as draft:
        draft.take(io.BytesIO(b"hello"), 100, lambda _: None)
        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(Path, "rename", renamed)
        draft.keep()
    assert done == ["sync part-", "sync desk.", "rename", "sync 2c"]


def test_a_source_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-1: a file is called as it is called, wherever one stands; its size is known beforehand."""
    (tmp_path / "call.log").write_bytes(b"hello")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for path in ("call.log", "./call.log", "~/call.log", str(tmp_path / "call.log")):
        with opened(path) as source:
            assert (source.name, source.size, source.stream.read()) == ("call.log", 5, b"hello")


def test_a_name_that_looks_like_somebodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-1: `~$plan.xlsx` is a file like any other; of nobody's home there is nothing to read."""
    (tmp_path / "~$plan.xlsx").write_bytes(b"hello")
    monkeypatch.chdir(tmp_path)
    with opened("~$plan.xlsx") as source:
        assert (source.name, source.stream.read()) == ("~$plan.xlsx", b"hello")
    for path, told in (("~nobody.here/call.log", "cannot read"), ("", "without a name")):
        with pytest.raises(Invalid, match=told), opened(path):
            pass


def test_a_kernel_that_copies_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-1: a file system that answers 0 with bytes to come is read by hand."""
    monkeypatch.setattr(os, "copy_file_range", lambda *_: 0)
    assert cloned(tmp_path) == (WHOLE, CONTENT)


def test_a_file_that_is_there_already(tmp_path: Path) -> None:
    """ATT-1, DC-3: it is written anew, whole, as if nobody had it: nothing of before is trusted or told."""
    blobs = Blobs(str(tmp_path / "desk.db"))
    kept = []
    for _ in range(2):
        with blobs.draft() as draft:
            draft.take(io.BytesIO(b"hello"), 100, lambda _: None)
            sha256 = draft.keep()
        kept.append(blobs.path(sha256).stat().st_ino)
        os.utime(blobs.path(sha256), (0, 0))
        blobs.path(sha256).chmod(0o400)
    assert kept[0] != kept[1]
    assert [kept.path for kept in blobs.kept()] == [blobs.path(sha256)]


def test_a_leftover_that_is_kept_anew(tmp_path: Path) -> None:
    """ATT-1: what was a leftover when the folder was listed, and is attached by now, stays."""
    blobs = Blobs(str(tmp_path / "desk.db"))
    listed: list[Kept] = []
    for _ in range(2):
        with blobs.draft() as draft:
            draft.take(io.BytesIO(b"hello"), 100, lambda _: None)
            draft.keep()
        listed.extend(blobs.kept())
    for left in listed:
        blobs.remove(left)
        assert blobs.size(left.sha256 or "") == (5 if left is listed[0] else None)


def test_a_full_disk_is_told_once(tmp_path: Path) -> None:
    """ATT-1: a buffer that cannot be written is let go of without another try, and no draft stays."""
    blobs = Blobs(str(tmp_path / "desk.db"))
    with (
        pytest.raises(Failed, match="disk is full"),
        blobs.draft() as draft,
        draft.writing() as out,
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"hello")
    assert out.closed
    assert not draft.path.exists()
    assert list(blobs.kept()) == []


def test_a_database_that_is_called_like_the_folder(tmp_path: Path) -> None:
    """ATT-1: its folder stands beside it, not in its place."""
    assert Blobs(str(tmp_path / "desk.files")).root == tmp_path / "desk.files.files"
    assert Blobs(str(tmp_path / "desk.v2.db")).root == tmp_path / "desk.v2.files"
    assert Blobs(str(tmp_path / "desk")).root == tmp_path / "desk.files"


def test_a_file_that_goes_while_the_folder_is_listed(tmp_path: Path) -> None:
    """AUD-2: a file that came in whole, or was given up, since the folder was listed is no fault."""
    blobs = Blobs(str(tmp_path / "desk.db"))
    with blobs.draft() as first, blobs.draft() as second:
        files = blobs.kept()
        seen = next(files).path
        other = second if seen == first.path else first
        other.drop()
        assert list(files) == []
