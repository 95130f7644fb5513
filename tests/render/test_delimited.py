"""Files for other programs: CSV, TSV, JSON lines, and the fields that are picked."""

import csv
import io
import json

import pytest
from render.pages import ZONE, page, view

from carecli.errors import Invalid
from carecli.render import delimited, documents, fields, json_text
from carecli.render.sheet import Cell, Column, Sheet, Tone
from carecli.render.views import case_sheet


def a_sheet(*values: str | int | None) -> Sheet:
    return Sheet("", (Column("a", "A"),), tuple((Cell(value),) for value in values))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1 555", "'+1 555"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\n=1"),
        ("\x00=1", "'=1"),  # the sign shows only once the control character is gone
        ("  =1", "'  =1"),
        ("a=b", "a=b"),
        (-5, "-5"),  # a number of ours is no formula
        (None, ""),
    ],
)
def test_no_cell_of_csv_starts_a_formula(written: str | int | None, kept: str) -> None:
    """EXP-1: what a customer wrote is text in a spreadsheet, too."""
    out = io.StringIO(newline="")
    delimited.write_csv(a_sheet(written), out)
    assert list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:] in ([[kept]], [[]] if kept == "" else [])


def test_csv_has_the_columns_of_the_list() -> None:
    """FIND-2: the columns of a list, by the names that scripts use."""
    out = io.StringIO()
    delimited.write_csv(case_sheet(page(), ZONE).usual(), out)
    assert out.getvalue().splitlines()[0] == (
        "number,subject,account,deployment,service,component,type,priority,status,substatus,"
        "contact,owner,opened_at,modified_at"
    )


def test_tsv_cells_hold_no_tabs_or_breaks() -> None:
    """CLI: a line a row, whatever the customer wrote."""
    out = io.StringIO()
    delimited.write_tsv(a_sheet("a\tb\nc\r\nd"), out)
    assert out.getvalue() == "a\na b c d\n"


def test_forced_colour_in_a_pipe_leaves_the_columns_alone() -> None:
    """CLI: FORCE_COLOR colours cells, and `cut` still finds them."""
    out = io.StringIO()
    sheet = Sheet("", (Column("a", "A"), Column("b", "B")), ((Cell("x", tone=Tone.ALARM), Cell("y")),))
    delimited.write_tsv(sheet, out, color=True)
    assert out.getvalue() == "a\tb\n\x1b[1;31mx\x1b[0m\ty\n"


def test_json_lines_hold_a_document_each() -> None:
    """CLI: every line of JSON lines is a document of its own."""
    out = io.StringIO()
    json_text.write_jsonl(({"n": n, "t": "a\nb"} for n in range(3)), out)
    assert [json.loads(line)["n"] for line in out.getvalue().splitlines()] == [0, 1, 2]


def test_a_wrong_field_lists_the_fields() -> None:
    """CLI: --fields names columns of tables and fields of JSON, and lists them when one is wrong."""
    with pytest.raises(Invalid) as of_table:
        case_sheet(page(), ZONE).picked(["number", "numbre"])
    with pytest.raises(Invalid) as of_json:
        fields.with_fields(documents.case(view()), ["numbre"])
    assert "numbre" in of_table.value.message
    assert of_table.value.hint is not None
    assert "modified_at" in of_table.value.hint
    assert of_json.value.hint is not None
    assert "clocks" in of_json.value.hint


def test_picked_fields_come_in_the_order_asked_for() -> None:
    """CLI: --fields status,number gives these two in this order."""
    out = io.StringIO()
    delimited.write_tsv(case_sheet(page(), ZONE).picked(["status", "number"]), out)
    assert out.getvalue().splitlines()[:2] == ["status\tnumber", "awaiting-info\t0000000042"]
