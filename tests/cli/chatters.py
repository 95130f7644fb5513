"""People in a chat at pseudo-terminals of their own, and when each saw which line."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Sequence

import pyte
from cli.acceptance import PATIENCE_S, TERMINAL_CODES, command

TOKEN = re.compile(r"<\w+:\d{4}>")
SAID = re.compile(r"^\d\d:\d\d (\S+): .*?(<\w+:\d{4}>)$", re.MULTILINE)


class Chatter:
    """`care chat` at a pseudo-terminal; what it shows is read as it comes."""

    def __init__(self, *args: str, columns: int = 80) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        env = {**os.environ, "TERM": "xterm"}
        env.pop("COLUMNS", None)
        self.run = subprocess.Popen(
            command(*args), stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)
        os.set_blocking(self.master, False)
        self.columns = columns
        self.raw = b""
        self.seen: dict[str, float] = {}
        self._looked = 0

    def hangs_up(self) -> None:
        """Take the terminal away."""
        os.close(self.master)
        self.master = os.open(os.devnull, os.O_RDWR)

    def close(self) -> None:
        """Let go of the terminal, and end what is left of it."""
        os.close(self.master)
        self.run.kill()
        self.run.wait()

    @property
    def text(self) -> str:
        """All that was ever shown, without its colours and movements."""
        return re.sub(r"\r*\n|\r", "\n", TERMINAL_CODES.sub("", self.raw.decode("utf-8", "replace")))

    def scrolled(self) -> str:
        """What a person sees at the end who scrolls back to the beginning."""
        screen = pyte.HistoryScreen(self.columns, 40, history=5_000, ratio=1)
        pyte.ByteStream(screen).feed(self.raw)
        above = ["".join(row[x].data for x in range(self.columns)) for row in screen.history.top]
        return "\n".join(line.rstrip() for line in [*above, *screen.display])

    def types(self, text: str) -> None:
        """Enter a line."""
        self.write(f"{text}\r")

    def write(self, keys: str) -> None:
        """Press keys, reading what is shown where the terminal takes no more."""
        data = keys.encode()
        while data:
            try:
                data = data[os.write(self.master, data) :]
            except BlockingIOError:
                self.reads()

    def reads(self) -> bool:
        """Take in what is shown by now, and when each token of a line was seen; False where there is nothing."""
        try:
            data = os.read(self.master, 65_536)
        except (BlockingIOError, OSError):
            return False
        self.raw += data
        now = time.monotonic()
        fresh = self.raw[max(self._looked - 40, 0) :].decode("utf-8", "ignore")
        self._looked = len(self.raw)
        for token in TOKEN.findall(fresh):
            self.seen.setdefault(token, now)
        return bool(data)

    def sees(self, text: str) -> None:
        """Wait until this was shown."""
        end = time.monotonic() + PATIENCE_S
        while text not in self.text:
            assert time.monotonic() < end, f"never saw {text!r} in:\n{self.text}"
            attend([self], 0.05)

    def ends(self) -> int:
        """Wait for the end: the exit status."""
        end = time.monotonic() + PATIENCE_S
        while self.run.poll() is None:
            assert time.monotonic() < end, f"it does not end:\n{self.text}"
            attend([self], 0.05)
        while self.reads():
            pass
        return int(self.run.returncode)


def attend(chatters: Sequence[Chatter], wait_s: float) -> None:
    """Read whatever any of them shows, waiting a while for it."""
    ready, _, _ = select.select([one.master for one in chatters], [], [], wait_s)
    for one in chatters:
        if one.master in ready and not one.reads():
            time.sleep(0.01)
