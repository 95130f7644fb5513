"""At a million cases a list must not walk the table: what SQLite plans, and where ranking stops."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from store.samples import T0, kept, new_case

from carecli.domain.events import Kind
from carecli.domain.finding import Filter, Query, Scope
from carecli.domain.outbox import MailState
from carecli.store import searching
from carecli.store.entries import CaseTexts
from carecli.store.sqlite.rooms import SqliteReading
from carecli.store.sqlite.store import SqliteStore, open_store

CONTACT = Scope(account="Acme", contact="ann@acme.example")
ESCALATED = Filter(escalated=True)


@pytest.fixture
def memory() -> Iterator[SqliteStore]:
    store = open_store(":memory:")
    yield store
    store.close()


def plans(store: SqliteStore, read: Callable[[SqliteReading], object]) -> list[str]:
    """How SQLite goes about each statement of a read."""
    said: list[str] = []
    with store.read() as record:
        store.db.set_trace_callback(said.append)
        read(record)
        store.db.set_trace_callback(None)
        return [
            str(row[3])
            for sql in said
            if sql.startswith(("SELECT", "WITH"))
            for row in store.db.execute(f"EXPLAIN QUERY PLAN {sql}")
        ]


@pytest.mark.parametrize(
    ("read", "first"),
    [
        (lambda r: r.find(Query(scope=CONTACT)), "SEARCH cases USING COVERING INDEX cases_of_contact (contact=?)"),
        (
            lambda r: r.find(Query(scope=Scope(owner="b"))),
            "SEARCH cases USING COVERING INDEX cases_of_owner (owner=?)",
        ),
        (
            lambda r: r.find(Query(scope=Scope(account="Acme"))),
            "SEARCH cases USING COVERING INDEX cases_of_account (account=?)",
        ),
        (
            lambda r: r.find(Query(scope=Scope(group="Voice"), filter=Filter(closed=True))),
            "SEARCH cases USING COVERING INDEX cases_of_group (product_group=?)",
        ),
        (lambda r: r.find(Query()), "SCAN tallies"),
        (
            lambda r: list(r.steps(Filter(since=T0), None)),
            "SEARCH events USING INDEX events_steps (number=?)",
        ),
        (
            lambda r: list(r.still_open(Filter(), None)),
            "SEARCH cases USING INTEGER PRIMARY KEY (rowid=?)",
        ),
        (
            lambda r: r.due(T0, 100),
            "SEARCH timers USING PRIMARY KEY ((fires_at,number,kind,metric,cycle)>(?,?,?,?,?) AND fires_at<?)",
        ),
        (lambda r: r.next_due(T0), "SEARCH timers USING PRIMARY KEY (fires_at>?)"),
        (lambda r: list(r.expected(Scope(), T0)), "SEARCH t USING PRIMARY KEY (fires_at<?)"),
        (lambda r: list(r.expected(Scope(group="Voice"), T0)), "SEARCH t USING PRIMARY KEY (fires_at<?)"),
        (
            lambda r: list(r.expected(Scope(account="Acme"), T0)),
            "SEARCH c USING COVERING INDEX cases_of_account (account=? AND closed=?)",
        ),
        (
            lambda r: list(r.expected(CONTACT, T0)),
            "SEARCH c USING COVERING INDEX cases_of_contact (contact=? AND closed=?)",
        ),
        (
            lambda r: list(r.expected(Scope(owner="b"), T0)),
            "SEARCH c USING COVERING INDEX cases_of_owner (owner=? AND closed=?)",
        ),
        (
            lambda r: list(r.expected(Scope(account="Acme"), T0, promised=True)),
            "SEARCH c USING INDEX cases_of_account (account=? AND closed=?)",
        ),
        (lambda r: list(r.expected(Scope(), T0, promised=True)), "SEARCH t USING PRIMARY KEY (fires_at<?)"),
        (lambda r: r.escalated_to("b", 5), "SCAN c USING INDEX cases_escalated"),
        (
            lambda r: r.standing(Kind.CLOCK_BREACHED, None, 5),
            "SEARCH standing USING COVERING INDEX standing_by_mark (mark=?)",
        ),
        (
            lambda r: r.standing(Kind.CLOCK_WARNED, "b", 5),
            "SEARCH c USING INDEX cases_of_owner (owner=? AND closed=?)",
        ),
        (lambda r: r.responded("b", 5), "SEARCH c USING INDEX cases_of_owner (owner=? AND closed=?)"),
        (lambda r: r.unassigned("Voice", 5), "SEARCH c USING INDEX cases_unassigned (product_group=?)"),
        (lambda r: r.unassigned(None, 5), "SEARCH c USING INDEX cases_of_owner (owner=? AND closed=?)"),
        (lambda r: r.mail_stuck(T0), "SEARCH outbox USING INDEX outbox_waiting (state=? AND next_at>?)"),
        (lambda r: r.timers(1), "SEARCH timers USING COVERING INDEX timers_of_case (number=?)"),
        (lambda r: r.breaches(), "SEARCH s USING COVERING INDEX standing_by_mark (mark=?)"),
        (lambda r: r.warnings(), "SEARCH s USING COVERING INDEX standing_by_mark (mark=?)"),
        (lambda r: r.held_follow_ups(), "SCAN cases USING INDEX cases_held"),
        (lambda r: r.escalations(), "SCAN c USING INDEX cases_escalated"),
        (lambda r: r.find(Query(filter=ESCALATED)), "SCAN cases USING COVERING INDEX cases_escalated"),
        (lambda r: r.find(Query(CONTACT, ESCALATED)), "SCAN cases USING INDEX cases_escalated"),
        (lambda r: r.mail_waiting(T0, 9), "SEARCH t USING PRIMARY KEY (fires_at<?)"),
        (
            lambda r: r.received_as("<a@b>", limit=9),
            "SEARCH received USING INDEX received_by_message_id (message_id=?)",
        ),
        (lambda r: r.all_received([1]), "SEARCH received USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda r: r.unseen(9), "SCAN received USING INDEX received_unseen"),
        (lambda r: r.in_triage(9), "SCAN received USING INDEX received_waiting"),
        (lambda r: r.triage_count(), "SCAN received USING INDEX received_waiting"),
        (lambda r: r.last_requests([1]), "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda r: r.mail_by_message_id("<a@b>"), "SEARCH o USING INDEX outbox_by_message_id (message_id=?)"),
        (lambda r: r.threads([1]), "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda r: r.unsent_stages([1]), "SEARCH outbox USING INDEX outbox_of_case (number=?)"),
        (
            lambda r: r.answers_since("a", T0),
            "SEARCH outbox USING INDEX outbox_answers (recipient=? AND queued_at>?)",
        ),
        (
            lambda r: r.outbox(number=None, states=[MailState.FAILED, MailState.BOUNCED], limit=9),
            "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)",
        ),
        (lambda r: r.history(1), "SEARCH events USING INDEX events_of_case (number=?)"),
        (lambda r: r.workload("b"), "SEARCH cases USING COVERING INDEX cases_of_owner (owner=? AND closed=?)"),
        (
            lambda r: r.numbers_of("Acme", 9, open_only=False),
            "SEARCH cases USING COVERING INDEX cases_of_account (account=?)",
        ),
        (
            lambda r: r.numbers_of("Acme", 9, open_only=True),
            "SEARCH cases USING COVERING INDEX cases_of_account (account=? AND closed=?)",
        ),
        (lambda r: r.among_open([1]), "SEARCH cases USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda r: r.issues([1]), "SEARCH cases USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda r: r.last_number(), "SEARCH cases"),
        (lambda r: r.alert_group("h"), "SEARCH alerts USING PRIMARY KEY (group_hash=?)"),
    ],
)
def test_reads_go_by_index(memory: SqliteStore, read: Callable[[SqliteReading], object], first: str) -> None:
    """Lists, tabs, due timers and standing clocks are looked up, never searched for (FIND-1, TICK-1)."""
    steps = plans(memory, read)
    assert steps[0] == first
    assert not [
        step for step in steps if step.startswith("SCAN") and "INDEX" not in step and "tallies" not in step
    ]


@pytest.mark.parametrize(
    "query",
    [
        Query(scope=CONTACT),
        Query(scope=Scope(owner="b")),
        Query(scope=Scope(account="a")),
        Query(),
        Query(filter=Filter(closed=True)),
        Query(filter=ESCALATED),
        Query(filter=Filter(escalated=True, closed=True)),
    ],
)
def test_the_newest_of_a_scope_need_no_sorting(memory: SqliteStore, query: Query) -> None:
    """The page of a default list is read off its index, however many cases there are (FIND-1)."""
    steps = plans(memory, lambda record: record.find(query))
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


@pytest.mark.parametrize(
    ("read", "second"),
    [
        (
            lambda r: r.standing(Kind.CLOCK_BREACHED, "b", 5),
            "SEARCH s USING PRIMARY KEY (number=?)",
        ),
        (
            lambda r: list(r.expected(Scope(owner="b"), T0)),
            "SEARCH t USING COVERING INDEX timers_of_case (number=? AND fires_at<?)",
        ),
    ],
)
def test_an_owners_clocks_are_looked_up_case_by_case(
    memory: SqliteStore, read: Callable[[SqliteReading], object], second: str
) -> None:
    """What stands or comes for a few cases is never looked for among the whole desk's (SLA-7, TICK-2)."""
    assert plans(memory, read)[1] == second


