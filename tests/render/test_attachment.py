"""Files on cases in words and tables: what is known of each, and how far it was looked through (ATT-2)."""

import pytest

from carecli.domain.attachment import Attachment, Sanitised
from carecli.domain.sanitising import Finding, Scan, Sensitive
from carecli.render import attachment
from carecli.render.sheet import Prose, Sheet, Tone

FILE = Attachment(
    "1", "call.log", "text/plain", 3 << 20, "ab" * 32, at="2026-03-02T10:00:00Z", actor="dana@abc.example"
)
CARD = Finding(Sensitive.CARD, "visa", 3, 7, "4111 **** **** 1111")


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (64 << 20, "64 MiB"),
        (5 << 30, "5 GiB"),
        (2048 << 30, "2,048 GiB"),
    ],
)
def test_an_amount(size: int, told: str) -> None:
    """ATT-1: bytes as people say them."""
    assert attachment.amount(size) == told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sanitised": None}, "not yet confirmed sanitised"),
        ({"sanitised": Sanitised.CLEAN}, "clean: all of it was looked through"),
        ({"sanitised": Sanitised.REDACTED, "findings": 1}, "redacted: 1 piece of customer data replaced"),
        ({"sanitised": Sanitised.CONFIRMED}, "confirmed sanitised"),
        (
            {"sanitised": Sanitised.CONFIRMED, "findings": 2},
            "confirmed sanitised, though 2 pieces seemed customer data",
        ),
        (
            {"sanitised": Sanitised.PARTLY, "scanned": 1 << 20},
            "nothing found in the 1 MiB of 3 MiB that were looked through",
        ),
        (
            {"sanitised": Sanitised.PARTLY, "scanned": 9 << 20, "unscanned": ("a.bin: it is binary",)},
            "nothing found in the 9 MiB that were looked through; not looked through: a.bin: it is binary",
        ),
        ({"sanitised": Sanitised.UNSCANNABLE}, "a binary: it could not be looked through"),
    ],
)
def test_what_is_known(changes: dict[str, object], told: str) -> None:
    """ATT-2: each state in words that claim no more than was looked at."""
    assert attachment.sanitised(FILE._replace(**changes).document()) == told  # type: ignore[arg-type]


def test_a_few_of_many() -> None:
    """ATT-2: the first three of what could not be looked through, and how many more."""
    assert attachment.few(["a", "b", "c", "d", "e"]) == "a; b; c and 2 more"


def test_every_state_has_its_word() -> None:
    """ATT-2: none is shown as nothing, and only what is settled without a warning."""
    assert set(attachment.WORDS) == {None, *Sanitised}
    settled = [FILE._replace(sanitised=state).settled for state in attachment.WORDS]
    warned = [attachment.TONES.get(state, Tone.WARNING) is Tone.WARNING for state in attachment.WORDS]
    assert warned == [not each for each in settled]


def test_the_sheet_counts_what_is_open() -> None:
    """ATT-2: how many nobody has confirmed."""
    files = [FILE, FILE._replace(id="2", sanitised=Sanitised.CLEAN), FILE._replace(id="i1", public=False)]
    sheet = attachment.listing(42, files, "UTC")
    assert (sheet.title, sheet.note) == ("Files of 0000000042", "3 files · 2 not yet confirmed sanitised")
    assert [row[1].shown for row in sheet.rows] == ["call.log", "call.log", "call.log (internal)"]
    assert attachment.sheet([files[1]], "UTC").note == "1 file"


def test_a_look_at_a_file() -> None:
    """ATT-2: the findings by line and column, how many more there are, and how far it was looked."""
    scan = Scan((CARD,), 5, 1 << 20, False, ("b.bin: it is binary",))
    table, verdict = attachment.scan_page("call.log", 3 << 20, scan)
    assert isinstance(table, Sheet)
    assert table.note == "5 findings, the first 1 here"
    assert [cell.value for cell in table.rows[0]] == [None, 3, 7, "card-number", "visa", "4111 **** **** 1111"]
    assert isinstance(verdict, Prose)
    assert verdict.text == (
        "looked through as far as the policy has it: 1 MiB of 3 MiB\nnot looked through: b.bin: it is binary"
    )


@pytest.mark.parametrize(
    ("scan", "text"),
    [
        (Scan((), 0, 10, True), "all of it was looked through: 10 bytes\nno customer data was found"),
        (Scan((), 0, 0, True, (), False), "a binary: it could not be looked through"),
        (
            Scan((), 0, 10, True, ("x: damaged",)),
            "looked through: 10 bytes\nno customer data was found\nnot looked through: x: damaged",
        ),
    ],
)
def test_a_look_that_finds_nothing(scan: Scan, text: str) -> None:
    """ATT-2: nothing found is said only of what was looked through."""
    (verdict,) = attachment.scan_page("call.log", 10, scan)
    assert isinstance(verdict, Prose)
    assert verdict.text == text
