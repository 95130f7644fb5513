"""Mail received into a desk of many cases, against parsing the same mail with Python's email package alone.

Run with: python benchmarks/receiving.py [--cases 100000] [--messages 2000] [--runs 3] [--profile]

The desk comes from `desks.py` (CARE_BENCH_DIR or --into says where it is kept), the mail from `postbag.py`:
answers to its own mails, and others. Each run has a fresh copy of the desk, on a tmpfs and then on the disk,
beside the one that is kept. Batches are those of `care mail fetch`; each is parsed and taken in in turn, in one
process. It prints Markdown for RESULTS.md.

A quick look: python benchmarks/receiving.py --cases 2000 --messages 400 --runs 1
"""

import argparse
import cProfile
import email
import email.policy
import pstats
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from desks import NOWS, cache, desk
from postbag import MIX, WITH_FILE, Letter, postbag
from scale import Took, care, seconds

from carecli.config import Config
from carecli.desk.desk import Desk, open_desk
from carecli.desk.mail import inbox
from carecli.mail.sources.protocol import BATCH, BATCH_BYTES

T = TypeVar("T")
SHM: Final = Path("/dev/shm")
PARSE: Final = (
    "import email, email.policy, os, sys\n"
    "for entry in os.scandir(sys.argv[1]):\n"
    "    with open(entry.path, 'rb') as file:\n"
    "        email.message_from_bytes(file.read(), policy=email.policy.default)\n"
)
"""What a whole process of `mail fetch` is held against."""


class Pair(NamedTuple):
    """What became of some mail: parsed in the new way and in the old one, and taken in."""

    default: Took
    compat32: Took
    ours: Took

    def plus(self, other: "Pair") -> "Pair":
        """Both together."""
        return Pair(*(Took(a.wall + b.wall, a.cpu + b.cpu) for a, b in zip(self, other, strict=True)))


NOTHING: Final = Pair(*[Took(0, 0)] * 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="open cases of the desk")
    parser.add_argument("--messages", type=int, default=2_000, help="messages that come in")
    parser.add_argument("--runs", type=int, default=3, help="runs, each on a fresh copy")
    parser.add_argument("--profile", action="store_true", help="tell where the time goes instead")
    parser.add_argument("--into", type=Path, default=cache(), help="the folder that keeps the desks")
    given = parser.parse_args()
    made = desk(given.cases, 0, given.into)
    with opened(made) as known:
        letters = postbag(known, given.messages)
    Bench(made, letters, given.runs).run(profile=given.profile)


@contextmanager
def opened(path: Path) -> Iterator[Desk]:
    """The desk as the system sees it, an hour after all that is on record."""
    config = Config(db=str(path), mail_from="care@desk.example")
    with open_desk(config, actor="system", now=lambda _: NOWS[0]) as known:
        yield known


