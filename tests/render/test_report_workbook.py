"""A report's workbook as openpyxl reads it: numbers, dates, formulas of ours alone, and charts (RPT-1, EXP-1)."""

import io
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

import openpyxl  # type: ignore[import-untyped]
import pytest
from render.made_reports import ALL, BREACHES, FULL, HOSTILE, MUCH, NOTHING

from carecli.domain.report import Numbers, Report
from carecli.render.report import numbers
from carecli.render.report.workbook import workbook

ZONE = "Europe/London"


def opened(report: Report, *, values: bool = True) -> Any:
    """The workbook of a report: the values that it was written with, or its formulas."""
    return openpyxl.load_workbook(io.BytesIO(workbook(report, ZONE)), data_only=values)


def rows(sheet: Any) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def lasting(value: object) -> timedelta:
    """A length of time as openpyxl reads it: a timedelta, or a time of day where it is shorter than one."""
    if isinstance(value, timedelta):
        return value
    assert not isinstance(value, (int, float, str)), value
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)  # type: ignore[attr-defined]


def test_it_has_a_sheet_for_everything() -> None:
    """RPT-1: the figures, each table, what was missed, the backlog, times, follow-ups, and the cases behind."""
    tables = ["By month", "By plan and priority", "By account", "By owner"]
    rest = ["Missed", "Backlog", "Time in status", "Follow-ups", "Case numbers"]
    assert opened(FULL).sheetnames == ["Report", *tables, *rest]
    assert opened(NOTHING).sheetnames == ["Report", *rest[:-1]]


def test_an_attainment_is_worked_out_from_the_counts_beside_it() -> None:
    """RPT-1: 236 / (236 + 17) of restorations, checkable in the cell; adjusted, 243 / (243 + 10)."""
    sheet = opened(FULL, values=False)["Report"]
    head = next(row for row in rows(sheet) if row[0] == "Clock")
    place = rows(sheet).index(head) + 3
    assert [cell.value for cell in sheet[place]][:4] == [
        "Restoration",
        f"=D{place}/(D{place}+E{place})",
        0.95,
        236,
    ]
    assert sheet.cell(place, 2).number_format == "0.0%"
    known = dict(zip(head, rows(opened(FULL)["Report"])[place - 1], strict=True))
    assert known["Attainment"] == pytest.approx(236 / 253, abs=1e-12)
    assert known["Adjusted"] == pytest.approx(243 / 253, abs=1e-12)
    assert (known["Missed"], known["Running"], known["Paused"], known["Cancelled"]) == (17, 4, 6, 12)
    assert lasting(known["Elapsed, 90th"]) == timedelta(hours=62)


@pytest.mark.parametrize("name", ALL)
def test_every_formula_works_out_to_the_value_beside_it(name: str) -> None:
    """RPT-1: what a program shows that does not calculate is what one works out that does."""
    formulas, values = opened(ALL[name], values=False), opened(ALL[name])
    seen = 0
    for sheet in formulas:
        known = values[sheet.title]
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            kept, missed = (known[place].value for place in cell.value[1:-1].split("/(")[1].split("+"))
            assert known[cell.coordinate].value == pytest.approx(kept / (kept + missed), abs=1e-12)
            seen += 1
    assert seen > 0 or name == "nothing"


def test_a_table_has_a_row_for_each_clock() -> None:
    """RPT-1: by plan and priority, eight rows thrice; where there is no such clock there is no figure."""
    found = rows(opened(FULL)["By plan and priority"])
    assert found[0][:7] == ("Plan", "Priority", "Cases", "Clock", "Attainment", "Goal", "Kept")
    assert [row[3] for row in found[1:]] == ["Response"] * 8 + ["Restoration"] * 8 + ["Resolution"] * 8
    low = found[1 + 8 + 3]
    assert low[:7] == ("Care", "Low", 31, "Restoration", None, None, None)
    high = found[1 + 8 + 5]
    assert (high[0], high[1], high[5], high[6]) == ("Business Care", "High", 0.95, 46)
    assert high[4] == pytest.approx(46 / 50)


def test_missed_promises_have_dates_and_lengths_of_time() -> None:
    """EXP-1: real dates in the viewer's zone, which the heading names; lengths of time add up."""
    found = rows(opened(FULL)["Missed"])
    known = [dict(zip(found[0], row, strict=True)) for row in found[1:]]
    assert [one["Case"] for one in known] == ["0000000001", "0000000001", "0000000002", "0000000003", "0000000004"]
    assert known[4]["Due (Europe/London)"] == datetime.fromisoformat("2026-05-01T16:20")
    assert known[4]["Met (Europe/London)"] is None
    assert known[3]["Adjusted"] == "kept"
    assert known[1]["Cycle"] == 2
    assert [lasting(one["Late by"]) for one in known] == [timedelta(seconds=one.overdue_s) for one in BREACHES]


