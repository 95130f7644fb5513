"""Exempting at a real desk: who may, what the customer reads, and that the record holds (SLA-9, DC-3, DC-5)."""

import pytest
from desk_fixtures import ADA, BEN, DANA, LENA, MIA, ROSA, SAM, Office, note, say
from ledger_checker import faults
from notation import when

from carecli.desk import exempting, explaining, reading, retrospect
from carecli.domain.clock import ClockState
from carecli.domain.events import Kind
from carecli.domain.exempting import Stretch
from carecli.domain.vocabulary import Metric
from carecli.errors import NotFound, NotPermitted
from carecli.render import case_document
from carecli.render.explain_document import explain

WHY = "Dana's firewall kept us out until ten, as agreed on the phone."
HOUR = Stretch(when("Mon 09:30"), when("Mon 12:30"))


@pytest.fixture
def number(office: Office) -> int:
    """A case that was answered an hour too late."""
    number = office.open("Mon 09:00")
    office.tick("Mon 11:30")
    say("We are at it.")(office.by(SAM, "Mon 12:00"), number)
    return number


@pytest.mark.parametrize("who", [SAM, BEN, DANA, ROSA])
def test_managers_exempt_and_nobody_else(office: Office, number: int, who: str) -> None:
    """DC-5: an agent and a contact may neither exempt nor withdraw; the record stays as it was."""
    before = office.dump()
    with pytest.raises(NotPermitted, match="may not exempt time"):
        exempting.exempt(office.by(who, "Tue 09:00"), number, HOUR, WHY)
    with pytest.raises(NotPermitted, match="may not exempt time"):
        exempting.withdraw(office.by(who, "Tue 09:00"), number, 1, WHY)
    assert office.dump() == before


def test_another_accounts_case_does_not_exist(office: Office, number: int) -> None:
    """DC-3: who may not see a case is told that there is none, not who may exempt."""
    with pytest.raises(NotFound, match="there is no case"):
        exempting.exempt(office.by(LENA, "Tue 09:00"), number, HOUR, WHY)


@pytest.mark.parametrize("who", [MIA, ADA])
def test_the_record_stays_and_both_figures_show(office: Office, number: int, who: str) -> None:
    """SLA-9: the clock stays breached, adjusted it is met; verify finds the record whole."""
    done = exempting.exempt(office.by(who, "Tue 09:00"), number, HOUR, WHY)
    response = done.judged[0]
    assert (response.raw.state, response.adjusted.state) == (ClockState.BREACHED, ClockState.MET)
    assert office.clock(number, Metric.RESPONSE).state is ClockState.BREACHED
    assert office.case(number).modified_at == when("Mon 12:00")
    assert [one.reason for one in office.case(number).exemptions] == [WHY]
    assert office.differences() == []
    exempting.withdraw(office.by(who, "Tue 10:00"), number, 1, "It was not agreed.")
    assert office.case(number).exemptions == ()
    assert office.differences() == []


@pytest.mark.parametrize("who", [SAM, DANA, ROSA])
def test_every_reader_can_add_up_both(office: Office, number: int, who: str) -> None:
    """TICK-3, SLA-9: both proofs hold by the documents alone that this reader gets, notes or not."""
    note("Not our fault.")(office.by(SAM, "Mon 13:00"), number)
    exempting.exempt(office.by(MIA, "Tue 09:00"), number, HOUR, WHY)
    longer = HOUR._replace(metric=Metric.RESOLUTION, until=when("Fri 09:00"))
    exempting.exempt(office.by(MIA, "Tue 09:05"), number, longer, "They were away.")
    desk = office.by(who, "Wed 10:00")
    document = explain(explaining.explain(desk, number))
    with desk.reading() as record:
        calendar, policy = (record.document(str(document[name])) for name in ("calendar", "policy"))
    events = [case_document.event(entry) for entry in reading.log(desk, number)]
    assert faults(document, calendar, events, policy) == []
    assert [bool(clock["adjusted"]) for clock in document["clocks"]] == [True, True, True]
    line = next(line for line in document["clocks"][0]["adjusted"]["lines"] if line["kind"] == "exempt")
    named = next(event for event in events if event["kind"] == "exempted")
    assert (line["by"]["seq"], line["exemption"]) == (named["seq"], 1)


def test_as_it_stood_before(office: Office, number: int) -> None:
    """TICK-3: before it was granted nothing is exempted, nor after it was withdrawn."""
    exempting.exempt(office.by(MIA, "Tue 09:00"), number, HOUR, WHY)
    exempting.withdraw(office.by(MIA, "Thu 09:00"), number, 1, "It was not agreed.")
    sam = office.by(SAM, "Fri 09:00")
    for at, exempted in (("Mon 15:00", 0), ("Wed 09:00", 1), ("Thu 10:00", 0)):
        assert len(retrospect.show(sam, number, when(at)).case.exemptions) == exempted
        told = explain(explaining.explain(sam, number, at=when(at)))
        assert (len(told["exemptions"]), bool(told["clocks"][0]["adjusted"])) == (exempted, bool(exempted))


def test_the_customer_reads_why(office: Office, number: int) -> None:
    """SLA-9: the case and its log say to the customer what is left out and why."""
    exempting.exempt(office.by(MIA, "Tue 09:00"), number, HOUR, WHY)
    dana = office.by(DANA, "Tue 10:00")
    assert case_document.case(reading.show(dana, number))["exemptions"] == [
        {
            "id": 1,
            "from": "2026-03-02T09:30:00Z",
            "to": "2026-03-02T12:30:00Z",
            "metric": None,
            "reason": WHY,
            "by": MIA,
            "at": "2026-03-03T09:00:00Z",
        }
    ]
    log = [entry.event for entry in reading.log(dana, number)]
    assert [event.data["text"] for event in log if event.kind is Kind.EXEMPTED] == [WHY]
