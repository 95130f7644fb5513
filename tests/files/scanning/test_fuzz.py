"""Whatever a file holds, looking through it raises nothing but what a person is told (ATT-2).

A second in the common run; CARE_FUZZ_S gives more.
"""

import gzip
import io
import os
import random
import time
import tracemalloc
from collections.abc import Callable, Sequence

import pytest
from files.scanning.samples import CARD_LINE, PATTERNS, PLANTED, tarred, zipped

from carecli.errors import CareError
from carecli.files.scanning import redact, scan

SECONDS = float(os.environ.get("CARE_FUZZ_S", "1"))
LIMIT = 2_000_000
SIGNS = [value.encode() for _, value in PLANTED] + [
    *(
        b"password=",
        b"token: ",
        b"-----BEGIN PRIVATE KEY-----",
        b"[secret-1]",
        b"://a:",
        b"@",
        b"+",
        b"tel ",
        b"\n",
    ),
    *(b"\0", b"\xff\xfe", b"PK\x05\x06", b"ustar", b"\x1f\x8b\x08", b"eyJ", b"cookie:", b"iban ", b"\xd8\x00"),
]


def _noise(chance: random.Random) -> bytes:
    return b"".join(
        chance.choice(SIGNS) if chance.random() < 0.7 else chance.randbytes(chance.randrange(9))
        for _ in range(chance.randrange(80))
    )


def _broken(chance: random.Random, data: bytes) -> bytes:
    """The data with some bytes changed, taken out or doubled."""
    found = bytearray(data)
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(4):
            case 0:
                found[at : at + 1] = chance.randbytes(1)
            case 1:
                del found[at : at + chance.randrange(40)]
            case 2:
                found[at:at] = found[max(0, at - 30) : at]
            case _:
                found[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
    return bytes(found)


def _gzip(chance: random.Random) -> bytes:
    return _broken(chance, gzip.compress(_noise(chance)) + gzip.compress(_noise(chance)))


def _zip(chance: random.Random) -> bytes:
    inner = zipped({"i": _noise(chance)})
    return _broken(chance, zipped({"a": _noise(chance), "b.zip": inner, "c.gz": gzip.compress(CARD_LINE)}))


def _tar(chance: random.Random) -> bytes:
    data = _broken(chance, tarred({"a" * chance.randrange(1, 300): _noise(chance), "b": _noise(chance)}))
    return gzip.compress(data) if chance.random() < 0.5 else data


MAKERS: Sequence[Callable[[random.Random], bytes]] = (_noise, _gzip, _zip, _tar)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_nothing_is_raised_but_what_a_person_is_told(make: Callable[[random.Random], bytes]) -> None:
    """ATT-2: for bytes at random, and archives broken at random; a copy that is made holds nothing any more."""
    chance = random.Random(int(os.environ.get("CARE_FUZZ_SEED", "1")))
    end = time.monotonic() + SECONDS
    tracemalloc.start()
    try:
        while time.monotonic() < end:
            data = make(chance)
            scan(io.BytesIO(data), limit=LIMIT, patterns=PATTERNS, region="US")
            out = io.BytesIO()
            try:
                redact(io.BytesIO(data), out, limit=LIMIT, patterns=PATTERNS, region="US")
            except CareError:
                continue
            again = scan(io.BytesIO(out.getvalue()), limit=LIMIT, patterns=PATTERNS, region="US")
            assert again.findings == (), data
        assert tracemalloc.get_traced_memory()[1] < 48 * 2**20
    finally:
        tracemalloc.stop()
