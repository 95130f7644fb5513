"""Change requests and service orders: decided in time, signed by both sides before any work (SR-1)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from notation import CONTACT, DANA, FORM, SAM, STAFF, TEXT, Desk, policy, rules, said, when

from carecli.domain import lifecycle, opening, requesting
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event, Kind
from carecli.domain.folding import evolve, replay
from carecli.domain.policy import from_document
from carecli.domain.request import Paper, PaperKind, RequestStage, Signature
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import CaseType, Plan, Side, Status, Via
from carecli.errors import CareError, Invalid, NotFound, Refused

ORDER: Final = {"id": "1", "name": "order.pdf", "sha256": "ab" * 32}
SOW: Final = {"id": "2", "name": "sow.pdf", "sha256": "cd" * 32}
OMAR: Final = Act("omar@abc.example", Side.CONTACT, Via.PORTAL)
Decide = Callable[[Case, datetime], Event]


def submitted(
    at: str = "Mon 09:00",
    *,
    under: Rules | None = None,
    type_: CaseType = CaseType.SERVICE_REQUEST,
    subtype: str | None = "change-request",
    clocks: bool = True,
    zone: str = "UTC",
) -> Desk:
    """A desk whose case is a request that was just submitted."""
    case_rules = under or rules(zone=zone)
    form = FORM._replace(type=type_, subtype=subtype, stage=None, impact=None, fields={"change": "add"})
    place = opening.Place(42, Plan.CARE, "Voice", "policy-hash", "calendar-hash")
    event = opening.opened(form, place, CONTACT, when(at, zone), clocks=clocks)
    return Desk(case_rules, [event], evolve(None, event, case_rules), zone=zone)


ACTS: Final[Mapping[str, Decide]] = {
    "ack": lambda case, at: requesting.acknowledge(case, None, STAFF, at),
    "accept": lambda case, at: requesting.accept(case, TEXT, [ORDER, SOW], 1, STAFF, at),
    "reject": lambda case, at: requesting.reject(case, TEXT, ["sue@desk.example"], STAFF, at),
    "resubmit": lambda case, at: requesting.resubmit(case, TEXT, {"site": "West"}, CONTACT, at),
    "sign": lambda case, at: requesting.sign(case, (), None, CONTACT, at),
    "countersign": lambda case, at: requesting.sign(case, (), None, STAFF, at),
    "complete": lambda case, at: requesting.complete(case, None, STAFF, at),
    "update": lambda case, at: lifecycle.update(case, TEXT, STAFF, at),
    "investigate": lambda case, at: lifecycle.investigate(case, None, STAFF, at),
    "ask": lambda case, at: lifecycle.ask(case, TEXT, STAFF, at),
    "propose": lambda case, at: lifecycle.propose(case, TEXT, None, STAFF, at),
    "restore": lambda case, at: lifecycle.restore(case, None, None, STAFF, at),
    "close": lambda case, at: lifecycle.close(case, TEXT, None, STAFF, at),
    "cancel": lambda case, at: lifecycle.close(case, TEXT, "cancelled", STAFF, at),
    "redirect": lambda case, at: lifecycle.close(case, TEXT, "redirected", STAFF, at),
    "withdraw": lambda case, at: lifecycle.close(case, TEXT, None, CONTACT, at),
    "answer": lambda case, at: lifecycle.update(case, TEXT, CONTACT, at),
    "take": lambda case, at: lifecycle.accept(case, None, CONTACT, at),
    "revive": lambda case, at: lifecycle.reopen(case, TEXT, STAFF, at, rules()),
}


def does(desk: Desk, *lines: str) -> Desk:
    """Run acts such as `Mon 10:00 ack`, one after the other."""
    for line in lines:
        day, clock, verb = line.split(" ")
        at = when(f"{day} {clock}", desk.zone)
        if verb == "tick":
            desk.tick(at)
        else:
            desk.command(at, lambda case, verb=verb, at=at: ACTS[verb](case, at))  # type: ignore[misc]
    return desk


def due(desk: Desk) -> list[str]:
    """The deadlines of the case in short: kind, when it is due, and how it ended."""
    told = []
    for one in desk.case.deadlines:
        ends = (("met", one.met_at), ("missed", one.missed_at))
        how = [f"{word} {said(at, desk.zone)}" for word, at in ends if at]
        told.append(" ".join([one.kind, said(one.due_at, desk.zone) or "", *how, *["cancelled"] * one.cancelled]))
    return told


def test_it_is_decided_on_in_business_days() -> None:
    """SR-1: a request is to be acknowledged within one business day, and decided on within two."""
    assert due(submitted("Mon 09:30")) == ["acknowledgement Tue 09:30", "decision Wed 09:30"]
    # From Friday afternoon the weekend does not count.
    assert due(submitted("Fri 16:00")) == ["acknowledgement Mon+1 16:00", "decision Tue+1 16:00"]
    # Submitted on a Saturday it begins on Monday morning.
    assert due(submitted("Sat 11:00")) == ["acknowledgement Tue+1 09:00", "decision Wed+1 09:00"]


def test_a_holiday_and_the_clocks_going_forward() -> None:
    """SR-1, CAL-2: a business day is one that the account works on, at its own wall-clock time."""
    # New York goes to summer time on Sunday 8 March 2026; Monday the 9th is closed here. Thursday the 5th, 15:00
    # EST (20:00Z): one business day on is Friday the 6th, 15:00 EST; two are Tuesday the 10th, 15:00 EDT (19:00Z).
    under = rules(zone="America/New_York", closed=("2026-03-09",))
    desk = submitted("2026-03-05 15:00", under=under, zone="America/New_York")
    assert [one.due_at.isoformat() for one in desk.case.deadlines] == [
        "2026-03-06T20:00:00+00:00",
        "2026-03-10T19:00:00+00:00",
    ]


def test_plain_hours_by_policy() -> None:
    """SR-1, CAL-3: `sr.decision = "48h"` counts around the clock, over a weekend too."""
    desk = submitted("Fri 16:00", under=rules({"sr": {"decision": "48h"}}))
    assert due(desk) == ["acknowledgement Mon+1 16:00", "decision Sun 16:00"]


@pytest.mark.parametrize(
    ("subtype", "counts"),
    [
        ("change-request", 2),
        ("service-order", 2),
        ("password-reset", 0),
        ("new-project", 0),
        ("data-privacy", 0),
    ],
)
def test_which_requests_are_decided_on(subtype: str, counts: int) -> None:
    """SR-1: change requests and service orders are; no other service request is."""
    desk = submitted(subtype=subtype)
    assert (len(desk.case.deadlines), desk.case.request is not None) == (counts, counts > 0)
    if not counts:
        with pytest.raises(Refused, match="no change-request or service-order"):
            does(desk, "Mon 10:00 ack")
        assert desk.standing == "open/new"
        assert does(desk, "Mon 10:00 investigate", "Mon 11:00 complete").case.closed


def test_the_deadlines_are_met() -> None:
    """SR-1: an acknowledgement meets the first; accepting or rejecting meets what is left of both."""
    assert due(does(submitted(), "Mon 10:00 ack")) == [
        "acknowledgement Tue 09:00 met Mon 10:00",
        "decision Wed 09:00",
    ]
    decided = ["acknowledgement Tue 09:00 met Mon 10:00", "decision Wed 09:00 met Tue 10:00"]
    assert due(does(submitted(), "Mon 10:00 ack", "Tue 10:00 accept")) == decided
    at_once = ["acknowledgement Tue 09:00 met Mon 11:00", "decision Wed 09:00 met Mon 11:00"]
    assert due(does(submitted(), "Mon 11:00 accept")) == at_once
    assert due(does(submitted(), "Mon 11:00 reject")) == at_once


def test_the_deadlines_are_missed() -> None:
    """SR-1, FU-4: what is not done in time is missed at its due time, and when it is done after all stays so."""
    desk = does(submitted(), "Thu 12:00 tick")
    assert desk.log(Kind.DEADLINE_MISSED) == ["Tue 09:00 deadline-missed", "Wed 09:00 deadline-missed"]
    does(desk, "Thu 13:00 accept")
    assert due(desk) == [
        "acknowledgement Tue 09:00 met Thu 13:00 missed Tue 09:00",
        "decision Wed 09:00 met Thu 13:00 missed Wed 09:00",
    ]
    met = [event.data for event in desk.events if event.kind is Kind.DEADLINE_MET]
    assert [(data["deadline"], data["left_s"]) for data in met] == [
        ("acknowledgement", -(2 * 24 + 4) * 3600),
        ("decision", -(24 + 4) * 3600),
    ]


@pytest.mark.parametrize("hours", [1, 7, 24, 90])
def test_the_rhythm_of_the_tick_does_not_matter(hours: int) -> None:
    """SR-1, FU-4: the record is the same however often time is let act."""
    acts = ("Tue 15:00 ack", "Fri 15:00 reject", "Mon+1 10:00 resubmit", "Fri+1 09:30 accept")
    told = does(submitted(), *acts, "Mon+2 09:00 tick")
    ticking, at, left = submitted(), when("Mon 09:00"), list(acts)
    while at < when("Mon+2 09:00"):
        at += timedelta(hours=hours)
        while left and when(left[0][: left[0].rindex(" ")]) <= at:
            does(ticking, left.pop(0))
        ticking.tick(at)
    assert ticking.events == told.events
    assert ticking.case == told.case


def test_a_command_puts_what_was_missed_on_record_first() -> None:
    """SR-1, SLA-7: no tick came, and yet the acknowledgement that was too late is on the record before it."""
    desk = does(submitted(), "Tue 10:00 ack")
    kinds = [event.kind for event in desk.events]
    assert kinds == [Kind.OPENED, Kind.DEADLINE_MISSED, Kind.REQUEST_ACKNOWLEDGED, Kind.DEADLINE_MET]
    assert replay(desk.events, lambda *_: desk.rules) == desk.case


WORK = ("investigate", "restore", "close", "complete")
SPEAKING = ("ask", "cancel", "redirect", "withdraw")
BEFORE = {
    "submitted": (),
    "acknowledged": ("Mon 10:00 ack",),
    "rejected": ("Mon 10:00 reject",),
    "accepted": ("Mon 10:00 accept",),
    "signed by the customer": ("Mon 10:00 accept", "Mon 11:00 sign"),
    "signed by Customer Care": ("Mon 10:00 accept", "Mon 11:00 countersign"),
}


@pytest.mark.parametrize("stage", BEFORE)
@pytest.mark.parametrize("verb", WORK)
def test_no_work_before_both_have_signed(stage: str, verb: str) -> None:
    """SR-1: nothing is worked on, or done, before the request is accepted and every document is signed by both."""
    desk = does(submitted(), *BEFORE[stage])
    before = desk.case
    with pytest.raises(Refused) as refusal:
        does(desk, f"Tue 08:00 {verb}")
    assert (refusal.value.rule, refusal.value.hint is not None) == ("SR-1", True)
    assert "0000000042" in str(refusal.value.hint)
    assert desk.case == before


@pytest.mark.parametrize("stage", BEFORE)
@pytest.mark.parametrize("verb", SPEAKING)
def test_what_is_no_work(stage: str, verb: str) -> None:
    """SR-1: the customer may be asked, and the case given up or sent elsewhere, at any time."""
    desk = does(submitted(), *BEFORE[stage], f"Tue 08:00 {verb}")
    ends = {"ask": Status.AWAITING_INFO}
    assert desk.case.status is ends.get(verb, Status.CLOSED)


@pytest.mark.parametrize("stage", BEFORE)
def test_a_solution_instead_of_an_order(stage: str) -> None:
    """SR-1: before anything is accepted the customer may be served without an order; then it is signed first."""
    desk = does(submitted(), *BEFORE[stage])
    if "signed" in stage or stage == "accepted":
        with pytest.raises(Refused, match="propose is not possible before its documents are signed by"):
            does(desk, "Tue 08:00 propose")
    else:
        does(desk, "Tue 08:00 propose", "Tue 08:30 take")
        assert desk.standing == "closed/resolved"


@pytest.mark.parametrize("verb", ["update", "ack"])
def test_an_update_begins_no_work(verb: str) -> None:
    """SR-1, STAT-1: what staff say on a request leaves it New until work may begin."""
    desk = does(submitted(), f"Mon 10:00 {verb}")
    assert desk.standing == "open/new"
    does(desk, "Mon 11:00 accept", "Mon 12:00 update", "Mon 13:00 sign", "Mon 14:00 countersign")
    assert desk.standing == "open/new"
    assert does(desk, "Mon 15:00 update").standing == "open/investigation"


def test_both_sign_what_is_kept_by_its_hash() -> None:
    """SR-1: accepted it carries an order and a statement of work; who signs which when is on the record."""
    desk = does(submitted(), "Mon 10:00 accept", "Mon 11:00 sign", "Mon 12:00 countersign")
    signatures = Signature(DANA, when("Mon 11:00")), Signature(SAM, when("Mon 12:00"))
    request = desk.case.request
    assert request is not None
    assert request.papers == (
        Paper("1", "order.pdf", "ab" * 32, PaperKind.ORDER, *signatures),
        Paper("2", "sow.pdf", "cd" * 32, PaperKind.SOW, *signatures),
    )
    assert request.ready
    events = [event for event in desk.events if event.kind is Kind.REQUEST_SIGNED]
    assert [(event.actor, event.data["party"]) for event in events] == [
        (DANA, "customer"),
        (SAM, "customer-care"),
    ]
    assert [told["sha256"] for told in events[0].data["documents"]] == ["ab" * 32, "cd" * 32]
    does(desk, "Tue 09:00 investigate", "Tue 10:00 complete")
    assert (desk.standing, desk.case.closed_at) == ("closed/resolved", when("Tue 10:00"))
    assert desk.case.request is not None
    assert desk.case.request.stage is RequestStage.COMPLETED
    assert replay(desk.events, lambda *_: desk.rules) == desk.case


def signing(desk: Desk, *named: str, act: Act = CONTACT) -> list[str]:
    """Sign documents by these names, on Monday noon; the answer is what was signed."""
    event = desk.command(
        when("Mon 12:00"), lambda case: requesting.sign(case, named, None, act, when("Mon 12:00"))
    )
    return [told["name"] for told in event.data["documents"]]


def test_documents_are_signed_one_by_one() -> None:
    """SR-1: by id, name or hash, by any contact of the account; work begins once all are signed by both."""
    desk = does(submitted(), "Mon 10:00 accept")
    assert signing(desk, "sow.pdf") == ["sow.pdf"]
    assert signing(desk, "#1", act=OMAR) == ["order.pdf"]
    assert signing(desk, "abab" * 2, "order.pdf", act=STAFF) == ["order.pdf"]
    with pytest.raises(Refused, match=r"signed by Customer Care$"):
        does(desk, "Mon 13:00 investigate")
    assert signing(desk, act=STAFF) == ["sow.pdf"]
    assert does(desk, "Mon 13:00 investigate").standing == "open/investigation"


def test_what_cannot_be_signed() -> None:
    """SR-1: nothing before it is accepted, nothing twice, nothing that is no document of the request."""
    for stage in ("submitted", "acknowledged", "rejected"):
        with pytest.raises(Refused, match="cannot be signed now"):
            signing(does(submitted(), *BEFORE[stage]))
    desk = does(submitted(), "Mon 10:00 accept")
    with pytest.raises(NotFound, match=r"no document 'other\.pdf'"):
        signing(desk, "other.pdf")
    with pytest.raises(NotFound, match="no document 'ababa'"):
        signing(desk, "ababa")
    signing(desk)
    with pytest.raises(Refused, match="the documents are signed by the customer already"):
        signing(desk)
    with pytest.raises(Refused, match=r"sow\.pdf is signed by the customer already"):
        signing(desk, "2", act=OMAR)


def test_other_documents_are_signed_anew() -> None:
    """SR-1: accepted again before both have signed, new documents replace the old and their signatures."""
    desk = does(submitted(), "Mon 10:00 accept", "Mon 11:00 sign")
    new = {"id": "3", "name": "order-2.pdf", "sha256": "ef" * 32}
    at = when("Mon 12:00")
    desk.command(at, lambda case: requesting.accept(case, None, [new], 1, STAFF, at))
    request = desk.case.request
    assert request is not None
    assert request.papers == (Paper("3", "order-2.pdf", "ef" * 32, PaperKind.ORDER),)
    does(desk, "Mon 13:00 sign", "Mon 14:00 countersign")
    with pytest.raises(Refused, match="cannot be accepted now"):
        does(desk, "Mon 15:00 accept")
    # The decision was made once, when it was first accepted.
    assert due(desk)[1] == "decision Wed 09:00 met Mon 10:00"


def test_a_rejected_request_comes_back_as_the_same_case() -> None:
    """SR-1: reworked and resubmitted it is acknowledged and decided on anew, in the same time."""
    desk = does(submitted(), "Mon 10:00 reject", "Thu 15:00 resubmit")
    assert due(desk)[2:] == ["acknowledgement Fri 15:00", "decision Mon+1 15:00"]
    assert [one.id for one in desk.case.deadlines] == [1, 2, 3, 4]
    assert desk.case.request is not None
    assert (desk.case.request.stage, desk.case.request.cycle) == (RequestStage.SUBMITTED, 2)
    assert desk.case.fields == {"change": "add", "site": "West"}
    assert desk.case.number == 42
    does(desk, "Fri 16:00 tick", "Mon+1 09:00 accept")
    assert desk.log(Kind.DEADLINE_MISSED) == ["Fri 15:00 deadline-missed"]
    assert replay(desk.events, lambda *_: desk.rules) == desk.case


def test_a_resubmission_answers_what_was_asked() -> None:
    """SR-1, STAT-3: the customer's resubmission is a message, and so is his signature: the ladder stops."""
    desk = does(submitted(), "Mon 10:00 ask", "Mon 11:00 reject")
    assert desk.standing == "awaiting-info/info-required-from-customer"
    does(desk, "Mon 12:00 resubmit")
    assert (desk.standing, desk.case.followup) == ("open/customer-responded", None)
    does(desk, "Mon 13:00 accept", "Mon 14:00 ask", "Mon 15:00 sign")
    assert (desk.standing, desk.case.followup) == ("open/customer-responded", None)


