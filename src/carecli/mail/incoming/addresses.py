"""Addresses in headers, read strictly: who is named in two ways is not known at all (MAIL-2a)."""

import re
from collections.abc import Sequence
from typing import Final

from carecli.mail.incoming.charsets import one_line
from carecli.mail.incoming.headers import MAX_VALUE, unescaped, without_comments

_MAX: Final = 320
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>]*>|[,:;"<>]|[^",:;<>]+', re.DOTALL)
_SPEC: Final = re.compile(
    r'(?P<local>[^\s@<>()\[\],;:\\"]+|"[^"\\\r\n]+")@(?P<domain>[^\s@<>()\[\],;:\\"]+|\[[0-9A-Za-z:.]+\])'
)


def addresses(value: str) -> list[str | None]:
    """Every mailbox in a header as its addr-spec, None for one that cannot be read; display names are ignored.

    Encoded words are not decoded first: what a display name holds once decoded is never an address.
    """
    return [_mailbox(tokens) for tokens in _mailboxes(value) if "@" in "".join(tokens)]


def sender(values: Sequence[str]) -> str | None:
    """Who wrote the message: None where nobody, more than one, or a group is named."""
    if len(values) != 1 or len(values[0]) >= MAX_VALUE:
        return None
    found = addresses(values[0])
    return found[0] if len(found) == 1 else None


def every(values: Sequence[str], limit: int = 100) -> tuple[str, ...]:
    """The readable addresses of several headers, each once."""
    named = dict.fromkeys(address for value in values for address in addresses(value) if address)
    return tuple(named)[:limit]


def spec(text: str) -> str | None:
    """An addr-spec with its domain in lower case, None where the text is none."""
    text = text.strip(" \t\r\n")
    match = _SPEC.fullmatch(text) if len(text) <= _MAX else None
    if match is None or one_line(text, _MAX) != text:
        return None
    # Beyond ASCII there are letters whose lower case is one of a to z: another domain's.
    domain = match["domain"].lower() if match["domain"].isascii() else match["domain"]
    return f"{match['local']}@{domain.rstrip('.')}"


def same(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox's: capitals do not part them, every other sign does."""
    return one == other or (one.isascii() and other.isascii() and one.lower() == other.lower())


def domain(address: str) -> str:
    """What stands behind the last `@`, in lower case."""
    return address.rpartition("@")[2].strip("<>. ").lower()


def _mailboxes(value: str) -> list[list[str]]:
    boxes: list[list[str]] = [[]]
    for match in _TOKEN.finditer(without_comments(unescaped(value))):
        part = match[0]
        if part in {",", ";"}:
            boxes.append([])
        else:
            boxes[-1].append(part)
        if part == '"':  # a quote that does not end: looking for each one's end would take quadratic time
            boxes[-1].append(value[match.end() :])
            break
    return boxes


def _mailbox(tokens: list[str]) -> str | None:
    tokens = [token for token in tokens if token.strip()]
    if {":", "<", ">", '"'} & set(tokens):
        return None
    angles = [token for token in tokens if token.startswith("<")]
    if not angles:
        return spec("".join(tokens))
    return spec(tokens[-1][1:-1]) if len(angles) == 1 and tokens[-1] is angles[0] else None
