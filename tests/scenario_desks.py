"""Desks on which the guides' processes are walked through the command line: an account, people, a calendar."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cli.acceptance import Who, care

ADA, BEN, MIA, CAY = "ada@desk.example", "ben@desk.example", "mia@desk.example", "cay@desk.example"
"""An admin, an agent, a manager, and the agent who is the account's Customer Experience Manager."""
AIKO, KEN, ROB = "aiko@harbour.example", "ken@harbour.example", "rob@harbour.example"
"""Two Designated Contacts of the account, and one who may only read."""
EVE = "eve@elsewhere.example"
"""A Designated Contact of another account."""
SYSTEM = "system"
ACCOUNT, OTHER = "Harbour Foods", "Elsewhere Ltd"

DETAILS = (
    *("--users-affected", "40", "--frequency", "every hour", "--steps", "1. Call. 2. Transfer."),
    *("--troubleshooting", "We restarted the phones.", "--local-contact", "Lou, +44 20 7946 0100"),
    *("--hours-location", "09:00 to 17:00, dock 4"),
)
"""What section 6.3 of the support guide asks of a caller beyond what the form demands."""
WHERE = ("--deployment", "Dock", "--service", "Voice")
TEXT = "Since this morning about one in five calls drops when an agent transfers it to another queue."

Desk = Mapping[str, Who]


class Place(NamedTuple):
    """Where a desk stands: its zone and holidays, when it was set up, and the moment of its story."""

    zone: str
    holidays: str
    before: str
    now: str


def desk_in(folder: Path, place: Place, *, plan: str = "business-care", policy: str = "") -> Desk:
    """A desk open from 09:00 to 17:00 on weekdays, with everybody at the moment of the story.

    `policy` is what differs from the default policy, in TOML.
    """
    database, rules = str(folder / "desk.db"), folder / "ours.toml"
    rules.write_text(f'name = "ours"\n{policy}')
    hours = ("--timezone", place.zone, "--hours", "Mon-Fri 09:00-17:00", "--holidays", place.holidays)
    first = ("init", "--email", ADA, "--name", "Ada Park", *hours, "--policy", str(rules))
    assert care("--db", database, "--now", place.before, *first).status == 0
    ada = Who(database, ADA, place.before)
    for email, role in ((BEN, "agent"), (MIA, "manager"), (CAY, "agent")):
        ada.json("staff", "add", email, "--role", role)
    cxm = ("--add-on", f"cxm={CAY}", "--executive", MIA) if plan == "business-care" else ()
    ada.json("account", "add", ACCOUNT, "--plan", plan, *WHERE, *cxm)
    ada.json("account", "add", OTHER, "--plan", plan, *WHERE)
    for email, account in ((AIKO, ACCOUNT), (KEN, ACCOUNT), (EVE, OTHER)):
        ada.json("contact", "add", email, "--account", account, "--trained")
    ada.json("contact", "add", ROB, "--account", ACCOUNT, "--access", "read-only")
    return {who: Who(database, who, place.now) for who in (ADA, BEN, MIA, CAY, AIKO, KEN, ROB, EVE, SYSTEM)}


def problem(who: Who, *more: str, subject: str = "Calls drop", priority: str = "high") -> Any:
    """The case that somebody opens for a problem in production; a detail given last wins."""
    what = ("-s", subject, "-m", TEXT, "--impact", "Agents call back by hand.", "--priority", priority)
    return who.json("open", *WHERE, "--stage", "production", *what, *DETAILS, *more)


def standing(case: Mapping[str, Any]) -> str:
    """Status and sub-status of a case."""
    return f"{case['status']}/{case['substatus']}"


def due(case: Mapping[str, Any]) -> dict[str, str]:
    """When each clock of a case that is not cancelled is due, by its metric."""
    return {clock["metric"]: clock["due_at"] for clock in case["clocks"] if clock["state"] != "cancelled"}


def mailed(desk: Desk, number: str) -> list[tuple[str, str]]:
    """What was mailed about a case, and to whom, the oldest first."""
    mails = desk[BEN].json("mail", "outbox", number)["mail"]
    return [(mail["kind"], mail["to"]) for mail in reversed(mails)]


def verified(desk: Desk) -> bool:
    """Whether the record and all that is derived from it agree."""
    return not desk[ADA].json("verify")["differences"]
