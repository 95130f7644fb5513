"""`care doctor`, `care verify` and the notice of a late tick, as people and monitors meet them."""

import json
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, NOW, Who, care, kept, plain, shell, terminal
from engine import sqlite_alone
from other_hands import by_hand

LATER = "2026-03-20T22:30:00Z"
NOTICE = "care: the tick is late"


@pytest.fixture
def trial(trial: str) -> str:
    """The demo's desk, its file as private as `care` made it."""
    Path(trial).chmod(0o600)
    return trial


def harmed(database: str, statement: str) -> None:
    """Change the record behind the desk's back."""
    by_hand(database, statement)


# verify


def test_verify_of_a_sound_desk(trial: str) -> None:
    """AUD-1: 0 and a line where all is well, with --quiet nothing, with --json the counts."""
    ada = Who(trial, ADA)
    assert ada("verify") == (0, "9 cases, 65 events: all is as the events say\n", "")
    assert ada("-q", "verify") == (0, "", "")
    found = ada.json("verify")
    assert (found["cases"], found["events"], found["differences"]) == (9, 65, [])
    assert ada.json("verify", "#3")["cases"] == 1
    assert care("--db", trial, "verify").status == 0  # cron needs to name nobody


def test_verify_tells_and_exits_with_1(trial: str) -> None:
    """AUD-1: a difference is told by number and name, and the exit status is 1, with --quiet too."""
    harmed(trial, "UPDATE cases SET owner = 'eve@x.example' WHERE number = 3")
    ada = Who(trial, ADA)
    before = kept(trial)
    ran = ada("verify")
    assert (ran.status, ran.err) == (1, "")
    assert '0000000003\tcase\towner is "eve@x.example", its events say null\n' in ran.out
    assert ada("-q", "verify").out == ran.out
    known = ada("--json", "verify")
    assert (known.status, known.err) == (1, "")
    (found,) = json.loads(known.out)["differences"]
    assert (found["number"], found["part"], found["name"]) == ("0000000003", "case", "owner")
    assert ada("verify", "4").status == 0
    assert kept(trial) == before


def test_verify_is_refused(trial: str) -> None:
    """DC-3: contacts and agents do not read the whole record so; an unknown number is not found."""
    for who in (DANA, BEN):
        Who(trial, who)("verify").refused(4)
    Who(trial, ADA)("verify", "4711").refused(3)
    Who(trial, ADA)("verify", "x").refused(2)


# doctor


@sqlite_alone("the tests' server goes without fsync, which the doctor tells")
def test_the_doctor_of_the_trial_desk(trial: str) -> None:
    """AUD-2: nothing of the demo needs mending; advice does not change the exit status."""
    ran = Who(trial, BEN)("doctor")
    assert (ran.status, ran.err) == (0, "")
    assert "fine\tdatabase\t" in ran.out
    assert "advice\tcontacts\tfewer than 2 trained Designated Contacts: Harbor Clinic" in ran.out
    document = Who(trial, BEN).json("doctor")
    assert document["sound"] is True
    assert {one["state"] for one in document["findings"]} == {"fine", "advice"}
    assert Who(trial, BEN)("-q", "doctor") == (0, "", "")
    assert set(json.loads(Who(trial, BEN)("doctor", "--format", "json").out)) == set(document)


@sqlite_alone("the tests' server goes without fsync, which the doctor tells")
def test_the_doctor_finds_something_to_mend(trial: str) -> None:
    """AUD-2: 1 where something needs mending, its fix beside it, said with --quiet too."""
    ada = Who(trial, ADA, LATER)
    ran = ada("doctor")
    assert ran.status == 1
    assert ran.out.splitlines()[1].startswith("wrong\ttick\tthe last tick was 1h 30m ago")
    assert "care cron install" in ran.out
    assert ada("-q", "doctor").out == ran.out
    assert json.loads(ada("--json", "doctor").out)["sound"] is False


def test_the_doctor_is_refused(trial: str) -> None:
    """DC-3: contacts have no business with it; without a database it is the usual error."""
    Who(trial, DANA)("doctor").refused(4)
    Who(trial, ADA)("doctor", "--format", "xml").refused(2)
    assert Who(trial, ADA)("--json", "doctor", "--format", "table").error["code"] == "invalid"
    care("--db", "/none/such.db", "doctor").refused(6)


