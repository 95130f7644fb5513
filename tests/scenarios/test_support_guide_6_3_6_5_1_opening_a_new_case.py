"""The support guide, sections 6.3 and 6.5.1: what a new case must tell, by portal or phone, and what follows."""

from pathlib import Path

import pytest
from scenario_desks import (
    ACCOUNT,
    AIKO,
    BEN,
    DETAILS,
    EVE,
    KEN,
    SYSTEM,
    TEXT,
    WHERE,
    Desk,
    Place,
    desk_in,
    due,
    mailed,
    problem,
    verified,
)

# Auckland goes back to standard time on Sunday, 5 April 2026 (03:00 NZDT is 02:00 NZST), between Good Friday, the
# 3rd, and Easter Monday, the 6th. Anzac Day, Saturday the 25th, is kept on Monday the 27th. Behind Thursday,
# 2 April, the business days are 1 Tue 7, 2 Wed 8, 5 Mon 13, 9 Fri 17, 10 Mon 20, 14 Fri 24, 15 Tue 28.
AUCKLAND = Place("Pacific/Auckland", "NZ", "2026-03-30T00:00:00Z", "2026-04-02T02:00:00Z")
"""Thursday, 15:00 NZDT; at 15:00 NZST it is 03:00Z."""
CLOCKS = {
    "response": "2026-04-02T04:00:00Z",  # 2 bh: the closing of that Thursday
    "restoration": "2026-04-08T03:00:00Z",
    "resolution": "2026-04-28T03:00:00Z",
}
TOLD = {
    "users_affected": "40",
    "frequency": "every hour",
    "observed_at": "2026-04-01T22:30:00Z",  # half past eleven on that Thursday morning
    "steps": "1. Call. 2. Transfer.",
    "troubleshooting": "We restarted the phones.",
    "local_contact": "Lou, +44 20 7946 0100",
    "hours_location": "09:00 to 17:00, dock 4",
    "campaign": "Easter",
    "equipment": "SBC 7",
}
MORE = ("--observed-at", "2026-04-02 11:30", "--field", "campaign=Easter", "--field", "equipment=SBC 7")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Everybody on that Thursday before Easter in Auckland."""
    return desk_in(tmp_path, AUCKLAND)


def test_a_problem_is_reported(desk: Desk) -> None:
    """OPEN-1, OPEN-4, SLA-1: all that was told is kept and read back, a number comes, and the clocks run."""
    case = problem(desk[AIKO], *MORE)
    assert (case["number"], case["contact"], case["via"], case["group"]) == ("0000000001", AIKO, "portal", "Voice")
    assert due(case) == CLOCKS
    for who in (KEN, BEN):
        shown = desk[who].json("show", "1")
        assert (shown["fields"], shown["impact"]) == (TOLD, "Agents call back by hand.")
    # Within 75 % of 16 open hours, 12: Thursday has 2, Tuesday 8, Wednesday's second ends at 11:00 NZST, 23:00Z.
    promised = desk[SYSTEM].at("2026-04-07T23:00:00Z").json("tick")
    assert [(one["metric"], one["due_at"]) for one in promised["warnings"]] == [
        ("restoration", CLOCKS["restoration"])
    ]
    assert [one["metric"] for one in promised["breaches"]] == ["response"]
    assert mailed(desk, "1") == [("acknowledgement", AIKO)]
    assert verified(desk)


def test_the_same_is_asked_on_the_phone(desk: Desk) -> None:
    """OPEN-8, OPEN-10: staff log the call of a Designated Contact, whose case it is; no other's call opens one."""
    caller = ("--account", ACCOUNT, "--contact", KEN, "--via", "phone")
    case = problem(desk[BEN], *MORE, *caller)
    assert (case["contact"], case["via"], case["fields"], due(case)) == (KEN, "phone", TOLD, CLOCKS)
    assert mailed(desk, case["number"]) == [("acknowledgement", KEN)]
    stranger = (*WHERE, "-s", "Mine", "-m", TEXT, "--account", ACCOUNT, "--contact", EVE, "--via", "phone")
    assert desk[BEN]("open", *stranger, "--subtype", "question", "--priority", "low").status == 3
    assert desk[BEN].json("list", "--all")["total"] == 1


def test_what_is_missing_is_said_at_once(desk: Desk) -> None:
    """OPEN-3, OPEN-4: every missing field in one refusal; a short text with how many words it lacks; no case."""
    missing = desk[AIKO]("open", "-s", "Calls drop").refused(2)
    assert "missing: deployment, service, stage, priority, description, impact" in missing
    short = desk[AIKO]("open", *WHERE, *DETAILS, "-s", "Calls drop", "-m", "Calls drop on transfer.").refused(2)
    assert "stage, priority, impact" in short
    wordy = ("--stage", "uat", "--priority", "low", "--impact", "None.")
    refused = desk[AIKO]("open", *WHERE, *wordy, "-s", "Calls drop", "-m", "Calls drop on transfer.").refused(5)
    assert "has 4 words: 6 more are needed" in refused
    elsewhere = desk[AIKO]("open", "--deployment", "Pier", *WHERE[2:], *wordy, "-s", "A", "-m", TEXT).refused(3)
    assert "Dock" in elsewhere
    assert desk[BEN].json("list", "--all")["total"] == 0


def test_logs_are_attached_without_customer_data(desk: Desk, tmp_path: Path) -> None:
    """ATT-1, ATT-2: a log with a card number is refused by line, goes in redacted; bytes come back the same."""
    number = problem(desk[AIKO])["number"]
    log, shot = tmp_path / "call.log", tmp_path / "screen.png"
    log.write_text("INVITE from dock 4\ncard 4111 1111 1111 1111 refused\n")
    shot.write_bytes(bytes(range(256)) * 40)
    refused = desk[AIKO]("attachment", "add", number, str(log))
    assert (refused.status, "2:6  card-number" in refused.err) == (5, True)
    assert desk[AIKO].json("show", number)["attachments"] == []
    desk[AIKO].json("attachment", "add", number, str(log), "--redact")
    desk[AIKO].json("attachment", "add", number, str(shot))
    names = [one["name"] for one in desk[BEN].json("attachment", "list", number)["attachments"]]
    assert sorted(names) == ["call.redacted.log", "screen.png"]
    for name in names:
        desk[BEN]("attachment", "get", number, name, "--output", str(tmp_path / f"back-{name}"))
    assert (tmp_path / "back-screen.png").read_bytes() == shot.read_bytes()
    redacted = (tmp_path / "back-call.redacted.log").read_text()
    assert ("INVITE from dock 4" in redacted, "4111" in redacted) == (True, False)
    assert verified(desk)


def test_a_cloud_services_order(desk: Desk) -> None:
    """OPEN-2, SR-1, SLA-2: a recording is ordered; acknowledged and decided in business days, without targets."""
    what = ("-s", "A recording", "-m", TEXT, "--priority", "low", "--field", "order=Professional recording")
    form = ("--type", "service-request", "--subtype", "service-order", *WHERE, *what)
    case = desk[AIKO].json("open", *form)
    assert (case["subtype"], case["clocks"]) == ("service-order", [])
    assert [(one["kind"], one["due_at"]) for one in case["deadlines"]] == [
        ("acknowledgement", "2026-04-07T03:00:00Z"),
        ("decision", "2026-04-08T03:00:00Z"),
    ]
    late = desk[SYSTEM].at("2026-04-07T03:00:00Z").json("tick")["deadlines"]
    assert [(one["number"], one["kind"]) for one in late] == [(case["number"], "acknowledgement")]
    assert verified(desk)
