"""A copy in which marks stand for customer data, and nothing else is changed (ATT-2)."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from files.scanning.samples import BINARY, CARD_LINE, PATTERNS, redacted, scanned, tarred, unzipped, zipped
from hypothesis import example, given
from hypothesis import strategies as st

from carecli.domain.sanitising import Sensitive
from carecli.errors import Failed, Refused
from carecli.files.scanning import Marks, redact, scan
from carecli.files.scanning.marks import MOST, recognised
from carecli.files.scanning.matches import Match

PIECES = st.sampled_from(
    [
        "4111 1111 1111 1111",
        "4111111111111111",
        "5555-5555-5555-4444",
        "DE89370400440532013000",
        "jane@contoso.com",
        "+49 30 901820",
        "(415) 555-2671",
        "password=hunter2",
        '"token": "a1b2c3d4e5f6"',
        "AKIAIOSFODNN7EXAMPLE",
        "https://u:hunter2@host/",
        "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        "CUST-123456",
        "phone:",
        "order",
        "card",
        "iban",
        "Authorization: Bearer",
        "[secret-1]",
        "[card-number-1]",
        "[phone-number-12]",
        "=",
        ":",
        "@",
        "-",
        ".",
        "+",
        "1",
        "4111",
        "\n",
        " ",
        "a",
    ]
)


@given(st.lists(PIECES, max_size=12), st.sampled_from(["", " ", ",", "\n"]))
@example(["4111 1111 1111 1111", "5555-5555-5555-4444"], "-")
def test_a_copy_holds_nothing_any_more(pieces: list[str], between: str) -> None:
    """ATT-2: `--redact` proves itself: a look through the copy finds nothing, whatever stands side by side."""
    copy, _ = redacted(between.join(pieces).encode())
    assert scanned(copy).findings == ()


@given(st.text(alphabet="4157 -.@+:=/abcnptk[]\"'\n", max_size=200))
def test_any_text_is_redacted_in_one_go(text: str) -> None:
    """ATT-2: also of the signs that customer data is made of."""
    copy, _ = redacted(text.encode())
    assert scanned(copy).findings == ()


def test_the_same_number_is_the_same_mark() -> None:
    """ATT-2: however it is written, and in all files that share their marks."""
    marks = Marks()
    copy, _ = redacted(b"card 4111111111111111, 4111 1111 1111 1111, 5555555555554444\n", marks)
    assert copy == b"card [card-number-1], [card-number-1], [card-number-2]\n"
    copy, _ = redacted(b"4111-1111-1111-1111 JANE@contoso.com jane@contoso.com\n", marks)
    assert copy == b"[card-number-1] [e-mail-address-1] [e-mail-address-1]\n"


def test_phone_numbers_of_two_spellings_are_one() -> None:
    """ATT-2: with the country code and without."""
    copy, _ = redacted(b"(415) 555-2671, +1 415-555-2671, phone 415 555 2671\n")
    assert copy == b"[phone-number-1], [phone-number-1], phone [phone-number-1]\n"


def test_a_pattern_of_the_desk_is_marked_by_its_name() -> None:
    """ATT-2: own patterns in config."""
    copy, found = redacted(b"customer CUST-123456 and CUST-654321\n")
    assert copy == b"customer [customer-id-1] and [customer-id-2]\n"
    assert [(one.kind, one.detail) for one in found.findings] == [(Sensitive.PATTERN, "customer-id")] * 2


@pytest.mark.parametrize("kind", list(Sensitive))
def test_marks_are_no_findings(kind: Sensitive) -> None:
    """ATT-2: neither alone nor where secrets and numbers are awaited."""
    mark = f"[{kind.value}-7]"
    text = f'password={mark} token: "{mark}" card {mark} phone: {mark} https://u:{mark}@h/ Bearer {mark}\n'
    assert scanned(text.encode()).findings == ()


def test_what_overlaps_goes_together() -> None:
    """ATT-2: no piece of a datum stays because another begins before it."""
    copy, found = redacted(b"password=x4111111111111111@contoso.com\n")
    assert copy == b"password=[secret-1]\n"
    assert found.found == 1


def test_beyond_a_bound_marks_are_no_longer_told_apart() -> None:
    """ATT-2: a file full of addresses does not fill the memory."""
    marks = Marks()
    marks._numbers = {number.to_bytes(12): number for number in range(MOST)}
    match = Match(0, 1, Sensitive.EMAIL, "address", "jane@contoso.com", "")
    assert marks.mark(match) == "[e-mail-address-x]"
    assert recognised(()).fullmatch("[e-mail-address-x]")


def test_a_binary_is_refused() -> None:
    """ATT-2: it cannot be redacted, and says so."""
    with pytest.raises(Refused, match="it is binary") as refused:
        redacted(BINARY)
    assert refused.value.rule == "ATT-2"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.7 and more", "it is a PDF"),
        (gzip.compress(BINARY), "it is binary"),
        (gzip.compress(CARD_LINE)[:-9], "it ends too early"),
        (zipped({"a.log": b"x"})[:-30], "it is damaged"),
    ],
)
def test_what_cannot_be_copied_whole_is_refused(data: bytes, why: str) -> None:
    """ATT-2: a copy is never less than the file, and never holds what was not looked through unsaid."""
    with pytest.raises(Refused, match=why):
        redacted(data)


def test_a_bomb_is_refused() -> None:
    """ATT-2: a copy of what is larger than the bound would not be whole."""
    with pytest.raises(Refused, match="more than is looked through"):
        redacted(gzip.compress(b"0 " * 10_000_000), limit=1_000_000)


def test_a_text_is_copied_whole_however_long() -> None:
    """ATT-2: the bound is one on what is unpacked."""
    data = CARD_LINE * 20_000
    copy, found = redacted(data, limit=1_000)
    assert found.found == 20_000
    assert len(found.findings) == 1_000
    assert copy == data.replace(b"4111 1111 1111 1111", b"[card-number-1]")


def test_gzip_stays_gzip() -> None:
    """ATT-2: and the same each time."""
    copy, _ = redacted(gzip.compress(CARD_LINE))
    assert gzip.decompress(copy) == b"a card [card-number-1] here\n"
    assert copy == redacted(gzip.compress(CARD_LINE, mtime=5))[0]


def test_zip_stays_zip_with_its_members() -> None:
    """ATT-2: texts are marked, all with the same marks; what is no text is kept as it is, and named."""
    data = zipped(
        {"b/a.log": CARD_LINE, "c.gz": gzip.compress(CARD_LINE), "d.bin": BINARY, "e.gz": gzip.compress(BINARY)}
    )
    copy, found = redacted(data)
    members = unzipped(copy)
    assert members["b/a.log"] == b"a card [card-number-1] here\n"
    assert gzip.decompress(members["c.gz"]) == b"a card [card-number-1] here\n"
    assert members["d.bin"] == BINARY
    assert gzip.decompress(members["e.gz"]) == BINARY
    assert found.unscanned == ("d.bin: it is binary", "e.gz: it is binary")
    assert scanned(copy).found == 0


def test_tar_stays_tar() -> None:
    """ATT-2: also within gzip, and with zip within."""
    data = gzip.compress(tarred({"a.log": CARD_LINE, "b.zip": zipped({"c.log": CARD_LINE}), "d": BINARY}))
    copy, found = redacted(data)
    assert found.found == 2
    assert [one.member for one in found.findings] == ["a.log", "b.zip/c.log"]
    assert scanned(copy).found == 0
    assert found.unscanned == ("d: it is binary",)


class _Full(io.BytesIO):
    def write(self, _: object, /) -> int:
        raise OSError(28, "No space left on device")


class _Broken(io.BytesIO):
    def read(self, _: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize(
    "data", [CARD_LINE, gzip.compress(CARD_LINE), zipped({"a": CARD_LINE}), tarred({"a": CARD_LINE})]
)
def test_a_full_disk_is_told_as_such(data: bytes) -> None:
    """DC: the surroundings' failure is no damage of the file."""
    with pytest.raises(Failed, match="No space left"):
        redact(io.BytesIO(data), _Full(), limit=10**6, patterns=PATTERNS)


