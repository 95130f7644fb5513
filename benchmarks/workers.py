"""Many tick workers on one PostgreSQL desk: how long they take together, and what they wait for each other.

Run with: python benchmarks/workers.py [--due 100000] [--workers 1,2,4,8] [--runs 1] [--server postgresql://...]
    [--away 2] [--durable]

The desk comes from `desks.py` and is put in bulk into a private server, in memory and without waiting for a disk,
unless `--server` names one whose user may make databases. With `--durable` it is on the disk, and each commit
waits for that; with `--away` the workers are on another host, so many milliseconds there and back. Each run has a
copy of the desk; runs of each number of workers are taken in turn. It prints Markdown for RESULTS.md: the time of
whole processes, `care tick --json`, all started at once; and, of one worker in this process, the share of its time
in which no other could have appended, which bounds what more workers are good for.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, nullcontext
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg
from appending import Clock
from desks import NOWS, cache, desk
from far_away import distance, far_away
from moving import moved
from servers import server

from carecli.config import Config
from carecli.desk import tick
from carecli.desk.desk import open_desk
from carecli.domain.instants import iso

SEED: Final = "care_bench_seed"
RUN: Final = "care_bench_run"
SETTINGS: Final = {"shared_buffers": "512MB", "max_wal_size": "1GB", "autovacuum": "on"}
DURABLE: Final = dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "on")


class Took(NamedTuple):
    """What some workers did in how many seconds, and how many events there are of it."""

    seconds: float
    cpu: float
    """Seconds of processor time, of the workers and of their server."""
    appending: float
    """The share of the workers' time in which they waited for another one that appended to the log."""
    fired: int
    sent: int
    events: int


class Shares(NamedTuple):
    """One worker's seconds: in all, and while it kept others from appending."""

    seconds: float
    alone: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, help="open cases of the desk; as many as timers unless named")
    parser.add_argument("--due", type=int, default=100_000, choices=sorted(NOWS)[1:], help="due timers")
    parser.add_argument("--workers", default="1,2,4,8", help="how many workers, one run after the other")
    parser.add_argument("--runs", type=int, default=1, help="runs of each; the fastest counts")
    parser.add_argument("--into", type=Path, default=cache(), help="the folder that keeps the desks")
    parser.add_argument("--server", help="a database of a server whose user may make others")
    parser.add_argument("--away", type=float, default=0.0, help="milliseconds from the workers to it and back")
    parser.add_argument("--durable", action="store_true", help="a private server that waits for the disk")
    given = parser.parse_args()
    made = desk(given.cases or given.due, given.due, given.into)
    settings = SETTINGS | (DURABLE if given.durable else {})
    with (
        server(given.server, settings, on_disk=given.durable) as maintenance,
        far_away(maintenance, given.away) if given.away else nullcontext(maintenance) as reached,
        tempfile.TemporaryDirectory(dir=memory()) as folder,
    ):
        bench = Bench(maintenance, reached, Path(folder), iso(NOWS[given.due]))
        bench.fill(made)
        bench.table([int(count) for count in given.workers.split(",")], given.runs)
        bench.share()


