"""Fetching from a maildir: nothing is lost, whatever lies there and whoever else is at it (MAIL-6)."""

import os
from pathlib import Path

import pytest

from carecli.domain.fetching import Left
from carecli.errors import Failed, NotFound
from carecli.mail.sources import maildir
from carecli.mail.sources.maildir import MaildirSource
from carecli.mail.sources.protocol import Found

ODD = b"Subject: \xe4\x00\xff\r\n\r\nbare\nlines\rand \x00 bytes \x80\xff, no end of line"
LARGEST = 1_000


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """An empty maildir."""
    for part in ("new", "cur", "tmp"):
        (tmp_path / "box" / part).mkdir(parents=True)
    return tmp_path / "box"


def _source(box: Path, *, keep: bool = False, delete: bool = False) -> MaildirSource:
    return MaildirSource(box, LARGEST, keep=keep, delete=delete)


def _put(box: Path, name: str, raw: bytes = b"Subject: x\n\ny\n", part: str = "new", at: int = 1_000) -> Path:
    file = box / part / name
    file.write_bytes(raw)
    os.utime(file, (at, at))
    return file


def _all(source: MaildirSource) -> list[Found | Left]:
    return [each for batch in source.batches(source.uids()) for each in batch]


def _raws(source: MaildirSource) -> list[bytes]:
    return [each.raw for each in _all(source) if isinstance(each, Found)]


def _files(box: Path) -> list[str]:
    return sorted(str(file.relative_to(box)) for file in box.rglob("*") if not file.is_dir())


def test_messages_come_byte_for_byte_the_oldest_first(box: Path) -> None:
    """MAIL-6: of `new` and of `cur`, as a mail reader may have looked at them already."""
    _put(box, "b", ODD, at=3)
    _put(box, "a:2,RS", b"seen", "cur", at=2)
    _put(box, "z", b"first", at=1)
    assert _raws(_source(box)) == [b"first", b"seen", ODD]


def test_what_is_half_delivered_trashed_or_hidden_is_not_there(box: Path) -> None:
    """MAIL-6: `tmp` is the deliverer's own, and what a person threw away stays away."""
    _put(box, "half", part="tmp")
    _put(box, "gone:2,ST", part="cur")
    _put(box, ".hidden")
    assert _source(box).uids() == []


def test_a_message_moves_to_cur_only_once_it_is_taken(box: Path) -> None:
    """MAIL-6: reading moves nothing; what a mail reader has moved before keeps the flags that it has there."""
    _put(box, "1.a.host")
    _put(box, "2.b.host:2,FR", part="cur")
    source = _source(box)
    assert len(_all(source)) == 2
    assert _files(box) == ["cur/2.b.host:2,FR", "new/1.a.host"]
    assert source.taken(source.uids()) == []
    assert _files(box) == ["cur/1.a.host:2,S", "cur/2.b.host:2,FR"]


def test_moving_and_flagging_leave_a_message_its_name(box: Path) -> None:
    """MAIL-6: the uid under which it is remembered outlives the move."""
    _put(box, "1.a.host")
    source = _source(box)
    before = source.uids()
    source.taken(before)
    assert _source(box).uids() == before


def test_keeping_touches_nothing_and_deleting_takes_what_is_named(box: Path) -> None:
    """MAIL-6: nothing is deleted unless told to."""
    _put(box, "1.a", at=1)
    _put(box, "2.b", at=2)
    source = _source(box, keep=True)
    source.taken(source.uids())
    assert _files(box) == ["new/1.a", "new/2.b"]
    source = _source(box, delete=True)
    source.taken(source.uids()[:1])
    assert _files(box) == ["new/2.b"]


def test_two_messages_of_one_name_are_two(box: Path) -> None:
    """MAIL-6: people copy files in by hand; neither is taken for the other, and none overwrites the other."""
    _put(box, "mail.eml", b"one", at=1)
    first = _source(box)
    uids = first.uids()
    first.taken(uids)
    _put(box, "mail.eml", b"two", at=2)
    second = _source(box)
    assert [uid for uid in second.uids() if uid not in uids] == second.uids()[1:]
    second.taken(second.uids())
    assert sorted(file.read_bytes() for file in (box / "cur").iterdir()) == [b"one", b"two"]