class Bench:
    """The measurements: a desk of which copies are made, and the mail."""

    def __init__(self, made: Path, letters: Sequence[Letter], runs: int) -> None:
        self.made = made
        self.letters = letters
        self.runs = runs

    def run(self, *, profile: bool) -> None:
        """Measure everything and print it."""
        sizes = sorted(len(letter.raw) for letter in self.letters)
        megabytes, middle = sum(sizes) / 1e6, statistics.median(sizes) / 1e3
        print(f"{len(sizes):,} messages of {megabytes:,.0f} MB, the median of {middle:.1f} kB\n")
        if profile:
            self.profiled()
            return
        print(
            "| the desk lies on | taken in a second | parsed a second | ratio | of processor time | to compat32 |"
        )
        print("|---|---|---|---|---|---|")
        for name, folder in (("tmpfs", SHM), ("disk", self.made.parent)):
            self.row(name, folder, self.letters)
        self.row("tmpfs, mail without files", SHM, [letter for letter in self.letters if letter.kind != WITH_FILE])
        self.kinds()
        self.processes()

    def row(self, name: str, below: Path, letters: Sequence[Letter]) -> None:
        """A line of the first table: the medians of runs."""
        runs = [self.taken_in(below, letters)[0] for _ in range(self.runs)]
        ours = len(letters) / statistics.median(run.ours.wall for run in runs)
        bare = len(letters) / statistics.median(run.default.wall for run in runs)
        wall, cpu = (statistics.median(ratio(run.ours, run.default)[n] for run in runs) for n in (0, 1))
        old = statistics.median(ratio(run.ours, run.compat32)[0] for run in runs)
        print(f"| {name} | {ours:,.0f} | {bare:,.0f} | {wall:.2f}x | {cpu:.2f}x | {old:.2f}x |", flush=True)

    def kinds(self) -> None:
        """Each kind of mail by itself, on a tmpfs, by processor time."""
        print("\n| kind | messages | kB | parsed, ms | taken in, ms | ratio | became |")
        print("|---|---|---|---|---|---|---|")
        for kind in MIX:
            letters = [letter for letter in self.letters if letter.kind == kind]
            if letters:
                self.kind(kind, letters)

    def kind(self, kind: str, letters: Sequence[Letter]) -> None:
        """A line of the second table."""
        pair, became = self.taken_in(SHM, letters)
        size = statistics.mean(len(letter.raw) for letter in letters) / 1e3
        bare, ours = (took.cpu / len(letters) * 1e3 for took in (pair.default, pair.ours))
        told = ", ".join(f"{count} {what}" for what, count in became.most_common(3))
        figures = f"{len(letters)} | {size:.1f} | {bare:.2f} | {ours:.2f} | {ours / bare:.1f}x"
        print(f"| {kind} | {figures} | {told} |", flush=True)

    def taken_in(self, below: Path, letters: Sequence[Letter]) -> tuple[Pair, Counter[str]]:
        """The mail parsed and taken in by turns, batch for batch, on a fresh copy of the desk."""
        total, became = NOTHING, Counter[str]()
        with self.copied(below) as path, opened(path) as known:
            for batch in batches(letters):
                raws = [letter.raw for letter in batch]
                old, _ = timed(partial(parsed, raws, email.policy.compat32))
                new, _ = timed(partial(parsed, raws, email.policy.default))
                ours, received = timed(partial(inbox.take_in, known, [(raw, "bench") for raw in raws]))
                became.update(f"{each.outcome} {each.code}" for each in received)
                total = total.plus(Pair(new, old, ours))
        return total, became

    def processes(self) -> None:
        """One whole `care mail fetch` of a maildir, against one process that parses its files."""
        print("\n| whole process | s | parsing, s | ratio | of processor time |\n|---|---|---|---|---|")
        for name, folder in (("tmpfs", SHM), ("disk", self.made.parent)):
            pairs = [self.fetched(folder) for _ in range(self.runs)]
            ours, bare = (statistics.median(pair[n].wall for pair in pairs) for n in (0, 1))
            wall, cpu = (statistics.median(ratio(*pair)[n] for pair in pairs) for n in (0, 1))
            print(
                f"| `mail fetch --maildir`, {name} | {ours:.2f} | {bare:.2f} | {wall:.2f}x | {cpu:.2f}x |",
                flush=True,
            )

    def fetched(self, below: Path) -> tuple[Took, Took]:
        """How long both take, on a fresh copy."""
        with self.copied(below) as path:
            box = path.parent / "box"
            for part in ("new", "cur", "tmp"):
                (box / part).mkdir(parents=True)
            for place, letter in enumerate(self.letters):
                (box / "new" / f"{place:06}.host").write_bytes(letter.raw)
            bare = seconds([sys.executable, "-c", PARSE, str(box / "new")])
            return seconds(care(path, "system", ("mail", "fetch", "--maildir", str(box)))), bare

    def profiled(self) -> None:
        """Where the time goes, by the profiler, which makes small functions dearer than they are."""
        with self.copied(SHM) as path, opened(path) as known:
            profile = cProfile.Profile()
            for batch in batches(self.letters):
                profile.runcall(inbox.take_in, known, [(letter.raw, "bench") for letter in batch])
        told = pstats.Stats(profile)
        told.sort_stats("cumulative").print_stats("carecli|email/|mailparser|markdown|method 'execute", 60)
        told.sort_stats("tottime").print_stats(30)

    @contextmanager
    def copied(self, below: Path) -> Iterator[Path]:
        """A fresh copy of the desk in a folder of its own."""
        with tempfile.TemporaryDirectory(dir=below, prefix="care-bench-") as folder:
            path = Path(folder) / "desk.db"
            if below == SHM:
                shutil.copy(self.made, path)
            else:
                subprocess.run(["cp", "--reflink=auto", self.made, path], check=True)
                subprocess.run(["sync", path], check=True)
            yield path


def batches(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """The mail as `care mail fetch` hands it over."""
    batch: list[Letter] = []
    held = 0
    for letter in letters:
        if batch and (len(batch) >= BATCH or held + len(letter.raw) > BATCH_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(letter)
        held += len(letter.raw)
    yield batch


def parsed(raws: Sequence[bytes], policy: email.policy.Policy) -> list[Message]:
    """Messages as Python's own package has them."""
    return [email.message_from_bytes(raw, policy=policy) for raw in raws]


def timed(work: Callable[[], T]) -> tuple[Took, T]:
    """How long this takes, and what it makes."""
    start, worked = time.perf_counter(), time.process_time()
    made = work()
    return Took(time.perf_counter() - start, time.process_time() - worked), made


def ratio(ours: Took, bare: Took) -> tuple[float, float]:
    """By the wall clock, and of processor time."""
    return ours.wall / bare.wall, ours.cpu / bare.cpu


if __name__ == "__main__":
    main()
