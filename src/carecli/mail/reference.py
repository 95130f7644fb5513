"""References that only this desk can make: in subjects and bodies, and within Message-IDs (MAIL-1).

A reference names a case and carries a keyed hash of its number. Whoever has one was sent it; the number alone,
which runs in order, opens nothing.
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterator
from typing import Final

from carecli.domain.numbers import written
from carecli.domain.reference_key import KeyRing

_HASH_CHARS: Final = 16
"""Of base32: 80 bits, far more than anybody can try by mail."""

_IN_TEXT: Final = re.compile(rf"ref:(\d{{10}})-([a-z2-7]{{{_HASH_CHARS}}})(?![a-z2-7])", re.IGNORECASE | re.ASCII)
_IN_ID: Final = re.compile(
    rf"<?(\d{{10}})\.(\d{{1,18}})\.([a-z2-7]{{{_HASH_CHARS}}})@[^<>\s]*>?", re.IGNORECASE | re.ASCII
)


def reference(key: bytes, number: int) -> str:
    """The Reference ID of a case: `ref:0000000042-` and 16 characters."""
    return f"ref:{written(number)}-{_hash(key, 'case', written(number))}"


def message_id(key: bytes, number: int | None, place: int, domain: str) -> str:
    """The Message-ID of the mail with that place among those of a case, or (number None) of those about none."""
    of = f"{written(number or 0)}.{place}"
    return f"<{of}.{_hash(key, 'message', of)}@{domain}>"


def numbers(keys: KeyRing, text: str) -> Iterator[int]:
    """The cases whose Reference ID stands in a text, each once, in order."""
    seen = set[int]()
    for found in _IN_TEXT.finditer(text):
        number, told = found.groups()
        if int(number) not in seen and _vouched(keys, "case", number, int(number), told):
            seen.add(int(number))
            yield int(number)


def number_in(keys: KeyRing, message_id: str) -> int | None:
    """The case of a Message-ID that this desk made, 0 where its mail was about none; None for any other."""
    found = _IN_ID.fullmatch(message_id.strip())
    if not found:
        return None
    number, place, told = found.groups()
    return int(number) if _vouched(keys, "message", f"{number}.{place}", int(number), told) else None


def _vouched(keys: KeyRing, purpose: str, text: str, number: int, told: str) -> bool:
    """Whether a hash is that of this desk: by its key, or by one of before that reaches so far."""
    return any(_same(told, _hash(key, purpose, text)) for key in keys.vouching(number))


def _hash(key: bytes, purpose: str, text: str) -> str:
    digest = hmac.digest(key, f"{purpose}/{text}".encode("ascii"), "sha256")
    return b32encode(digest[:10]).decode("ascii").lower()


def _same(told: str, true: str) -> bool:
    return hmac.compare_digest(told.lower().encode("ascii"), true.encode("ascii"))
