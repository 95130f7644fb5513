"""PINs that somebody swapped behind the desk's back (DC-4, AUD-1)."""

from collections.abc import Iterator, Mapping

from carecli.domain.pins import fingerprint
from carecli.domain.verify import Difference, Part
from carecli.store.session import Connection


def pin_faults(db: Connection, told: Mapping[str, str | None]) -> Iterator[Difference]:
    """PINs whose hash is not the one of the last event that set it; `told` has fingerprints by folded address.

    One that no event tells of was set by an older release: nobody can say more.
    """
    stored = dict(db.execute("SELECT email, pin_hash FROM contacts WHERE pin_hash IS NOT NULL"))
    for email, known in sorted(told.items()):
        hashed = stored.get(email)
        if (None if hashed is None else fingerprint(hashed)) != known:
            yield Difference(None, Part.CONTACT, f"pin_hash {_how(hashed, known)}", email)


def _how(hashed: object, known: str | None) -> str:
    if hashed is None:
        return "is gone, and no event took it away"
    return "is there, and its last event took it away" if known is None else "is not the one that was set"
