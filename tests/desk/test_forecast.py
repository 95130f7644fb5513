"""The forecast of a real desk: whose cases, how far, and that it comes true without touching anything."""

from datetime import datetime

import pytest
from desk_fixtures import BOB, DANA, LENA, MIA, OMAR, RITA, ROSA, SAM, Office, ask, propose
from notation import said

from carecli.desk import cases, directory
from carecli.desk.forecast import stream, upcoming
from carecli.desk.rulebook import Rulebook
from carecli.domain.case import Case
from carecli.domain.events import Kind
from carecli.domain.finding import Scope
from carecli.domain.forecast import Forecast
from carecli.domain.people import CalendarSpec
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Priority
from carecli.errors import Invalid, NotPermitted
from carecli.store.protocol import Reading

MARKS = {Kind.CLOCK_WARNED: "warning", Kind.CLOCK_BREACHED: "breach"}


def lines(told: Forecast) -> list[str]:
    """A forecast in a few words."""
    return [f"{said(c.due_at)} {c.case.number} {c.effect} {c.timer.metric or c.stage}" for c in told.coming]


def happened(office: Office, since: int, until: datetime) -> list[str]:
    """What the record says that time did, in the same words."""
    told = []
    for number, at, _, kind, data in office.log()[since:]:
        if at <= until and kind in MARKS:
            told.append(f"{said(at)} {number} {MARKS[kind]} {data['metric']}")
        elif at <= until and kind is Kind.FOLLOW_UP_SENT:
            told.append(f"{said(at)} {number} {data['action']} {data['stage']}")
    return told


@pytest.fixture
def busy(office: Office) -> Office:
    """Cases that wait for time in every way."""
    office.open("Mon 09:00", DANA)
    ask(office.by(SAM, "Mon 09:30"), office.open("Mon 09:10", OMAR, priority=Priority.MEDIUM))
    propose(office.by(SAM, "Mon 10:30"), office.open("Mon 10:00", LENA))
    office.open("Mon 10:10", LENA, service="Wallboard", priority=Priority.LOW)
    return office


def test_it_comes_true(busy: Office) -> None:
    """TICK-2: everything foretold for three weeks is what a tick at each due time then does, in that order."""
    desk = busy.by(MIA, "Mon 11:00")
    told = upcoming(desk, within="21d")
    before = len(busy.log())
    due = busy.tick(desk.now).next_due_at
    while due and due <= told.until:
        due = busy.tick(due).next_due_at
    assert lines(told) == happened(busy, before, told.until)
    assert told.total == len(told.coming) > 10


def test_nothing_is_written(busy: Office) -> None:
    """TICK-2: a forecast changes nothing."""
    before = busy.dump()
    upcoming(busy.by(MIA, "Fri+3 11:00"), within="30d")
    assert busy.dump() == before


@pytest.mark.parametrize(
    ("within", "until"),
    [
        ("1bd", "Mon+1 09:00"),  # Friday after hours moves to Monday, a business day later is Tuesday
        ("8h", "Sat 02:00"),
        ("3bh", "Mon+1 12:00"),
        ("2d", "Sun 18:00"),
        ("0h", "Fri 18:00"),
    ],
)
def test_how_far_it_looks(busy: Office, within: str, until: str) -> None:
    """TICK-2 and CAL-2: --within is counted by the desk's calendar, around the clock where the amount says so."""
    expected = "Tue+1 09:00" if within == "1bd" else until
    assert said(upcoming(busy.by(MIA, "Fri 18:00"), within=within).until) == expected


def test_a_contacts_business_days_are_the_accounts(busy: Office) -> None:
    """ACC-3: for a contact business time is the account's, for staff the desk's."""
    ada = busy.by("ada@desk.example", "Mon 11:00")
    directory.edit_account(ada, "Harbor Clinic", calendar=CalendarSpec("Asia/Tokyo", "Sun-Thu 01:00-03:00", ""))
    assert (
        said(upcoming(busy.by(LENA, "Mon 11:00"), within="1bd").until) == "Tue 16:00"
    )  # Wednesday, 01:00 in Tokyo
    assert said(upcoming(busy.by(MIA, "Mon 11:00"), within="1bd").until) == "Tue 11:00"


def numbers(told: Forecast) -> set[int]:
    """The cases of a forecast."""
    return {one.case.number for one in told.coming}


def test_whose_cases(busy: Office) -> None:
    """DC-3 and FIND-1: staff see the desk's, their own or their group's; a contact the account's or the own."""
    cases.assign(busy.by(SAM, "Mon 11:00"), 3)
    at = "Mon 12:00"
    assert numbers(upcoming(busy.by(SAM, at), within="30d")) == {1, 2, 3, 4}
    assert numbers(upcoming(busy.by(SAM, at), within="30d", mine=True)) == {3}
    assert numbers(upcoming(busy.by(RITA, at), within="30d", group=True)) == {4}
    assert numbers(upcoming(busy.by(DANA, at), within="30d")) == {1, 2}
    assert numbers(upcoming(busy.by(ROSA, at), within="30d")) == {1, 2}
    assert numbers(upcoming(busy.by(DANA, at), within="30d", mine=True)) == {1}
    assert numbers(upcoming(busy.by(LENA, at), within="30d", group=True)) == {3, 4}
    with pytest.raises(NotPermitted):
        upcoming(busy.by(BOB, at))


def test_a_warning_is_not_the_customers(busy: Office) -> None:
    """DC-3: a contact is told of what was promised and of the follow-up, never of Customer Care's warnings."""
    assert {c.effect.value for c in upcoming(busy.by(DANA, "Mon 12:00"), within="30d").coming} == {
        "breach",
        "reminder",
        "close",
    }


def test_a_limit_tells_the_first(busy: Office) -> None:
    """TICK-2: --limit tells the first so many, and that there are more; the total is then not counted."""
    desk = busy.by(MIA, "Mon 11:00")
    whole = upcoming(desk, within="30d")
    first = upcoming(desk, within="30d", limit=3)
    assert (first.coming, first.total) == (whole.coming[:3], None)
    exact = upcoming(desk, within="30d", limit=len(whole.coming))
    assert (exact.coming, exact.total) == (whole.coming, len(whole.coming))


def test_where_nothing_is_due_the_next_is_told(busy: Office) -> None:
    """TICK-2: an empty forecast tells when something comes at all."""
    following = busy.tick("Mon 11:00").next_due_at
    told = upcoming(busy.by(MIA, "Mon 11:00"), within="0h")
    assert (told.coming, told.total, told.next_at) == ((), 0, following)


def test_a_case_whose_turn_does_not_come_is_not_read(busy: Office) -> None:
    """TICK-2: a forecast of the first few reads the first few cases, however many wait."""
    looked: list[int] = []

    class Watched(Rulebook):
        def of(self, reading: Reading, case: Case) -> Rules:
            looked.append(case.number)
            return super().of(reading, case)

    desk = busy.by(MIA, "Mon 11:00")._replace(rulebook=Watched())
    with desk.reading() as reading:
        coming = stream(desk, reading, Scope())
        next(coming)
        assert looked == [1]
        next(one for one in coming if one.case.number == 2)
        assert looked == [1, 4, 2]


@pytest.mark.parametrize("within", ["soon", "", "3", "-1h", "1000000000d", "1000000000bd"])
def test_what_is_no_horizon(busy: Office, within: str) -> None:
    """CAL-4: what is no amount, or ends nowhere, is refused with what may be written."""
    with pytest.raises(Invalid) as refused:
        upcoming(busy.by(MIA, "Mon 11:00"), within=within)
    assert refused.value.hint
