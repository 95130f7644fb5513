"""The support guide, addendum A: a feature request from the wish to its end, and its escalation by section 6.6.

Customer Care looks first: what exists is said, what is a matter of support is treated as such, what is new goes
to those who plan the product. They decline it, with the reason and what else may help, or take it up;
the customer is mailed at each step, and may escalate as with any other case.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cli.acceptance import Who, care

ADA, BEN, MIA, CAY = "ada@desk.example", "ben@desk.example", "mia@desk.example", "cay@desk.example"
AIKO, KEN = "aiko@harbour.example", "ken@harbour.example"
ACCOUNT = "Harbour Foods"
# New York goes to summer time on Sunday, 8 March 2026 (02:00 EST is 03:00 EDT), and this desk is closed on Monday
# the 9th as well. So behind Thursday the 5th the business days are Friday the 6th, Tuesday the 10th, Wednesday the
# 11th, Thursday the 12th, Friday the 13th, Monday the 16th ...
THURSDAY = "2026-03-05T20:00:00Z"
"""15:00 EST."""
REMINDED = ("2026-03-10T19:00:00Z", "2026-03-13T19:00:00Z")
"""Two and five business days on: Tuesday and Friday, 15:00 EDT."""
CLOSED = "2026-03-20T19:00:00Z"
"""Ten business days on: Friday the 20th, 15:00 EDT."""
WISH = "We would like the wallboard to show how long each agent has been in the present state."


@pytest.fixture
def desk(tmp_path: Path) -> Mapping[str, Who]:
    """A desk in New York, an account whose CXM is known, and everybody on that Thursday."""
    database = str(tmp_path / "desk.db")
    before = ("--db", database, "--now", "2026-03-02T15:00:00Z")
    hours = ("--timezone", "America/New_York", "--hours", "Mon-Fri 09:00-17:00", "--close-on", "2026-03-09")
    assert care(*before, "init", "--email", ADA, "--name", "Ada Park", *hours).status == 0
    ada = Who(database, ADA, "2026-03-02T15:01:00Z")
    for email, role in ((BEN, "agent"), (MIA, "manager"), (CAY, "agent")):
        ada.json("staff", "add", email, "--role", role)
    place = ("--deployment", "Dock", "--service", "Voice", "--add-on", f"cxm={CAY}")
    ada.json("account", "add", ACCOUNT, "--plan", "business-care", *place)
    for email in (AIKO, KEN):
        ada.json("contact", "add", email, "--account", ACCOUNT, "--trained")
    return {email: Who(database, email, THURSDAY) for email in (ADA, BEN, MIA, CAY, AIKO, KEN, "system")}


def asked_for(desk: Mapping[str, Who], subject: str = "Time in state") -> str:
    """Aiko's feature request, submitted on Thursday at three."""
    where = ("--deployment", "Dock", "--service", "Voice", "--priority", "high")
    number: str = desk[AIKO].json("open", "--type", "feature-request", *where, "-s", subject, "-m", WISH)["number"]
    return number


def standing(case: Mapping[str, Any]) -> str:
    return f"{case['status']}/{case['substatus']}"


def mailed(desk: Mapping[str, Who], number: str) -> list[tuple[str, str]]:
    """What was mailed about a case, and to whom, the oldest first."""
    mails = desk[BEN].json("mail", "outbox", number)["mail"]
    return [(mail["kind"], mail["to"]) for mail in reversed(mails)]


def verified(desk: Mapping[str, Who]) -> bool:
    return not desk[ADA].json("verify")["differences"]


def test_what_exists_already(desk: Mapping[str, Who]) -> None:
    """FR-1, FU-1: the customer is told where it is; without an answer it closes, over holiday and new clocks."""
    number = asked_for(desk)
    told = desk[BEN].json("feature", "exists", number, "--release", "2026.2", "-m", "It comes in May.")
    assert standing(told) == "open-customer-care/solution-proposed"
    assert told["followup"]["next_at"] == REMINDED[0]
    for at in (*REMINDED, CLOSED):
        report = desk["system"].at(at).json("tick")
        assert [(one["number"], one["due_at"]) for one in report["followups"]] == [(number, at)]
    case = desk[AIKO].at(CLOSED).json("show", number)
    assert (standing(case), case["closed_at"], case["release"]) == ("closed/delivered", CLOSED, "2026.2")
    assert mailed(desk, number) == [
        ("acknowledgement", AIKO),
        ("proposal", AIKO),
        ("reminder", AIKO),
        ("reminder", AIKO),
        ("closing", AIKO),
    ]
    assert verified(desk)


