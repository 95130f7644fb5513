"""`care export`, and the files that any listing writes (EXP-1)."""

import csv
import io
import json
import os
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from cli.acceptance import ADA, BEN, DANA, FORM, LENA, NOW, Ran, Who, command, shell, terminal
from other_hands import opened

from carecli.store import searching

HOSTILE = '=HYPERLINK("https://evil.example";A1);=1+1 <r>&</r>'


@pytest.fixture
def ada(trial: str) -> Who:
    """The demo's admin."""
    return Who(trial, ADA)


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def rows(file: Path) -> list[tuple[Any, ...]]:
    """The rows of a workbook of one sheet, its header among them."""
    book = openpyxl.load_workbook(file)
    assert len(book.sheetnames) == 1
    return list(book.active.iter_rows(values_only=True))


def exported(who: Who, file: Path, *args: str) -> Ran:
    """Export, and go well."""
    ran = who("--quiet", "export", str(file), *args)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    return ran


@pytest.mark.parametrize("email", [ADA, BEN, DANA, LENA])
@pytest.mark.parametrize(
    "args", [(), ("--all",), ("--all", "--status", "open", "--sort", "-subject"), ("--group",)]
)
def test_it_holds_what_the_list_shows(trial: str, tmp_path: Path, email: str, args: tuple[str, ...]) -> None:
    """EXP-1, DC-3: the cases of the same list in the same order, whoever asks, in each format."""
    who = Who(trial, email)
    if who("list", *args).status:  # who belongs to no product group has no list of one either
        assert who("export", str(tmp_path / "x.csv"), *args).err == who("list", *args).err
        return
    listed = who.json("list", *args, "--limit", "1000")
    numbers = [case["number"] for case in listed["cases"]]
    for ending in ("csv", "tsv", "xlsx", "jsonl", "json"):
        exported(who, tmp_path / f"cases.{ending}", *args)
    assert json.loads((tmp_path / "cases.json").read_text()) == listed
    assert [json.loads(line) for line in (tmp_path / "cases.jsonl").read_text().splitlines()] == listed["cases"]
    with (tmp_path / "cases.csv").open(newline="") as file:
        assert [row["number"] for row in csv.DictReader(file)] == numbers
    assert [line.split("\t")[0] for line in (tmp_path / "cases.tsv").read_text().splitlines()[1:]] == numbers
    assert [row[0] for row in rows(tmp_path / "cases.xlsx")[1:]] == numbers
    assert names(tmp_path) == sorted(
        ["trial.db", *(f"cases.{ending}" for ending in ("csv", "tsv", "xlsx", "jsonl", "json"))]
    )


def test_every_column_is_there(ada: Who, tmp_path: Path) -> None:
    """EXP-1: also the columns that a list shows only on request; --fields picks them, a wrong one lists them."""
    exported(ada, tmp_path / "all.xlsx", "--all")
    header = rows(tmp_path / "all.xlsx")[0]
    assert len(header) == 32
    assert header[12:14] == ("Opened (America/New_York)", "Modified (America/New_York)")
    assert header[23:26] == ("Response", "Response due (America/New_York)", "Response met (America/New_York)")
    exported(ada, tmp_path / "few.xlsx", "--all", "--fields", "opened_at,number", "--sort", "number")
    assert rows(tmp_path / "few.xlsx")[:2] == [
        ("Opened (America/New_York)", "Number"),
        (datetime.fromisoformat("2026-03-20T15:20:00"), "0000000009"),
    ]
    told = ada("export", str(tmp_path / "few.xlsx"), "--fields", "bogus").refused(2)
    assert "restoration_met_at" in told


def test_a_workbook_says_what_csv_says(ada: Who, tmp_path: Path) -> None:
    """EXP-1, CAL-3: each value is the same; only instants are dates there, by the viewer's clock."""
    exported(ada, tmp_path / "cases.csv", "--all")
    exported(ada, tmp_path / "cases.xlsx", "--all")
    with (tmp_path / "cases.csv").open(newline="") as file:
        header, *written = csv.reader(file)
    for texts, values in zip(written, rows(tmp_path / "cases.xlsx")[1:], strict=True):
        for key, text, value in zip(header, texts, values, strict=True):
            if isinstance(value, datetime):
                assert key.endswith("_at")
                # By hand: New York is five hours behind until 8 March 2026, four from 2 in the morning on.
                hours = 5 if text < "2026-03-08T07:00:00Z" or text > "2026-11-01T06:00:00Z" else 4
                assert (datetime.fromisoformat(text[:-1]) - value).total_seconds() == hours * 3600
            elif isinstance(value, bool):
                assert text == str(value).lower()
            else:
                assert text == ("" if value is None else str(value))


