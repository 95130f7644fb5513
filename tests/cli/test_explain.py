"""`care explain`, and `--at` on every reader, as people and scripts run them (TICK-3)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import ADA, DANA, LENA, NOW, Who, kept, plain, terminal
from ledger_checker import faults
from other_hands import peeked

DOCUMENT = "SELECT body FROM documents WHERE digest = ?"


@pytest.fixture
def ada(trial: str) -> Who:
    return Who(trial, ADA)


@pytest.fixture
def dana(trial: str) -> Who:
    return Who(trial, DANA)


def pinned(database: str, digest: str) -> Any:
    """A policy or calendar by its content hash."""
    ((body,),) = peeked(database, DOCUMENT, (digest,))
    return json.loads(body)


@pytest.mark.parametrize("email", [ADA, DANA])
def test_every_clock_of_the_demo_adds_up(trial: str, email: str) -> None:
    """TICK-3: each proof of the demo's cases holds by the documents alone that its reader gets."""
    who = Who(trial, email)
    cases = who.json("list", "--group" if email == DANA else "--all", "--all")["cases"]
    assert len(cases) > 6
    for number in (case["number"] for case in cases):
        proof, events = who.json("explain", number), who.json("log", number)["events"]
        calendar, policy = pinned(trial, proof["calendar"]), pinned(trial, proof["policy"])
        assert faults(proof, calendar, events, policy) == []
        shown = who.json("show", number)["clocks"]
        for key in ("metric", "cycle", "target", "state", "due_at", "met_at", "breached_at"):
            assert [clock[key] for clock in proof["clocks"]] == [clock[key] for clock in shown]


def test_the_document(dana: Who) -> None:
    """TICK-3: the names that scripts rely on."""
    proof = dana.json("explain", "5", "--metric", "restoration")
    assert list(proof) == [
        *("number", "at", "plan", "priority", "status", "policy", "calendar", "zone", "hours", "exemptions"),
        *("clocks", "deadlines"),
    ]
    (clock,) = proof["clocks"]
    assert clock["promise"] == {
        "policy": proof["policy"],
        "setting": "targets.business-care.high.restoration",
        "value": "2bd",
        "meaning": "Job functions can be performed, but performance is degraded or limited.",
    }
    assert [clock[name] for name in ("policy", "calendar", "zone", "hours", "adjusted")] == [
        *(proof[name] for name in ("policy", "calendar", "zone", "hours")),
        None,
    ]
    assert clock["lines"][1] == {
        "from": "2026-03-16T14:40:00Z",
        "to": NOW,
        "part": "used",
        "kind": "paused",
        "why": "paused",
        "holiday": None,
        "by": {"seq": 2, "kind": "asked", "at": "2026-03-16T14:40:00Z"},
        "clock_change_s": 0,
        "counted_s": 0,
        "sum_s": 5100,
        "exemption": None,
    }
    assert clock["result"] == {
        "at": NOW,
        "used_s": 5100,
        "left_s": 52500,
        "margin_s": 340500,
        "adds_up": True,
    }


@pytest.mark.parametrize("columns", [80, 120])
def test_at_a_terminal(ada: Who, columns: int) -> None:
    """TICK-3: the page fits the terminal, and ends with the sum."""
    ran = terminal(*ada.options, "explain", "3", columns=columns, CARE_PAGER="cat")
    lines = plain(ran.out).rstrip().splitlines()
    assert ran.status == 0
    assert max(map(len, lines)) <= columns
    assert lines[-1].startswith("it adds up: 120:00:00 counted by the due time")


def test_a_metric_that_is_none(ada: Who) -> None:
    """CLI: a word that is not known lists those that are."""
    assert "response, restoration, resolution" in ada("explain", "3", "--metric", "speed").refused(2)


def test_another_accounts_case(trial: str) -> None:
    """DC-3: another account's case answers as one that does not exist, in the past too."""
    lena = Who(trial, LENA)
    for past in ((), ("--at", "2026-03-10")):
        for command in ("explain", "show", "log"):
            theirs, nobodys = (lena("--json", command, number, *past).error for number in ("5", "999"))
            assert {**theirs, "message": theirs["message"].replace("0000000005", "0000000999")} == nobodys


AT = "2026-03-17T16:00:00Z"
"""Tuesday noon in New York."""


