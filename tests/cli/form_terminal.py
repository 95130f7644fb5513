"""A person at the guided form: a real pseudo-terminal with a screen that is read as a person reads it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pyte
from cli.acceptance import command

ENTER, BACK, TAB, DOWN, UP = "\r", "\x1b[Z", "\t", "\x1b[B", "\x1b[A"
CTRL_C, CTRL_D, CTRL_Z, EDITOR = "\x03", "\x04", "\x1a", "\x18\x05"
ERASE = "\x15"
"""Ctrl-U: what was typed in the line goes."""
PATIENCE_S = 120.0


class Terminal:
    """`care` at a pseudo-terminal of a size; `sees` waits for the screen, `types` answers it."""

    def __init__(
        self,
        *args: str,
        columns: int = 80,
        lines: int = 24,
        stdout: Path | None = None,
        shell: str = "",
        **environ: str,
    ) -> None:
        env = {**os.environ, "TERM": "xterm-256color", "CARE_PAGER": "", **environ}
        for name in ("COLUMNS", "LINES", *(name for name, value in environ.items() if value == "")):
            env.pop(name, None)
        words = command(*args)
        if stdout:
            words = ["/bin/sh", "-c", 'out="$1"; shift; "$@" > "$out"', "sh", str(stdout), *words]
        if shell:
            words = ["/bin/bash", "-c", shell, "bash", *words]
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""
        self._run = pexpect.spawn(words[0], words[1:], env=env, dimensions=(lines, columns), timeout=PATIENCE_S)
        self._run.delaybeforesend = None
        # Whoever closes it would wait before looking whether the program is gone, and after telling it to go.
        self._run.ptyproc.delayafterclose = self._run.ptyproc.delayafterterminate = 0.01
        self._text: str | None = None

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._run.close(force=True)

    @property
    def text(self) -> str:
        """What stands on the screen; read again only where something came since."""
        if self._text is None:
            self._text = "\n".join(line.rstrip() for line in self._screen.display).rstrip()
        return self._text

    def types(self, text: str) -> None:
        """Type, as fast as a machine."""
        data = text.encode()
        while data:
            # A terminal takes in only so much at once: what it shows meanwhile is read.
            sent = os.write(self._run.child_fd, data[:512])
            data = data[sent:]
            if data:
                self._read(0)

    def pastes(self, text: str) -> None:
        """Paste, as a terminal tells a program of it."""
        self.types(f"\x1b[200~{text}\x1b[201~")

    def sees(self, *texts: str) -> str:
        """Wait until all of this is on the screen."""
        return self.until(lambda screen: all(text in screen for text in texts), f"{texts}")

    def until(self, seen: Callable[[str], bool], what: str) -> str:
        """Wait for a screen; the answer is what stands on it."""
        deadline = time.monotonic() + PATIENCE_S
        while not seen(self.text):
            assert time.monotonic() < deadline, f"never saw {what} on:\n{self.text}"
            if not self._read(0.2) and not self._run.isalive():
                self._read(0)
                assert seen(self.text), f"it ended before {what}:\n{self.text}"
                break
        return self.text

    def answers(self, *steps: tuple[str, str]) -> None:
        """To each question, once it is on the screen, its answer."""
        for question, answer in steps:
            self.sees(question)
            self.types(answer)

    def resizes(self, columns: int, lines: int) -> None:
        """Make the window another size."""
        self._screen.resize(lines, columns)
        self._text = None
        self._run.setwinsize(lines, columns)

    def style(self, text: str) -> Any:
        """How a text on the screen is written: the first character of it, with its colours."""
        for y, line in enumerate(self._screen.display):
            if text in line:
                return self._screen.buffer[y][line.index(text)]
        raise AssertionError(f"{text!r} is not on:\n{self.text}")

    def hangs_up(self) -> int:
        """Take the terminal away, as a lost connection does; the answer is how the program ended."""
        self._run.kill(signal.SIGHUP)
        return self.ends()

    def ends(self) -> int:
        """Wait for the end: the exit status, or minus the signal that ended it."""
        deadline = time.monotonic() + PATIENCE_S
        while self._run.isalive():
            assert time.monotonic() < deadline, f"it does not end:\n{self.text}"
            self._read(0.1)
        self._read(0)
        status = self._run.exitstatus
        return int(status) if status is not None else -int(self._run.signalstatus or 0)

    def _read(self, wait_s: float) -> bool:
        try:
            data = self._run.read_nonblocking(65_536, timeout=wait_s)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(data)
        self._text = None
        return True