def test_a_workbook_goes_by_the_viewers_own_clock(trial: str, tmp_path: Path) -> None:
    """CAL-3: a contact of an account in another zone reads that zone's wall clock, and the header says so."""
    (tmp_path / "care.toml").write_text('timezone = "Asia/Tokyo"\n')
    who = Who(trial, DANA)
    assert who("--config", str(tmp_path / "care.toml"), "export", str(tmp_path / "c.xlsx"), "--all").status == 0
    assert "Opened (Asia/Tokyo)" in rows(tmp_path / "c.xlsx")[0]


def test_what_a_search_finds(ada: Who, tmp_path: Path) -> None:
    """EXP-1: the hits of a search, best first, with what was found; filters narrow them."""
    found = [case["number"] for case in ada.json("search", "calls")["cases"]]
    exported(ada, tmp_path / "hits.xlsx", "--words", "calls")
    header, *hits = rows(tmp_path / "hits.xlsx")
    assert [row[0] for row in hits] == found
    assert "«calls»" in hits[0][header.index("Found")]
    exported(ada, tmp_path / "hits.csv", "--words", "calls", "--status", "closed", "--fields", "number,status")
    assert set((tmp_path / "hits.csv").read_text().splitlines()[1:]) == {"0000000001,closed"}
    assert ada("export", "-", "--words", "zebra", "--format", "jsonl").out == ""


