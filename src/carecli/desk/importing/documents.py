"""The records of a JSON file one after another, whichever way it holds them, each with its line (IMP-1)."""

import codecs
import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from carecli.desk.importing.reading import LONGEST, encoding_of, lines
from carecli.desk.importing.records import Found, Record, RefusedRow
from carecli.domain.import_mapping import ImportMapping

BLANK = b" \t\r\n"
CHUNK = 1 << 16


def looks_like_json(file: BinaryIO) -> bool:
    """Whether a file begins as JSON does; it stands at its beginning after."""
    encoding = encoding_of(file, "utf-8")
    start = file.read(CHUNK).decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    file.seek(0)
    return start[:1] in {"{", "["}


def json_records(file: BinaryIO, mapping: ImportMapping, beside: dict[str, list[Any]]) -> Iterator[Found]:
    """Each document of JSON lines, of a list, or of the mapping's list within a document.

    The lists of the mapping's lookup that stand beside that list are put into `beside`.
    """
    encoding = encoding_of(file, mapping.encoding)
    if encoding.startswith("utf-8") and _is_lines(file):
        yield from _json_lines(file, mapping, beside)
    else:
        text = io.TextIOWrapper(file, encoding, errors="replace", newline=None)
        try:
            yield from _json_document(_Scanner(text), mapping, beside)
        finally:
            text.detach()


def _is_lines(file: BinaryIO) -> bool:
    """Whether each line is a document by itself, as far as the first ones tell; the file stands where it began."""
    file.seek(0)
    said = (line.raw for line in lines(file) if line.raw is None or line.raw.strip(BLANK))
    first = list(islice(said, 2))
    file.seek(0)
    if not first or (first[0] or b"").strip(BLANK + codecs.BOM_UTF8) in {b"{", b"["}:
        return False
    documents = [one for raw in first if raw is not None and isinstance(one := _parsed(raw)[0], dict)]
    # One document alone may be what holds the records; a broken line among others is refused by itself.
    return bool(documents) and (len(first) > 1 or not _holds(documents[0]))


def _holds(value: dict[str, Any]) -> bool:
    return any(isinstance(one, list) and one for one in value.values())


def _parsed(raw: bytes) -> tuple[Any, str | None]:
    try:
        return json.loads(raw.decode("utf-8-sig", errors="replace")), None
    except RecursionError:
        return None, "it is nested too deeply"
    except ValueError as error:
        return None, str(error).partition("; use sys")[0]


def _json_lines(file: BinaryIO, mapping: ImportMapping, beside: dict[str, list[Any]]) -> Iterator[Found]:
    for number, raw in lines(file):
        if raw is None:
            yield RefusedRow(number, f"line longer than {LONGEST:,} bytes")
        elif raw.strip(BLANK):
            value, why = _parsed(raw)
            if why is not None:
                yield RefusedRow(number, f"no JSON: {why}")
            else:
                yield from _of_line(number, value, mapping, beside)


def _of_line(line: int, value: Any, mapping: ImportMapping, beside: dict[str, list[Any]]) -> Iterator[Found]:
    """The records of a line: it may be one, or a page of an API's answer."""
    page = value.get(mapping.list) if isinstance(value, dict) and mapping.list else None
    if not isinstance(page, list):
        yield _record(line, value, mapping)
        return
    for name in mapping.lookup.places:
        if isinstance(value.get(name), list):
            beside.setdefault(name, []).extend(value[name])
    yield from (_record(line, one, mapping) for one in page)


def _record(line: int, value: Any, mapping: ImportMapping) -> Found:
    inner = value.get(mapping.wrap) if mapping.wrap and isinstance(value, dict) else None
    # What stands beside the ticket in its document is told with it: `{"ticket": ..., "audits": [...]}`.
    if isinstance(inner, dict):
        value = {**value, **inner}
    if not isinstance(value, dict):
        return RefusedRow(line, "no document with names and values")
    return Record(line, value)


class _Scanner:
    """A JSON text read value by value, without ever holding more of it than the one."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.held = ""
        self.at = 0
        self.line = 1
        self.decode = json.JSONDecoder().raw_decode

    def _more(self, size: int = CHUNK) -> bool:
        read = self.text.read(size)
        self.held, self.at = self.held[self.at :] + read, 0
        return bool(read)

    def _passed(self, end: int) -> None:
        self.line += self.held.count("\n", self.at, end)
        self.at = end

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            rest = self.held[self.at :]
            stripped = rest.lstrip(" \t\r\n\ufeff")
            self._passed(len(self.held) - len(stripped))
            if stripped:
                return stripped[0]
            if not self._more():
                return ""

    def take(self, expected: str) -> None:
        """Pass one of these characters; raises ValueError for another."""
        found = self.peek()
        if not found or found not in expected:
            raise ValueError(f"{expected[0]!r} was expected, not {found or 'the end'!r}")
        self._passed(self.at + 1)

    def value(self) -> Any:
        """The next value; raises ValueError for what is none."""
        self.peek()
        while True:
            try:
                value, end = self.decode(self.held, self.at)
            except RecursionError as error:
                raise ValueError("it is nested too deeply") from error
            except ValueError as error:
                held = len(self.held) - self.at
                if held > LONGEST or not self._more(max(CHUNK, held)):
                    raise ValueError(str(error).partition(": line")[0]) from error
                continue
            # A number at the end of what is held may go on.
            if end == len(self.held) and self._more():
                continue
            self._passed(end)
            return value


def _json_document(scanner: _Scanner, mapping: ImportMapping, beside: dict[str, list[Any]]) -> Iterator[Found]:
    try:
        while found := scanner.peek():
            if found == "[":
                yield from _elements(scanner, mapping)
            elif found == "{":
                yield from _members(scanner, mapping, beside)
            else:
                raise ValueError("a list or a document was expected")
    except ValueError as error:
        yield RefusedRow(scanner.line, f"no JSON from here on: {error}; nothing after it was read")


def _elements(scanner: _Scanner, mapping: ImportMapping) -> Iterator[Found]:
    for value in _values(scanner):
        yield _record(scanner.line, value, mapping)


def _values(scanner: _Scanner) -> Iterator[Any]:
    scanner.take("[")
    while scanner.peek() != "]":
        yield scanner.value()
        if scanner.peek() != "]":
            scanner.take(",")
    scanner.take("]")


def _members(scanner: _Scanner, mapping: ImportMapping, beside: dict[str, list[Any]]) -> Iterator[Found]:
    """The records of a document's list; a document without such a list is a record itself."""
    scanner.take("{")
    alone: dict[str, Any] = {}
    listed = False
    while scanner.peek() != "}":
        key = scanner.value()
        scanner.take(":")
        if key == mapping.list and scanner.peek() == "[":
            listed = True
            yield from _elements(scanner, mapping)
        elif key in mapping.lookup.places and scanner.peek() == "[":
            beside.setdefault(str(key), []).extend(_values(scanner))
            alone[key] = beside[key]
        else:
            alone[str(key)] = scanner.value()
        if scanner.peek() != "}":
            scanner.take(",")
    scanner.take("}")
    if not listed:
        yield _record(scanner.line, alone, mapping)
