"""Lists and searches as every engine must answer them."""

from datetime import timedelta

import pytest
from store.samples import T0, kept, new_case, standing

from carecli.domain.case import Case
from carecli.domain.escalation import Addressee, Escalation
from carecli.domain.finding import SORTS, TABS, Filter, Query, Scope
from carecli.domain.vocabulary import CaseType, Priority, Status
from carecli.errors import Invalid
from carecli.store.entries import CaseTexts
from carecli.store.protocol import Store, Writing

HOUR = timedelta(hours=1)
CASES: tuple[Case, ...] = (
    new_case(1, priority=Priority.LOW, subject="beta"),
    new_case(2, contact="Cem@acme.example", subject="Alpha")._replace(owner="Bob@care.example"),
    new_case(3, T0 + HOUR, service="Mail", component=None)._replace(standing=standing(Status.AWAITING_INFO)),
    new_case(4, account="Zürich AG", deployment="APAC")._replace(standing=standing(Status.CLOSED)),
    new_case(5, priority=Priority.MEDIUM)._replace(type=CaseType.FEATURE_REQUEST, modified_at=T0 + 9 * HOUR),
)
RAISED = Escalation(Addressee.MANAGER, ("mia@care.example",), T0, "ann@acme.example", None, True)


@pytest.fixture(scope="module")
def desk(lasting_store: Store) -> Store:
    """The cases, for tests that read them."""
    with lasting_store.write() as record:
        kept(record, CASES)
    return lasting_store


@pytest.fixture
def moving(store: Store) -> Store:
    """The cases, for a test that changes them."""
    with store.write() as record:
        kept(record, CASES)
    return store


ALL = Filter(closed=True)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (Query(), [5, 3, 2, 1]),  # most recently modified first, closed ones left out
        (Query(filter=ALL), [5, 3, 4, 2, 1]),
        (Query(scope=Scope(account="ACME", contact="ann@acme.example")), [5, 3, 1]),
        (Query(scope=Scope(account="zürich ag"), filter=ALL), [4]),
        (Query(scope=Scope(owner="bob@CARE.example")), [2]),
        (Query(scope=Scope(group="VOICE")), [5, 3, 2, 1]),
        (Query(scope=Scope(group="Nobody")), []),
        (Query(filter=Filter(account="ZÜRICH AG", closed=True)), [4]),
        (Query(filter=Filter(statuses=(Status.CLOSED,))), [4]),
        (Query(filter=Filter(statuses=(Status.CLOSED, Status.AWAITING_INFO))), [3, 4]),
        (Query(filter=Filter(statuses=(Status.OPEN,), closed=True)), [5, 2, 1]),
        (Query(filter=Filter(type="feature-request")), [5]),
        (Query(filter=Filter(priority=Priority.LOW)), [1]),
        (Query(filter=Filter(deployment="apac", closed=True)), [4]),
        (Query(filter=Filter(service="MAIL")), [3]),
        (Query(filter=Filter(component="trunks")), [5, 2, 1]),
        (Query(filter=Filter(contact="CEM@acme.example")), [2]),
        (Query(filter=Filter(owner="BOB@care.example")), [2]),
        (Query(filter=Filter(group="voice", priority=Priority.HIGH)), [3, 2]),
        (Query(filter=Filter(since=T0 + HOUR)), [3]),
        (Query(filter=Filter(until=T0 + HOUR)), [5, 2, 1]),  # half-open
        (Query(sort="number", descending=False), [1, 2, 3, 5]),
        (Query(sort="priority", descending=False), [2, 3, 5, 1]),
        (Query(sort="subject", descending=False), [2, 1, 3, 5]),
        (Query(sort="opened", descending=False), [1, 2, 5, 3]),
        (Query(limit=2), [5, 3]),
        (Query(limit=2, offset=2), [2, 1]),
        (Query(limit=2, offset=4), []),
        (Query(limit=None, offset=1), [3, 2, 1]),
    ],
)
def test_lists(desk: Store, query: Query, numbers: list[int]) -> None:
    """Scope, filters without letter case, order and page give these cases (FIND-1, FIND-2)."""
    with desk.read() as record:
        assert [case.number for case in record.find(query).cases] == numbers
        assert [state["number"] for state in record.every(query)] == numbers


