"""Contacts' PINs: kept only as salted memory-hard hashes, and locked after too many wrong ones (DC-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carecli.domain.events import Kind
from carecli.domain.instants import iso
from carecli.domain.pins import Tries, fingerprint
from carecli.errors import Counted, Invalid, NotPermitted, Refused

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from carecli.desk.record import Record
    from carecli.domain.people import Contact

# RFC 9106's second choice: 3 passes over 64 MiB in 4 lanes. Written out, so that a new release of the package
# changes no desk unseen; what a PIN was hashed by stands in its hash.
PASSES, MEMORY_KIB, LANES = 3, 65_536, 4


def hasher() -> PasswordHasher:
    """Argon2id with this desk's parameters."""
    # Imported here: few commands have to do with PINs.
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hashed(pin: str) -> str:
    """The hash to keep; raises Invalid for a PIN that is not 4 to 12 digits."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise Invalid("a PIN has 4 to 12 digits", hint="give another one", rule="DC-4")
    return hasher().hash(pin)


def matches(hash_: str | None, pin: str) -> bool:
    """Whether this is the PIN that was hashed; where there is none it takes as long, and it is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    # What is no text on the command line is no PIN, and takes its time as any other.
    given = pin.encode("utf-8", "surrogatepass")
    if hash_ is None:
        hasher().hash(given)
        return False
    try:
        return hasher().verify(hash_, given)
    except VerificationError:
        return False
    except InvalidHashError:  # damage, which `care verify` names
        hasher().hash(given)
        return False


def outdated(hash_: str) -> bool:
    """Whether a PIN was hashed by other parameters than today's."""
    from argon2.exceptions import InvalidHashError

    try:
        return hasher().check_needs_rehash(hash_)
    except InvalidHashError:
        return False


def put(record: Record, email: str, pin: str) -> None:
    """Keep a new PIN, on the record by its fingerprint; what was tried in vain before is forgotten."""
    _keep(record, email, hashed(pin))
    record.writing.put_pin_tries(email, Tries())


def take_away(record: Record, email: str) -> None:
    """Take a contact's PIN away, on the record."""
    record.writing.put_pin_hash(email, None)
    record.writing.put_pin_tries(email, Tries())
    record.desk_event(Kind.PIN_SET, {"email": email, "fingerprint": None})


def unlock(record: Record, email: str) -> None:
    """Let a contact's PIN be tried again at once."""
    record.writing.put_pin_tries(email, Tries())


def _keep(record: Record, email: str, hash_: str, **more: Any) -> None:
    record.writing.put_pin_hash(email, hash_)
    record.desk_event(Kind.PIN_SET, {"email": email, "fingerprint": fingerprint(hash_), **more})


def prove(record: Record, email: str, contact: Contact | None, pin: str | None) -> None:
    """Check the PIN of a caller who says to be `email`; `contact` is None where there is no such one (DC-4).

    An unknown caller, one without a PIN and a wrong PIN get the same words after the same time. Raises Refused
    where none is given, and NotPermitted for a wrong or locked one, which counts.
    """
    if pin is None:
        raise Refused("the policy asks for the caller's PIN", hint="give it with --pin -", rule="DC-4")
    named = email.strip()[:254]
    tries, rule = record.writing.pin_tries(named), record.policy().pins
    until = tries.locked_until(rule, record.now)
    if until:
        raise NotPermitted(
            f"the PIN of {named} is locked until {iso(until)}, after {tries.failures} wrong ones in a row",
            hint=_unlocking(named),
            rule="DC-4",
        )
    hash_ = record.writing.pin_hash(contact.email) if contact else None
    if not matches(hash_, pin):
        raise _wrong(record, named, contact)
    if tries.failures:
        record.writing.put_pin_tries(named, Tries())
    if contact and hash_ and outdated(hash_):
        _keep(record, contact.email, hasher().hash(pin), why="older parameters")


def _wrong(record: Record, named: str, contact: Contact | None) -> Counted:
    """The refusal of a wrong PIN, which keeps the try whatever else comes of the transaction."""
    rule = record.policy().pins
    tries = record.writing.pin_tries(named).failed(record.now)
    until = tries.locked_until(rule, record.now)
    # Another account's contact is locked out as well: who did that is on record.
    locked = contact or record.writing.contact(named)

    def count() -> None:
        record.writing.put_pin_tries(named, record.writing.pin_tries(named).failed(record.now))
        if until and locked:
            told = {"email": locked.email, "failures": tries.failures, "until": iso(until)}
            record.desk_event(Kind.PIN_LOCKED, told)

    told = f": wrong {tries.failures} times in a row, it is locked until {iso(until)}" if until else ""
    hint = "ask the caller again; nothing was changed" if until is None else _unlocking(named)
    return Counted(f"this is not the PIN of {named}{told}", count, hint=hint, rule="DC-4")


def _unlocking(named: str) -> str:
    return f"call back by a number that you know; an admin unlocks it: care contact edit {named} --unlock-pin"
