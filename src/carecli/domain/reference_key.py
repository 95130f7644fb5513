"""The key of mail references, and those of before, which open what was sent with them for a while (MAIL-1)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from carecli.domain.instants import instant, iso
from carecli.errors import Failed

KEY_BYTES: Final = 32
HEAD: Final = (
    "# The key of care's mail references. Whoever has it can write into cases by mail: keep it to yourself,\n"
    "# with a copy of it apart from the backups of the database. The first line signs; older ones end.\n"
)


class Older(NamedTuple):
    """A key of before: it vouches for cases up to a number, until an instant."""

    key: bytes
    upto: int
    until: datetime

    def __repr__(self) -> str:
        return f"Older({fingerprint(self.key)}, {self.upto}, {iso(self.until)})"


class KeyRing(NamedTuple):
    """The key by which references are made, and those of before."""

    key: bytes
    older: tuple[Older, ...] = ()

    def __repr__(self) -> str:
        return f"KeyRing({fingerprint(self.key)}, {self.older!r})"

    def at(self, now: datetime) -> "KeyRing":
        """Without the keys that have ended."""
        return KeyRing(self.key, tuple(each for each in self.older if now < each.until))

    def renewed(self, key: bytes, upto: int, until: datetime) -> "KeyRing":
        """A new key, and this one kept for the cases that there are."""
        return KeyRing(key, (Older(self.key, upto, until), *self.older))

    def vouching(self, number: int) -> Iterator[bytes]:
        """The keys that vouch for a case of that number."""
        yield self.key
        yield from (each.key for each in self.older if number <= each.upto)


def fingerprint(key: bytes) -> str:
    """What stands for a key where people read."""
    return f"sha256:{sha256(key).hexdigest()[:16]}"


def written(ring: KeyRing) -> str:
    """The keys as they are kept in a file: one a line, older ones with how far they reach."""
    older = (f"{_text(each.key)} upto {each.upto} until {iso(each.until)}\n" for each in ring.older)
    return f"{HEAD}{_text(ring.key)}\n{''.join(older)}"


def read(text: str) -> KeyRing:
    """Read what `written` wrote; semicolons part lines as well. Raises Failed, which names the line alone."""
    lines = [(place, line) for place, line in enumerate(text.splitlines(), 1) if not line.lstrip().startswith("#")]
    told = [(place, part.split()) for place, line in lines for part in line.split(";") if part.split()]
    if not told or len(told[0][1]) != 1:
        raise _unread("its first line is no key alone")
    (place, (first,)), *others = told
    return KeyRing(_key(place, first), tuple(_older(place, words) for place, words in others))


def _key(place: int, word: str) -> bytes:
    try:
        key = urlsafe_b64decode(word.encode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES or _text(key) != word:
        raise _unread(f"line {place} has no key")
    return key


def _older(place: int, words: list[str]) -> Older:
    try:
        key, upto, number, until, at = words
        if (upto, until) == ("upto", "until"):
            return Older(_key(place, key), int(number), instant(at))
    except ValueError:
        pass
    raise _unread(f"line {place} is no older key: KEY upto NUMBER until INSTANT")


def _unread(why: str) -> Failed:
    hint = "put back the file as `care mail key renew` wrote it; without it: care mail key renew --forget"
    return Failed(f"the key of mail references: {why}", hint=hint, rule="MAIL-1")


def _text(key: bytes) -> str:
    return urlsafe_b64encode(key).decode("ascii")
