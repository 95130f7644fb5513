"""Mails as they are kept in the outbox (MAIL-6)."""

import zlib
from hashlib import sha256
from importlib.resources import files

import pytest
from outgoing_mail import MAIL, WRITER

from carecli.store.packing import packed, unpacked


@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff" * 9, WRITER.written(MAIL), b"Subject: x\n\n" + bytes(range(256)) * 999]
)
def test_a_mail_comes_back_as_it_was(raw: bytes) -> None:
    """MAIL-6: `care mail show` prints a mail as it went out, however it was kept."""
    assert unpacked(packed(raw)) == raw
    assert unpacked(zlib.compress(raw, 1)) == raw


def test_a_usual_mail_takes_little_room() -> None:
    """MAIL-6: a desk keeps every mail that it ever sent."""
    raw = WRITER.written(MAIL)
    assert len(packed(raw)) < len(zlib.compress(raw, 1)) / 3


def test_what_mails_were_packed_against_stays() -> None:
    """MAIL-6: with another letter no mail of an older desk could be unpacked."""
    letter = (files("carecli.store") / "letter.dictionary").read_bytes()
    assert sha256(letter).hexdigest() == "2dbb1cd9d7aab235187314f38363f5d0dc7f700da56e585ef1d65332addede8c"
