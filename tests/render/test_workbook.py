"""Spreadsheets: dates that are dates, text that stays text, rows without end, the same bytes each time (EXP-1)."""

import io
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carecli.render import legible, workbook
from carecli.render.sheet import Cell, Column, Flow, Row, Sheet, Table, Value

AT = datetime(2026, 3, 2, 14, 30, 5, tzinfo=UTC)
COLUMNS = (Column("number", "Number"), Column("text", "Text"), Column("opened_at", "Opened"), Column("n", "N"))
HOSTILE = (
    *("=1+1", "+1", "-2+3", "@SUM(A1)", "  =1", "=cmd|' /C calc'!A0", "＝1+1", "{=A1}", "\t=1", "\n=1"),
    *("https://evil.example", "mailto:x@evil.example", "internal:Sheet1!A1", "file:///etc/passwd"),
    *("<r>&</r>", "<r><t>x</t></r>", "<r></r>", "_x0041_", "_x000D_", "]]>", "<!-- -->", "&amp;", "&#10;"),
    *("0000000042", "1e5", "TRUE", "#REF!", "2026-03-02", "  two  blanks  ", "a\nb", "'quoted", "😀 ü ﷽"),
)


def local(text: str) -> datetime:
    """A moment by a wall clock, as a spreadsheet has it: without a zone."""
    return datetime.fromisoformat(text)


def written(table: Table) -> bytes:
    """A table as a workbook's bytes."""
    out = io.BytesIO()
    workbook.write_xlsx(table, out)
    return out.getvalue()


def opened(table: Table) -> Any:
    """A table as another program reads it."""
    return openpyxl.load_workbook(io.BytesIO(written(table)))


def of_texts(*texts: Value) -> Sheet:
    """One column of values."""
    return Sheet("Texts", (Column("text", "Text"),), tuple((Cell(text),) for text in texts))


def a_row(n: int) -> Row:
    """A row of the columns above."""
    return (Cell(f"{n:010}"), Cell("Calls drop"), Cell(AT + timedelta(days=n)), Cell(n))


def test_each_value_is_what_it_is() -> None:
    """EXP-1: real dates by the viewer's clock, which the heading names; numbers, words, truth and nothing."""
    row = (Cell("0000000042"), Cell(None), Cell(AT), Cell(-7), Cell(value=True), Cell("shown", "Otherwise"))
    columns = (*COLUMNS, Column("escalated", "Escalated"), Column("status", "Status"))
    sheet = opened(Sheet("Cases", columns, (row,), "America/New_York")).active
    header, first = sheet.iter_rows()
    assert [cell.value for cell in header] == [
        *("Number", "Text", "Opened (America/New_York)", "N", "Escalated", "Status"),
    ]
    assert [cell.value for cell in first] == [
        "0000000042",
        None,
        local("2026-03-02T09:30:05"),
        -7,
        True,
        "shown",
    ]
    assert first[2].is_date
    assert first[2].number_format == "yyyy-mm-dd hh:mm:ss"
    assert first[0].data_type == "s"


def test_how_a_sheet_is_laid_out() -> None:
    """EXP-1: a frozen bold header with a filter over all rows, columns about as wide as what they hold."""
    rows = ((Cell("1"), Cell("x" * 30), Cell(AT), Cell(1)), (Cell("2"), Cell("y" * 300), Cell(None), Cell(None)))
    sheet = opened(Sheet("Cases", COLUMNS, rows)).active
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Cases", "A2", "A1:D3")
    assert all(cell.font.bold for cell in sheet[1])
    widths = {letter: round(sheet.column_dimensions[letter].width) for letter in "ABCD"}
    assert 10 <= widths["A"] <= 13
    assert widths["B"] == 61
    assert widths["C"] >= 20
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    """EXP-1: whatever somebody wrote is that text in a cell: no formula, no link, no markup, no number."""
    book = opened(of_texts(text))
    cell = book.active["A2"]
    # It reads Excel's own escapes as they are written; Excel turns them back.
    assert str(cell.value).replace("_x005F_", "_") == text
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    plain = zipfile.ZipFile(io.BytesIO(written(of_texts(text))))
    assert "<f>" not in plain.read("xl/worksheets/sheet1.xml").decode()
    assert not any("rels" in name and "sheet" in name for name in plain.namelist())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "  =1", "＝1+1"])
def test_editing_a_cell_makes_it_no_formula(text: str) -> None:
    """EXP-1: text that looks like a formula is marked as quoted, as if a person had typed an apostrophe first."""
    book = opened(of_texts(text, "plain"))
    assert book.active["A2"].quotePrefix
    assert not book.active["A3"].quotePrefix


@given(st.lists(st.text(st.characters() | st.sampled_from("<>&_xr/\r\n\x00\x1b=;\ud800\uffff")), max_size=30))
def test_whatever_is_written_the_file_opens(texts: list[str]) -> None:
    """EXP-1: any text at all gives a workbook that opens, with what can be shown of that text."""
    cells = [value for (value,) in opened(of_texts(*texts)).active.iter_rows(min_row=2, values_only=True)]
    cells += [None] * (len(texts) - len(cells))
    for text, value in zip(texts, cells, strict=True):
        shown = legible.lines(text).replace("\ufffe", "_xFFFE_").replace("\uffff", "_xFFFF_")
        assert (value or "").replace("_x005F_", "_") == shown


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x07c", "abc"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u202eb", "ab"),
        ("a\ud800b", "ab"),
    ],
)
def test_what_no_spreadsheet_takes_is_left_out(text: str, kept: str) -> None:
    """EXP-1: control characters, escapes and marks of direction, which would make the file unreadable or lie."""
    assert opened(of_texts(text)).active["A2"].value == kept


