"""Feature requests: their own table square by square, how each is evaluated, and conversion to a support case."""

import pytest
from notation import CONTACT, STAFF, TEXT, Desk, history, policy, rules, said, when

from carecli.domain import feature_requests, transitions
from carecli.domain.access import Act
from carecli.domain.events import Kind
from carecli.domain.feature_requests import Conversion, Evaluation
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import SYSTEM, CaseType, Metric, Priority, Side, Standing, Status, Substatus, Via
from carecli.errors import Invalid, Refused

CARE, PRODUCT = "open-customer-care", "open-product-management"
INFO = "info-required-from-customer"
# How a request gets to each standing of STAT-2; reminders are sent at the very due times.
PATHS: dict[str, tuple[str, ...]] = {
    f"{CARE}/new": (),
    f"{CARE}/investigation": ("Mon 10:00 investigated",),
    f"{CARE}/{INFO}": ("Mon 10:00 asked",),
    f"{CARE}/solution-proposed": ("Mon 10:00 proposed",),
    f"{PRODUCT}/new": ("Mon 10:00 evaluated product-management",),
    f"{PRODUCT}/{INFO}": ("Mon 10:00 evaluated product-management", "Mon 11:00 asked"),
    f"{PRODUCT}/under-review": ("Mon 10:00 evaluated under-review",),
    f"{PRODUCT}/future-candidate": ("Mon 10:00 evaluated future-candidate",),
    f"{PRODUCT}/planned": ("Mon 10:00 evaluated planned",),
    f"{PRODUCT}/committed": ("Mon 10:00 evaluated committed",),
    "closed/declined": ("Mon 10:00 evaluated declined",),
    "closed/delivered": ("Mon 10:00 evaluated delivered",),
    "closed/duplicate": ("Mon 10:00 evaluated duplicate",),
    "closed/redirected": ("Mon 10:00 closed redirected",),
}
LIVE = [name for name in PATHS if not name.startswith("closed")]
WITH_CARE = [name for name in LIVE if name.startswith(CARE)]
WITH_PRODUCT = [name for name in LIVE if name.startswith(PRODUCT)]
CLOSED = [name for name in PATHS if name.startswith("closed")]
SAME = "="
# STAT-2 and FR-1, row by row: command, by, from, to; the first row that fits counts.
ROWS = [
    ("update", "S", [f"{CARE}/new"], f"{CARE}/investigation"),
    ("update", "S", LIVE, SAME),
    ("update", "C", [f"{CARE}/{INFO}", f"{CARE}/solution-proposed"], f"{CARE}/investigation"),
    ("update", "C", [f"{PRODUCT}/{INFO}"], f"{PRODUCT}/under-review"),
    ("update", "C", LIVE, SAME),
    ("investigate", "S", LIVE, f"{CARE}/investigation"),
    # a question is asked by the department that has the request
    ("ask", "S", WITH_CARE, f"{CARE}/{INFO}"),
    ("ask", "S", WITH_PRODUCT, f"{PRODUCT}/{INFO}"),
    ("propose", "S", LIVE, f"{CARE}/solution-proposed"),
    ("feature", "S", LIVE, f"{PRODUCT}/new"),
    ("feature convert", "S", LIVE, "open/new"),
    ("accept", "C", [f"{CARE}/solution-proposed"], "closed/delivered"),
    ("reject", "C", [f"{CARE}/solution-proposed"], f"{CARE}/investigation"),
    ("close", "C", LIVE, "closed/declined"),
    ("close", "S", LIVE, "closed/declined"),
    ("auto-close", "T", [f"{CARE}/{INFO}", f"{PRODUCT}/{INFO}"], "closed/declined"),
    ("auto-close", "T", [f"{CARE}/solution-proposed"], "closed/delivered"),
    ("reopen", "C", CLOSED, f"{CARE}/investigation"),
    ("reopen", "S", CLOSED, f"{CARE}/investigation"),
]
SIDES = {"C": Side.CONTACT, "S": Side.STAFF, "T": Side.SYSTEM}
AT = when("Mon 12:00")
FEATURE = CaseType.FEATURE_REQUEST


