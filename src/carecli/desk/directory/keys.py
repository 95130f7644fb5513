"""SSH keys of people: each tells one person from all others (DC-3)."""

from collections.abc import Sequence
from typing import Final

from carecli.desk.record import Record
from carecli.domain.events import Kind
from carecli.domain.people import Contact, Staff
from carecli.errors import Refused
from carecli.store.protocol import Reading


def with_keys(record: Record, email: str, old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Somebody's keys with others added; a key tells one person from all others. Raises Refused."""
    if not new:
        return tuple(old)
    # Imported here: few people come by the gate.
    from carecli.domain.ssh_key import fingerprint, joined

    people: list[Contact | Staff] = [*record.writing.contacts(), *record.writing.staff()]
    for one in people:
        shared = set(new) & set(one.ssh_keys) if one.email != email else set()
        if shared:
            what = f"{one.email} has the SSH key {fingerprint(min(shared))} already"
            raise Refused(what, hint="each person has keys of their own: ssh-keygen -t ed25519 makes one")
    return joined(old, new)


def brought(reading: Reading) -> set[tuple[str, str]]:
    """The keys, each with whose it is, that came with another desk's log: they let nobody in (DC-3, IMP-1).

    Whoever wrote that log chose them. Taken away and given anew, a key is this desk's own.
    """
    adopted, _ = reading.adopted_log()
    held: dict[str, set[str]] = {}
    theirs: set[tuple[str, str]] = set()
    if not adopted:
        return theirs
    with reading.checking() as checking:
        for entry in checking.desk_history():
            if entry.event.kind in _PEOPLE:
                email, keys = entry.event.data["email"], set(entry.event.data.get("ssh_keys", ()))
                new = {(email, key) for key in keys - held.get(email, set())}
                theirs = theirs | new if entry.position <= adopted else theirs - new
                held[email] = keys
    return theirs


_PEOPLE: Final = frozenset({Kind.CONTACT_ADDED, Kind.CONTACT_CHANGED, Kind.STAFF_ADDED, Kind.STAFF_CHANGED})
