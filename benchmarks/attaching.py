"""A large log attached with --confirm-sanitized, against `sha256sum` and then `cp` of it: speed and memory.

Run with: python benchmarks/attaching.py [GIB] [--runs 5] [--into FOLDER]

GIB is the size of the log, 2 unless said otherwise; the folder (a temporary one by default) needs three times
that. Each run is a pair, its order turned every time: what the two commands take one after the other, and what the
whole process of `care attachment add` takes, into a desk of its own. The log is in the page cache for both, and
what they write is removed after each. `care` has its copy on the disk (fsync) before it answers, `cp` has not: a
second ratio is that to `cp` and `sync`. Memory is the most that the process ever held (ru_maxrss). It prints
Markdown for RESULTS.md.

A quick look: python benchmarks/attaching.py 0.25 --runs 1
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

GIB: Final = 1 << 30
LINES: Final = 200_000
WHO: Final = ("--as", "dana@northwind.example", "--now", "2026-03-20T21:05:00Z")
CASE: Final = "3"
NEEDED: Final = 3


class Took(NamedTuple):
    """What a process took: seconds, and the most memory that it held, in MiB."""

    seconds: float
    mib: float


class Pair(NamedTuple):
    """One run: the two commands, with their bytes on the disk or not, and ours."""

    hashing: Took
    copying: Took
    syncing: Took
    ours: Took

    @property
    def ratio(self) -> float:
        """Our speed, with that of `sha256sum` and `cp` as 1."""
        return (self.hashing.seconds + self.copying.seconds) / self.ours.seconds

    @property
    def synced(self) -> float:
        """The same where `cp` too has its copy on the disk."""
        return (self.hashing.seconds + self.copying.seconds + self.syncing.seconds) / self.ours.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=float, nargs="?", default=2, help="GiB of the log")
    parser.add_argument("--runs", type=int, default=5, help="paired runs")
    parser.add_argument("--into", type=Path, help="where to work, a temporary folder otherwise")
    given = parser.parse_args()
    size = int(given.size * GIB)
    with tempfile.TemporaryDirectory(prefix="care-attaching-", dir=given.into) as name:
        folder = Path(name)
        free = shutil.disk_usage(folder).free
        if free < NEEDED * size:
            sys.exit(f"{folder} has {free / GIB:.1f} GiB free; {NEEDED * size / GIB:.1f} are needed")
        measure(folder, size, given.runs)


def measure(folder: Path, size: int, runs: int) -> None:
    """Measure everything and print it."""
    log, database = folder / "large.log", folder / "desk.db"
    write_log(log, size)
    took(["care", "demo", "--db", str(database)])
    pairs = [pair(folder, log, database, ours_first=bool(n % 2)) for n in range(runs)]
    print(f"A log of {size / GIB:g} GiB, {runs} paired runs\n")
    print(
        "| | sha256sum, s | cp, s | sync, s | care, s | MiB/s | speed to sha256sum + cp | and sync | memory, MiB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for n, one in enumerate(pairs, 1):
        print(line(str(n), one, size))
    middle = sorted(pairs, key=lambda one: one.ratio)[len(pairs) // 2]
    print(line("median", middle, size))
    ratios = [one.ratio for one in pairs]
    print(f"\nspeed {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}; wanted: 0.5 or more)")
    print(f"memory {max(one.ours.mib for one in pairs):.0f} MiB (wanted: less than 100)")


def pair(folder: Path, log: Path, database: Path, *, ours_first: bool) -> Pair:
    """Both by turns, the log in the page cache before each."""
    desk = folder / "turn.db"
    shutil.copy(database, desk)
    words = ["care", "--db", str(desk), *WHO, "attachment", "add", CASE, str(log), "--confirm-sanitized"]
    ours = attached(words, log, desk) if ours_first else None
    copy = folder / "copy.log"
    warm(log)
    hashing, copying = took(["sha256sum", str(log)]), took(["cp", str(log), str(copy)])
    syncing = took(["sync", str(copy)])
    copy.unlink()
    return Pair(hashing, copying, syncing, ours or attached(words, log, desk))


def attached(words: Sequence[str], log: Path, desk: Path) -> Took:
    """Our process; what it kept is removed."""
    os.sync()
    warm(log)
    measured = took(words)
    shutil.rmtree(desk.with_suffix(".files"))
    return measured


def write_log(path: Path, size: int) -> None:
    """Lines as a server writes them, the same ones again and again: nothing here looks at their content."""
    lines = "".join(
        f"2026-03-20T21:05:00.{n % 1000:03}Z sip INFO call {n:06} of queue sales answered\n" for n in range(LINES)
    )
    block = lines.encode()
    with path.open("wb") as file:
        while (left := size - file.tell()) > 0:
            file.write(block[:left])
    os.sync()


def warm(path: Path) -> None:
    """Have a file in the page cache."""
    with path.open("rb", buffering=0) as file:
        buffer = bytearray(1 << 20)
        while file.readinto(buffer):
            pass


def took(words: Sequence[str]) -> Took:
    """Run a command that goes well; its time and its memory."""
    words = [sys.executable, "-m", "carecli", *words[1:]] if words[0] == "care" else list(words)
    start = time.perf_counter()
    run = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(run.pid, 0)
    measured = Took(time.perf_counter() - start, usage.ru_maxrss / 1024)
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode:
        sys.exit(f"{words} failed with status {run.returncode}")
    return measured


def line(name: str, one: Pair, size: int) -> str:
    """A line of the table."""
    seconds = " | ".join(f"{each.seconds:.2f}" for each in (one.hashing, one.copying, one.syncing, one.ours))
    speed = size / (1 << 20) / one.ours.seconds
    return f"| {name} | {seconds} | {speed:,.0f} | {one.ratio:.2f} | {one.synced:.2f} | {one.ours.mib:.0f} |"


if __name__ == "__main__":
    main()
