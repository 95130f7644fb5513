"""The command line's contract (CLI.md), point by point: what other programs rely on."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from cli.acceptance import (
    ADA,
    BEN,
    DANA,
    FORM,
    INSTANT,
    LENA,
    MIA,
    NOW,
    OMAR,
    TEXT,
    Ran,
    Who,
    care,
    command,
    events,
    kept,
    plain,
    shell,
    terminal,
)
from engine import sqlite_alone
from watched import PATIENCE_S, until, waiting

from carecli.commands import panels

BOXES = re.compile("[─-╿]")
LISTINGS = (
    ("list", "--all"),
    ("search", "calls"),
    ("similar", "-s", "Calls drop", "--all"),
    ("log", "1"),
    ("log", "--all"),
    ("forecast", "--within", "9bd"),
    ("report", "--list", "attainment"),
    ("report", "--list", "breaches"),
    ("report", "--list", "backlog"),
    ("report", "--list", "clocks"),
    ("report", "--list", "cases"),
    ("account", "list"),
    ("account", "entitlements", "Northwind"),
    ("contact", "list"),
    ("staff", "list"),
    ("policy", "list"),
    ("policy", "diff", "guide"),
    ("policy", "impact", "guide", "--all"),
    ("calendar", "impact", "--account", "Northwind", "--hours", "24x7"),
    ("maintenance", "show"),
    ("contact-us",),
    ("whatnext", "outage"),
)
PAGES = (("show", "3"), ("account", "show", "Northwind"), ("policy", "show"), ("calendar", "show"))
READING = (*LISTINGS, *PAGES, ("tick", "--dry-run"))


@pytest.fixture
def ben(trial: str) -> Who:
    """An agent."""
    return Who(trial, BEN)


@pytest.fixture
def dana(trial: str) -> Who:
    """A Designated Contact of Northwind."""
    return Who(trial, DANA)


# Everywhere: options, environment, configuration


@pytest.mark.parametrize("place", ["before", "after", "both", "equals"])
def test_globals_stand_before_and_after_the_name(trial: str, place: str) -> None:
    """CLI: `--db` and the other globals work before and after the command's name, also as --db=PATH."""
    options = ("--db", trial, "--as", DANA, "--now", NOW, "--json")
    args = {
        "before": (*options, "show", "1"),
        "after": ("show", "1", *options),
        "both": ("--db", trial, "--as", DANA, "show", "--json", "1", "--now", NOW),
        "equals": (f"--db={trial}", "show", "1", f"--as={DANA}", f"--now={NOW}", "--json"),
    }[place]
    assert care(*args).json["number"] == "0000000001"


