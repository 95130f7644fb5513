"""Lists and searches on a real desk: whose cases, in which order, on which page."""

from typing import Any

import pytest
from desk_fixtures import (
    ABC,
    ADA,
    BEN,
    DANA,
    HARBOR,
    LENA,
    MIA,
    OMAR,
    RITA,
    SAM,
    Office,
    ask,
    note,
    numbers,
    propose,
    say,
)
from notation import when

from carecli.desk import cases, reading, severity
from carecli.domain.finding import Filter
from carecli.domain.vocabulary import Priority, Status
from carecli.errors import Invalid


@pytest.fixture
def busy(office: Office) -> Office:
    """1 Dana's, answered; 2 Omar's; 3 Lena's; 4 Dana's, closed; 5 Dana's, awaiting her; 6 Omar's, proposed."""
    for minute, who in enumerate((DANA, OMAR, LENA, DANA, DANA, OMAR)):
        office.open(f"Mon 09:0{minute}", who, service="Wallboard" if minute == 1 else "Voice")
    cases.assign(office.by(SAM, "Mon 09:30"), 1)
    say("Looking.")(office.by(SAM, "Mon 10:00"), 1)
    cases.close(office.by(DANA, "Mon 10:01"), 4)
    ask(office.by(SAM, "Mon 10:02"), 5)
    propose(office.by(BEN, "Mon 10:03"), 6)
    note("Only for us.")(office.by(SAM, "Mon 11:00"), 2)
    return office


def test_a_contact_lists_the_own_the_accounts_and_closed_ones(busy: Office) -> None:
    """FIND-1: own open cases, most recently updated first; --group the account's, --all closed ones too."""
    dana = busy.by(DANA, "Mon 12:00")
    assert numbers(dana) == [5, 1]
    assert numbers(dana, mine=True) == [5, 1]
    assert numbers(dana, group=True) == [6, 5, 1, 2]
    assert numbers(dana, everything=True) == [5, 4, 1]
    assert numbers(dana, group=True, everything=True) == [6, 5, 4, 1, 2]
    assert numbers(busy.by(LENA, "Mon 12:00"), group=True, everything=True) == [3]


def test_a_contact_cannot_filter_the_way_out_of_the_account(busy: Office) -> None:
    """DC-3 and FIND-1: no scope or filter shows a contact another account's case."""
    dana = busy.by(DANA, "Mon 12:00")
    for filter_ in (Filter(account=HARBOR), Filter(contact=LENA), Filter(group="Voice"), Filter(service="Voice")):
        ways: tuple[dict[str, Any], ...] = ({}, {"group": True}, {"everything": True}, {"in_group": "Voice"})
        for how in ways:
            assert 3 not in numbers(dana, filter_=filter_, **how)
    assert reading.list_cases(dana, filter_=Filter(account=HARBOR)).tabs["open"] == 0


def test_staff_list_their_queue_a_groups_or_all(busy: Office) -> None:
    """FIND-1: staff see the own queue, their product group's or another's, and with --all every case."""
    sam = busy.by(SAM, "Mon 12:00")
    assert numbers(sam) == [1]
    assert numbers(sam, mine=True) == [1]
    assert numbers(sam, group=True) == [6, 5, 1, 3]
    assert numbers(sam, in_group="reporting") == [2]
    assert numbers(busy.by(RITA, "Mon 12:00"), group=True) == [2]
    assert numbers(sam, everything=True) == [6, 5, 4, 1, 3, 2]
    with pytest.raises(Invalid):
        numbers(busy.by(ADA, "Mon 12:00"), group=True)


def test_tabs_count_what_the_scope_holds(busy: Office) -> None:
    """FIND-1: the tabs count each status within the scope, closed ones too, whichever tab is open."""
    dana = busy.by(DANA, "Mon 12:00")
    tabs = {"open": 2, "awaiting-info": 1, "solution-proposed": 1, "service-restored": 0, "closed": 1}
    for filter_ in (None, Filter(statuses=(Status.CLOSED,)), Filter(statuses=(Status.OPEN,))):
        assert reading.list_cases(dana, group=True, filter_=filter_).tabs == tabs
    assert numbers(dana, group=True, filter_=Filter(statuses=(Status.CLOSED,))) == [4]


