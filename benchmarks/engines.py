"""The same desk and the same work on both engines: a SQLite file, and a PostgreSQL server on the same disk.

Run with: python benchmarks/engines.py [--cases 5000] [--due 1000] [--runs 9] [--rows 1500] [--verify]

The desk comes from `desks.py` and is put in bulk into a private server, which waits for the disk as a server does
(fsync, full_page_writes, synchronous_commit), unless `--server` names one whose user may make databases. Both
have their files in the folder of temporary files. Each pair of runs is taken in turn. It prints Markdown for
RESULTS.md: first the work alone, on a desk that is open in this process, then whole processes of the script.
"""

import argparse
import csv
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
from desks import ADMIN, NOWS, cache, desk
from importing import NOW, _made
from moving import moved
from psycopg import sql
from scale import AGENT, CONTACT, OPEN
from servers import server
from words import RARE

from carecli.config import Config
from carecli.desk import cases, intake, reading
from carecli.desk.desk import Desk, open_desk
from carecli.domain.instants import iso
from carecli.domain.opening import Form
from carecli.domain.vocabulary import Priority
from carecli.store.entries import CaseTexts
from carecli.store.opening import open_store

DURABLE: Final = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}
FORM: Final = Form(
    deployment="West",
    service="Voice",
    stage="production",
    priority=Priority.MEDIUM,
    subject="Calls drop",
    description="Since this morning every third call to the queue drops after ten seconds.",
    impact="Agents lose a third of their callers.",
)


class Engine(NamedTuple):
    """Where one of the two desks is, and how another desk's place is made."""

    name: str
    place: str
    new: Callable[[], str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000, help="open cases of the desk")
    parser.add_argument("--due", type=int, default=1_000, choices=sorted(NOWS)[1:], help="due timers")
    parser.add_argument("--runs", type=int, default=9, help="pairs of runs of each")
    parser.add_argument("--rows", type=int, default=1_500, help="rows of a log to import; 0 for none")
    parser.add_argument("--verify", action="store_true", help="verify both desks as well, which takes minutes")
    parser.add_argument("--into", type=Path, default=cache(), help="the folder that keeps the desks")
    parser.add_argument("--server", help="a database of a server whose user may make others")
    given = parser.parse_args()
    made = desk(given.cases, given.due, given.into)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        engines = filled(made, folder, stack.enter_context(server(given.server, DURABLE, on_disk=True)))
        print(f"{given.cases:,} open cases, medians of {given.runs} pairs\n")
        quiet, case = NOWS[0], an_open_case(made)
        print("| work, in one process | SQLite, ms | PostgreSQL, ms | ratio |\n|---|---|---|---|")
        for name, (who, does) in work(case).items():
            print(row(name, *in_process(engines, who, does, given.runs)), flush=True)
        print("\n| whole processes | SQLite, ms | PostgreSQL, ms | ratio |\n|---|---|---|---|")
        for name, (who, arguments) in commands(case).items():
            print(row(name, *in_processes(engines, who, arguments, iso(quiet), folder, given.runs)), flush=True)
        # Last, as they leave another desk behind.
        due = iso(NOWS[given.due])
        print(row(f"`care tick --json`, {given.due:,} timers due", *once(engines, due, folder, "tick", "--json")))
        if given.verify:
            print(row("`care verify --json`", *once(engines, due, folder, "verify", "--json")), flush=True)
        if given.rows:
            print(row(f"`care import`, {given.rows:,} rows of a log", *imported(engines, folder, given.rows)))


def work(case: int) -> Mapping[str, tuple[str, Callable[[Desk], object]]]:
    """What is measured of a desk that is open: who does it, and what."""
    return {
        "open a case": (CONTACT, lambda desk: intake.open_case(desk, FORM)),
        "update a case": (AGENT, lambda desk: cases.update(desk, case, "We are looking into it.")),
        "show a case": (ADMIN, lambda desk: reading.show(desk, case)),
        "list a contact's cases": (CONTACT, reading.list_cases),
        "list an agent's queue": (AGENT, reading.list_cases),
        "list every case": (ADMIN, lambda desk: reading.list_cases(desk, everything=True)),
        f"search for a rare word (`{RARE}`)": (ADMIN, lambda desk: reading.search(desk, RARE)),
        "search for a common word (`call`)": (ADMIN, lambda desk: reading.search(desk, "call")),
        "search for two (`call queue`)": (ADMIN, lambda desk: reading.search(desk, "call queue")),
        "search for a beginning (`ca`)": (ADMIN, lambda desk: reading.search(desk, "ca")),
        "a contact searches for `call`": (CONTACT, lambda desk: reading.search(desk, "call")),
    }


def commands(case: int) -> Mapping[str, tuple[str, Sequence[str]]]:
    """What is measured of whole processes: who runs it, and the arguments."""
    return {
        f"`care show {case} --json`": (ADMIN, ("show", str(case), "--json")),
        "`care list --json`, a contact's": (CONTACT, ("list", "--json")),
        "`care search call --json`": (ADMIN, ("search", "call", "--json")),
        "`care open --json`": (CONTACT, OPEN),
        "`care update --json`": (AGENT, ("update", str(case), "-m", "We are looking into it.", "--json")),
        "`care tick --json`, nothing due": ("system", ("tick", "--json")),
    }