def test_more_cases_than_are_read_at_once(store: Store) -> None:
    """All cases come once, in order, with the same states as a page of them has (EXP-1)."""
    with store.write() as record:
        kept(record, (new_case(n, T0 + n * HOUR) for n in range(1, 451)))
    with store.read() as record:
        query = Query(limit=None)
        assert list(record.every(query)) == [*record.find(query).states]
        assert [state["number"] for state in record.every(query)] == [*range(450, 0, -1)]
        assert [state["number"] for state in record.every(query._replace(limit=3, offset=400))] == [50, 49, 48]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (Query(), [5, 2, 1]),
        (Query(filter=ALL), [5, 2, 1]),
        (Query(scope=Scope(contact="ann@acme.example")), [5, 1]),
        (Query(scope=Scope(owner="bob@care.example")), [2]),
        (Query(filter=Filter(group="voice", priority=Priority.LOW)), [1]),
        (Query(filter=Filter(statuses=(Status.AWAITING_INFO,))), []),
        (Query(sort="number", descending=False, limit=1, offset=1), [2]),
    ],
)
def test_what_stands_escalated(moving: Store, query: Query, numbers: list[int]) -> None:
    """The filter leaves the cases that stand escalated, within any scope and beside any other filter (FIND-2)."""
    with moving.write() as record:
        kept(record, [CASES[place]._replace(escalation=RAISED) for place in (0, 1, 4)])
        found = record.find(query._replace(filter=query.filter._replace(escalated=True)))
    assert [case.number for case in found.cases] == numbers
    assert all(case.escalation == RAISED for case in found.cases)
    assert found.total >= len(numbers)
    assert sum(found.tabs.values()) <= 3


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_is_total(desk: Store, sort: str) -> None:
    """Pages never overlap: ties go by number, in the direction of the sort (FIND-2)."""
    with desk.read() as record:
        up, down = (
            [case.number for case in record.find(Query(filter=ALL, sort=sort, descending=way)).cases]
            for way in (False, True)
        )
    assert sorted(up) == [1, 2, 3, 4, 5]
    assert down == up[::-1]


def test_an_unknown_order_is_refused(desk: Store) -> None:
    """An order that is none is a usage error, never SQL (FIND-2)."""
    with desk.read() as record, pytest.raises(Invalid):
        record.find(Query(sort="number; DROP TABLE cases"))


def test_lists_stay_light(desk: Store) -> None:
    """A listed case is the case without its long texts (FIND-2)."""
    with desk.read() as record:
        [case] = record.find(Query(filter=Filter(priority=Priority.LOW))).cases
        assert case == CASES[0]._replace(description="", impact=None, fields={}, root_cause=None)


@pytest.mark.parametrize(
    ("query", "total", "tabs"),
    [
        (Query(), 4, {Status.OPEN: 3, Status.AWAITING_INFO: 1, Status.CLOSED: 1}),
        (Query(limit=1, filter=ALL), 5, {Status.OPEN: 3, Status.AWAITING_INFO: 1, Status.CLOSED: 1}),
        (Query(scope=Scope(account="acme")), 4, {Status.OPEN: 3, Status.AWAITING_INFO: 1}),
        (Query(filter=Filter(statuses=(Status.OPEN,), service="voice")), 3, {Status.OPEN: 3, Status.CLOSED: 1}),
    ],
)
def test_tabs_count_whatever_tab_is_shown(desk: Store, query: Query, total: int, tabs: dict[Status, int]) -> None:
    """Tabs count each status in scope, also those that the list leaves out (FIND-1)."""
    with desk.read() as record:
        found = record.find(query)
    assert (found.total, found.tabs) == (total, {**dict.fromkeys(TABS, 0), **tabs})


def test_tabs_follow_a_change_of_status(moving: Store) -> None:
    """A case that moves is counted where it is now (FIND-1)."""
    with moving.write() as record:
        kept(record, [CASES[0]._replace(standing=standing(Status.CLOSED))])
        assert record.find(Query()).tabs[Status.CLOSED] == 2
        assert record.find(Query()).tabs[Status.OPEN] == 2


def index(record: Writing, number: int, **texts: str) -> None:
    record.index(CaseTexts(number, **{"subject": "", "description": "", "updates": "", "notes": "", **texts}))


