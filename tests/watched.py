"""What the kernel tells of a process that runs: tests wait for it, and guess no seconds."""

import fcntl
import os
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 120
"""What would have happened by then never does, on the slowest machine."""


def until(seen: Callable[[], object], run: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait until something is to be seen, as long as `run` runs."""
    end = time.monotonic() + PATIENCE_S
    while not seen():
        assert run is None or run.poll() is None, f"it ended with {run and run.returncode}"
        assert time.monotonic() < end, "it never comes"
        time.sleep(0.01)


def holds_back(pid: int, end: signal.Signals) -> bool:
    """Whether a process has a signal wait for a better moment."""
    [mask] = [line.split()[1] for line in _status(pid).splitlines() if line.startswith("SigBlk:")]
    return bool(int(mask, 16) >> (end - 1) & 1)


def has_open(pid: int, path: str | Path) -> bool:
    """Whether a process has a file open."""
    place = os.path.realpath(path)
    return any(os.path.realpath(link) == place for link in Path(f"/proc/{pid}/fd").iterdir())


def waiting(end: int) -> int:
    """How many bytes of a pipe or a terminal wait for who reads it, at either end."""
    told: bytes = fcntl.ioctl(end, termios.FIONREAD, struct.pack("i", 0))
    return int(struct.unpack("i", told)[0])


def is_idle(pid: int) -> bool:
    """Whether a process sleeps and has no children."""
    tasks = [*Path(f"/proc/{pid}/task").iterdir()]
    children = "".join((task / "children").read_text() for task in tasks if (task / "children").exists())
    return not children.split() and "State:\tS" in _status(pid)


def _status(pid: int) -> str:
    return Path(f"/proc/{pid}/status").read_text()
