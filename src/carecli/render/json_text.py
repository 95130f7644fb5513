"""JSON as it is written: UTF-8, safe to print at a terminal."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from carecli.render import legible


def json_text(document: object, *, indent: int | None = None) -> str:
    """JSON in UTF-8 that is safe to print at a terminal."""
    return legible.escaped(json.dumps(document, ensure_ascii=False, indent=indent))


def write_json(document: object, out: TextIO) -> None:
    """One JSON document."""
    out.write(json_text(document, indent=2) + "\n")


def write_jsonl(documents: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """A JSON document a line."""
    out.writelines(json_text(document) + "\n" for document in documents)