OUT_OF_TURN = [
    ("submitted", "resubmit"),
    ("acknowledged", "ack"),
    ("acknowledged", "resubmit"),
    ("rejected", "ack"),
    ("rejected", "accept"),
    ("rejected", "reject"),
    ("accepted", "ack"),
    ("accepted", "reject"),
    ("accepted", "resubmit"),
]


@pytest.mark.parametrize(("stage", "verb"), OUT_OF_TURN)
def test_out_of_turn(stage: str, verb: str) -> None:
    """SR-1, STAT-4: what a request is not ready for is refused, with what it is ready for."""
    desk = does(submitted(), *BEFORE[stage])
    before = desk.case
    with pytest.raises(Refused) as refusal:
        does(desk, f"Mon 12:00 {verb}")
    assert str(refusal.value.hint).startswith(f"it is {stage}: care request")
    assert desk.case == before


@pytest.mark.parametrize(
    "decide",
    [
        lambda case, at: requesting.reject(case, " ", [], STAFF, at),
        lambda _case, at: requesting.resubmit(does(submitted(), "Mon 09:10 reject").case, "", {}, CONTACT, at),
    ],
)
def test_a_reason_is_needed(decide: Decide) -> None:
    """SR-1: nobody is left to guess why a request was rejected, or what is different now."""
    with pytest.raises(Invalid, match="the text is empty"):
        decide(submitted().case, when("Mon 10:00"))