def memory() -> str | None:
    """A folder in memory, where there is one: mail is not what is measured."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Bench:
    """The measurements on one server, with a folder for mail."""

    def __init__(self, maintenance: str, reached: str, folder: Path, now: str) -> None:
        self.maintenance = maintenance
        self.reached = reached
        """The same server as the workers reach it."""
        self.folder = folder
        self.now = now
        with psycopg.connect(maintenance) as db:
            [(place,)] = db.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'").fetchall()
        self.server_pid = int((Path(place) / "postmaster.pid").read_text().split()[0])
        self.config = folder / "config.toml"
        self.box = folder / "maildir"
        self.config.write_text(f'[mail]\nfrom = "care@desk.example"\nmaildir = "{self.box}"\n')

    def fill(self, path: Path) -> None:
        """Put a desk into the database that the runs copy."""
        self.admin(f"DROP DATABASE IF EXISTS {SEED} WITH (FORCE)", f"CREATE DATABASE {SEED}")
        moved(path, self.url(SEED))

    def table(self, counts: Sequence[int], runs: int) -> None:
        """Time workers by how many they are."""
        away = f"{distance(self.reached):.2f} ms from the workers to their server and back"
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; {away}\n")
        print("| workers | s | timers/s | of one | processor, s | waited to append | mails | events |")
        print("|---|---|---|---|---|---|---|---|")
        # In turn, so that what else the machine has to do falls on all alike.
        taken = [[self.ticked(count) for count in counts] for _ in range(runs)]
        one: float | None = None
        for count, took in zip(counts, map(min, zip(*taken, strict=True)), strict=True):
            one = one or took.seconds
            row = f"| {count} | {took.seconds:.1f} | {took.fired / took.seconds:,.0f} | {one / took.seconds:.2f}x"
            row += f" | {took.cpu:.1f} | {took.appending:.1%} | {took.sent:,} | {took.events:,} |"
            print(row, flush=True)

    def ticked(self, workers: int) -> Took:
        """Workers started at once on a fresh copy."""
        url = self.copied()
        before, reached = self.events(url), self.url(RUN, self.reached)
        words = [
            "--db",
            reached,
            "--as",
            "system",
            "--config",
            str(self.config),
            "--now",
            self.now,
            "--json",
            "tick",
        ]
        command = [str(Path(sys.executable).with_name("care")), *words]
        environ = {k: v for k, v in os.environ.items() if not k.startswith("CARE_")}
        watch = Watch(self.maintenance)
        used, start = self.used(), time.perf_counter()
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environ) for _ in range(workers)]
        with watch:
            said = [json.loads(process.communicate()[0]) for process in running]
        took = time.perf_counter() - start
        fired, sent = sum(one["fired"] for one in said), sum(one["mail"]["sent"] for one in said)
        return Took(took, self.used() - used, watch.share(workers), fired, sent, self.events(url) - before)

    def used(self) -> float:
        """Processor time of children that have ended, and of the server's."""
        ours = os.times()
        return ours.children_user + ours.children_system + served(self.server_pid)

    def share(self) -> None:
        """Tell how much of one worker's time is the one chain's, and by Amdahl's law what eight could gain."""
        shares = self.timed()
        part = shares.alone / shares.seconds
        most = 1 / (part + (1 - part) / 8)
        print(f"\nOne worker: {shares.seconds:.1f} s, {shares.alone:.2f} s ({part:.1%}) of them while it appends")
        print(f"alone; eight workers on cores enough: at most {most:.1f}x.")

    def timed(self) -> Shares:
        """One worker in this process, its transactions timed from the chain's lock to their end."""
        config = Config(db=self.copied(), mail_from="care@desk.example", maildir_set=str(self.box))
        clock = Clock()
        with clock.watching(), open_desk(config, actor="system", now=lambda _: _instant(self.now)) as opened:
            start = time.perf_counter()
            tick.tick(opened)
            return Shares(time.perf_counter() - start, clock.alone)

    def copied(self) -> str:
        """A fresh copy of the desk, with nothing delivered."""
        shutil.rmtree(self.box, ignore_errors=True)
        self.admin(
            f"DROP DATABASE IF EXISTS {RUN} WITH (FORCE)", f"CREATE DATABASE {RUN} TEMPLATE {SEED}", "CHECKPOINT"
        )
        return self.url(RUN)

    def url(self, database: str, server: str | None = None) -> str:
        """The address of a database of the server."""
        return urlunsplit(urlsplit(server or self.maintenance)._replace(path=f"/{database}"))

    def admin(self, *statements: str) -> None:
        """Have the server do what belongs to no desk."""
        with psycopg.connect(self.maintenance, autocommit=True) as db:
            for statement in statements:
                db.execute(statement.encode())

    def events(self, url: str) -> int:
        """How many events a desk has recorded."""
        with closing(psycopg.connect(url)) as db:
            return int(db.execute("SELECT count(*) FROM care.events").fetchone()[0])  # type: ignore[index]


class Watch:
    """Looks at what the workers' backends wait for, some times a second, while they work."""

    def __init__(self, maintenance: str) -> None:
        self.maintenance = maintenance
        self.over = Event()
        self.waits = 0
        self.looks = 0
        self.thread = Thread(target=self.look)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def look(self) -> None:
        """Count backends that wait for the lock of the chain."""
        with psycopg.connect(self.maintenance, autocommit=True) as db:
            while not self.over.wait(0.05):
                [(waits,)] = db.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'relation' AND NOT granted"
                    " AND mode = 'ShareRowExclusiveLock'"
                ).fetchall()
                self.waits += waits
                self.looks += 1

    def share(self, workers: int) -> float:
        """The share of the workers' time that was such waiting."""
        return self.waits / max(1, self.looks) / workers


def served(postmaster: int) -> float:
    """Processor time of a server's processes, those that have ended too."""
    ticks = os.sysconf("SC_CLK_TCK")
    used = 0
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            fields = (place / "stat").read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(place.name) == postmaster:
            used += sum(map(int, fields[11:15]))
        elif int(fields[1]) == postmaster:
            used += sum(map(int, fields[11:13]))
    return used / ticks


def _instant(text: str) -> Any:
    from carecli.domain.instants import instant

    return instant(text)


if __name__ == "__main__":
    main()
