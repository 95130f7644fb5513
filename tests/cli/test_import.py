"""`care import`: mappings shown and checked, trials, and what is missing said (IMP-1)."""

import json
from pathlib import Path

import pytest
from cli.acceptance import ADA, BEN, DANA, Ran, Who, care, plain, terminal
from jsonschema import Draft202012Validator
from other_desks import lines, row

from carecli.render import schema


@pytest.fixture
def desk(tmp_path: Path) -> Who:
    """A desk of its own with its admin."""
    database = str(tmp_path / "care.db")
    assert care("--db", database, "init", "--email", ADA, "--name", "Ada", "--timezone", "UTC").status == 0
    return Who(database, ADA, "2026-03-10T09:00:00Z")


def right(document: object) -> bool:
    """Whether an answer is as the schema says."""
    return not [*Draft202012Validator({**schema.whole(), "$ref": "#/$defs/import"}).iter_errors(document)]


@pytest.mark.parametrize("name", ["servicenow", "zendesk", "zendesk-csv"])
def test_a_mapping_is_printed_and_checked(tmp_path: Path, name: str) -> None:
    """IMP-1: a shipped mapping is printed as it is written, without a desk; what is printed is right again."""
    shown = care("--db", str(tmp_path / "none.db"), "import", "--show-mapping", name)
    assert (shown.status, shown.err) == (0, "")
    mine = tmp_path / "mine.toml"
    mine.write_text(shown.out, "utf-8")
    again = care("import", "--show-mapping", str(mine), "--json").json
    assert (again["name"], again["toml"]) == (str(mine), shown.out)
    assert right(again)
    assert not (tmp_path / "none.db").exists()


def test_a_wrong_mapping_is_told_by_its_lines(tmp_path: Path, desk: Who) -> None:
    """IMP-1: every fault at once, each with its line, from --show-mapping as from --from."""
    mine = tmp_path / "mine.toml"
    text = care("import", "--show-mapping", "servicenow").out
    mine.write_text(
        text.replace('format = "csv"', 'format = "xls"').replace('"Active"', '"Active" = "busy"\n"Other"')
    )
    told = care("import", "--show-mapping", str(mine)).refused(2)
    assert "line 5, format cannot be 'xls'" in told
    assert "states.Active cannot be 'busy'" in told
    assert desk("import", "x.csv", "--from", str(mine)).refused(2) == told


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "missing: FILE, --from"),
        (("x.csv",), "missing: --from"),
        (("--from", "servicenow"), "missing: FILE"),
        (("--show-mapping", "nowhere"), "cannot read the mapping 'nowhere'"),
        (("x.csv", "--from", "nowhere"), "cannot read the mapping 'nowhere'"),
        (("x.csv", "--from", "servicenow"), "cannot read x.csv"),
    ],
)
def test_what_is_missing_is_said(desk: Who, args: tuple[str, ...], said: str) -> None:
    """CLI: an import that cannot be is one short message with what to give."""
    assert said in desk("import", *args).refused(2)


def test_only_admins_import(desk: Who, tmp_path: Path) -> None:
    """DC-5: an agent and a contact are refused, whatever they import."""
    file = tmp_path / "log.csv"
    file.write_bytes(lines(row()))
    desk("staff", "add", BEN)
    desk("account", "add", "Northwind")
    desk("contact", "add", DANA, "--account", "Northwind")
    for who in (BEN, DANA):
        ran = desk._replace(email=who)("import", str(file), "--from", "servicenow", "--account", "X")
        assert ran.status == 4


def imported(desk: Who, raw: bytes, *more: str) -> Ran:
    """An import from standard input."""
    return desk("import", "-", "--from", "servicenow", "--account", "X", *more, stdin=raw)


def test_a_trial_and_the_import_say_the_same(desk: Who) -> None:
    """IMP-1: --dry-run keeps nothing and answers as the import then does; both are as their schema says."""
    raw = lines(row(), row(number="INC2", incident_state="-100"), row(number="INC3"))
    trial = imported(desk, raw, "--dry-run", "--json").json
    assert desk.json("list", "--all")["total"] == 0
    real = imported(desk, raw, "--json").json
    assert {**trial, "dry_run": False} == real
    assert right(real)
    assert (real["cases"], real["refused"]) == (2, [{"line": 3, "reason": "state '-100' means nothing"}])
    assert real["states"] == [{"state": "New", "becomes": "new", "updates": 2}]
    assert real["standing"] == {"open": 2}
    assert imported(desk, raw, "--quiet").out == ""


def test_on_a_terminal(desk: Who, tmp_path: Path) -> None:
    """CLI: at a terminal a bar and then the page, no wider than it is."""
    file = tmp_path / "log.csv"
    file.write_bytes(lines(*(row(number=f"INC{n}", u_symptom="\x1b[31m" + "wide " * 40) for n in range(30))))
    ran = terminal(*desk.options, "import", str(file), "--from", "servicenow", "--account", "X")
    assert ran.status == 0
    screen = plain(ran.out)
    page = screen[screen.rindex("Import\n") :]
    assert "brought in 30 cases" in page
    assert max(map(len, page.splitlines())) <= 80


def test_an_own_mapping_from_end_to_end(desk: Who, tmp_path: Path) -> None:
    """IMP-1: a mapping that is printed, changed and used brings in another form of file."""
    mine = tmp_path / "mine.toml"
    text = care("import", "--show-mapping", "servicenow").out
    mine.write_text(text.replace('"New" = "new"', '"New" = "new"\n"-100" = "investigation"'))
    file = tmp_path / "log.csv"
    file.write_bytes(lines(row(incident_state="-100")))
    report = desk.json("import", str(file), "--from", str(mine), "--account", "X")
    assert (report["cases"], report["refused"]) == (1, [])
    events = [json.loads(line) for line in desk("log", "1", "--format", "jsonl").out.splitlines()]
    assert [one["kind"] for one in events[:2]] == ["opened", "commented"]
