"""Exports and logs of any length in the same memory (EXP-1).

What a million cases take was measured on made desks (benchmarks/RESULTS.md); here many have to take
no more than a few batches do.
"""

import gc
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Sized
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from cli.acceptance import ADA, Who
from other_hands import opened
from store.samples import T0, event, new_case

from carecli import cli
from carecli.domain import deadlines
from carecli.store.protocol import Reading

FEW: Final = 10
MANY: Final = 900
AT_MOST: Final = 3_500_000
"""Bytes; all cases at once take far more, as is seen below."""

LONG: Final = "Calls drop. " * 800

EXPORTS: Final = {
    **{form: ("export", "-", "--all", "--format", form) for form in ("csv", "tsv", "jsonl", "json", "xlsx")},
    "list": ("list", "--all", "--format", "csv"),
    "sorted": ("list", "--all", "--format", "csv", "--sort", "subject"),
}
LOGS: Final = {
    **{form: ("log", "--all", "--format", form) for form in ("csv", "jsonl", "json", "xlsx")},
    "picked": ("log", "--all", "--format", "jsonl", "--fields", "number,kind"),
    "pipe": ("log", "--all"),
}


@pytest.fixture(scope="module")
def desks(trial_desk: bytes, tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """The demo's desk with a few more cases, and with many more."""
    return {count: _with_cases(trial_desk, count, tmp_path_factory.mktemp("many")) for count in (FEW, MANY)}


def _with_cases(trial_desk: bytes, count: int, folder: Path) -> str:
    path = folder / "desk.db"
    path.write_bytes(trial_desk)
    store = opened(str(path))
    with store.write() as record:
        known = record.state(1)
        assert known
        rules = {"policy": known.state["policy"], "calendar": known.state["calendar"]}
        sample = new_case()._replace(**rules)
        cases = [
            sample._replace(number=100 + n, subject=f"Calls drop {n}", modified_at=T0 + timedelta(seconds=n))
            for n in range(count)
        ]
        record.save_all(cases, [timer for case in cases for timer in deadlines.timers(case)])
        record.append_all((case.number, event(text=f"Update {case.number}. {LONG}")) for case in cases)
    store.close()
    return str(path)


class Nowhere:
    """Standard output that keeps nothing."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.buffer = self
        self.lines = 0

    def write(self, told: str | bytes) -> int:
        """Take some text or bytes."""
        self.lines += told.count("\n" if isinstance(told, str) else b"\n")  # type: ignore[arg-type]
        return len(told)

    def writelines(self, lines: Iterable[str]) -> None:
        """Take some lines."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """There is nothing to be flushed."""

    def isatty(self) -> bool:
        """No terminal."""
        return False


def run(out: Nowhere, database: str, *args: str) -> None:
    """Run a command whose answer nobody keeps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        assert cli.main([*Who(database, ADA).options, *args]) == 0


def peak(out: Nowhere, database: str, *args: str) -> int:
    """How many bytes a command takes at most, beside what was there before."""
    gc.collect()
    tracemalloc.start()
    try:
        run(out, database, *args)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "args", [*EXPORTS.values(), *LOGS.values()], ids=[*EXPORTS, *(f"log-{one}" for one in LOGS)]
)
def test_many_take_as_much_memory_as_few(desks: dict[int, str], args: tuple[str, ...]) -> None:
    """EXP-1: the memory of an export or a log does not grow with its length."""
    few, many = Nowhere(), Nowhere()
    run(few, desks[FEW], *args)  # what is imported and compiled once counts for neither
    taken = peak(many, desks[MANY], *args)
    assert "xlsx" in args or many.lines >= few.lines + MANY - FEW
    assert taken < AT_MOST


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(lambda record: record.listed([*range(100, 100 + MANY)]), id="cases"),
        pytest.param(lambda record: [*record.events()], id="events"),
    ],
)
def test_all_at_once_would_take_more(desks: dict[int, str], held: Callable[[Reading], Sized]) -> None:
    """EXP-1: so that the test above can fail: all cases or events held at once take far more than it allows."""
    with closing(opened(desks[MANY])) as store, store.read() as record:
        tracemalloc.start()
        try:
            known = held(record)
            taken = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert len(known) >= MANY
    assert taken > 2 * AT_MOST
