"""Fetching killed at any instant and run again: no message is lost, and none counts twice (MAIL-6, MAIL-2a)."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import Who, command
from desk_fixtures import ADA, BEN, DANA, found
from postoffice import PASSWORD, Certificates, Dovecot

KILLS: Final = int(os.environ.get("CARE_FETCH_KILLS", "6"))
"""How many runs are killed, for each kind of mailbox; CARE_FETCH_KILLS=100 takes a minute."""
LETTERS: Final = 400
ASKED, ANSWERED = "2026-03-02T09:00:00Z", "2026-03-04T10:00:00Z"
FORM: Final = (
    *("-s", "Calls drop", "--deployment", "West", "--service", "Voice", "--stage", "production"),
    *("-m", "Since this morning every third call to the queue drops after ten seconds."),
    *("--priority", "medium", "--impact", "Agents call back by hand."),
)


def _letters(system: Who) -> list[bytes]:
    """Answers to one question, each its own message."""
    number = Who(system.database, DANA, ASKED).json("open", *FORM)["number"]
    Who(system.database, BEN, ASKED).json("ask", number, "-m", "Which queue is it?")
    (mail,) = (
        m for m in Who(system.database, BEN, ASKED).json("mail", "outbox")["mail"] if m["kind"] == "request"
    )
    head = f"From: {DANA}\r\nTo: care@desk.example\r\nIn-Reply-To: {mail['message_id']}\r\n"
    return [
        f"{head}Subject: Re\r\nMessage-ID: <{place}@abc.example>\r\n\r\nAnswer {place}.\r\n".encode()
        for place in range(LETTERS)
    ]


def _killed_until_done(line: list[str], draw: random.Random) -> None:
    """Run a command, kill it at a random instant, and again; then let it run to its end."""
    started, short = time.monotonic(), 0
    subprocess.run([*line, "--limit", "1"], check=True, stdout=subprocess.DEVNULL)
    whole_s = time.monotonic() - started
    for _ in range(KILLS):
        run = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole_s * (0.5 + draw.random() * 0.7))
        run.send_signal(signal.SIGKILL)
        short += run.wait() == -signal.SIGKILL
    assert short, "none was cut short"
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)


def _whole(database: str) -> None:
    """Every letter is on the case once, and nothing else."""
    case = Who(database, BEN, ANSWERED).json("show", "1")
    said = [each["data"]["text"] for each in case["updates"] if each["via"] == "email"]
    assert sorted(said) == sorted(f"Answer {place}." for place in range(LETTERS))
    mail = Who(database, BEN, ANSWERED).json("mail", "inbox", "--limit", "9999")["mail"]
    assert [each["outcome"] for each in mail] == ["updated"] * LETTERS
    assert Who(database, BEN, ANSWERED).json("show", "1")["followup"] is None
    assert Who(database, ADA, ANSWERED)("verify").status == 0


@pytest.fixture
def system(tmp_path: Path) -> Who:
    """The system at a desk of its own."""
    return Who(found(tmp_path).db, "system", ANSWERED)


def test_a_killed_fetch_from_a_maildir_goes_on_where_it_was(system: Who, tmp_path: Path) -> None:
    """MAIL-6: between taking in and putting away there is nothing to lose."""
    box = tmp_path / "box"
    (box / "new").mkdir(parents=True)
    for place, letter in enumerate(_letters(system)):
        (box / "new" / f"{place:04}.host").write_bytes(letter)
    _killed_until_done(command(*system.options, "mail", "fetch", "--maildir", str(box)), random.Random(7))
    _whole(system.database)
    assert len(list((box / "cur").iterdir())) == LETTERS
    assert list((box / "new").iterdir()) == []


def test_a_killed_fetch_from_a_server_goes_on_where_it_was(
    system: Who, mailboxes: Dovecot, known: Certificates, configured: Callable[..., Path]
) -> None:
    """MAIL-6: the server deletes what the desk has, and only that."""
    user = mailboxes.user()
    for letter in _letters(system):
        mailboxes.deliver(user, letter)
    config = configured(port=mailboxes.tls, user=user, ca_file=known.ca_file)
    line = command("--config", str(config), *system.options, "mail", "fetch", "--delete")
    _killed_until_done(line, random.Random(8))
    _whole(system.database)
    assert mailboxes.flags(user) == []


@pytest.fixture
def configured(tmp_path: Path) -> Callable[..., Path]:
    """Writes a config file with a mailbox to fetch from."""

    def written(**settings: object) -> Path:
        (tmp_path / "password").write_text(PASSWORD)
        (tmp_path / "password").chmod(0o600)
        usual = {"host": "localhost", "password_file": tmp_path / "password", **settings}
        lines = [
            f"{name} = {value if isinstance(value, int) else repr(str(value))}" for name, value in usual.items()
        ]
        file = tmp_path / "config.toml"
        file.write_text("\n".join(["[mail.imap]", *lines, ""]))
        return file

    return written
