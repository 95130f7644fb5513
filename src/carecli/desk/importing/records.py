"""The records of a CSV file one after another, each with its line (IMP-1)."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from carecli.desk.importing.reading import LONGEST, encoding_of
from carecli.domain.import_mapping import ImportMapping
from carecli.errors import Invalid

CHUNK = 1 << 16
CELL_MAX = 1 << 17
"""The most characters in a cell; the reader's own limit holds for the whole process, and others set it too."""
DELIMITERS = ",;\t|"


class Record(NamedTuple):
    """One record: the line on which it ends, its values, and whether some of it was no text."""

    line: int
    values: Mapping[str, Any]
    garbled: bool = False


class RefusedRow(NamedTuple):
    """A row that cannot be taken, and why."""

    line: int
    why: str


Found = Record | RefusedRow


class _Bounded:
    """The text lines of a file; one that is too long is an error of its own, and the next ones are read."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self.file = file
        self.line = 0

    def __iter__(self) -> "_Bounded":
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST)
        if not line:
            raise StopIteration
        self.line += 1
        if len(line) < LONGEST or line.endswith("\n"):
            return line
        while line and not line.endswith("\n"):
            line = self.file.readline(CHUNK)
        raise csv.Error(f"line longer than {LONGEST:,} characters")


def csv_records(file: BinaryIO, mapping: ImportMapping) -> Iterator[Found]:
    """Each row under the header's names, their letter case aside; raises Invalid where columns lack."""
    encoding = encoding_of(file, mapping.encoding)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        yield from _rows(_Bounded(text), mapping)
    finally:
        text.detach()


def _rows(bounded: _Bounded, mapping: ImportMapping) -> Iterator[Found]:
    try:
        first = next(bounded, "")
    except csv.Error as error:
        raise _no_header(mapping, str(error)) from error
    delimiter = mapping.delimiter or max(DELIMITERS, key=first.count)
    header = [name.strip().casefold() for name in next(csv.reader([first], delimiter=delimiter), [])]
    _check_header(mapping, header)
    csv.field_size_limit(CELL_MAX)
    reader = csv.reader(bounded, delimiter=delimiter, strict=False)
    width = len(header)
    while True:
        begun = bounded.line + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RefusedRow(bounded.line, f"unreadable: {error}{_from(begun, bounded.line)}")
            continue
        if len(cells) != width:
            if cells:
                why = f"{len(cells)} columns instead of {width}"
                yield RefusedRow(bounded.line, f"{why}{_from(begun, bounded.line)}")
            continue
        values = dict(zip(header, [cell.strip() for cell in cells], strict=True))
        yield Record(bounded.line, values, any("\ufffd" in cell for cell in cells))


def _from(begun: int, ended: int) -> str:
    """Where a quotation mark took in more lines than its own: those are lost with it."""
    return f"; from line {begun} on" if ended > begun else ""


def _check_header(mapping: ImportMapping, header: list[str]) -> None:
    there = mapping.optional.union(header)
    lacking = [name for name in _lacking(mapping, there) if name.casefold() not in there]
    if lacking:
        raise _no_header(mapping, f"it lacks the columns {', '.join(lacking[:5])}")


def _lacking(mapping: ImportMapping, there: Collection[str]) -> Iterator[str]:
    """The columns of the first place of each value that has none of its places there."""
    ticket = [source for source in mapping.ticket[:-1] if isinstance(source, tuple)]
    updates = [one for update in mapping.updates for one in update if isinstance(one, tuple)]
    for source in (*ticket, *updates):
        places = [[*columns((place,))] for place in getattr(source, "places", ())]
        if places and not any(all(one.casefold() in there for one in place) for place in places):
            yield from places[0]


def columns(places: tuple[str, ...]) -> Iterator[str]:
    """The columns that places name, those in the braces of a text among them."""
    for place in places:
        if "{" in place:
            yield from (piece.partition("}")[0].partition("|")[0] for piece in place.split("{")[1:])
        else:
            yield place


def _no_header(mapping: ImportMapping, why: str) -> Invalid:
    return Invalid(
        f"this is no {mapping.title}: {why}",
        hint="give the file with its header line; `care import --show-mapping servicenow` shows what a mapping is",
        rule="IMP-1",
    )
