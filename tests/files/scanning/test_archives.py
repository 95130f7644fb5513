"""What is packed is looked through too, however it is packed, and never without a bound (ATT-2)."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

import pytest
from files.scanning.samples import BINARY, CARD_LINE, LIMIT, redacted, scanned, tarred, where, zeros, zipped

from carecli.domain.sanitising import Scan, Sensitive
from carecli.errors import Refused
from carecli.files.scanning import scanner
from carecli.files.scanning.scanner import KEPT

AT = (Sensitive.CARD, 1, 8)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_log_is_a_log(pack: object) -> None:
    """ATT-2: places are those of the text in it."""
    found = scanned(pack(b"\n\n" + CARD_LINE))  # type: ignore[operator]
    assert where(found) == [(Sensitive.CARD, 3, 8, None)]
    assert found.whole


def test_the_parts_of_a_gzip_are_one_text() -> None:
    """ATT-2: also a number that lies in two of them, with zeros between and behind as tapes have them."""
    parts = (
        gzip.compress(b"4111 1111 ") + gzip.compress(b"") + b"\0" * 9 + gzip.compress(b"1111 1111\n") + b"\0" * 512
    )
    assert where(scanned(parts)) == [(Sensitive.CARD, 1, 1, None)]


def test_ten_thousand_parts_are_no_burden() -> None:
    """ATT-2: no depth of calls, no copies without end."""
    found = scanned(gzip.compress(b"x\n") * 10_000 + gzip.compress(CARD_LINE))
    assert where(found) == [(Sensitive.CARD, 10_001, 8, None)]


@pytest.mark.parametrize("cut", [1, 8, 9, 20])
def test_a_torn_gzip_is_looked_through_up_to_there(cut: int) -> None:
    """ATT-2: and named as what was not looked through whole."""
    found = scanned(gzip.compress(CARD_LINE * 5_000)[:-cut])
    assert found.found > 1_000
    assert found.unscanned == ("the file: it ends too early",)
    assert not found.whole


def test_a_damaged_gzip_is_named() -> None:
    """ATT-2: as such."""
    data = bytearray(gzip.compress(CARD_LINE * 100))
    data[30] ^= 0xFF
    assert scanned(bytes(data)).unscanned == ("the file: it is damaged",)


def test_members_are_named_in_findings() -> None:
    """ATT-2: within archives within archives."""
    inner = zipped({"x/b.log": CARD_LINE})
    found = scanned(
        zipped({"a.log": CARD_LINE, "in.zip": inner, "c.tar.gz": gzip.compress(tarred({"d": CARD_LINE}))})
    )
    assert where(found) == [(*AT, "a.log"), (*AT, "in.zip/x/b.log"), (*AT, "c.tar.gz/d")]
    assert found.whole


def test_a_tar_is_looked_through() -> None:
    """ATT-2: its texts, and its binaries named."""
    found = scanned(tarred({"a.log": CARD_LINE, "b.bin": BINARY}))
    assert where(found) == [(*AT, "a.log")]
    assert found.unscanned == ("b.bin: it is binary",)


def test_links_and_folders_are_nothing() -> None:
    """ATT-2: nothing is followed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind, name in ((tarfile.SYMTYPE, "l"), (tarfile.DIRTYPE, "d"), (tarfile.LNKTYPE, "h")):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    found = scanned(out.getvalue())
    assert found.found == 0
    assert found.unscanned == ()


def test_names_that_climb_are_names() -> None:
    """ATT-2: nothing is unpacked to a place that a member names."""
    found = scanned(zipped({"../../etc/passwd": CARD_LINE, "/abs": CARD_LINE, "a\x1b[31m": CARD_LINE}))
    assert [one.member for one in found.findings] == ["../../etc/passwd", "/abs", "a\x1b[31m"]


def test_an_encrypted_member_is_named() -> None:
    """ATT-2: what cannot be looked through is said to be so."""
    data = bytearray(zipped({"a.log": CARD_LINE, "b.log": CARD_LINE}))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + place] |= 1
    found = scanned(bytes(data))
    assert found.unscanned == ("a.log: it is encrypted",)
    assert where(found) == [(*AT, "b.log")]