def test_what_is_a_matter_of_support(desk: Mapping[str, Who]) -> None:
    """FR-1, SLA-2: it is treated as a support case of the same number; the clocks run from the conversion."""
    number = asked_for(desk)
    ben = desk[BEN].at("2026-03-06T20:00:00Z")  # Friday 15:00 EST
    how = ("--stage", "production", "--impact", "Team leads count by hand.", "-m", "It is a fault.")
    case = ben.json("feature", "convert", number, *how)
    assert (case["number"], case["type"], standing(case)) == (number, "support", "open/new")
    # Business Care, High: 2 business hours end at the closing; 2 business days: Tuesday, Wednesday; 15 of
    # them: to the 13th they are four, to the 20th nine, to the 27th fourteen, Monday the 30th.
    assert [(clock["metric"], clock["due_at"]) for clock in case["clocks"]] == [
        ("response", "2026-03-06T22:00:00Z"),
        ("restoration", "2026-03-11T19:00:00Z"),
        ("resolution", "2026-03-30T19:00:00Z"),
    ]
    proof = desk[AIKO].at("2026-03-06T20:00:00Z").json("explain", number, "--metric", "restoration")["clocks"][0]
    assert (proof["origin"]["why"], proof["result"]["adds_up"]) == ("conversion", True)
    assert "closed date" in {line["why"] for line in proof["lines"]}
    assert mailed(desk, number)[-1] == ("conversion", AIKO)
    assert verified(desk)


def test_what_is_new_is_taken_up(desk: Mapping[str, Who]) -> None:
    """FR-1, STAT-2: product management looks at it, asks, takes it up and delivers; each step is mailed."""
    number = asked_for(desk)
    ben, aiko = desk[BEN], desk[AIKO]
    for step in ("product-management", "under-review"):
        ben.json("feature", step, number)
    assert standing(ben.json("ask", number, "-m", "For every team?")) == (
        "open-product-management/info-required-from-customer"
    )
    (waiting,) = aiko.json()["needs"]["answer"]["cases"]
    assert (waiting["number"], waiting["next"]["due_at"]) == (number, REMINDED[0])
    answered = aiko.at("2026-03-06T15:00:00Z").json("update", number, "-m", "Yes, for all.")
    assert (standing(answered), answered["followup"]) == ("open-product-management/under-review", None)
    ben = ben.at("2026-03-10T15:00:00Z")
    for step in ("future-candidate", "planned", "committed", "delivered"):
        release = ("--release", "2026.3") if step == "planned" else ()
        case = ben.json("feature", step, number, *release)
    assert (standing(case), case["release"]) == ("closed/delivered", "2026.3")
    assert mailed(desk, number) == [
        ("acknowledgement", AIKO),
        ("evaluation", AIKO),
        ("evaluation", AIKO),
        ("request", AIKO),
        ("evaluation", AIKO),
        ("evaluation", AIKO),
        ("evaluation", AIKO),
        ("closing", AIKO),
    ]
    assert verified(desk)


def test_what_is_declined(desk: Mapping[str, Who]) -> None:
    """FR-1: a decline gives the reason and what else may help, and closes the request; it may come back."""
    number = asked_for(desk)
    assert "a text is needed" in desk[BEN]("feature", "declined", number).refused(2)
    why = "It does not fit the service. The report of states may do instead."
    assert standing(desk[BEN].json("feature", "declined", number, "-m", why)) == "closed/declined"
    mail = desk[BEN].json("mail", "outbox", number)["mail"][0]
    text = " ".join(desk[BEN]("mail", "show", str(mail["id"])).out.split())
    assert f"Your feature request {number} is declined" in text
    assert why in text
    reopened = desk[KEN].at("2026-03-06T15:00:00Z").json("reopen", number, "-m", "The report has no states.")
    assert standing(reopened) == "open-customer-care/investigation"


def test_an_escalation_by_section_6_6(desk: Mapping[str, Who]) -> None:
    """ESC-1: to the account's CXM, then to the manager; on lists, home page and tick until it is answered."""
    number = asked_for(desk)
    desk[BEN].json("feature", "future-candidate", number)
    raised = desk[AIKO].json("escalate", number, "--to", "cxm", "-m", "We lose the contract without it.")
    assert (raised["escalation"]["to"], raised["escalation"]["addressed"]) == ("cxm", [CAY])
    desk[AIKO].json("escalate", number, "--withdraw")
    assert desk["system"].json("tick")["escalations"] == []
    desk[KEN].json("escalate", number, "-m", "Nobody called us back.")
    later = "2026-03-10T15:00:00Z"
    (told,) = desk["system"].at(later).json("tick")["escalations"]
    assert (told["number"], told["addressed"], told["since"]) == (number, [MIA], THURSDAY)
    mia = desk[MIA].at(later)
    assert [one["number"] for one in mia.json()["needs"]["escalated"]["cases"]] == [number]
    assert [one["number"] for one in mia.json("list", "--all", "--escalated")["cases"]] == [number]
    assert "may not" in desk[BEN].at(later)("escalate", number, "--answer", "-m", "No.").refused(4)
    answered = mia.json("escalate", number, "--answer", "-m", "It goes into the plan of autumn.")
    assert (answered["escalated"], standing(answered)) == (False, "open-product-management/future-candidate")
    assert desk["system"].at(later).json("tick")["escalations"] == []
    assert [to for kind, to in mailed(desk, number) if kind.startswith("escalation")] == [CAY, CAY, MIA, AIKO, KEN]
    assert verified(desk)