def told(*lines: str, priority: str = "low") -> Desk:
    return history(f"Mon 09:00 opened {priority}", *lines, type_=FEATURE)


def standing(name: str) -> Standing:
    status, substatus = name.split("/")
    return Standing(Status(status), Substatus(substatus))


@pytest.mark.parametrize("origin", PATHS)
def test_every_square_of_the_table(origin: str) -> None:
    """STAT-2: each move by each side from each standing leads where the table says, or is refused."""
    assert told(*PATHS[origin]).standing == origin
    for by, side in SIDES.items():
        may: dict[str, str] = {}
        for move, of, origins, to in ROWS:
            if of == by and origin in origins:
                may.setdefault(move, origin if to == SAME else to)
        assert set(transitions.allowed(FEATURE, side, standing(origin))) == set(may)
        for move in Move:
            if move in may:
                assert transitions.target(FEATURE, move, side, standing(origin)) == standing(may[move])
            else:
                with pytest.raises(Refused, match="is not possible while") as refusal:
                    transitions.target(FEATURE, move, side, standing(origin))
                assert refusal.value.rule == "STAT-4"


def test_the_table_knows_every_standing_of_a_feature_request() -> None:
    """STAT-2: two departments with four and six sub-statuses, and four ends, no more."""
    known = {
        *(f"{CARE}/{one}" for one in ("new", "investigation", INFO, "solution-proposed")),
        *(f"{PRODUCT}/{one}" for one in ("new", INFO, "under-review", "future-candidate", "planned", "committed")),
        *(f"closed/{one}" for one in ("declined", "delivered", "duplicate", "redirected")),
    }
    assert set(PATHS) == known
    assert {f"{s.status}/{s.substatus}" for s in transitions.FEATURE_LIVE | transitions.FEATURE_CLOSED} == known


@pytest.mark.parametrize("origin", LIVE)
@pytest.mark.parametrize("outcome", Evaluation)
def test_every_outcome_is_possible_from_anywhere_open(outcome: Evaluation, origin: str) -> None:
    """FR-1: each evaluation leads to its own standing, and says what it is."""
    desk = told(*PATHS[origin], f"Mon 12:00 evaluated {outcome}")
    to = {
        Evaluation.PRODUCT_MANAGEMENT: f"{PRODUCT}/new",
        Evaluation.UNDER_REVIEW: f"{PRODUCT}/under-review",
        Evaluation.FUTURE_CANDIDATE: f"{PRODUCT}/future-candidate",
        Evaluation.PLANNED: f"{PRODUCT}/planned",
        Evaluation.COMMITTED: f"{PRODUCT}/committed",
        Evaluation.DELIVERED: "closed/delivered",
        Evaluation.DECLINED: "closed/declined",
        Evaluation.DUPLICATE: "closed/duplicate",
        Evaluation.EXISTS: f"{CARE}/solution-proposed",
    }
    assert desk.standing == to[outcome]
    assert desk.events[-1].data["evaluation"] == outcome
    assert desk.events[-1].public
    assert desk.case.modified_at == AT


def test_what_is_closed_is_evaluated_no_more() -> None:
    """STAT-4: a step of a closed request is refused with what may be done."""
    with pytest.raises(Refused) as refusal:
        told("Mon 10:00 closed", "Mon 11:00 evaluated planned")
    assert refusal.value.hint == "possible here for Customer Care: reopen"


@pytest.mark.parametrize("outcome", [Evaluation.DECLINED, Evaluation.EXISTS])
def test_some_outcomes_need_words(outcome: Evaluation) -> None:
    """FR-1: a decline needs its reason, and what exists its place."""
    with pytest.raises(Invalid) as refusal:
        feature_requests.evaluated(told().case, outcome, " ", STAFF, AT)
    assert refusal.value.rule == "FR-1"


def test_only_feature_requests_are_evaluated() -> None:
    """FR-1: a support case is neither evaluated nor converted."""
    case = history("Mon 09:00 opened high").case
    refused = "0000000042 is no feature request, but of the type support"
    with pytest.raises(Refused, match=refused):
        feature_requests.evaluated(case, Evaluation.PLANNED, None, STAFF, AT)
    with pytest.raises(Refused, match=refused):
        feature_requests.converted(case, Conversion(), None, STAFF, AT, policy())


