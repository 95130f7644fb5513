"""The key of mail references as it is kept: what is written is read back, anything else is refused (MAIL-1)."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notation import when

from carecli.domain.reference_key import KeyRing, Older, fingerprint, read, written
from carecli.errors import Failed

KEY, BEFORE = b"k" * 32, b"b" * 32
NOON = when("Mon 12:00")
RING = KeyRing(KEY, (Older(BEFORE, 42, NOON),))


def test_what_is_written_is_read_back() -> None:
    """MAIL-1: a key and those of before, with comments for people; semicolons do for a variable."""
    assert read(written(RING)) == RING
    assert written(RING).startswith("# ")
    lines = [line for line in written(RING).splitlines() if not line.startswith("#")]
    assert read(";".join(lines)) == RING
    assert read(f"\n\n{lines[0]}\r\n") == KeyRing(KEY)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda _: "", "first line"),
        (lambda _: "# nothing\n", "first line"),
        (lambda text: text.replace("a2tr", "a2t\u0131", 1), "line 3"),
        (lambda text: text.replace("a2tr", "", 1), "line 3"),
        (lambda text: text.replace("upto 42", "upto x"), "line 4"),
        (lambda text: text.replace("until 2026", "until yesterday-2026"), "line 4"),
        (lambda text: text.replace("upto", "from"), "line 4"),
        (lambda text: "\n".join(reversed(text.splitlines())), "first line"),
    ],
)
def test_anything_else_is_refused_by_its_line(change: object, where: str) -> None:
    """MAIL-1: a file that was cut or edited is refused, and no word of it told."""
    with pytest.raises(Failed) as error:
        read(change(written(RING)))  # type: ignore[operator]
    assert where in error.value.message
    told = f"{error.value.message} {error.value.hint}"
    assert "a2tr" not in told
    assert "YmJi" not in told


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    """MAIL-1: whatever stands in the file is a key or one message."""
    with suppress(Failed):
        assert isinstance(read(text), KeyRing)


def test_an_older_key_ends_and_reaches_so_far() -> None:
    """MAIL-1: a key of before vouches for the cases of its time, until its end and not at it."""
    assert list(RING.vouching(42)) == [KEY, BEFORE]
    assert list(RING.vouching(43)) == [KEY]
    assert list(RING.at(NOON - timedelta(seconds=1)).vouching(1)) == [KEY, BEFORE]
    assert list(RING.at(NOON).vouching(1)) == [KEY]
    renewed = RING.renewed(b"n" * 32, 50, NOON)
    assert list(renewed.vouching(50)) == [b"n" * 32, KEY]


def test_no_print_tells_a_key() -> None:
    """MAIL-1: a trace that shows keys shows what stands for them."""
    told = f"{RING!r} {RING} {RING.older}"
    assert fingerprint(KEY) in told
    assert "kkk" not in told
    assert "bbb" not in told
