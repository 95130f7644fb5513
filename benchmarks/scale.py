"""What a million cases cost: whole processes on made desks, a small one and a large one in turn.

Run with: python benchmarks/scale.py --cases 1000000 [--small 1000] [--runs 15] [--due 1000,10000,100000]

The desks come from `desks.py` (CARE_BENCH_DIR or --into says where they are kept); every run that changes
something has a copy. Copies lie in the page cache. It prints Markdown for RESULTS.md.
"""

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from desks import ADMIN, CLOSED_SHARE, NOWS, cache, desk
from words import RARE

from carecli.domain.instants import iso
from carecli.store.cases import _COLUMNS as CASE_COLUMNS

CONTACT: Final = "contact0@account00000.example"
AGENT: Final = "agent0000@desk.example"
OPEN: Final = (
    *("open", "--deployment", "West", "--service", "Voice", "--stage", "production", "--priority", "medium"),
    *("--subject", "Calls drop", "--impact", "Agents lose a third of their callers."),
    *("--description", "Since this morning every third call to the queue drops after ten seconds.", "--json"),
)
QUIET: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "`tick --json`, nothing due": ("system", ("tick", "--json")),
    "`list --json`, a contact's": (CONTACT, ("list", "--json")),
    "`list --json`, an agent's queue": (AGENT, ("list", "--json")),
    "`list --all --json`, every case": (ADMIN, ("list", "--all", "--json")),
    "`list --group --json`, a product group's": (AGENT, ("list", "--group", "--json")),
    "`open --json`": (CONTACT, OPEN),
}
SEARCHES: Final = {
    f"a word in five cases (`{RARE}`)": (RARE,),
    "a word in most cases (`call`)": ("call",),
    "two words in many cases (`call queue`)": ("call", "queue"),
    "a beginning of words in most cases (`ca`)": ("ca",),
    "an absent word (`zzzz`)": ("zzzz",),
}
ROWS: Final = ("events", "cases", "timers", "standing", "outbox", "outbox_raw")


class Took(NamedTuple):
    """A run's seconds: by the wall clock, and of processor time."""

    wall: float
    cpu: float


class Rows(NamedTuple):
    """What a tick left in the tables, as statements with their rows."""

    statements: list[tuple[str, list[tuple[Any, ...]]]]

    @property
    def number(self) -> int:
        """How many rows that is."""
        return sum(len(rows) for _, rows in self.statements)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="open cases of the large desk")
    parser.add_argument("--small", type=int, default=1_000, help="open cases of the small desk")
    parser.add_argument("--runs", type=int, default=15, help="runs of each pair")
    parser.add_argument("--ticks", type=int, default=3, help="runs of each tick that finds timers due")
    parser.add_argument("--due", default="1000,10000,100000", help="due timers to tick, of those in desks.NOWS")
    parser.add_argument("--into", type=Path, default=cache(), help="the folder that keeps the desks")
    given = parser.parse_args()
    due = [int(count) for count in given.due.split(",") if count]
    # The desks are made alike whatever is ticked here, so that one that is there is used again.
    most = max(count for count in NOWS if count <= given.cases // 2)
    large, small = desk(given.cases, most, given.into), desk(given.small, 0, given.into)
    with tempfile.TemporaryDirectory(dir=given.into) as folder:
        Bench(Path(folder), small, large, given.runs).run(given.cases, due, given.ticks)


class Bench:
    """The measurements, with a folder for copies."""

    def __init__(self, folder: Path, small: Path, large: Path, runs: int) -> None:
        self.folder = folder
        self.small = small
        self.large = large
        self.runs = runs

    def run(self, cases: int, due: Sequence[int], ticks: int) -> None:
        """Measure everything and print it."""
        held = self.large.stat().st_size
        print(f"Database: {held / 1e9:.1f} GB, {held / (cases * (1 + CLOSED_SHARE)) / 1e3:.1f} kB a case\n")
        copies = self.copy(self.small, "small.db"), self.copy(self.large, "large.db")
        self.sizes(*copies)
        self.searches(copies[1])
        self.ticks(due, ticks)

    def sizes(self, small: Path, large: Path) -> None:
        """The everyday commands on both desks in turn."""
        print("| command | small, ms | large, ms | ratio | ratio of processor time |\n|---|---|---|---|---|")
        for name, (who, command) in QUIET.items():
            pairs = list(self.pairs(care(small, who, command), care(large, who, command)))
            walls, cpus = ([b[n] / a[n] for a, b in pairs] for n in (0, 1))
            ours = [statistics.median(side.wall for side in sides) * 1e3 for sides in zip(*pairs, strict=True)]
            row = f"| {name} | {ours[0]:.0f} | {ours[1]:.0f} | {statistics.median(walls):.2f}"
            print(f"{row} | {statistics.median(cpus):.2f} |", flush=True)

    def searches(self, large: Path) -> None:
        """Searches against a list of the same desk, in turn: what the words cost beyond start-up."""
        print("\n| search, staff | ms | over `list --all --json`, ms | of processor time, ms |\n|---|---|---|---|")
        listed = care(large, ADMIN, ("list", "--all", "--json"))
        for name, words in SEARCHES.items():
            pairs = list(self.pairs(listed, care(large, ADMIN, ("search", *words, "--json"))))
            took = statistics.median(found.wall for _, found in pairs) * 1e3
            over, cpu = (statistics.median(b[n] - a[n] for a, b in pairs) * 1e3 for n in (0, 1))
            print(f"| {name} | {took:.0f} | {over:+.0f} | {cpu:+.0f} |", flush=True)

    def ticks(self, due: Sequence[int], runs: int) -> None:
        """Due timers ticked on a fresh copy, against the rows of it written plainly into another."""
        print("\n| due | tick, s | mail to a disk, s | rows | plainly, s | ratio | ratio of processor time |")
        print("|---|---|---|---|---|---|---|")
        with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="care-bench-") as memory:
            for count in due:
                rows, took = self.ticked(count, Path(memory))
                ours = [took, *(self.ticked(count, Path(memory))[1] for _ in range(runs - 1))]
                disk = self.ticked(count, self.folder)[1]
                plain = [self.plainly(rows) for _ in range(runs)]
                (wall, cpu), (base, base_cpu) = medians(ours), medians(plain)
                row = f"| {count:,} | {wall:.2f} | {disk.wall:.2f} | {rows.number:,} | {base:.2f}"
                print(f"{row} | {wall / base:.1f}x | {cpu / base_cpu:.1f}x |", flush=True)

    def ticked(self, due: int, mail: Path) -> tuple[Rows, Took]:
        """One tick with so many timers due; what it wrote and how long it took, mail delivered below a folder."""
        path, box = self.copy(self.large, "large.db"), mail / "maildir"
        config = self.folder / "config.toml"
        config.write_text(f'[mail]\nfrom = "care@desk.example"\nmaildir = "{box}"\n')
        command = [*care(path, "system", ("tick", "--json"), iso(NOWS[due])), "--config", str(config)]
        took = seconds(command)
        shutil.rmtree(box, ignore_errors=True)
        return written(self.large, path), took

    def plainly(self, rows: Rows) -> Took:
        """How long the rows of a tick take as plain `executemany` in one transaction, on a fresh copy."""
        path = self.copy(self.large, "large.db")
        start, worked = time.perf_counter(), time.process_time()
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                db.execute(f"PRAGMA {pragma}").fetchall()
            db.execute("BEGIN IMMEDIATE")
            for statement, values in rows.statements:
                db.executemany(statement, values)
            db.execute("COMMIT")
        return Took(time.perf_counter() - start, time.process_time() - worked)

    def copy(self, path: Path, name: str) -> Path:
        """A copy that nothing waits for any more: on the disk, and in the page cache."""
        target = self.folder / name
        for left in self.folder.glob(f"{name}*"):
            left.unlink()
        subprocess.run(["cp", "--reflink=auto", path, target], check=True)
        os.sync()
        return target

    def pairs(self, one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[Took, Took]]:
        """Both commands in turn, after a run of each that does not count."""
        seconds(one), seconds(other)
        return ((seconds(one), seconds(other)) for _ in range(self.runs))