def test_pages_hold_25_unless_told_otherwise(office: Office) -> None:
    """FIND-1: 25 a page; every case is on one page; beyond the last there is none."""
    for minute in range(30):
        office.open(f"Mon 09:{minute:02d}")
    dana = office.by(DANA, "Mon 12:00")
    first, second = (reading.list_cases(dana, page=page) for page in (1, 2))
    assert (len(first.views), len(second.views), first.total, first.pages, second.page) == (25, 5, 30, 2, 2)
    assert [v.case.number for v in (*first.views, *second.views)] == list(range(30, 0, -1))
    assert reading.list_cases(dana, page=3).views == ()
    assert len(reading.list_cases(dana, limit=0).views) == 30
    assert reading.list_cases(dana, limit=7).pages == 5
    wrongs: tuple[dict[str, Any], ...] = ({"page": 0}, {"limit": -1})
    for wrong in wrongs:
        with pytest.raises(Invalid):
            reading.list_cases(dana, **wrong)


def test_lists_sort_by_each_column(busy: Office) -> None:
    """FIND-2: lists sort by what is chosen, either way; a wrong column names the right ones."""
    severity.change(busy.by(MIA, "Mon 11:30"), 2, Priority.LOW, "Small.", confirm=lambda _: True)
    sam = busy.by(SAM, "Mon 12:00")
    assert numbers(sam, everything=True, sort="number", descending=False) == [1, 2, 3, 4, 5, 6]
    assert numbers(sam, everything=True, sort="opened") == [6, 5, 4, 3, 2, 1]
    assert numbers(sam, everything=True, sort="priority")[0] == 2
    assert numbers(sam, everything=True, sort="contact", descending=False) == [1, 4, 5, 3, 2, 6]
    with pytest.raises(Invalid) as error:
        numbers(sam, sort="colour")
    assert "modified" in str(error.value.hint)


def test_lists_filter_on_each_column(busy: Office) -> None:
    """FIND-2: filters on every column, without regard to letter case, together."""
    ada = busy.by(ADA, "Mon 12:00")

    def found(**wanted: object) -> list[int]:
        return sorted(numbers(ada, everything=True, filter_=Filter(**wanted)))  # type: ignore[arg-type]

    assert found(account=HARBOR.upper()) == [3]
    assert found(service="wallboard") == [2]
    assert found(deployment="west", account=ABC) == [1, 2, 4, 5, 6]
    assert found(owner=SAM) == [1]
    assert found(contact=OMAR) == [2, 6]
    assert found(group="reporting") == [2]
    assert found(type="support", priority=Priority.HIGH) == [1, 2, 3, 4, 5, 6]
    assert found(priority=Priority.LOW) == []
    assert found(since=when("Mon 09:02"), until=when("Mon 09:04")) == [3, 4]


def test_search_finds_numbers_and_words_within_what_may_be_seen(busy: Office) -> None:
    """FIND-3: by number with or without zeros or #, or by words; a contact's search ends at the account."""
    for typed in ("5", "#5", "0000000005"):
        assert [v.case.number for v in reading.search(busy.by(DANA, "Mon 12:00"), typed).views] == [5]
    assert reading.search(busy.by(LENA, "Mon 12:00"), "5").total == 0
    assert reading.search(busy.by(LENA, "Mon 12:00"), "calls").total == 1
    found = reading.search(busy.by(DANA, "Mon 12:00"), "trace")
    assert [v.case.number for v in found.views] == [5]
    assert "«trace" in str(found.views[0].snippet)
    assert reading.search(busy.by(DANA, "Mon 12:00"), "only for us").total == 0
    assert [v.case.number for v in reading.search(busy.by(SAM, "Mon 12:00"), "only for us").views] == [2]
    assert reading.search(busy.by(SAM, "Mon 12:00"), "calls").total == 6
    for hostile in ('"', "NEAR(a b)", "notes: us", "*", "a OR b", "'; DROP TABLE cases", "-", "\0", "(" * 100):
        reading.search(busy.by(DANA, "Mon 12:00"), hostile)
    assert reading.search(busy.by(DANA, "Mon 12:00"), "notes : only").total == 0
