"""The log's seal as it stands, and seals of before held against it (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from carecli.domain.seal import Proved, Seal, proved, sealed

if TYPE_CHECKING:
    from carecli.store.protocol import Reading


def seal(reading: Reading, position: int | None = None) -> Seal | None:
    """The seal of the log up to a place, or of all of it; None where it does not go so far, or is empty.

    It is taken from the digests as they are stored: that they are those of the events, `care verify` looks.
    """
    at = reading.log_length() if position is None else position
    digests = reading.digests([1, at])
    try:
        return sealed(at, digests[at], digests[1])
    except (KeyError, ValueError):  # not there, or no digest
        return None


def held(reading: Reading, seals: Iterable[Seal], broken: int | None = None) -> Iterator[Proved]:
    """Each seal held against the log, whose first event that does not follow from those before is `broken`."""
    length, first = reading.log_length(), seal(reading, 1)
    for one in seals:
        yield proved(one, length, first, seal(reading, one.position), broken)
