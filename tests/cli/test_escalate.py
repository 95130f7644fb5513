"""`care escalate` and `care link` as people type them (ESC-1, OPEN-11)."""

import json

import pytest
from cli.acceptance import ADA, BEN, DANA, LENA, MIA, OMAR, Who, kept, plain, terminal

WHY = "Three weeks without music, and our go-live is on Monday."


@pytest.fixture
def dana(trial: str) -> Who:
    return Who(trial, DANA)


@pytest.fixture
def ben(trial: str) -> Who:
    return Who(trial, BEN)


@pytest.fixture
def mia(trial: str) -> Who:
    return Who(trial, MIA)


def test_from_the_customer_to_the_manager_and_back(dana: Who, ben: Who, mia: Who) -> None:
    """ESC-1: escalated, it shows on lists, the case and the tick, until the manager answers."""
    case = dana.json("escalate", "8", "-m", WHY, "--priority", "critical")
    assert (case["escalated"], case["priority"]) == (True, "high")
    assert (case["escalation"]["to"], case["escalation"]["wanted_priority"]) == ("manager", "critical")
    assert {row["number"]: row["escalated"] for row in dana.json("list")["cases"]}["0000000008"] is True
    assert [row["number"] for row in mia.json("list", "--all", "--escalated")["cases"]] == ["0000000008"]
    assert [row["number"] for row in dana.json("search", "music", "--escalated")["cases"]] == ["0000000008"]
    assert dana.json("search", "drops", "--escalated")["cases"] == []
    assert Who(dana.database, LENA).json("list", "--group", "--escalated")["total"] == 0
    (told,) = Who(dana.database, ADA).json("tick")["escalations"]
    assert (told["number"], told["to"], told["by"], told["reason"]) == ("0000000008", "manager", DANA, WHY)
    assert told["since"] == dana.now
    assert "may not answer" in ben("escalate", "8", "--answer", "-m", "No.").refused(4)
    assert mia.json("escalate", "8", "--answer", "-m", "Ben takes it on.")["escalated"] is False
    assert Who(dana.database, ADA).json("tick")["escalations"] == []
    kinds = [event["kind"] for event in dana.json("log", "8")["events"]]
    assert kinds[-2:] == ["escalated", "escalation-answered"]
    assert "Ben takes it on." in dana("show", "8").out
    assert "all is as the events say" in Who(dana.database, ADA)("verify").out


def test_lines_that_commands_answer_with(dana: Who, mia: Who) -> None:
    """ESC-1, OPEN-9: one line says to whom, and where Critical is wished for the number to call."""
    ran = dana("escalate", "8", "-m", WHY, "--priority", "1")
    assert ran.out.startswith("0000000008 escalated to the Customer Care manager: Open / New")
    assert ran.err == "care: Critical is set on the phone: call +1 555 010 0100\n"
    assert mia("escalate", "8", "--answer", "-m", "Yes.").out.startswith(
        "0000000008 answered, no longer escalated: "
    )
    dana("escalate", "8", "-m", WHY)
    assert dana("escalate", "8", "--withdraw").out.startswith("0000000008 no longer escalated: ")


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        (("8",), 2, "-m TEXT"),
        (("8", "-m", "  "), 2, "empty"),
        (("8", "-m", WHY, "--to", "boss"), 2, "success-manager"),
        (("8", "-m", WHY, "--priority", "urgent"), 2, "critical"),
        (("8", "-m", WHY, "--priority", "high"), 5, "already"),
        (("8", "-m", WHY, "--answer", "--withdraw"), 2, "one of them"),
        (("8", "-m", WHY, "--answer", "--to", "cxm"), 2, "--to"),
        (("8", "--withdraw", "--priority", "low"), 2, "--priority"),
        (("8", "-m", WHY, "--answer", "--via", "phone"), 2, "--via"),
        (("8", "-m", WHY, "--to", "executive"), 5, "Northwind"),
        (("8", "--withdraw"), 5, "not escalated"),
        (("1", "-m", WHY), 5, "closed"),
        (("7", "-m", WHY), 3, "there is no case 0000000007"),
        (("99", "-m", WHY), 3, "there is no case 0000000099"),
        (("x", "-m", WHY), 2, "number"),
        (("8", "-m", WHY, "--answer"), 4, "--withdraw"),
    ],
)
def test_what_is_refused(dana: Who, args: tuple[str, ...], status: int, says: str) -> None:
    """ESC-1: each refusal is one message with what to do instead, and changes nothing."""
    before = kept(dana.database)
    assert says in dana("escalate", *args).refused(status)
    assert kept(dana.database) == before