def test_flag_beats_environment_beats_file(trial: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: flag beats environment beats config file beats default, for the database and the actor."""
    config = tmp_path / "own.toml"
    config.write_text(f'db = "{trial}"\nas = "{DANA}"\n')
    options = ("--config", str(config), "--json")
    mine = {row["contact"] for row in care(*options, "list").json["cases"]}
    assert mine == {DANA}
    monkeypatch.setenv("CARE_AS", OMAR)
    assert {row["contact"] for row in care(*options, "list").json["cases"]} == {OMAR}
    assert {row["contact"] for row in care(*options, "list", "--as", DANA).json["cases"]} == {DANA}
    monkeypatch.setenv("CARE_DB", "/none/such.db")
    assert care(*options, "list").status == 6
    assert care(*options, "list", "--db", trial).status == 0
    monkeypatch.delenv("CARE_DB")
    monkeypatch.setenv("CARE_CONFIG", "/none/such.toml")
    assert care("--json", "list").status == 2
    assert care(*options, "list").status == 0


@sqlite_alone("a place of its own has a file alone")
def test_the_default_database_is_in_the_user_data_directory(clean_environment: Path) -> None:
    """CLI: the default database lies in the user data directory, made on first use with mode 0600."""
    assert care("--json", "list").error["code"] == "database"
    made = care("--json", "init", "--email", ADA).json
    file = Path(made["database"])
    assert file == clean_environment / "xdg_data_home" / "care" / "desk.db"
    assert file.stat().st_mode & 0o777 == 0o600
    assert Path(made["config"]).is_file()
    assert care("--json", "staff", "list").json["staff"][0]["email"] == ADA


def test_now_is_read_in_the_actors_zone(trial: str) -> None:
    """CLI: --now without a zone is in the actor's zone: New York for Northwind's contact and for this desk."""
    for now in (
        "2026-03-20 17:00",
        "2026-03-20T17:00",
        "2026-03-20T17:00:00-04:00",
        "2026-03-20T22:00:00+01:00",
        NOW,
    ):
        assert Who(trial, "system", now).json("tick", "--dry-run")["now"] == NOW
    care("--db", trial, "--as", ADA, "account", "edit", "Northwind", "--timezone", "Europe/Madrid")
    case = Who(trial, DANA, "2026-03-20 22:00").json("open", *FORM)
    assert case["opened_at"] == "2026-03-20T21:00:00Z"


def test_now_from_the_environment(trial: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: CARE_NOW replaces the clock, --now beats it."""
    monkeypatch.setenv("CARE_NOW", "2026-03-21T12:00:00Z")
    assert care("--db", trial, "--as", ADA, "--json", "tick", "--dry-run").json["now"] == "2026-03-21T12:00:00Z"
    assert Who(trial, ADA).json("tick", "--dry-run")["now"] == NOW


def test_what_a_person_types_is_an_instant(ada: Who) -> None:
    """CLI: --now takes what a person types; relative to the machine's clock."""
    now = ada.at("tomorrow 9am").json("tick", "--dry-run")["now"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT1[34]:00:00Z", now)  # 9 in New York


@pytest.mark.parametrize("number", ["0000000003", "3", "#3"])
def test_spellings_of_a_number(ada: Who, number: str) -> None:
    """CLI: a case number is accepted as 0000000042, 42 or #42, and printed with ten digits."""
    assert ada.json("show", number)["number"] == "0000000003"
    assert ada.json("log", number)["number"] == "0000000003"
    assert [row["number"] for row in ada.json("search", number)["cases"]] == ["0000000003"]
    assert ada("show", number).out.startswith("# 0000000003")
    assert ada.json("update", number, "-m", "Seen.")["number"] == "0000000003"


@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_json_is_one_document_and_nothing_else(ada: Who, args: tuple[str, ...]) -> None:
    """CLI: with --json standard output holds exactly one document, standard error nothing."""
    ran = ada("--json", *args)
    assert (ran.status, ran.err) == (0, "")
    assert isinstance(json.loads(ran.out), dict)
    assert ran.out.endswith("}\n")


def test_json_of_everything_that_writes(trial: str, tmp_path: Path) -> None:
    """CLI: every command that changes something answers --json with one document too."""
    ada, ben, dana = Who(trial, ADA), Who(trial, BEN), Who(trial, DANA)
    answers = [
        care("--db", str(tmp_path / "new.db"), "--json", "init", "--email", ADA, "--timezone", "UTC"),
        care("--db", str(tmp_path / "demo.db"), "--json", "demo"),
        ada("--json", "account", "add", "New Co"),
        ada("--json", "account", "edit", "New Co", "--plan", "business-care"),
        ada("--json", "contact", "add", "eve@new.example", "--account", "New Co"),
        ada("--json", "contact", "edit", "eve@new.example", "--phone", "+1 555 010 0199"),
        ada("--json", "contact", "deactivate", "eve@new.example"),
        ada("--json", "staff", "add", "kim@desk.example"),
        ada("--json", "staff", "edit", "kim@desk.example", "--role", "manager"),
        ada("--json", "staff", "deactivate", "kim@desk.example"),
        dana("--json", "open", *FORM),
        ben("--json", "assign", "10"),
        ben("--json", "investigate", "10"),
        ben("--json", "priority", "10", "medium", "-m", "There is a workaround."),
        ben("--json", "restore", "10"),
        dana("--json", "reject", "10", "-m", "No."),
        ben("--json", "ask", "10", "-m", "Which?"),
        dana("--json", "update", "10", "-m", "These."),
        ben("--json", "propose", "10", "-m", "Fixed."),
        dana("--json", "accept", "10"),
        dana("--json", "reopen", "10", "-m", "New facts."),
        dana("--json", "close", "10"),
        ada("--json", "tick"),
        ada("--json", "calendar", "add", "2026-03-06T16:00", "6bh"),
        ada("--json", "calendar", "between", "2026-03-06T16:00", "2026-03-09T10:00"),
    ]
    for answer in answers:
        assert isinstance(answer.json, dict), answer


@pytest.mark.parametrize(
    ("who", "args", "status", "code"),
    [
        (ADA, ("list", "--bogus"), 2, "invalid"),
        (ADA, ("bogus",), 2, "invalid"),
        (ADA, ("show",), 2, "invalid"),
        (ADA, ("show", "abc"), 2, "invalid"),
        (ADA, ("list", "--priority", "urgent"), 2, "invalid"),
        (ADA, ("show", "4711"), 3, "not-found"),
        (ADA, ("account", "show", "Nobody Inc"), 3, "not-found"),
        (ADA, ("contact", "edit", "no@where.example"), 3, "not-found"),
        (ADA, ("staff", "edit", "no@where.example"), 3, "not-found"),
        (ADA, ("assign", "3", "no@where.example"), 3, "not-found"),
        ("eve@nowhere.example", ("list",), 4, "not-permitted"),
        (DANA, ("propose", "3", "-m", "x"), 4, "not-permitted"),
        (DANA, ("staff", "list"), 4, "not-permitted"),
        (DANA, ("tick",), 4, "not-permitted"),
        (BEN, ("account", "add", "X"), 4, "not-permitted"),
        ("system", ("update", "3", "-m", "x"), 4, "not-permitted"),
        (BEN, ("ask", "1", "-m", "x"), 5, "refused"),
        (DANA, ("accept", "3"), 5, "refused"),
        (DANA, ("open", "--priority", "critical"), 5, "refused"),
        (LENA, ("reopen", "2", "-m", "again"), 5, "refused"),
        (ADA, ("list", "--db", "/none/such.db"), 6, "database"),
        (ADA, ("list", "--output", "/none/such/file"), 1, "failed"),
    ],
)
def test_exit_status_and_error_document(
    trial: str, who: str, args: tuple[str, ...], status: int, code: str
) -> None:
    """CLI: each refusal has its exit status; with --json one error document, else one message."""
    before = kept(trial)
    asked = Who(trial, who)
    ran = asked("--json", *args)
    assert (ran.status, ran.error["code"]) == (status, code)
    assert ran.err.count("\n") == 1
    message = asked(*args).refused(status)
    assert ran.error["message"] in message.replace("\n  ", " ") or ran.error["message"] in message
    assert ran.error["hint"]
    assert kept(trial) == before


def test_the_rule_is_named(dana: Who) -> None:
    """CLI: an error document names the rule behind it, null where there is none."""
    assert dana("--json", "open", "--priority", "critical").error["rule"] == "OPEN-9"
    assert dana("--json", "show", "4711").error["rule"] == "DC-3"
    assert dana("--json", "lits").error["rule"] is None


@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_in_a_pipe_there_is_neither_colour_nor_box(trial: str, args: tuple[str, ...]) -> None:
    """CLI: not a terminal: no colour, no box drawing, no truncated cells."""
    out = Who(trial, ADA)(*args).out
    assert "\x1b" not in out
    # The excerpt that a search shows is a short one by its nature.
    assert "…" not in out or args[0] == "search"
    assert not BOXES.search(out)


def test_a_pipe_cuts_nothing_off(ada: Who, dana: Who) -> None:
    """CLI: a subject of 100 characters stands whole in a pipe, whatever COLUMNS says, for `cut`."""
    subject = "x" * 100
    dana("open", *FORM, "-s", subject)
    out = shell(*ada.options, "list", "--all", COLUMNS="40").out
    header, *rows = (line.split("\t") for line in out.splitlines())
    assert all(len(row) == len(header) for row in rows)
    assert subject in {row[header.index("subject")] for row in rows}
    assert all(re.fullmatch(r"\d{10}", row[0]) for row in rows)


def test_no_color_and_force_color(ada: Who) -> None:
    """CLI: NO_COLOR and FORCE_COLOR count, at a terminal and in a pipe; --no-color beats both."""
    args = (*ada.options, "list", "--all")
    assert "\x1b[" in shell(*args, FORCE_COLOR="1").out
    assert "\x1b" not in shell(*args, FORCE_COLOR="1", NO_COLOR="1").out
    assert "\x1b" not in shell(*args, "--no-color", FORCE_COLOR="1").out
    colour = re.compile(r"\x1b\[[\d;]*(3[0-7]|9[0-7])m")
    assert colour.search(terminal(*args).out)
    assert not colour.search(terminal(*args, NO_COLOR="1").out)
    assert not colour.search(terminal(*args, "--no-color").out)


# Listings: --format, --fields, --output


@pytest.mark.parametrize("args", LISTINGS, ids=" ".join)
def test_every_listing_speaks_every_format(ada: Who, args: tuple[str, ...]) -> None:
    """CLI: --format table|json|jsonl|csv|tsv on every listing, the same rows in each."""
    document = json.loads(ada(*args, "--format", "json").out)
    rows = next(value for value in document.values() if isinstance(value, list))
    lines = [json.loads(line) for line in ada(*args, "--format", "jsonl").out.splitlines()]
    assert lines == rows
    assert rows
    assert len(list(csv.reader(io.StringIO(ada(*args, "--format", "csv").out)))) == len(rows) + 1
    assert len(ada(*args, "--format", "tsv").out.splitlines()) == len(rows) + 1
    assert ada(*args, "--format", "table").out == ada(*args).out
    assert ada("--json", *args).json == document


@pytest.mark.parametrize("args", LISTINGS, ids=" ".join)
def test_every_listing_speaks_xlsx(ada: Who, args: tuple[str, ...], tmp_path: Path) -> None:
    """CLI: --format xlsx on every listing, the same rows as in the others; instants are dates with their zone."""
    file = tmp_path / "out.xlsx"
    assert ada(*args, "--format", "xlsx", "--output", str(file)).status == 0
    header, *rows = openpyxl.load_workbook(file).active.iter_rows(values_only=True)
    assert len(rows) == len(ada(*args, "--format", "tsv").out.splitlines()) - 1
    for row in rows:
        assert not [value for value in row if INSTANT.fullmatch(str(value))]
        for title, value in zip(header, row, strict=True):
            assert not isinstance(value, datetime) or "(America/New_York)" in title


@pytest.mark.parametrize("args", LISTINGS, ids=" ".join)
def test_fields_are_picked(ada: Who, args: tuple[str, ...]) -> None:
    """CLI: --fields a,b picks fields of JSON and columns of tables in that order, a wrong name lists them."""
    first = json.loads(ada(*args, "--format", "jsonl").out.splitlines()[0])
    picked = [name for name in reversed(list(first)) if isinstance(first[name], str)][:2]
    fields = ("--fields", ",".join(picked))
    assert list(json.loads(ada(*args, "--format", "jsonl", *fields).out.splitlines()[0])) == picked
    for format_ in ("csv", "tsv", "table"):
        assert re.split("[,\t]", ada(*args, "--format", format_, *fields).out.splitlines()[0]) == picked
    for format_ in ("json", "jsonl", "csv", "table"):
        told = ada(*args, "--format", format_, "--fields", "nonsense").refused(2)
        assert "no such field: nonsense" in told
        assert picked[0] in told


def test_a_wrong_field_is_refused_where_nothing_is_listed(ada: Who) -> None:
    """CLI: a wrong name of --fields lists the known ones, also where the list is empty."""
    assert ada.json("list")["cases"] == []
    assert ada("list", "--fields", "nonsense").status == 2
    assert ada("--json", "list", "--fields", "nonsense").status == 2


def test_fields_of_one_case(ada: Who) -> None:
    """CLI: --fields picks from a single case too."""
    assert list(ada.json("show", "3", "--fields", "status,priority")) == ["status", "priority"]
    assert "status" in ada("show", "3", "--fields", "nonsense").refused(2)


def test_output_goes_to_a_file(ada: Who, tmp_path: Path) -> None:
    """CLI: --output FILE writes there and nothing to standard output; its ending tells the format; - is stdout."""
    for ending in ("csv", "tsv", "jsonl", "json"):
        file = tmp_path / f"cases.{ending}"
        assert ada("list", "--all", "--output", str(file)) == (0, "", "")
        assert file.read_text() == ada("list", "--all", "--format", ending).out
    assert ada("list", "--all", "--output", "-").out == ada("list", "--all").out


def test_an_output_that_cannot_be_written(ada: Who, tmp_path: Path) -> None:
    """CLI: a file that cannot be written is one message and status 1."""
    assert "cannot write" in ada("list", "--output", str(tmp_path)).refused(1)


def test_csv_starts_no_formula(ada: Who, dana: Who) -> None:
    """EXP-1: no cell of a CSV starts a formula."""
    dana("open", *FORM, "-s", "=HYPERLINK(1)")
    rows = list(csv.DictReader(io.StringIO(ada("list", "--all", "--format", "csv").out)))
    assert "'=HYPERLINK(1)" in {row["subject"] for row in rows}


def test_a_page_and_all_rows(ada: Who) -> None:
    """CLI: list returns cases, total, page, pages and tabs; tables and --json page, files hold all rows."""
    document = ada.json("list", "--all", "--limit", "4", "--page", "2")
    assert [document[key] for key in ("total", "page", "pages")] == [9, 2, 3]
    assert len(document["cases"]) == 4
    assert sum(document["tabs"].values()) == 9
    assert {"open", "awaiting-info", "service-restored", "solution-proposed", "closed"} <= set(document["tabs"])
    assert len(ada("list", "--all", "--format", "csv").out.splitlines()) == 10


def test_a_row_has_the_keys_of_a_case_without_the_long_texts(ada: Who) -> None:
    """CLI: a list row has the same keys as a case without the long texts."""
    (row,) = ada.json("search", "#3")["cases"]
    case = ada.json("show", "3")
    assert "description" not in row
    assert "impact" not in row
    same = [key for key in row if key in case]
    assert {"number", "clocks", "followup", "links", "closed_by", "severity"} <= set(same)
    assert {key: row[key] for key in same} == {key: case[key] for key in same}


@pytest.mark.parametrize(
    "option",
    [
        ("--mine",),
        ("--group",),
        ("--all",),
        ("--in-group", "Voice"),
        ("--tab", "open"),
        ("--status", "closed"),
        ("--type", "support"),
        ("--priority", "high"),
        ("--account", "Northwind"),
        ("--deployment", "East"),
        ("--service", "Voice"),
        ("--component", "x"),
        ("--owner", BEN),
        ("--contact", DANA),
        ("--since", "2026-03-01"),
        ("--until", "2026-04-01"),
        ("--sort", "opened"),
        ("--limit", "3"),
        ("--page", "1"),
    ],
    ids=lambda option: option[0],
)
@pytest.mark.parametrize("name", ["list", "search"])
def test_options_of_finding(ben: Who, name: str, option: tuple[str, ...]) -> None:
    """CLI: `list` and `search` take the contract's options."""
    words = ("calls",) if name == "search" else ()
    assert "cases" in ben.json(name, *words, *option)


@pytest.mark.parametrize(
    ("status", "numbers"),
    [("open", {3, 7, 8, 9}), ("awaiting-info", {5, 6}), ("closed", {1, 2}), ("service-restored", {4})],
)
def test_filters(ada: Who, status: str, numbers: set[int]) -> None:
    """FIND-2: a filter keeps what it names."""
    rows = ada.json("list", "--all", "--status", status)["cases"]
    assert {int(row["number"]) for row in rows} == numbers


# Long texts


def test_where_a_text_comes_from(ben: Who, tmp_path: Path) -> None:
    """CLI: -m TEXT, -m - (standard input), -F FILE and -F - give the same update."""
    file = tmp_path / "text"
    file.write_text("Größe: 3 µs")
    for args in (("-m", "Größe: 3 µs"), ("-m", "-"), ("-F", str(file)), ("-F", "-")):
        ben.json("update", "3", *args, stdin="Größe: 3 µs".encode())
        assert ben.json("show", "3")["updates"][0]["data"]["text"] == "Größe: 3 µs"


def test_without_a_terminal_no_editor_starts(ben: Who, tmp_path: Path) -> None:
    """CLI: long text comes from $EDITOR at a terminal only; --no-input never starts it either."""
    seen = tmp_path / "seen"
    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\ntouch {seen}\necho 'We look into it.' > $1\n")
    program.chmod(0o700)
    args = (*ben.options, "update", "3")
    assert "a text is needed" in shell(*args, EDITOR=str(program)).refused(2)
    assert terminal(*args, "--no-input", EDITOR=str(program)).status == 2
    assert terminal(*args, "--json", EDITOR=str(program)).status == 2
    assert not seen.exists()
    assert terminal(*args, EDITOR=str(program)).status == 0
    assert ben.json("show", "3")["updates"][0]["data"]["text"] == "We look into it."


@pytest.mark.parametrize(("first", "then"), [("CARE_EDITOR", "VISUAL"), ("VISUAL", "EDITOR")])
def test_which_editor(ben: Who, tmp_path: Path, first: str, then: str) -> None:
    """CLI: $CARE_EDITOR before $VISUAL before $EDITOR."""
    program = tmp_path / "editor"
    program.write_text("#!/bin/sh\necho 'The chosen one.' > $1\n")
    program.chmod(0o700)
    ran = terminal(*ben.options, "update", "3", variables={first: str(program), then: "/bin/false"})
    assert ran.status == 0
    assert ben.json("show", "3")["updates"][0]["data"]["text"] == "The chosen one."


# The log and the tick


def test_every_event_a_line(ada: Who) -> None:
    """CLI: `log --all --format jsonl` writes every event of the desk with its number, in the order recorded."""
    lines = [json.loads(line) for line in ada("log", "--all", "--format", "jsonl").out.splitlines()]
    assert len(lines) == events(ada.database)
    assert all(
        set(line) == {"number", "seq", "at", "actor", "via", "kind", "visibility", "data", "digest"}
        for line in lines
    )
    of_case = [line for line in lines if line["number"] == "0000000003"]
    told = [{k: v for k, v in line.items() if k not in {"number", "digest"}} for line in of_case]
    assert told == ada.json("log", "3")["events"]
    assert {line["number"] for line in lines if line["kind"] == "staff-added"} == {None}


def test_the_kinds_of_events(ada: Who) -> None:
    """CLI: the kinds have the contract's names."""
    kinds = {json.loads(line)["kind"] for line in ada("log", "--all", "--format", "jsonl").out.splitlines()}
    assert kinds >= {
        *("opened", "commented", "asked", "proposed", "restored", "accepted", "priority-changed", "assigned"),
        *("follow-up-sent", "clock-warned", "clock-breached", "closed"),
    }


def test_tick_exit_code(ada: Who) -> None:
    """CLI: `tick --exit-code` gives 10 where a breach stands, else 0; without it always 0."""
    ran = ada("--json", "tick", "--exit-code")
    assert (ran.status, ran.err) == (10, "")
    assert json.loads(ran.out)["breaches"]
    assert ada("tick").status == 0
    for number in ("3", "7", "8"):
        ada("close", number, "-m", "Done.")
    assert ada("tick", "--exit-code").status == 0


def test_dry_run_changes_nothing(ada: Who, trial: str) -> None:
    """TICK-2: `tick --dry-run` tells what would happen and keeps nothing."""
    before = kept(trial)
    later = ada.at("2026-03-25T20:00:00Z")
    trial_run = later.json("tick", "--dry-run")
    assert trial_run["fired"] > 0
    assert kept(trial) == before
    real = later.json("tick")
    assert [real[key] for key in ("fired", "followups", "closed", "breaches")] == [
        trial_run[key] for key in ("fired", "followups", "closed", "breaches")
    ]


def test_a_tick_needs_no_name(trial: str) -> None:
    """CLI: cron's tick acts as the system; admins may run it, agents and managers may not."""
    assert care("--db", trial, "--now", NOW, "--json", "tick").status == 0
    for email, status in ((ADA, 0), ("system", 0), (MIA, 4), (BEN, 4)):
        assert Who(trial, email)("tick").status == status


def test_a_tick_in_the_past_does_not_turn_the_last_tick_back(ada: Who) -> None:
    """FU-4: after a tick some hours in the past, the next one sees no outage and delays nothing."""
    ada.at("2026-03-20T12:00:00Z")("tick")
    report = ada.at("2026-03-23T15:00:00Z").json("tick")
    assert report["last_tick_at"] == NOW
    assert not any(sent["delayed"] for sent in report["followups"])


# Actors


@pytest.mark.parametrize(
    "args",
    [
        ("show",),
        ("log",),
        ("update", "-m", "x"),
        ("close",),
        ("accept",),
        ("reject", "-m", "x"),
        ("reopen", "-m", "x"),
        ("propose", "-m", "x"),
        ("ask", "-m", "x"),
        ("assign",),
        ("investigate",),
        ("restore",),
    ],
    ids=lambda args: args[0],
)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_a_foreign_case_answers_like_a_missing_one(
    trial: str, args: tuple[str, ...], form: tuple[str, ...]
) -> None:
    """DC-3: another account's case number answers exactly as one that does not exist, byte for byte."""
    lena, (name, *rest) = Who(trial, LENA), args
    before = kept(trial)
    foreign, missing = lena(*form, name, "1", *rest), lena(*form, name, "4711", *rest)
    assert foreign.status == missing.status
    assert foreign.err.replace("0000000001", "N") == missing.err.replace("0000004711", "N")
    assert (foreign.out, missing.out) == ("", "")
    assert kept(trial) == before


def test_a_foreign_case_is_nowhere(trial: str) -> None:
    """DC-3: no listing, search, filter, tab, account or contact lets another account shine through."""
    lena = Who(trial, LENA)
    everything = "".join(
        lena(*args).out
        for args in (
            ("list", "--all", "--group"),
            ("list", "--account", "Northwind", "--all"),
            ("list", "--contact", DANA, "--all"),
            ("list", "--owner", BEN, "--all"),
            ("search", "1"),
            ("search", "transfer"),
            ("log", "--all"),
            ("account", "list"),
            ("contact", "list"),
        )
    ).lower()
    assert "northwind" not in everything
    assert sum(lena.json("list", "--group", "--all")["tabs"].values()) == 2
    foreign, missing = lena("account", "show", "Northwind"), lena("account", "show", "Nothing01")
    assert foreign.refused(3).replace("Northwind", "N") == missing.refused(3).replace("Nothing01", "N")
    foreign, missing = (lena("open", *FORM, "--deployment", "Main", "--follows", n) for n in ("1", "4711"))
    assert foreign.refused(3).replace("0000000001", "N") == missing.refused(3).replace("0000004711", "N")


def test_internal_notes_are_for_staff(ada: Who, ben: Who, dana: Who) -> None:
    """DC-3: a contact never sees an internal note, in no command and no date."""
    before = dana.json("show", "3")
    ben.json("update", "3", "--internal", "-m", "Xylophone: the carrier admits it.")
    assert "Xylophone" in ada("show", "3").out
    for args in (("show", "3"), ("log", "3"), ("log", "--all"), ("search", "Xylophone")):
        for form in ((), ("--json",)):
            assert "Xylophone" not in dana(*form, *args).out.replace("'Xylophone'", "")
    assert dana.json("show", "3") == before


@pytest.mark.parametrize(
    ("args", "instead"),
    [
        (("propose", "3", "-m", "x"), "care update"),
        (("priority", "3", "high", "-m", "x"), "care escalate 0000000003 --priority high"),
        (("open", "--priority", "critical"), "call"),
        (("assign", "3"), "care update"),
        (("account", "add", "X"), "who you are here comes from --as, CARE_AS or the config file"),
        (("tick",), "who you are here comes from --as, CARE_AS or the config file"),
        (("staff", "list"), "care contact list"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_a_contact_is_told_what_to_do_instead(dana: Who, args: tuple[str, ...], instead: str) -> None:
    """CLI: what a contact may not do says why and what to do instead."""
    ran = dana(*args)
    assert ran.status in {4, 5}
    assert instead in ran.refused(ran.status)


def test_access_levels(ada: Who, trial: str) -> None:
    """DC-1: read-only sees and does not act, basic sees no case."""
    ada("contact", "add", "ro@northwind.example", "--account", "Northwind", "--access", "read-only")
    ada("contact", "add", "ba@northwind.example", "--account", "Northwind", "--access", "basic")
    reader, basic = Who(trial, "ro@northwind.example"), Who(trial, "ba@northwind.example")
    assert reader.json("show", "1")["number"] == "0000000001"
    assert reader("update", "3", "-m", "x").status == 4
    assert reader("open", *FORM).status == 4
    assert basic("show", "1").status == 4
    assert basic("list").status == 4


@pytest.mark.parametrize("name", ["update", "accept", "reject", "close"])
def test_an_act_of_the_caller(trial: str, name: str) -> None:
    """CLI: `--via phone` by staff records an act of the caller, by default the case's contact."""
    ben = Who(trial, BEN)
    ben("propose", "3", "-m", "Fixed.")
    case = ben.json(name, "3", "--via", "phone", "-m", "Omar called.")
    event = ben.json("log", "3")["events"][-1]
    assert (event["actor"], event["via"]) == (OMAR, "phone")
    assert event["data"]["logged_by"] == BEN
    assert case["status"] == ("closed" if name in {"accept", "close"} else "open")


def test_another_caller_of_the_account(trial: str) -> None:
    """CLI: --contact EMAIL names the caller; somebody of another account is none."""
    ben = Who(trial, BEN)
    ben.json("update", "3", "--via", "phone", "--contact", DANA, "-m", "Dana called.")
    assert ben.json("log", "3")["events"][-1]["actor"] == DANA
    assert ben("update", "3", "--via", "phone", "--contact", LENA, "-m", "x").status == 3
    assert ben("update", "3", "--contact", DANA, "-m", "x").status == 2


def test_without_actor_and_database() -> None:
    """CLI: `calendar` on standard input, `schema`, help and --version need neither actor nor database."""
    assert "tick" in care("schema").json["commands"]
    line = b'{"zone":"UTC","week":{"mon":[["09:00","17:00"]]},"from":"2026-03-02T10:00:00Z","amount":"1bh"}\n'
    assert json.loads(care("calendar", "add", "-", stdin=line).out) == {"at": "2026-03-02T11:00:00Z"}
    for args in (("--version",), ("help",), ("--help",), ("help", "formats"), ("list", "-h"), ("help", "open")):
        ran = care(*args)
        assert (ran.status, ran.err) == (0, "")
        assert ran.out


def test_home_page(trial: str) -> None:
    """CLI: `care` alone prints the home page: announcements, counts, what needs the actor next."""
    assert "0000000005" in care("--db", trial, "--as", DANA, "--now", NOW).out  # it waits for Dana's answer


@pytest.mark.parametrize("args", [("tick", "--dry-run"), ("show", "3")], ids=" ".join)
def test_a_pipe_has_one_way_to_write_instants(trial: str, args: tuple[str, ...]) -> None:
    """CLI: what a program reads in a pipe has no wall-clock time without its zone beside UTC instants."""
    out = Who(trial, ADA)(*args).out
    assert INSTANT.search(out)
    assert not re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d(?! [A-Z])", out)


# Commands and their options


OPTIONS_OF = {
    "init": "--email --name --timezone",
    "account add": "--plan --timezone --hours --holidays --close-on --deployment --service --add-on",
    "account edit": "--plan --timezone --hours --holidays --close-on --deployment --service --add-on",
    "account list": "--format --fields --output",
    "contact add": "--account --name --access --trained --phone --pin",
    "contact edit": "--name --access --trained --phone --pin",
    "staff add": "--name --role --product-group",
    "staff edit": "--name --role --product-group",
    "open": "--account --contact --type --subtype --deployment --service --component --stage --priority -s"
    " --subject -m --description --impact --users-affected --frequency --observed-at --steps --troubleshooting"
    " --local-contact --hours-location --field --via --follows --form --yes",
    "update": "-m -F --internal --via --pin --contact --attach --redact --confirm-sanitized",
    "attachment add": "--name --redact --confirm-sanitized --internal --via --contact --pin -m",
    "attachment list": "--format --fields --output",
    "attachment get": "--name --output --force",
    "ask": "-m -F",
    "propose": "-m -F --substatus",
    "restore": "-m -F --substatus",
    "accept": "-m --via --contact",
    "reject": "-m --via --contact",
    "assign": "-m --reason --product-group",
    "investigate": "-m --reason",
    "priority": "-m --reason --via",
    "escalate": "-m --reason -F --to --priority --answer --withdraw --via --contact --pin",
    "link": "--kind --remove",
    "close": "-m --substatus --root-cause --via --contact",
    "reopen": "-m --via --pin --attach --redact --confirm-sanitized",
    "show": "--at --fields",
    "explain": "--metric --at --html",
    "exempt": "--from --to -m --reason -F --metric --withdraw",
    "log": "--all --at --format --fields --output",
    "list": "--mine --group --all --at --in-group --tab --status --sort --limit --page --format --fields --output",
    "search": "--mine --group --all --at --in-group --sort --status --limit --page --format --fields --output",
    "export": "--mine --group --all --in-group --tab --status --type --priority --account --deployment --service"
    " --component --owner --contact --since --until --sort --limit --page --words --at --format --fields",
    "tick": "--dry-run --at --replay --watch --exit-code --limit",
    "report": "--since --until --by --at --policy --list --html --format --fields --output",
    "forecast": "--within --mine --group --all --limit --format --fields --output",
    "maintenance show": "--service --account --within --format --fields --output",
    "maintenance reschedule": "--window --to -m --reason -F --account --contact --deployment",
    "maintenance announce": "--from --to --title -m -F --account",
    "contact-us": "--account --service --priority --format --fields --output",
    "whatnext": "--format --fields --output",
    "policy show": "--case --toml",
    "policy check": "--desk",
    "policy diff": "--case --format --fields --output",
    "policy impact": "--account --from --all --format --fields --output",
    "policy use": "--help",
    "policy rebase": "--from --account --dry-run --yes",
    "calendar impact": "--account --timezone --hours --holidays --close-on "
    "--from --all --format --fields --output",
    "calendar rebase": "--account --from --dry-run --yes",
    "calendar show": "--account --months --timezone --hours --holidays --close-on",
    "calendar check": "--account --timezone --hours --holidays --close-on",
    "calendar add": "--account",
    "calendar between": "--account",
    "import": "--from --sla --dry-run",
    "bundle write": "--output",
    "bundle verify": "--help",
    "demo": "--help",
    "gate enter": "--allow",
    "gate keys": "--care --for --output",
    "gate log": "--limit --format --fields --output",
    "postgres roles": "--apply",
    "backup": "--keep --no-verify --list",
    "copy": "--to --move",
}


@pytest.mark.parametrize("name", OPTIONS_OF)
def test_a_command_takes_the_contracts_options(name: str) -> None:
    """CLI: each command of this milestone has the options of the table."""
    shown = care(*name.split(), "--help").out
    for option in OPTIONS_OF[name].split():
        assert re.search(rf"(^|[\s,/]){re.escape(option)}\b", shown), option


def test_a_database_by_url(trial: str) -> None:
    """CLI: --db takes a PATH or a URL."""
    assert care("--db", f"sqlite:///{trial}", "--as", ADA, "--json", "staff", "list").status == 0


@pytest.mark.parametrize("args", [("help",), ("help", "exit-codes"), ("--version",)], ids=" ".join)
def test_help_as_json(args: tuple[str, ...]) -> None:
    """CLI: --json on every command: exactly one JSON document."""
    assert json.loads(care(*args, "--json").out)


@pytest.mark.parametrize("name", [name for name in panels.COMMANDS if name != "help"])
def test_short_help(name: str) -> None:
    """CLI: `-h` works on every command."""
    ran = care(name, "-h")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: care {name}")


def test_yes_answers_confirmations(tmp_path: Path, trial: str) -> None:
    """SLA-5: away from a terminal a change that breaches at once is refused without --yes, and done with it."""
    policy = tmp_path / "from-open.toml"
    policy.write_text('[sla]\nraise_base = "from-open"\n')
    assert care("--db", trial, "--as", ADA, "init", "--policy", str(policy), "--quiet").status == 0
    dana, ben = Who(trial, DANA), Who(trial, BEN, "2026-03-23T20:00:00Z")
    dana.json("open", *FORM)
    before = kept(trial)
    change = ("priority", "10", "critical", "-m", "No calls at all.")
    assert ben("--json", *change).error["rule"] == "SLA-5"
    assert "--yes" in ben(*change, "--quiet").refused(5)
    assert kept(trial) == before
    assert ben.json(*change, "--yes")["priority"] == "critical"


def test_import_of_servicenow(ada: Who) -> None:
    """IMP-1: import reads ServiceNow's log, reports as JSON, keeps nothing on --dry-run, and mails nobody."""
    source = Path(__file__).parents[3] / "shared/data/servicenow-incidents.csv"
    if not source.is_file():
        pytest.skip("../shared/data/servicenow-incidents.csv is not here")
    with source.open() as lines:
        head = "".join(line for _, line in zip(range(60), lines, strict=False))
    args = ("import", "-", "--from", "servicenow", "--account", "ACME", "--timezone", "UTC")
    before = kept(ada.database)
    trial_run = ada.json(*args, "--dry-run", stdin=head.encode())
    assert trial_run["dry_run"] is True
    assert trial_run["cases"] > 0
    assert kept(ada.database) == before
    ran = ada.json(*args, stdin=head.encode())
    assert ran == trial_run | {"dry_run": False}
    assert ada.json("list", "--all", "--account", "ACME")["total"] == ran["cases"]


# Calendar arithmetic in bulk

NEW_YORK = {
    "zone": "America/New_York",
    "week": {"mon": [["09:00", "12:30"], ["13:15", "17:00"]], "tue": [["09:00", "17:00"]], "sat": []},
}
NIGHT = {"zone": "UTC", "week": {"mon": [["22:00", "06:00"]]}}
ROUND = {"zone": "UTC", "week": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
ARITHMETIC: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({**NEW_YORK, "from": "2026-03-02T14:00:00Z", "amount": "3bh"}, {"at": "2026-03-02T17:00:00Z"}),
    ({**NEW_YORK, "from": "2026-03-02T14:00:00Z", "amount": "4bh"}, {"at": "2026-03-02T18:45:00Z"}),
    # An amount that runs out exactly at closing time ends there.
    ({**NEW_YORK, "from": "2026-03-03T14:00:00Z", "amount": "8bh"}, {"at": "2026-03-03T22:00:00Z"}),
    ({**NEW_YORK, "from": "2026-03-02T14:00:00Z", "to": "2026-03-04T00:00:00Z"}, {"open_s": 54_900}),
    (
        {**NEW_YORK, "closed": ["2026-03-03"], "from": "2026-03-03T14:00:00Z", "to": "2026-03-04T00:00:00Z"},
        {"open_s": 0},
    ),
    (
        {
            **NEW_YORK,
            "holes": [["2026-03-03T15:00:00Z", "2026-03-03T16:00:00Z"]],
            "from": "2026-03-03T14:00:00Z",
            "to": "2026-03-03T17:00:00Z",
        },
        {"open_s": 7200},
    ),
    ({**NEW_YORK, "from": "2026-03-02T14:00:00Z", "amount": "90s", "open": True}, {"at": "2026-03-02T14:01:30Z"}),
    ({**NEW_YORK, "from": "2026-03-01T14:00:00Z", "amount": "90s"}, {"at": "2026-03-01T14:01:30Z"}),
    ({**NIGHT, "from": "2026-03-02T22:00:00Z", "amount": "8bh"}, {"at": "2026-03-03T06:00:00Z"}),
    ({**NIGHT, "from": "2026-03-02T22:00:00Z", "to": "2026-03-03T12:00:00Z"}, {"open_s": 28_800}),
    ({**ROUND, "from": "2026-03-06T23:00:00Z", "amount": "1bh"}, {"at": "2026-03-07T00:00:00Z"}),
    ({**ROUND, "from": "2026-03-06T23:00:00Z", "amount": "2bh"}, {"at": "2026-03-09T01:00:00Z"}),
    ({**ROUND, "from": "2026-03-06T12:00:00Z", "amount": "1bd"}, {"at": "2026-03-09T12:00:00Z"}),
    ({**ROUND, "from": "2026-03-06T12:00:00Z", "amount": "15m"}, {"at": "2026-03-06T12:15:00Z"}),
)


def asked(**change: Any) -> bytes:
    """A question that can be answered, but for what is changed in it."""
    question = {"zone": "UTC", "week": {"mon": [["09:00", "17:00"]]}, "from": "2026-03-02T14:00:00Z"}
    return json.dumps({**question, "amount": "1bh", **change}).encode()


def test_arithmetic_in_bulk() -> None:
    """CAL-1: a line of answer for each line of question, in order, whichever of the two commands reads them."""
    lines = "".join(json.dumps(question) + "\n" for question, _ in ARITHMETIC).encode()
    for name in ("add", "between"):
        ran = care("calendar", name, "-", stdin=lines)
        assert (ran.status, ran.err) == (0, "")
        assert [json.loads(line) for line in ran.out.splitlines()] == [answer for _, answer in ARITHMETIC]


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[]",
        b"{}",
        asked(zone="Mars/Base"),
        asked(week={}),
        asked(week={"mon": []}),
        asked(week={"mon": [["09:00", "09:00"]]}),
        asked(week={"mon": [["09:00", "12:00"], ["11:00", "17:00"]]}),
        asked(amount="1xx"),
        asked(amount=None),
        asked(amount="999999bd", **{"from": "9999-12-30T00:00:00Z"}),
        asked(to="2026-03-02T15:00:00Z"),
        asked(**{"from": "soon"}),
        asked(closed="2026-03-02"),
        asked(holes=[["2026-03-02T15:00:00Z"]]),
        b"\xff\xfe",
        b"[" * 50_000,
    ],
)
def test_an_invalid_line_spoils_itself_alone(line: bytes) -> None:
    """CLI: an invalid line answers {"error"} and the rest goes on; exit status 2 at the end."""
    question, answer = ARITHMETIC[0]
    good = json.dumps(question).encode()
    ran = care("calendar", "add", "-", stdin=b"\n".join([good, line, good, b""]))
    first, error, last = (json.loads(answered) for answered in ran.out.splitlines())
    assert ran.status == 2
    assert first == last == answer
    assert set(error) == {"error"}


def test_calendar_of_an_account(ada: Who) -> None:
    """CLI: `calendar add INSTANT 6bh --account A` and `between` count in that account's business time."""
    assert ada.json("calendar", "add", "2026-03-06T16:00", "6bh", "--account", "Northwind") == {
        "at": "2026-03-09T18:00:00Z"
    }
    between = ("calendar", "between", "2026-03-06T16:00", "2026-03-09T10:00", "--account", "Northwind")
    assert ada.json(*between) == {"open_s": 7200}


# Ends


def test_the_reader_that_leaves_is_no_error(trial: str) -> None:
    """CLI: `| head` stays silent, and the status is 141."""
    head = f"'{sys.executable}' -m carecli --db '{trial}' --as {ADA} log --all --format jsonl"
    script = f"set -o pipefail; for i in 1 2 3 4 5 6 7 8; do cat; done <<<'' >/dev/null; {head} | head -n 1"
    run = subprocess.run(["bash", "-c", script], capture_output=True, check=False, text=True)
    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == 1
    assert run.returncode in {0, 141}
    reader, writer = os.pipe()
    os.close(reader)
    for args in (("list", "--all"), ("list", "--all", "--json"), ("show", "3"), ("help",), ("tick", "--dry-run")):
        full = command("--db", trial, "--as", ADA, "--now", NOW, *args)
        gone = subprocess.run(full, stdout=writer, stderr=subprocess.PIPE, check=False)
        assert (gone.returncode, gone.stderr) == (141, b""), args
    os.close(writer)


def test_ctrl_c(ben: Who) -> None:
    """CLI: Ctrl-C answers 130 without a traceback and leaves nothing half done."""
    before = kept(ben.database)
    run = subprocess.Popen(
        command(*ben.options, "update", "3", "-m", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with run:
        assert run.stdin is not None
        run.stdin.write(b"begun")
        run.stdin.flush()
        # It waits for the rest of its text; imports must be over, or Python itself answers.
        typing = run.stdin.fileno()
        until(lambda: not waiting(typing), run)
        run.send_signal(signal.SIGINT)
        status = run.wait(PATIENCE_S)
        assert run.stdout is not None
        assert run.stderr is not None
        said = run.stdout.read(), run.stderr.read()
    assert status == 130
    assert said == (b"", b"")
    assert kept(ben.database) == before


def test_ctrl_c_at_a_prompt(ben: Who) -> None:
    """CLI: Ctrl-C at a prompt answers 130."""
    ran = terminal(*ben.options, "open", answers=[(":", "\x03")])
    assert ran.status == 130
    assert "Traceback" not in ran.out


def test_the_demo_is_a_desk_of_its_own(tmp_path: Path) -> None:
    """CLI: `demo` builds a desk of its own, walks it, and prints what a tick shows; the user's desk stays away."""
    ran = shell("--json", "demo", cwd=tmp_path)
    document = ran.json
    assert Path(document["database"]).is_file()
    assert document["tick"]["now"] == NOW
    assert [breach["number"] for breach in document["tick"]["breaches"]] == [
        "0000000003",
        "0000000007",
        "0000000008",
    ]
    assert care("--json", "list").error["code"] == "database"


def test_what_the_demo_points_at_works(tmp_path: Path) -> None:
    """CLI: the commands that the demo prints at its end run as they stand."""
    out = care("--db", str(tmp_path / "d.db"), "demo").out
    hints = re.findall(r"(?:look around as staff|as the customer): +care (.*)", out)
    assert len(hints) == 2
    assert "care init" in out
    assert "care open" in out
    for hint in hints:
        run = subprocess.run(
            f"'{sys.executable}' -m carecli {hint}", shell=True, capture_output=True, text=True, check=False
        )
        assert (run.returncode, run.stderr) == (0, "")
        assert "0000000008" in run.stdout


def test_all_instants_are_utc(ada: Who) -> None:
    """CLI: instants in JSON are UTC with a Z, to the second."""
    for args in READING:
        for key, text in re.findall(r'"(\w+_at|now|at)": "([^"]+)"', ada("--json", *args).out):
            assert INSTANT.fullmatch(text), (args, key, text)


def test_every_priority_by_name_and_number(ada: Who) -> None:
    """CLI: `priority` is critical, high, medium or low, `severity` its number."""
    rows = ada.json("list", "--all")["cases"]
    assert {row["priority"]: row["severity"] for row in rows} == {"critical": 1, "high": 2, "medium": 3, "low": 4}


def test_a_follow_up_links_both_cases(dana: Who) -> None:
    """REO-1: `open --follows N` links the new case to the closed one."""
    case = dana.json("open", *FORM, "--follows", "#1")
    assert case["links"] == [{"kind": "follows", "number": "0000000001"}]


def test_a_quiet_run_says_only_what_was_asked(ben: Who, dana: Who) -> None:
    """CLI: --quiet leaves nothing but the answer."""
    assert ben("--quiet", "update", "3", "-m", "Seen.") == Ran(0, "", "")
    assert dana("-q", "list").out == dana("list").out
    assert ben("update", "3", "-m", "Seen.", "-q") == Ran(0, "", "")


def test_a_screen_has_nothing_that_plain_text_has_not(ada: Who) -> None:
    """CLI: without colour the same words stand at a terminal."""
    args = (*ada.options, "list", "--all")
    assert plain(terminal(*args).out) == plain(terminal(*args, NO_COLOR="1").out)


def test_the_subject_and_description_limits(dana: Who) -> None:
    """OPEN-3: a refusal says how many characters or words are too many or missing, and prints the prompts."""
    told = dana("open", *FORM, "-s", "x" * 103).refused(5)
    assert "3 more than 100" in told
    told = dana("open", *FORM, "-m", "three short words").refused(5)
    assert "7" in told
    assert "experiencing" in told
    assert dana.json("open", *FORM, "-s", "x" * 100, "-m", TEXT)["subject"] == "x" * 100
