"""Contacts' PINs: kept only as salted memory-hard hashes (DC-4)."""

from carecli.errors import Invalid


def hashed(pin: str) -> str:
    """The hash to keep; raises Invalid for a PIN that is not 4 to 12 digits."""
    from argon2 import PasswordHasher

    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 12):
        raise Invalid("a PIN has 4 to 12 digits", hint="give another one", rule="DC-4")
    return PasswordHasher().hash(pin)


def matches(hash_: str, pin: str) -> bool:
    """Whether this is the PIN that was hashed."""
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        return PasswordHasher().verify(hash_, pin)
    except VerificationError:
        return False
