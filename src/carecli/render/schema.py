"""The JSON Schemas of every answer of `care`, kept as data in `carecli/schemas`, not made from the code."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from carecli.errors import NotFound

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
INDEX = "commands.json"
REF = "#/$defs/"


class Catalogue(NamedTuple):
    """Every definition by its name, and which one each command answers with: as a document, and as JSON lines."""

    definitions: Mapping[str, Schema]
    documents: Mapping[str, str]
    lines: Mapping[str, str]


@cache
def catalogue() -> Catalogue:
    """Read all that is kept."""
    folder = files("carecli") / "schemas"
    definitions: dict[str, Schema] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".json") and file.name != INDEX:
            definitions |= json.loads(file.read_text("utf-8"))
    index = json.loads((folder / INDEX).read_text("utf-8"))
    return Catalogue(definitions, index["commands"], index["lines"])


def whole() -> Schema:
    """One schema that holds all definitions, with an index by command."""
    known = catalogue()
    return {
        "$schema": DRAFT,
        "title": "care",
        "description": "What each command answers with --json, a line of its JSON lines, and any error.",
        "commands": {name: {"$ref": REF + answer} for name, answer in known.documents.items()},
        "lines": {name: {"$ref": REF + line} for name, line in known.lines.items()},
        "errors": {"$ref": REF + "error"},
        "$defs": dict(known.definitions),
    }


def one(name: str, *, line: bool = False) -> Schema:
    """The schema of what a command answers, of a line of its JSON lines, or of a definition; raises NotFound."""
    known = catalogue()
    index = known.lines if line else known.documents
    target = index.get(name) or (name if name in known.definitions and not line else None)
    if target is None:
        names = [*index] if line else [*index, *known.definitions]
        near = get_close_matches(name, names, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known here: {', '.join(index)}"
        raise NotFound(f"there is no schema {name[:60]!r}", hint=hint)
    needed = dict(sorted(_needed(target, known.definitions)))
    return {"$schema": DRAFT, "title": f"care {name}", "$ref": REF + target, "$defs": needed}


def _needed(target: str, definitions: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """A definition and all that it refers to."""
    waiting, seen = [target], {target}
    while waiting:
        name = waiting.pop()
        yield name, definitions[name]
        for other in references(definitions[name]):
            if other not in seen:
                seen.add(other)
                waiting.append(other)


def references(schema: object) -> Iterator[str]:
    """The names of the definitions that a schema refers to."""
    if isinstance(schema, dict):
        target = schema.get("$ref")
        if isinstance(target, str):
            yield target.removeprefix(REF)
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)