def an_open_case(made: Path) -> int:
    """The number of a case in the agent's queue."""
    asked = "SELECT min(number) FROM cases WHERE status = 'open' AND owner = ?"
    with closing(sqlite3.connect(made)) as db:
        return int(db.execute(asked, (AGENT,)).fetchone()[0])


def filled(made: Path, folder: Path, maintenance: str) -> tuple[Engine, Engine]:
    """The desk on both engines."""
    names = count(1)

    def file() -> str:
        return str(folder / f"new{next(names)}.db")

    def database() -> str:
        name = f"care_bench_{os.getpid()}_{next(names)}"
        with psycopg.connect(maintenance, autocommit=True) as db:
            db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return (
            psycopg.conninfo.make_conninfo(maintenance, dbname=name)
            if "://" not in maintenance
            else (maintenance.replace("/postgres?", f"/{name}?", 1))
        )

    copy = file()
    shutil.copy(made, copy)
    url = database()
    moved(made, url)
    with closing(sqlite3.connect(made)) as source, closing(open_store(url)) as store, store.write() as writing:
        notes = dict(source.execute("SELECT rowid, notes FROM search_notes"))
        begun = time.perf_counter()
        for number, *told in source.execute("SELECT rowid, subject, description, updates FROM search"):
            writing.index(CaseTexts._make((number, *told, notes.get(number, ""))))
        print(f"<!-- words indexed in {time.perf_counter() - begun:.1f} s -->", file=sys.stderr)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("VACUUM ANALYZE")
    return Engine("SQLite", copy, file), Engine("PostgreSQL", url, database)


def in_process(
    engines: Sequence[Engine], who: str, does: Callable[[Desk], object], runs: int
) -> tuple[float, float]:
    """The milliseconds of a piece of work on each engine, its desk open already."""
    took: dict[str, list[float]] = {engine.name: [] for engine in engines}
    with ExitStack() as stack:
        now = NOWS[0] - timedelta(minutes=1)
        desks = [
            stack.enter_context(open_desk(Config(engine.place), actor=who, now=lambda _: now))
            for engine in engines
        ]
        for run in range(runs + 1):
            for engine, opened in zip(engines, desks, strict=True):
                begun = time.perf_counter()
                does(opened)
                if run:
                    took[engine.name].append((time.perf_counter() - begun) * 1000)
    return medians(took)


def in_processes(
    engines: Sequence[Engine], who: str, arguments: Sequence[str], now: str, folder: Path, runs: int
) -> tuple[float, float]:
    """The milliseconds of a command on each engine."""
    took: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for run in range(runs + 1):
        for engine in engines:
            ms = command(engine.place, who, now, folder, arguments)
            if run:
                took[engine.name].append(ms)
    return medians(took)


def once(engines: Sequence[Engine], now: str, folder: Path, *arguments: str) -> tuple[float, float]:
    """The milliseconds of a command that is run once on each engine."""
    one, other = (command(engine.place, ADMIN, now, folder, arguments) for engine in engines)
    return one, other


def imported(engines: Sequence[Engine], folder: Path, rows: int) -> tuple[float, float]:
    """The milliseconds that a log takes into a new desk on each engine."""
    source = folder / "log.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(_made(rows))
    took: list[float] = []
    for engine in engines:
        place = engine.new()
        first = ("init", "--email", ADMIN, "--name", "Ada", "--timezone", "UTC")
        command(place, None, NOW, folder, first)
        how = ("import", str(source), "--from", "servicenow", "--account", "One", "--json")
        took.append(command(place, ADMIN, NOW, folder, how))
    return took[0], took[1]


def command(place: str, who: str | None, now: str, folder: Path, arguments: Sequence[str]) -> float:
    """The milliseconds of one process of the installed script."""
    care = str(Path(sys.executable).with_name("care"))
    config = folder / "config.toml"
    config.write_text(f'[mail]\nfrom = "care@desk.example"\nmaildir = "{folder / "maildir"}"\n')
    home = {**os.environ, "HOME": str(folder), "CARE_CONFIG": str(config)}
    actor = ("--as", who) if who else ()
    begun = time.perf_counter()
    done = subprocess.run(
        [care, "--db", place, *actor, "--now", now, *arguments], env=home, capture_output=True, check=False
    )
    took = (time.perf_counter() - begun) * 1000
    if done.returncode > 1:
        raise SystemExit(f"{' '.join(arguments)}: {done.returncode}\n{done.stderr.decode()}")
    return took


def medians(took: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """The median of each engine's runs."""
    one, other = (statistics.median(each) for each in took.values())
    return one, other


def row(name: str, one: float, other: float) -> str:
    """A line of a table."""
    shown = [f"{ms:,.0f}" if ms >= 100 else f"{ms:.1f}" for ms in (one, other)]
    return f"| {name} | {' | '.join(shown)} | {other / one:.2f}x |"


if __name__ == "__main__":
    main()
