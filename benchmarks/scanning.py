"""How fast a file is looked through for customer data, by what it holds, and how often rightly (ATT-2).

Each kind of text is made from a seed, as large as is told, and looked through beside the least that anything that
reads text does: reading it, decoding it and going through its lines. The worst kinds are made against the rules:
each begins like a finding at every other character. What the library for phone numbers takes alone is told of a
small part, and at the end what is found of the lines of tests/files/scanning.

Run with: python benchmarks/scanning.py [MEGABYTES]
"""

import io
import json
import random
import string
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import phonenumbers

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from files.scanning import lines
from files.scanning.figures import figures
from files.scanning.heldout import HELD_OUT

from carecli.files.scanning import redact, scan

SEED: Final = 20260320
WORDS: Final = tuple(
    "request served from cache user session token refreshed for order payment gateway answered retry connection "  # noqa: SIM905
    "to database pool exhausted timeout after key not found index rebuilt shard leader elected called method "
    "returned upstream prematurely closed worker started contact support telephone line card reader phone".split()
)
LEAST_MB_S: Final = 5
WORST_MB_S: Final = 1
ALONE_BYTES: Final = 100_000


class Kind(NamedTuple):
    """A kind of text: what one line of it is like."""

    name: str
    line: Callable[[random.Random], str]
    worst: bool = False


def application(chance: random.Random) -> str:
    """A line as a program logs: a time, ids, an address now and then."""
    words = " ".join(chance.choices(WORDS, k=8))
    who = f" user=u{chance.randrange(999)}@contoso.com" if chance.random() < 0.02 else ""
    return (
        f"2026-03-20T21:{chance.randrange(60):02}:{chance.randrange(60):02}.{chance.randrange(1000):03}Z INFO"
        f" [{chance.getrandbits(64):016x}] pool-{chance.randrange(9)} c.e.shop.Service{chance.randrange(99)}:"
        f" {words} took={chance.randrange(9999)}ms{who}"
    )


def structured(chance: random.Random) -> str:
    """A line of JSON."""
    return json.dumps(
        {
            "ts": 1_774_000_000_000 + chance.randrange(10**9),
            "level": "info",
            "trace_id": f"{chance.getrandbits(128):032x}",
            "msg": " ".join(chance.choices(WORDS, k=6)),
            "order_id": chance.randrange(10**15, 10**16),
            "token_count": chance.randrange(4096),
            "ip": ".".join(str(chance.randrange(256)) for _ in range(4)),
            "email": f"c{chance.randrange(9999)}@contoso.com" if chance.random() < 0.05 else None,
        }
    )


def access(chance: random.Random) -> str:
    """A line of a web server."""
    ip = ".".join(str(chance.randrange(256)) for _ in range(4))
    return (
        f'{ip} - - [20/Mar/2026:21:{chance.randrange(60):02}:00 +0000] "GET /v2/items/{chance.randrange(10**9)}'
        f'?page={chance.randrange(99)} HTTP/1.1" {chance.choice((200, 304, 404, 500))} {chance.randrange(99999)}'
        ' "https://shop.example/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0"'
    )


def trace(chance: random.Random) -> str:
    """A line of a stack trace."""
    return (
        f"\tat com.example.shop.{chance.choice(WORDS)}.Handler$Inner.{chance.choice(WORDS)}(Handler.java:"
        f"{chance.randrange(999)}) ~[shop-core-1.{chance.randrange(99)}.{chance.randrange(9)}.jar:?]"
    )


def customers(chance: random.Random) -> str:
    """A line that is full of customer data."""
    return (
        f"{chance.randrange(9999)};c{chance.randrange(99999)}@contoso.com;+49 30 9018{chance.randrange(100, 999)};"
        f"{chance.choice(CARDS)};{chance.choice(WORDS)} {chance.choice(WORDS)}"
    )


CARDS: Final = ("4111 1111 1111 1111", "5555555555554444", "3782-822463-10005")
USUAL: Final = (
    Kind("an application's log", application),
    Kind("JSON, a line each", structured),
    Kind("a web server's log", access),
    Kind("a stack trace", trace),
)


def repeated(piece: str, times: int) -> Callable[[random.Random], str]:
    """A line that is always the same."""
    return lambda _: piece * times


