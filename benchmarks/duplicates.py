"""Finding cases about one issue: how many marked pairs are among the first five hits, how fast, and how sure.

Reads the reports and the pairs that their desk marked as duplicates (CSV); without them it makes reports of its
own and duplicates of some: reworded, mistyped, reordered, with a stack trace. The pairs are split in two by a
hash, so that what was tuned on one half can be held against the other.

Run with: python benchmarks/duplicates.py [--reports FILE --pairs FILE] [--method NAME ...] [--queries COUNT]
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process
from reports import START, Pair, Report, half, made, read

from carecli.config import Config
from carecli.desk import setup
from carecli.desk import similar as product
from carecli.desk.desk import Desk, open_desk
from carecli.domain import likeness
from carecli.domain.instants import iso
from carecli.domain.people import CalendarSpec
from carecli.domain.rarity import rarity
from carecli.store.cases import _COLUMNS as COLUMNS
from carecli.store.codec import canonical

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
ADMIN: Final = "ada@desk.example"
FIRST: Final = 5
SEED: Final = 20_260_302

Rank = Callable[[int], list[int]]


class Figures(NamedTuple):
    """What a method reached: shares of queries whose partner was found, of all and of either half, and times."""

    name: str
    found: float
    halves: tuple[float, float]
    times_ms: list[float]


def main() -> None:
    """Print a line for each method, and how sure the word `near` is."""
    args = _arguments()
    reports, pairs = _given(args)
    if not pairs:
        sys.exit("no pair of the file has both of its reports")
    queries = [(one, other) for pair in pairs for one, other in (pair, pair[::-1])]
    sample = queries if len(queries) <= args.queries else Random(SEED).sample(queries, args.queries)
    print(f"{len(reports):,} reports, {len(pairs):,} marked pairs, {len(sample):,} queries (each pair both ways)")
    print(f"{'method':<44}{'first five':>11}{'half 1':>8}{'half 2':>8}{'median ms':>11}{'95 % ms':>9}")
    with desk_of(reports) as desk:
        for name, rank in methods(desk, reports):
            if not args.method or any(wanted in name for wanted in args.method):
                print(_line(measured(name, rank, sample)), flush=True)
        _print_near(desk, reports, pairs, args.queries)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=Path, help="CSV with Summary, Issue id, Description, Created")
    parser.add_argument("--pairs", type=Path, help="CSV with Issue id, Duplicate id")
    parser.add_argument("--method", action="append", help="only methods whose name holds this; repeatable")
    parser.add_argument("--made", action="store_true", help="made reports, even where ../shared has real ones")
    parser.add_argument("--count", type=int, default=5_000, help="how many reports to make")
    parser.add_argument("--queries", type=int, default=2_000, help="at most so many queries, drawn from a seed")
    return parser.parse_args()


def _given(args: argparse.Namespace) -> tuple[list[Report], list[Pair]]:
    usual = DATA / "duplicates-seamonkey.csv", DATA / "duplicates-seamonkey-pairs.csv"
    files = (args.reports, args.pairs) if args.reports and args.pairs else usual
    if args.made or not all(file.is_file() for file in files):
        print("made reports" if args.made else "no reports are there: made ones")
        return made(Random(SEED), args.count)
    return read(*files)


@contextmanager
def desk_of(reports: Sequence[Report]) -> Iterator[Desk]:
    """A desk whose open cases are these reports, in a file of its own, as `care similar` finds it."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(db=str(Path(folder) / "desk.db"))
        given = setup.Setup(ADMIN, "Ada", "Benchmark", CalendarSpec("UTC", "Mon-Fri 09:00-17:00", ""))
        setup.init(config, given, now=lambda _: START)
        _fill(config.db, reports)
        with open_desk(config, actor=ADMIN, now=lambda _: reports[-1].at) as desk:
            yield desk


def _fill(path: str, reports: Iterable[Report]) -> None:
    db = sqlite3.connect(path)
    with db:
        for one in reports:
            db.execute(
                f"INSERT INTO cases ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})", _row(one)
            )
            db.execute(
                "INSERT INTO search (rowid, subject, description, updates) VALUES (?, ?, ?, '')",
                (one.number, one.subject, one.description),
            )
    db.close()


def _row(one: Report) -> tuple[object, ...]:
    values = {
        "number": one.number,
        "account": "acme",
        "contact": "dana@acme.example",
        "service": "voice",
        "type": "support",
        "status": "open",
        "severity": 3,
        "subject": one.subject.casefold(),
        "opened_at": iso(one.at),
        "modified_at": iso(one.at),
        "closed": 0,
        "held": 0,
        "escalated": 0,
        "confidential": 0,
        "state": canonical({"subject": one.subject, "account": "acme", "service": "voice"}),
        "texts": canonical({"description": one.description}),
    }
    return tuple(values.get(name) for name in COLUMNS)


def methods(desk: Desk, reports: Sequence[Report]) -> Iterator[tuple[str, Rank]]:
    """Each way of finding by its name; the last one is what `care similar` does."""
    by_number = {one.number: one for one in reports}
    yield "BM25 on the subject (FTS5)", lambda n: _fts(desk, by_number[n].subject, n, "{subject}", "1.0, 0.0, 0.0")
    yield (
        "BM25 on both, words of the subject (FTS5)",
        lambda n: _fts(desk, by_number[n].subject, n, "{subject description}", "3.0, 1.0, 0.0"),
    )
    grams = _Grams(reports)
    yield "trigrams of the subject, by rarity", grams.rank
    yield "token set of the subject (rapidfuzz)", _token_set(reports)
    yield "the first and the third, fused by rank", lambda n: _fused(desk, by_number[n], grams)
    yield "care similar", lambda n: _ours(desk, by_number[n])


