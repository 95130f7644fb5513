"""Between events and what rows hold: canonical JSON and the chain of digests (AUD-1)."""

import json
from collections.abc import Mapping
from typing import Any, Final

from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.instants import instant, iso
from carecli.domain.vocabulary import Via, Visibility

EventRow = tuple[int, int | None, int, str, str, str, str, str, str, str]
EVENT_COLUMNS: Final = "position, number, seq, at, actor, via, kind, visibility, data, digest"
GENESIS: Final = ""
"""What stands before the first digest."""

_DUMP: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(document: object) -> str:
    """The one JSON text of a value: keys sorted, no blanks, ASCII alone; raises ValueError for NaN."""
    return _DUMP(document)


def content_hash(document: Mapping[str, Any]) -> str:
    """The SHA-256, in hex, by which a policy or calendar document is known (SLA-8)."""
    return _sha256(canonical(document))


def folded(name: str) -> str:
    """A name as it is compared: without letter case."""
    return name.casefold()


def event_digest(previous: str, number: int | None, seq: int, event: Event) -> str:
    """The digest of an event behind the one before it in the desk's log (AUD-1)."""
    return chained(previous, digested(number, seq, event))


def digested(number: int | None, seq: int, event: Event) -> str:
    """What of an event its digest is made of, but for what it is chained to."""
    content = [number, seq, iso(event.at), event.actor, event.via, event.kind, event.visibility, event.data]
    return canonical(content)


def chained(previous: str, content: str) -> str:
    """The digest of what `digested` tells of an event, behind the digest before it."""
    # The list that begins with the digest before it: that is hexadecimal, and needs no quoting.
    return _sha256(f'["{previous}",{content[1:]}')


def event_row(recorded: Recorded) -> EventRow:
    """An event in its place as the row that holds it."""
    event = recorded.event
    return (
        recorded.position,
        recorded.number,
        recorded.seq,
        iso(event.at),
        event.actor,
        event.via.value,
        event.kind.value,
        event.visibility.value,
        canonical(event.data),
        recorded.digest,
    )


def recorded(row: EventRow) -> Recorded:
    """Read what `event_row` wrote."""
    position, number, seq, at, actor, via, kind, visibility, data, digest = row
    event = Event(instant(at), actor, Via(via), Kind(kind), Visibility(visibility), json.loads(data))
    return Recorded(position, number, seq, event, digest)


def text_hash(text: str) -> str:
    """The SHA-256, in hex, of a text as it is stored, which need not be one that this program wrote."""
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sha256(text: str) -> str:
    # Imported here: it loads a cryptographic library, and who only reads needs none.
    from hashlib import sha256

    return sha256(text.encode("ascii")).hexdigest()
