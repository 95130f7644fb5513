"""`care policy diff|impact|use|rebase` and `care calendar impact|rebase`: told, asked, done (SLA-8).

At the end of the demo's story, Friday 17:00 in New York, case 8 of Northwind (Business Care, high) was opened at
14:10: its restoration is due in 2 bd, on Tuesday 14:10, and would in 1 bd be due on Monday 14:10.
"""

from pathlib import Path

import pytest
from cli.acceptance import BEN, DANA, LENA, NOW, Who, care, kept, plain, terminal

MINE = """\
name = "mine"
[targets.business-care.high]
restoration = "1bd"
[followup]
stages = [1, 3, 6]
"""
IMPACT_80 = """\
Under policy mine 000000000000  times in America/New_York
Case        Clock        Due               Due then          Shift  Breach
──────────────────────────────────────────────────────────────────────────
0000000005  Restoration  2026-03-18 09:15  2026-03-17 09:15    -1d  -
0000000008  Restoration  2026-03-24 14:10  2026-03-23 14:10    -1d  -
0000000009  Restoration  2026-03-24 15:20  2026-03-23 15:20    -1d  -
7 open cases; 3 clocks due sooner; breaches: 3 stay
"""
IMPACT_120 = """\
Under policy mine 000000000000  times in America/New_York
Case        Account    Priority  Clock        Target  Then  Due               Due then          Shift  Breach
─────────────────────────────────────────────────────────────────────────────────────────────────────────────
0000000005  Northwind  High      Restoration  2bd     1bd   2026-03-18 09:15  2026-03-17 09:15    -1d  -
0000000008  Northwind  High      Restoration  2bd     1bd   2026-03-24 14:10  2026-03-23 14:10    -1d  -
0000000009  Northwind  High      Restoration  2bd     1bd   2026-03-24 15:20  2026-03-23 15:20    -1d  -
7 open cases; 3 clocks due sooner; breaches: 3 stay
"""
DIFF_80 = """\
Setting                                 Old         New
─────────────────────────────────────────────────────────────
followup.stages                         [2, 5, 10]  [1, 3, 6]
name                                    default     mine
targets.business-care.high.restoration  2bd         1bd
settings that differ: 3
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """A policy file that names what differs."""
    file = tmp_path / "mine.toml"
    file.write_text(MINE)
    return str(file)


def screen(*args: str, **how: object) -> str:
    """A terminal's screen without colours, bars and the ends of its lines."""
    lines = plain(terminal(*args, "--no-pager", **how).out).replace("\r", "\n").splitlines()  # type: ignore[arg-type]
    return "".join(f"{line.rstrip()}\n" for line in lines if line.strip() and not line.startswith("cases "))


@pytest.mark.parametrize(("columns", "shown"), [(80, IMPACT_80), (120, IMPACT_120)])
def test_the_screen(ada: Who, mine: str, columns: int, shown: str) -> None:
    """SLA-8: old and new due time of each clock that moves, and the sums; the digest is set to zeros here."""
    digest = ada.json("policy", "show", mine)["digest"][:12]
    seen = screen(*ada.options, "policy", "impact", mine, columns=columns)
    assert seen.replace(digest, "0" * 12) == shown


def test_what_differs_on_a_screen(ada: Who, mine: str) -> None:
    """SLA-8: setting by setting, old beside new."""
    seen = screen(*ada.options, "policy", "diff", "default", mine, columns=80)
    assert seen.endswith(f"\n{DIFF_80}")
    assert "no setting differs" in screen("policy", "diff", "guide", "guide")


def test_what_differs(ada: Who, mine: str) -> None:
    """SLA-8: two policies by name, file, hash or case; a lone one is held against the one in force."""
    told = care("--json", "policy", "diff", "default", mine).json
    assert told["differences"] == [
        {"setting": "followup.stages", "old": [2, 5, 10], "new": [1, 3, 6]},
        {"setting": "name", "old": "default", "new": "mine"},
        {"setting": "targets.business-care.high.restoration", "old": "2bd", "new": "1bd"},
    ]
    assert (told["old"]["name"], told["new"]["file"]) == ("default", mine)
    assert ada.json("policy", "diff", mine)["differences"] == told["differences"]
    assert ada.json("policy", "diff", mine, "--case", "3")["old"]["number"] == "0000000003"
    digest = ada.json("policy", "show")["digest"]
    assert ada.json("policy", "diff", digest[:12], mine)["differences"] == told["differences"]
    assert ada.json("policy", "diff", "--case", "3")["differences"] == []


