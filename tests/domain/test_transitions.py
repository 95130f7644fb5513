"""The transition table of SPEC section 3, written out a second time and held against the code square by square."""

from collections.abc import Callable

import pytest
from notation import CALLER, CONTACT, STAFF, TEXT, Desk, history, rules, when

from carecli.domain import lifecycle, transitions
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.events import Event
from carecli.domain.transitions import Move
from carecli.domain.vocabulary import SYSTEM, CaseType, Side, Standing, Status, Substatus, Via
from carecli.errors import Invalid, Refused

# How a case gets to each standing; the ticks come at the very due times.
PATHS: dict[str, tuple[str, ...]] = {
    "open/new": (),
    "open/investigation": ("Mon 10:00 investigated",),
    "open/customer-responded": ("Mon 10:00 asked", "Mon 11:00 answered"),
    "awaiting-info/info-required-from-customer": ("Mon 10:00 asked",),
    "service-restored/pending-permanent-solution": ("Mon 10:00 restored",),
    "service-restored/pending-rca": ("Mon 10:00 restored pending-rca",),
    "solution-proposed/solution-proposed": ("Mon 10:00 proposed",),
    "solution-proposed/problem-resolved": ("Mon 10:00 proposed problem-resolved",),
    "closed/resolved": ("Mon 10:00 closed",),
    "closed/cancelled": ("Mon 10:00 withdrew",),
    "closed/redirected": ("Mon 10:00 closed redirected",),
}
LIVE = [standing for standing in PATHS if not standing.startswith("closed")]
CLOSED = [standing for standing in PATHS if standing.startswith("closed")]
SAME = "="

# SPEC section 3, row by row: command, by, from (a status, a whole standing, or `live`), to.
SPEC_ROWS = [
    # public update by staff: Open/New is taken up; elsewhere the status stays
    ("update", "S", ["open/new"], "open/investigation"),
    ("update", "S", ["live"], SAME),
    # update by the customer: an answer where one was asked for; elsewhere the status stays
    ("update", "C", ["awaiting-info", "solution-proposed"], "open/customer-responded"),
    ("update", "C", ["live"], SAME),
    ("investigate", "S", ["live"], "open/investigation"),
    # ask and propose also from where they lead: a new round
    ("ask", "S", ["live"], "awaiting-info/info-required-from-customer"),
    ("propose", "S", ["live"], "solution-proposed/solution-proposed"),
    ("restore", "S", ["live"], "service-restored/pending-permanent-solution"),
    ("accept", "C", ["solution-proposed", "service-restored"], "closed/resolved"),
    ("reject", "C", ["solution-proposed", "service-restored"], "open/customer-responded"),
    # the customer's close says what it means by where the case stands
    ("close", "C", ["solution-proposed", "service-restored"], "closed/resolved"),
    ("close", "C", ["live"], "closed/cancelled"),
    ("close", "S", ["live"], "closed/resolved"),
    ("auto-close", "T", ["awaiting-info"], "closed/cancelled"),
    ("auto-close", "T", ["solution-proposed"], "closed/resolved"),
    ("reopen", "C", ["closed"], "open/customer-responded"),
    ("reopen", "S", ["closed"], "open/customer-responded"),
]
COMMANDS = list(dict.fromkeys(row[0] for row in SPEC_ROWS))
SIDES = {"C": Side.CONTACT, "S": Side.STAFF, "T": Side.SYSTEM}
ACTS = {"C": CONTACT, "S": STAFF, "T": Act(SYSTEM, Side.SYSTEM, Via.TICK)}
TABLE_TYPES = [CaseType.SUPPORT, CaseType.SERVICE_REQUEST, CaseType.INCIDENT, CaseType.ADMIN]
AT = when("Mon 12:00")
RULES = rules()

DECIDE: dict[str, Callable[[Case, Act], Event]] = {
    "update": lambda case, act: lifecycle.update(case, TEXT, act, AT),
    "investigate": lambda case, act: lifecycle.investigate(case, None, act, AT),
    "ask": lambda case, act: lifecycle.ask(case, TEXT, act, AT),
    "propose": lambda case, act: lifecycle.propose(case, TEXT, None, act, AT),
    "restore": lambda case, act: lifecycle.restore(case, None, None, act, AT),
    "accept": lambda case, act: lifecycle.accept(case, None, act, AT),
    "reject": lambda case, act: lifecycle.reject(case, TEXT, act, AT),
    "close": lambda case, act: lifecycle.close(case, TEXT, None, act, AT, root_cause="a loose cable"),
    "reopen": lambda case, act: lifecycle.reopen(case, TEXT, act, AT, RULES),
}


def matches(origin: str, pattern: str) -> bool:
    return pattern == "live" if origin in LIVE and pattern == "live" else pattern in {origin, origin.split("/")[0]}


def expected(command: str, by: str, origin: str) -> str | None:
    """Where SPEC's table leads, by its first row that fits; None is a refusal."""
    for row_command, row_by, origins, to in SPEC_ROWS:
        if (row_command, row_by) == (command, by) and any(matches(origin, pattern) for pattern in origins):
            return origin if to == SAME else to
    return None


