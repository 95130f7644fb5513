"""Escalating a case, answering that, and taking it back: what each does to status, clocks and ladder (ESC-1)."""

import pytest
from notation import CALLER, CONTACT, DANA, MIA, SAM, STAFF, TEXT, history, when

from carecli.domain import lifecycle
from carecli.domain.case import Case
from carecli.domain.case_state import case as read
from carecli.domain.case_state import state, texts
from carecli.domain.escalation import Addressee, Appeal, Escalation
from carecli.domain.events import Kind
from carecli.domain.folding import replay
from carecli.domain.vocabulary import CaseType, Priority
from carecli.errors import Invalid, NotPermitted, Refused

MANAGER = Appeal(Addressee.MANAGER, (MIA,))
OPENED = "Mon 09:00 opened high"


def standing(case: Case) -> Escalation:
    assert case.escalation is not None
    return case.escalation


def test_an_escalation_stands_until_it_is_answered() -> None:
    """ESC-1: it says to whom, since when, by whom and what is wished for, until a manager answers."""
    desk = history(OPENED, "Tue 10:00 appealed critical")
    assert standing(desk.case) == Escalation(
        Addressee.MANAGER, (MIA,), when("Tue 10:00"), DANA, Priority.CRITICAL, True
    )
    desk.play("Tue 11:00 settled")
    assert (desk.case.escalation, desk.case.escalated) == (None, False)
    assert replay(desk.events, lambda *_: desk.rules) == desk.case


@pytest.mark.parametrize(
    ("waiting", "after"),
    [
        ((), "open/new"),
        (("Mon 09:40 replied",), "open/investigation"),
        (("Mon 09:40 asked",), "open/customer-responded"),
        (("Mon 09:40 proposed",), "open/customer-responded"),
        (("Mon 09:40 restored",), "service-restored/pending-permanent-solution"),
    ],
)
def test_the_customers_escalation_is_a_message(waiting: tuple[str, ...], after: str) -> None:
    """STAT-3, FU-5: it answers a request as an update does, stops the ladder, and leaves any other status."""
    desk = history(OPENED, *waiting, "Mon 10:00 appealed")
    assert (desk.standing, desk.case.followup) == (after, None)
    assert desk.case.modified_at == when("Mon 10:00")


def test_a_case_that_the_customer_escalates_is_not_closed_by_time() -> None:
    """FU-5: no reminder and no closing goes out for a request that an escalation has answered."""
    desk = history(OPENED, "Mon 09:40 asked", "Mon 10:00 appealed")
    desk.tick_every_due_time(when("Mon+8 09:00"))
    assert desk.log(Kind.FOLLOW_UP_SENT, Kind.CLOSED) == []
    assert desk.case.escalated


def test_staff_who_escalate_change_nothing_else() -> None:
    """ESC-1, FU-5: an escalation by staff is no answer, and moves no status, clock or ladder."""
    desk = history(OPENED)
    clocks = desk.case.clocks
    desk.play("Mon 09:10 raised")
    assert (desk.standing, desk.case.clocks) == ("open/new", clocks)
    asked = history(OPENED, "Mon 09:40 asked")
    ladder, clocks = asked.case.followup, asked.case.clocks
    asked.play("Mon 10:00 raised")
    assert (asked.standing, asked.case.followup, asked.case.clocks) == (
        "awaiting-info/info-required-from-customer",
        ladder,
        clocks,
    )
    assert asked.case.modified_at == when("Mon 10:00")  # UPD-1: it is public


def test_the_answer_is_a_public_update() -> None:
    """SLA-3: what a manager answers is public, so it may be the first answer, and moves a new case to work."""
    desk = history(OPENED, "Mon 09:10 appealed", "Mon 09:20 settled")
    assert desk.told("response") == "met Mon 09:20, due Mon 15:00"
    assert desk.standing == "open/investigation"
    waiting = history(OPENED, "Mon 09:40 asked", "Mon 10:00 raised", "Mon 10:10 settled")
    assert waiting.standing == "awaiting-info/info-required-from-customer"
    assert waiting.case.followup is not None


def test_escalating_again() -> None:
    """ESC-1: once more is one more event; it stands since the first, and keeps what was wished for."""
    desk = history(OPENED, "Tue 10:00 appealed critical", "Wed 10:00 raised")
    assert len(desk.log(Kind.ESCALATED)) == 2
    assert standing(desk.case) == Escalation(
        Addressee.MANAGER, (MIA,), when("Tue 10:00"), SAM, Priority.CRITICAL, True
    )