@pytest.mark.parametrize("written", [AT, "2026-03-17 12:00", "2026-03-17T12:00-04:00", "3d ago", "tue 12:00"])
def test_an_instant_is_read_as_now_is(ada: Who, written: str) -> None:
    """CLI: --at takes what --now takes, in the viewer's zone where it names none."""
    now = "2026-03-20T16:00:00Z"
    assert ada.at(now).json("explain", "5", "--at", written.replace("tue", "2026-03-17"))["at"] == AT


def test_the_same_past_for_every_reader(ada: Who) -> None:
    """TICK-3: show, list, log, search, explain and the dry run tell of one and the same moment."""
    past = ("--at", AT)
    shown, row = ada.json("show", "5", *past), ada.json("list", "--all", *past)["cases"]
    assert sorted(case["number"][-2:] for case in row) == ["01", "02", "03", "04", "05"]
    (listed,) = [case for case in row if case["number"] == shown["number"]]
    assert (listed["status"], listed["clocks"]) == (shown["status"], shown["clocks"])
    events = ada.json("log", "5", *past)["events"]
    assert events == [event for event in ada.json("log", "5")["events"] if event["at"] <= AT]
    assert all(event["at"] <= AT for event in ada.json("log", "--all", *past)["events"])
    assert ada.json("search", "audio", *past)["total"] == 1
    assert ada.json("search", "audio", "--at", "2026-03-15")["total"] == 0
    report = ada.json("tick", "--dry-run", *past)
    assert (report["now"], [breach["number"] for breach in report["breaches"]]) == (AT, ["0000000003"])


def test_the_past_is_not_ticked(ada: Who) -> None:
    """TICK-3: --at changes nothing: a tick takes it with --dry-run alone."""
    before = kept(ada.database)
    assert "--dry-run" in ada("tick", "--at", AT).refused(2)
    assert "--dry-run" in ada("tick", "--dry-run", "--watch", "1", "--at", AT).refused(2)
    assert ada("tick", "--dry-run", "--at", AT).status == 0
    assert kept(ada.database) == before


@pytest.mark.parametrize("command", [("show", "5"), ("log", "5"), ("log", "--all"), ("list",), ("explain", "5")])
def test_no_instant_of_the_past(ada: Who, command: tuple[str, ...]) -> None:
    """CLI: what is no instant, and what is still to come, is refused with what to do."""
    assert "is no instant" in ada(*command, "--at", "whenever").refused(2)
    assert "is no instant" in ada(*command, "--at", "").refused(2)
    assert "--now" in ada(*command, "--at", "+1h").refused(2)


def test_before_the_opening(ada: Who) -> None:
    """TICK-3: before its opening a case was not there; before everything a list is empty."""
    assert "it was opened at 2026-03-16T13:15:00Z" in ada("show", "5", "--at", "2026-03-16 09:00").refused(3)
    assert ada.json("list", "--all", "--at", "1999-12-31")["total"] == 0


LOADED = "import json, sys; sys.stderr.write(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize("command", [["list", "--all"], ["show", "8"], ["tick"]])
def test_the_present_folds_no_past(trial: str, command: list[str]) -> None:
    """CLI: without --at, what scripts call imports nothing of it."""
    args = ["--db", trial, "--as", ADA, "--now", NOW, *command, "--json"]
    code = f"import carecli.cli; assert carecli.cli.main({args!r}) == 0\n{LOADED}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(run.stderr))
    assert not loaded & {"carecli.desk.retrospect", "carecli.desk.record", "carecli.domain.ledger"}


# The page


def test_the_page_goes_to_a_file(dana: Who, tmp_path: Path) -> None:
    """TICK-3: --html FILE writes one page and says so; with --json the document stands on standard output too."""
    file = tmp_path / "clocks.html"
    ran = dana("explain", "3", "--html", str(file))
    assert (ran.status, ran.out, ran.err) == (0, "", f"care: wrote {file}\n")
    page = file.read_text("utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<svg ") == 3
    assert dana("explain", "3", "--html", "-").out == page
    assert dana.json("explain", "3", "--html", str(file)) == dana.json("explain", "3")
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix == ".html") == ["clocks.html"]


def test_where_no_page_can_go(dana: Who, tmp_path: Path) -> None:
    """CLI: one stream holds one thing, and a folder that is not there is said in one line."""
    assert "exclude each other" in dana("--json", "explain", "3", "--html", "-").error["message"]
    assert "cannot write" in dana("explain", "3", "--html", str(tmp_path / "none" / "x.html")).refused(1)
