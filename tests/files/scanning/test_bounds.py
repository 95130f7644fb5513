"""Four times as long takes four times as long, whatever stands in it; and memory does not grow at all (ATT-2)."""

import io
import time
import tracemalloc

import pytest
import scanning
from files.scanning.samples import LIMIT

from carecli.files.scanning import Marks, redact, scan

KINDS = (*scanning.USUAL, *scanning.WORST)


def _seconds(data: bytes) -> float:
    start = time.process_time()
    scan(io.BytesIO(data), limit=LIMIT, region="US")
    return time.process_time() - start


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("lines", [True, False], ids=["lines", "one line"])
def test_time_grows_as_the_text_does(kind: scanning.Kind, lines: bool) -> None:
    """ATT-2: no input is quadratic: four times the text would take sixteen times as long."""
    small, large = (scanning.text(kind, size, lines=lines) for size in (20_000, 80_000))
    _seconds(small)
    best = min(_seconds(small) for _ in range(3))
    assert min(_seconds(large) for _ in range(2)) < 12 * best + 0.05


class _Endless(io.RawIOBase):
    """A line without end, made as it is read."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._piece = (b"a word and no more " * 200 + b"4111 1111 1111 1111 and jane@contoso.com ") * 70

    def read(self, size: int = -1, /) -> bytes:
        found = self._piece[: min(size, self._left)]
        self._left -= len(found)
        return found


class _Nowhere(io.RawIOBase):
    def write(self, data: object, /) -> int:
        return len(data)  # type: ignore[arg-type]


def test_memory_does_not_grow_with_a_line() -> None:
    """ATT-2: a line of a gigabyte is looked through and copied in the memory of a short one."""
    peaks = []
    for size in (1_000_000, 4_000_000):
        tracemalloc.start()
        redact(_Endless(size), _Nowhere(), limit=LIMIT, marks=Marks())  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
    assert peaks[1] < 32 * 2**20