@pytest.mark.parametrize("end", ["closed", "withdrew", "accepted", "rejected"])
def test_an_escalation_ends_with_the_case(end: str) -> None:
    """ESC-1: where the case closes nothing is left to answer, and reopening brings no escalation back."""
    desk = history(OPENED, "Mon 09:10 appealed", "Mon 09:40 proposed", f"Mon 10:00 {end}")
    assert desk.case.escalated == (end == "rejected")
    if end != "rejected":
        desk.play("Mon 11:00 reopened")
        assert not desk.case.escalated


def test_the_last_stage_of_a_ladder_ends_it_too() -> None:
    """ESC-1: an escalation by staff does not keep a ladder from closing the case, and ends with it."""
    desk = history(OPENED, "Mon 09:40 asked", "Mon 10:00 raised")
    desk.tick_every_due_time(when("Mon+4 09:00"))
    assert (desk.case.closed, desk.case.escalated) == (True, False)


def test_taking_it_back() -> None:
    """ESC-1, FU-5: without a word it changes nothing else; a word is a message, and answers a request."""
    desk = history(OPENED, "Mon 09:10 appealed", "Mon 09:40 asked", "Mon 10:00 relented")
    assert (desk.case.escalated, desk.case.followup is None) == (False, False)
    told = history(OPENED, "Mon 09:10 appealed", "Mon 09:40 asked", "Mon 10:00 relented Thanks.")
    assert (told.standing, told.case.followup) == ("open/customer-responded", None)


def test_whose_it_is_to_take_back() -> None:
    """ESC-1: the customer's side takes back its own, staff what they alone raised themselves."""
    at = when("Mon 10:00")
    theirs = history(OPENED, "Mon 09:10 appealed", "Mon 09:20 raised").case
    with pytest.raises(NotPermitted) as refusal:
        lifecycle.withdraw_escalation(theirs, None, STAFF, at)
    assert "--via phone" in str(refusal.value.hint)
    assert lifecycle.withdraw_escalation(theirs, None, CALLER, at).data["logged_by"] == SAM
    ours = history(OPENED, "Mon 09:10 raised").case
    assert lifecycle.withdraw_escalation(ours, "Solved.", STAFF, at).data == {
        "text": "Solved.",
        "addressed": [MIA],
    }
    for other in (CONTACT, CALLER, STAFF._replace(by="rita@desk.example")):
        with pytest.raises(NotPermitted, match=SAM):
            lifecycle.withdraw_escalation(ours, None, other, at)


def test_what_does_not_stand_is_not_answered() -> None:
    """ESC-1: an answer or a withdrawal needs an escalation; on a closed case there is none to raise."""
    case, at = history(OPENED).case, when("Mon 10:00")
    with pytest.raises(Refused, match="not escalated"):
        lifecycle.answer_escalation(case, TEXT, STAFF, at)
    with pytest.raises(Refused, match="not escalated"):
        lifecycle.withdraw_escalation(case, None, CONTACT, at)
    closed = history(OPENED, "Mon 09:40 closed").case
    for act in (CONTACT, STAFF, CALLER):
        with pytest.raises(Refused, match="closed"):
            lifecycle.escalate(closed, MANAGER, TEXT, act, at)


def test_an_escalation_has_a_reason() -> None:
    """ESC-1, SEV-1: without a reason, or for the priority that the case has, it is refused."""
    case, at = history(OPENED).case, when("Mon 10:00")
    for text in ("", " \n"):
        with pytest.raises(Invalid):
            lifecycle.escalate(case, MANAGER, text, CONTACT, at)
        with pytest.raises(Invalid):
            lifecycle.answer_escalation(history(OPENED, "Mon 09:10 appealed").case, text, STAFF, at)
    with pytest.raises(Refused, match="high already") as refusal:
        lifecycle.escalate(case, MANAGER._replace(priority=Priority.HIGH), TEXT, CONTACT, at)
    assert refusal.value.rule == "SEV-1"


def test_a_wish_sets_no_priority() -> None:
    """SEV-1: either side may ask to change the severity; only staff set it."""
    desk = history(OPENED, "Mon 10:00 appealed low")
    assert desk.case.priority is Priority.HIGH
    assert standing(desk.case).priority is Priority.LOW


def test_a_feature_request_can_be_escalated() -> None:
    """FR-1: a feature request is escalated like any other case, and goes on being looked into."""
    desk = history(OPENED, "Mon 09:40 asked", "Mon 10:00 appealed", type_=CaseType.FEATURE_REQUEST)
    assert (desk.standing, desk.case.escalated) == ("open-customer-care/investigation", True)


def test_a_state_of_an_older_release_is_read() -> None:
    """ESC-1: the state of a case that was never escalated is what older releases wrote, and is read as theirs."""
    case = history(OPENED).case
    assert "escalation" not in state(case)
    assert state(case)["escalated"] is False
    raised = history(OPENED, "Mon 10:00 appealed critical").case
    assert read(state(raised), texts(raised)) == raised
