"""Long texts: where they come from, and what is no text."""

import io
from pathlib import Path

import pytest
from engine import sqlite_alone

from carecli.commands import texts
from carecli.errors import CareError, Invalid

pytestmark = sqlite_alone("opens no desk")


class Stdin:
    """Standard input as a program reads it."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_a_message_is_the_text() -> None:
    """CLI: -m TEXT is the text, and without -m and -F there is none."""
    assert texts.given("hello", None) == "hello"
    assert texts.given(None, None) is None


@pytest.mark.parametrize(("message", "file"), [("-", None), (None, "-")])
def test_a_dash_is_standard_input(message: str | None, file: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: -m - and -F - read standard input."""
    monkeypatch.setattr("sys.stdin", Stdin("é\n".encode()))
    assert texts.given(message, file) == "é\n"


def test_a_file_is_read_without_its_mark(tmp_path: Path) -> None:
    """CLI: -F FILE reads UTF-8, a byte order mark aside."""
    file = tmp_path / "text"
    file.write_bytes(b"\xef\xbb\xbfhello")
    assert texts.given(None, str(file)) == "hello"


def test_a_text_is_given_once() -> None:
    """CLI: -m and -F exclude each other."""
    with pytest.raises(Invalid, match="once"):
        texts.given("a", "b")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x7fELF\x00\x01", "binary"),
        (b"caf\xe9", "no UTF-8 text: byte 3"),
        (b"x" * 1_000_001, "more than 1,000,000"),
        ("é".encode() * 1_000_001, "more than 1,000,000"),
        (b"x" * 10_000_000, "more than 1,000,000"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    """CLI: binary and endless input end with one message and status 2."""
    file = tmp_path / "text"
    file.write_bytes(content)
    with pytest.raises(Invalid, match=message) as refusal:
        texts.given(None, str(file))
    assert refusal.value.exit_status == 2


def test_a_million_characters_of_four_bytes_are_a_text(tmp_path: Path) -> None:
    """CLI: the limit counts characters."""
    file = tmp_path / "text"
    file.write_text("😀" * 1_000_000)
    assert len(texts.given(None, str(file)) or "") == 1_000_000


def test_endless_input_is_not_read_to_its_end() -> None:
    """CLI: no more is read than a text may hold."""

    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(Invalid):
        texts.read(stream, "standard input")  # type: ignore[arg-type]
    assert 0 < stream.asked <= 4_000_001


def test_a_missing_file_is_one_message() -> None:
    """CLI: a file that cannot be read is named."""
    with pytest.raises(Invalid, match="cannot read /none/such: No such file"):
        texts.given(None, "/none/such")


def an_editor(folder: Path, body: str) -> str:
    script = folder / "editor"
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o700)
    return str(script)


def test_a_text_written_in_an_editor(tmp_path: Path) -> None:
    """OPEN-4: what stands above the line is the text, the explanation below it is left out."""
    program = an_editor(
        tmp_path, 'cp "$1" "$1.seen"; printf "all lines are down\\n" | cat - "$1" > "$1.n"; mv "$1.n" "$1"'
    )
    assert texts.edited(program, "Impact\nWho cannot work?") == "all lines are down"


@pytest.mark.parametrize(("body", "message"), [("true", "empty"), ("exit 3", "status 3")])
def test_an_editor_left_without_a_text_changes_nothing(body: str, message: str, tmp_path: Path) -> None:
    """CLI: an empty text or a failed editor aborts."""
    with pytest.raises(CareError, match=message):
        texts.edited(an_editor(tmp_path, body), "Impact")


def test_the_editor_that_was_chosen() -> None:
    """CLI: CARE_EDITOR beats VISUAL beats EDITOR."""
    environ = {"CARE_EDITOR": "a", "VISUAL": "b", "EDITOR": "c"}
    assert texts.editor(environ) == "a"
    assert texts.editor({**environ, "CARE_EDITOR": ""}) == "b"
    assert texts.editor({}) is None
