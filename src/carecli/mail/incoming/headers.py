"""The headers of a message as they stand, decoded by rules that no byte can upset.

`email.policy.default` reads headers thoroughly but slowly, and raises on some; what care needs of them is little.
"""

import re
from binascii import Error, a2b_base64, a2b_qp
from collections.abc import Iterable, Sequence
from typing import Final

from carecli.mail.incoming.charsets import decoded, one_line

MAX_FIELDS: Final = 1_000
MAX_VALUE: Final = 10_000
"""How much of one header is looked at, in characters: some two hundred references."""

MAX_IDS: Final = 50
_MAX_ID: Final = 500
_ENCODED: Final = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN: Final = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_ID: Final = re.compile(r"<([^<>\s]+)>")


class Headers:
    """The fields of a message by their names in lower case, as raw as they came."""

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self.fields: dict[str, list[str]] = {}
        for place, (name, value) in enumerate(fields):
            if place == MAX_FIELDS:
                break
            self.fields.setdefault(name.lower(), []).append(value[:MAX_VALUE])

    def every(self, name: str) -> Sequence[str]:
        """All fields of this name, from the top."""
        return self.fields.get(name, ())

    def first(self, name: str) -> str | None:
        """The topmost field of this name."""
        values = self.fields.get(name)
        return values[0] if values else None

    def word(self, name: str) -> str:
        """The first field as a word for comparison: no comments' parentheses, no case, nothing after a `;`."""
        value = without_comments(unescaped(self.first(name) or ""))
        return value.split(";", 1)[0].strip().lower()


def unescaped(value: str) -> str:
    """A raw value with its bytes beyond ASCII read as UTF-8, or else as Windows-1252."""
    if value.isascii():
        return value
    return decoded(value.encode("utf-8", "surrogateescape"), None)


def line(value: str | None, limit: int = 1_000) -> str:
    """A field as people read it: encoded words decoded (RFC 2047), on one line."""
    text = unescaped(value or "")
    if "=?" in text:
        text = _ENCODED.sub(_word, _BETWEEN.sub(r"\1", text))
    return one_line(text, limit)


def message_ids(value: str | None) -> list[str]:
    """The message ids in a field, each in its angle brackets; one without any is taken as it stands."""
    text = unescaped(value or "")
    found = [f"<{name}>" for name in _ID.findall(text) if len(name) <= _MAX_ID]
    bare = text.strip().strip("<>")
    if not found and bare and len(bare) <= _MAX_ID and not re.search(r"[\s<>]", bare):
        found = [f"<{bare}>"]
    return [one_line(found_id, _MAX_ID + 2) for found_id in found]


def without_comments(value: str) -> str:
    """A structured value without its comments; parentheses within quotes are none."""
    if "(" not in value:
        return value
    kept, depth, quoted, escaped = [], 0, False, False
    for sign in value:
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign == '"' and not depth:
            quoted = not quoted
        elif sign == "(" and not quoted:
            depth += 1
        if not depth:
            kept.append(sign)
        elif sign == ")" and not escaped:
            depth -= 1
            kept.append(" ")
    return "".join(kept)


def _word(match: re.Match[str]) -> str:
    charset, how, text = match.groups()
    data = text.encode("utf-8", "replace")
    data = a2b_qp(data, header=True) if how in "qQ" else base64(data)
    return decoded(data, charset.split("*", 1)[0])


def base64(data: bytes) -> bytes:
    """What base64 holds, as far as it can be read."""
    try:
        return a2b_base64(data + b"==")
    except Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        return a2b_base64(letters[: len(letters) // 4 * 4])
