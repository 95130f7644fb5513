"""Names of files: safe to write, to show and to type, and no two alike (ATT-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.domain.filenames import MOST_BYTES, distinct, fitted, marked, safe

HARMLESS = (
    "call.log",
    "Trace 7 (b).pcap.gz",
    "büro.txt",
    "日本語.log",
    "a",
    "log",
    "x.tar.gz",
    "com.txt",
    "nulls",
)


@pytest.mark.parametrize("name", HARMLESS)
def test_an_honest_name_stays(name: str) -> None:
    """ATT-1: what is harmless is kept as it is."""
    assert safe(name) == name


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("C:\\temp\\call.log", "call.log"),
        ("logs/", "logs"),
        ("", "file"),
        ("..", "file"),
        ("...", "file"),
        ("/", "file"),
        ("   ", "file"),
        ("___", "file"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("--force.log", "force.log"),
        (". -x", "x"),
        ("call.log. .", "call.log"),
        ("a\nb\r\nc.log", "abc.log"),
        ("a\x00b\x1b[31m.log", "ab[31m.log"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200bb\ufeff.log", "ab.log"),
        ("half\ud800.log", "half.log"),
        ('a<b>:"c|d?e*.log', "a_b___c_d_e_.log"),
        ("two   blanks\t.log", "two blanks.log"),
        ("cafe\u0301.log", "café.log"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.log.gz", "_com1.log.gz"),
        ("lpt¹.txt", "_lpt¹.txt"),
        ("aux .log", "_aux.log"),
    ],
)
def test_what_would_do_harm_goes(name: str, made: str) -> None:
    """ATT-1: paths, controls, hidden direction marks, leading dots and dashes, devices of Windows."""
    assert safe(name) == made


@given(st.text(max_size=400))
def test_whatever_comes_in(name: str) -> None:
    """ATT-1: any name is made one that fits into 255 bytes, is written in one folder, and stays as it is then."""
    made = safe(name)
    assert 0 < len(made.encode()) <= MOST_BYTES
    assert not {"/", "\\", "\0", "\n", "\x1b"} & set(made)
    assert made[0] not in ".- "
    assert made not in {".", ".."}
    assert safe(made) == made


def test_a_long_name_keeps_its_ending() -> None:
    """ATT-1: 255 bytes of UTF-8, cut between letters, the extension kept."""
    made = safe("ü" * 300 + ".log")
    assert made == "ü" * 125 + ".log"
    assert safe("x" * 300 + ".tar.gz") == "x" * 248 + ".tar.gz"
    assert len(safe("x." + "y" * 300).encode()) == MOST_BYTES


@pytest.mark.parametrize(
    ("name", "taken", "made"),
    [
        ("log.txt", (), "log.txt"),
        ("log.txt", ("log.txt",), "log (2).txt"),
        ("LOG.txt", ("log.TXT",), "LOG (2).txt"),
        ("log.txt", ("log.txt", "log (2).txt"), "log (3).txt"),
        ("log.tar.gz", ("log.tar.gz",), "log (2).tar.gz"),
        ("log", ("log",), "log (2)"),
        ("a.b", ("a.b", "a (3).b"), "a (2).b"),
    ],
)
def test_no_two_alike(name: str, taken: tuple[str, ...], made: str) -> None:
    """ATT-1: the same name twice is told apart by a number before its extension."""
    assert distinct(name, taken) == made


def test_a_mark_and_a_number_fit() -> None:
    """ATT-1: what is put before the extension takes room from the stem."""
    assert marked("log.txt", "redacted") == "log.redacted.txt"
    assert marked("log.txt.gz", "redacted") == "log.redacted.txt.gz"
    assert marked("README", "redacted") == "README.redacted"
    long = fitted("x" * 251 + ".log", " (12)")
    assert (len(long), long[-9:]) == (MOST_BYTES, " (12).log")
