"""How well articles are found, beside plain full-text search, and what is offered before a case is opened.

Run with: python benchmarks/knowledge.py [ARTICLES]. Questions and articles are made: weights and the floor were
chosen on those of articles.py, those of articles_unseen.py are held out. Each case is also asked where its article
is left out: whatever is offered then is wrong.
"""

import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from articles import Sample, Samples, fillers, samples, slipped

from carecli.desk.knowledge import searching
from carecli.domain import knowledge
from carecli.domain.events import Event, Kind
from carecli.domain.knowledge import ArticleFilter, Draft
from carecli.domain.knowledge_words import words
from carecli.domain.vocabulary import Via, Visibility
from carecli.store.protocol import Reading, Store, Writing
from carecli.store.sqlite.store import open_store

AT: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HITS: Final = 3
PLAIN: Final = "FTS5 OR, porter"
"""What ratios are told against."""

EVERYTHING: Final = ArticleFilter()

Find = Callable[[str], Sequence[int]]


def main(count: int) -> None:
    """Print recall, what is offered, and milliseconds, among the made articles alone and among many more."""
    for each in samples():
        for more in (0, count - len(each.made)):
            print(f"\n{each.name}: {len(each.made)} articles and {more:,} others")
            with TemporaryDirectory() as folder, filled(Path(folder) / "desk.db", each.made, more) as store:
                with store.read() as reading:
                    _recall(reading, each.made, more)
                    _offers(reading, each)
                _left_out(store, each.made)


def _recall(reading: Reading, made: Sequence[Sample], more: int) -> None:
    random = Random(3)
    wrong = [slipped(sample.question, random) for sample in made]
    right = [sample.question for sample in made]
    unfinished = [question[: -max(1, len(question.split()[-1]) // 3)] for question in right]
    print(f"{'':<28}{'first':>8}{'in 3':>8}{'ms':>8}{'worst':>8}{'ratio':>8}")
    ways = {
        "FTS5 AND": plain(made, more, "unicode61", " AND "),
        PLAIN: plain(made, more, "porter unicode61", " OR "),
        "care kb search": lambda text: [
            hit.article.id for hit in searching.found(reading, text, EVERYTHING, public=True, limit=HITS).hits
        ],
    }
    for what, questions in (("as asked", right), ("with slips", wrong), ("unfinished", unfinished)):
        base = 0.0
        for name, find in ways.items():
            took = _line(f"{what}: {name}", find, questions, base)
            base = took if name == PLAIN else 0.0


def _line(name: str, find: Find, questions: Sequence[str], base: float) -> float:
    """Print how one way finds, and how many times `base` it takes; the answer is its milliseconds."""
    places, took = [], []
    for id_, question in enumerate(questions, start=1):
        begun = time.perf_counter()
        found = list(find(question))
        took.append((time.perf_counter() - begun) * 1_000)
        places.append(found.index(id_) if id_ in found else HITS)
    middle = statistics.median(took)
    told = "".join(f"{share(places, most):>8}" for most in (1, HITS))
    ratio = f"{middle / base:>8.1f}" if base else ""
    print(f"{name:<28}{told}{middle:>8.2f}{max(took):>8.1f}{ratio}")
    return middle


def share(places: Sequence[int], most: int) -> str:
    """How many of the places are among the first, in per cent."""
    return f"{100 * sum(place < most for place in places) / len(places):.0f}%"


def _offers(reading: Reading, samples_: Samples) -> None:
    took, places, count = [], [], 0
    for id_, sample in enumerate(samples_.made, start=1):
        begun = time.perf_counter()
        offered = [hit.article.id for hit in _fitting(reading, sample.case)]
        took.append((time.perf_counter() - begun) * 1_000)
        places.append(offered.index(id_) if id_ in offered else HITS)
        count += len(offered)
    rubbish = [len(_fitting(reading, text)) for text in samples_.nothing]
    print(
        f"offered to a case: the right one first {share(places, 1)}, among {HITS} {share(places, HITS)},"
        f" {count / len(places):.1f} offers each, {statistics.median(took):.1f} ms, worst {max(took):.1f}"
    )
    print(f"offered to a case that none spares: to {sum(map(bool, rubbish))} of {len(rubbish)}")


def _left_out(store: Store, made: Sequence[Sample]) -> None:
    """Print to how many cases something is offered while the article that would spare them is retired."""
    wrong = 0
    for id_, sample in enumerate(made, start=1):
        with store.write() as writing:
            _tell(writing, Kind.ARTICLE_RETIRED, {"id": id_})
            wrong += bool(_fitting(writing, sample.case))
            _tell(writing, Kind.ARTICLE_PUBLISHED, {"id": id_, "version": 1})
    print(f"offered to a case whose article is left out: to {wrong} of {len(made)}")


def _fitting(reading: Reading, text: str) -> Sequence[knowledge.ArticleHit]:
    return searching.fitting(reading, text, None, public=True, limit=HITS)


@contextmanager
def filled(path: Path, made: Sequence[Sample], more: int) -> Iterator[Store]:
    """A desk with the made articles, numbered from 1, and so many more."""
    store = open_store(path)
    begun = time.perf_counter()
    with store.write() as writing:
        for id_, draft in enumerate(drafts(made, more), start=1):
            _tell(writing, Kind.ARTICLE_WRITTEN, knowledge.written(id_, 1, draft))
            _tell(writing, Kind.ARTICLE_PUBLISHED, {"id": id_, "version": 1})
    took = time.perf_counter() - begun
    print(
        f"written in {took:.1f} s, {1_000 * took / (len(made) + more):.2f} ms each; {path.stat().st_size:,} bytes"
    )
    try:
        yield store
    finally:
        store.close()


def _tell(writing: Writing, kind: Kind, data: Mapping[str, Any]) -> None:
    writing.tell_article(Event(AT, "a@b.example", Via.DESK, kind, Visibility.INTERNAL, data))


def drafts(made: Sequence[Sample], more: int) -> Iterator[Draft]:
    """The made articles, then others."""
    for place, sample in enumerate(made):
        keywords = tuple(word.strip() for word in sample.keywords.split(","))
        yield Draft(sample.title, sample.body, f"made-{place}", keywords=keywords)
    for place, (title, body) in enumerate(fillers(more)):
        yield Draft(title, body, f"other-{place}")


def plain(made: Sequence[Sample], more: int, tokenizer: str, how: str) -> Find:
    """Full-text search as it comes: the words quoted, the best by BM25 with the same weights of columns."""
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE VIRTUAL TABLE found USING fts5 (title, keywords, body, tokenize = '{tokenizer}')")
    rows = [(draft.title, " ".join(draft.keywords), draft.body) for draft in drafts(made, more)]
    db.executemany("INSERT INTO found VALUES (?, ?, ?)", rows)
    ranked = f"SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, 10, 6, 1) LIMIT {HITS}"

    def find(text: str) -> Sequence[int]:
        asked = how.join(f'"{word}"' for word in words(text))
        return [rowid for (rowid,) in db.execute(ranked, (asked,))]

    return find


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
