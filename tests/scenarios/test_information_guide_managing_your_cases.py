"""The portal's information guide: one's cases and feature requests managed, their columns, filters and the export.

The export is a spreadsheet in the guide; here it is CSV, which any spreadsheet opens.
"""

import csv
import io
from pathlib import Path

import pytest
from cli.acceptance import Who
from scenario_desks import (
    AIKO,
    BEN,
    EVE,
    KEN,
    ROB,
    SYSTEM,
    TEXT,
    WHERE,
    Desk,
    Place,
    desk_in,
    problem,
    standing,
    verified,
)

# Sydney goes to summer time on Sunday, 4 October 2026 (02:00 AEST is 03:00 AEDT); Monday the 5th is Labour Day.
# Behind Thursday, 1 October, the business days are 1 Fri 2, 2 Tue 6, 5 Fri 9, 9 Thu 15, 10 Fri 16.
SYDNEY = Place("Australia/Sydney", "AU-NSW", "2026-09-28T00:00:00Z", "2026-10-01T05:00:00Z")
"""Thursday, 15:00 AEST; at 15:00 AEDT it is 04:00Z."""
STAGES = ("2026-10-06T04:00:00Z", "2026-10-09T04:00:00Z", "2026-10-16T04:00:00Z")
COLUMNS = {
    "number": "0000000001",
    "type": "support",
    "subject": "Calls drop",
    "account": "Harbour Foods",
    "deployment": "Dock",
    "status": "open",
    "substatus": "new",
    "priority": "high",
    "service": "Voice",
    "opened_at": "2026-10-01T05:00:00Z",
    "modified_at": "2026-10-01T05:00:00Z",
    "contact": AIKO,
}
"""The columns that the guide names, of Aiko's case on that Thursday."""
WISH = "We would like the wallboard to show how long each agent has been in the present state."
FORMULA = '=HYPERLINK("http://evil.example","Wallboard")'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Everybody on that Thursday in Sydney, with a case of Aiko's."""
    desk = desk_in(tmp_path, SYDNEY)
    problem(desk[AIKO])
    return desk


def exported(who: Who, folder: Path, *words: str) -> list[dict[str, str]]:
    """The rows of a list that was written to a file of its own."""
    path = folder / "cases.csv"
    path.unlink(missing_ok=True)
    assert who("list", *words, "--format", "csv", "--output", str(path)).status == 0
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_the_columns(desk: Desk, tmp_path: Path) -> None:
    """FIND-2, EXP-1: each column that the guide names, on the screen as in the file."""
    (row,) = exported(desk[AIKO], tmp_path)
    assert {name: row[name] for name in COLUMNS} == COLUMNS
    (shown,) = desk[AIKO].json("list")["cases"]
    assert {name: shown[name] for name in COLUMNS} == COLUMNS
    few = exported(desk[AIKO], tmp_path, "--fields", "number,opened_at")
    assert few == [{"number": "0000000001", "opened_at": SYDNEY.now}]


def test_the_export_is_what_the_filter_shows(desk: Desk, tmp_path: Path) -> None:
    """EXP-1, FIND-2: my cases or all of the account's, filtered, every page of them; a formula comes as a text."""
    number = problem(desk[KEN], subject=FORMULA, priority="low")["number"]
    problem(desk[EVE])
    assert [row["number"] for row in exported(desk[AIKO], tmp_path)] == ["0000000001"]
    assert {row["number"] for row in exported(desk[AIKO], tmp_path, "--group")} == {"0000000001", number}
    (row,) = exported(desk[ROB], tmp_path, "--group", "--priority", "low")
    assert (row["number"], row["contact"]) == (number, KEN)
    assert (row["subject"][0] == "=", FORMULA in row["subject"]) == (False, True)
    assert exported(desk[AIKO], tmp_path, "--group", "--service", "Nothing", "--all") == []


def test_each_status_of_a_case(desk: Desk, tmp_path: Path) -> None:
    """STAT-1, UPD-1, CLOSE-1: from New to Closed, an answer and a close by the customer; dates over a holiday."""
    ben, aiko = desk[BEN], desk[AIKO]
    seen = []
    for at, who, words in (
        ("2026-10-01T05:00:00Z", ben, ("investigate", "1")),
        ("2026-10-01T05:00:00Z", ben, ("ask", "1", "-m", "Which queue?")),
        ("2026-10-06T05:00:00Z", aiko, ("update", "1", "-m", "Sales.")),
        ("2026-10-06T06:00:00Z", ben, ("restore", "1", "-m", "It runs over the other trunk.")),
        ("2026-10-07T00:00:00Z", ben, ("propose", "1", "-m", "The trunk is mended.")),
        ("2026-10-07T01:00:00Z", aiko, ("close", "1")),
    ):
        if at == "2026-10-06T05:00:00Z":
            (sent,) = desk[SYSTEM].at(STAGES[0]).json("tick")["followups"]
            assert (sent["stage"], sent["due_at"]) == (1, STAGES[0])
        who.at(at).json(*words)
        (row,) = exported(aiko.at(at), tmp_path, "--all")
        seen.append((standing(row), row["modified_at"]))
    assert [status for status, _ in seen] == [
        "open/investigation",
        "awaiting-info/info-required-from-customer",
        "open/customer-responded",
        "service-restored/pending-permanent-solution",
        "solution-proposed/solution-proposed",
        "closed/resolved",
    ]
    # What the tick sends is no update of either side.
    assert [at for _, at in seen][1:3] == [SYDNEY.now, "2026-10-06T05:00:00Z"]
    assert exported(aiko, tmp_path) == []
    assert verified(desk)


def test_feature_requests_managed(desk: Desk, tmp_path: Path) -> None:
    """STAT-2, FU-1, EXP-1: departments and sub-statuses in list and file; silence closes one after ten days."""
    form = ("--type", "feature-request", *WHERE, "--priority", "low", "-m", WISH)
    first, second = (
        desk[AIKO].json("open", *form, "-s", name)["number"] for name in ("Time in state", "Dark mode")
    )
    desk[BEN].json("ask", first, "-m", "For every team?")
    for step in ("product-management", "under-review", "future-candidate"):
        desk[BEN].json("feature", step, second)
    rows = exported(desk[KEN], tmp_path, "--group", "--type", "feature-request", "--sort", "number")
    assert {row["number"]: standing(row) for row in rows} == {
        first: "open-customer-care/info-required-from-customer",
        second: "open-product-management/future-candidate",
    }
    for at in STAGES:
        (sent,) = desk[SYSTEM].at(at).json("tick")["followups"]
        assert (sent["number"], sent["due_at"]) == (first, at)
    (row,) = exported(desk[AIKO].at(STAGES[2]), tmp_path, "--type", "feature-request")
    assert row["number"] == second
    closed = desk[AIKO].at(STAGES[2]).json("show", first)
    assert (closed["status"], closed["closed_at"], closed["closed_by"]) == ("closed", STAGES[2], "auto-follow-up")
    assert verified(desk)


def test_who_may_only_read_manages_nothing(desk: Desk) -> None:
    """DC-1: post an update, close, open: for Designated Contacts alone."""
    for words in (("update", "1", "-m", "A."), ("close", "1"), ("open", *WHERE, "-s", "A", "-m", TEXT)):
        assert desk[ROB](*words).status == 4
    assert standing(desk[ROB].json("show", "1")) == "open/new"
