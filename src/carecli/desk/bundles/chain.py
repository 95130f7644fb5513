"""Whether the events of a bundle are what their digests say, and follow one another as in the log (IMP-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from carecli.domain.bundle import Fault, Part
from carecli.domain.events import Recorded
from carecli.domain.numbers import parse_number
from carecli.errors import CareError
from carecli.store.codec import GENESIS, event_digest

Document = Mapping[str, Any]


def chain(told: Document, history: Sequence[tuple[Recorded, str | None]]) -> Iterator[Fault]:
    """Events that are not what their digest says, or do not follow one another (AUD-1)."""
    number = _number(told)
    before: Recorded | None = None
    for place, (entry, previous) in enumerate(history, 1):
        if entry.seq != place:
            yield Fault(Part.CHAIN, nth(place), f"event {place} of the case is missing: {entry.seq} follows")
            return
        if before and entry.position <= before.position:
            yield Fault(Part.CHAIN, nth(place), "stands before the one that it follows in the desk's log")
        if previous != _behind(before, entry, previous):
            yield Fault(Part.CHAIN, nth(place), "is not chained to the event before it")
        if previous is None or event_digest(previous, number, entry.seq, entry.event) != entry.digest:
            yield Fault(Part.CHAIN, nth(place), "is not what its digest says: changed, moved or put in")
        before = entry


def _behind(before: Recorded | None, entry: Recorded, said: str | None) -> str | None:
    """The digest that an event must be chained to; where other cases' events came between, only the desk knows."""
    if before and entry.position == before.position + 1:
        return before.digest
    return GENESIS if entry.position == 1 else said


def _number(told: Document) -> int | None:
    try:
        return parse_number(str(told.get("number")))
    except CareError:
        return None


def nth(place: int) -> str:
    """An event by its place in the bundle."""
    return f"event {place}"
