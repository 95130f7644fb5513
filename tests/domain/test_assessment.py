"""What a desk makes of a new case at first sight (ROUTE-1)."""

from typing import Any

import pytest
from notation import FORM, history, policy, when

from carecli.domain import assessment
from carecli.domain.assessment import Complexity
from carecli.domain.events import Kind
from carecli.domain.opening import Form
from carecli.domain.selection import Candidate, Selection
from carecli.domain.vocabulary import CaseType, Priority, Status, Via

POLICY = policy()
WANTED = ("users_affected", "frequency", "observed_at", "steps", "troubleshooting")
CLEAR = Selection((Candidate("Routing", 0.8), Candidate("Queue", 0.1)))
UNCLEAR = Selection((Candidate("Routing", 0.4), Candidate("Queue", 0.3)))


def form(**change: Any) -> Form:
    """The complete form with changes."""
    return FORM._replace(**change)


def test_what_a_problem_lacks_is_named() -> None:
    """ROUTE-1: a problem lacks what the policy wants of it and it does not tell; a blank tells nothing."""
    assert assessment.lacking(form(), POLICY) == WANTED
    told = {"users_affected": "40", "frequency": "  ", "steps": "Call.", "DNs": "1"}
    assert assessment.lacking(form(fields=told), POLICY) == ("frequency", "observed_at", "troubleshooting")
    assert assessment.lacking(form(fields=dict.fromkeys(WANTED, "x")), POLICY) == ()
    assert assessment.lacking(form(), policy({"routing": {"complete": []}})) == ()


@pytest.mark.parametrize(
    "other",
    [
        {"subtype": "question"},
        {"type": CaseType.ADMIN},
        {"type": CaseType.ADMIN, "subtype": "pin-reset"},
        {"type": CaseType.SERVICE_REQUEST, "subtype": "new-project", "fields": {"project": "A site."}},
    ],
)
def test_other_cases_lack_no_answers(other: dict[str, Any]) -> None:
    """ROUTE-1: what the policy wants of a problem no other case lacks."""
    assert assessment.lacking(form(**other), POLICY) == ()


def test_what_a_sub_type_must_tell_is_lacking_too() -> None:
    """ROUTE-1, SR-1, ADM-1: requests and admin cases lack fields of their own; the desk asks for them in words."""
    privacy = form(type=CaseType.SERVICE_REQUEST, subtype="data-privacy", fields={"data_subject": "Lena"})
    assert assessment.lacking(privacy, POLICY) == ("privacy_right",)
    assert "- What is asked for: access, correction" in assessment.request(("privacy_right",), "data-privacy")
    assert "- name or phone" in assessment.request(("name",), "contact-data")


@pytest.mark.parametrize(
    ("priority", "users", "stage", "criticality"),
    [
        (Priority.HIGH, "", "production", Priority.HIGH),
        (Priority.HIGH, "99", "production", Priority.HIGH),
        (Priority.HIGH, "100", "production", Priority.CRITICAL),
        (Priority.CRITICAL, "1,000 agents", "production", Priority.CRITICAL),
        (Priority.HIGH, "about 250", "uat", Priority.HIGH),
        (Priority.LOW, "3", "uat", Priority.LOW),
        (Priority.MEDIUM, "", "uat", Priority.LOW),
        (Priority.MEDIUM, "all of 20 in 3 places", "production", Priority.MEDIUM),
        (Priority.MEDIUM, "9" * 5000, "production", Priority.MEDIUM),
        (Priority.MEDIUM, "٣٠٠", "production", Priority.MEDIUM),
    ],
)
def test_criticality(priority: Priority, users: str, stage: str, criticality: Priority) -> None:
    """ROUTE-1: the priority, a step graver from a hundred users on, a step less grave on a test system."""
    found = assessment.assessed(
        form(priority=priority, stage=stage, fields={"users_affected": users}), POLICY, None
    )
    assert found.criticality is criticality


def test_complexity_has_its_reasons() -> None:
    """ROUTE-1: each fact that makes a case hard is told; three of them make it complex."""
    simple = assessment.assessed(form(), POLICY, CLEAR)
    assert (simple.complexity, simple.facts) == (Complexity.SIMPLE, ())
    moderate = assessment.assessed(form(), POLICY, UNCLEAR)
    assert (moderate.complexity, moderate.facts) == (Complexity.MODERATE, ("several components may be it",))
    hard = form(checklist={"reproduced": False}, description="word " * 200, fields={"troubleshooting": "All."})
    complex_ = assessment.assessed(hard, POLICY, None, follows=True)
    assert complex_.complexity is Complexity.COMPLEX
    assert complex_.facts == (
        "not made to happen again",
        "a long description",
        "goes on from another case",
        "what was tried did not help",
    )
    assert assessment.assessed(form(description="word " * 199), POLICY, None).complexity is Complexity.SIMPLE


def test_the_desks_own_question_is_no_response() -> None:
    """ROUTE-1, SLA-3: the desk's question waits for the customer and starts the ladder, and meets no clock."""
    story = history("Mon 09:00 opened high")
    asked = assessment.question(story.case, ("steps", "frequency"), when("Mon 09:00"))
    assert (asked.kind, asked.actor, asked.via, asked.public) == (Kind.ASKED, "system", Via.DESK, True)
    assert asked.data["text"].splitlines()[1:3] == ["- the steps that make it happen", "- how often it happens"]
    story.append(asked)
    assert story.case.status is Status.AWAITING_INFO
    assert story.case.followup is not None
    assert story.clock("response").met_at is None
    assert story.clock("restoration").paused_at is not None
