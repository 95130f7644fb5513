"""Spreadsheets for Excel and its like: typed dates, text that stays text, any number of rows (EXP-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain, islice
from shutil import copyfileobj
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from carecli.domain.calendar import find_zone
from carecli.domain.instants import iso
from carecli.render import legible
from carecli.render.delimited import starts_formula
from carecli.render.sheet import Value

if TYPE_CHECKING:
    from datetime import tzinfo

    from carecli.render.sheet import Row, Table

ROWS_MAX: Final = 1_048_575
"""How many rows a sheet holds beside its header; what is left goes to another one."""

TEXT_MAX: Final = 32_767
"""How much text a cell holds, counted as Excel counts it: in units of UTF-16."""

CUT: Final = "… (cut: a spreadsheet's cell is full; csv and jsonl have it whole)"
MADE: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""When every workbook says that it was made: the same data give the same bytes."""

INSTANT: Final = "yyyy-mm-dd hh:mm:ss"
_INSTANT_WIDTH: Final = 20
_EARLIEST: Final = 1901
"""Excel's calendar begins in 1900, with a day that never was."""
_EXACT: Final = 2**53
_NARROWEST: Final = 8
_WIDEST: Final = 60
_LOOKED_AT: Final = 200
"""By how many rows it is seen which columns hold instants."""
_NAME_MAX: Final = 31


class Styles(NamedTuple):
    """How the cells of a workbook look; each is made by it."""

    heading: Any
    instant: Any
    quoted: Any
    """Of text that looks like a formula: editing the cell does not make it one."""


class Book:
    """A workbook that is being written."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.styles = Styles(
            raw.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            raw.add_format({"num_format": INSTANT, "align": "left"}),
            raw.add_format({"quote_prefix": True}),
        )
        self._names: set[str] = set()

    def sheet(self, title: str) -> Any:
        """A new sheet of about this name."""
        name = _sheet_name(title, self._names)
        self._names.add(name.lower())
        sheet = self.raw.add_worksheet(name)
        # Case numbers are words with leading zeros; a warning in each cell would only be in the way.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: Value, zone: tzinfo, style: Any = None) -> int:
        """Write a value as what it is; the answer is about how many characters wide it shows.

        An instant becomes a date in that zone, which the column's heading must name (`zoned`); what a spreadsheet
        cannot hold as a date or a number becomes text.
        """
        if isinstance(value, str):
            return self._put_text(sheet, row, column, value, style)
        if value is None:
            if style:
                sheet.write_blank(row, column, None, style)
            return 0
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, style)
            return 5
        if isinstance(value, datetime):
            return self._put_instant(sheet, row, column, value, zone, style)
        if abs(value) > _EXACT:
            return self._put_text(sheet, row, column, str(value), style)
        sheet.write_number(row, column, value, style)
        return len(str(value))

    def _put_text(self, sheet: Any, row: int, column: int, value: str, style: Any) -> int:
        shown = fitting(legible.lines(value))
        style = style or (self.styles.quoted if starts_formula(shown) else None)
        if shown.startswith("<r>") and shown.endswith("</r>"):
            # XlsxWriter takes such a text for markup of its own and writes it as it is; in two parts it is text.
            sheet.write_rich_string(row, column, "<r", self.styles.quoted, shown[2:], self.styles.quoted)
        elif shown:
            sheet.write_string(row, column, shown, style)
        return max(map(len, shown.split("\n"))) if shown else 0

    def _put_instant(self, sheet: Any, row: int, column: int, value: datetime, zone: tzinfo, style: Any) -> int:
        local = in_zone(value, zone)
        if local is None:
            return self._put_text(sheet, row, column, iso(value), style)
        sheet.write_datetime(row, column, local, style or self.styles.instant)
        return _INSTANT_WIDTH


@contextmanager
def book(out: BinaryIO, *, in_memory: bool = False) -> Iterator[Book]:
    """A workbook, written to `out` when all went well; otherwise nothing is.

    Rows go to a temporary file as the next one begins, so cells must come row by row, and memory stays the same
    whatever their number. Charts need a workbook `in_memory`. Raises OSError where there is no room.
    """
    # Imported here: it takes longer to import than most commands to run.
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

    with TemporaryDirectory(prefix="care-") as folder, TemporaryFile(dir=folder) as whole:
        kept = {"in_memory": True} if in_memory else {"constant_memory": True, "tmpdir": folder}
        target = _Target(whole)
        raw = Workbook(target, {**kept, "use_zip64": True})
        raw.set_properties({"created": MADE})
        try:
            yield Book(raw)
            raw.close()
        except FileCreateError as error:
            raise error.args[0] from None
        finally:
            target.close()
            _let_go(raw)
        whole.seek(0)
        copyfileobj(whole, out)


class _Target:
    """A file for `ZipFile`, which tries one that failed again when thrown away: closed, it takes all."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file: IO[bytes] | None = file

    def close(self) -> None:
        self._file = None

    def write(self, data: bytes) -> int:
        return self._file.write(data) if self._file else len(data)

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence) if self._file else 0

    def tell(self) -> int:
        return self._file.tell() if self._file else 0

    def flush(self) -> None:
        if self._file:
            self._file.flush()


