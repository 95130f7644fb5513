"""The tick killed at any instant and run again: nothing is lost, nothing is repeated (TICK-1, FU-5)."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import pytest
from cli.acceptance import kept
from hard import crowd
from hard.crowd import Progress, Whole, progress

from carecli.config import Config

KILLS: Final = int(os.environ.get("CARE_KILLS", "10"))
"""How many kills there are in all, half of each way to tick; CARE_KILLS=200 takes some minutes."""
WAYS: Final = ((), ("--replay",))
AIMED: Final = 0.25
"""This share of the kills waits until a transaction is being written, another until mails leave."""
MAILS: Final = 120
"""At most so many mails leave before such a kill; more than one transaction hands over."""
COMMIT_S: Final = 0.01
"""About how long a transaction takes to be written."""

NOTHING, FIRING = "before its first transaction ended", "after it had fired"
DELIVERING, BETWEEN = "after it had delivered", "between a mail's file and its mark"


PHASES: Final = frozenset({NOTHING, BETWEEN})
"""Where kills have to have fallen; where chance missed one there are more, up to ENOUGH."""
ENOUGH: Final = 60


class Kill(NamedTuple):
    """A kill: what it fell into, and how many more mails it left that lie in the maildir and are not marked."""

    phase: str
    again: int


@pytest.mark.parametrize("how", WAYS, ids=["paced", "replayed"])
def test_a_killed_tick_goes_on_where_it_was(
    busy: Config, alone: Callable[[tuple[str, ...]], Whole], tmp_path: Path, how: tuple[str, ...]
) -> None:
    """TICK-1: killed at random instants and run again, the tick leaves the record of one that was left alone.

    Every event is there once, those of a case in their order; the outbox has one mail for a case, round and stage
    (FU-5), and each lies in the maildir once, also where a kill fell between its file and its mark (MAIL-6).
    """
    draw, landed = random.Random(f"tick {how}"), Counter[str]()
    whole = alone(how)
    while landed.total() < KILLS / len(WAYS) or (PHASES - set(landed) and landed.total() < ENOUGH):
        with TemporaryDirectory(dir=tmp_path) as folder:
            database = crowd.copy(busy, Path(folder), "killed")
            kills = until_done(database, how, whole, draw)
            landed.update(kill.phase for kill in kills)
            same(database, whole, kills, strict=not how)
    print(f"\n{landed.total()} kills of a tick of {whole.took_s:.2f} s {' '.join(how)}: {dict(landed)}")
    assert set(landed) >= PHASES


def until_done(database: Path, how: tuple[str, ...], whole: Whole, draw: random.Random) -> list[Kill]:
    """Kill one tick after another until one comes to its end."""
    kills: list[Kill] = []
    before = whole.start
    while killed(crowd.ticking(database, *how), lambda: instant(database, whole, kills, draw)):
        now = progress(database)
        again = (now.files - now.sent) - (before.files - before.sent)
        kills.append(Kill(phase(before, now, again), again))
        before = now
    return kills


def killed(words: list[str], wait: Callable[[], Iterator[float]]) -> bool:
    """Start a process and kill it after a wait of so many seconds, step by step; False if it was done before."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        for step_s in wait():
            with suppress(subprocess.TimeoutExpired):
                process.wait(step_s)
                break
        process.kill()
        _, told = process.communicate()
    assert (told, process.returncode in {0, -signal.SIGKILL}) == (b"", True), (told, process.returncode)
    return process.returncode != 0


def instant(database: Path, whole: Whole, kills: list[Kill], draw: random.Random) -> Iterator[float]:
    """When to kill: at random, while the next transaction is being written, or after some more mails."""
    aim = draw.random()
    if aim < AIMED:
        log = database.with_name(f"{database.name}-wal")
        size = written(log)
        yield from until(lambda: written(log) > size, whole)
        yield draw.uniform(0, COMMIT_S)
    elif aim < 2 * AIMED:
        goal = crowd.files(database) + draw.randint(1, MAILS)
        yield from until(lambda: crowd.files(database) >= goal, whole)
    else:
        # Where nothing gets done, as the machine is busier than it was, the tick is given longer.
        barren = sum(kill.phase == NOTHING for kill in kills[-10:])
        yield draw.uniform(0, whole.took_s * (1 + barren / 10))


def until(reached: Callable[[], bool], whole: Whole) -> Iterator[float]:
    """Steps until something has happened, or could have long ago."""
    end = time.monotonic() + 3 * whole.took_s
    while not reached() and time.monotonic() < end:
        yield 0.003


def written(log: Path) -> int:
    """The size of a file that may not be there."""
    try:
        return log.stat().st_size
    except FileNotFoundError:
        return 0


def phase(before: Progress, now: Progress, again: int) -> str:
    """What a killed tick was about, by what it has left."""
    if again > 0:
        return BETWEEN
    if now.files > before.files:
        return DELIVERING
    return FIRING if now.events > before.events else NOTHING


def same(database: Path, whole: Whole, kills: list[Kill], *, strict: bool) -> None:
    """Hold a desk against the one whose tick was left alone: by all its rows, digests too, where `strict`."""
    if strict:
        assert kept(str(database)) == whole.kept, kills
    else:
        # A second stage waits for the mail of the first: a tick that is run again need not wait (FU-6).
        outcome = crowd.outcome(database)
        assert outcome.by_case() == whole.outcome.by_case(), kills
        assert outcome._replace(order=[]) == whole.outcome._replace(order=[]), kills
    mails = crowd.delivered(database)
    assert mails == whole.mails, kills
