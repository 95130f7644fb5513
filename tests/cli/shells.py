"""A person at a shell: types at a pseudo-terminal, presses TAB, and reads what stands there."""

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cli.acceptance import TERMINAL_CODES
from watched import is_idle, waiting

SCRIPTS = Path(__file__).parents[2] / "completions"
PROMPT = "ready> "
SPELT = "rea''dy> "
"""The prompt, so that the line that sets it does not show it."""
PATIENCE_S = 120.0
QUIET_S = 0.15
"""How long a shell may be silent, with nothing left to read and no child at work, before it counts as done."""

STARTS: Mapping[str, tuple[list[str], str]] = {
    "bash": (["bash", "--norc", "--noprofile"], "PS1='{prompt}'; source '{scripts}/care.bash'"),
    "zsh": (
        ["zsh", "-f"],
        "PS1='{prompt}' RPS1= fpath=('{scripts}' $fpath); bindkey -e; autoload -U compinit; compinit -u -D",
    ),
    "fish": (
        ["fish", "--no-config", "--private"],
        "function fish_prompt; echo -n '{prompt}'; end; source '{scripts}/care.fish'",
    ),
}
"""How each shell is started without anybody's settings, and what it is told first."""

STUB = """#!/bin/sh
# Asked by a completion script it answers as `care` does; called by a person it notes what it was called with.
for word; do
    [ "$word" = complete ] && exec {python} -m carecli "$@"
done
printf '%s\\n' "$@" > {said}.new && mv {said}.new {said}
"""


class Shell(NamedTuple):
    """A shell at a terminal in which `care` tells the words that it was called with."""

    name: str
    master: int
    slave: int
    """The terminal's other end: what was typed and not read by the shell waits there."""
    pid: int
    said: Path

    def type(self, text: str) -> str:
        """Press keys; what stands on the screen when nothing more happens, without colours."""
        os.write(self.master, text.encode())
        return self.read(bool)

    def words(self, text: str) -> list[str]:
        """Type a line, with TABs in it, and run it: the words that `care` is called with."""
        self.said.unlink(missing_ok=True)
        os.write(self.master, f"{text}\r".encode())
        seen = self.read(lambda _: self.said.exists(), quiet_s=0.06)
        assert self.said.exists(), seen
        return self.said.read_text().splitlines()

    def offered(self, text: str) -> str:
        """What is offered for a line that ends here; the line is given up afterwards."""
        # Bash puts in what all have in common, is asked again, and lists them when it is asked once more.
        tabs = {"bash": "\t\t\t", "zsh": "\t\t", "fish": "\t"}[self.name]
        seen = "".join(self.type(keys) for keys in (text, *tabs))
        self.type("\x03" if self.name == "fish" else "\x15")
        return seen

    def read(self, enough: Callable[[str], bool], quiet_s: float = QUIET_S) -> str:
        """What comes onto the screen until that is enough and nothing more comes, without colours."""
        seen, until, heard = b"", time.monotonic() + PATIENCE_S, time.monotonic()
        while time.monotonic() < until:
            ready, _, _ = select.select([self.master], [], [], 0.02)
            if ready:
                seen += os.read(self.master, 65_536)
            if ready or waiting(self.slave) or not is_idle(self.pid):
                heard = time.monotonic()
            elif time.monotonic() - heard > quiet_s and enough(seen.decode("utf-8", "replace")):
                break
        return TERMINAL_CODES.sub("", seen.decode("utf-8", "replace"))


@contextmanager
def shell(name: str, folder: Path, **environ: str) -> Iterator[Shell]:
    """A shell in a folder, with completions and the stub of `care`."""
    said, stub = folder / "said", folder / "bin" / "care"
    stub.parent.mkdir()
    stub.write_text(STUB.format(python=sys.executable, said=said))
    stub.chmod(0o700)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    path = f"{stub.parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "TERM": "xterm", "PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8", **environ}
    words, setting = STARTS[name]
    program = shutil.which(words[0])
    assert program is not None
    run = subprocess.Popen(
        [program, *words[1:]],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=env,
        cwd=folder,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # a terminal of its own: fish insists on one
    )
    try:
        person = Shell(name, master, slave, run.pid, said)
        os.write(master, (setting.format(prompt=SPELT, scripts=SCRIPTS) + "\r").encode())
        person.read(lambda seen: PROMPT in seen)
        yield person
    finally:
        run.kill()
        run.wait()
        os.close(master)
        os.close(slave)