def test_a_broken_disk_is_told_as_such() -> None:
    """DC: nor is it a finding."""
    with pytest.raises(Failed, match="Input/output error"):
        scan(_Broken(CARD_LINE), limit=10**6)


def test_json_stays_json() -> None:
    """ATT-2: a number that stands as one becomes a text in quotes; what is in quotes gets no more of them."""
    data = b'{"n": 4111111111111111, "t": "4111111111111111", "l": {"m":4111111111111111}}'
    copy, _ = redacted(data)
    mark = "[card-number-1]"
    assert json.loads(copy) == {"n": mark, "t": mark, "l": {"m": mark}}
    assert redacted(copy)[0] == copy


def test_csv_and_xml_stay_what_they_are() -> None:
    """ATT-2: a mark has no sign that means anything in either."""
    rows = list(
        csv.reader(io.StringIO(redacted(b'1,"Doe, Jane",jane@contoso.com,4111111111111111\n')[0].decode()))
    )
    assert rows == [["1", "Doe, Jane", "[e-mail-address-1]", "[card-number-1]"]]
    tree = ElementTree.fromstring(redacted(b'<a m="jane@contoso.com"><pan>4111111111111111</pan></a>')[0])
    assert (tree.get("m"), tree[0].text) == ("[e-mail-address-1]", "[card-number-1]")


@pytest.mark.parametrize("pack", [lambda data: data, zipped, tarred])
def test_two_runs_give_the_same_copy(pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """ATT-2: so equal files stay equal."""
    data = pack({"a.log": CARD_LINE, "jane@contoso.com.log": CARD_LINE}) if pack in (zipped, tarred) else CARD_LINE
    copies = {redacted(data)[0] for _ in range(2)}
    assert len(copies) == 1


def test_a_copy_has_the_colours_and_blanks_of_the_file() -> None:
    """ATT-2: what a text is read as is not what is written."""
    text = "\x1b[1mcard\x1b[0m \x1b[31m4111\u202f1111\u202f1111\u202f1111\x1b[0m \u2013 \u2009x\n"
    assert redacted(text.encode())[0].decode() == (
        "\x1b[1mcard\x1b[0m \x1b[31m[card-number-1]\x1b[0m \u2013 \u2009x\n"
    )
