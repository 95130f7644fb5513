"""Deadlines of requests and incidents in every view: who is told what, and that it comes true (SR-1, INC-2)."""

import json
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, BEN, DANA, HARBOR, LENA, MIA, OMAR, SAM, Office
from ledger_checker import faults
from notation import said

from carecli.desk import cases, doctor, explaining, reading, requests
from carecli.desk.forecast import upcoming
from carecli.desk.home import home
from carecli.desk.incidents import actions, affecting, declaring
from carecli.desk.incidents import requesting as wishes
from carecli.domain.events import Kind
from carecli.domain.forecast import Forecast
from carecli.domain.health import Watch
from carecli.domain.home import NeedKind
from carecli.domain.vocabulary import CaseType
from carecli.render import case_document
from carecli.render.explain_document import explain

REQUEST: dict[str, Any] = {
    "type": CaseType.SERVICE_REQUEST,
    "subtype": "change-request",
    "fields": {"change": "add"},
}


@pytest.fixture
def request_of_dana(office: Office) -> int:
    return office.open("Mon 09:00", DANA, **REQUEST)


@pytest.fixture
def incident(office: Office) -> int:
    """An incident of ABC that also affects Harbor: Tuesday 10:00 restored, both want the report."""
    number = office.open("Mon 09:00", DANA)
    cases.assign(office.by(SAM, "Mon 09:30"), number)
    declaring.declare(office.by(SAM, "Mon 10:00"), number, {"title": "Calls drop everywhere"}, {})
    affecting.affect(office.by(SAM, "Mon 10:10"), number, [], [HARBOR])
    wishes.request(office.by(DANA, "Mon 11:00"), number)
    wishes.request(office.by(SAM, "Mon 11:10"), number, account=HARBOR)
    actions.add(office.by(SAM, "Mon 12:00"), number, "Replace the trunk.", BEN, office.by(BEN, "Tue 12:00").now)
    cases.restore(office.by(SAM, "Tue 10:00"), number, "It works again.")
    return number


def shown(office: Office, who: str, number: int, at: str) -> list[tuple[int, str, str | None, str | None, str]]:
    """The deadlines in the document of `care show`: id, kind, about, owner, state."""
    told = case_document.case(reading.show(office.by(who, at), number))["deadlines"]
    return [(one["id"], one["kind"], one["about"], one["owner"], one["state"]) for one in told]


def lines(told: Forecast) -> list[str]:
    return [f"{said(c.due_at)} {c.case.number} {c.deadline.kind}" for c in told.coming if c.deadline]


def checked(office: Office, who: str, number: int, at: str) -> tuple[Any, list[str]]:
    """What `care explain --json` prints, and what does not hold of it."""
    desk = office.by(who, at)
    document = json.loads(json.dumps(explain(explaining.explain(desk, number))))
    with desk.reading() as record:
        calendar, policy = (record.document(document[name]) for name in ("calendar", "policy"))
    events = [case_document.event(entry) for entry in reading.log(desk, number)]
    return document, faults(document, calendar, events, policy)


def test_a_request_shows_what_is_promised(office: Office, request_of_dana: int) -> None:
    """SR-1: both sides read the same two deadlines, on the case and on lists."""
    expected = [(1, "acknowledgement", None, None, "running"), (2, "decision", None, None, "running")]
    assert shown(office, DANA, request_of_dana, "Mon 10:00") == expected
    assert shown(office, SAM, request_of_dana, "Mon 10:00") == expected
    page = reading.list_cases(office.by(OMAR, "Mon 10:00"), group=True)
    (row,) = [case_document.case_row(view) for view in page.views]
    assert [one["due_at"] for one in row["deadlines"]] == ["2026-03-03T09:00:00Z", "2026-03-04T09:00:00Z"]


def test_a_forecast_of_deadlines_comes_true(office: Office, request_of_dana: int) -> None:
    """TICK-2: what is foretold is what a tick then does, and what was met in time is foretold no more."""
    told = upcoming(office.by(MIA, "Mon 10:00"), within="5bd")
    assert lines(told) == ["Tue 09:00 1 acknowledgement", "Wed 09:00 1 decision"]
    assert lines(upcoming(office.by(DANA, "Mon 10:00"), within="5bd", mine=True)) == lines(told)
    assert lines(upcoming(office.by(LENA, "Mon 10:00"), within="5bd")) == []
    requests.acknowledge(office.by(SAM, "Mon 11:00"), request_of_dana)
    assert lines(upcoming(office.by(DANA, "Mon 12:00"), within="5bd")) == ["Wed 09:00 1 decision"]
    office.tick("Thu 09:00")
    assert office.kinds(request_of_dana, Kind.DEADLINE_MET, Kind.DEADLINE_MISSED) == [
        "2026-03-02 11:00 deadline-met",
        "2026-03-04 09:00 deadline-missed",
    ]
    assert office.differences() == []


def test_a_report_goes_on_after_the_case_is_closed(office: Office, incident: int) -> None:
    """INC-2: deadlines outlive their case, in the forecast of everybody whom they concern."""
    declaring.hold_post_mortem(office.by(SAM, "Wed 10:00"), incident, "It was the trunk.", "the trunk")
    cases.accept(office.by(DANA, "Wed 11:00"), incident)
    assert office.case(incident).closed
    both = ["Mon+1 10:00 1 incident-report", "Mon+1 10:00 1 incident-report"]
    assert lines(upcoming(office.by(MIA, "Wed 12:00"), within="5bd")) == both
    assert lines(upcoming(office.by(SAM, "Wed 12:00"), within="5bd", mine=True)) == both
    # The customer is told of the own account's report alone.
    for mine in (True, False):
        assert lines(upcoming(office.by(DANA, "Wed 12:00"), within="5bd", mine=mine)) == both[:1]
    assert [c.deadline.kind for c in home(office.by(DANA, "Wed 12:00")).coming if c.deadline] == [
        "incident-report"
    ]