def test_a_contact_evaluates_nothing() -> None:
    """STAT-4: the customer has no such move."""
    with pytest.raises(Refused, match="feature is not possible"):
        feature_requests.evaluated(told().case, Evaluation.PLANNED, None, CONTACT, AT)


def test_the_release_holds_until_it_is_unsaid() -> None:
    """FR-1: a release that was named stays with the next promise, and goes where the promise goes."""
    desk = told("Mon 10:00 evaluated planned 2026.3")
    assert desk.case.release == "2026.3"
    desk.play("Mon 11:00 evaluated committed")
    assert desk.case.release == "2026.3"
    desk.play("Mon 12:00 evaluated committed May  2027")
    assert desk.case.release == "May 2027"
    desk.play("Mon 13:00 evaluated future-candidate")
    assert desk.case.release is None


@pytest.mark.parametrize("release", ["r" * 101, "2026\n3", "a\x1b[31m", "\ud800"])
def test_a_release_is_a_short_line(release: str) -> None:
    """FR-1: what cannot stand in a line is refused, but for blanks, which are made one."""
    case = told().case
    if release == "2026\n3":
        event = feature_requests.evaluated(case, Evaluation.PLANNED, None, STAFF, AT, release=release)
        assert event.data["release"] == "2026 3"
        return
    with pytest.raises(Invalid):
        feature_requests.evaluated(case, Evaluation.PLANNED, None, STAFF, AT, release=release)


@pytest.mark.parametrize(
    ("path", "end"),
    [
        (("Mon 10:00 asked",), "closed/declined"),
        (("Mon 09:30 evaluated under-review", "Mon 10:00 asked"), "closed/declined"),
        (("Mon 10:00 evaluated exists",), "closed/delivered"),
        (("Mon 10:00 proposed",), "closed/delivered"),
    ],
)
def test_the_ladder_works_in_both_departments(path: tuple[str, ...], end: str) -> None:
    """FU-1: the sub-statuses of these names start it in each: reminders after 2 and 5 days, the close at 10."""
    desk = told(*path)
    desk.tick_every_due_time(when("Fri+4 17:00"))
    assert desk.log(Kind.FOLLOW_UP_SENT) == [
        "Wed 10:00 follow-up-sent 1.1",
        "Mon+1 10:00 follow-up-sent 1.2",
        "Mon+2 10:00 follow-up-sent 1.3",
    ]
    assert desk.standing == end


@pytest.mark.parametrize(
    "step", ["answered", "evaluated planned", "evaluated duplicate", "investigated", "converted"]
)
def test_what_stops_the_ladder(step: str) -> None:
    """FU-5: the customer's answer and every step that leads out of the question end it."""
    desk = told("Mon 09:30 evaluated under-review", "Mon 10:00 asked", f"Mon 11:00 {step}")
    assert desk.case.followup is None
    desk.tick_every_due_time(when("Fri+4 17:00"))
    assert desk.log(Kind.FOLLOW_UP_SENT) == []


def test_an_escalation_stands_through_the_steps_and_ends_with_the_request() -> None:
    """ESC-1: a feature request is escalated in either department; steps leave it, its end ends it."""
    desk = told("Mon 10:00 evaluated under-review", "Mon 11:00 appealed", "Mon 12:00 evaluated planned")
    assert desk.standing == f"{PRODUCT}/planned"
    assert desk.case.escalated
    desk.play("Mon 13:00 converted")
    assert desk.case.escalated
    ended = told("Mon 10:00 evaluated under-review", "Mon 11:00 appealed", "Mon 12:00 evaluated declined")
    assert not ended.case.escalated
    answered = told("Mon 10:00 evaluated under-review", "Mon 11:00 appealed", "Mon 12:00 settled")
    assert (answered.case.escalated, answered.standing) == (False, f"{PRODUCT}/under-review")


def test_an_escalation_answers_what_was_asked() -> None:
    """STAT-3: the customer's escalation is a message, with product management too."""
    desk = told("Mon 10:00 evaluated under-review", "Mon 11:00 asked", "Mon 12:00 appealed")
    assert (desk.standing, desk.case.followup) == (f"{PRODUCT}/under-review", None)


