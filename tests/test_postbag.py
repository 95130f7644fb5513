"""The mail that the benchmark of receiving is made of becomes what it is meant to become."""

from collections import defaultdict
from pathlib import Path

import desks
from postbag import MIX, postbag
from receiving import batches, opened

from carecli.desk.mail import inbox

BECOMES = {
    "reply, short, plain text": {"updated message-id"},
    "reply, long, of all programs": {"updated message-id"},
    "reply, text and HTML": {"updated message-id"},
    "reply with a file of 50-500 kB": {"updated message-id"},
    "vacation reply": {"ignored robot:auto-submitted"},
    "bounce (DSN) with our mail": {"bounce bounced"},
    "stranger": {"triaged unknown-sender"},
    "number in the subject alone": {"triaged number-only"},
}


def test_every_kind_of_mail_takes_its_way(tmp_path: Path) -> None:
    """MAIL-2..5: a benchmark that measured mail which is turned away would please nobody."""
    with opened(desks.desk(200, 0, tmp_path)) as desk:
        letters = postbag(desk, 100)
        became = defaultdict(set)
        for batch in batches(letters):
            received = inbox.take_in(desk, [(letter.raw, "test") for letter in batch])
            for letter, each in zip(batch, received, strict=True):
                became[letter.kind].add(f"{each.outcome} {each.code}")
    assert became == BECOMES
    assert set(MIX) == set(BECOMES)
