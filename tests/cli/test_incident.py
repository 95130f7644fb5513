"""The incident commands as people and scripts call them (INC-1..3)."""

from pathlib import Path

import pytest
from cli.acceptance import BEN, DANA, LENA, NOW, Who

LATER = "2026-03-23T14:00:00Z"


@pytest.fixture
def ben(trial: str) -> Who:
    """An agent, at a desk where case 8 is an incident that affects case 7 of Harbor Clinic."""
    who = Who(trial, BEN)
    who.json("incident", "8", "--title", "Calls fail", "-m", "A relay failed.")
    who.json("incident", "affect", "8", "7")
    return who


def test_a_number_alone_declares(trial: str) -> None:
    """INC-1: `care incident 42` is `care incident declare 42`; the line says what becomes of it."""
    told = Who(trial, BEN)("incident", "8")
    assert (told.status, told.out) == (
        0,
        "0000000008 is an incident: Open / New, restoration due 2026-03-24 14:10 EDT (2bd)\n",
    )
    assert "an incident already" in Who(trial, BEN)("incident", "declare", "8").refused(5)
    assert "care escalate" not in Who(trial, DANA)("incident", "8").refused(4)


def test_when_it_began(ben: Who) -> None:
    """INC-1: --started is what a person types, in the past; else it is when the case was opened."""
    assert ben.json("incident", "show", "8")["incident"]["started_at"] == ben.json("show", "8")["opened_at"]
    ben.json("incident", "describe", "8", "--started", "yesterday 13:00")
    assert ben.json("incident", "show", "8")["incident"]["started_at"] == "2026-03-19T17:00:00Z"
    assert "cannot begin in the future" in ben("incident", "describe", "8", "--started", "2026-04-01").refused(2)


def test_where_a_report_goes(ben: Who, tmp_path: Path) -> None:
    """INC-3: to a stream or a file, whose ending tells the form; with --json a document, beside a file too."""
    assert ben("incident", "report", "8").out.startswith("# Incident: Calls fail\n")
    assert ben("incident", "report", "8", "--format", "HTML").out.startswith("<!DOCTYPE html>")
    for name, start in (("r.html", "<!DOCTYPE html>"), ("r.md", "# Incident"), ("r.txt", "# Incident")):
        assert ben("incident", "report", "8", "-o", str(tmp_path / name)).out == ""
        assert (tmp_path / name).read_text().startswith(start)
    told = ben.json("incident", "report", "8", "-o", str(tmp_path / "j.html"))
    assert (told["title"], told["account"], told["sent"]) == ("Calls fail", None, False)
    assert (tmp_path / "j.html").read_text().startswith("<!DOCTYPE html>")
    assert "choose from: md, html" in ben("incident", "report", "8", "--format", "pdf").refused(2)
    assert "--json and --format" in ben("--json", "incident", "report", "8", "--format", "md").error["message"]
    assert "cannot write" in ben("incident", "report", "8", "-o", str(tmp_path / "no" / "r.md")).refused(1)


def test_a_report_that_lacks_something(ben: Who) -> None:
    """INC-3: staff are told beside the draft; sending is refused with all that is missing and how to say it."""
    draft = ben("incident", "report", "8")
    assert (draft.status, draft.err) == (
        0,
        "care: the report lacks its restoration; care incident describe says it\n",
    )
    told = ben("incident", "report", "8", "--send").refused(5)
    assert "lacks its end, restoration" in told
    assert "care restore 0000000008, and care incident describe 0000000008 --restoration TEXT" in told


