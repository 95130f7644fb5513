"""Deliveries as processes: two at once, and one killed between a server's yes and our mark (MAIL-6)."""

import os
import signal
import subprocess
from collections import Counter
from pathlib import Path

from cli.acceptance import command
from desk_fixtures import Office, office, template
from mail.transports.servers import HOST, Post, serving
from notation import when

from carecli.domain.instants import iso
from carecli.domain.outbox import MailState

__all__ = ["office", "template"]

MAILS = 12
PATIENCE_S = 240


def delivering(desk: Office, folder: Path, port: int) -> list[str]:
    """The words that start a delivery to a server as a process."""
    config = folder / "config.toml"
    settings = (
        f'[mail]\nfrom = "care@desk.example"\ntransport = "smtp"\n[mail.smtp]\nhost = "{HOST}"\nport = {port}\n'
    )
    config.write_text(f'{settings}security = "none"\n')
    options = ("--config", str(config), "--db", desk.config.db, "--as", "system", "--now", iso(when("Mon 12:00")))
    return command(*options, "mail", "deliver", "--json")


def opened(desk: Office) -> list[int]:
    """Cases whose first mail waits."""
    return [desk.open(f"Mon 09:{minute:02}") for minute in range(MAILS)]


def test_two_deliveries_at_once_send_each_mail_once(office: Office, tmp_path: Path) -> None:
    """TICK-1: the second waits for the first, does what is left, and both succeed."""
    post = Post()
    post.pause_s = 0.02
    numbers = opened(office)
    with serving(post) as port:
        words = delivering(office, tmp_path, port)
        pair = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        ended = [(*process.communicate(timeout=PATIENCE_S), process.returncode) for process in pair]
    assert [(err, status) for _, err, status in ended] == [(b"", 0)] * 2
    assert Counter(post.message_ids) == {m.message_id: 1 for n in numbers for m in office.mails(n)}
    assert office.differences() == []


def test_a_kill_between_the_yes_and_the_mark(office: Office, tmp_path: Path) -> None:
    """MAIL-6: a mail that the server took and nobody noted goes again with the same Message-ID; no other does."""
    post, victims = Post(), list[int]()
    numbers = opened(office)

    def kill() -> None:
        if len(post.envelopes) in {1, 5}:
            os.kill(victims[-1], signal.SIGKILL)

    post.taken = kill
    with serving(post) as port:
        words = delivering(office, tmp_path, port)
        statuses: list[int] = []
        while not statuses or statuses[-1] != 0:
            with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
                victims.append(process.pid)
                _, err = process.communicate(timeout=PATIENCE_S)
                assert err == b""
            statuses.append(process.returncode)
    assert statuses == [-signal.SIGKILL, -signal.SIGKILL, 0]
    mails = [mail for number in numbers for mail in office.mails(number)]
    assert {mail.state for mail in mails} == {MailState.SENT}
    assert sorted(Counter(post.message_ids).values()) == [1] * (MAILS - 2) + [2, 2]
    assert set(post.message_ids) == {mail.message_id for mail in mails}
    assert office.differences() == []