def test_the_end_ends_the_waiting() -> None:
    """SR-1: a request that is given up is not decided on any more; reopened it is, anew."""
    desk = does(submitted(), "Mon 10:00 ack", "Mon 11:00 withdraw")
    assert due(desk) == ["acknowledgement Tue 09:00 met Mon 10:00", "decision Wed 09:00 cancelled"]
    assert desk.next_due() is None
    with pytest.raises(CareError):
        does(desk, "Mon 12:00 accept")
    does(desk, "Wed 10:00 revive")
    assert due(desk)[2:] == ["acknowledgement Thu 10:00", "decision Fri 10:00"]
    assert desk.case.request is not None
    assert (desk.case.request.stage, desk.case.request.cycle) == (RequestStage.SUBMITTED, 2)


def test_what_was_done_is_taken_up_again() -> None:
    """SR-1, REO-1: a completed request that is reopened needs no new signatures, and is completed once more."""
    desk = does(submitted(), "Mon 10:00 accept", "Mon 11:00 sign", "Mon 12:00 countersign", "Mon 13:00 complete")
    does(desk, "Tue 10:00 revive", "Tue 11:00 investigate", "Tue 12:00 complete")
    assert desk.standing == "closed/resolved"
    assert len(desk.case.deadlines) == 2


def test_a_case_of_before_and_one_brought_in() -> None:
    """SR-1, SLA-8: what was opened before there were deadlines has none, nor what another desk dealt with."""
    desk = submitted(clocks=False)
    assert (desk.case.request, desk.case.deadlines) == (None, ())
    assert does(desk, "Mon 10:00 investigate").standing == "open/investigation"
    # Decided on it is a request like any other from there on.
    does(desk, "Mon 11:00 ack", "Mon 12:00 accept")
    with pytest.raises(Refused, match="closing as resolved is not possible"):
        does(desk, "Mon 13:00 close")