def test_a_conversion_starts_the_clocks() -> None:
    """SLA-2: the case keeps its number and history; its clocks run from the conversion, not from the opening."""
    desk = told("Mon 10:00 evaluated planned 2026.3", "Tue 09:00 converted", priority="high")
    case = desk.case
    assert (case.number, case.type, case.subtype, desk.standing) == (42, CaseType.SUPPORT, "problem", "open/new")
    assert (case.stage, case.impact, case.release) == ("production", "Agents lose callers.", None)
    # Care, High: 6 business hours, 4 business days, 15 business days, all from Tuesday 09:00.
    due = {clock.metric: said(clock.due_at) for clock in case.clocks}
    assert due == {
        Metric.RESPONSE: "Tue 15:00",
        Metric.RESTORATION: "Mon+1 09:00",
        Metric.RESOLUTION: "Tue+3 09:00",
    }
    assert {said(clock.started_at) for clock in case.clocks} == {"Tue 09:00"}
    desk.play("Tue 10:00 replied")
    assert desk.told("response") == "met Tue 10:00, due Tue 15:00"
    desk.play("Tue 11:00 proposed")
    desk.play("Tue 12:00 accepted")
    assert desk.standing == "closed/resolved"


def test_a_conversion_before_a_holiday_and_the_change_of_clocks() -> None:
    """CAL-2: four business days from Thursday 26 March, over a closed Friday and the spring change in Berlin."""
    under = rules(zone="Europe/Berlin", closed=("2026-03-27",))
    desk = history(
        "2026-03-25 10:00 opened high",
        "2026-03-26 10:00 converted",
        under=under,
        type_=FEATURE,
        zone="Europe/Berlin",
    )
    # Thu 26 -> Fri 27 closed, Sat, Sun 29 (02:00 becomes 03:00) -> Mon 30, Tue 31, Wed 1, Thu 2 April: four days.
    assert desk.clock("restoration").due_at == when("2026-04-02 10:00", "Europe/Berlin")
    assert desk.clock("restoration").due_at == when("2026-04-02 08:00")


def test_a_question_needs_less() -> None:
    """OPEN-4: a problem needs stage and impact, a question neither; what lacks is named at once."""
    case = told().case._replace(stage=None, impact=None)
    assert feature_requests.lacking(case, Conversion()) == ("stage", "impact")
    assert feature_requests.lacking(case, Conversion("question")) == ()
    assert feature_requests.lacking(case, Conversion(stage="uat")) == ("impact",)
    with pytest.raises(Invalid, match="missing: stage, impact"):
        feature_requests.converted(case, Conversion(), None, STAFF, AT, policy())
    event = feature_requests.converted(case, Conversion("question"), TEXT, STAFF, AT, policy())
    assert (event.data["subtype"], event.data["priority"]) == ("question", "low")
    with pytest.raises(Invalid, match="is no sub-type of support"):
        feature_requests.converted(case, Conversion("wish"), None, STAFF, AT, policy())
    with pytest.raises(Invalid, match="is no stage"):
        feature_requests.converted(case, Conversion(stage="moon", impact="all"), None, STAFF, AT, policy())


def test_a_critical_conversion_names_who_is_available() -> None:
    """OPEN-9: a case that is converted as Critical keeps the contact who is there at all times."""
    desk = told()
    to = Conversion(None, "production", "No calls at all.", Priority.CRITICAL)
    desk.command(AT, lambda case: feature_requests.converted(case, to, TEXT, STAFF, AT, policy()))
    assert desk.case.priority is Priority.CRITICAL
    assert desk.case.fields["available_contact"] == desk.case.contact


def test_time_converts_nothing() -> None:
    """STAT-4: neither the customer nor time makes a support case of a request."""
    for act in (CONTACT, Act(SYSTEM, Side.SYSTEM, Via.TICK)):
        with pytest.raises(Refused):
            feature_requests.converted(told().case, Conversion(None, "uat", "Some."), TEXT, act, AT, policy())
