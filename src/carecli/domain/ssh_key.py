"""Public keys of SSH as people hand them in: read to the last byte, so that a line with one holds nothing else."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from carecli.errors import CareError, Invalid, Refused

ED25519: Final = "ssh-ed25519"
RSA: Final = "ssh-rsa"
_CURVES: Final = {"ecdsa-sha2-nistp256": 65, "ecdsa-sha2-nistp384": 97, "ecdsa-sha2-nistp521": 133}
"""How many bytes a point takes on each curve."""
_SK: Final = "@openssh.com"
_SK_POINTS: Final = {f"sk-{ED25519}{_SK}": 32, f"sk-ecdsa-sha2-nistp256{_SK}": 65}
"""Keys that live on a token."""
TYPES: Final = (ED25519, *_CURVES, *_SK_POINTS, RSA)
RSA_LEAST: Final = 2048
"""The fewest bits of an RSA key."""
RSA_MOST: Final = 16_384
TEXT_MAX: Final = 16_384
"""The most characters of a key with its comment."""
MOST: Final = 20
"""The most keys of one person."""

_MEND: Final = "hand in the one line of a .pub file: ssh-keygen -t ed25519 makes one"


def is_key(text: str) -> bool:
    """Whether a text is meant as a key rather than as the name of a file that holds one."""
    return text.lstrip().partition(" ")[0] in TYPES


def parsed(text: str) -> str:
    """A public key as it is kept, `ssh-ed25519 AAAA...`, its comment left out; raises Invalid.

    Options before the key, certificates, private keys, old types and short RSA keys are refused.
    """
    line = text.strip()
    if len(text) > TEXT_MAX or "PRIVATE KEY" in line:
        what = "this is the private half of a key" if "PRIVATE KEY" in line else "this is too long for a key"
        raise Invalid(what, hint=_MEND)
    if len(line.splitlines()) != 1 or not line.isprintable():
        raise Invalid("an SSH key is one line of text", hint=_MEND)
    type_, _, rest = line.partition(" ")
    if type_ not in TYPES:
        raise Invalid(f"{type_[:40]!r} is no type of SSH key that is taken", hint=f"one of: {', '.join(TYPES)}")
    blob = _decoded(rest.split(" ")[0])
    _check(type_, list(_fields(blob)))
    return f"{type_} {base64.b64encode(blob).decode()}"


def is_sound(key: str) -> bool:
    """Whether a key that is kept is one, to the last byte."""
    try:
        return parsed(key) == key
    except CareError:
        return False


def fingerprint(key: str) -> str:
    """What `ssh-keygen -l` calls a key that is kept: `SHA256:...`."""
    digest = sha256(base64.b64decode(key.split(" ")[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def joined(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """The keys of a person with others added, each once; raises Refused where they are too many."""
    keys = tuple(dict.fromkeys([*old, *new]))
    if len(keys) > MOST:
        raise Refused(f"nobody has more than {MOST} SSH keys", hint="--no-ssh-keys takes away those of before")
    return keys


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise _broken() from None


def _fields(blob: bytes) -> Iterator[bytes]:
    """The fields of a key: each has its length in four bytes before it."""
    place = 0
    while place < len(blob):
        length = int.from_bytes(blob[place : place + 4])
        field = blob[place + 4 : place + 4 + length]
        if len(blob) < place + 4 or len(field) != length:
            raise _broken()
        yield field
        place += 4 + length


def _check(type_: str, fields: Sequence[bytes]) -> None:
    if not fields or fields[0] != type_.encode() or not _is_whole(type_, fields[1:]):
        raise _broken()


def _is_whole(type_: str, fields: Sequence[bytes]) -> bool:
    """Whether the fields behind the type are those of a key of this type, none more."""
    match fields:
        case [point] if type_ == ED25519:
            return len(point) == 32
        case [curve, point] if type_ in _CURVES:
            return type_.encode() == b"ecdsa-sha2-" + curve and _is_point(point, _CURVES[type_])
        case [point, _] if type_ == f"sk-{ED25519}{_SK}":
            return len(point) == _SK_POINTS[type_]
        case [b"nistp256", point, _] if type_ in _SK_POINTS:
            return _is_point(point, _SK_POINTS[type_])
        case [exponent, modulus] if type_ == RSA and all(number[:1] < b"\x80" for number in fields):
            _check_size(int.from_bytes(modulus).bit_length())
            return int.from_bytes(exponent) > 1
        case _:
            return False


def _is_point(point: bytes, length: int) -> bool:
    return len(point) == length and point[0] == 4


def _check_size(bits: int) -> None:
    if not RSA_LEAST <= bits <= RSA_MOST:
        raise Invalid(f"an RSA key of {bits} bits is not taken, {RSA_LEAST} are the least", hint=_MEND)


def _broken() -> Invalid:
    return Invalid("this SSH key is damaged", hint=_MEND)