def test_a_policy_of_before() -> None:
    """SLA-8: a policy that was kept before it told of requests gives one business day, and two."""
    older = policy()
    older = from_document({key: table for key, table in older.document.items() if key != "sr"})
    desk = submitted("Mon 09:30", under=Rules(older, rules().calendar))
    assert due(desk) == ["acknowledgement Tue 09:30", "decision Wed 09:30"]


@pytest.mark.parametrize("type_", [CaseType.SUPPORT, CaseType.ADMIN, CaseType.FEATURE_REQUEST])
@pytest.mark.parametrize("verb", ["ack", "accept", "reject", "resubmit", "sign", "complete"])
def test_only_service_requests(type_: CaseType, verb: str) -> None:
    """SR-1: a case of another type is no request, and the refusal says what it is."""
    desk = submitted(type_=type_, subtype=None)
    with pytest.raises(Refused, match=f"is {type_}"):
        does(desk, f"Mon 10:00 {verb}")


def opened_data(**more: Any) -> Mapping[str, Any]:
    """The data of the opening, as it is on the record."""
    return submitted(**more).events[0].data


def test_the_opening_tells_that_it_is_decided_on() -> None:
    """STAT-4: that deadlines run is told by the opening itself, so that older records stay as they are."""
    assert opened_data()["decided_on"] is True
    assert "decided_on" not in opened_data(subtype="password-reset")
    assert "decided_on" not in opened_data(clocks=False)