def _fts(desk: Desk, text: str, number: int, columns: str, weights: str, most: int = FIRST) -> list[int]:
    match = " OR ".join(f'"{word}"' for word in dict.fromkeys(likeness.words(text)))
    if not match:
        return []
    with desk.reading() as reading:
        rows = reading.db.execute(  # type: ignore[attr-defined]  # the store's own connection
            "SELECT rowid FROM search WHERE search MATCH ? AND rowid <> ?"
            f" ORDER BY bm25(search, {weights}) LIMIT ?",
            (f"{columns} : ({match})", number, most),
        )
        return [found for (found,) in rows]


class _Grams:
    """Subjects as trigrams, weighed by how rare they are, compared by their cosine."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self.of = {one.number: Counter(_trigrams(one.subject)) for one in reports}
        self.spread = Counter(gram for grams in self.of.values() for gram in grams)
        self.total = len(reports)
        self.lists: dict[str, list[int]] = {}
        for number, grams in self.of.items():
            for gram in grams:
                self.lists.setdefault(gram, []).append(number)
        self.size = {n: sum(self._weight(g) ** 2 for g in grams) ** 0.5 for n, grams in self.of.items()}

    def _weight(self, gram: str) -> float:
        return rarity(self.spread[gram], self.total)

    def rank(self, number: int, most: int = FIRST) -> list[int]:
        points: Counter[int] = Counter()
        for gram in self.of[number]:
            square = self._weight(gram) ** 2
            for other in self.lists[gram]:
                points[other] += square  # type: ignore[assignment]  # a Counter adds floats as well
        points.pop(number, None)
        return sorted(points, key=lambda n: -points[n] / (self.size[n] or 1))[:most]


def _trigrams(text: str) -> list[str]:
    padded = f" {' '.join(likeness.words(text))} "
    return [padded[place : place + 3] for place in range(len(padded) - 2)]


def _token_set(reports: Sequence[Report]) -> Rank:
    subjects = {one.number: " ".join(likeness.words(one.subject)) for one in reports}

    def rank(number: int) -> list[int]:
        best = process.extract(subjects[number], subjects, scorer=fuzz.token_set_ratio, limit=FIRST + 1)
        return [found for _, _, found in best if found != number][:FIRST]

    return rank


def _fused(desk: Desk, one: Report, grams: _Grams) -> list[int]:
    """Two rankings as one: a place counts one part in sixty and its number."""
    points: dict[int, float] = {}
    subject = _fts(desk, one.subject, one.number, "{subject}", "1.0, 0.0, 0.0", 50)
    for ranking in (subject, grams.rank(one.number, 50)):
        for place, number in enumerate(ranking, 1):
            points[number] = points.get(number, 0.0) + 1 / (60 + place)
    return sorted(points, key=lambda n: -points[n])[:FIRST]


def _ours(desk: Desk, one: Report) -> list[int]:
    found = product.similar(
        desk, subject=one.subject, description=one.description, number=one.number, limit=FIRST, at=one.at
    )
    return [hit.number for hit in found]


def measured(name: str, rank: Rank, queries: Sequence[Pair]) -> Figures:
    """The shares and times of a method over all queries."""
    hits: dict[int, list[bool]] = {0: [], 1: []}
    times = []
    for one, other in queries:
        began = time.perf_counter()
        found = rank(one)
        times.append((time.perf_counter() - began) * 1000)
        hits[half((one, other))].append(other in found)
    shares = [statistics.fmean(hits[n]) if hits[n] else 0.0 for n in (0, 1)]
    return Figures(name, statistics.fmean([*hits[0], *hits[1]]), (shares[0], shares[1]), sorted(times))


def _line(figures: Figures) -> str:
    times = figures.times_ms
    late = times[int(len(times) * 0.95)]
    one, two = (f"{share:>8.1%}" for share in figures.halves)
    return f"{figures.name:<44}{figures.found:>11.1%}{one}{two}{statistics.median(times):>11.1f}{late:>9.1f}"


def _print_near(desk: Desk, reports: Sequence[Report], pairs: Sequence[Pair], most: int) -> None:
    """Of the pairs called near, all reports taken as one account's and one service's, how many are marked."""
    same = _groups(pairs)
    asked = {number for pair in pairs for number in pair}
    rest = [one.number for one in reports if one.number not in asked]
    drawn = asked | set(Random(SEED).sample(rest, min(len(rest), max(0, most - len(asked)))))
    near: set[Pair] = set()
    for one in reports:
        if one.number in drawn:
            near |= {(min(one.number, n), max(one.number, n)) for n in _near(desk, one)}
    right = sum(same.get(one, one) == same.get(other, other) for one, other in near)
    found = sum(pair in near for pair in pairs)
    print(
        f"near: {len(near):,} pairs among {len(drawn):,} reports, {right:,} of them marked as one issue"
        f" (precision {right / len(near) if near else 1:.1%}); {found:,} of {len(pairs):,} marked pairs are near"
    )


def _near(desk: Desk, one: Report) -> list[int]:
    found = product.similar(
        desk,
        subject=one.subject,
        description=one.description,
        account="acme",
        service="voice",
        number=one.number,
        limit=20,
        at=one.at,
    )
    return [hit.number for hit in found if hit.near]


def _groups(pairs: Iterable[Pair]) -> dict[int, int]:
    """For each report of a pair the lowest of all that were marked as one issue with it."""
    lowest: dict[int, int] = {}

    def root(number: int) -> int:
        while lowest.setdefault(number, number) != number:
            number = lowest[number]
        return number

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        lowest[second] = first
    return {number: root(number) for number in lowest}


if __name__ == "__main__":
    main()
