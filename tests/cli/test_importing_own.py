"""`care import --from care`: a log of ours into a database with or without a history of its own (IMP-1)."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import engine
import pytest
from cli.acceptance import ADA, DANA, NOW, Who, care
from cli.test_bundle import bundled, verdict
from cli.test_schema import LAST, RUNS, faults, run
from other_hands import peeked

from carecli.desk import demo

ZOE: Final = "zoe@else.example"
LATER: Final = "2026-06-01T10:00:00Z"
DERIVED: Final = (
    *("cases", "timers", "standing", "late_deadlines", "attachments", "article_cases", "accounts", "contacts"),
    *("staff", "documents", "externals", "alerts", "counters", "articles", "article_versions", "article_votes"),
    *("article_words", "advisories", "advisory_publications", "advisory_reads", "advisory_told", "subscribers"),
    *("subscriptions", "owed_advisories", "events"),
    *("care_cases", "care_clocks", "care_breaches", "care_follow_ups", "care_events"),
)
SEARCHED: Final = ("search", "search_notes", "search_articles", "search_public_articles")


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk on which nearly every command was run once, and its log beside it."""
    folder = tmp_path_factory.mktemp("rich")
    database, last = str(folder / "desk.db"), ""
    demo.run(database, lambda _: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for who, now, told in RUNS:
            words = tuple(last if word is LAST else word for word in told)
            ran = run(database, who, now, words)
            if words[0] == "open" and "jsonl" not in words:
                last = json.loads(ran.out).get("number") or last
    (folder / "log.jsonl").write_text(log_of(database, ADA), "utf-8")
    return folder


def log_of(database: str, who: str) -> str:
    """The whole log of a desk as JSON lines."""
    ran = Who(database, who, NOW)("log", "--all", "--format", "jsonl")
    assert ran.status == 0, ran
    return ran.out


def rows(database: str, table: str) -> list[tuple[Any, ...]]:
    """What a table holds, in an order of its own; of the search its words by the case."""
    which = f"SELECT rowid, * FROM {table}" if table in SEARCHED else f"SELECT * FROM {table}"
    return sorted(peeked(database, which), key=repr)


def has_tables(database: str) -> bool:
    """Whether a database was made with its tables: the file is there before they are."""
    if engine.ON_SERVER:
        return peeked(database, "SELECT 1 FROM pg_tables WHERE schemaname = 'care' AND tablename = 'events'") != []
    return Path(database).exists() and "events" in {name for _, name, *_ in rows(database, "sqlite_master")}


def initialised(folder: Path) -> str:
    """A database that `care init` has just made."""
    database = str(folder / "made.db")
    made = ("init", "--email", ZOE, "--name", "Zoe", "--timezone", "Asia/Tokyo", "--hours", "Mon-Fri 10:00-18:00")
    assert care("--db", database, "--config", str(folder / "made.toml"), *made).status == 0
    return database


def same_record(one: str, other: str) -> None:
    """Every table that follows from the events is equal, and so are the hits of a search."""
    for table in (*DERIVED, *(() if engine.ON_SERVER else SEARCHED)):
        assert rows(one, table) == rows(other, table), table
    for words in (("calls",), ("report", "totals"), ("noted",)):
        found = [Who(database, ADA, LATER).json("search", *words) for database in (one, other)]
        assert found[0] == found[1]


def test_the_whole_log_makes_an_equal_record(rich: Path, tmp_path: Path) -> None:
    """IMP-1: export and import round-trip to an equal database, hashes included, and `verify` finds nothing."""
    desk, log = str(rich / "desk.db"), str(rich / "log.jsonl")
    new = str(tmp_path / "new.db")
    told = care("--json", "--db", new, "import", log, "--from", "care").json
    assert faults("import", told) == []
    assert (told["adopted"], told["proved"], told["cases"]) == (True, True, len(rows(desk, "cases")))
    same_record(desk, new)
    assert log_of(new, ADA) == (rich / "log.jsonl").read_text("utf-8")
    # Files lie beside the database, and no event holds their bytes.
    assert told["files"] > 0
    missing = json.loads(care("--json", "--db", new, "--as", ADA, "verify").out)["differences"]
    assert {one["part"] for one in missing} == {"file"}
    shutil.copytree(rich / "desk.files", tmp_path / "new.files")
    assert Who(new, ADA).json("verify")["differences"] == []
    for command in (("list", "--all", "--limit", "99"), ("tick", "--dry-run"), ("forecast",)):
        one, other = (Who(database, ADA, LATER).json(*command) for database in (desk, new))
        for document in (one, other):
            document.pop("last_tick_at", None)
            document.pop("mail", None)
        assert one == other, command


def test_every_case_of_it_proves_itself(rich: Path, tmp_path: Path) -> None:
    """IMP-2: a bundle holds whatever was done on a case, split, rebased and exempted; staff's and a customer's."""
    for email, which in ((ADA, "--all"), (DANA, "--group")):
        who = Who(str(rich / "desk.db"), email, LATER)
        for case in who.json("list", which, "--limit", "99")["cases"]:
            told = verdict(tmp_path, bundled(who, case["number"]))
            assert told["differences"] == [], (email, case["number"])


def test_a_set_up_gives_way(trial: str, tmp_path: Path) -> None:
    """IMP-1: what `care init` has made gives way to the log, settings, admin and all."""
    (tmp_path / "x.jsonl").write_text(log_of(trial, ADA), "utf-8")
    made = initialised(tmp_path)
    args = ("--db", made, "import", str(tmp_path / "x.jsonl"), "--from", "care")
    assert care("--as", "stranger@else.example", *args).refused(4)
    told = care("--json", "--as", ZOE, *args).json
    assert told["admins"] == [ADA]
    same_record(trial, made)
    assert log_of(made, ADA) == log_of(trial, ADA)
    assert care("--as", ZOE, "--db", made, "list").refused(4)
    # What comes next follows on.
    number = Who(made, DANA, LATER).json(
        *("open", "-s", "After the move", "--deployment", "East", "--service", "Voice", "--stage", "production"),
        *("--priority", "low", "-m", "word " * 12, "--impact", "None yet.", "--yes"),
    )["number"]
    assert int(number) == len(rows(trial, "cases")) + 1
    assert Who(made, ADA, LATER).json("tick")
    assert Who(made, ADA, LATER).json("verify")["differences"] == []


def test_a_trial_keeps_nothing(trial: str, tmp_path: Path) -> None:
    """IMP-1: --dry-run says the same and leaves no database behind, nor changes one."""
    (tmp_path / "x.jsonl").write_text(log_of(trial, ADA), "utf-8")
    new, made = tmp_path / "new.db", initialised(tmp_path)
    args = ("import", str(tmp_path / "x.jsonl"), "--from", "care")
    tried = care("--json", "--db", str(new), *args, "--dry-run").json
    assert not new.exists()
    done = care("--json", "--db", str(new), *args).json
    assert tried == {**done, "dry_run": True}
    before = log_of(made, ZOE)
    assert care("--json", "--as", ZOE, "--db", made, *args, "--dry-run").json == tried
    assert log_of(made, ZOE) == before


@pytest.mark.parametrize("init", [False, True])
def test_killed_at_any_moment_it_is_all_or_nothing(rich: Path, tmp_path: Path, init: bool) -> None:
    """IMP-1, AUD-1: after kill -9 the database is as before or as it shall be; a second try brings it there."""
    new = initialised(tmp_path) if init else str(tmp_path / "new.db")
    args = [sys.executable, "-m", "carecli", "--as", ZOE, "--db", new, "import", str(rich / "log.jsonl")]
    killed, began = 0, time.monotonic()
    subprocess.run([*args, "--from", "care", "--quiet", "--dry-run"], check=True)
    whole_s = time.monotonic() - began
    for share in (0.4, 0.6, 0.75, 0.9, 1):
        with subprocess.Popen([*args, "--from", "care", "--quiet"], stderr=subprocess.DEVNULL) as importing:
            time.sleep(whole_s * share)
            importing.send_signal(signal.SIGKILL)
        killed += importing.returncode == -signal.SIGKILL
        made = has_tables(new)
        there = rows(new, "events") if made else []
        if len(there) > 10:
            break
        assert len(there) == (3 if init else 0) or not there
    assert killed
    if len(there) < 10:
        assert care("--as", ZOE, "--db", new, "import", str(rich / "log.jsonl"), "--from", "care").status == 0
    same_record(str(rich / "desk.db"), new)


def test_a_pipe_will_do(trial: str, tmp_path: Path) -> None:
    """IMP-1: what one desk writes, another reads from its standard input."""
    new = str(tmp_path / "new.db")
    told = care("--db", new, "import", "-", "--from", "care", stdin=log_of(trial, ADA).encode())
    assert told.status == 0
    assert "65 events of 9 cases" in told.out
    assert "PINs of contacts" in told.out
    same_record(trial, new)


def test_options_that_mean_nothing_are_refused(trial: str, tmp_path: Path) -> None:
    """IMP-1: a log of ours names its accounts and zones, and clocks are not counted anew where all stays."""
    (tmp_path / "x.jsonl").write_text(log_of(trial, ADA), "utf-8")
    args = ("--db", str(tmp_path / "new.db"), "import", str(tmp_path / "x.jsonl"), "--from", "care")
    assert "--account" in care(*args, "--account", "ACME").refused(2)
    assert "--timezone" in care(*args, "--timezone", "UTC").refused(2)
    assert "--sla" in care(*args, "--sla", "now").refused(2)
    assert "--sla" in care(*args, "--sla", "soon").refused(2)
    assert not (tmp_path / "new.db").exists()


def test_at_a_desk_with_a_history_cases_are_told_again(rich: Path, trial: str) -> None:
    """IMP-1: under new numbers, by this desk's rules, tied as they were; no mail goes out, twice is once."""
    who, log = Who(trial, ADA, LATER), str(rich / "log.jsonl")
    before, mails = len(rows(trial, "cases")), rows(trial, "outbox")
    # Both are demo desks, which begin alike.
    bring = ("import", log, "--from", "care", "--copies")
    tried = who.json(*bring, "--dry-run")
    assert len(rows(trial, "cases")) == before
    told = who.json(*bring)
    assert tried == {**told, "dry_run": True}
    assert faults("import", told) == []
    assert told["cases"] == len(rows(str(rich / "desk.db"), "cases"))
    assert (told["refused"], told["shifted"]) == ([], [])
    assert rows(trial, "outbox") == mails
    assert who.json("verify")["differences"] == []
    listed = ("list", "--all", "--limit", "99", "--sort", "number")
    theirs = Who(str(rich / "desk.db"), ADA, LATER).json(*listed)["cases"]
    ours = [case for case in who.json(*listed)["cases"] if int(case["number"]) > before]
    for one, other in zip(theirs, ours, strict=True):
        assert int(other["number"]) == int(one["number"]) + before
        links = [{**link, "number": f"{int(link['number']) + before:010d}"} for link in one["links"]]
        assert other["links"] == links
        for key in ("subject", "account", "status", "substatus", "priority", "opened_at", "closed_at", "owner"):
            assert other[key] == one[key], (one["number"], key)
    again = who.json(*bring)
    assert (again["cases"], again["events"], again["known"]) == (0, 0, told["cases"])
    assert len(rows(trial, "cases")) == before + told["cases"]


@pytest.mark.parametrize("sla", ["now", "none"])
def test_clocks_from_now_or_none_at_all(trial: str, tmp_path: Path, sla: str) -> None:
    """IMP-1: --sla says whether clocks count from the opening there, from the import, or not at all."""
    log = tmp_path / "x.jsonl"
    log.write_text(log_of(trial, ADA), "utf-8")
    who = Who(trial, ADA, LATER)
    assert who.json("import", str(log), "--from", "care", "--copies", "--sla", sla)["breaches"] == 0
    cases = who.json("list", "--all", "--limit", "99", "--sort", "number")["cases"][:9]
    began = {clock["started_at"] for case in cases for clock in case["clocks"]}
    assert began == ({LATER} if sla == "now" else set())
    assert who.json("verify")["differences"] == []


def test_only_admins_import(trial: str, tmp_path: Path) -> None:
    """DC-5: at a desk that stands an import is an admin's."""
    (tmp_path / "x.jsonl").write_text(log_of(trial, ADA), "utf-8")
    for email in ("ben@desk.example", DANA):
        assert care("--as", email, "--db", trial, "import", str(tmp_path / "x.jsonl"), "--from", "care").refused(4)


@pytest.mark.parametrize("digests", [True, False])
def test_its_own_log_doubles_no_desk(trial: str, tmp_path: Path, digests: bool) -> None:
    """IMP-1: a desk refuses its own log, and one that it adopted; --copies is for who means it."""
    told = [json.loads(line) for line in log_of(trial, ADA).splitlines()]
    if not digests:
        told = [{key: value for key, value in line.items() if key != "digest"} for line in told]
    log = tmp_path / "x.jsonl"
    log.write_text("".join(json.dumps(line) + "\n" for line in told), "utf-8")
    new = str(tmp_path / "new.db")
    assert care("--db", new, "import", str(log), "--from", "care").status == 0
    for database in (trial, new):
        who, before = Who(database, ADA, LATER), rows(database, "events")
        for trying in ((), ("--dry-run",)):
            assert "--copies" in who("import", str(log), "--from", "care", *trying).refused(5)
        assert rows(database, "events") == before
    assert Who(new, ADA, LATER).json("import", str(log), "--from", "care", "--copies")["cases"] == 9
    assert "--copies" in Who(new, ADA, LATER)("import", str(log), "--from", "servicenow", "--copies").refused(2)
