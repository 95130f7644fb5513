"""The whole day: alone, two processes at once from nine to one, alone again; looked at each hour."""

import gc
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any, Final, NamedTuple

from hard.busy import people
from hard.busy.audit import Audit, box
from hard.busy.clock import DAY_S, Clock
from hard.busy.ledger import Ledger
from hard.busy.shift import Shift, merged, summary, work
from hard.busy.worker import Took, Worker

from carecli.desk.verify import verify
from carecli.domain.verify import Difference

HOUR_S: Final = 3_600
TOGETHER: Final = range(9, 13)
"""In these hours two processes are at work at once."""
PATIENCE_S: Final = 7_200
TELLS: Final = "CARE_BUSY" in os.environ
"""Whoever waits for a long day is told of each hour."""


class Point(NamedTuple):
    """How the process and the desk stand at a moment: bytes in memory, Python's own blocks, open files."""

    hour: int
    commands: int
    took_s: float
    rss: int
    blocks: int
    descriptors: int
    events: int
    database: int


class Day(NamedTuple):
    """What became of a day."""

    commands: int
    ticks: int
    took_s: float
    points: list[Point]
    took: dict[str, list[Took]]
    refused: dict[str, int]
    faults: list[str]
    complaints: list[str]
    looked: dict[str, int]
    differences: list[Difference]
    verified_s: float
    box: dict[str, int]
    came: dict[str, int]
    steps: int


def lived(folder: Path, commands: int, seed: int) -> Day:
    """Live a day of so many commands."""
    config = people.found(folder, max(200, commands // 100), seed)
    worker = Worker(folder, config, "m", Clock(seed))
    audit = Audit(config, Ledger(folder), seed)
    points: list[Point] = []
    others: list[dict[str, Any]] = []
    start = time.monotonic()
    for hour in range(24):
        if hour not in TOGETHER:
            work(worker, Shift(hour * HOUR_S, (hour + 1) * HOUR_S, _share(commands, hour)))
        elif hour == TOGETHER.start:
            others = _together(folder, worker, _share(commands, hour) * len(TOGETHER) // 2)
        else:
            continue
        audit.look(worker)
        points.append(_point(worker, hour, start, others))
        if TELLS:
            print(points[-1], audit.complaints, worker.faults, flush=True)
    return _ended(worker, audit, others, points, time.monotonic() - start)


def _share(commands: int, hour: int) -> int:
    """How many commands an hour has."""
    return commands * (hour + 1) // 24 - commands * hour // 24


def _together(folder: Path, worker: Worker, commands: int) -> list[dict[str, Any]]:
    """Two processes at work at once, each with its own connections and its own ticks; what each tells."""
    since, until = TOGETHER.start * HOUR_S, TOGETHER.stop * HOUR_S
    numbers = map(str, (worker.clock.seed, since, until, commands))
    words = [
        sys.executable,
        "-m",
        "hard.busy.shift",
        str(folder),
        worker.config.db,
        worker.config.maildir,
        *numbers,
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [
        subprocess.Popen(
            [*words, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        for name in ("a", "b")
    ]
    written = [process.communicate(timeout=PATIENCE_S) for process in running]
    wrong = [err for process, (_, err) in zip(running, written, strict=True) if process.returncode or err]
    assert not wrong, wrong
    worker.second = until - 1.0
    worker.recall()
    return [json.loads(out) for out, _ in written]


def _point(worker: Worker, hour: int, start: float, others: list[dict[str, Any]]) -> Point:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    with worker.store().read() as reading:
        events = reading.log_length()
    return Point(
        hour,
        worker.done + sum(other["done"] for other in others),
        time.monotonic() - start,
        pages * os.sysconf("SC_PAGESIZE"),
        sys.getallocatedblocks(),
        worker.descriptors(),
        events,
        Path(worker.config.db).stat().st_size,
    )


def _ended(worker: Worker, audit: Audit, others: list[dict[str, Any]], points: list[Point], took_s: float) -> Day:
    """Midnight: time has its last word, everything is looked at once more, and whole."""
    worker.second = DAY_S
    worker.tick()
    worker.tick()
    audit.look(worker)
    start = time.monotonic()
    with worker.store().read() as reading:
        audit.closing(reading)
    found = list(verify(worker.by(people.ADMINS[0])).differences)
    verified_s = time.monotonic() - start
    told = [summary(worker), *others]
    for other in others:
        merged(worker.took, other["took"])
    worker.close()
    audit.ledger.close()
    return Day(
        commands=sum(one["done"] for one in told),
        ticks=sum(one.times for one in worker.took["tick"]),
        took_s=took_s,
        points=points,
        took=worker.took,
        refused=_sum(told, "refused"),
        faults=[fault for one in told for fault in one["faults"]],
        complaints=audit.complaints,
        looked=audit.looked,
        differences=found,
        verified_s=verified_s,
        box=box(worker.config),
        came=_sum(told, "came"),
        steps=worker.clock.steps(),
    )


def _sum(told: list[dict[str, Any]], name: str) -> dict[str, int]:
    """What all processes counted under a name."""
    total = Counter[str]()
    for one in told:
        total.update(one[name])
    return dict(total)


def told(day: Day) -> str:
    """The figures of a day."""
    return "\n".join([*_whole(day), *_points(day), *_commands(day), *day.complaints, *day.faults])


def _whole(day: Day) -> Iterator[str]:
    yield f"{day.commands:,} commands in {day.took_s:,.0f} s, {day.commands / day.took_s:,.0f} a second"
    yield f"{day.ticks} of them were ticks; the clock was set {day.steps:,} times"
    yield f"looked at: {day.looked}"
    yield f"outbox: {day.box}; by ticks: {day.came}"
    yield f"verified in {day.verified_s:,.0f} s: {len(day.differences)} differences"
    yield f"{len(day.complaints)} complaints, {len(day.faults)} faults, {sum(day.refused.values()):,} refused"
    yield from map(str, day.differences[:20])


def _points(day: Day) -> Iterator[str]:
    yield f"{'hour':>4} {'commands':>9} {'s':>7} {'RSS MB':>7} {'blocks':>9} {'files':>5} {'events':>8}  DB MB"
    for p in day.points:
        stands = f"{p.rss / 1e6:>7.1f} {p.blocks:>9,} {p.descriptors:>5} {p.events:>8,} {p.database / 1e6:>6.1f}"
        yield f"{p.hour:>4} {p.commands:>9,} {p.took_s:>7,.0f} {stands}"


def _commands(day: Day) -> Iterator[str]:
    yield f"{'command':<18}{'times':>7}{'cpu s':>8}{'ms':>7}{'longest':>8}  cpu ms by tenths of the day"
    for name, tenths in sorted(day.took.items(), key=lambda item: -sum(t.busy_s for t in item[1])):
        whole = reduce(Took.and_, tenths)
        by_tenths = " ".join(f"{t.busy_s / t.times * 1000:5.1f}" if t.times else "    -" for t in tenths)
        ms, longest = whole.total_s / whole.times * 1000, whole.longest_s * 1000
        yield f"{name:<18}{whole.times:>7,}{whole.busy_s:>8.1f}{ms:>7.1f}{longest:>8.0f}  {by_tenths}"
    for why, times in sorted(day.refused.items(), key=lambda item: -item[1]):
        yield f"refused {times:>6,}  {why}"