def test_the_other_sheets_hold_their_figures() -> None:
    """RPT-1: backlog by age and status, times, follow-ups by outcome."""
    book = opened(FULL)
    assert rows(book["Backlog"])[3] == ("3-7d", 14, 7, 4, 0, 3)
    assert rows(book["Follow-ups"])[4] == ("closed by the ladder", 9, 52)
    awaiting = rows(book["Time in status"])[2]
    assert (awaiting[0], awaiting[1], lasting(awaiting[3])) == ("Awaiting Info", 160, timedelta(hours=26))


def test_every_figure_leads_to_its_cases() -> None:
    """RPT-1: every number behind every figure, none left out, also of those kept where that was asked for."""
    found = rows(opened(FULL)["Case numbers"])
    assert found[0] == ("Figure", "Of", "Clock", "Outcome", "Case")
    missed = [row for row in found if row[:4] == ("By account", "Northwind", "Restoration", "missed")]
    assert [row[4] for row in missed] == [f"{number:010d}" for number in range(1, 13)]
    assert ("Follow-ups", "Solution proposed", None, "closed", "0000000011") in found
    assert ("Backlog", "30-90d", None, "open", "0000000700") in found
    kept = FULL.overall[0]._replace(numbers=Numbers(kept=(41, 42)))
    again = rows(opened(FULL._replace(overall=(kept,)))["Case numbers"])
    assert [row[4] for row in again if row[3] == "kept"] == ["0000000041", "0000000042"]


def test_more_cases_than_there_is_room_for_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """RPT-1: where numbers are too many each figure keeps its first ones, and says how many more there are."""
    whole = rows(opened(FULL)["Case numbers"])
    assert not [row for row in whole if "more" in row[4]]
    monkeypatch.setattr(numbers, "MOST", 380)
    found = rows(opened(FULL)["Case numbers"])
    missed = [row[4] for row in found if row[:4] == ("Report", "everything", "Restoration", "missed")]
    assert missed == [f"{number:010d}" for number in range(1, 11)] + ["and 7 more"]
    few = [row for row in whole if row[:4] == ("Backlog", "14-30d", None, "open")]
    assert len(few) == 3
    assert set(few) <= set(found)


def test_charts_are_of_the_cells() -> None:
    """RPT-1: native charts, on the first sheet, each with words for who does not see it."""
    sheet = opened(FULL)["Report"]
    assert len(sheet._charts) == 8
    with ZipFile(io.BytesIO(workbook(FULL, ZONE))) as packed:
        drawn = packed.read("xl/drawings/drawing1.xml").decode()
        charts = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/charts/chart")]
    assert drawn.count(' descr="') == 8
    trend = next(chart for chart in charts if "Promises kept, by month" in chart)
    for cells in ("'By month'!$A$8:$A$13", "'By month'!$D$8:$D$13", "'By month'!$E$8:$E$13"):
        assert cells in trend, cells
    assert "Goal for restoration" in trend
    assert [chart for chart in charts if 'c:showVal val="1"' in chart] == []


def test_much_is_drawn_in_part_and_says_so() -> None:
    """RPT-1: a chart of sixty rows draws thirty, and its title says that it does."""
    with ZipFile(io.BytesIO(workbook(MUCH, ZONE))) as packed:
        charts = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/charts/chart")]
    assert any("Promises kept, by account (first 30 of 60)" in chart for chart in charts)
    assert any("By day" in chart and "$D$2:$D$91" in chart for chart in charts)


def test_another_policy_has_columns_of_its_own() -> None:
    """SLA-8: attainment under the policy that is tried, worked out from its own counts."""
    found = rows(opened(MUCH)["Report"])
    head = next(row for row in found if row[0] == "Clock")
    known = dict(zip(head, found[found.index(head) + 1], strict=True))
    assert known["Other policy"] == pytest.approx(300 / 327)
    assert (known["Other kept"], known["Other missed"]) == (300, 27)
    assert "Other policy" not in {value for row in rows(opened(FULL)["Report"]) for value in row}


def test_what_people_wrote_is_no_formula() -> None:
    """EXP-1: text that begins with = + - @ stays text, and control characters are gone."""
    book = opened(HOSTILE, values=False)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert "/(" in cell.value
                    assert set(cell.value) <= set("=/(+)ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), cell.value
                assert "\x1b" not in str(cell.value)
    missed = rows(book["Missed"])
    assert missed[3][1] == '=HYPERLINK("http://x.example")'
    assert missed[3][2] == "-1+1"
    assert missed[2][5] == "@SUM(1+1)*cmd"
    with ZipFile(io.BytesIO(workbook(HOSTILE, ZONE))) as packed:
        assert not [name for name in packed.namelist() if "externalLink" in name or "vba" in name.lower()]
        assert not [name for name in packed.namelist() if b"hyperlink " in packed.read(name).lower()]


def test_headings_stay_and_filter() -> None:
    """EXP-1: a frozen header with a filter over every sheet of rows."""
    for sheet in opened(FULL).worksheets[1:]:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref.startswith("A1:"), sheet.title
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row)), sheet.title