def test_a_customer_is_told_of_the_own_deadlines_alone(office: Office, incident: int) -> None:
    """DC-3: neither what staff do among themselves nor another account's report shows, not even by a gap."""
    declaring.hold_post_mortem(office.by(SAM, "Wed 10:00"), incident, "It was the trunk.", "the trunk")
    assert shown(office, SAM, incident, "Wed 11:00") == [
        (1, "action", "1. Replace the trunk.", BEN, "missed"),
        (2, "post-mortem", None, None, "met"),
        (3, "incident-report", ABC, None, "running"),
        (4, "incident-report", HARBOR, None, "running"),
    ]
    assert shown(office, DANA, incident, "Wed 11:00") == [
        (1, "post-mortem", None, None, "met"),
        (2, "incident-report", ABC, None, "running"),
    ]
    document, wrong = checked(office, DANA, incident, "Wed 11:00")
    assert wrong == []
    assert [(one["id"], one["kind"]) for one in document["deadlines"]] == [
        (1, "post-mortem"),
        (2, "incident-report"),
    ]
    assert HARBOR not in json.dumps(document)
    assert BEN not in json.dumps(document["deadlines"])
    document, wrong = checked(office, SAM, incident, "Wed 11:00")
    assert (wrong, len(document["deadlines"])) == ([], 4)


def test_explain_looks_back(office: Office, request_of_dana: int) -> None:
    """TICK-3: with --at a proof stands as it stood then; with --metric it is that clock's alone."""
    requests.acknowledge(office.by(SAM, "Mon 11:00"), request_of_dana)
    desk = office.by(SAM, "Tue 10:00")
    now = explaining.explain(desk, request_of_dana).deadlines[0]
    then = explaining.explain(desk, request_of_dana, at=office.by(SAM, "Mon 10:00").now).deadlines[0]
    assert (said(now.deadline.met_at), then.deadline.met_at) == ("Mon 11:00", None)
    assert (now.used_s, then.used_s) == (2 * 3600, 3600)


def test_a_missed_deadline_needs_somebody(office: Office, incident: int) -> None:
    """INC-2: it shows on the page of who sees to it and of managers, in the tick and to a monitor, until met."""
    office.tick("Tue 11:00")
    assert doctor.pulse(office.by(ADA, "Tue 11:00")).vitals.deadlines_missed == 0
    assert doctor.pulse(office.by(ADA, "Tue 12:30")).vitals.deadlines_missed == 1  # no tick has said so yet
    report = office.tick("Tue 12:30")
    assert [(one.number, one.kind, one.owner) for one in report.deadlines] == [(incident, "action", BEN)]
    late = {who: _late(office, who, "Tue 13:00") for who in (BEN, SAM, MIA)}
    assert late == {BEN: ["action"], SAM: [], MIA: ["action"]}
    felt = doctor.pulse(office.by(ADA, "Tue 13:00"))
    assert (felt.vitals.deadlines_missed, felt.watch) == (1, Watch.CRITICAL)
    office.tick("Thu 11:00")
    assert _late(office, SAM, "Thu 11:00") == ["post-mortem"]
    assert _late(office, MIA, "Thu 11:00") == ["action", "post-mortem"]
    assert home(office.by(DANA, "Thu 11:00")).needs[0].kind is NeedKind.ANSWER
    actions.done(office.by(BEN, "Thu 12:00"), incident, 1, None)
    declaring.hold_post_mortem(office.by(SAM, "Thu 12:00"), incident, None, "the trunk")
    assert _late(office, MIA, "Thu 12:30") == []
    assert doctor.pulse(office.by(ADA, "Thu 12:30")).vitals.deadlines_missed == 0
    assert office.differences() == []


def _late(office: Office, who: str, at: str) -> list[str]:
    """The deadlines that the home page says are missed."""
    needs = [need for need in home(office.by(who, at)).needs if need.kind is NeedKind.LATE]
    return [one.deadline.kind.value for need in needs for one in need.waiting if one.deadline]


def test_time_begins_a_deadline_and_misses_it_in_one_tick(office: Office) -> None:
    """FU-4, INC-2: an incident that silence closes owes a post-mortem from that nominal time on."""
    number = office.open("Mon 09:00", DANA)
    declaring.declare(office.by(SAM, "Mon 10:00"), number, {}, {})
    cases.propose(office.by(SAM, "Mon 11:00"), number, "Use the other trunk.")
    told = upcoming(office.by(MIA, "Mon 12:00"), within="30bd")
    assert lines(told)[-1:] == ["Wed+2 11:00 1 post-mortem"]
    for at in ("Wed 11:00", "Mon+1 11:00", "Fri+2 12:00"):
        report = office.tick(at)
    assert [(one.number, one.kind.value, said(one.due_at)) for one in report.deadlines] == [
        (number, "post-mortem", "Wed+2 11:00")
    ]
    assert said(office.case(number).closed_at) == "Mon+2 11:00"
    assert office.differences() == []
