"""What strangers write is shown without being obeyed."""

import json

import pytest

from carecli.render import json_text, legible


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("plain words", "plain words"),
        ("\x1b[31mred\x1b[0m", "red"),  # CSI goes whole
        ("\x9b31mred", "red"),  # and with its one-byte introducer
        ("\x1b]0;title\x07text", "text"),  # OSC, ended by BEL
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),  # and by ST
        ("bell\x07 back\x08 nul\x00 del\x7f", "bell back nul del"),
        ("c1 \x85next \x90dcs\x9c end", "c1  next dcs end"),
        ("quoted\x9d text goes on", "quoted text goes on"),  # mojibake hides nothing that follows
        ("\x1b]0;no end, and all the rest", "0;no end, and all the rest"),
        ("abc\u202etxt.exe\u202c", "abctxt.exe"),  # a right-to-left override
        ("\u2066isolate\u2069", "isolate"),
        ("a\r\nb\rc\u2028d", "a b c d"),
        ("tab\there", "tab here"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("e\u0301 日本 👩\u200d💻", "e\u0301 日本 👩\u200d💻"),  # what languages and emoji need stays
    ],
)
def test_a_line_holds_nothing_that_a_terminal_obeys(written: str, shown: str) -> None:
    """CLI: control characters, escape sequences and direction overrides are taken out."""
    assert legible.line(written) == shown


def test_json_keeps_the_text_and_yet_is_safe_to_print() -> None:
    """CLI: C1 and direction marks are escaped in JSON, so the value is whole and the terminal safe."""
    written = "a\x9b31mb\u202ec\x1b[0m é"
    text = json_text.json_text({"t": written})
    assert not set(text) & {"\x9b", "\u202e", "\x1b"}
    assert "é" in text
    assert json.loads(text) == {"t": written}
