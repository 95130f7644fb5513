"""The support guide, sections 6.1 and 6.2: what a customer brings along, and looks at before a case is logged."""

from pathlib import Path

import pytest
from scenario_desks import (
    AIKO,
    BEN,
    EVE,
    KEN,
    OTHER,
    ROB,
    SYSTEM,
    TEXT,
    WHERE,
    Desk,
    Place,
    desk_in,
    due,
    problem,
    standing,
    verified,
)

# Sydney goes to summer time on Sunday, 4 October 2026 (02:00 AEST is 03:00 AEDT); Monday the 5th is Labour Day.
# Behind Friday, 2 October, the business days are 1 Tue 6, 2 Wed 7, 3 Thu 8, 4 Fri 9, 5 Mon 12, 9 Fri 16, 10 Mon
# 19, 14 Fri 23, 15 Mon 26.
SYDNEY = Place("Australia/Sydney", "AU-NSW", "2026-09-28T00:00:00Z", "2026-10-02T05:00:00Z")
"""Friday, 15:00 AEST; at 15:00 AEDT it is 04:00Z."""
QUESTION = ("help", "guides", "defined")
PROBLEM = ("help", "guides", "advisories", "reproduced", "impact", "actions", "defined")
ASKING = (*WHERE, "--priority", "low", "-s", "Hold music", "-m", TEXT)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Everybody on that Friday in Sydney; the other account has but one Designated Contact."""
    return desk_in(tmp_path, SYDNEY)


def advice(desk: Desk) -> str:
    """What `care doctor` says of the contacts of the other account."""
    out = desk["ada@desk.example"]("doctor").out
    return " ".join(line for line in out.splitlines() if OTHER in line)


def test_two_trained_designated_contacts(desk: Desk) -> None:
    """DC-2: fewer are advised against, and said again at an opening, until there are two."""
    assert "Designated Contact" in advice(desk)
    opened = desk[EVE]("open", *ASKING, "--subtype", "question")
    assert (opened.status, "Designated Contacts" in opened.err) == (0, True)
    desk["ada@desk.example"].json("contact", "add", "fay@elsewhere.example", "--account", OTHER, "--trained")
    assert advice(desk) == ""
    assert "Designated Contacts" not in desk[EVE]("open", *ASKING, "--subtype", "question").err


def test_designated_contacts_open_and_update(desk: Desk) -> None:
    """DC-1, OPEN-10: who may only read does neither; any Designated Contact works on any case of the account."""
    number = problem(desk[AIKO])["number"]
    assert "ask a Designated Contact" in desk[ROB]("open", *ASKING).refused(4)
    assert desk[ROB]("update", number, "-m", "Me too.").status == 4
    assert desk[ROB].json("show", number)["subject"] == "Calls drop"
    assert desk[KEN].json("update", number, "-m", "At our dock as well.")["contact"] == AIKO
    assert desk[EVE]("update", number, "-m", "Mine?").refused(3) == (
        desk[EVE]("update", "77", "-m", "Mine?").err.replace("0000000077", number)
    )


def test_each_issue_is_a_case_of_its_own(desk: Desk) -> None:
    """OPEN-11, CAL-2: a new issue in an update is split off, its clocks run from then over the holiday."""
    first = problem(desk[AIKO].at("2026-10-01T05:00:00Z"))["number"]
    found = desk[BEN].json("similar", "-s", "Calls drop", "--account", "Harbour Foods", "--service", "Voice")[
        "similar"
    ]
    assert [(one["number"], one["near"]) for one in found] == [(first, True)]
    desk[AIKO].json("update", first, "-m", "Besides, the daily report has been empty since Monday.")
    (update,) = [one for one in desk[BEN].json("log", first)["events"] if one["kind"] == "commented"]
    second = desk[BEN].json("split", first, str(update["seq"]), "-s", "Report empty", "-m", "A matter of its own.")
    number = second["number"]
    assert (number, second["contact"], second["links"][0]["number"]) == ("0000000002", AIKO, first)
    assert [link["number"] for link in desk[AIKO].json("show", first)["links"]] == [number]
    # 2 bh are left until the closing at 17:00 AEST; 2 and 15 business days on it is 15:00 AEDT.
    assert due(second) == {
        "response": "2026-10-02T07:00:00Z",
        "restoration": "2026-10-07T04:00:00Z",
        "resolution": "2026-10-26T04:00:00Z",
    }
    assert verified(desk)


@pytest.mark.parametrize(("subtype", "names"), [("question", QUESTION), ("problem", PROBLEM)])
def test_the_checklists(desk: Desk, subtype: str, names: tuple[str, ...]) -> None:
    """OPEN-5: a question has three points, a problem four more; each answer is kept and read by both sides."""
    answers = [word for name in names for word in ("--check", f"{name}=no" if name == "guides" else name)]
    form = ("--subtype", subtype, *(("--stage", "uat", "--impact", "None yet.") if subtype == "problem" else ()))
    number = desk[AIKO].json("open", *ASKING, *form, *answers)["number"]
    for who in (AIKO, BEN):
        kept = desk[who].json("show", number)["checklist"]
        assert kept == {name: name != "guides" for name in names}
    wrong = desk[AIKO]("open", *ASKING, *form, "--check", "weather").refused(2)
    assert all(name in wrong for name in names)


def test_advisories_are_looked_at_first(desk: Desk) -> None:
    """OPEN-7, ADV-1: a known issue is found before a case is opened, and only while it is known."""
    told = ("advisory", "add", "-s", "Transfers drop", "-m", "Set the queue's timer to 30 seconds.")
    label = desk[BEN].json(*told, "--service", "Voice", "--publish")["id"]
    assert [one["id"] for one in desk[AIKO].json("advisory", "list")["advisories"]] == [label]
    desk[BEN].json("advisory", "withdraw", label, "-m", "It is mended.")
    assert desk[AIKO].json("advisory", "list")["advisories"] == []


def test_one_works_along(desk: Desk) -> None:
    """FU-1, STAT-3: what Customer Care asks for is called for after two business days, and answered."""
    number = problem(desk[AIKO])["number"]
    desk[BEN].json("ask", number, "-m", "Please send the log of the phone.")
    assert desk[SYSTEM].at("2026-10-07T03:59:59Z").json("tick")["followups"] == []
    (sent,) = desk[SYSTEM].at("2026-10-07T04:00:00Z").json("tick")["followups"]
    assert (sent["number"], sent["due_at"], sent["contact"]) == (number, "2026-10-07T04:00:00Z", AIKO)
    answered = desk[KEN].at("2026-10-07T05:00:00Z").json("update", number, "-m", "Here is what it says: 486.")
    assert (standing(answered), answered["followup"]) == ("open/customer-responded", None)
    assert verified(desk)
