"""Choosing a component: three ways to do it on the same cases, and how long it takes on a desk of many (OPEN-6).

Run with: python benchmarks/selecting.py [--data DIRECTORY] [--cases COUNT]

The public data lies in ../shared/data where this project is developed; whatever is not there is left out. A fixed
hash holds a fifth of each file back, and what was tuned was tuned on the other four.
"""

import argparse
import csv
import hashlib
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from math import log
from pathlib import Path
from typing import Final, NamedTuple

from labelled import LabelledCases

from carecli.config import Config
from carecli.desk import setup
from carecli.desk.components import learning, selecting
from carecli.desk.components.examples import Columns, Example
from carecli.desk.desk import Desk, open_desk
from carecli.domain import features
from carecli.domain.learning import order
from carecli.domain.people import CalendarSpec

DATA: Final = Path(__file__).parents[2] / "shared" / "data"
FILES: Final = (("intents-train.csv", "text", "category"), ("it-tickets.csv", "Description", "Category"))
ADMIN: Final = "ada@desk.example"
NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
NEAREST: Final = 12
BEST: Final = 3
RUNS: Final = 300
OFFERED: Final = 12
"""How many components a service has, more or less."""

Case = tuple[str, str]
Predict = Callable[[str], list[str]]


class Figures(NamedTuple):
    """How often the right component came first and within three, and what that took."""

    first: float
    within: float
    learn_s: float
    ms: float


def held_back(text: str) -> bool:
    """Whether a text is of the fifth that nothing is learned from."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % 5 == 4


def naive_bayes(cases: Sequence[Case]) -> Predict:
    """Multinomial naive Bayes on words and pairs of words."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    totals: Counter[str] = Counter()
    priors = Counter(label for _, label in cases)
    for text, label in cases:
        for feature in _words_and_pairs(text):
            counts[feature][label] += 1
            totals[label] += 1
    smooth, size = 0.1, len(counts)

    def predict(text: str) -> list[str]:
        known = [counts[feature] for feature in _words_and_pairs(text) if feature in counts]
        base = {label: log(priors[label]) - len(known) * log(totals[label] + smooth * size) for label in priors}
        for row in known:
            for label in base:
                base[label] += log(row.get(label, 0) + smooth)
        return sorted(base, key=lambda label: (-base[label], label))[:BEST]

    return predict


def nearest_cases(cases: Sequence[Case]) -> Predict:
    """The nearest cases by BM25 on words, each voting with its likeness."""
    k, b = 1.2, 0.75
    said = [Counter(features.words(text)) for text, _ in cases]
    mean = statistics.fmean(map(Counter.total, said)) or 1.0
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, words in enumerate(said):
        length = k * (1 - b + b * words.total() / mean)
        for word, count in words.items():
            postings[word].append((place, count * (k + 1) / (count + length)))

    def predict(text: str) -> list[str]:
        likeness: dict[int, float] = defaultdict(float)
        for word in dict.fromkeys(features.words(text)):
            found = postings.get(word, [])
            rare = log(1 + (len(cases) - len(found) + 0.5) / (len(found) + 0.5))
            for place, share in found:
                likeness[place] += rare * share
        votes: Counter[str] = Counter()
        for place in sorted(likeness, key=lambda place: (-likeness[place], place))[:NEAREST]:
            votes[cases[place][1]] += likeness[place] ** 2  # type: ignore[assignment]
        return sorted(votes, key=lambda label: (-votes[label], label))[:BEST]

    return predict


def _words_and_pairs(text: str) -> list[str]:
    said = features.words(text)
    return [*said, *features.pairs(said)]


def measured(method: Callable[[Sequence[Case]], Predict], cases: Sequence[Case], tried: Sequence[Case]) -> Figures:
    """Learn with a method, and try it."""
    start = time.perf_counter()
    predict = method(cases)
    learned = time.perf_counter()
    found = [predict(text) for text, _ in tried]
    ended = time.perf_counter()
    first = sum(names[:1] == [label] for names, (_, label) in zip(found, tried, strict=True))
    within = sum(label in names for names, (_, label) in zip(found, tried, strict=True))
    return Figures(first / len(tried), within / len(tried), learned - start, 1000 * (ended - learned) / len(tried))