def test_a_non_character_leaves_a_file_that_opens() -> None:
    """EXP-1: U+FFFE and U+FFFF are not allowed in XML."""
    assert "b" in opened(of_texts("a\ufffe\uffffb")).active["A2"].value


@pytest.mark.parametrize("sign", ["x", "ü", "😀"])
def test_a_cell_holds_so_much(sign: str) -> None:
    """EXP-1: 32,767 units of UTF-16, to the last one; more is cut, and says so."""
    full = sign * (workbook.TEXT_MAX // (len(sign.encode("utf-16-le")) // 2))
    whole, cut = (cell.value for (cell,) in opened(of_texts(full, full + sign)).active.iter_rows(min_row=2))
    assert whole == full
    assert cut.endswith(workbook.CUT)
    assert set(cut.removesuffix(workbook.CUT)) == {sign}
    assert workbook.TEXT_MAX - 1 <= len(cut.encode("utf-16-le")) // 2 <= workbook.TEXT_MAX


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (datetime(1899, 12, 31, 12, tzinfo=UTC), "1899-12-31T12:00:00Z"),
        (datetime(1900, 6, 1, tzinfo=UTC), "1900-06-01T00:00:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(1901, 1, 2, tzinfo=UTC), local("1901-01-01T19:00:00")),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), local("9999-12-31T18:59:59")),
        (2**53, 2**53),
        (2**53 + 1, "9007199254740993"),
        (-(10**30), "-1000000000000000000000000000000"),
    ],
)
def test_what_a_spreadsheet_cannot_count_is_text(value: Value, kept: object) -> None:
    """EXP-1: its calendar begins in 1900 with a day that never was, and its numbers have 15 digits."""
    sheet = opened(of_texts(value)._replace(zone="America/New_York")).active
    assert sheet["A2"].value == kept


def test_an_hour_that_comes_twice_reads_the_same_twice() -> None:
    """CAL-3: dates are the wall clock's; two instants in the hour that daylight saving repeats are told alike."""
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    rows = tuple((Cell(at),) for at in (first, first + timedelta(hours=1), first + timedelta(hours=2)))
    sheet = opened(Sheet("Night", (Column("at", "At"),), rows, "America/New_York")).active
    assert [cell.value.hour for (cell,) in sheet.iter_rows(min_row=2)] == [1, 1, 2]


def test_a_column_of_instants_is_known_by_its_name_too() -> None:
    """EXP-1: after a thousand open cases `closed_at` still says in which zone the later ones closed."""
    rows = ((Cell(None),) if n < 1_000 else (Cell(AT),) for n in range(1_001))
    sheet = opened(Flow("Cases", (Column("closed_at", "Closed"),), rows, "Asia/Tokyo")).active
    assert sheet["A1"].value == "Closed (Asia/Tokyo)"
    assert sheet["A1002"].value == local("2026-03-02T23:30:05")


@pytest.mark.parametrize(
    ("count", "sheets"), [(0, [0]), (1, [1]), (4, [4]), (5, [4, 1]), (8, [4, 4]), (9, [4, 4, 1])]
)
def test_more_rows_than_a_sheet_holds(monkeypatch: pytest.MonkeyPatch, count: int, sheets: list[int]) -> None:
    """EXP-1: what one sheet does not hold goes on in the next one, under the same header; none is lost."""
    monkeypatch.setattr(workbook, "ROWS_MAX", 4)
    book = opened(Flow("Cases", COLUMNS, map(a_row, range(count))))
    assert book.sheetnames == ["Cases", "Cases 2", "Cases 3"][: len(sheets)]
    rows = [list(sheet.iter_rows(values_only=True)) for sheet in book]
    assert [len(each) - 1 for each in rows] == sheets
    assert {each[0] for each in rows} == {("Number", "Text", "Opened (UTC)", "N")}
    assert [row[3] for each in rows for row in each[1:]] == list(range(count))
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref for sheet in book)


def test_a_sheet_holds_what_excel_holds() -> None:
    """EXP-1: 1,048,576 rows, the header's among them."""
    assert workbook.ROWS_MAX == 1_048_576 - 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Cases that say 'a/b'", "Cases that say a b"),
        ("[x]:*?\\", "x"),
        ("", "Sheet"),
        ("''", "Sheet"),
        ("History", "History 2"),
        ("x" * 40, "x" * 31),
        ("😀" * 20, "😀" * 15),
        ("\x1b[31mred\nline", "red line"),
    ],
)
def test_sheets_have_names_that_excel_takes(title: str, name: str) -> None:
    """EXP-1: what a title may hold and a sheet's name may not is left out."""
    assert opened(of_texts("x")._replace(title=title)).sheetnames == [name]


def test_the_same_table_is_the_same_bytes() -> None:
    """EXP-1: nothing of a workbook tells when or where it was made."""
    assert written(Sheet("Cases", COLUMNS, tuple(map(a_row, range(50))))) == written(
        Flow("Cases", COLUMNS, map(a_row, range(50)))
    )


def test_what_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """EXP-1: rows that cannot be read leave neither half a workbook nor the files that they were kept in."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken() -> Iterator[Row]:
        yield from map(a_row, range(1_000))
        raise OSError(5, "Input/output error")

    out = io.BytesIO()
    with pytest.raises(OSError, match="Input/output"):
        workbook.write_xlsx(Flow("Cases", COLUMNS, broken()), out)
    assert out.getvalue() == b""
    assert list(tmp_path.iterdir()) == []


def test_where_it_cannot_be_written_is_an_error_of_the_disk() -> None:
    """EXP-1: what XlsxWriter makes of a full disk is told as one."""
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space left"):
        workbook.write_xlsx(Sheet("Cases", COLUMNS, (a_row(1),)), full)