@pytest.fixture(scope="module")
def library(desk: Store) -> Store:
    with desk.write() as record:
        index(record, 1, subject="Calls drop in Zürich", description="The trunk 4 resets hourly")
        index(record, 2, subject="Mail bounces", description="calls are fine", notes="secret trunk rumour")
        index(record, 3, subject="Trunk", updates="first answer")
        index(record, 4, subject="Closed trunk", description="done")
    return desk


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("calls", [1, 2]),  # the subject weighs more
        ("CALLS zurich", [1]),  # letter case and accents aside
        ("trunk", [3, 1]),
        ("tru", [3, 1]),  # the last word may be unfinished
        ("tru resets", []),  # the others may not
        ("trunk bounces", []),  # all must occur
        ("secret", []),
        ("4", [4, 1]),  # a number first, closed too, then the word
        ("#0000000003", [3]),
        ("0000000002", [2]),
        ("77", []),
    ],
)
def test_search(library: Store, words: str, numbers: list[int]) -> None:
    """Words and numbers find cases, best first, notes left out (FIND-3, DC-3)."""
    with library.read() as record:
        found = record.search(words, Query(), notes=False)
    assert ([case.number for case in found.cases], found.total, found.ranked) == (numbers, len(numbers), None)


def test_staff_search_notes_too(library: Store) -> None:
    """Only a search that may look into notes finds them, and shows them (FIND-3, DC-3)."""
    with library.read() as record:
        found = record.search("secret rumour", Query(), notes=True)
        assert [case.number for case in found.cases] == [2]
        assert found.snippets == ("«secret» trunk «rumour»",)
        hidden = record.search("calls", Query(scope=Scope(contact="cem@acme.example")), notes=False)
        assert hidden.snippets == ("«calls» are fine",)


def test_search_keeps_to_scope_and_filter(library: Store) -> None:
    """A search finds only what the actor may see and asked for, a number too (FIND-3, DC-3)."""
    zurich = Scope(account="Zürich AG")
    with library.read() as record:
        assert [c.number for c in record.search("trunk", Query(scope=zurich, filter=ALL), notes=True).cases] == [4]
        assert record.search("1", Query(scope=zurich, filter=ALL), notes=True).cases == ()
        waiting = Query(filter=Filter(statuses=(Status.AWAITING_INFO,)))
        found = record.search("trunk", waiting, notes=False)
        assert [case.number for case in found.cases] == [3]
        assert found.tabs == {**dict.fromkeys(TABS, 0), Status.OPEN: 1, Status.AWAITING_INFO: 1, Status.CLOSED: 1}
        assert record.search("1", waiting, notes=False).cases == ()


def test_search_pages(library: Store) -> None:
    """A search pages like a list (FIND-3)."""
    with library.read() as record:
        found = record.search("trunk", Query(filter=ALL, limit=1, offset=1), notes=False)
        assert (len(found.cases), len(found.snippets), found.total) == (1, 1, 3)


def test_texts_add_up(moving: Store) -> None:
    """A later update is added to what the index has of its case (FIND-3)."""
    with moving.write() as record:
        index(record, 3, subject="Trunk", updates="first answer")
        index(record, 3, updates="second \x1b[31manswer\nwith gusto")
        found = record.search("first gusto", Query(), notes=False)
    assert found.snippets == ("«first» answer second [31manswer with «gusto»",)


HOSTILE = (
    "", " ", '"', '""', "'", "*", "^", "-", "--", "(", ")", ":", "+", "AND", "OR NOT", "NEAR(a b)", "a AND",
    "c++", "can't", "error: x", "CARE-1-AB", "subject:calls", "{notes} : secret", "notes:secret", "-notes",
    "a\0b", "\0", "\ud800", "%", "_", "#", "#x", "##1", "99999999999", "0", "é", "日本", "😀", "a" * 5000,
    "calls " * 400, ";DROP TABLE cases", "x OR 1=1", "*calls", "calls*", '"calls" OR "mail"', "1" * 400,
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("notes", [True, False])
def test_whatever_people_type_is_words(library: Store, words: str, notes: bool) -> None:
    """No text raises, none is read as an operator, and none reaches the notes by itself (FIND-3)."""
    with library.read() as record:
        found = record.search(words, Query(), notes=notes)
        assert len(found.cases) == len(found.snippets)
        if not notes:
            assert "secret" not in " ".join(found.snippets)
        if not any(c.isalnum() for c in words):
            assert found.cases == ()
