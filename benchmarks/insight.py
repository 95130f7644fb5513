"""What a report costs: whole processes on a made desk, their time and the most memory that they held.

Run with: python benchmarks/insight.py --cases 100000 [--runs 3] [--into FOLDER]

The desk comes from `desks.py`. It prints Markdown for RESULTS.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

from desks import ADMIN, NOWS, cache, desk

from carecli.domain.instants import iso

NOW: Final = iso(NOWS[0])
QUESTIONS: Final = {
    "`report --json`, every case": ("report", "--json"),
    "`report --html`": ("report", "--html", "{into}/report.html"),
    "`report --format xlsx`": ("report", "--format", "xlsx", "--output", "{into}/report.xlsx"),
    "`report --since`, the last week's cases": ("report", "--json", "--since", "{week}"),
    "`report --account`, one account's": ("report", "--json", "--account", "Account 00001"),
    "`report --list clocks --format csv`": ("report", "--list", "clocks", "--output", "{into}/clocks.csv"),
}
UNDER: Final = ("report", "--json", "--policy", "guide", "--account", "Account 00001")


class Took(NamedTuple):
    """A run's seconds by the wall clock and of processor time, and its largest size in MB."""

    wall: float
    cpu: float
    size: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="open cases")
    parser.add_argument("--runs", type=int, default=3, help="of which the quickest counts")
    parser.add_argument("--into", type=Path, default=cache(), help="the folder that keeps the desks")
    given = parser.parse_args()
    # Made in a process of its own: what a process once held counts for those that it starts.
    with ProcessPoolExecutor(1) as elsewhere:
        path = elsewhere.submit(desk, given.cases, 0, given.into).result()
    print(f"\n{given.cases:,} open cases, and a tenth as many closed ones ({path.stat().st_size / 1e6:,.0f} MB)\n")
    print("| question | wall | processor | memory |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as into:
        for name, words in (*QUESTIONS.items(), ("`report --policy guide`, one account's", UNDER)):
            args = [word.format(into=into, week=_week_before()) for word in words]
            took = min(measured(path, args) for _ in range(given.runs))
            print(f"| {name} | {took.wall:.1f} s | {took.cpu:.1f} s | {took.size:,.0f} MB |")


def _week_before() -> str:
    return iso(NOWS[0] - timedelta(days=7))


def measured(path: Path, args: Sequence[str]) -> Took:
    """A run of `care` in a process of its own."""
    placed = (sys.executable, "-m", "carecli", "--db", str(path), "--as", ADMIN, "--now", NOW)
    start = time.monotonic()
    with subprocess.Popen([*placed, *args], stdout=subprocess.DEVNULL) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0, args
    return Took(time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