def test_what_is_no_readable_message_is_told_and_the_others_go_on(box: Path) -> None:
    """MAIL-6: folders, pipes, links, loops and messages that are too large stay where they are."""
    (box / "new" / "folder").mkdir()
    os.mkfifo(box / "new" / "pipe")
    (box / "new" / "link").symlink_to("/etc/hostname")
    _put(box, "large", b"x" * (LARGEST + 1))
    _put(box, "good", b"good")
    before = _files(box)
    found = _all(_source(box))
    assert [each.raw for each in found if isinstance(each, Found)] == [b"good"]
    told = {each.uid.split()[0]: each.why for each in found if isinstance(each, Left)}
    assert set(told) == {"folder", "pipe", "link", "large"}
    assert told["folder"] == f"{box}/new/folder is no ordinary file"
    assert told["large"] == "it has 1,001 bytes, more than the 1,000 that `max_bytes` allows"
    assert _files(box) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere, and reads everything")
def test_a_file_that_may_not_be_read_is_left(box: Path) -> None:
    """MAIL-6: it is told, and the next one comes."""
    _put(box, "1.locked").chmod(0)
    _put(box, "2.open", b"good")
    assert _raws(_source(box)) == [b"good"]


def test_what_others_take_away_or_move_meanwhile_is_no_trouble(box: Path) -> None:
    """MAIL-6: a mail reader flags one message and deletes another while we are at it."""
    for place, name in enumerate(("1.kept", "2.deleted", "3.moved"), start=1):
        _put(box, name, name.encode(), at=place)
    source = _source(box)
    uids = source.uids()
    (box / "new" / "2.deleted").unlink()
    (box / "new" / "3.moved").rename(box / "cur" / "3.moved:2,F")
    found = [each.raw for batch in source.batches(uids) for each in batch if isinstance(each, Found)]
    assert found == [b"1.kept", b"3.moved"]
    assert source.taken(uids) == []
    assert _files(box) == ["cur/1.kept:2,S", "cur/3.moved:2,FS"]


def test_names_that_are_no_text_are_told_as_text(box: Path) -> None:
    """MAIL-6: a file may be called by any bytes, a database keeps text."""
    (box / "new" / os.fsdecode(b"\xff\xfe:odd\n")).write_bytes(b"odd")
    source = _source(box)
    (uid,) = source.uids()
    assert uid.encode("utf-8").startswith(rb"\xff\xfe:odd")
    assert _raws(source) == [b"odd"]
    assert source.taken([uid]) == []
    assert [os.fsencode(name.name) for name in (box / "cur").iterdir()] == [b"\xff\xfe:odd\n:2,S"]


def test_batches_stay_small(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-6: neither many messages nor large ones fill the memory."""
    monkeypatch.setattr(maildir, "BATCH_BYTES", 250)
    for place in range(120):
        _put(box, f"{place:03}", b"x" * (100 if place < 5 else 1), at=place)
    source = _source(box)
    sizes = [len(batch) for batch in source.batches(source.uids())]
    assert (sizes[:3], sum(sizes), max(sizes)) == ([2, 2, 50], 120, 50)


def test_a_folder_that_is_no_maildir_is_refused(tmp_path: Path) -> None:
    """MAIL-6: before anything is moved, with what to name instead."""
    with pytest.raises(NotFound, match="is no maildir"), maildir.opened(str(tmp_path), max_bytes=1):
        pass


def test_a_maildir_without_cur_is_given_one(tmp_path: Path) -> None:
    """MAIL-6: some deliverers make `new` alone."""
    (tmp_path / "new").mkdir()
    _put(tmp_path, "a")
    source = _source(tmp_path)
    source.taken(source.uids())
    assert _files(tmp_path) == ["cur/a:2,S"]


def test_a_maildir_that_cannot_be_listed_is_told(box: Path) -> None:
    """MAIL-6: one message, no traceback."""
    source = _source(box)
    (box / "new").rmdir()
    (box / "new").write_text("no folder")
    with pytest.raises(Failed, match="cannot read the maildir"):
        source.uids()
