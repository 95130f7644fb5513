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


def write_json_around(
    document: Mapping[str, Any], place: list[Any], rows: Iterable[Mapping[str, Any]], out: TextIO
) -> None:
    """The document that `write_json` would write with these rows in that empty place, written as they come."""
    before = "{\n  "
    for key, value in document.items():
        out.write(f"{before}{json_text(key)}: ")
        if value is place:
            _write_rows(rows, out)
        else:
            out.write(json_text(value, indent=2).replace("\n", "\n  "))
        before = ",\n  "
    out.write("\n}\n")


def _write_rows(rows: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    before = "["
    for row in rows:
        # No text holds a bare line feed: JSON writes it as two signs.
        out.write(f"{before}\n    " + json_text(row, indent=2).replace("\n", "\n    "))
        before = ","
    out.write("[]" if before == "[" else "\n  ]")


def write_jsonl(documents: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """A JSON document a line."""
    out.writelines(json_text(document) + "\n" for document in documents)