def test_slips_in_what_differs(ada: Who, trial: str) -> None:
    """CLI, DC-3: too few or too many policies, and a case that is not there."""
    ada("policy", "diff").refused(2)
    ada("policy", "diff", "default", "guide", "--case", "3").refused(2)
    assert "none.toml" in ada("policy", "diff", "none.toml").refused(2)
    ada("policy", "diff", "--case", "99").refused(3)
    Who(trial, LENA)("policy", "diff", "--case", "3").refused(3)


def test_told_then_done(ada: Who, mine: str) -> None:
    """SLA-8: impact and --dry-run change nothing, rebase does just that, and then nothing is left to do."""
    before = kept(ada.database)
    foreseen = ada.json("policy", "impact", mine)
    assert ada.json("policy", "rebase", mine, "--dry-run") == foreseen
    assert kept(ada.database) == before
    assert (foreseen["cases"], foreseen["sooner"], foreseen["stays"]) == (7, 3, 3)
    assert foreseen["changes"][1] == {
        "number": "0000000008",
        "account": "Northwind",
        "priority": "high",
        "metric": "restoration",
        "cycle": 1,
        "old_target": "2bd",
        "new_target": "1bd",
        "old_due_at": "2026-03-24T18:10:00Z",
        "new_due_at": "2026-03-23T18:10:00Z",
        "shift_s": -86400,
        "breach": None,
    }
    assert ada.json("policy", "rebase", mine, "--yes") == foreseen | {"applied": True}
    assert ada.json("policy", "rebase", mine, "--yes")["already"] == 7
    assert ada.json("show", "8")["clocks"][1]["due_at"] == "2026-03-23T18:10:00Z"
    assert ada.json("policy", "show", "--case", "8")["name"] == "mine"
    assert ada("verify").status == 0


def test_a_rebasing_is_confirmed(ada: Who, mine: str) -> None:
    """SLA-8: nobody to ask is a no; a person sees what moves before anything does."""
    before = kept(ada.database)
    assert ada("--json", "policy", "rebase", mine).error["rule"] == "SLA-8"
    assert "--yes" in ada("policy", "rebase", mine).refused(5)
    no = terminal(*ada.options, "policy", "rebase", mine, "--no-pager", answers=[("Rebase 7 cases?", "n\n")])
    assert no.status == 5
    assert kept(ada.database) == before
    yes = terminal(*ada.options, "policy", "rebase", mine, "--no-pager", answers=[("Rebase 7 cases?", "y\n")])
    assert yes.status == 0
    assert "7 cases rebased; `care log NUMBER` tells it as an event of each" in yes.out
    assert plain(yes.out).index("2026-03-23 14:10") < plain(yes.out).index("Rebase 7 cases?")
    again = terminal(*ada.options, "policy", "rebase", mine, "--no-pager")
    assert (again.status, "Rebase 0" in again.out) == (0, False)
    assert "no open case had to be rebased; nothing was changed" in again.out
    assert "no open case had to be rebased" in ada("policy", "rebase", mine, "--yes").err


def test_from_a_date(ada: Who, mine: str) -> None:
    """SLA-8: cases opened before it keep their rules."""
    told = ada.json("policy", "rebase", mine, "--from", "2026-03-20", "--yes")
    assert told["from"] == "2026-03-20T04:00:00Z"
    assert {row["number"] for row in told["changes"]} == {"0000000008", "0000000009"}
    assert ada.json("policy", "show", "--case", "5")["name"] == "default"


def test_every_clock(ada: Who) -> None:
    """SLA-8: --all lists what does not move, too, with the breaches that stay."""
    rows = ada.json("policy", "impact", "process-2025", "--all")
    assert (rows["clocks"], len(rows["changes"]), rows["stays"]) == (14, 14, 3)
    assert [row["number"] for row in rows["changes"] if row["breach"]] == [
        "0000000003",
        "0000000007",
        "0000000008",
    ]
    assert ada.json("policy", "impact", "process-2025")["changes"] == []