def test_a_member_packed_in_an_unusual_way_is_named() -> None:
    """ATT-2: Python unpacks LZMA and bzip2 in zip without a bound on memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", CARD_LINE, zipfile.ZIP_LZMA)
        archive.writestr("b", CARD_LINE, zipfile.ZIP_BZIP2)
    found = scanned(out.getvalue())
    assert found.unscanned == tuple(f"{name}: it is packed by a method that is not known here" for name in "ab")


def test_a_damaged_member_does_not_hide_the_others() -> None:
    """ATT-2: each is looked through for itself."""
    data = bytearray(zipped({"a.log": CARD_LINE, "b.log": CARD_LINE}))
    data[40] ^= 0xFF
    found = scanned(bytes(data))
    assert found.unscanned == ("a.log: it is damaged",)
    assert (*AT, "b.log") in where(found)


def test_an_office_document_is_looked_through() -> None:
    """ATT-2: it is a zip of texts."""
    found = scanned(
        zipped({"word/document.xml": b"<w:t>" + CARD_LINE + b"</w:t>", "media/i.png": b"\x89PNG" + BINARY})
    )
    assert found.found == 1
    assert found.unscanned == ("media/i.png: it is an image",)


def test_packed_too_deep_is_named() -> None:
    """ATT-2: a file that holds itself would have no end."""
    data = CARD_LINE
    for _ in range(9):
        data = zipped({"z": data})
    found = scanned(data)
    assert not found.complete
    assert found.unscanned == ("z/z/z/z: it is packed too deep",)


def _peak(data: bytes, limit: int) -> tuple[Scan, int]:
    scanned(CARD_LINE)
    tracemalloc.start()
    try:
        found = scanned(data, limit)
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


MOST, BOMB = 24 * 2**20, 64 * 2**20
"""The bytes of memory that a look may take, and those that a bomb unpacks to."""
BOMBS: Final[Mapping[str, Callable[[], bytes]]] = {
    "gzip": lambda: zeros(BOMB),
    "gzip-in-gzip": lambda: gzip.compress(zeros(BOMB)),
    "bzip2": lambda: bz2.compress(b"0" * BOMB),
    "xz": lambda: lzma.compress(b"0" * BOMB, preset=0),
    "zip": lambda: zipped({"a": b"0" * BOMB}),
    "tar": lambda: gzip.compress(tarred({"a": b"0" * BOMB})),
}
"""Packed where they are tried: that takes a while, and every process that collects tests would do it."""


@pytest.mark.parametrize("pack", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_bounded(pack: Callable[[], bytes]) -> None:
    """ATT-2: in bytes looked at and in memory, and it says that it was not looked through whole."""
    found, peak = _peak(pack(), 10**6)
    assert not found.complete
    assert found.scanned <= 10**6 + 2**18
    assert peak < MOST < BOMB / 2


def test_many_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """ATT-2: archives of empty files cost time without bytes."""
    monkeypatch.setattr(scanner, "MEMBERS", 20)
    members = {f"{number}": b"" for number in range(21)}
    assert not scanned(zipped(members)).complete
    assert not scanned(tarred(members)).complete
    del members["20"]
    assert scanned(zipped(members)).complete


def test_members_that_overlap_are_bounded() -> None:
    """ATT-2: a table of contents that names one member a thousand times unpacks no more than the bound."""
    whole = zipped({"a": b"0 " * 1_000_000})
    start = whole.index(b"PK\x01\x02")
    entry = whole[start : whole.index(b"PK\x05\x06")]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1_000, 1_000, len(entry) * 1_000, start, 0)
    found = scanned(whole[:start] + entry * 1_000 + end, limit=5_000_000)
    assert found.scanned <= 5_000_000
    assert not found.whole


@pytest.mark.parametrize("claimed", [2**31, 2**40])
def test_a_header_that_lies_takes_no_memory(claimed: int) -> None:
    """ATT-2: of a tar's own long headers."""
    entry = tarfile.TarInfo("x")
    entry.type, entry.size = tarfile.XHDTYPE, claimed
    found, peak = _peak(entry.tobuf(tarfile.GNU_FORMAT) + b"0" * 2**20, LIMIT)
    assert found.unscanned == ("the file: its headers are larger than any",)
    assert peak < 24 * 2**20


def test_the_names_of_what_was_not_looked_through_are_bounded() -> None:
    """ATT-2: the first ones, and how many more."""
    found = scanned(zipped({f"{number}.bin": BINARY for number in range(KEPT + 7)}))
    assert len(found.unscanned) == KEPT + 1
    assert found.unscanned[-1] == "and 7 more"
    assert not found.text


def test_the_bound_of_a_text() -> None:
    """ATT-2: a policy bound on what is scanned, which is told."""
    found = scanned(b"x" * 1_000 + CARD_LINE, limit=1_000)
    assert (found.found, found.scanned, found.complete) == (0, 1_000, False)
    found = scanned(b"x" * 968 + CARD_LINE, limit=1_000)
    assert (found.found, found.scanned, found.complete) == (1, 1_000, True)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (BINARY, "binary"),
        (b"%PDF-1.4", "a PDF"),
        (b"\x89PNG\r\n", "an image"),
        (b"\x7fELF\x01", "a program"),
        (b"7z\xbc\xaf\x27\x1c..", "a 7z archive"),
        (b"\0" * 5_000, "binary"),
    ],
)
def test_a_binary_is_named_as_such(data: bytes, what: str) -> None:
    """ATT-2: by what it holds, not by its name."""
    found = scanned(data)
    assert not found.text
    assert found.unscanned == (f"the file: it is {what}",)


def test_a_log_with_a_hole_is_a_text() -> None:
    """ATT-2: as a machine leaves one that lost its power."""
    found = scanned(b"started\n" + b"\0" * 4_096 + CARD_LINE)
    assert found.text
    assert [one.line for one in found.findings] == [2]


def test_a_text_that_turns_binary_is_named() -> None:
    """ATT-2: and still looked through."""
    found = scanned(b"a line\n" * 100_000 + BINARY * 20 + CARD_LINE)
    assert found.text
    assert found.found == 1
    assert found.unscanned[0].startswith("the file: binary from byte ")


