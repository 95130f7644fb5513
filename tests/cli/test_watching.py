"""`care tick --watch`: round after round until somebody ends it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, NOW, Who, care, command, plain, terminal
from engine import sqlite_alone
from other_hands import busy, is_waited_for, peeked
from watched import has_open, holds_back, until

PATIENCE_S = 120


class Watch:
    """A watch that runs, and what it has written so far."""

    def __init__(self, folder: Path, *args: str) -> None:
        self.files = [folder / "out", folder / "err"]
        out, err = (file.open("wb") for file in self.files)
        with out, err:
            self.run = subprocess.Popen(command(*args), stdout=out, stderr=err, env=dict(os.environ))

    @property
    def out(self) -> str:
        """Its standard output so far."""
        return self.files[0].read_text()

    @property
    def err(self) -> str:
        """Its standard error so far."""
        return self.files[1].read_text()

    def until(self, seen: Callable[["Watch"], object]) -> None:
        """Wait until something is to be seen."""
        end = time.monotonic() + PATIENCE_S
        while not seen(self):
            assert self.run.poll() is None, self.err
            assert time.monotonic() < end, (self.out, self.err)
            time.sleep(0.02)

    def ended(self, by: signal.Signals) -> int:
        """End it: its exit status."""
        self.run.send_signal(by)
        return self.run.wait(PATIENCE_S)


@pytest.fixture
def ticked(trial: str) -> str:
    """The trial's desk, brought up to the machine's clock."""
    care("--db", trial, "--as", ADA, "tick", "--quiet")
    return trial


@pytest.mark.parametrize(("by", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_repeats_until_it_is_ended(ticked: str, tmp_path: Path, by: signal.Signals, status: int) -> None:
    """TICK-2: each round is a tick at its own moment; Ctrl-C ends with 130, SIGTERM with 0, both in silence."""
    watch = Watch(tmp_path, "--db", ticked, "--as", ADA, "tick", "--watch", "1", "--format", "jsonl")
    watch.until(lambda w: w.out.count("\n") >= 2)
    assert (watch.ended(by), watch.err) == (status, "")
    rounds = [json.loads(line) for line in watch.out.splitlines()]
    assert rounds[1]["last_tick_at"] == rounds[0]["now"] < rounds[1]["now"]


def test_pages_in_a_pipe_come_one_by_one(ticked: str, tmp_path: Path) -> None:
    """CLI: in a pipe each report is written as it comes, an empty line between two, no terminal codes."""
    watch = Watch(tmp_path, "--db", ticked, "--as", ADA, "tick", "--watch", "1")
    watch.until(lambda w: w.out.count("# Tick") >= 2)
    watch.ended(signal.SIGTERM)
    assert "\n\n# Breaches" in watch.out
    assert "\x1b" not in watch.out


def test_a_signal_waits_for_the_round(ticked: str, tmp_path: Path) -> None:
    """TICK-1 and TICK-2: a Ctrl-C that comes while a tick waits for the database ends the watch after it."""
    watch = Watch(tmp_path, "--db", ticked, "--as", ADA, "tick", "--watch", "30", "--format", "jsonl")
    watch.until(lambda w: w.out.count("\n") == 1)
    watch.ended(signal.SIGTERM)
    with busy(ticked):
        watch = Watch(tmp_path, "--db", ticked, "--as", ADA, "tick", "--watch", "30", "--format", "jsonl")
        watch.until(lambda w: is_waited_for(ticked, w.run.pid))
        watch.run.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert watch.run.poll() is None
    assert watch.run.wait(PATIENCE_S) == 130
    assert (watch.out.count("\n"), watch.err) == (1, "")


def test_trouble_does_not_end_it(ticked: str, tmp_path: Path) -> None:
    """MAIL-6 and TICK-2: mail that cannot leave is told when it is tried, and the watch goes on in silence."""
    config = tmp_path / "own.toml"
    maildir = tmp_path / "mail"
    maildir.write_text("a file in the way")
    config.write_text(f'db = "{ticked}"\nas = "{ADA}"\n[mail]\nmaildir = "{maildir}"\n')
    assert care("--config", str(config), "--as", DANA, "open", *FORM).status == 0
    watch = Watch(tmp_path, "--config", str(config), "tick", "--watch", "1", "--format", "jsonl")
    watch.until(lambda w: w.err.count("\n") >= 1)
    assert json.loads(watch.err.splitlines()[0])["error"]["rule"] == "MAIL-6"
    maildir.unlink()
    watch.until(lambda w: json.loads(w.out.splitlines()[-1])["mail"] == {"queued": 0, "sent": 0, "failed": 0})
    told = watch.err
    seen = watch.out.count("\n")
    watch.until(lambda w: w.out.count("\n") > seen)
    assert (watch.ended(signal.SIGINT), watch.err) == (130, told)


@sqlite_alone("moves its file")
def test_a_database_in_trouble_does_not_end_it(ticked: str, tmp_path: Path) -> None:
    """TICK-2: a database that is gone for a while is told, and the watch goes on when it is back."""
    watch = Watch(tmp_path, "--db", ticked, "--as", ADA, "tick", "--watch", "1", "--quiet")
    rounds(watch, ticked, 1)
    watch.until(lambda w: not has_open(w.run.pid, ticked))
    aside = Path(ticked).rename(Path(ticked).with_suffix(".aside"))
    watch.until(lambda w: "no database" in w.err)
    aside.rename(ticked)
    rounds(watch, ticked, 1)
    told = watch.err
    rounds(watch, ticked, 2)
    assert (watch.err, watch.out) == (told, "")
    assert watch.ended(signal.SIGTERM) == 0


def rounds(watch: Watch, database: str, count: int) -> None:
    """Wait for so many rounds, which only the record tells of."""
    for _ in range(count):
        before = last_tick(database)
        watch.until(lambda _: last_tick(database) != before)  # noqa: B023 - it is over before the next


def last_tick(database: str) -> object:
    """What is on record of the last tick."""
    return peeked(database, "SELECT document FROM desk WHERE name = 'last tick'")


def test_the_screen_holds_the_latest_page(ticked: str) -> None:
    """TICK-2: at a terminal a page takes the place of the one before, and says how to end."""
    args = ("--db", ticked, "--as", ADA, "tick", "--watch", "1")
    screen = terminal(*args, answers=[("Ctrl-C ends", "\x03")], CARE_PAGER="echo PAGED; cat >/dev/null", LINES="5")
    assert screen.status == 130
    assert screen.out.startswith("\x1b[H\x1b[2J")
    assert "PAGED" not in screen.out  # though the page is longer than the screen
    assert "every 1 s; Ctrl-C ends" in plain(screen.out)
    assert "Traceback" not in screen.out


@pytest.mark.parametrize(
    ("who", "args", "status"),
    [
        (ADA, ("--watch", "5", "--now", NOW), 2),
        (ADA, ("--watch", "5", "--exit-code"), 2),
        (ADA, ("--watch", "0"), 2),
        (ADA, ("--watch", "soon"), 2),
        (ADA, ("--format", "csv"), 2),
        (BEN, ("--watch", "5"), 4),
        (ADA, ("--watch", "5", "--db", "/none/such.db"), 6),
        (ADA, ("--watch", "5", "--quiet", "--format", "jsonl", "--db", "/none/such.db"), 6),
    ],
)
def test_what_no_watch_is_made_of(trial: str, who: str, args: tuple[str, ...], status: int) -> None:
    """CLI: a watch goes by the clock, has no exit status to give, and begins only where it may and can."""
    care("--db", trial, "--as", who, "tick", *args).refused(status)


def test_one_document_is_no_watch(trial: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: --json is exactly one document, so a watch refuses it, with what to write instead; CARE_NOW too."""
    assert "--format jsonl" in care("--db", trial, "--as", ADA, "--json", "tick", "--watch", "5").error["hint"]
    monkeypatch.setenv("CARE_NOW", NOW)
    assert "CARE_NOW" in care("--db", trial, "--as", ADA, "tick", "--watch", "5").refused(2)


def test_a_tick_in_each_format(trial: str) -> None:
    """CLI: --format json is --json, jsonl the same document in a line."""
    ada = Who(trial, ADA)
    document = ada.json("tick", "--dry-run")
    assert json.loads(ada("tick", "--dry-run", "--format", "json").out) == document
    assert ada("tick", "--dry-run", "--format", "jsonl").out == json.dumps(document, ensure_ascii=False) + "\n"
    assert "exclude each other" in ada("--json", "tick", "--format", "table").error["message"]


def test_nothing_is_held_back_behind_it(trial: str) -> None:
    """TICK-2: after a watch in this process signals come as before."""
    code = (
        "import signal\n"
        "from carecli.cli import main\n"
        f"assert main(['--db', {trial!r}, '--as', {ADA!r}, '-q', 'tick', '--watch', '60']) == 0\n"
        "assert not signal.pthread_sigmask(signal.SIG_BLOCK, [])\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) as run:
        until(lambda: holds_back(run.pid, signal.SIGTERM), run)
        run.send_signal(signal.SIGTERM)
        _, told = run.communicate(timeout=PATIENCE_S)
    assert (run.returncode, told) == (0, b"")
