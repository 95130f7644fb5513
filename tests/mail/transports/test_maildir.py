"""Mails put into a maildir: each once, whatever became of the delivery before (MAIL-6)."""

from pathlib import Path
from typing import Final

import pytest

from carecli.mail.transports.maildir import MaildirTransport
from carecli.mail.transports.protocol import Posting

DANA, OMAR = "dana@abc.example", "omar@abc.example"
RAW: Final = b"From: care@desk.example\nMessage-ID:%s\n\nMessage-ID: <other@desk.example>\n"


def posting(message_id: bytes, to: str = DANA) -> Posting:
    """A mail."""
    return Posting("care@desk.example", to, RAW % message_id)


def lying(path: Path) -> list[bytes]:
    """The mails that lie in a maildir, and nothing half-done beside them."""
    assert list((path / "tmp").iterdir()) == []
    return sorted(file.read_bytes() for part in ("new", "cur") for file in (path / part).iterdir())


def delivered(path: Path, *postings: Posting) -> None:
    """Deliver as a process of its own would."""
    assert list(MaildirTransport(str(path)).deliver(postings)) == [None] * len(postings)


@pytest.mark.parametrize("how", ["as it lay", "read", "read, answered and moved"])
def test_a_mail_that_lies_there_is_not_delivered_again(tmp_path: Path, how: str) -> None:
    """MAIL-6: killed between a mail's file and its mark, a delivery leaves no second copy when it is run again."""
    path = tmp_path / "mail"
    first, second = posting(b" <1@desk.example>"), posting(b"\n <2@desk.example>")
    delivered(path, first)
    (file,) = (path / "new").iterdir()
    if how != "as it lay":
        file.rename(path / "cur" / f"{file.name}:2,{'S' if how == 'read' else 'RS'}")
    delivered(path, first, second)
    assert lying(path) == sorted([first.raw, second.raw])


def test_other_mails_are_delivered_however_alike(tmp_path: Path) -> None:
    """MAIL-6: another recipient, another Message-ID, another program that put it there: mails of their own."""
    path = tmp_path / "mail"
    one = posting(b" <1@desk.example>")
    delivered(path, one)
    (path / "new" / "1772000000.1.host").write_bytes(one.raw)
    others = [posting(b" <1@desk.example>", OMAR), posting(b" <11@desk.example>")]
    delivered(path, *others)
    assert lying(path) == sorted([one.raw, one.raw, *(other.raw for other in others)])


def test_one_that_was_taken_away_is_delivered_again(tmp_path: Path) -> None:
    """MAIL-6: at least once: who delivers again has no mark that it left, and nothing shows that it did."""
    path = tmp_path / "mail"
    one = posting(b" <1@desk.example>")
    delivered(path, one)
    next((path / "new").iterdir()).unlink()
    delivered(path, one)
    assert lying(path) == [one.raw]
