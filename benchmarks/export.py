"""What exports of made desks take: time, memory and disk, a small desk and a large one.

Run with: python benchmarks/export.py --cases 1000000 [--small 20000] [--log] [--into FOLDER]

The desks come from `desks.py`. Each export is a process of its own, whose largest resident size the system tells;
`--log` writes the whole log as well. It prints Markdown for RESULTS.md.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from desks import ADMIN, CLOSED_SHARE, NOWS, cache, desk

from carecli.domain.instants import iso

MB: Final = 1_000_000
EXPORTS: Final = {
    **{form: ("export", f"FILE.{form}", "--all") for form in ("csv", "tsv", "jsonl", "json", "xlsx")},
    "csv, by subject": ("export", "FILE.csv", "--all", "--sort", "subject"),
}
LOGS: Final = {f"log, {form}": ("log", "--all", "--output", f"FILE.{form}") for form in ("jsonl", "csv", "xlsx")}


WATCH: Final = """
import json, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
use = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([use.ru_utime + use.ru_stime, use.ru_maxrss]))
"""


class Took(NamedTuple):
    """What a run took: seconds of processor time, the largest resident size and the file's, in bytes."""

    cpu: float
    resident: int
    size: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="open cases of the large desk")
    parser.add_argument("--small", type=int, default=20_000, help="open cases of the small desk")
    parser.add_argument("--log", action="store_true", help="the log of the desk as well")
    parser.add_argument("--into", type=Path, default=cache(), help="the folder that keeps the desks")
    given = parser.parse_args()
    known = {cases: desk(cases, 0, given.into) for cases in (given.small, given.cases)}
    print("| export | " + " | ".join(f"{cases * (1 + CLOSED_SHARE):,.0f} cases" for cases in known) + " |")
    print("|---" * (len(known) + 1) + "|")
    for name, words in {**EXPORTS, **(LOGS if given.log else {})}.items():
        told = (took(path, words, given.into) for path in known.values())
        print(f"| {name} | " + " | ".join(map(cell, told)) + " |", flush=True)


def cell(run: Took) -> str:
    """A run in a table."""
    return f"{run.cpu:,.1f} s, {run.resident / MB:,.0f} MB resident, {run.size / MB:,.0f} MB written"


def took(database: Path, words: tuple[str, ...], folder: Path) -> Took:
    """Run an export of a desk into a file that goes again."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        args = [word.replace("FILE", f"{place}/export") for word in words]
        path = next(arg for arg in args if arg.startswith(place))
        options = ("--db", str(database), "--as", ADMIN, "--now", iso(NOWS[0]), "--quiet")
        run = (sys.executable, "-m", "carecli", *options, *args)
        # By way of a small process: a large one hands its own size down to what it starts.
        told = subprocess.run([sys.executable, "-c", WATCH, *run], stdout=subprocess.PIPE, check=True).stdout
        cpu, resident = json.loads(told)
        return Took(cpu, resident * 1024, Path(path).stat().st_size)


if __name__ == "__main__":
    main()
