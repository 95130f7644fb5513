"""Files for other programs: CSV, TSV, JSON lines, and the fields that are picked."""

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
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
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\n'=1"),
        ("\x00=1", "'=1"),  # the sign shows only once the control character is gone
        ("  =1", "'  =1"),
        ("a=b", "a=b"),
        ("＝1+1", "'＝1+1"),
        ("'=1", "'=1"),  # an apostrophe of its own
        # Where semicolons set cells apart, and quotes in the midst mean nothing, each of these begins one.
        ("a;=1", "a;'=1"),
        ('a; "=1', "a;' \"=1"),
        ("a\n=1", "a\n'=1"),
        ("a\t@1", "a\t'@1"),
        ("a;b;-1;c", "a;b;'-1;c"),
        (";=1", ";'=1"),
        ("a;b", "a;b"),
        ("a; b=c", "a; b=c"),
        ("\t\t=1", "'\t'\t'=1"),
        ('"=1', "'\"=1"),  # a quote before it means nothing to who reads TSV with quotes
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


SIGNS = "=+-@＝＋－＠"
HOSTILE = st.text(st.sampled_from(SIGNS + ";,\t\n\r\"' ax\x00\x1b[\u2028\ufeff"), max_size=12)


@given(st.lists(st.lists(HOSTILE, min_size=2, max_size=2), min_size=1, max_size=20))
def test_whoever_cuts_it_finds_no_formula(texts: list[list[str]]) -> None:
    """EXP-1: neither who reads CSV as it is meant nor who cuts at semicolons, tabs and lines finds a formula."""
    out = io.StringIO(newline="")
    columns = (Column("a", "A"), Column("b", "B"))
    delimited.write_csv(Sheet("", columns, tuple((Cell(a), Cell(b)) for a, b in texts)), out)
    read = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert len(read) == len(texts) + 1
    assert not [cell for row in read for cell in row if cell.lstrip().startswith(tuple(SIGNS))]
    cut = re.split("[;\t\n]", out.getvalue())
    assert not [piece for piece in cut if piece.lstrip(' "').startswith(tuple(SIGNS))]


@pytest.mark.parametrize(
    ("written", "kept"),
    [("=1", "'=1"), ("\t=1", "' =1"), ("a\n=1", "a =1"), ("a;=1", "a;'=1"), (-5, "-5"), (None, "")],
)
def test_no_cell_of_tsv_starts_a_formula(written: str | int | None, kept: str) -> None:
    """EXP-1: a spreadsheet opens TSV, too; in a pipe the list itself is for `cut` and keeps what was written."""
    out = io.StringIO()
    delimited.write_tsv(a_sheet(written)._replace(headed=False), out, spreadsheet=True)
    assert out.getvalue() == f"a\n{kept}\n"
    plain = io.StringIO()
    delimited.write_tsv(a_sheet("=1"), plain)
    assert plain.getvalue() == "a\n=1\n"


def test_json_around_rows_is_json_of_them() -> None:
    """EXP-1: a document that is written row by row is, to the byte, the one that would be written at once."""
    rows: list[dict[str, object]] = [{"n": n, "t": 'a\n"b\\', "c": [{"x": None}], "e": []} for n in range(3)]
    for known in (rows, rows[:1], []):
        document = {"before": {"a": [1, 2]}, "rows": known, "after": [], "tabs": {}}
        at_once, around = io.StringIO(), io.StringIO()
        json_text.write_json(document, at_once)
        place: list[object] = []
        json_text.write_json_around({**document, "rows": place}, place, iter(known), around)
        assert around.getvalue() == at_once.getvalue()


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
