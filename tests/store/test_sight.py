"""The record as somebody sees it: whatever is asked of it, no other case is there (DC-3, ACC-5, SR-1)."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from store.samples import T0, event, kept, mail, new_case, opening

from carecli.domain.case import Case
from carecli.domain.events import Kind
from carecli.domain.finding import Filter, Query, Scope
from carecli.domain.sight import EVERYTHING, NOBODY, Sight
from carecli.domain.vocabulary import CaseType
from carecli.store import forecast
from carecli.store.entries import CaseTexts
from carecli.store.protocol import Reading, Store
from carecli.store.sight import of_numbers
from carecli.store.sqlite.store import SqliteStore, open_store

ANN, BEA, CEM = "ann@acme.example", "bea@acme.example", "cem@zurich.example"
ACCOUNTS = {ANN: "Acme", BEA: "Acme", CEM: "Zürich AG"}
CASES = tuple(enumerate(product(ACCOUNTS, ("support", "data-privacy")), start=1))
"""For each contact an ordinary case and a data-privacy request, by number."""
ALL = Query(filter=Filter(closed=True), limit=None)
SIGHTS = {
    "everything": (EVERYTHING, {1, 2, 3, 4, 5, 6}),
    "staff": (Sight(None, NOBODY), {1, 3, 5}),
    "ann": (Sight(("Acme",), ANN), {1, 2, 3}),
    "bea, in capitals": (Sight(("Acme",), BEA.upper()), {1, 3, 4}),
    "cem": (Sight(("Zürich AG",), CEM), {5, 6}),
    "a parent's": (Sight(("Above", "Acme", "Zürich AG"), "pia@above.example"), {1, 3, 5}),
    "nobody's": (Sight((), ANN), set()),
    "of an account with no case": (Sight(("Above",), "pia@above.example"), set()),
}


def _case(number: int, contact: str, kind: str) -> Case:
    secret = {"type": CaseType.SERVICE_REQUEST, "subtype": "data-privacy", "stage": None, "impact": None}
    form = secret if kind == "data-privacy" else {}
    answers: dict[str, Any] = {"account": ACCOUNTS[contact], "contact": contact, **form}
    return new_case(number, T0 + timedelta(minutes=number), **answers)


def filled(store: Store) -> None:
    """Put in the cases, and of each an event, a mail, words."""
    with store.write() as record:
        for number, (contact, kind) in CASES:
            kept(record, [_case(number, contact, kind)])
            record.append(number, [opening(number), event(text="more")])
            record.index(CaseTexts(number, subject="Calls drop", description="", updates="more", notes="more"))
            record.queue([mail(f"{number}-1")._replace(number=number)])
        record.append(None, [event(Kind.DESK_SET_UP)])


@pytest.fixture(scope="module")
def store(lasting_store: Store) -> Store:
    """A record of each engine."""
    filled(lasting_store)
    return lasting_store


@pytest.fixture(scope="module")
def memory() -> Iterator[SqliteStore]:
    """A record of SQLite's, for a look at its plans."""
    with closing(open_store(":memory:")) as opened:
        filled(opened)
        yield opened


READS: dict[str, Callable[[Reading], set[int]]] = {
    "find": lambda r: {state["number"] for state in r.find(ALL).states},
    "every": lambda r: {state["number"] for state in r.every(ALL)},
    "reported": lambda r: {state["number"] for state in r.reported(Filter(), None)},
    "reported, of a plan": lambda r: {state["number"] for state in r.reported(Filter(), "care")},
    "steps": lambda r: {step.number for step in r.steps(Filter(), None)},
    "still open": lambda r: {one.number for one in r.still_open(Filter(), None)},
    "find, by group": lambda r: {s["number"] for s in r.find(ALL._replace(scope=Scope(group="Voice"))).states},
    "search": lambda r: {state["number"] for state in r.search("drop", ALL, notes=False).states},
    "search notes": lambda r: {state["number"] for state in r.search("more", ALL, notes=True).states},
    "search by number": lambda r: {
        state["number"] for n in range(1, 7) for state in r.search(str(n), ALL, notes=False).states
    },
    "state": lambda r: {n for n in range(1, 7) if r.state(n)},
    "case": lambda r: {n for n in range(1, 7) if r.case(n)},
    "cases": lambda r: {case.number for case in r.cases([1, 2, 3, 4, 5, 6])},
    "listed": lambda r: {state["number"] for state in r.listed([1, 2, 3, 4, 5, 6])},
    "visible": lambda r: r.visible(range(1, 7)),
    "history": lambda r: {n for n in range(1, 7) if r.history(n)},
    "events": lambda r: {e.number for e in r.events() if e.number is not None},
    "told cases": lambda r: set(r.told_cases()),
    "numbered": lambda r: {number for number, _ in r.numbered(Scope(), 1, 99, 99)},
    "expected": lambda r: {one.number for one in r.expected(Scope(), T0 + timedelta(days=999))},
    "outbox": lambda r: {m.number or 0 for m in r.outbox(number=None, states=[], limit=None)},
    "mail": lambda r: {found.number or 0 for n in range(1, 7) if (found := r.mail(n))},
    "issues": lambda r: {one.number for one in r.issues([1, 2, 3, 4, 5, 6])},
    "holding": lambda r: set(r.holding([["drop"]], 99)),
    "numbers of": lambda r: {
        n for account in ("acme", "zürich ag") for n in r.numbers_of(account, 9, open_only=False)
    },
}
TIMED = {"expected"}
"""Reads that tell of cases with a clock alone, which a service request has none of."""


