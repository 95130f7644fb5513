"""The case process of 2018, new: a support case or a service request of a deployment and a service of it.

The description tells when, how often, to whom and where it happens; the impact tells what it does to the business;
screen shots and logs come once they hold no customer data.
"""

from pathlib import Path

import pytest
from case_process_desk import ADA, BEN, DORA, FORM, TEXT, Desk, chicago, standing

FRIDAY = "2026-10-30T21:00:00Z"
"""30 October 2026, 16:00 CDT; the change of the clocks on Sunday and Veterans Day lie behind it."""
LOG = b"08:15:02 INVITE 7781 timed out\npaid with 4111 1111 1111 1111\nmail to jane.doe@bank.example\n"
CLEAN = b"08:15:02 INVITE 7781 timed out\npaid with [card-number-1]\nmail to [e-mail-address-1]\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk in Chicago."""
    return chicago(tmp_path)


def test_a_support_case_with_what_the_description_needs(desk: Desk) -> None:
    """OPEN-4, SLA-1: kept as it was told, the moment in UTC; its clocks run over both Sundays and the holiday."""
    told = (
        *("--observed-at", "2026-10-30 08:15", "--frequency", "Every second call", "--users-affected", "40"),
        *("--hours-location", "Mon-Fri 06:00-22:00, Gary", "--local-contact", "Pat Lee, +1 555 010 0142"),
        *("--steps", "Take a call from the queue.", "--troubleshooting", "Restarted the phones."),
    )
    number = desk.by(DORA, FRIDAY).json("open", *FORM, "-s", "Calls drop", "--priority", "2", *told)["number"]
    case = desk.by(BEN, FRIDAY).json("show", number)
    assert (case["deployment"], case["service"], case["severity"], case["impact"]) == (
        "Docks",
        "Voice",
        2,
        "Agents call back by hand.",
    )
    assert case["fields"] == {
        "observed_at": "2026-10-30T13:15:00Z",
        "frequency": "Every second call",
        "users_affected": "40",
        "hours_location": "Mon-Fri 06:00-22:00, Gary",
        "local_contact": "Pat Lee, +1 555 010 0142",
        "steps": "Take a call from the queue.",
        "troubleshooting": "Restarted the phones.",
    }
    # Two business hours: one on Friday, one on Monday to 10:00 CST. Two business days: Monday, Tuesday, 16:00 CST.
    # Fifteen: the 2nd to the 6th are five, the 9th, 10th, 12th and 13th nine, the 16th to the 20th fourteen.
    assert [clock["due_at"] for clock in case["clocks"]] == [
        "2026-11-02T16:00:00Z",
        "2026-11-03T22:00:00Z",
        "2026-11-23T22:00:00Z",
    ]
    assert desk.differences(FRIDAY) == []


def test_the_service_is_one_of_the_deployment(desk: Desk) -> None:
    """ACC-2, OPEN-4: another service or deployment is refused; all that is missing is named."""
    dora = desk.by(DORA, FRIDAY)
    desk.by(ADA, FRIDAY).json(
        "account", "edit", "Pier Logistics", "--deployment", "Yard", "--service", "Yard/Reporting"
    )
    for wrong in (("--deployment", "Attic"), ("--service", "Reporting"), ("--deployment", "Yard")):
        assert dora("open", "-s", "Calls drop", *FORM, *wrong).status in {2, 3}
    missing = dora("open", "-s", "Calls drop", "-m", TEXT).refused(2)
    assert "deployment, service, stage, priority, impact" in missing
    assert dora.json("list")["total"] == 0
    where = ("--deployment", "Yard", "--service", "Reporting")
    assert dora.json("open", "-s", "Reports are late", *FORM, *where)["deployment"] == "Yard"
    assert desk.differences(FRIDAY) == []


def test_a_service_request(desk: Desk) -> None:
    """OPEN-1, OPEN-2, SLA-2: the other thing to open; it has a number in the same row and no clocks."""
    desk.opened(FRIDAY)
    where = ("--deployment", "Docks", "--service", "Voice", "--priority", "low", "--field", "login=kim")
    what = ("--type", "service-request", "--subtype", "password-reset", "-s", "Reset of a password")
    case = desk.by(DORA, FRIDAY).json("open", *what, *where, "-m", TEXT)
    assert (case["number"], case["type"], case["subtype"]) == ("0000000002", "service-request", "password-reset")
    assert (standing(case), case["clocks"], case["fields"]) == ("open/new", [], {"login": "kim"})
    assert desk.differences(FRIDAY) == []


def test_logs_are_sanitised(desk: Desk, tmp_path: Path) -> None:
    """ATT-2: what holds customer data is named by line and not taken; a redacted copy is."""
    log, fetched = tmp_path / "trunk.log", tmp_path / "fetched.log"
    log.write_bytes(LOG)
    number = desk.opened(FRIDAY)
    dora = desk.by(DORA, FRIDAY)
    refused = dora("attachment", "add", number, str(log)).err
    assert ("2:11  card-number" in refused, "3:9  e-mail-address" in refused, "jane.doe" in refused) == (
        True,
        True,
        False,
    )
    assert dora.json("show", number)["attachments"] == []
    dora.json("attachment", "add", number, str(log), "--redact")
    assert dora("attachment", "get", number, "1", "--output", str(fetched)).status == 0
    assert fetched.read_bytes() == CLEAN
    dora.json("attachment", "add", number, str(log), "--confirm-sanitized")
    files = desk.by(BEN, FRIDAY).json("attachment", "list", number)["attachments"]
    assert [(one["name"], one["sanitised"], one["confirmed_by"]) for one in files] == [
        ("trunk.redacted.log", "redacted", None),
        ("trunk.log", "confirmed", DORA),
    ]
    assert desk.differences(FRIDAY) == []
