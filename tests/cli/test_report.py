"""`care report` as people and programs run it, on the demo's desk (RPT-1)."""

import csv
import io
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import ADA, BEN, DANA, LENA, NOW, Who, care, shell, terminal
from other_hands import peeked

Json = dict[str, Any]


@pytest.fixture
def report(ada: Who) -> Json:
    """The whole report of the demo."""
    answer: Json = ada.json("report", "--numbers")
    return answer


def figures(rows: list[Json]) -> list[tuple[str, Json, Json]]:
    """Metric, raw tally and numbers of each."""
    return [(one["metric"], one["raw"], one["numbers"]) for one in rows]


def test_every_figure_leads_to_its_cases(ada: Who, report: Json) -> None:
    """RPT-1: each row's numbers are those of the clocks that `--list clocks` tells one by one."""
    clocks = ada.json("report", "--list", "clocks")["clocks"]
    for metric, raw, numbers in figures(report["overall"]):
        own = [one for one in clocks if one["metric"] == metric]
        counted = Counter(one["outcome"] for one in own)
        assert {name: raw[name] for name in ("kept", "missed", "running", "paused", "cancelled")} == {
            name: counted[name] for name in ("kept", "missed", "running", "paused", "cancelled")
        }
        for name, outcomes in (("missed", {"missed"}), ("undecided", {"running", "paused"}), ("kept", {"kept"})):
            assert numbers[name] == sorted({one["number"] for one in own if one["outcome"] in outcomes})


def test_the_list_of_clocks_is_what_show_tells(ada: Who) -> None:
    """RPT-1: each clock of the list is the clock of its case, with the same due time and the same end."""
    clocks = ada.json("report", "--list", "clocks")["clocks"]
    assert len(clocks) > 20
    for one in clocks:
        told = ada.json("show", one["number"])["clocks"]
        own = next(c for c in told if (c["metric"], c["cycle"]) == (one["metric"], one["cycle"]))
        assert {name: own[name] for name in ("target", "started_at", "due_at", "met_at")} == {
            name: one[name] for name in ("target", "started_at", "due_at", "met_at")
        }
        assert own["met_at"] is None or own["used_s"] == one["counted_s"]


def test_the_breaches_are_those_of_the_view(trial: str, report: Json) -> None:
    """RPT-1, EXP-1: what a report lists as missed is what `care_breaches` has for other programs."""
    seen = set(peeked(trial, "SELECT number, metric, cycle, due_at, met_at FROM care_breaches"))
    assert {
        tuple(one[k] for k in ("number", "metric", "cycle", "due_at", "met_at")) for one in report["breaches"]
    } == seen
    assert seen


def test_tables_add_up_to_the_whole(ada: Who, report: Json) -> None:
    """RPT-1: by whatever a table is, its rows add up to the figures over all cases."""
    for by in ("plan", "priority", "account", "owner", "group", "service", "component", "type", "day,account"):
        table = ada.json("report", "--by", by)["tables"][0]
        assert table["by"] == by.split(",")
        for name in ("kept", "missed", "running", "paused", "cancelled"):
            rows = Counter[str]()
            for row in table["rows"]:
                rows.update({one["metric"]: one["raw"][name] for one in row["metrics"]})
            assert {one["metric"]: one["raw"][name] for one in report["overall"]} == dict(rows)


def test_the_backlog_is_what_the_list_of_open_cases_is(ada: Who, report: Json) -> None:
    """RPT-1: every open case is in the backlog once, whenever it was opened."""
    open_ = [
        one["number"] for one in ada.json("list", "--all", "--limit", "100")["cases"] if one["status"] != "closed"
    ]
    assert sorted(number for age in report["backlog"] for number in age["numbers"]) == sorted(open_)
    later = ada.json("report", "--since", "2026-03-19")
    assert later["backlog"] == report["backlog"]
    assert later["population"]["cases"] < report["population"]["cases"]
    assert [one["number"] for one in ada.json("report", "--list", "backlog")["backlog"]] == sorted(open_)