@pytest.mark.parametrize("who", SIGHTS)
@pytest.mark.parametrize("read", READS)
def test_no_read_hands_out_another_case(store: Store, read: str, who: str) -> None:
    """DC-3, ACC-5, SR-1: each read of the record, as each kind of person sees it."""
    sight, seen = SIGHTS[who]
    if read in TIMED:
        seen = seen & {1, 3, 5}
    with store.read() as record:
        assert READS[read](record.seeing(sight)) == seen


@pytest.mark.parametrize("who", SIGHTS)
@pytest.mark.parametrize(
    "scope", [Scope(), Scope(account="acme"), Scope(contact=ANN), Scope(contact=CEM), Scope(group="Voice")]
)
def test_counts_are_those_of_what_is_listed(store: Store, who: str, scope: Scope) -> None:
    """FIND-1, SR-1: total and tabs count no case that is not there."""
    sight, _ = SIGHTS[who]
    with store.read() as record:
        found = record.seeing(sight).find(ALL._replace(scope=scope))
    assert (found.total, sum(found.tabs.values())) == (len(found.states), len(found.states))


def test_spread_counts_what_is_seen(store: Store) -> None:
    """OPEN-7, SR-1: how common a word is, is told of the cases that are there."""
    with store.read() as record:
        counts = [record.seeing(sight).spread(["drop"], 99) for sight, _ in SIGHTS.values()]
    assert counts == [len(seen) for _, seen in SIGHTS.values()]


def test_the_transaction_itself_sees_everything(store: Store) -> None:
    """What the desk does by itself leaves no case out: a sight is of a view alone."""
    with store.read() as record:
        record.seeing(Sight((), NOBODY))
        assert len(record.find(ALL).states) == 6


@pytest.mark.parametrize("who", SIGHTS)
def test_pages_stay_on_their_index(memory: SqliteStore, who: str) -> None:
    """FIND-1: with some cases hidden no list walks the table, nor looks at each case for whether it is hidden."""
    sight, _ = SIGHTS[who]
    said: list[str] = []
    with memory.read() as record:
        memory.db.set_trace_callback(said.append)
        record.seeing(sight).find(Query())
        memory.db.set_trace_callback(None)
        steps = [
            str(row[3])
            for sql in said
            if sql.startswith("SELECT")
            for row in memory.db.execute(f"EXPLAIN QUERY PLAN {sql}")
        ]
    walked = [step for step in steps if step.startswith("SCAN cases") and "INDEX" not in step]
    looked = [step for step in steps if "cases_of_account" in step and "COVERING" not in step]
    assert (walked, looked) == ([], [])


@pytest.mark.parametrize("many", [1, 99])
@pytest.mark.parametrize("who", SIGHTS)
def test_what_is_to_come_by_either_way(
    memory: SqliteStore, who: str, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TICK-2, ACC-5: of accounts with many open cases it is read off the queue, and is the same."""
    monkeypatch.setattr(forecast, "_MANY", many)
    sight, seen = SIGHTS[who]
    said: list[str] = []
    with memory.read() as record:
        memory.db.set_trace_callback(said.append)
        found = [one.number for one in record.seeing(sight).expected(Scope(), T0 + timedelta(days=999))]
        memory.db.set_trace_callback(None)
    assert found == sorted(seen & {1, 3, 5})
    by_queue = any("FROM timers AS t CROSS JOIN cases" in sql and "timers_of_deadlines" not in sql for sql in said)
    assert by_queue == (sight.accounts is None or (many == 1 and bool(seen)))


def test_a_column_is_named_with_its_table() -> None:
    """DC-3: a bare name would be that of the cases within the condition, which then hides nothing."""
    with pytest.raises(AssertionError):
        of_numbers(Sight(("Acme",), ANN), "number")
