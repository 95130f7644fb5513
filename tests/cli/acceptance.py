"""Running `care` as people and programs run it: in this process, in one of its own, and at a terminal."""

import fcntl
import io
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from other_hands import peeked
from served_desks import by_paths

from carecli import cli

ADA, BEN, MIA = "ada@desk.example", "ben@desk.example", "mia@desk.example"
"""The demo's admin, agent and manager."""
DANA, OMAR, LENA = "dana@northwind.example", "omar@northwind.example", "lena@harbor.example"
"""The demo's Designated Contacts: two of Northwind, one of Harbor Clinic."""
NOW = "2026-03-20T21:00:00Z"
"""The end of the demo's story: Friday, 17:00 in New York."""
TEXT = "Since this morning about one in five calls drops when an agent transfers it to another queue."
FORM = (
    *("-s", "Calls drop", "--deployment", "East", "--service", "Voice", "--stage", "production"),
    *("--priority", "high", "-m", TEXT, "--impact", "Agents call back by hand."),
)
"""A complete form for an account of the demo's Northwind shape."""

PATIENCE_S = 120
"""What would have happened by then never does, on the slowest machine."""
SETTLED_S = 0.25
"""How long a program at a terminal may be silent before it counts as waiting for somebody."""
CTRL_C = "\x03"

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Ran(NamedTuple):
    """How a run of `care` ended, and what stood on its two streams."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document of a run that went well."""
        assert (self.status in {0, 10}, self.err) == (True, ""), self
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, Any]:
        """The error document of a run that did not."""
        assert self.out == ""
        document = json.loads(self.err)
        assert set(document) == {"error"}
        error: dict[str, Any] = document["error"]
        assert set(error) == {"code", "rule", "message", "hint"}
        assert isinstance(error["message"], str)
        return error

    def refused(self, status: int) -> str:
        """What a refusal says to a person, having seen that it is one short message with what to do next."""
        assert (self.status, self.out) == (status, ""), self
        first, *rest = self.err.splitlines()
        assert first.startswith("care: ")
        assert len(rest) == 1, self.err
        assert rest[0].startswith("  ")
        assert "Traceback" not in self.err
        assert "\x1b" not in self.err
        return self.err


def care(*args: str, stdin: bytes = b"") -> Ran:
    """Run `care` in this process, away from any terminal."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        patch.setattr(sys, "stdout", streams[0])
        patch.setattr(sys, "stderr", streams[1])
        status = cli.main(list(args))
    return Ran(int(status), *(by_paths(_written(stream)) for stream in streams))


def _written(stream: io.TextIOWrapper) -> str:
    raw = stream.detach()
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()


def shell(*args: str, stdin: bytes = b"", cwd: Path | None = None, **environ: str) -> Ran:
    """Run `care` as a process of its own, its streams being pipes."""
    run = subprocess.run(
        command(*args),
        input=stdin,
        capture_output=True,
        env={**os.environ, **environ},
        cwd=cwd,
        check=False,
        timeout=PATIENCE_S,
    )
    return Ran(run.returncode, by_paths(run.stdout.decode()), by_paths(run.stderr.decode()))


def command(*args: str) -> list[str]:
    """The words that start `care` as a process."""
    return [sys.executable, "-m", "carecli", *args]


class Who(NamedTuple):
    """Somebody at a desk: runs commands in this process with their database, actor and moment."""

    database: str
    email: str
    now: str = NOW

    @property
    def options(self) -> tuple[str, ...]:
        """The options that place a command."""
        return ("--db", self.database, "--as", self.email, "--now", self.now)

    def __call__(self, *args: str, stdin: bytes = b"") -> Ran:
        """Run a command."""
        return care(*self.options, *args, stdin=stdin)

    def json(self, *args: str, stdin: bytes = b"") -> Any:
        """Run a command that goes well: its document."""
        return self("--json", *args, stdin=stdin).json

    def at(self, now: str) -> "Who":
        """The same person at another moment."""
        return self._replace(now=now)


def terminal(
    *args: str,
    answers: Sequence[tuple[str, str]] = (),
    columns: int = 80,
    settled_s: float = SETTLED_S,
    variables: Mapping[str, str] | None = None,
    **environ: str,
) -> Ran:
    """Run `care` at a pseudo-terminal of so many columns; each answer is typed once its prompt is on the screen.

    It waits for `settled_s` seconds before: who has just asked may still be setting up the terminal, and what is
    typed too soon is dropped.

    `out` is the whole screen, both streams as a person sees them.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    env = {**os.environ, "TERM": "xterm", "CARE_PAGER": "", **(variables or {}), **environ}
    if "COLUMNS" not in environ:
        env.pop("COLUMNS", None)
    with subprocess.Popen(
        command(*args), stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
    ) as run:
        os.close(slave)
        try:
            seen = _conversation(master, run, answers, settled_s)
            return Ran(run.wait(timeout=PATIENCE_S), by_paths(seen.replace("\r\n", "\n")), "")
        finally:
            os.close(master)
            run.kill()


def _conversation(
    master: int, run: "subprocess.Popen[bytes]", answers: Sequence[tuple[str, str]], settled_s: float
) -> str:
    seen, told, waiting, heard = b"", 0, list(answers), time.monotonic()
    while True:
        assert time.monotonic() - heard < PATIENCE_S, f"it waits: {seen.decode()}"
        if waiting and waiting[0][0] in seen[told:].decode("utf-8", "ignore"):
            told = len(seen)
            time.sleep(settled_s)
            _typed(waiting.pop(0)[1], master, run)
        ready, _, _ = select.select([master], [], [], 0.05)
        if not ready:
            if run.poll() is not None:
                break
            continue
        try:
            more = os.read(master, 65_536)
        except OSError:  # nobody holds the other end any more
            break
        if not more:
            break
        seen += more
        heard = time.monotonic()
    assert not waiting, f"never asked for {waiting[0][0]!r}: {seen.decode()}"
    return seen.decode()


def _typed(answer: str, master: int, run: "subprocess.Popen[bytes]") -> None:
    """Type an answer; Ctrl-C goes as the signal that a controlling terminal makes of it."""
    if answer == CTRL_C:
        run.send_signal(signal.SIGINT)
    else:
        os.write(master, answer.encode())


def plain(screen: str) -> str:
    """A screen without its colours."""
    return TERMINAL_CODES.sub("", screen)


def events(database: str) -> int:
    """How many events the desk's record holds."""
    return int(peeked(database, "SELECT count(*) FROM events")[0][0])


def kept(database: str) -> list[tuple[Any, ...]]:
    """Everything that a desk keeps, to hold against later."""
    tables = ("events", "cases", "timers", "standing", "accounts", "contacts", "staff", "desk", "outbox")
    return [row for table in tables for row in peeked(database, f"SELECT * FROM {table} ORDER BY 1, 2")]