def medians(runs: Sequence[Took]) -> Took:
    """The median of each figure."""
    return Took(*(statistics.median(sides) for sides in zip(*runs, strict=True)))


def care(path: Path, who: str, command: Sequence[str], now: str = iso(NOWS[0])) -> list[str]:
    """The installed script as a shell would start it."""
    return [str(Path(sys.executable).with_name("care")), "--db", str(path), "--as", who, "--now", now, *command]


def seconds(command: Sequence[str]) -> Took:
    """How long one run takes, as a whole process."""
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE" and not k.startswith("CARE_")}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environ)
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}")
    return Took(took, used.ru_utime + used.ru_stime)


def written(before: Path, after: Path) -> Rows:
    """The rows in which a desk after a tick differs from the one before it."""
    with closing(sqlite3.connect(after)) as db:
        db.execute("ATTACH ? AS old", (str(before),))
        last = db.execute("SELECT max(position) FROM old.events").fetchone()[0]
        db.execute("CREATE TEMP TABLE met AS SELECT DISTINCT number FROM events WHERE position > ?", (last,))
        statements = [
            added(db, "events", f"position > {last}"),
            *changed(db),
            *replaced(db, "timers"),
            *replaced(db, "standing"),
            added(db, "outbox", "id > (SELECT max(id) FROM old.outbox)"),
            added(db, "outbox_raw", "id > (SELECT max(id) FROM old.outbox)"),
        ]
    return Rows(statements)


def added(db: sqlite3.Connection, table: str, which: str) -> tuple[str, list[tuple[Any, ...]]]:
    """The rows that were not there."""
    rows = db.execute(f"SELECT * FROM main.{table} WHERE {which}").fetchall()
    marks = ", ".join("?" * len(rows[0])) if rows else "?"
    return f"INSERT INTO {table} VALUES ({marks})", rows


def changed(db: sqlite3.Connection) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The cases that are otherwise: of those whose key columns stayed, the state alone is written."""
    names = CASE_COLUMNS[1:]
    both = (
        "FROM main.cases AS n JOIN old.cases AS o USING (number) JOIN met USING (number) WHERE n.state <> o.state"
    )
    new, old = (", ".join(f"{side}.{name}" for name in names[:-2]) for side in "no")
    stayed = db.execute(f"SELECT n.state, number {both} AND ({new}) IS ({old})").fetchall()
    yield "UPDATE cases SET state = ? WHERE number = ?", stayed
    moved = db.execute(f"SELECT {new}, n.state, n.texts, number {both} AND NOT ({new}) IS ({old})").fetchall()
    yield f"UPDATE cases SET {', '.join(f'{name} = ?' for name in names)} WHERE number = ?", moved


def replaced(db: sqlite3.Connection, table: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The rows that went and those that came."""
    of_met = "WHERE number IN (SELECT number FROM met)"
    names = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    came, went = (
        db.execute(f"SELECT * FROM {a}.{table} {of_met} EXCEPT SELECT * FROM {b}.{table} {of_met}").fetchall()
        for a, b in (("main", "old"), ("old", "main"))
    )
    yield f"DELETE FROM {table} WHERE ({', '.join(names)}) = ({', '.join('?' * len(names))})", went
    yield f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", came


if __name__ == "__main__":
    main()
