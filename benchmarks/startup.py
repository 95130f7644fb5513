"""Start-up of whole commands as a ratio to a bare interpreter, in pairs, on a desk that this script makes.

Run with: python benchmarks/startup.py [RUNS]
"""

import contextlib
import os
import pty
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from carecli.desk.demo import run

BARE = [sys.executable, "-c", "pass"]
NOW = "2026-03-20T21:05:00Z"
TARGETS = {
    "--version": 2.5,
    "list --json": 7,
    "show 8 --json": 7,
    "tick (nothing due)": 7,
    "complete case": 7,
    "list (table)": 14,
    "--help": 14,
}


def main(runs: int) -> None:
    """Measure each command against the bare interpreter and print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "desk.db")
        run(database, lambda _: None)
        print(f"{'command':<22}{'ms':>8}{'bare ms':>9}{'ratio':>8}{'target':>8}")
        for name, command in commands(database).items():
            print(row(name, command, runs))


def commands(database: str) -> dict[str, Sequence[str]]:
    """The measured commands; each starts the installed script as a shell would."""
    care = [str(Path(sys.executable).with_name("care"))]
    desk = ["--db", database, "--as", "ada@desk.example", "--now", NOW]
    return {
        "--version": [*care, "--version"],
        "list --json": [*care, *desk, "list", "--all", "--json"],
        "show 8 --json": [*care, *desk, "show", "8", "--json"],
        "tick (nothing due)": [*care, *desk, "tick", "--json"],
        "complete case": [*care, *desk, "complete", "case", "--", "0"],
        "list (table)": [*care, *desk, "list", "--all"],
        "--help": [*care, "--help"],
    }


def row(name: str, command: Sequence[str], runs: int) -> str:
    """One line: medians, and the median of the ratios pair by pair."""
    timed = at_a_terminal if "table" in name else seconds
    timed(command)
    pairs = [(timed(command), timed(BARE)) for _ in range(runs)]
    ours, bare = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    return f"{name:<22}{ours:>8.1f}{bare:>9.1f}{ratio:>7.1f}x{TARGETS[name]:>7}x"


def seconds(command: Sequence[str], stdout: int = subprocess.DEVNULL) -> float:
    """How long one run takes, as a whole process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=stdout)
    return time.perf_counter() - start


def at_a_terminal(command: Sequence[str]) -> float:
    """The same at a pseudo-terminal, where tables are drawn."""
    master, slave = pty.openpty()
    reader = threading.Thread(target=_drain, args=(master,), daemon=True)
    reader.start()
    try:
        return seconds(command, slave)
    finally:
        os.close(slave)
        reader.join(timeout=1)
        os.close(master)


def _drain(master: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(master, 65_536):
            pass


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else 15)