def test_more_hits_than_are_ranked(ada: Who, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FIND-3: where a search leaves hits out, the export says so."""
    monkeypatch.setattr(searching, "RANKED_MAX", 2)
    ran = ada("export", str(tmp_path / "hits.csv"), "--words", "calls")
    assert "the newest 2" in ran.err
    assert ran.out == f"2 cases in {tmp_path / 'hits.csv'}\n"


def test_of_ones_own_there_may_be_none(ada: Who, tmp_path: Path) -> None:
    """FIND-1: for staff the queue is their own unless they say otherwise; an empty file says how to."""
    ran = ada("export", str(tmp_path / "own.csv"))
    assert ran.out == f"0 cases in {tmp_path / 'own.csv'}\n"
    assert "--all" in ran.err
    assert ada("export", str(tmp_path / "own.csv"), "--all", "--service", "Nothing").err == ""


def test_what_it_answers(ada: Who, tmp_path: Path) -> None:
    """CLI: a line for a person, one document with --json, nothing with --quiet; the cases themselves for -."""
    file = str(tmp_path / "cases.xlsx")
    assert ada("export", file, "--all").out == f"9 cases in {file}\n"
    assert ada("export", file, "--all", "--limit", "1").out == f"1 case in {file}\n"
    assert ada("export", file, "--all", "--limit", "4", "--page", "3").out == f"1 case in {file}\n"
    assert ada("--quiet", "export", file, "--all").out == ""
    assert ada.json("export", file, "--all") == {"exported": {"file": file, "format": "xlsx", "cases": 9}}
    assert ada.json("export", "-", "--all") == ada.json("list", "--all")
    assert ada("export", "-", "--all").out.startswith("number,subject,")
    assert ada("export", "-", "--all", "--format", "TSV").out.startswith("number\tsubject\t")


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("cases.txt",), "cases.txt"),
        (("cases",), "cases"),
        (("cases.xls",), "xlsx"),
        (("cases.csv", "--format", "table"), "table"),
        (("cases.csv", "--format", "ods"), "ods"),
        (("-", "--json", "--format", "csv"), "exclude"),
        (("-", "--sort", "nonsense"), "nonsense"),
        (("-", "--limit", "0"), "0"),
        ((), "FILE"),
    ],
)
def test_slips(ada: Who, args: tuple[str, ...], told: str) -> None:
    """CLI: what cannot be meant is refused, with what can."""
    ran = ada("export", *args)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err


def test_the_ending_tells_the_format_unless_it_is_said(ada: Who, tmp_path: Path) -> None:
    """CLI: --output and export alike; letter case does not matter."""
    for args in (("list", "--all", "--output"), ("export", "--all")):
        assert ada(*args, str(tmp_path / "a.XLSX")).status == 0
        assert (tmp_path / "a.XLSX").read_bytes()[:2] == b"PK"
        assert ada(*args, str(tmp_path / "a.xlsx"), "--format", "csv").status == 0
        assert (tmp_path / "a.xlsx").read_bytes()[:6] == b"number"


def test_a_workbook_is_for_a_file_or_a_pipe(trial: str) -> None:
    """EXP-1: its bytes go to a pipe whole; at a terminal they are refused."""
    options = Who(trial, ADA).options
    piped = subprocess.run(command(*options, "list", "--all", "--format", "xlsx"), capture_output=True, check=True)
    assert piped.stderr == b""
    assert openpyxl.load_workbook(io.BytesIO(piped.stdout)).active.max_row == 10
    seen = terminal(*options, "list", "--all", "--format", "xlsx")
    assert (seen.status, "PK" in seen.out) == (2, False)
    assert "--output" in seen.out


def test_whatever_machine_makes_it_the_bytes_are_the_same(trial: str) -> None:
    """EXP-1: neither the machine's zone, its language, the order of hashes nor the day is in a workbook."""
    options = Who(trial, ADA).options
    surroundings = (
        {"TZ": "UTC", "LANG": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
    )
    made = {
        subprocess.run(
            command(*options, "export", "-", "--all", "--format", "xlsx"),
            capture_output=True,
            check=True,
            env={**os.environ, **variables},
        ).stdout
        for variables in surroundings
    }
    assert len(made) == 1


def test_a_reader_that_leaves_is_no_error(trial: str) -> None:
    """CLI: 141 and silence."""
    for format_ in ("csv", "xlsx"):
        words = command(*Who(trial, ADA).options, "export", "-", "--all", "--format", format_)
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
            assert run.stdout
            assert run.stderr
            run.stdout.close()
            assert (run.wait(timeout=120), run.stderr.read()) == (141, b"")


def test_what_a_customer_writes_stays_text(trial: str, tmp_path: Path) -> None:
    """EXP-1: a subject that would be a formula is none in any of the files, and is there to the letter."""
    dana = Who(trial, DANA)
    form = [*FORM]
    form[form.index("Calls drop")] = HOSTILE
    number = dana.json("open", *form)["number"]
    for ending in ("csv", "tsv", "xlsx", "jsonl"):
        exported(dana, tmp_path / f"c.{ending}", "--sort", "number", "--limit", "1")
    harmless = "'" + HOSTILE.replace(";=", ";'=")
    with (tmp_path / "c.csv").open(newline="") as file:
        assert list(csv.reader(file))[1][:2] == [number, harmless]
    assert (tmp_path / "c.tsv").read_text().splitlines()[1].split("\t")[:2] == [number, harmless]
    cell = openpyxl.load_workbook(tmp_path / "c.xlsx").active["B2"]
    assert (cell.value, cell.data_type, cell.hyperlink, cell.quotePrefix) == (HOSTILE, "s", None, True)
    assert json.loads((tmp_path / "c.jsonl").read_text())["subject"] == HOSTILE


def test_a_slip_leaves_the_old_file(ada: Who, tmp_path: Path) -> None:
    """EXP-1: what is there stays as it is where the new one cannot be made, and nothing is left beside it."""
    for ending in ("csv", "xlsx", "jsonl", "json"):
        file = tmp_path / f"old.{ending}"
        file.write_text("before")
        assert ada("export", str(file), "--fields", "bogus").status == 2
        assert file.read_text() == "before"
    assert names(tmp_path) == ["old.csv", "old.json", "old.jsonl", "old.xlsx", "trial.db"]


def test_the_desk_as_it_was(ada: Who, tmp_path: Path) -> None:
    """TICK-3: --at exports what a list showed then."""
    then = "2026-03-10T22:00:00Z"
    listed = ada.json("list", "--all", "--at", then)
    exported(ada, tmp_path / "then.xlsx", "--all", "--at", then)
    assert [row[0] for row in rows(tmp_path / "then.xlsx")[1:]] == [case["number"] for case in listed["cases"]]
    assert 0 < len(listed["cases"]) < 9


def test_the_log_of_the_desk(ada: Who, tmp_path: Path) -> None:
    """EXP-1: every event, in each format, whether it is read at once or as it is written."""
    events = ada.json("log", "--all")["events"]
    for ending in ("json", "jsonl", "csv", "tsv", "xlsx"):
        assert ada("log", "--all", "--output", str(tmp_path / f"log.{ending}")).status == 0
    assert json.loads((tmp_path / "log.json").read_text()) == {"events": events}
    assert [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()] == events
    assert len((tmp_path / "log.tsv").read_text().splitlines()) == len(events) + 1
    header, *logged = rows(tmp_path / "log.xlsx")
    assert [(row[0], row[1], row[header.index("Event")]) for row in logged] == [
        (event["number"], event["seq"], event["kind"]) for event in events
    ]
    refused = Who(ada.database, DANA)("log", "--all", "--output", str(tmp_path / "log.json")).refused(4)
    assert "for staff" in refused
    assert json.loads((tmp_path / "log.json").read_text()) == {"events": events}


def test_a_writer_is_not_kept_waiting(trial: str, tmp_path: Path) -> None:
    """AUD-2: while an export waits for its reader others write, and it shows the desk as it was when it began."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(
        command(*Who(trial, ADA).options, "log", "--all", "--format", "jsonl", "--output", str(pipe))
    ) as run:
        with pipe.open() as reader:
            first = reader.readline()
            assert Who(trial, BEN, NOW)("update", "3", "-m", "Something new.", "--internal").status == 0
            rest = reader.read()
        assert run.wait(timeout=120) == 0
    assert "Something new." not in first + rest
    with closing(opened(trial)) as store, store.read() as record:
        assert record.log_length() == len((first + rest).splitlines()) + 1


def test_export_speaks_of_itself(trial: str) -> None:
    """CLI: its help names the formats."""
    told = shell(*Who(trial, ADA).options, "export", "--help").out
    assert "xlsx" in told
    assert "--words" in told
