"""Mail that comes in while processes are killed and others come at once: each message counts once (MAIL-2)."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import command
from letters import AWAITING, OPEN, PROPOSED, Scene, copied_scene, letter, scene_in

from carecli.config import Config
from carecli.domain.events import Kind

KILLS: Final = int(os.environ.get("CARE_KILLS", "8"))
AT: Final = "2026-03-06T09:00:00Z"


@pytest.fixture
def scene(template: Config, tmp_path: Path) -> Iterator[Scene]:
    """A desk at which mail arrives."""
    (tmp_path / "own").mkdir()
    fresh = copied_scene(template, scene_in(template, tmp_path), tmp_path / "own")
    yield fresh
    fresh.office.store.close()


def receiving(scene: Scene, message: bytes) -> "subprocess.Popen[bytes]":
    """A mail server's pipe with a message."""
    words = command("--db", scene.office.config.db, "--now", AT, "mail", "receive")
    run = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert run.stdin is not None
    run.stdin.write(message)
    run.stdin.close()
    return run


def replies_on(scene: Scene) -> Counter[str]:
    """How often each text came by mail."""
    told = Counter[str]()
    for number in (AWAITING, PROPOSED, OPEN):
        events = [entry.event for entry in scene.office.history(number)]
        told.update(e.data["text"] for e in events if e.kind is Kind.COMMENTED and "mail" in e.data)
    return told


def test_killed_and_delivered_again(scene: Scene) -> None:
    """MAIL-2, MAIL-2a: killed at random instants, and delivered again: nothing is lost or comes twice."""
    draw, kills, sent = random.Random("mail"), 0, 1
    began = time.monotonic()
    assert receiving(scene, letter("Reply 1.", id_="<1@x>", in_reply_to=scene.mid(OPEN))).wait(timeout=240) == 0
    whole_s = time.monotonic() - began
    while kills < KILLS:
        sent += 1
        number = (AWAITING, PROPOSED, OPEN)[sent % 3]
        message = letter(f"Reply {sent}.", id_=f"<{sent}@x>", in_reply_to=scene.mid(number))
        status = None
        while status != 0:
            run = receiving(scene, message)
            if status is None or draw.random() < 0.5:
                time.sleep(whole_s * draw.uniform(0.1, 1))
                run.send_signal(signal.SIGKILL)
            status = run.wait(timeout=240)
            kills += status == -signal.SIGKILL
    scene.receive(letter(id_="<last@x>"))  # what was stored and not looked at is now
    assert replies_on(scene) == {f"Reply {n}.": 1 for n in range(1, sent + 1)}
    with closing(sqlite3.connect(scene.office.config.db)) as db:
        assert db.execute("SELECT count(*) FROM received WHERE outcome IS NULL").fetchone() == (0,)
    assert scene.office.differences() == []


def test_many_at_once(scene: Scene) -> None:
    """MAIL-2a: several pipes at once, two with each message: each message once."""
    messages = [letter(f"Reply {n}.", id_=f"<{n}@x>", in_reply_to=scene.mid(OPEN)) for n in range(5)]
    runs = [receiving(scene, message) for message in messages * 2]
    assert [run.wait(timeout=240) for run in runs] == [0] * 10
    assert replies_on(scene) == {f"Reply {n}.": 1 for n in range(5)}
    assert scene.office.differences() == []