WORST: Final = (
    Kind("customers, a line each", customers, worst=True),
    Kind("digits alone", lambda c: "".join(c.choices(string.digits, k=100)), worst=True),
    Kind("digits in fours", lambda c: " ".join(f"{c.randrange(10**4):04}" for _ in range(20)), worst=True),
    Kind("numbers of 16 digits", lambda c: " ".join(f"4{c.randrange(10**15):015}" for _ in range(6)), worst=True),
    Kind("@ alone", repeated("@", 100), worst=True),
    Kind("addresses, nearly", repeated("a@b.c ", 17), worst=True),
    Kind("addresses", lambda c: " ".join(f"a{c.randrange(10**6)}@bc.de" for _ in range(7)), worst=True),
    Kind(
        "phone numbers, nearly", lambda c: " ".join(f"+1{c.randrange(10**10):010}" for _ in range(8)), worst=True
    ),
    Kind("phone numbers", lambda c: " ".join(f"+1415555{c.randrange(10**4):04}" for _ in range(8)), worst=True),
    Kind("+ alone", repeated("+", 100), worst=True),
    Kind("words for phones", repeated("tel call phone fax ", 5), worst=True),
    Kind(
        "phones after words",
        lambda c: " ".join(f"tel 415555{c.randrange(10**4):04}" for _ in range(7)),
        worst=True,
    ),
    Kind("names of secrets", repeated("password token= key: secret=", 4), worst=True),
    Kind("one secret in another", repeated("password=", 11), worst=True),
    Kind("secrets", lambda c: "".join(f"pwd={c.randrange(10**9)}a " for _ in range(7)), worst=True),
    Kind("keys that begin", repeated("-----BEGIN PRIVATE KEY-----", 1), worst=True),
    Kind("eyJ, as tokens begin", repeated("eyJ", 33), worst=True),
    Kind("IBANs, nearly", lambda c: " ".join(f"DE{c.randrange(10**20):020}" for _ in range(4)), worst=True),
    Kind("URLs with a colon", repeated("://a:", 20), worst=True),
    Kind("cookies", repeated("cookie: ", 12), worst=True),
    Kind("curl", repeated("curl ", 20), worst=True),
    Kind("marks", repeated("[secret-1]", 10), worst=True),
)


def text(kind: Kind, size: int, *, lines: bool = True) -> bytes:
    """So many bytes of a kind, in one line if wanted."""
    chance = random.Random(SEED)
    # A piece repeated, since making it takes longer than looking through it.
    piece = ("\n" if lines else " ").join(_lines(kind, chance, min(size, 1_000_000))) + ("\n" if lines else " ")
    return (piece * (size // len(piece) + 1)).encode()[:size]


def _lines(kind: Kind, chance: random.Random, size: int) -> Iterator[str]:
    while size > 0:
        line = kind.line(chance)
        size -= len(line) + 1
        yield line


def speed(work: Callable[[], object], size: int, runs: int = 3) -> float:
    """Megabytes a second of this process's own time, the best of some runs: others may be at work beside it."""
    best = min(_seconds(work) for _ in range(runs))
    return size / 1e6 / best


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def least(data: bytes) -> int:
    """The least that a reader of text does."""
    return sum(len(line) for line in io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def alone(data: bytes) -> int:
    """The library for phone numbers over all of it."""
    return sum(1 for _ in phonenumbers.PhoneNumberMatcher(data.decode(), "US"))


def looked(data: bytes) -> Callable[[], object]:
    """A look through a text."""
    return lambda: scan(io.BytesIO(data), limit=len(data), region="US")


def row(kind: Kind, size: int) -> str:
    """A kind's line."""
    data, single = text(kind, size), text(kind, size, lines=False)
    found = scan(io.BytesIO(data), limit=size, region="US").found
    mine, flat = speed(looked(data), size), speed(looked(single), size, 1)
    basis = speed(lambda: least(data), size)
    target = WORST_MB_S if kind.worst else LEAST_MB_S
    return f"{kind.name:<26}{mine:>8.1f}{mine / basis:>10.3f}{flat:>10.1f}{found:>10,}{target:>8}"


def main(megabytes: int) -> None:
    """Print what it takes."""
    size = megabytes * 1_000_000
    print(f"{'':<26}{'MB/s':>8}{'of least':>10}{'one line':>10}{'found':>10}{'target':>8}")
    for kind in (*USUAL, *WORST):
        print(row(kind, size // 4 if kind.worst else size))
    small, usual = text(USUAL[0], ALONE_BYTES), text(USUAL[0], size)
    lone = speed(lambda: alone(small), ALONE_BYTES)
    print(f"{'phonenumbers alone':<26}{lone:>8.2f}   of {ALONE_BYTES:,} bytes of {USUAL[0].name}")
    copied = speed(lambda: redact(io.BytesIO(usual), io.BytesIO(), limit=size, region="US"), size)
    print(f"{'redacting that log':<26}{copied:>8.1f}")
    for name, table in (("lines of the table", lines.ALL), ("lines held out", HELD_OUT)):
        counted, _ = figures(table)
        print(f"{len(table)} {name}:", *counted.table(), sep="\n  ")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
