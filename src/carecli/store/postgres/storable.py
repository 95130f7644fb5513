"""Texts as PostgreSQL can hold them: none has a NUL in it, or half of a pair of surrogates (AUD-1).

What an event tells is kept as it was recorded, in a column of the type json. Whatever is derived of it, and looked
for, has U+FFFD in the place of such a character; the function `storable` of the database does the same.
"""

from __future__ import annotations

import re
from typing import Any, Final

import psycopg

_JSON, _JSONB = (psycopg.adapters.types[name].oid for name in ("json", "jsonb"))
_INSTEAD: Final = "\ufffd"
_SIGNS: Final = re.compile("[\0\ud800-\udfff]")
_ESCAPES: Final = re.compile(
    r"""(?P<sound> \\\\ | \\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2} )
    | \\u0000 | \\ud[89a-f][0-9a-f]{2}""",
    re.VERBOSE | re.IGNORECASE,
)


def storable(text: str) -> str:
    """A text as a column of texts holds it."""
    return _SIGNS.sub(_INSTEAD, text)


def storable_json(document: str) -> str:
    """The text of a JSON value as one of the type jsonb holds it; one of the type json takes any."""
    return _ESCAPES.sub(lambda found: found["sound"] or r"\ufffd", document)


def storable_as(kind: int, value: Any) -> Any:
    """A parameter as its type holds it, by PostgreSQL's number of that."""
    if isinstance(value, list):
        return [storable_as(kind, one) for one in value]
    if not isinstance(value, str) or kind == _JSON:
        return value
    return storable_json(value) if kind == _JSONB else storable(value)


def is_hindered(value: Any) -> bool:
    """Whether a parameter may not be stored as it is; cheap for nearly all."""
    if isinstance(value, str):
        return "\0" in value or not (value.isascii() or _encodes(value)) or _has_escapes(value)
    return isinstance(value, list) and any(map(is_hindered, value))


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_escapes(text: str) -> bool:
    return ("\\u0000" in text or "\\ud" in text) and storable_json(text) != text
