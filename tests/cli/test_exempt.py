"""`care exempt`, and what every reader is shown of it (SLA-9)."""

import json

import pytest
from cli.acceptance import ADA, BEN, DANA, MIA, Who, plain, terminal

WHY = "Northwind's firewall kept us out, as agreed on the phone."
STRETCH = ("--from", "2026-03-11 09:00", "--to", "2026-03-13 16:00")


@pytest.fixture
def mia(trial: str) -> Who:
    return Who(trial, MIA)


@pytest.fixture
def dana(trial: str) -> Who:
    return Who(trial, DANA)


def test_what_it_does_is_told_at_once(mia: Who) -> None:
    """SLA-9: the answer says which due times are adjusted to what, and which verdicts change."""
    ran = mia("exempt", "3", *STRETCH, "--metric", "restoration", "--reason", WHY)
    assert ran.out.startswith("0000000003 exemption 1 granted: Open / Investigation")
    assert ran.err == "care: restoration: due 2026-03-16 09:30 EDT, adjusted 2026-03-18 16:30 EDT\n"
    ran = mia("exempt", "3", "--from", "2026-03-09 09:00", "--to", "2026-03-12 09:00", "--reason", WHY)
    assert ran.err == (
        "care: response: due 2026-03-09 13:30 EDT, adjusted 2026-03-12 13:00 EDT; breached becomes met\n"
        "care: restoration: due 2026-03-16 09:30 EDT, adjusted 2026-03-20 16:00 EDT\n"
        "care: resolution: due 2026-03-30 09:30 EDT, adjusted 2026-04-01 17:00 EDT\n"
    )
    assert mia("exempt", "3", "--withdraw", "2", "-m", "No.").out.startswith("0000000003 exemption 2 withdrawn: ")
    night = ("--from", "2026-03-11 18:00", "--to", "2026-03-12 08:00")
    none = "care: no due time is adjusted: nothing that counts is exempted\n"
    mia("exempt", "3", "--withdraw", "1", "-m", "No.")
    assert mia("exempt", "3", *night, "-m", "At night.").err == none


def test_the_customer_reads_it(mia: Who, dana: Who) -> None:
    """SLA-9: on the case, in its log and in the proof, with the reason; hostile words are text."""
    reason = "\x1b[31m[bold]cut[/bold] =1+1"
    mia("exempt", "3", *STRETCH, "-m", reason)
    (one,) = dana.json("show", "3")["exemptions"]
    assert (one["id"], one["from"], one["metric"], one["by"]) == (1, "2026-03-11T13:00:00Z", None, MIA)
    assert dana.json("list", "--group", "--all")["cases"][0].keys() >= {"exemptions"}
    log = dana.json("log", "3")["events"][-1]
    assert (log["kind"], log["visibility"], log["data"]["text"]) == ("exempted", "public", reason)
    screen = plain(terminal(*dana.options, "show", "3", columns=120).out)
    assert "Exempted" in screen
    assert "exemption 1: 2026-03-11 09:00 EDT to 2026-03-13 16:00 EDT, of all clocks" in screen
    shown = dana("explain", "3", "--html", "-").out
    assert "[bold]cut[/bold] =1+1" in shown
    assert "\x1b" not in shown + dana("explain", "3").out + dana("log", "3").out


@pytest.mark.parametrize("who", [DANA, BEN])
def test_managers_alone(trial: str, who: str) -> None:
    """DC-5: a contact and an agent are told who may."""
    ran = Who(trial, who)("exempt", "3", *STRETCH, "-m", WHY)
    assert "may not exempt time from a case's clocks" in ran.refused(4)


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("-m", "x"), 2, "--from and --to missing"),
        (("--from", "2026-03-11", "-m", "x"), 2, "--to missing"),
        ((*STRETCH, "--withdraw", "1", "-m", "x"), 2, "cannot go with --withdraw"),
        (STRETCH, 2, "a text is needed"),
        (("--from", "2026-03-12", "--to", "2026-03-11", "-m", "x"), 2, "ends after it begins"),
        (("--from", "2026-02-12", "--to", "2026-02-13", "-m", "x"), 2, "was opened at"),
        (("--from", "never", "--to", "2026-02-13", "-m", "x"), 2, "no instant"),
        ((*STRETCH, "--metric", "speed", "-m", "x"), 2, "choose from: response, restoration, resolution"),
        (("--withdraw", "7", "-m", "x"), 3, "no exemption 7 stands"),
    ],
)
def test_refusals(mia: Who, words: tuple[str, ...], status: int, says: str) -> None:
    """SLA-9: a wrong stretch is one line with its remedy, and nothing is recorded."""
    before = mia.json("log", "3")
    assert says in mia("exempt", "3", *words).refused(status)
    assert mia.json("log", "3") == before


def test_the_answer_as_json(trial: str) -> None:
    """CLI: --json is the case alone; standard error stays empty."""
    ran = Who(trial, ADA)("--json", "exempt", "3", *STRETCH, "-m", WHY)
    assert json.loads(ran.out)["exemptions"][0]["reason"] == WHY
    assert ran.err == ""
    assert Who(trial, ADA).json("verify")["differences"] == []
