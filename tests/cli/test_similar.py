"""`care similar` and `care split` as people type them (OPEN-11)."""

import json
from pathlib import Path

import pytest
from cli.acceptance import BEN, DANA, LENA, TEXT, Who, plain, terminal

SUBJECT = "Calls drop when they are transferred"


@pytest.fixture
def ben(trial: str) -> Who:
    return Who(trial, BEN)


@pytest.fixture
def dana(trial: str) -> Who:
    return Who(trial, DANA)


def test_like_a_subject_and_like_a_case(ben: Who, dana: Who) -> None:
    """OPEN-11: a text or a case; closed ones with --all; a contact's are of the own account (DC-3)."""
    (first, *_) = ben.json("similar", "-s", SUBJECT, "--all")["similar"]
    assert (first["number"], first["status"], first["account"]) == ("0000000001", "closed", "Northwind")
    assert first["number"] not in {row["number"] for row in ben.json("similar", "-s", SUBJECT)["similar"]}
    number = dana.json(
        *("open", "-s", SUBJECT, "--deployment", "East", "--service", "Voice", "--stage", "production"),
        *("--priority", "high", "-m", TEXT, "--impact", "Agents call back by hand."),
    )["number"]
    (again, *_) = dana.json("similar", "-s", f"{SUBJECT}!", "--service", "voice")["similar"]
    assert (again["number"], again["near"]) == (number, True)
    assert number not in {row["number"] for row in dana.json("similar", number, "--all")["similar"]}
    assert Who(dana.database, LENA).json("similar", "-s", SUBJECT, "--all")["similar"] == []
    assert "no case" in Who(dana.database, LENA)("similar", number).refused(3)
    assert "no account" in dana("similar", "-s", SUBJECT, "--account", "Harbor Clinic").refused(3)


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ((), "name one case, or a subject"),
        (("3", "-s", "x"), "name one case, or a subject"),
        (("3", "-m", "x"), "has a text"),
        (("3", "--service", "x"), "has a text"),
        (("x",), "is not a case number"),
    ],
)
def test_what_is_meant(ben: Who, args: tuple[str, ...], word: str) -> None:
    """CLI: one case or one subject."""
    assert word in ben("similar", *args).refused(2)


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_at_a_terminal(trial: str, columns: int) -> None:
    """CLI: a table that fits, with how alike they are, and what to do next."""
    args = ("--db", trial, "--as", DANA, "--now", "2026-03-20T21:00:00Z", "similar", "-s", SUBJECT, "--all")
    shown = plain(terminal(*args, columns=columns).out)
    assert "Similar cases" in shown
    assert "0000000001" in shown
    assert max(map(len, shown.splitlines())) <= columns


def test_an_update_becomes_a_case(ben: Who, dana: Who) -> None:
    """OPEN-11: the answer is the new case; the original is told, once."""
    dana("update", "3", "-m", "By the way, exports are empty.")
    seq = next(e["seq"] for e in ben.json("log", "3")["events"] if "exports" in str(e["data"].get("text")))
    new = ben.json("split", "3", str(seq), "-m", "A problem of its own.")
    assert (new["description"], new["contact"]) == ("By the way, exports are empty.", DANA)
    assert new["links"] == [{"kind": "split-from", "number": "0000000003"}]
    assert {"kind": "split-to", "number": new["number"]} in ben.json("show", "3")["links"]
    assert f"is case {new['number']} already" in ben("split", "3", str(seq)).refused(5)
    assert f"(moved to case {new['number']})" in dana("show", "3").out


@pytest.mark.parametrize("seq", ["0", "999", "x", "-1", "9" * 30])
def test_no_such_update(ben: Who, seq: str) -> None:
    """CLI: a place that is not in the log is refused in one message."""
    ran = ben("split", "3", "--", seq)
    assert ran.status in {2, 3}, ran
    assert "Traceback" not in ran.err


def test_a_contact_may_not_split(dana: Who) -> None:
    """DC-5: splitting is Customer Care's."""
    assert "may not" in dana("split", "3", "4").refused(4)


def test_a_listing_like_any_other(ben: Who, tmp_path: Path) -> None:
    """FIND-2: all formats, chosen fields, and a file."""
    file = tmp_path / "similar.csv"
    ben("similar", "-s", SUBJECT, "--all", "--fields", "number,likeness,near", "--output", str(file))
    head, first, *_ = file.read_text().splitlines()
    assert head == "number,likeness,near"
    assert first.startswith("0000000001,0.")
    lines = ben("similar", "-s", SUBJECT, "--all", "--format", "jsonl").out.splitlines()
    assert json.loads(lines[0])["number"] == "0000000001"
