"""Addresses: who somebody is here, contact or staff, and nobody twice (ACC-4)."""

from carecli.errors import Invalid, Refused
from carecli.store.protocol import Reading


def refuse_known(reading: Reading, email: str) -> None:
    """Raise Refused for an address that is somebody's already."""
    if reading.contact(email) or reading.staff_member(email):
        raise Refused(f"{email} is known here already", hint="change it with `edit`", rule="ACC-4")


def address_or_none(text: str | None) -> str | None:
    """An address where there is one; raises Invalid."""
    return address(text) if text else None


def address(text: str) -> str:
    """An e-mail address as we keep it; what could break a mail's header never gets in."""
    local, at, domain = text.strip().rpartition("@")
    plain = text.isprintable() and text.count("@") == 1 and not any(c in text for c in ' ,;:<>()[]"\\')
    if not (local and at and domain and plain and len(text) <= 254):
        raise Invalid(f"{text[:80]!r} is no e-mail address", hint="give it as name@example.com")
    return text.strip().lower()