def test_new_cases(ada: Who, trial: str, mine: str) -> None:
    """SLA-8, DC-5: admins say under which policy new cases are opened."""
    assert Who(trial, BEN)("policy", "use", mine).status == 4
    assert ada.json("policy", "use", mine)["in_force"] is True
    assert ada.json("policy", "show")["name"] == "mine"
    assert ada.json("policy", "show", "--case", "8")["name"] == "default"
    assert "guide" in ada("policy", "use", "guide").out
    assert ada("policy", "use", "none.toml").status == 2
    assert ada("verify").status == 0


def test_a_calendar(ada: Who) -> None:
    """SLA-8, ACC-3: what a closed day would do, then what it does: Tuesday 14:10 becomes Wednesday 14:10."""
    asked = ("calendar", "impact", "--account", "Northwind")
    assert ada.json(*asked)["already"] == 6
    foreseen = ada.json(*asked, "--close-on", "2026-03-23")
    moved = {(row["number"], row["metric"]): row["new_due_at"] for row in foreseen["changes"]}
    assert moved["0000000008", "restoration"] == "2026-03-25T18:10:00Z"
    assert foreseen["calendar"]["close_on"] == ["2026-03-23"]
    ada("account", "edit", "Northwind", "--close-on", "2026-03-23")
    done = ada.json("calendar", "rebase", "--account", "Northwind", "--yes")
    assert done["changes"] == foreseen["changes"]
    assert ada.json(*asked)["already"] == 6
    assert ada("verify").status == 0


def test_calendars_of_all(ada: Who) -> None:
    """SLA-8: every account's; whose has to be said."""
    assert ada.json("calendar", "impact", "--account", "all", "--hours", "24x7")["cases"] == 7
    assert "--account" in ada("calendar", "impact").refused(2)
    assert "--account" in ada("calendar", "rebase", "--yes").refused(2)
    ada("calendar", "impact", "--account", "all", "--hours", "never").refused(2)
    ada("calendar", "impact", "--account", "Nobody Inc").refused(3)


def test_who_may(trial: str, mine: str) -> None:
    """DC-3, DC-5: customers neither look ahead nor change; agents look."""
    dana, ben = Who(trial, DANA), Who(trial, BEN)
    dana("policy", "impact", mine).refused(4)
    dana("calendar", "impact", "--account", "Northwind", "--hours", "24x7").refused(4)
    assert ben.json("policy", "impact", mine)["cases"] == 7
    ben("policy", "rebase", mine, "--yes").refused(4)
    ben("calendar", "rebase", "--account", "Northwind", "--yes").refused(4)


def test_the_customer_reads_it(ada: Who, trial: str, mine: str) -> None:
    """SLA-8, UPD-1: the case's page and its log say that the rules changed; nobody is mailed."""
    before = len(ada.json("mail", "outbox")["mail"])
    ada.json("policy", "rebase", mine, "--yes")
    page = Who(trial, DANA)("show", "8").out
    assert "ada@desk.example: Rebased" in page
    assert "policy 55c378969834 -> " in page
    assert Who(trial, DANA).json("log", "8")["events"][-1]["kind"] == "rebased"
    assert len(ada.json("mail", "outbox")["mail"]) == before


def test_in_a_pipe(ada: Who, mine: str) -> None:
    """CLI: rows for other programs on standard output, the sums on standard error."""
    ran = ada("policy", "impact", mine)
    assert [line.split("\t")[0] for line in ran.out.splitlines()] == [
        "number",
        "0000000005",
        "0000000008",
        "0000000009",
    ]
    assert ran.err == "care: 7 open cases; 3 clocks due sooner; breaches: 3 stay\n"


def test_a_tick_after_it(ada: Who, trial: str, mine: str) -> None:
    """SLA-7, TICK-1: what the new rules made due comes with the tick, at its due time."""
    ada.json("policy", "rebase", mine, "--yes")
    late = Who(trial, "system", "2026-03-23T18:30:00Z").json("tick")
    breaches = {(row["number"], row["metric"]): row["due_at"] for row in late["breaches"]}
    assert breaches["0000000008", "restoration"] == "2026-03-23T18:10:00Z"
    assert late["now"] > NOW
    assert ada.at("2026-03-23T18:30:00Z")("verify").status == 0
