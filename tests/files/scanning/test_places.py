"""Whatever stands anywhere in a text of any length and encoding is found once, at its line and column (ATT-2)."""

import codecs

import pytest
from files.scanning.samples import CARD_LINE, PATTERNS, PLANTED, redacted, scanned, where
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.looking import Look, Place, Ready, Wanted
from carecli.files.scanning.windows import AHEAD

WORDS = st.sampled_from(
    ["request", "served", "Ärger", "日本語", "😀", "x", "-", "2026-03-20T21:05:00.123Z", "a1b2c3"]
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


@st.composite
def planted(draw: st.DrawFn) -> tuple[str, list[tuple[Sensitive, int, int, str | None]]]:
    """A text of lines in which things are planted, and where."""
    text = ""
    there: list[tuple[Sensitive, int, int, str | None]] = []
    for line in range(1, draw(st.integers(1, 6)) + 1):
        row = " ".join(draw(st.lists(WORDS, max_size=6)))
        for kind, value in draw(st.lists(st.sampled_from(PLANTED), max_size=3)):
            row += " ; "
            there.append((kind, line, len(row) + 1, None))
            row += value
        text += row + draw(st.sampled_from(["\n", "\r\n"]))
    return text, there


@given(planted())
def test_each_is_found_once_at_its_line_and_column(
    sample: tuple[str, list[tuple[Sensitive, int, int, str | None]]],
) -> None:
    """ATT-2: findings by line and column, in characters, from 1."""
    text, there = sample
    found = scanned(text.encode())
    assert where(found) == there
    assert found.found == len(there)


@given(planted(), st.integers(1, 40))
def test_it_does_not_matter_in_which_pieces_a_text_comes(
    sample: tuple[str, list[tuple[Sensitive, int, int, str | None]]], size: int
) -> None:
    """ATT-2: nor between which characters two windows meet."""
    text, there = sample
    place = Place()
    found = []
    for seen in Look(Ready(Wanted(PATTERNS, "US"))).through(
        text[at : at + size] for at in range(0, len(text), size)
    ):
        found += [(match.kind, *place.of(seen, match.start), None) for match in seen.matches]
        place.past(seen)
    assert found == there


@pytest.mark.parametrize(("kind", "value"), PLANTED)
def test_nothing_is_missed_or_found_twice_where_two_windows_meet(kind: Sensitive, value: str) -> None:
    """ATT-2: in a line without end, wherever a window's border falls in it."""
    size = 3 * AHEAD
    for before in range(2 * AHEAD - len(value) - 3, 2 * AHEAD + 3):
        text = "." * (before - 1) + " " + value + " " + "." * (size - before)
        found = [
            (match.kind, seen.origin + match.start)
            for seen in Look(Ready(Wanted(PATTERNS, "US"))).through(
                [text[: size - AHEAD // 2], text[size - AHEAD // 2 :]]
            )
            for match in seen.matches
        ]
        assert found == [(kind, before)]


@given(st.integers(0, 3 * AHEAD), st.integers(0, 3 * AHEAD), st.sampled_from(["\n", " ", "é", "日", "😀"]))
def test_the_place_is_right_far_into_a_text(before: int, after: int, sign: str) -> None:
    """ATT-2: lines and columns count on over windows."""
    found = scanned((sign * before + " jane@contoso.com " + sign * after).encode())
    expected = (before + 1, 2) if sign == "\n" else (1, before + 2)
    assert [(one.line, one.column) for one in found.findings] == [expected]


@given(planted(), st.sampled_from(ENCODINGS))
def test_every_encoding_is_read(
    sample: tuple[str, list[tuple[Sensitive, int, int, str | None]]], encoding: str
) -> None:
    """ATT-2: with a byte order mark or, where there are Western letters enough to tell it by, without."""
    text, there = sample
    text = "started by systemd\n" * 9 + text
    found = scanned(text.encode(encoding))
    assert where(found) == [(kind, line + 9, column, member) for kind, line, column, member in there]


@given(planted(), st.sampled_from(ENCODINGS))
def test_a_copy_keeps_its_encoding_and_all_else(
    sample: tuple[str, list[tuple[Sensitive, int, int, str | None]]], encoding: str
) -> None:
    """ATT-2: marks alone are new, and line ends and marks of byte order stay."""
    text, there = sample
    text = "started by systemd\n" * 9 + text
    data = text.encode(encoding)
    copy, found = redacted(data)
    assert found.found == len(there)
    assert scanned(copy).found == 0
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16, codecs.BOM_UTF32):
        assert data.startswith(mark) == copy.startswith(mark)
    assert _unmarked(copy.decode(encoding)) == _without(text)


def _unmarked(text: str) -> str:
    import re

    return re.sub(r"\[[a-z-]+-\d+\]", "@@", text)


def _without(text: str) -> str:
    for _, value in PLANTED:
        text = text.replace(value, "@@")
    return text


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso8859-15", "koi8-r", "shift-jis"])
def test_other_encodings_keep_their_bytes(encoding: str) -> None:
    """ATT-2: what is like ASCII is read for what of it is, and written back byte for byte."""
    words = {"koi8-r": "ошибка при входе", "shift-jis": "エラー"}.get(encoding, "Grüße, déjà vu")
    data = f"{words} jane@contoso.com {words}\r\n".encode(encoding)
    copy, found = redacted(data)
    assert where(found) == [(Sensitive.EMAIL, 1, data.index(b"jane") + 1, None)]
    assert copy == data.replace(b"jane@contoso.com", b"[e-mail-address-1]")


@pytest.mark.parametrize("tail", [b"\xff", b"\x00", b"\x00\xd8", b"\xdc"])
def test_torn_ends_are_kept(tail: bytes) -> None:
    """ATT-2: half a character at the end of a log is written back as it was."""
    data = codecs.BOM_UTF16_LE + ("ok " + CARD_LINE.decode()).encode("utf-16-le") + tail
    copy, found = redacted(data)
    assert found.found == 1
    assert copy.endswith(tail)


@given(st.binary(max_size=400))
def test_what_holds_nothing_is_copied_byte_for_byte(noise: bytes) -> None:
    """ATT-2: whatever bytes stand in a text."""
    data = b"a common line of a log, and what it dumped: \n" * 40 + noise
    found = scanned(data)
    if found.text and not found.found:
        assert redacted(data)[0] == data
