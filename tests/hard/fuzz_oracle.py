"""Judges from outside whether a message may change a case: it knows the desk's secrets, and none of its code.

It is generous where it may be (a secret counts wherever and however it stands in a message), as it says only what
must not happen.
"""

import base64
import binascii
import email
import quopri
import re
from collections.abc import Iterator, Mapping
from email import policy
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html import unescape
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

NESTED = 3
"""How deep messages within messages, and codes within codes, are followed."""

CHARSETS = ("utf-8", "cp1252", "latin-1")
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


class Truth(NamedTuple):
    """Of each case what only its mail holds (lower case, no `<`, no domain), and who may write into it."""

    secrets: Mapping[int, frozenset[str]]
    message_ids: Mapping[int, frozenset[str]]
    writers: Mapping[int, frozenset[str]]
    staff: frozenset[str]
    server: str
    """The one whose word on a sender counts."""

    def against_update(self, raw: bytes, number: int, sender: str | None) -> str | None:
        """What speaks against a message having become an update of a case; None where nothing does."""
        named = _lower(sender or "")
        if not holds(raw, self.secrets[number]):
            return "it holds no reference of the case"
        if named not in {*self.writers[number], *self.staff}:
            return f"{named} may not write into the case"
        if named not in senders(raw):
            return f"its From does not name {named}"
        if robot(raw):
            return "a program wrote it"
        if named in self.staff and not self._vouched(raw, named.partition("@")[2]):
            return "nothing vouches for a member of staff"
        return None

    def against_bounce(self, raw: bytes, number: int) -> str | None:
        """What speaks against a message having told of a failed mail of a case; None where nothing does."""
        return None if holds(raw, self.message_ids[number]) else "it holds no Message-ID of a mail of the case"

    def _vouched(self, raw: bytes, domain: str) -> bool:
        """Whether the server's own name stands first in a header that has a pass for the domain."""
        passed = re.compile(rf"=\s*pass\b[^;]*[=@.\s]{re.escape(domain)}\b")
        told = (_lower(value).partition(";") for value in _headers(raw, "authentication-results"))
        return any(self.server in first and passed.search(rest) for first, _, rest in told)


def holds(raw: bytes, secrets: frozenset[str]) -> bool:
    """Whether one of these stands in a message, in any code that mail knows."""
    return any(secret in text for text in map(_bare, _texts(raw, NESTED)) for secret in secrets)


def senders(raw: bytes) -> set[str]:
    """Whom the From headers may name, as Python's email package reads them in its old way or in its new.

    Behind an address without quotes Python 3.11.2 does not see the one in angle brackets; newer ones do.
    """
    heads = _headers(raw, "from")
    found = {_lower(address) for _, address in getaddresses(heads)}
    found |= {_lower(address) for head in heads for address in re.findall(r"<([^<>]+)>", head)}
    try:
        modern = email.message_from_bytes(raw.lstrip(b"\r\n"), policy=policy.default)
        found |= {_lower(address.addr_spec) for head in modern.get_all("from", []) for address in head.addresses}
    except Exception:  # noqa: BLE001  # the package itself stumbles over some: then the old way must do
        pass
    return {address.strip(" \t\r\n").rstrip(".") for address in found}


def robot(raw: bytes) -> bool:
    """Whether one of the plainest signs says that a program wrote it; there are more."""
    automatic = [re.sub(r"\([^()]*\)", "", value).strip().lower() for value in _headers(raw, "auto-submitted")]
    if any(value and not re.match(r"no\b", value) for value in automatic):
        return True
    if any(re.fullmatch(r"\s*<\s*>\s*", value) for value in _headers(raw, "return-path")[: len(CHARSETS)]):
        return True
    return any(value.strip().lower() in {"bulk", "list", "junk"} for value in _headers(raw, "precedence"))


def _headers(raw: bytes, name: str) -> list[str]:
    message = email.message_from_bytes(raw.lstrip(b"\r\n"))
    values = [str(value) for key, value in message.raw_items() if key.lower() == name]
    return [_eight_bit(value, charset) for value in values for charset in CHARSETS]


def _eight_bit(value: str, charset: str) -> str:
    """A header's value, with what is no ASCII in it read as one of those that people leave unsaid."""
    return value.encode("utf-8", "surrogateescape").decode(charset, "replace")


def _lower(text: str) -> str:
    """A to Z alone in lower case: other scripts have signs whose lower case is one of a to z."""
    return text.translate(_LOWER)


def _bare(text: str) -> str:
    """A text without what may stand between the signs of a reference for one reader and not for another."""
    return re.sub(r"[^a-z0-9.:-]", "", text.lower())


def _texts(raw: bytes, depth: int) -> Iterator[str]:
    yield from _plainly(raw)
    if depth == 0:
        return
    yield from _plainly(quopri.decodestring(raw))
    # Decoders of base64 leave out what is none: a second look does, too.
    for data in (raw, re.sub(rb"[^A-Za-z0-9+/=?\r\n \t]", b"", raw)):
        for run in re.findall(rb"[A-Za-z0-9+/\r\n \t]{24,}", data):
            yield from _decoded(run)
    try:
        message = email.message_from_bytes(raw.lstrip(b"\r\n"))
        parts = list(message.walk())
    except (RecursionError, ValueError):
        return
    for part in parts:
        yield from _of_part(part, depth)


def _of_part(part: Message, depth: int) -> Iterator[str]:
    for _, value in part.raw_items():
        try:
            pieces = decode_header(str(value))
        except (ValueError, LookupError, binascii.Error, email.errors.MessageError):
            continue
        words = [text if isinstance(text, str) else _in(text, charset) for text, charset in pieces]
        yield "".join(words)
    if part.is_multipart():
        return
    try:
        data = part.get_payload(decode=True)
        charset = part.get_param("charset")
    except Exception:  # noqa: BLE001  # the package itself stumbles over some
        return
    if isinstance(data, bytes):
        yield _in(data, charset if isinstance(charset, str) else None)
        yield from _texts(data, depth - 1)


def _plainly(data: bytes) -> Iterator[str]:
    text = data.decode("latin-1")
    yield text
    yield re.sub(r"=\r?\n", "", text)
    if "&" in text or "<" in text:
        yield re.sub(r"<[^>]*>", "", unescape(text))
        yield unescape(re.sub(r"<[^>]*>", "", text))
    if "\0" in text:
        yield text.replace("\0", "")


def _decoded(run: bytes) -> Iterator[str]:
    """Base64, from wherever its groups may begin."""
    signs = re.sub(rb"\s", b"", run)
    for start in range(4):
        cut = signs[start:]
        whole = cut[: len(cut) - (len(cut) % 4 == 1)]
        yield from _plainly(base64.b64decode(whole + b"=" * (-len(whole) % 4)))


def _in(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("latin-1")