def test_an_empty_file_is_a_text() -> None:
    """ATT-2: and clean."""
    assert scanned(b"").whole


LOG = b"2026-03-20 21:05:00 all is fine\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (tarred({"a.log": LOG}) + tarred({"b.log": CARD_LINE}), "more stands behind its end"),
        (tarred({"a.log": LOG}) + CARD_LINE, "more stands behind its end"),
        (tarred({"a.log": LOG, "b.log": CARD_LINE})[:1_124], "a header in it is damaged"),
        (tarred({"a.log": LOG, "b.log": CARD_LINE}).replace(b"b.log", b"c.log"), "a header in it is damaged"),
    ],
    ids=["two in one", "a tail", "torn in a header", "a damaged header"],
)
def test_a_tar_that_python_reads_in_part_is_named(data: bytes, why: str) -> None:
    """ATT-2: what stands behind a header that cannot be read is looked through by nobody, so it is said."""
    assert scanned(data).unscanned == (f"the file: {why}",)
    with pytest.raises(Refused, match=why):
        redacted(data)


@pytest.mark.parametrize(
    "data",
    [zipped({"a.log": LOG}) + CARD_LINE, zipped({"b.log": CARD_LINE}) + zipped({"a.log": LOG})],
    ids=["behind", "before"],
)
def test_bytes_of_no_member_of_a_zip_are_named(data: bytes) -> None:
    """ATT-2: a reader of archives passes over them, and the copy leaves them out."""
    assert scanned(data).unscanned == ("the file: bytes that are of none of its members",)
    assert scanned(redacted(data)[0]).whole


def test_a_zip_as_programs_stream_it_is_whole() -> None:
    """ATT-2: lengths and checksums behind the members, and those of large ones, are no stray bytes."""
    raw = _Forward()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.log", LOG * 9)
        with archive.open("b.log", "w", force_zip64=True) as member:
            member.write(CARD_LINE)
        archive.comment = b"made by jane@contoso.com"
    found = scanned(raw.held.getvalue())
    assert found.unscanned == ()
    assert [(one.kind, one.member) for one in found.findings] == [
        (Sensitive.EMAIL, "the comment of the file"),
        (Sensitive.CARD, "b.log"),
    ]


class _Forward(io.RawIOBase):
    """A pipe: nothing goes back in it."""

    def __init__(self) -> None:
        self.held = io.BytesIO()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        return self.held.write(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_of_members_are_looked_through(pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """ATT-2: listings show them; what is told of a member hides what stands in its name."""
    data = pack({"of/jane@contoso.com.log": CARD_LINE, "call_+14155552671_x.log": LOG, "fine.log": LOG})
    found = scanned(data)
    assert where(found) == [
        (Sensitive.EMAIL, 1, 4, "the name of of/j***@c***.com.log"),
        (Sensitive.CARD, 1, 8, "of/j***@c***.com.log"),
        (Sensitive.PHONE, 1, 6, "the name of call_+14 *** 71_x.log"),
    ]
    copy, _ = redacted(data)
    assert b"of/[e-mail-address-1].log" in copy
    assert b"call_[phone-number-1]_x.log" in copy
    assert b"fine.log" in copy
    assert scanned(copy).found == 0


def test_links_and_owners_give_nobody_away() -> None:
    """ATT-2: a copy keeps links without what stands in them, and owners by number only."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("latest")
        link.type, link.linkname, link.uname = tarfile.SYMTYPE, "/home/jane@contoso.com", "jane@contoso.com"
        archive.addfile(link)
        entry = tarfile.TarInfo("a.log")
        entry.size, entry.uname = len(LOG), "jane@contoso.com"
        archive.addfile(entry, io.BytesIO(LOG))
    assert scanned(out.getvalue()).found == 1
    copy, _ = redacted(out.getvalue())
    assert b"jane" not in copy
    with tarfile.open(fileobj=io.BytesIO(copy)) as archive:
        assert archive.getmember("latest").linkname == "/home/[e-mail-address-1]"


MIXED = {
    "UTF-16 in UTF-8": LOG * 30_000 + CARD_LINE.decode().encode("utf-16-le"),
    "UTF-8 in UTF-16": (LOG.decode() * 20).encode("utf-16") + CARD_LINE,
}


@pytest.mark.parametrize("data", MIXED.values(), ids=MIXED)
def test_a_text_that_goes_on_in_another_encoding_is_named(data: bytes) -> None:
    """ATT-2: PowerShell and others append in their own; what is not read so is never called clean."""
    found = scanned(data)
    assert not found.whole
    assert "in another encoding" in found.unscanned[0]
    with pytest.raises(Refused, match="in another encoding"):
        redacted(data)


def test_chinese_in_utf_16_is_no_other_encoding() -> None:
    """ATT-2: its bytes are those of ASCII now and then."""
    assert scanned(("日本語の記録 漢字仮名交じり文 你好世界 數據庫連接失敗\n" * 5_000).encode("utf-16")).whole
