"""Seals: a log's place and digest in few words, to be kept elsewhere and held against the log later (AUD-1).

`care1-65-k3m9x2-4k7q2m9x-dd83hvw0-p5r6s7t8-v9w0x1y2-c7t2`: the form, the place in the log, the mark of the desk
(30 bits of its first event's digest), 160 bits of the digest at that place, and four characters by which a typing
error is told from another digest. As each event is chained to all before it, it speaks for the whole log so far.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from carecli.errors import Invalid

FORM: Final = "care1"
_FAMILY: Final = "care"
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter in it is taken for a digit."""
_MISREAD: Final = str.maketrans("ilo", "110")
_DESK: Final = 6
_DIGEST: Final = 32
_GROUP: Final = 8
_CHECK: Final = 4
_PLACES: Final = 15
"""Digits of a place in the log, at most."""
_REMEDY: Final = "copy it whole, as `care verify --seal` printed it"


class Seal(NamedTuple):
    """A place in a log, the mark of its desk, and the beginning of the digest there."""

    position: int
    desk: str
    digest: str

    def __str__(self) -> str:
        return written(self)


class Proof(StrEnum):
    """What holding a seal against a log has shown."""

    HOLDS = "holds"
    CHANGED = "changed"
    BROKEN = "broken"
    CUT = "cut"
    OTHER_DESK = "other-desk"


class Proved(NamedTuple):
    """A seal and what it showed; `event` is the first that is not as recorded where the chain itself is broken."""

    seal: Seal
    proof: Proof
    length: int
    event: int | None = None


def sealed(position: int, digest: str, first: str) -> Seal:
    """The seal of a log up to a place, from the digests (in hex) there and of the log's first event."""
    return Seal(position, _words(first, _DESK), _words(digest, _DIGEST))


def written(seal: Seal) -> str:
    """A seal as it is printed, with what tells a typing error."""
    groups = [seal.digest[at : at + _GROUP] for at in range(0, _DIGEST, _GROUP)]
    return "-".join([FORM, str(seal.position), seal.desk, *groups, _check(seal)])


def parse_seal(text: str) -> Seal:
    """Read a seal in any letter case, blanks around and hyphens within it aside.

    Raises Invalid for what is no seal, one of a later form, and one with a typing error.
    """
    words = "".join(text.split()).lower().split("-")
    if not words[0].startswith(_FAMILY) or not words[0][len(_FAMILY) :].isdecimal() or len(words) < 3:
        raise Invalid(f"{text[:60]!r} is no seal", hint=_REMEDY, rule="AUD-1")
    if words[0] != FORM:
        raise Invalid(f"this care does not know seals of the form {words[0]}", hint="upgrade it", rule="AUD-1")
    place, rest = words[1], "".join(words[2:]).translate(_MISREAD)
    if not _readable(place, rest):
        raise Invalid("the seal is incomplete, or holds what no seal does", hint=_REMEDY, rule="AUD-1")
    seal = Seal(int(place), rest[:_DESK], rest[_DESK:-_CHECK])
    if _check(seal) != rest[-_CHECK:]:
        raise Invalid("the seal has a typing error: its check characters do not fit", hint=_REMEDY, rule="AUD-1")
    return seal


def proved(seal: Seal, length: int, first: Seal | None, here: Seal | None, broken: int | None = None) -> Proved:
    """Hold a seal against a log of this length, by the log's own seals of its first event and at the same place.

    `broken` is the first event, if any, that does not follow from those before it.
    """
    if first and first.desk != seal.desk:
        proof = Proof.OTHER_DESK
    elif here is None:
        proof = Proof.CUT
    elif here.digest != seal.digest:
        proof = Proof.CHANGED
    else:
        proof = Proof.HOLDS if broken is None or broken > seal.position else Proof.BROKEN
    return Proved(seal, proof, length, broken if proof is Proof.BROKEN else None)


def _readable(place: str, rest: str) -> bool:
    digits = place.isascii() and place.isdecimal() and not place.startswith("0") and len(place) <= _PLACES
    return digits and len(rest) == _DESK + _DIGEST + _CHECK and not set(rest) - set(_ALPHABET)


def _words(digest: str, many: int) -> str:
    """The first bits of a digest in hex, five to a character."""
    bits = int(digest, 16) >> (4 * len(digest) - 5 * many)
    return "".join(_ALPHABET[bits >> 5 * place & 31] for place in reversed(range(many)))


def _check(seal: Seal) -> str:
    # Imported here: who only reads a log needs no cryptographic library.
    from hashlib import sha256

    text = f"{FORM}-{seal.position}-{seal.desk}-{seal.digest}"
    return _words(sha256(text.encode("ascii")).hexdigest(), _CHECK)