def test_a_caller(dana: Who, ben: Who) -> None:
    """UPD-1: staff log a caller's escalation, and a caller's taking it back."""
    ben.json("escalate", "8", "--via", "phone", "--contact", OMAR, "-m", "Omar called.")
    assert dana.json("show", "8")["escalation"]["by"] == OMAR
    assert "--via phone" in ben("escalate", "8", "--withdraw").refused(4)
    assert ben.json("escalate", "8", "--withdraw", "--via", "phone")["escalated"] is False


def test_a_hostile_reason(dana: Who) -> None:
    """ESC-1: a reason is shown as what it is, on every screen that tells it."""
    dana.json("escalate", "8", "-m", "\x1b[31m[bold]x[/bold]\n=cmd|' /C calc'!A0")
    ada = Who(dana.database, ADA)
    for who, args in ((ada, ("tick",)), (dana, ("show", "8")), (dana, ("log", "8"))):
        screen = plain(terminal(*who.options, *args).out)
        assert "[bold]x[/bold]" in screen
        assert "\x1b" not in screen
    assert json.loads(ada("--json", "tick").out)["escalations"][0]["reason"].startswith("\x1b[31m")


def test_a_reason_is_asked_for_at_a_terminal(trial: str) -> None:
    """ESC-1: who gives no reason is asked for one."""
    who = Who(trial, DANA)
    ran = terminal(*who.options, "escalate", "8", answers=[("Why do you escalate", f"{WHY}\n.\n")], EDITOR="")
    assert ran.status == 0
    assert "escalated to the Customer Care manager" in ran.out
    assert who.json("log", "8")["events"][-1]["data"]["text"] == WHY


def test_linking(dana: Who, ben: Who) -> None:
    """OPEN-11: both ways, once; and undone."""
    case = ben.json("link", "8", "#9", "--kind", "duplicate-of")
    assert (case["number"], case["links"]) == ("0000000008", [{"kind": "duplicate-of", "number": "0000000009"}])
    assert dana.json("show", "9")["links"] == [{"kind": "duplicated-by", "number": "0000000008"}]
    assert "already linked" in ben("link", "9", "8").refused(5)
    assert ben("link", "9", "8", "--remove").out.startswith("0000000009 unlinked from 0000000008: ")
    assert dana.json("show", "8")["links"] == []
    assert ben("link", "1", "8").out.startswith("0000000001 linked: relates 0000000008: Closed")


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        (("8",), 2, "OTHER"),
        (("8", "8"), 2, "itself"),
        (("8", "x"), 2, "number"),
        (("8", "99"), 3, "0000000099"),
        (("99", "8"), 3, "0000000099"),
        (("8", "9", "--kind", "twin"), 2, "duplicate-of"),
        (("8", "9", "--remove"), 5, "not linked"),
        (("8", "9", "--remove", "--kind", "relates"), 2, "--kind"),
    ],
)
def test_what_cannot_be_linked(ben: Who, args: tuple[str, ...], status: int, says: str) -> None:
    """OPEN-11: each refusal is one message with what to do instead, and changes nothing."""
    before = kept(ben.database)
    ran = ben("link", *args)
    assert (ran.status, says in ran.err, ran.out) == (status, True, "")
    assert kept(ben.database) == before


def test_another_companys_case_is_not_told(dana: Who, ben: Who) -> None:
    """DC-3: linked with another company's case, no answer to a contact holds its number."""
    reads = (("show", "8"), ("log", "8"), ("list", "--group", "--all"), ("search", "music"), ("list",))
    forms = ((), ("--json",))
    before = [dana(*form, *args).out for args in reads for form in forms]
    ben.json("link", "8", "7", "--kind", "caused-by")
    assert [dana(*form, *args).out for args in reads for form in forms] == before
    csv = ("list", "--format", "csv", "--group", "--all")
    assert "0000000007" not in dana(*csv).out
    assert "0000000007" not in json.dumps(dana.json("update", "8", "-m", "It is still so."))
    assert {"kind": "caused-by", "number": "0000000007", "internal": True} in ben.json("show", "8")["links"]
    for pair in (("8", "9"), ("8", "7"), ("7", "99")):
        assert "may not work cases" in dana("link", *pair).refused(4)