def test_the_usual_report_and_one_by_something(report: Json, ada: Who) -> None:
    """RPT-1: by plan and priority, account and owner; with --by one table, whose periods make the trend."""
    assert [table["by"] for table in report["tables"]] == [["plan", "priority"], ["account"], ["owner"]]
    asked = ada.json("report", "--by", "metric,account,period,account")
    assert ([table["by"] for table in asked["tables"]], asked["trend"]["by"]) == (
        [["account", "month"]],
        ["month"],
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--by", "colour"), "'colour' is not known"),
        (("--by", "metric"), "metric alone"),
        (("--by", ","), "nothing"),
        (("--list", "everything"), "'everything' is not known"),
        (("--since", "2026-03-10", "--until", "2026-03-09"), "--until is not after --since"),
        (("--metric", "speed"), "'speed' is not known"),
        (("--plan", "gold"), "'gold' is not known"),
        (("--html", "x.html", "--format", "csv"), "--html goes with none of"),
        (("--html", "x.html", "--list", "breaches"), "--html goes with none of"),
        (("--output", "march.html"), "--html march.html does"),
        (("--list", "breaches", "--by", "account"), "--list breaches does not go with --by"),
        (("--list", "clocks", "--by", "plan", "--policy", "guide"), "does not go with --by and --policy"),
        (("--policy", "nowhere.toml"), "nowhere.toml"),
        (("--at", "2026-04-20"), "still to come"),
    ],
)
def test_slips_are_answered_with_what_to_do(ada: Who, args: tuple[str, ...], said: str) -> None:
    """CLI, RPT-1: a wrong word is named, with those that there are."""
    assert said in ada("report", *args).refused(2)


def test_a_report_as_of_then(trial: str) -> None:
    """TICK-3, RPT-1: --at looks back, and is what was told at that moment."""
    then = "2026-03-13T17:00:00Z"
    told = Who(trial, ADA).json("report", "--at", then)
    listed = Who(trial, ADA).json("list", "--all", "--at", then)
    assert (told["as_of"], told["population"]["cases"]) == (then, listed["total"])
    assert 0 < listed["total"] < Who(trial, ADA).json("report")["population"]["cases"]


def test_spreadsheets_and_lines(ada: Who, report: Json, tmp_path: Path) -> None:
    """RPT-1, EXP-1: csv, tsv and jsonl hold the table's figures, one metric a row; a file's ending tells which."""
    file = tmp_path / "march.csv"
    assert ada("report", "--by", "account", "--output", str(file)).status == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    table = report["tables"][1]["rows"]
    whole = [
        (row["key"]["account"], one["metric"], str(one["raw"]["kept"])) for row in table for one in row["metrics"]
    ]
    assert [(row["account"], row["metric"], row["kept"]) for row in rows] == whole
    lines = [json.loads(line) for line in ada("report", "--by", "account", "--format", "jsonl").out.splitlines()]
    assert [(line["account"], line["metric"], str(line["raw"]["kept"])) for line in lines] == whole
    assert lines == ada.json("report", "--by", "account", "--list", "attainment")["attainment"]


def test_a_page_is_written(ada: Who, tmp_path: Path) -> None:
    """RPT-1: --html writes the page to a file, or to standard output for a pipe."""
    file = tmp_path / "report.html"
    ran = ada("report", "--html", str(file))
    assert (ran.status, ran.out) == (0, f"report written to {file}\n")
    assert file.read_text() == ada("report", "--html", "-").out
    assert file.read_text().startswith("<!DOCTYPE html>") or file.read_text().startswith("<!doctype html>")
    assert ada("report", "--html", str(tmp_path / "no" / "where.html")).status == 1


def test_a_workbook_is_no_answer_for_a_terminal(trial: str, tmp_path: Path) -> None:
    """EXP-1: a workbook goes to a file or a pipe; a terminal is told so."""
    file = tmp_path / "report.xlsx"
    who = ("--db", trial, "--as", ADA, "--now", NOW, "report", "--format", "xlsx")
    assert care(*who, "--output", str(file)).status == 0
    assert file.read_bytes().startswith(b"PK")
    ran = terminal(*who)
    assert ran.status == 2
    assert "a terminal shows no xlsx" in ran.out


