"""A small desk on a server, and how a refusal of that server is to be told."""

from typing import Final

from cli.acceptance import FORM, Ran, Who

ADA: Final = "ada@desk.example"
DANA: Final = "dana@abc.example"


def small_desk(url: str, cases: int = 1) -> str:
    """Make a desk at an address, with one account, its contact and some cases; the address."""
    ada = Who(url, ADA)
    ada.json("init", "--email", ADA, "--name", "Ada Park")
    ada.json("account", "add", "ABC", "--plan", "business-care", "--deployment", "East", "--service", "Voice")
    ada.json("contact", "add", DANA, "--account", "ABC", "--trained")
    for _ in range(cases):
        ada.json("open", "--account", "ABC", "--contact", DANA, *FORM)
    return url


def refused(ran: Ran, *words: str, status: int = 6) -> str:
    """One message with a remedy, and neither a trace nor a password: what it says."""
    assert (ran.status, ran.out) == (status, ""), ran
    assert ran.err.startswith("care: ")
    assert ran.err.count("\n") == 2, ran.err
    assert "heim" not in ran.err
    for word in words:
        assert word in ran.err, ran.err
    return ran.err