def test_customers_have_their_own(ben: Who, trial: str) -> None:
    """INC-2, DC-3: by their own number alone; what is not there for them answers as nothing does."""
    lena = Who(trial, LENA)
    nothing = lena("incident", "request", "99").refused(3).replace("0000000099", "N")
    for command in ("request", "report"):
        assert lena("incident", command, "8").refused(3).replace("0000000008", "N") == nothing
    assert "ask for it: care incident request 0000000007" in lena("incident", "report", "7").refused(5)
    lena.json("incident", "request", "7")
    assert "you are told by mail" in lena("incident", "report", "7").refused(5)
    assert lena("incident", "action", "list").refused(4)
    ben.json("restore", "8", "-m", "It works.")
    ben.json("incident", "describe", "8", "--restoration", "By the other relay.")
    assert ben("incident", "report", "8", "--for", "Harbor Clinic", "--send").out.endswith(
        "sent to Harbor Clinic\n"
    )
    assert lena("incident", "report", "7").out.startswith("# Incident: Calls fail\n")
    assert "Northwind" not in lena("incident", "report", "7", "--format", "html").out


def test_actions_by_number(ben: Who) -> None:
    """INC-3: a date alone is until its end, in the viewer's zone; what is done leaves the list of open ones."""
    ben.json("incident", "action", "add", "8", "-m", "Alert on it", "--due", "2026-03-30")
    (row,) = ben.json("incident", "action", "list")["actions"]
    assert (row["number"], row["id"], row["owner"], row["due_at"]) == (
        "0000000008",
        1,
        BEN,
        "2026-03-31T03:59:00Z",
    )
    for day, due in (("tomorrow", "2026-03-22T03:59:00Z"), ("Mon", "2026-03-24T03:59:00Z")):
        ben.json("incident", "action", "add", "8", "-m", day, "--due", day)
        assert ben.json("incident", "action", "list", "8")["actions"][-1]["due_at"] == due
    for id_ in ("2", "3"):
        ben.json("incident", "action", "done", "8", id_)
    assert "no action" in ben("incident", "action", "done", "8", "one").refused(2)
    assert ben("incident", "action", "done", "8", "#1").out.startswith("0000000008 action 1 done")
    assert ben.json("incident", "action", "list")["actions"] == []
    assert [one["done_by"] for one in ben.json("incident", "action", "list", "8")["actions"]] == [BEN] * 3
    assert "is no incident" in ben("incident", "action", "list", "7").refused(5)


def test_what_the_case_page_says(ben: Who, trial: str) -> None:
    """INC-1: staff and customers read on the case what it is part of; a sent report is a page of its own."""
    assert "part of an incident: Calls fail" in Who(trial, LENA)("show", "7").out
    ben.json("restore", "8", "-m", "It works.")
    ben.at(LATER).json("incident", "report", "8", "--send")
    page = Who(trial, DANA, LATER)("show", "8").out
    assert f"to {DANA}; to read it: care incident report 0000000008" in page
    assert "Clients affected" not in page


def test_who_is_not_affected_after_all(ben: Who, trial: str) -> None:
    """INC-1, DC-3: --remove takes it back and tells it on the case; it names whom it takes back."""
    told = ben("incident", "affect", "8", "7", "--remove", "-m", "It is your network, and not Northwind's.")
    assert (told.status, told.out.partition(":")[0]) == (0, "0000000008 affects 1 less")
    page = Who(trial, LENA)("show", "7").out
    assert "not part of the incident after all: Calls fail" in page
    assert "Northwind" not in page
    assert "is not linked as affected" in ben("incident", "affect", "8", "7", "--remove").refused(5)
    assert "is part of no incident" in Who(trial, LENA)("incident", "request", "7").refused(5)
    assert ben.json("incident", "show", "8")["incident"]["affected"] == []


def test_who_was_told_that_it_is_over(ben: Who, trial: str) -> None:
    """INC-1: the incident's page and document say so; the other's case says it in words of the desk."""
    ben.json("restore", "8", "-m", "It works again, Dana.")
    (affected,) = ben.json("incident", "show", "8")["incident"]["affected"]
    assert affected["back_at"] == NOW
    assert "case 0000000007, told that it is over" in ben("incident", "show", "8").out
    page = Who(trial, LENA)("show", "7").out
    assert "system: Service Back" in page
    assert "the incident is over: Calls fail" in page
    assert "Dana" not in page
