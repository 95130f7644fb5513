"""Reports of a desk and the pairs that it marked as duplicates: read from CSV files, or made from a seed."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, NamedTuple
from zlib import crc32

from words import Words

START: Final = datetime(2024, 1, 1, tzinfo=UTC)
SUBJECTS: Final = ("summary", "subject", "title")
IDS: Final = ("issue id", "id", "number", "issue_id", "bug_id")
DESCRIPTIONS: Final = ("description", "text", "body")
TIMES: Final = ("created", "opened_at", "created_at")
OTHERS: Final = ("duplicate id", "duplicate", "duplicates", "duplicate_id")

Pair = tuple[int, int]


class Report(NamedTuple):
    """A report: its number counts the file's rows from 1."""

    number: int
    subject: str
    description: str
    at: datetime


def read(reports: Path, pairs: Path) -> tuple[list[Report], list[Pair]]:
    """The reports of a file, and the pairs of which both are among them, each once."""
    csv.field_size_limit(2**31 - 1)
    known: dict[str, Report] = {}
    for row in _rows(reports):
        number = len(known) + 1
        id_ = _cell(row, IDS)
        known.setdefault(id_, Report(number, _cell(row, SUBJECTS), _cell(row, DESCRIPTIONS), _time(row, number)))
    found = set()
    for row in _rows(pairs):
        one = known.get(_cell(row, IDS))
        for id_ in re.split(r"[,;\s]+", _cell(row, OTHERS)):
            other = known.get(id_)
            if one and other and one.number != other.number:
                found.add((min(one.number, other.number), max(one.number, other.number)))
    return list(known.values()), sorted(found)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        for row in csv.DictReader(text):
            yield {(name or "").strip().casefold(): value for name, value in row.items() if isinstance(value, str)}


def _cell(row: dict[str, str], names: Iterable[str]) -> str:
    return next((row[name] for name in names if name in row), "").strip()


def _time(row: dict[str, str], number: int) -> datetime:
    """When a report was written; a file without times tells the order alone."""
    try:
        at = datetime.fromisoformat(_cell(row, TIMES))
    except ValueError:
        return START + timedelta(hours=number)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def made(random: Random, count: int = 5_000, pairs: int = 300) -> tuple[list[Report], list[Pair]]:
    """Reports from a vocabulary that is used as people use theirs, and near-duplicates of some."""
    words = Words(random)
    texts = [(words.text(5, 9), words.text(30, 80)) for _ in range(count)]
    marked = []
    for number in sorted(random.sample(range(1, count + 1), pairs)):
        texts.append(again(random, words, *texts[number - 1]))
        marked.append((number, len(texts)))
    reports = [
        Report(number, *text, START + timedelta(hours=number * 24 * 365 / len(texts)))
        for number, text in enumerate(texts, 1)
    ]
    return reports, marked


def again(random: Random, words: Words, subject: str, description: str) -> tuple[str, str]:
    """The same issue told by somebody else: mistyped, reordered, reworded, or with a stack trace behind it."""
    said, told = subject.rstrip(".").lower().split(), description.rstrip(".").lower().split()
    for change in random.sample((_mistyped, _reordered, _reworded), random.randint(1, 3)):
        said, told = change(random, words, said), change(random, words, told)
    if random.random() < 0.3:
        told += [part for _ in range(10) for part in ("at", words.text(1, 1)[:-1], str(random.randint(1, 999)))]
    return " ".join(said), " ".join(told)


def _mistyped(random: Random, _: Words, text: list[str]) -> list[str]:
    """Two letters of every tenth word in the wrong order, and at least of one."""
    wrong = set(random.sample(range(len(text)), max(1, len(text) // 10)))
    return [
        _slipped(random, word) if place in wrong and len(word) > 3 else word for place, word in enumerate(text)
    ]


def _slipped(random: Random, word: str) -> str:
    place = random.randrange(len(word) - 1)
    return f"{word[:place]}{word[place + 1]}{word[place]}{word[place + 2 :]}"


def _reordered(random: Random, _: Words, text: list[str]) -> list[str]:
    cut = random.randrange(len(text))
    return text[cut:] + text[:cut]


def _reworded(random: Random, words: Words, text: list[str]) -> list[str]:
    """Every third word said otherwise, in the same way throughout."""
    return [words.text(1, 1)[:-1].lower() if random.random() < 0.33 else word for word in text]


def half(pair: Pair) -> int:
    """Which half of the pairs it belongs to, whichever of the two is asked for."""
    return crc32(f"{min(pair)}-{max(pair)}".encode()) % 2
