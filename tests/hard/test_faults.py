"""Faults of disk and power in the way of every command that writes (AUD-1, AUD-2, TICK-1, MAIL-2a, MAIL-6, ATT-1).

Disk full and errors at every write in turn, syncs that fail, SIGKILL at every step, power cuts that lose or tear
what was not synced. After each the database opens, `care verify` is clean, what was acknowledged is on record,
what was not is whole or not there, nothing is doubled, and a retry succeeds. A sample of them runs here, the same
each time; CARE_FAULTS=all runs every one (most of an hour; -s shows the numbers).
"""

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest
from hard.faults import acts, disk, tracing
from hard.faults.acts import Act
from hard.faults.trying import FOR_GOOD, KILL, ONCE, SYNC, Bench, Fault

from carecli.config import Config

pytestmark = pytest.mark.skipif(tracing.PROGRAM is None, reason=tracing.MISSING)

ALL: Final = os.environ.get("CARE_FAULTS") == "all"
PAIRS: Final = tuple(combinations((ONCE, FOR_GOOD, SYNC, KILL), 2))
NAMES: Final = (
    *("init", "open --attach", "attachment add -", "update", "update on a log", "close", "policy rebase"),
    *("tick", "mail receive", "mail fetch", "mail fetch --delete", "import"),
    *("export", "log --output", "attachment get"),
    *("backup", "backup --keep", "migration", "verify --repair"),
)


@pytest.fixture(scope="module")
def made(template: Config, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Act]:
    """Every command that writes, each with its desk."""
    room = acts.room(tmp_path_factory.mktemp("faults"))
    return acts.made(template, room)


@pytest.fixture(scope="module")
def totals() -> Iterator[Counter[str]]:
    """What was tried in all, told at the end."""
    tried = Counter[str]()
    yield tried
    print(f"\n{sum(tried.values())} faults in all: {dict(tried)}")


def test_every_act_is_tried(made: dict[str, Act]) -> None:
    """AUD-1: none is forgotten in the list of tests."""
    assert set(NAMES) == set(made)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_and_nothing_doubled(made: dict[str, Act], totals: Counter[str], name: str) -> None:
    """AUD-1, TICK-1, MAIL-6, ATT-1: whatever fails whenever, as the module's text has it."""
    draw = random.Random(name)
    bench = Bench(made[name])
    faults = list(bench.faults())
    for fault in faults if ALL else _some(faults, draw, NAMES.index(name)):
        bench.disturb(fault, draw, 6 if ALL else 1)
    bench.cut(draw, *((6, 1.0) if ALL else (2, 2 / len(bench.steps))))
    assert bench.missed == 0
    totals.update(bench.tried)
    print(f"\n{name}, {len(bench.steps)} steps: {dict(bench.tried)}")


FORGETFUL: Final = """
import os, sqlite3
os.fsync = os.fdatasync = lambda _: None
class Hasty(sqlite3.Connection):
    def execute(self, sql, *values):
        return super().execute(sql.replace("synchronous = EXTRA", "synchronous = OFF"), *values)
connect = sqlite3.connect
sqlite3.connect = lambda *words, **how: connect(*words, **{"factory": Hasty, **how})
"""
"""A program that syncs nothing, and is otherwise ours."""


@pytest.mark.parametrize("name", ["update", "attachment get"])
def test_a_program_that_syncs_nothing_is_found_out(made: dict[str, Act], tmp_path: Path, name: str) -> None:
    """AUD-1: a power cut shows that what it acknowledged is not there, or not whole."""
    (tmp_path / "sitecustomize.py").write_text(FORGETFUL)
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    bench = Bench(made[name], {"PYTHONPATH": paths})
    with pytest.raises(AssertionError, match=r"acknowledged|neither the old file nor the new"):
        bench.cut(random.Random(1), 2)


LOG: Final = r"""
7 openat(AT_FDCWD</d>, "/d/new", O_WRONLY|O_CREAT|O_EXCL, 0600) = 5</d/new>
7 write(5</d/new>, "BYTES", 1024) = 1024
7 fsync(5</d/new>) = 0
7 pwrite64(5</d/new>, "MORE", 512, 1024) = 512
7 rename("/d/new", "/d/old") = 0
7 fsync(6</d>) = -1 EIO (Input/output error) (INJECTED)
7 exit_group(0) = ?
"""


def _hexed(text: str) -> str:
    """A log in strace's own spelling: every text and path by its bytes."""
    return re.sub(
        r'(["<])([^"<>\n]+)([">])',
        lambda found: found[1] + "".join(f"\\x{byte:02x}" for byte in found[2].encode()) + found[3],
        text,
    )


def test_what_a_power_cut_may_leave() -> None:
    """AUD-1: what was synced is there; later bytes and names are or are not, each for themselves, in sectors."""
    log = _hexed(LOG.replace("BYTES", "a" * 1024).replace("MORE", "b" * 512))
    recorded = disk.Recorded({"old": b"before"}, Path("/d"), tracing.parsed(log))
    by_step = {moment.after.name: moment for moment in reversed(recorded.moments)}
    whole, first, second = b"a" * 1024 + b"b" * 512, b"a" * 512, b"a" * 1024

    def left(step: str) -> set[tuple[tuple[str, bytes | None], ...]]:
        cuts = disk.cuts(recorded, by_step[step], random.Random(1), 400)
        return {tuple(sorted(cut.tree.items())) for cut in cuts}

    none = (("old", b"before"),)
    torn = {b"", bytes(1024), first, second, bytes(512) + first}
    assert left("write") == {none} | {(("new", each), *none) for each in torn}
    grown = {second, second + bytes(512), whole}
    assert left("fsync") == {none} | {(("new", second), *none)}
    assert left("pwrite64") == {none} | {(("new", each), *none) for each in grown}
    # The name's sync failed: it may be lost, as may the bytes that nobody synced.
    renamed = {(("old", each),) for each in grown}
    assert left("exit_group") == {none} | renamed | {(("new", each), *none) for each in (second, whole)}


def _some(faults: list[Fault], draw: random.Random, turn: int) -> Iterator[Fault]:
    """One each of two kinds, which take turns: each pair of them comes once in six acts."""
    for kind in PAIRS[turn % len(PAIRS)]:
        yield draw.choice([fault for fault in faults if fault.kind == kind])
