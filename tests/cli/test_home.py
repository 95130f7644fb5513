"""`care` alone and `care forecast`, as people and scripts run them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, LENA, MIA, NOW, OMAR, Who, care, kept, plain, shell, terminal

LATER = "2026-03-25T20:00:00Z"


def test_a_contacts_page(trial: str) -> None:
    """CLI and TICK-3: what waits for Dana's answer, when time acts on it, and a command that answers."""
    page = Who(trial, DANA).json()
    assert page["counts"] == {
        "open": 3,
        "awaiting-info": 2,
        "solution-proposed": 0,
        "service-restored": 1,
        "closed": 1,
    }
    (waiting,) = page["needs"]["answer"]["cases"]
    assert waiting["number"] == "0000000005"
    assert waiting["next"] == {"kind": "reminder", "stage": 2, "due_at": "2026-03-23T14:40:00Z"}
    assert waiting["command"] == "care update 5 -m TEXT"
    assert Who(trial, DANA)("update", "5", "-m", "Here are the traces.").status == 0
    assert Who(trial, DANA).json()["needs"] == {}
    assert page["machinery"] is None
    assert {row["account"] for row in page["next"]} == {"Northwind"}


@pytest.mark.parametrize(
    ("who", "needs"),
    [
        (ADA, {"breached": 3, "warned": 1, "unassigned": 5}),
        (MIA, {"breached": 3, "warned": 1, "unassigned": 3}),
        (BEN, {"unassigned": 3}),
        (OMAR, {"answer": 2}),
        (LENA, {}),
    ],
)
def test_each_role_has_its_page(trial: str, who: str, needs: dict[str, int]) -> None:
    """DC-5: what needs each of them next, counted as lists and ticks count it."""
    page = Who(trial, who).json()
    assert {kind: need["total"] for kind, need in page["needs"].items()} == needs
    assert all(len(need["cases"]) == min(need["total"], 5) for need in page["needs"].values())
    assert all(need["command"].startswith("care ") for need in page["needs"].values())


def test_the_commands_under_a_page_work(trial: str) -> None:
    """CLI: every command that a page names for the rest of a section runs for whom it names it."""
    for who in (ADA, MIA, BEN, DANA, OMAR):
        for need in Who(trial, who).json()["needs"].values():
            ran = Who(trial, who)(*need["command"].split()[1:])
            assert (ran.status, ran.err) == (0, ""), need["command"]


def test_a_page_changes_nothing(trial: str) -> None:
    """TICK-2: neither the page nor a forecast writes."""
    before = kept(trial)
    for who in (ADA, MIA, BEN, DANA):
        assert Who(trial, who, LATER)().status == 0
        assert Who(trial, who, LATER)("forecast").status == 0
    assert kept(trial) == before


def test_a_page_at_a_terminal(trial: str) -> None:
    """CLI: at a terminal the page stands in tables within its width."""
    screen = plain(terminal("--db", trial, "--as", DANA, "--now", NOW).out)
    assert "Waiting for your answer: 1" in screen
    assert "0000000005" in screen
    assert "Promised next" in screen
    assert max(map(len, screen.splitlines())) <= 80


def test_whoever_has_no_desk_is_welcome(tmp_path: Path) -> None:
    """CLI: with no database `care` names the first commands, exits 0, and makes nothing."""
    file = tmp_path / "none.db"
    ran = care("--db", str(file))
    assert (ran.status, ran.err) == (0, "")
    assert {"care init", "care demo", "care --help"} <= set(re.findall(r"care (?:init|demo|--help)", ran.out))
    page = care("--db", str(file), "--json").json
    assert (page["desk"], page["reason"], page["database"]) == (None, "no-database", str(file))
    assert [step["command"].split()[1] for step in page["steps"]] == ["demo", "init", "--help"]
    assert not list(tmp_path.iterdir())