def ours(desk: Desk, *, singly: bool = False) -> Callable[[Sequence[Case]], Predict]:
    """What care does, on a desk: with a file of examples, or `singly`, each as if it were a case of its own."""

    def learn(cases: Sequence[Case]) -> Predict:
        if singly:
            _learn_singly(desk, cases)
        else:
            with tempfile.TemporaryDirectory() as folder:
                learning.learn(desk, str(_table(Path(folder) / "cases.csv", cases)), Columns("text", "label"))
        with desk.reading() as reading:
            names = [one.name for one in reading.components()]

        def predict(text: str) -> list[str]:
            with desk.reading() as reading:
                found = selecting.select(reading, candidates=names, subject="", description=text)
            return [one.component for one in found.candidates[:BEST]]

        return predict

    return learn


@contextmanager
def made() -> Iterator[Desk]:
    """A desk without a case."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(db=str(Path(folder) / "desk.db"))
        setup.init(config, setup.Setup(ADMIN, "Ada", "A desk", CalendarSpec("UTC")), now=lambda _: NOW)
        with open_desk(config, actor=ADMIN, now=lambda _: NOW) as desk:
            yield desk


def _learn_singly(desk: Desk, cases: Sequence[Case]) -> None:
    # Cases come mixed; files are sorted by component.
    waiting = (cases[place] for place in order(len(cases), 0))
    while some := [Example(text, label) for text, label in islice(waiting, learning.BATCH)]:
        with desk.store.write() as writing:
            learning.keep(writing, learning.stepped(writing, some, desk.now))


def _table(path: Path, cases: Sequence[Case]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label"))
        writer.writerows(cases)
    return path


def _read(path: Path, text: str, label: str) -> list[Case]:
    csv.field_size_limit(10**8)
    with path.open(encoding="utf-8", newline="") as file:
        return [(row[text], row[label]) for row in csv.DictReader(file)]


def compare(name: str, cases: Sequence[Case]) -> None:
    """Print a line for each method."""
    kept = [case for case in cases if not held_back(case[0])]
    tried = [case for case in cases if held_back(case[0])]
    print(f"\n{name}: {len(kept):,} learned, {len(tried):,} held back, {len({c[1] for c in cases})} components")
    print(f"{'method':<34}{'first':>8}{'in 3':>8}{'learn s':>9}{'ms each':>9}")
    with made() as one, made() as other:
        for title, method in (
            ("naive Bayes, words and pairs", naive_bayes),
            ("BM25, nearest cases", nearest_cases),
            ("care, one example at a time", ours(one, singly=True)),
            ("care, learned from a file", ours(other)),
        ):
            first, within, learn_s, ms = measured(method, kept, tried)
            print(f"{title:<34}{first:>8.1%}{within:>8.1%}{learn_s:>9.1f}{ms:>9.2f}", flush=True)


def many(count: int) -> None:
    """Print what a selection takes where so many cases were learned."""
    drawn = LabelledCases(7, 200)
    cases, tried = drawn.cases(count), drawn.cases(RUNS)
    with made() as desk:
        start = time.perf_counter()
        ours(desk)(cases)
        took = time.perf_counter() - start
        size = Path(desk.config.db).stat().st_size / 2**20
        print(f"\n{count:,} made cases of {len(drawn.own)} components: learned in {took:.0f} s, {size:.0f} MiB")
        for offered in (len(drawn.own), OFFERED):
            select(desk, list(drawn.own)[:offered], tried)


def select(desk: Desk, names: Sequence[str], tried: Sequence[Case]) -> None:
    """Print what it takes to choose among these, by the clock and by the processor."""
    walls, works = [], []
    for text, _ in tried:
        wall, work = time.perf_counter(), time.process_time()
        with desk.reading() as reading:
            selecting.select(reading, candidates=names, subject=text[:80], description=text[80:])
        walls.append(1000 * (time.perf_counter() - wall))
        works.append(1000 * (time.process_time() - work))
    told = (
        f"median {statistics.median(ms):.1f}, 95 % within {sorted(ms)[int(0.95 * len(ms))]:.1f}"
        for ms in (walls, works)
    )
    print(f"a selection among {len(names)}, ms (target 30): {'; of the processor '.join(told)}")


def main() -> None:
    """Compare on the data that is there and on made cases, then measure a desk of many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cases", type=int, default=100_000)
    given = parser.parse_args()
    for name, text, label in FILES:
        if (given.data / name).is_file():
            compare(name, _read(given.data / name, text, label))
        else:
            print(f"\n{name} is not in {given.data}: left out")
    compare("made cases", LabelledCases(1, 40).cases(6_000))
    many(given.cases)


if __name__ == "__main__":
    main()