def standing(text: str) -> Standing:
    status, substatus = text.split("/")
    return Standing(Status(status), Substatus(substatus))


def standing_at(origin: str, type_: CaseType = CaseType.SUPPORT) -> Desk:
    desk = history("Mon 09:00 opened high", *PATHS[origin], under=RULES, type_=type_)
    assert desk.standing == origin
    return desk


@pytest.mark.parametrize("origin", PATHS)
@pytest.mark.parametrize("by", SIDES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_square_of_the_table(command: str, by: str, origin: str) -> None:
    """STAT-4: each move by each side from each standing leads where SPEC's table says, or is refused."""
    to = expected(command, by, origin)
    for type_ in TABLE_TYPES:
        if to is None:
            with pytest.raises(Refused) as refusal:
                transitions.target(type_, Move(command), SIDES[by], standing(origin))
            _names_what_is_allowed(refusal.value, by, origin)
        else:
            assert transitions.target(type_, Move(command), SIDES[by], standing(origin)) == standing(to)


def _names_what_is_allowed(refusal: Refused, by: str, origin: str) -> None:
    allowed = [other for other in COMMANDS if expected(other, by, origin)]
    assert refusal.rule == "STAT-4"
    assert refusal.hint is not None
    named = refusal.hint.split(": ")[1].split(", ")
    assert sorted(named) == sorted(allowed or ["nothing"])


@pytest.mark.parametrize("origin", PATHS)
@pytest.mark.parametrize("by", SIDES)
@pytest.mark.parametrize("command", DECIDE)
def test_every_command_obeys_the_table(command: str, by: str, origin: str) -> None:
    """STAT-4: each command moves a case with one event as the table says, and a refused one brings none."""
    to = expected(command, by, origin)
    for type_ in TABLE_TYPES:
        desk = standing_at(origin, type_)
        if to is None:
            with pytest.raises(Refused):
                desk.command(AT, lambda case: DECIDE[command](case, ACTS[by]))
            assert desk.standing == origin
        else:
            event = desk.command(AT, lambda case: DECIDE[command](case, ACTS[by]))
            assert desk.standing == to
            assert (event.at, event.actor, event.via) == (AT, ACTS[by].by, ACTS[by].via)


@pytest.mark.parametrize("origin", PATHS)
def test_auto_close_obeys_the_table(origin: str) -> None:
    """FU-1: time closes a case from Awaiting Info as Cancelled, from Solution Proposed as Resolved, else never."""
    to, desk = expected("auto-close", "T", origin), standing_at(origin)
    if to is None:
        with pytest.raises(Refused):
            lifecycle.auto_close(desk.case, AT)
    else:
        desk.command(AT, lambda case: lifecycle.auto_close(case, AT))
        assert desk.standing == to


@pytest.mark.parametrize("origin", PATHS)
def test_a_logged_phone_call_counts_as_the_callers_act(origin: str) -> None:
    """STAT-3: what staff log for a caller moves the case as the caller's own act would, and names both."""
    to, desk = expected("update", "C", origin), standing_at(origin)
    if to is None:
        with pytest.raises(Refused):
            desk.command(AT, lambda case: lifecycle.update(case, TEXT, CALLER, AT))
    else:
        event = desk.command(AT, lambda case: lifecycle.update(case, TEXT, CALLER, AT))
        assert desk.standing == to
        assert (event.actor, event.data["logged_by"]) == (CALLER.by, CALLER.logged_by)


CHOICES = [
    # move, side, substatuses that SPEC lets choose
    (Move.PROPOSE, Side.STAFF, {"solution-proposed", "problem-resolved"}),
    (Move.RESTORE, Side.STAFF, {"pending-permanent-solution", "pending-rca"}),
    (Move.CLOSE, Side.STAFF, {"resolved", "cancelled", "redirected"}),
    (Move.CLOSE, Side.CONTACT, {"resolved", "cancelled"}),
    (Move.ASK, Side.STAFF, set()),
    (Move.UPDATE, Side.STAFF, set()),
    (Move.INVESTIGATE, Side.STAFF, set()),
]


@pytest.mark.parametrize("origin", LIVE)
@pytest.mark.parametrize(("move", "side", "choices"), CHOICES)
def test_a_sub_status_is_chosen_from_the_table(move: Move, side: Side, choices: set[str], origin: str) -> None:
    """STAT-1: `--substatus` reaches the sub-statuses that the table offers, and no other."""
    for substatus in Substatus:
        if substatus in choices:
            after = transitions.target(CaseType.SUPPORT, move, side, standing(origin), substatus)
            assert after.substatus is substatus
        else:
            with pytest.raises(Refused) as refusal:
                transitions.target(CaseType.SUPPORT, move, side, standing(origin), substatus)
            assert refusal.value.hint is not None
            assert all(choice in refusal.value.hint for choice in choices)


def test_an_unknown_sub_status_is_refused() -> None:
    """STAT-1: a sub-status that does not exist is refused like one that does not fit."""
    with pytest.raises(Refused):
        transitions.target(CaseType.SUPPORT, Move.CLOSE, Side.STAFF, standing("open/new"), "mended")


def test_the_statuses_are_those_of_the_guide() -> None:
    """STAT-1: every standing that the table can reach is one that SPEC names."""
    reached = {row.to for row in transitions.CASE_TRANSITIONS if row.to}
    reached |= {Standing(row.to.status, s) for row in transitions.CASE_TRANSITIONS if row.to for s in row.choices}
    reached.add(transitions.first_standing(CaseType.SUPPORT))
    assert {"/".join(one) for one in reached} == set(PATHS)


FEATURE_LIVE = {
    # SPEC STAT-2, Open - Customer Care: how a feature request gets there
    "new": (),
    "investigation": ("Mon 10:00 investigated",),
    "info-required-from-customer": ("Mon 10:00 asked",),
    "solution-proposed": ("Mon 10:00 proposed",),
}


@pytest.mark.parametrize(("substatus", "path"), FEATURE_LIVE.items())
def test_a_feature_request_has_statuses_of_its_own(substatus: str, path: tuple[str, ...]) -> None:
    """STAT-2: with Customer Care a feature request moves through the four sub-statuses of its own."""
    desk = history("Mon 09:00 opened low", *path, type_=CaseType.FEATURE_REQUEST)
    assert desk.standing == f"open-customer-care/{substatus}"
    assert (desk.case.followup is not None) == (substatus in {"info-required-from-customer", "solution-proposed"})


@pytest.mark.parametrize("substatus", ["declined", "delivered", "duplicate", "redirected"])
def test_a_feature_request_closes_with_an_end_of_its_own(substatus: str) -> None:
    """STAT-2: a feature request closes as Declined, Delivered, Duplicate or Redirected."""
    desk = history("Mon 09:00 opened low", f"Mon 10:00 closed {substatus}", type_=CaseType.FEATURE_REQUEST)
    assert desk.standing == f"closed/{substatus}"


@pytest.mark.parametrize("substatus", ["resolved", "cancelled", "problem-resolved"])
def test_a_feature_request_does_not_borrow_ends(substatus: str) -> None:
    """STAT-2: the ends of other cases are refused for a feature request."""
    with pytest.raises(Refused):
        history("Mon 09:00 opened low", f"Mon 10:00 closed {substatus}", type_=CaseType.FEATURE_REQUEST)


def test_redirecting_needs_a_reason() -> None:
    """CLOSE-1: staff close as Redirected only with a reason."""
    case = standing_at("open/new").case
    for nothing in (None, "", "  \n"):
        with pytest.raises(Invalid, match="reason"):
            lifecycle.close(case, nothing, "redirected", STAFF, AT)
    assert lifecycle.close(case, "to the carrier", "redirected", STAFF, AT).data["substatus"] == "redirected"


def test_an_incident_closes_with_its_root_cause() -> None:
    """CLOSE-1: staff close an incident only with its root cause, which stays on the case."""
    desk = standing_at("open/new", CaseType.INCIDENT)
    with pytest.raises(Invalid, match="root cause"):
        lifecycle.close(desk.case, TEXT, None, STAFF, AT)
    desk.play("Mon 12:00 closed")
    assert desk.case.root_cause == "a loose cable"


def test_a_designated_contact_closes_at_any_time() -> None:
    """CLOSE-1: the customer closes a live case from every standing, and the record says who did."""
    for origin in LIVE:
        desk = standing_at(origin)
        event = desk.command(AT, lambda case: lifecycle.close(case, None, None, CONTACT, AT))
        assert (desk.case.closed_at, desk.case.closed_by) == (AT, CONTACT.by)
        assert event.at == AT


def test_accepting_and_rejecting_a_proposal() -> None:
    """STAT-3: accept closes as Resolved, reject opens as Customer Responded, and both stop the ladder."""
    accepted = history("Mon 09:00 opened high", "Mon 10:00 proposed", "Mon 11:00 accepted")
    rejected = history("Mon 09:00 opened high", "Mon 10:00 proposed", "Mon 11:00 rejected")
    assert (accepted.standing, accepted.case.followup) == ("closed/resolved", None)
    assert (rejected.standing, rejected.case.followup) == ("open/customer-responded", None)


def test_an_internal_note_moves_nothing() -> None:
    """UPD-1: a note changes neither status nor ladder nor `modified_at`, and is refused on a closed case."""
    for origin in LIVE:
        desk = standing_at(origin)
        before = desk.case
        desk.play("Mon 12:00 noted")
        after = desk.case
        assert (after.standing, after.followup, after.clocks) == (before.standing, before.followup, before.clocks)
        assert after.modified_at == before.modified_at
    for origin in CLOSED:
        with pytest.raises(Refused):
            standing_at(origin).play("Mon 12:00 noted")
