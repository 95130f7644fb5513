"""Policies and calendars that are not those that were recorded (AUD-1, SLA-8)."""

from collections.abc import Iterator, Mapping

from carecli.domain.verify import UNTOLD, Difference, Kept, Part
from carecli.store import codec
from carecli.store.session import Connection


def document_faults(db: Connection, told: Mapping[str, Kept]) -> Iterator[Difference]:
    """Policies and calendars that are not what their content hash says; `told` has each by its hash."""
    left = {digest: kind for digest, (kind, _) in told.items()}
    for digest, kind, body in db.execute("SELECT digest, kind, body FROM documents ORDER BY digest"):
        if left.pop(digest, None) != kind:
            yield _document(digest, f"{kind} {digest[:12]} is stored, and {UNTOLD}")
        if codec.text_hash(body) != digest:
            yield _document(digest, f"{kind} {digest[:12]} is not what its content hash says")
    for digest, kind in left.items():
        yield _document(digest, f"{kind} {digest[:12]} was recorded and is not stored")
    for name, digest in db.execute("SELECT name, digest FROM calendar_digests ORDER BY name"):
        if digest not in told or told[digest][0] != "calendar":
            what = f"the calendar of {name} is said to be {str(digest)[:12]}, which is none"
            yield Difference(None, Part.CALENDAR, what, name)


def _document(digest: str, what: str) -> Difference:
    return Difference(None, Part.DOCUMENT, what, digest)