@pytest.mark.parametrize(
    "read",
    [
        lambda r: list(r.expected(Scope(), T0)),
        lambda r: r.standing(Kind.CLOCK_BREACHED, None, 5),
        lambda r: r.unassigned("Voice", 5),
        lambda r: r.unassigned(None, 5),
    ],
)
def test_the_first_few_need_no_sorting(memory: SqliteStore, read: Callable[[SqliteReading], object]) -> None:
    """The home page's rows and a forecast's first lines are read off an index, however many wait (TICK-2)."""
    assert not [step for step in plans(memory, read) if "TEMP B-TREE" in step]


def test_ranking_is_bounded(memory: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of too many hits the newest are ranked, counted and listed, and the answer says how many (FIND-3)."""
    monkeypatch.setattr(searching, "RANKED_MAX", 3)
    with memory.write() as record:
        for number in range(1, 6):
            kept(record, [new_case(number, T0 + timedelta(minutes=number))])
            subject = "drop" if number < 4 else "calls that drop and drop"
            record.index(CaseTexts(number, subject, "", "", ""))
        found = record.search("drop", Query(), notes=False)
        assert (found.ranked, found.total, {case.number for case in found.cases}) == (3, 3, {3, 4, 5})
        exact = record.search("calls drop", Query(), notes=False)
        assert (exact.ranked, exact.total) == (None, 2)


def test_a_word_that_many_cases_hold_whole_is_not_taken_for_a_beginning(
    memory: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gathering all words that begin so costs most where it helps least; rarer ones may be unfinished (FIND-3)."""
    monkeypatch.setattr(searching, "RANKED_MAX", 3)
    with memory.write() as record:
        for number, subject in enumerate(["drop", "drop", "drop", "drop", "dropped", "dropping"], 1):
            kept(record, [new_case(number, T0 + timedelta(minutes=number))])
            record.index(CaseTexts(number, subject, "", "", ""))
        many = record.search("drop", Query(), notes=False)
        assert {case.number for case in many.cases} == {2, 3, 4}
        few = record.search("drop", Query(filter=Filter(since=T0 + timedelta(minutes=4))), notes=False)
        assert ({case.number for case in few.cases}, few.ranked) == ({4, 5, 6}, None)


def test_a_filter_that_no_index_answers_is_asked_of_each_hit(memory: SqliteStore) -> None:
    """A search for a rare word never walks through all cases, whatever else is wanted of them (FIND-3)."""
    steps = plans(memory, lambda record: record.search("drop", Query(filter=Filter(since=T0)), notes=False))
    assert "SEARCH cases USING INTEGER PRIMARY KEY (rowid=?)" in steps
    assert not [step for step in steps if step.startswith("SCAN cases")]


def test_the_latest_case_of_an_owner_is_looked_up(memory: SqliteStore) -> None:
    """ROUTE-1: whose turn it is costs two looks into an index, however many cases the desk has had."""
    assert plans(memory, lambda r: r.workload("b")) == [
        "SEARCH cases USING COVERING INDEX cases_of_owner (owner=? AND closed=?)",
        "SEARCH cases USING COVERING INDEX cases_latest_of_owner (owner=?)",
    ]


def test_components_seen_go_by_index(memory: SqliteStore) -> None:
    """OPEN-6: an account with 100,000 cases is not walked through for the components of one service."""
    steps = [step for step in plans(memory, lambda r: r.components_seen("Acme", "Voice")) if "cases" in step]
    assert {step.partition(" (")[0] for step in steps} <= {
        "SEARCH cases USING COVERING INDEX cases_by_component",
        "SEARCH cases USING INDEX cases_by_component",
    }
    assert len(steps) == 3