def _let_go(raw: Any) -> None:
    """Close the files that a workbook keeps its rows in, also where it was never finished."""
    for sheet in raw.worksheets():
        with suppress(AttributeError, OSError):
            sheet.row_data_fh.close()


def write_xlsx(table: Table, out: BinaryIO) -> None:
    """A table as a workbook: a frozen header with a filter, and as many sheets as its rows need."""
    with book(out) as made:
        zone = find_zone(table.zone)
        rows = iter(table.rows)
        first = list(islice(rows, _LOOKED_AT))
        headings = [*_headings(table, first)]
        rows = chain(first, rows)
        left = True
        while left:
            sheet = made.sheet(table.title)
            written, widths = _write_rows(made, sheet, headings, islice(rows, ROWS_MAX), zone)
            _furnish(sheet, written, widths)
            ahead = next(rows, None)
            left = ahead is not None
            rows = rows if ahead is None else chain([ahead], rows)


def _write_rows(
    made: Book, sheet: Any, headings: list[str], rows: Iterable[Row], zone: tzinfo
) -> tuple[int, list[int]]:
    """How many rows were written, and how wide each column shows."""
    utc = find_zone("UTC")
    widths = [made.put(sheet, 0, n, name, utc, made.styles.heading) + 3 for n, name in enumerate(headings)]
    row = 0
    for row, cells in enumerate(rows, 1):
        for n, cell in enumerate(cells):
            width = made.put(sheet, row, n, cell.value, zone)
            if width > widths[n]:
                widths[n] = width
    return row, widths


def _furnish(sheet: Any, rows: int, widths: list[int]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows, max(len(widths) - 1, 0))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, max(_NARROWEST, min(width + 1, _WIDEST)))
    sheet.repeat_rows(0)
    sheet.set_landscape()


def _headings(table: Table, first: Iterable[Row]) -> Iterator[str]:
    """What stands above the columns; above instants the zone in which they are told."""
    dated = {n for row in first for n, cell in enumerate(row) if isinstance(cell.value, datetime)}
    for place, column in enumerate(table.columns):
        instants = place in dated or column.key == "at" or column.key.endswith("_at")
        yield zoned(column.title, table.zone) if instants else column.title


def zoned(title: str, zone: str) -> str:
    """The heading of a column of instants: their cells cannot tell the zone."""
    return f"{title} ({zone})"


def in_zone(instant: datetime, zone: tzinfo) -> datetime | None:
    """An instant as a spreadsheet's date: the clock of a zone, without it; None where its calendar lacks it."""
    try:
        local = instant.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return None
    return local if local.year >= _EARLIEST else None


def fitting(text: str) -> str:
    """A text that a cell can hold; a longer one says that it is cut."""
    if len(text) * 2 <= TEXT_MAX or len(text.encode("utf-16-le")) // 2 <= TEXT_MAX:
        return text
    room = (TEXT_MAX - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT


def _sheet_name(title: str, taken: Iterable[str]) -> str:
    """A name that Excel takes for a sheet, and that none has yet."""
    plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in legible.line(title))
    base = " ".join(plain.split()) or "Sheet"
    for n in range(1, 10_000):
        ending = f" {n}" if n > 1 else ""
        name = _short(base, _NAME_MAX - len(ending)) + ending
        if name.lower() not in taken and name.lower() != "history":
            return name
    raise AssertionError(title)


def _short(text: str, units: int) -> str:
    """The beginning of a text, in so many units of UTF-16."""
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore").strip()