def test_whoever_is_not_named_is_welcome(trial: str) -> None:
    """CLI: without an actor `care` says how to name one; `system` has no page; a stranger is refused."""
    assert care("--db", trial, "--json").json["reason"] == "no-actor"
    assert care("--db", trial, "--json", "--as", "system").json["reason"] == "system"
    assert "--as EMAIL" in care("--db", trial).out
    assert care("--db", trial, "--json", "--as", "eve@nowhere.example").error["code"] == "not-permitted"


def test_slips_beside_the_page(trial: str) -> None:
    """CLI: what is no option is refused as everywhere, and `care home` is no command."""
    assert "no such option" in care("--bogus").refused(2)
    assert "needs a value" in care("--db").refused(2)
    assert "--as is empty" in care("--db", trial, "--as", "").refused(2)
    assert "--json takes no value" in care("--json=1").refused(2)
    assert "no such command" in care("home").refused(2)
    (Path(trial).parent / "text.db").write_text("no database")
    assert care("--db", str(Path(trial).parent / "text.db"), "--as", ADA, "--json").error["code"] == "database"


def test_a_forecast_as_json(trial: str) -> None:
    """TICK-2: a business day ahead: on Friday evening what Monday brings, in order, with what is left."""
    told = Who(trial, ADA).json("forecast")
    assert (told["now"], told["until"], told["total"]) == (NOW, "2026-03-24T13:00:00Z", 2)
    assert [
        (row["due_at"], row["number"], row["kind"], row["metric"], row["stage"]) for row in told["timers"]
    ] == [
        ("2026-03-23T13:20:00Z", "0000000009", "breach", "response", None),
        ("2026-03-23T14:40:00Z", "0000000005", "reminder", None, 2),
    ]
    assert told["timers"][0]["left_s"] == 231_600
    assert Who(trial, ADA).json("forecast", "--within", "8h")["next_at"] == "2026-03-23T13:20:00Z"
    assert Who(trial, ADA).json("forecast", "--within", "30d", "--limit", "3")["total"] is None


def test_a_forecast_of_what_is_late(trial: str) -> None:
    """TICK-2: what the tick is late with is due now, and has less than nothing left in JSON."""
    late = Who(trial, ADA, LATER)
    first = late.json("forecast")["timers"][0]
    assert first["left_s"] < 0
    assert "due now, with the next tick" in plain(terminal(*late.options, "forecast").out)


def test_a_forecast_in_files(trial: str, tmp_path: Path) -> None:
    """EXP-1: a forecast goes into files as every listing does."""
    ada = Who(trial, ADA)
    rows = [json.loads(line) for line in ada("forecast", "--within", "30d", "--format", "jsonl").out.splitlines()]
    assert rows == ada.json("forecast", "--within", "30d")["timers"]
    file = tmp_path / "next.csv"
    assert ada("forecast", "--within", "30d", "--fields", "number,kind", "--output", str(file)).status == 0
    assert file.read_text().splitlines() == ["number,kind", *(f"{row['number']},{row['kind']}" for row in rows)]


@pytest.mark.parametrize(
    "args",
    [("--within", "soon"), ("--within", "1000000000bd"), ("--all", "--mine"), ("--group",), ("--limit", "0")],
    ids=" ".join,
)
def test_what_no_forecast_is_made_of(trial: str, args: tuple[str, ...]) -> None:
    """CLI: a slip in a forecast's options is refused with what to write; Ada belongs to no group."""
    Who(trial, ADA)("forecast", *args).refused(2)


def test_scripts_get_the_page_without_the_rim(trial: str) -> None:
    """CLI: the page for a script imports neither Typer nor what makes tables."""
    code = "import sys; from carecli.cli import main; main(sys.argv[1:]); sys.stderr.write(' '.join(sys.modules))"
    args = ("--db", trial, "--as", DANA, "--now", NOW, "--json")
    run = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["needs"]
    assert not {"typer", "rich", "pendulum", "sqlite_utils", "holidays"} & set(run.stderr.split())


def test_the_reader_may_leave(trial: str) -> None:
    """CLI: a page read by `head` ends in silence."""
    ran = shell("--db", trial, "--as", ADA, "--now", NOW)
    assert (ran.status, ran.err) == (0, "")
