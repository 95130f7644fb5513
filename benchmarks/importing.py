"""Another desk's log brought in, against a plain executemany of the rows that come of it.

Run with: python benchmarks/importing.py [--rows 141712] [--runs 3] [--log incidents.csv] [--into DIR]

The log is a ServiceNow one: made from a seed, or a file of that kind whose incidents are repeated under new
numbers until there are enough rows. Each run brings it into a fresh desk, in a process of its own, and then writes
the same event rows into a bare table of the same columns: WAL, synchronous=FULL, a commit for each hundred cases'
worth, as the import does. `--dry-run` and a second import, which finds nothing new, are timed once. It prints
Markdown for RESULTS.md.

A quick look: python benchmarks/importing.py --rows 6000 --runs 1
"""

import argparse
import csv
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

HEADER: Final = (
    *(
        "number",
        "incident_state",
        "reopen_count",
        "sys_mod_count",
        "made_sla",
        "caller_id",
        "opened_by",
        "opened_at",
    ),
    *("sys_updated_by", "sys_updated_at", "contact_type", "category", "subcategory", "u_symptom", "priority"),
    *("assignment_group", "assigned_to", "closed_code", "resolved_by", "resolved_at", "closed_at"),
)
STATES: Final = ("New", "Active", "Active", "Awaiting User Info", "Active", "Resolved", "Closed")
NOW: Final = "2026-11-23T00:00:00Z"
ADMIN: Final = "ada@desk.example"


class Took(NamedTuple):
    """What a process took: seconds by the clock and of the processor, and the most memory in MiB."""

    wall: float
    cpu: float
    memory: float
    answer: dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=141_712, help="rows of the log")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--log", type=Path, help="a ServiceNow log to repeat; else one is made")
    parser.add_argument("--into", type=Path, help="where the desks are made; else a temporary folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.into) as folder:
        _measure(Path(folder), given.rows, given.runs, given.log)


def _measure(folder: Path, rows: int, runs: int, log: Path | None) -> None:
    source = folder / "log.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(_repeated(log, rows) if log else _made(rows))
    took, plain = [], []
    for run in range(runs):
        desk = folder / f"{run}.db"
        took.append(_imported(desk, source))
        plain.append(_plainly(desk, folder / f"{run}-plain.db"))
    again, trial = _imported(desk, source, new=False), _imported(folder / "trial.db", source, "--dry-run")
    events, cases = took[0].answer["events"], took[0].answer["cases"]
    wall, bare = statistics.median(one.wall for one in took), statistics.median(plain)
    print(f"{rows:,} rows, {cases:,} incidents, {events:,} events; medians of {runs}\n")
    print("| what | seconds | events/s | processor s | memory MiB |\n|---|---|---|---|---|")
    cpu, memory = statistics.median(one.cpu for one in took), max(one.memory for one in took)
    print(f"| `care import` | {wall:.1f} | {events / wall:,.0f} | {cpu:.1f} | {memory:.0f} |")
    print(f"| `care import --dry-run` | {trial.wall:.1f} | | {trial.cpu:.1f} | {trial.memory:.0f} |")
    print(f"| again, nothing new | {again.wall:.1f} | | {again.cpu:.1f} | {again.memory:.0f} |")
    print(f"| plain executemany of the event rows | {bare:.2f} | {events / bare:,.0f} | | |")
    print(f"\n`care import` takes {wall / bare:.0f} times as long as the bare rows.")


def _imported(desk: Path, source: Path, *more: str, new: bool = True) -> Took:
    """Bring the log into a desk, a new one unless it is there."""
    program = (sys.executable, "-m", "carecli", "--db", str(desk), "--now", NOW)
    home = {**os.environ, "HOME": str(desk.parent), "CARE_CONFIG": str(desk.with_suffix(".toml"))}
    if new:
        first = ("init", "--email", ADMIN, "--name", "Ada", "--timezone", "UTC")
        subprocess.run((*program, *first), env=home, check=True, capture_output=True)
    options = ("--as", ADMIN, "import", str(source), "--from", "servicenow", "--account", "One", "--json", *more)
    begun = time.perf_counter()
    with desk.with_suffix(".json").open("w+b") as answer:
        process = subprocess.Popen((*program, *options), env=home, stdout=answer)
        _, status, used = os.wait4(process.pid, 0)
        wall, process.returncode = time.perf_counter() - begun, os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(options)}: exit status {process.returncode}")
        answer.seek(0)
        return Took(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, json.load(answer))


def _plainly(desk: Path, bare: Path) -> float:
    """The seconds that the same event rows take into a table without anything else; reading is not counted."""
    took = 0.0
    with closing(sqlite3.connect(desk)) as record, closing(sqlite3.connect(bare)) as plain:
        columns = [name for _, name, *_ in record.execute("PRAGMA table_info(events)")]
        events, cases = record.execute(
            "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM cases)"
        ).fetchone()
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("PRAGMA synchronous = FULL")
        plain.execute(f"CREATE TABLE events ({', '.join(columns)})")
        insert = f"INSERT INTO events VALUES ({', '.join('?' * len(columns))})"
        rows = record.execute("SELECT * FROM events")
        # Few rows are held at once: what this process holds would count as the most memory of those it starts.
        while some := rows.fetchmany(max(1, events * 100 // max(1, cases))):
            begun = time.perf_counter()
            with plain:
                plain.executemany(insert, some)
            took += time.perf_counter() - begun
    return took


def _repeated(log: Path, count: int) -> Iterator[Sequence[str]]:
    """A log's header and rows, its incidents again under new numbers until there are enough."""
    with log.open(newline="", encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    number = header.index("number")
    yield header
    for place, row in zip(range(count), cycle(rows), strict=False):
        yield [*row[:number], f"{row[number]}-{place // len(rows)}", *row[number + 1 :]]


def _made(count: int) -> Iterator[Sequence[str]]:
    """A header, and the rows of incidents that go through their states in the hours after they were opened."""
    random, incident, told = Random(2016), 0, 0
    yield HEADER
    opened_at = datetime(2016, 3, 1, 8)  # noqa: DTZ001 - as it stands in such a log, without a zone
    while told < count:
        incident += 1
        opened_at += timedelta(minutes=random.randrange(1, 40))
        at, states = opened_at, STATES[: random.randrange(2, len(STATES) + 1)]
        for revision, state in enumerate(states[: count - told]):
            at += timedelta(minutes=random.randrange(1, 900))
            told += 1
            yield _row(random, incident, revision, state, opened_at, at)


def _row(random: Random, incident: int, revision: int, state: str, opened_at: datetime, at: datetime) -> list[str]:
    values = {
        "number": f"INC{incident:07d}",
        "incident_state": state,
        "sys_mod_count": str(revision),
        "caller_id": f"Caller {incident % 5000}",
        "opened_by": f"Opened by {incident % 200}",
        "opened_at": f"{opened_at:%d-%m-%Y %H:%M}",
        "sys_updated_by": f"Updated by {random.randrange(900)}",
        "sys_updated_at": f"{at:%d-%m-%Y %H:%M}",
        "contact_type": "Phone",
        "category": f"Category {incident % 50}",
        "subcategory": f"Subcategory {incident % 200}",
        "u_symptom": f"Symptom {incident % 500}",
        "priority": ("2 - High", "3 - Moderate", "4 - Low")[incident % 3],
        "assignment_group": f"Group {incident % 70}",
        "assigned_to": f"Resolver {incident % 300}" if revision else "?",
    }
    return [values.get(name, "?") for name in HEADER]


if __name__ == "__main__":
    main()
