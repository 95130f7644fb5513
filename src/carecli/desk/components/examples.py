"""Examples from files of comma-separated values: texts, and which component each is about (OPEN-6)."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from carecli.errors import Invalid

BYTES_MAX: Final = 512 * 1024 * 1024
FIELD_MAX: Final = 100_000_000
TEXT_COLUMNS: Final = ("text", "description", "short_description", "subject", "summary", "body", "message")
LABEL_COLUMNS: Final = ("component", "category", "label", "intent", "subcategory", "class")
_DELIMITERS: Final = ",;\t|"
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SHOWN: Final = 12


class Columns(NamedTuple):
    """Where texts and labels stand; None is guessed from the names. Without `labelled` no label is asked for."""

    text: str | None = None
    label: str | None = None
    labelled: bool = True


USUAL: Final = Columns()


class Example(NamedTuple):
    """A text and its component, both as they stand in the file; the label is empty where none is asked for."""

    text: str
    label: str = ""


def examples(file: str, columns: Columns) -> list[Example]:
    """Every row of a file, `-` being standard input; raises Invalid where it is no such table."""
    name, raw = ("standard input", _standard_input()) if file == "-" else (file, _bytes(file))
    text = _decoded(raw)
    csv.field_size_limit(FIELD_MAX)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        return list(_rows(reader, name, columns))
    except csv.Error as error:
        raise Invalid(f"{name} is no table of comma-separated values: {error}", hint="save it as CSV") from None


def _rows(reader: csv.DictReader[str], name: str, columns: Columns) -> Iterator[Example]:
    header = [one for one in reader.fieldnames or () if one is not None]
    by_name = {one.strip().casefold(): one for one in reversed(header)}
    text = _column(columns.text, TEXT_COLUMNS, by_name, "--text-column", name, header)
    if not columns.labelled:
        yield from (Example(row[text] or "") for row in reader)
        return
    left = {folded: one for folded, one in by_name.items() if one != text}
    label = _column(columns.label, LABEL_COLUMNS, left, "--label-column", name, header)
    yield from (Example(row[text] or "", row[label] or "") for row in reader)


def _column(
    wanted: str | None,
    usual: Sequence[str],
    known: Mapping[str, str],
    option: str,
    name: str,
    header: Sequence[str],
) -> str:
    for one in (wanted,) if wanted is not None else usual:
        if one.strip().casefold() in known:
            return known[one.strip().casefold()]
    if not header:
        raise Invalid(f"{name} is empty", hint="its first line names the columns", rule="OPEN-6")
    has = ", ".join(one.strip()[:40] for one in header[:_SHOWN]) + (", ..." if len(header) > _SHOWN else "")
    what = f"no column {wanted[:40]!r}" if wanted is not None else f"no column that {option} is guessed from"
    raise Invalid(f"{name} has {what}", hint=f"give {option}; its columns: {has}", rule="OPEN-6")


def _standard_input() -> bytes:
    return _bounded(sys.stdin.buffer.read(BYTES_MAX + 1), "standard input")


def _bytes(file: str) -> bytes:
    try:
        with Path(file).expanduser().open("rb") as stream:
            return _bounded(stream.read(BYTES_MAX + 1), file)
    except OSError as error:
        raise Invalid(f"cannot read {file}: {error.strerror}", hint="- reads standard input") from None


def _bounded(raw: bytes, name: str) -> bytes:
    if len(raw) > BYTES_MAX:
        raise Invalid(f"{name} holds more than {BYTES_MAX:,} bytes", hint="learn it in parts", rule="OPEN-6")
    return raw


def _decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark, else what old spreadsheets write."""
    encoding = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        # Windows-1252 leaves five bytes unnamed, which Latin-1 names.
        return raw.decode("latin-1" if encoding == "utf-8" else encoding, "replace")


def _delimiter(text: str) -> str:
    """What stands between the columns' names; a comma where nothing does."""
    first = next(iter(csv.reader([text.partition("\n")[0].replace("\0", "")])), [""])
    head = first[0] if len(first) == 1 else ""
    return max(_DELIMITERS, key=head.count) if any(mark in head for mark in _DELIMITERS) else ","
