"""The case process of 2025, new: a short subject, a long description, the component, what might help, the case.

Each issue is a case of its own. The customer chooses High, Medium or Low; a Critical one is submitted as High and
called about.
"""

from pathlib import Path

import pytest
from case_process_desk import ADA, BEN, DORA, FORM, TEXT, Desk, standing, sydney

THURSDAY = "2026-04-02T04:00:00Z"
"""2 April 2026, 15:00 AEDT; Good Friday, the change of the clocks and Easter Monday lie behind it."""
SUBJECT = ("-s", "Calls drop")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The desk in Sydney."""
    return sydney(tmp_path)


def test_the_form_has_limits(desk: Desk) -> None:
    """OPEN-3, OPEN-4: 100 characters and 10 words are enough; one more or one less is refused, nothing kept."""
    dora = desk.by(DORA, THURSDAY)
    assert "101 characters, 1 more than 100" in dora("open", "-s", "x" * 101, *FORM).refused(5)
    nine, ten = (" ".join(TEXT.split()[:count]) for count in (9, 10))
    told = dora("open", *SUBJECT, *FORM, "-m", nine).refused(5)
    assert "has 9 words: 1 more" in told
    assert "What are you experiencing?" in told
    missing = dora("open", *SUBJECT, "-m", TEXT).refused(2)
    assert "missing: deployment, service, stage, priority, impact" in missing
    assert dora.json("list")["total"] == 0
    case = dora.json("open", "-s", "x" * 100, *FORM, "-m", ten)
    assert (case["number"], case["subject"], case["description"]) == ("0000000001", "x" * 100, ten)
    assert desk.differences(THURSDAY) == []


def test_the_component_is_chosen_and_may_be_another(desk: Desk) -> None:
    """OPEN-6: from subject and description, with what speaks for it; the customer's own choice is kept."""
    dora = desk.by(DORA, THURSDAY)
    chosen = dora.json("open", "-s", "No sound on the trunk", *FORM)
    assert [one["component"] for one in chosen["component_candidates"]][:1] == ["Trunk"]
    desk.by(ADA, THURSDAY).json("account", "edit", "Pier Logistics", "--component", "Voice=Recorder")
    own = dora.json("open", "-s", "Queue is slow", *FORM, "--component", "Recorder")
    assert own["component"] == "Recorder"
    assert desk.differences(THURSDAY) == []


def test_what_might_help_is_read_first(desk: Desk) -> None:
    """OPEN-7, KB-1: an article is found, judged and may end the matter; only the other problem becomes a case."""
    ben, dora = desk.by(BEN, THURSDAY), desk.by(DORA, THURSDAY)
    article = ("-s", "Calls drop at the trunk", "-m", "Restart the trunk; calls drop no more.")
    ben.json("kb", "add", *article, "--service", "Voice", "--publish")
    assert [one["id"] for one in dora.json("kb", "search", "calls drop")["articles"]] == ["kb-1"]
    assert "Restart the trunk" in dora("kb", "show", "kb-1").out
    dora.json("kb", "vote", "kb-1", "--helpful")
    assert dora.json("open", "--solved-by", "kb-1", *SUBJECT) == {"deflected": "kb-1"}
    assert dora.json("list")["total"] == 0
    assert desk.opened(THURSDAY) == "0000000001"
    shown = ben.json("kb", "show", "kb-1")
    assert (shown["helpful"], shown["unhelpful"], shown["deflected"]) == (1, 0, 1)
    assert desk.differences(THURSDAY) == []


def test_a_critical_case_is_submitted_as_high_and_called_about(desk: Desk) -> None:
    """OPEN-9, SEV-1, SLA-1: the refusal names the number; High counts business time over Easter, Critical all."""
    dora, ben = desk.by(DORA, THURSDAY), desk.by(BEN, "2026-04-02T04:30:00Z")
    refused = dora("--json", "open", *SUBJECT, *FORM, "--priority", "critical")
    assert (refused.status, refused.error["rule"]) == (5, "OPEN-9")
    assert "+1 555 010 0100" in refused.error["hint"]
    case = dora.json("open", *SUBJECT, *FORM, "--priority", "high")
    # Two business hours end at the closing; two business days are Tuesday the 7th and Wednesday the 8th, 15:00
    # AEST; fifteen would pass the 25th.
    assert [clock["due_at"] for clock in case["clocks"][:2]] == ["2026-04-02T06:00:00Z", "2026-04-08T05:00:00Z"]
    raised = ben.json("priority", case["number"], "critical", "-m", "She called.", "--via", "phone", "--yes")
    # 15 minutes and 4 hours from 15:30 AEDT.
    assert [clock["due_at"] for clock in raised["clocks"][:2]] == ["2026-04-02T04:45:00Z", "2026-04-02T08:30:00Z"]
    assert (raised["priority"], raised["contact"]) == ("critical", DORA)
    assert desk.differences(THURSDAY) == []


def test_each_issue_is_a_case_of_its_own(desk: Desk) -> None:
    """OPEN-11: a new issue in an update becomes a case with its own number, linked both ways."""
    number = desk.opened(THURSDAY)
    dora, ben = desk.by(DORA, "2026-04-07T00:00:00Z"), desk.by(BEN, "2026-04-07T01:00:00Z")
    dora.json("update", number, "-m", "Also, the nightly reports are empty since Easter.")
    seq = ben.json("log", number)["events"][-1]["seq"]
    other = ben.json("split", number, str(seq), "-s", "Reports are empty", "--priority", "low")
    assert (other["number"], other["subject"], standing(other)) == ("0000000002", "Reports are empty", "open/new")
    assert [(link["kind"], link["number"]) for link in other["links"]] == [("split-from", number)]
    links = dora.json("show", number)["links"]
    assert [(link["kind"], link["number"]) for link in links] == [("split-to", "0000000002")]
    # Its clocks start with itself: Tuesday the 7th, 11:00 AEST, and one business day for a Low priority.
    assert [clock["due_at"] for clock in other["clocks"]] == ["2026-04-08T01:00:00Z"]
    assert desk.differences("2026-04-07T01:00:00Z") == []