FORMATS = (("--json",), ("--format", "csv"), (), ("--html", "-"), ("--format", "xlsx", "--output", "out.xlsx"))


@pytest.mark.parametrize("form", FORMATS, ids=["json", "csv", "pipe", "html", "xlsx"])
def test_the_same_question_gives_the_same_bytes(trial: str, tmp_path: Path, form: tuple[str, ...]) -> None:
    """RPT-1: same data, policy and moment give the same bytes in any zone, language and hash order."""
    answers = []
    for place, (zone, language, seed) in enumerate((("UTC", "C.UTF-8", "1"), ("Asia/Tokyo", "de_DE.UTF-8", "77"))):
        folder = tmp_path / str(place)
        folder.mkdir()
        ran = shell(
            *("--db", trial, "--as", BEN, "--now", NOW, "report", "--at", NOW, *form),
            cwd=folder,
            TZ=zone,
            LANG=language,
            LC_ALL=language,
            PYTHONHASHSEED=seed,
            PATH=os.environ["PATH"],
        )
        assert ran.status == 0, ran
        file = folder / "out.xlsx"
        answers.append((ran.out, file.read_bytes() if file.exists() else b""))
    assert answers[0] == answers[1]
    assert any(answers[0])


def test_a_contact_reports_on_the_own_account(trial: str) -> None:
    """DC-3: Northwind's contact and Harbor's see their own cases, and together no more than Customer Care."""
    told = {who: Who(trial, who).json("report", "--by", "account") for who in (DANA, LENA, ADA)}
    assert [row["key"]["account"] for row in told[DANA]["tables"][0]["rows"]] == ["Northwind"]
    assert [row["key"]["account"] for row in told[LENA]["tables"][0]["rows"]] == ["Harbor Clinic"]
    counts = {who: one["population"]["cases"] for who, one in told.items()}
    assert counts[DANA] + counts[LENA] == counts[ADA]
    other = Who(trial, DANA).json("report", "--account", "Harbor Clinic")
    none = Who(trial, DANA).json("report", "--account", "Nobody Inc")
    assert other | {"filters": {}} == none | {"filters": {}}


def test_the_screen_names_the_command_behind_a_figure(trial: str) -> None:
    """RPT-1: at a terminal each list that is cut short says how to have all of it, for the same cases."""
    asked = (
        "report",
        "--since",
        "2026-03-02",
        "--priority",
        "high",
        "--service",
        "Voice",
        "--account",
        "Harbor Clinic",
    )
    ran = terminal("--db", trial, "--as", ADA, "--now", NOW, *asked, columns=160, NO_COLOR="1")
    again = (
        "care report --since 2026-03-02 --account 'Harbor Clinic' --priority high --service Voice --list backlog"
    )
    assert again in ran.out
    shown = Who(trial, ADA).json(*asked, "--list", "backlog")["backlog"]
    assert f"Open now, whenever opened: {len(shown)} case" in ran.out


def test_a_report_of_no_case_says_what_to_look_at(ada: Who) -> None:
    """CLI, RPT-1: where the filters let no case through, a person reads how to see what there is."""
    told = ada("report", "--account", "Nortwind").out
    assert told == (
        "# How well promises are kept\n"
        "0 cases whenever opened; account Nortwind\n"
        "0 open; 0 closed\n"
        "0 clocks: 0 kept, 0 missed, 0 still running, 0 paused, 0 cancelled\n"
        "nothing is exempted: adjusted figures equal the raw ones\n"
        "as of 2026-03-20 17:00 EDT; policy default 55c37896; periods in America/New_York\n"
        "\n"
        "# Note\n"
        "No case is among these: `care list --all` shows how accounts, owners and products are written\n"
    )


def test_lists_say_words_as_the_report_does(ada: Who) -> None:
    """RPT-1: at a terminal Response is Response in each list; a program gets the word that it gave."""
    for what, words in (
        ("clocks", "Response     Kept "),
        ("cases", "High      Open "),
        ("breaches", "Response     High "),
    ):
        assert words in terminal(*ada.options, "report", "--list", what, "--no-color").out
    assert ",response,1,kept,kept,high," in ada("report", "--list", "clocks", "--format", "csv").out
