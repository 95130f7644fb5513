"""Statements as the rooms say them, in the words of PostgreSQL.

The rooms of the record are written once, in what both engines understand, with `?` for a parameter. What is done
here is lexical and no more: parameters are numbered, hints for SQLite's planner are dropped, a JSON list of values
becomes an array, and one that is stored a set of rows. Documents that are kept as they were told are asked for
what a text can hold of it, and letters are made small as SQLite does it, which knows those of ASCII. Whatever else
an engine says in its own way stands in that engine's package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

Parameters = Sequence[Any] | Mapping[str, Any]

_TOKEN: Final = re.compile(
    r"""
      (?P<text> '(?:[^']|'')*' | "(?:[^"]|"")*" | :: )
    | (?P<hint> \ INDEXED\ BY\ \w+ | (?<=[\s(,])\+(?=[a-z_]) )
    | CROSS\ (?P<join> JOIN\ \w+(?:\ AS\ \w+)? )(?:\ INDEXED\ BY\ \w+)?(?=\s+(?:ON|USING)\b)
    | \b(?P<out> NOT\ )?IN\s*\(\s*SELECT\ value\ FROM\ json_each\(\s*(?P<list> \?\d* | :[a-z_]\w* )\s*\)\s*\)
    | \bjson_each\((?P<document> \w+(?:\.\w+)? ),\ '\$\.(?P<path> [\w.]+ )'\)
    | CASE\ WHEN\ json_valid\(data\)\ THEN\ data\ ->>\ '\$\.(?P<key> \w+ )'\ END
    | \b(?P<exact> (?:\w+\.)?(?:data|texts) )(?=\ ->)
    | (?<=\blower\()(?P<lowered> \w+ | \? )(?=\))
    | (?P<parameter> \?\d* | :[a-z_]\w* )
    """,
    re.VERBOSE,
)


class Statement(NamedTuple):
    """A statement in PostgreSQL's words, and which parameters it takes in which order."""

    sql: str
    keys: tuple[int | str, ...]
    """Place or name of each parameter among those that are given."""
    lists: frozenset[int | str]
    """Those that are JSON lists."""

    def values(self, given: Parameters) -> list[Any]:
        """The parameters in their order."""
        return [json.loads(given[key]) if key in self.lists else given[key] for key in self.keys]  # type: ignore[index]


@lru_cache(maxsize=1024)
def translated(sql: str) -> Statement:
    """A statement as PostgreSQL takes it."""
    return _Translation().of(sql)


class _Translation:
    """One statement on its way."""

    def __init__(self) -> None:
        self._keys: list[int | str] = []
        self._lists = set[int | str]()
        self._next = 0

    def of(self, sql: str) -> Statement:
        written = _TOKEN.sub(self._token, sql)
        return Statement(written, tuple(self._keys), frozenset(self._lists))

    def _token(self, found: re.Match[str]) -> str:
        if found["hint"] is not None:
            return ""
        if found["join"] is not None:
            return found["join"]
        if found["list"] is not None:
            key = self._key(found["list"])
            self._lists.add(key)
            return f"{'<> ALL' if found['out'] else '= ANY'}({self._numbered(key)})"
        if found["lowered"] is not None:
            name = found["lowered"]
            return f'{self._numbered(self._key(name)) if name == "?" else name} COLLATE "C"'
        if found["parameter"] is not None:
            return self._numbered(self._key(found["parameter"]))
        return _within_documents(found)

    def _key(self, written: str) -> int | str:
        if written.startswith(":"):
            return written[1:]
        place = int(written[1:]) - 1 if len(written) > 1 else self._next
        # As SQLite counts: a bare one is the one behind the highest so far.
        self._next = max(self._next, place + 1)
        return place

    def _numbered(self, key: int | str) -> str:
        if key not in self._keys:
            self._keys.append(key)
        return f"${self._keys.index(key) + 1}"


def _within_documents(found: re.Match[str]) -> str:
    """What is asked of a document; anything else stays as it is."""
    if found["document"] is not None:
        return _elements(found["document"], found["path"])
    if found["key"] is not None:
        return f"storable(data) ->> '{found['key']}'"
    return f"storable({found['exact']})" if found["exact"] is not None else found[0]


def _elements(document: str, path: str) -> str:
    """The texts of a list in a document as rows; none where there is another thing in its place."""
    steps = " -> ".join([document, *(f"'{step}'" for step in path.split("."))])
    listed = f"CASE jsonb_typeof({steps}) WHEN 'array' THEN {steps} END"
    return f"jsonb_array_elements_text({listed}) AS each (value)"