@pytest.mark.parametrize(
    ("now", "statement", "status"),
    [
        (NOW, "DELETE FROM standing", 0),
        (NOW, "SELECT 1", 2),
        (LATER, "SELECT 1", 2),
    ],
)
def test_what_a_monitor_is_told(trial: str, now: str, statement: str, status: int) -> None:
    """TICK-4: one line on standard output and the exit status; nobody need be named."""
    harmed(trial, statement)
    ran = care("--db", trial, "--now", now, "doctor", "--check")
    assert (ran.status, ran.err, ran.out.count("\n")) == (status, "", 1)
    assert ran.out.startswith(("CARE OK - ", "CARE WARNING - ", "CARE CRITICAL - ")[status])
    document = json.loads(care("--db", trial, "--now", now, "--json", "doctor", "--check").out)
    assert (document["status"], document["message"]) == (status, ran.out.rstrip("\n"))
    metrics = care("--db", trial, "--now", now, "doctor", "--format", "prometheus")
    assert metrics.status == status
    assert f"care_check_status {status}\n" in metrics.out


def test_a_monitor_is_told_of_a_late_tick(trial: str) -> None:
    """TICK-4: 1 where the tick is late and no clock is at risk."""
    harmed(trial, "DELETE FROM standing")
    ran = care("--db", trial, "--now", LATER, "doctor", "--check")
    assert (ran.status, ran.out.partition(" | ")[0]) == (1, "CARE WARNING - tick 1h 30m ago, late")


def test_a_monitor_is_never_left_without_an_answer(trial: str, tmp_path: Path) -> None:
    """TICK-4: whatever is wrong, --check answers 3 in one line, never a traceback or another status."""
    noise = tmp_path / "noise.db"
    noise.write_bytes(b"x" * 4096)
    text = tmp_path / "bad.toml"
    text.write_text("db = ")
    asked: list[tuple[str, ...]] = [
        ("--db", "/none/such.db", "doctor", "--check"),
        ("--db", str(tmp_path), "doctor", "--check"),
        ("--db", str(noise), "doctor", "--check"),
        ("--db", "postgres://x/y", "doctor", "--check"),
        ("--db", "", "doctor", "--check"),
        ("--config", str(text), "doctor", "--check"),
        ("--config", "/none.toml", "doctor", "--check"),
        ("--db", trial, "--as", DANA, "doctor", "--check"),
        ("--db", trial, "--as", "eve@nowhere.example", "doctor", "--check"),
        ("--db", trial, "--now", "some day", "doctor", "--check"),
        ("--db", trial, "doctor", "--check", "--format", "xml"),
    ]
    for args in asked:
        ran = care(*args)
        assert (ran.status, ran.err, ran.out.count("\n")) == (3, "", 1), args
        assert ran.out.startswith("CARE UNKNOWN - ")
    document = json.loads(care("--db", "/none", "doctor", "--check", "--json").out)
    assert (document["status"], document["state"]) == (3, "unknown")
    assert care("--db", "/none", "doctor", "--format", "prometheus").out.endswith("care_check_status 3\n")
    assert shell("--db", str(noise), "doctor", "--check").status == 3


def test_the_config_file_says_how_long_a_tick_may_be_silent(trial: str, tmp_path: Path) -> None:
    """TICK-4: `late_after` of the [tick] part."""
    config = tmp_path / "own.toml"
    config.write_text('[tick]\nlate_after = "2h"\n')
    options = ("--db", trial, "--config", str(config), "--now", LATER, "--json", "doctor", "--check")
    assert json.loads(care(*options).out)["tick"]["late"] is False


# the notice


def at_terminal(who: Who, *args: str) -> str:
    """The whole screen of a command at a terminal."""
    ran = terminal(*who.options, *args, columns=120)
    assert ran.status == 0
    return plain(ran.out)


def test_staff_at_a_terminal_are_told_of_a_late_tick(trial: str) -> None:
    """TICK-4: one line on standard error, before the answer; nothing where the tick is in time."""
    told = at_terminal(Who(trial, BEN, LATER), "staff", "list").splitlines()
    assert told[0] == "care: the tick is late, the last one was 1h 30m ago; `care doctor` tells what mends it"
    assert sum(NOTICE in line for line in told) == 1
    assert NOTICE not in at_terminal(Who(trial, BEN), "staff", "list")


@pytest.mark.parametrize("args", [("-q", "staff", "list"), ("staff", "list", "--json"), ("tick", "--dry-run")])
def test_where_nobody_wants_the_notice(trial: str, args: tuple[str, ...]) -> None:
    """TICK-4: never with --quiet or --json, and not by the tick itself."""
    assert NOTICE not in at_terminal(Who(trial, ADA, LATER), *args)


def test_contacts_and_pipes_are_told_nothing(trial: str) -> None:
    """TICK-4: how the desk is run is no business of a contact's, and a script's streams hold the answer alone."""
    assert NOTICE not in at_terminal(Who(trial, DANA, LATER), "list")
    assert Who(trial, BEN, LATER)("staff", "list").err == ""
    assert shell(*Who(trial, BEN, LATER).options, "staff", "list").err == ""
