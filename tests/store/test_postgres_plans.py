"""At a million cases a list must not walk a table: what PostgreSQL plans for the statements of the rooms."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from datetime import timedelta
from typing import Any, Final

import pytest
from store.full_desk import CASES, fill
from store.samples import T0, event, mail, new_case

from carecli.domain import deadlines
from carecli.domain.events import Kind
from carecli.domain.finding import Filter, Query, Scope
from carecli.domain.knowledge import ArticleFilter
from carecli.domain.outbox import MailState
from carecli.domain.sight import Sight
from carecli.domain.vocabulary import Priority, Status
from carecli.store import searching
from carecli.store.entries import CaseTexts
from carecli.store.opening import open_store
from carecli.store.postgres.rooms import PostgresWriting
from carecli.store.postgres.store import PostgresStore

NOW: Final = T0 + timedelta(hours=9)
CONTACT: Final = Scope(account="account7", contact="contact7@acme.example")
SMALL: Final = frozenset(
    {
        "accounts",
        "staff",
        "desk",
        "tally_changes",
        "counters",
        "documents",
        "secrets",
        "search_sizes",
        "subscribers",
    }
    | {"late_deadlines", "advisories", "articles", "article_versions", "article_votes"}
    | {"search_articles", "search_public_articles", "article_words", "search_notes"}
)
"""Tables with few rows however many cases there are: an index would not pay, and for some there is none."""

COUNTED: Final = {"health": frozenset({"standing"}), "warnings": frozenset({"standing", "cases"})}
"""What is told of each row of a table, or of most."""


@pytest.fixture(scope="module")
def desk(new_postgres: Callable[[], AbstractContextManager[str]]) -> Iterator[PostgresStore]:
    """Some thousand cases and what belongs to them, and statistics of it."""
    with new_postgres() as url, closing(open_store(url)) as store:
        assert isinstance(store, PostgresStore)
        fill(store)
        yield store


class Statements:
    """A connection that remembers what it was asked for."""

    def __init__(self, db: Any) -> None:
        self._db = db
        self.asked: list[tuple[str, str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        """Run a statement."""
        self.asked.append(("", sql, parameters))
        return self._db.execute(sql, parameters)

    def stream(self, sql: str, parameters: Any = ()) -> Any:
        """The rows of a statement, as they are asked for."""
        # Of what is streamed the first rows are wanted soon.
        self.asked.append(("DECLARE asked CURSOR FOR ", sql, parameters))
        return self._db.stream(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any]) -> Any:
        """Run a statement once for each of the parameters."""
        given = list(parameters)
        self.asked += [("", sql, one) for one in given[:1]]
        return self._db.executemany(sql, given)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a plan."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


class _UndoneError(Exception):
    """Ends a transaction of which nothing shall be kept."""


def plans(store: PostgresStore, does: Callable[[PostgresWriting], object]) -> list[tuple[str, dict[str, Any]]]:
    """How PostgreSQL goes about each statement of a room."""
    found: list[tuple[str, dict[str, Any]]] = []
    with pytest.MonkeyPatch.context() as patched, suppress(_UndoneError), store.write() as record:
        # As few of all hits as there are in a large desk.
        patched.setattr(searching, "RANKED_MAX", 50)
        real = record.db
        said = Statements(real)
        record.db = said  # type: ignore[assignment]
        does(record)
        record.db = real
        for how, sql, parameters in said.asked:
            ((told,),) = real.execute(f"EXPLAIN (FORMAT JSON) {how}{sql}", parameters).fetchall()
            found.append((sql, json.loads(told)[0]["Plan"]))
        raise _UndoneError
    assert found
    return found


def seeing(accounts: Sequence[str], contact: str) -> Sight:
    """What a contact sees."""
    return Sight(accounts=tuple(accounts), confidential_of=contact)


DANA: Final = seeing(["account7"], "contact7@acme.example")
READS: Final[dict[str, Callable[[Any], object]]] = {
    "list of a contact": lambda r: r.seeing(DANA).find(Query(scope=CONTACT)),
    "list of an account": lambda r: r.seeing(DANA).find(Query(scope=Scope(account="account7"))),
    "list of what is seen": lambda r: r.seeing(DANA).find(Query()),
    "list of an owner": lambda r: r.find(Query(scope=Scope(owner="owner7@care.example"))),
    "list of a group": lambda r: r.find(Query(scope=Scope(group="group7"), filter=Filter(closed=True))),
    "list of all": lambda r: r.find(Query()),
    "list of all, closed too": lambda r: r.find(Query(filter=Filter(closed=True))),
    "list of the escalated": lambda r: r.find(Query(filter=Filter(escalated=True))),
    "list of a contact's escalated": lambda r: r.find(Query(CONTACT, Filter(escalated=True))),
    "list by priority": lambda r: r.find(Query(scope=CONTACT, filter=Filter(priority=Priority.HIGH))),
    "export of an owner": lambda r: list(r.every(Query(scope=Scope(owner="owner7@care.example"), limit=None))),
    "completion of numbers": lambda r: r.numbered(Scope(), 100, 199, 9),
    "completion for a contact": lambda r: r.seeing(DANA).numbered(CONTACT, 1, CASES, 9),
    "show": lambda r: (r.case(7), r.state(7), r.listed([7, 8]), list(r.cases([7]))),
    "who may see it": lambda r: r.seeing(DANA).visible([7, 8]),
    "history": lambda r: r.history(7),
    "last request": lambda r: r.last_requests([7]),
    "digests": lambda r: r.digests([7, 8]),
    "log length": lambda r: r.log_length(),
    "external reference": lambda r: r.external("ref7"),
    "due timers": lambda r: r.due(NOW, 100),
    "due timers behind one": lambda r: r.due(NOW, 100, r.due(NOW, 1)[0]),
    "claimed timers": lambda r: r.claim(NOW, 100),
    "anything due": lambda r: r.anything_due(NOW),
    "next due": lambda r: r.next_due(NOW),
    "next due of what is seen": lambda r: r.seeing(DANA).next_due(NOW),
    "timers of a case": lambda r: r.timers(7),
    "forecast": lambda r: [one for one, _ in zip(r.expected(Scope(), NOW), range(9), strict=False)],
    "forecast of a contact": lambda r: list(r.seeing(DANA).expected(CONTACT, NOW)),
    "forecast of an owner": lambda r: list(r.expected(Scope(owner="owner7@care.example"), NOW)),
    "forecast of an account": lambda r: list(r.expected(Scope(account="account7"), NOW, promised=True)),
    "standing of an owner": lambda r: r.standing(Kind.CLOCK_BREACHED, "owner7@care.example", 5),
    "standing of the desk": lambda r: r.standing(Kind.CLOCK_BREACHED, None, 5),
    "late of an owner": lambda r: r.late("owner7@care.example", 5),
    "answered by customers": lambda r: r.responded("owner7@care.example", 5),
    "unassigned of a group": lambda r: r.unassigned("group7", 5),
    "unassigned of the desk": lambda r: r.unassigned(None, 5),
    "escalated to somebody": lambda r: r.escalated_to("owner7@care.example", 5),
    "breaches": lambda r: r.breaches(),
    "warnings": lambda r: r.warnings(),
    "escalations": lambda r: r.escalations(),
    "held ladders": lambda r: r.held_follow_ups(),
    "workload": lambda r: r.workload("owner7@care.example"),
    "health": lambda r: r.vitals(T0 - timedelta(days=1), T0 - timedelta(days=2)),
    "stuck mail": lambda r: r.mail_stuck(NOW),
    "waiting mail": lambda r: r.mail_waiting(NOW, 9),
    "outbox": lambda r: r.outbox(number=None, states=[MailState.FAILED, MailState.BOUNCED], limit=9),
    "outbox of a case": lambda r: r.outbox(number=7, states=[], limit=9),
    "mail by id": lambda r: r.mail_by_message_id("id7"),
    "thread": lambda r: (r.threads([7]), r.unsent_stages([7])),
    "answers": lambda r: r.answers_since("contact7", T0),
    "received before": lambda r: r.received_as("<7@a>", limit=9),
    "received": lambda r: r.all_received([7]),
    "unseen mail": lambda r: (r.unseen(9), r.in_triage(9), r.triage_count()),
    "files of a case": lambda r: r.attachments(8),
    "search for a rare word": lambda r: r.search("word77", Query(), notes=True),
    "search for a beginning": lambda r: r.search("word77 wo", Query(), notes=True),
    "search for a common word": lambda r: r.search("calls", Query(limit=5), notes=False),
    "search of a contact": lambda r: r.seeing(DANA).search("calls drop", Query(scope=CONTACT), notes=False),
    "search of what is seen": lambda r: r.seeing(DANA).search("word77", Query(), notes=False),
    "search since": lambda r: r.search("word77", Query(filter=Filter(since=T0)), notes=False),
    "search by status": lambda r: r.search("calls", Query(filter=Filter(statuses=(Status.OPEN,))), notes=False),
    "search by number": lambda r: r.search("7", Query(), notes=True),
    "likeness": lambda r: (r.spread(["word77"], 99), r.holding([["word77"], ["word78"]], 9)),
    "likeness for a contact": lambda r: r.seeing(DANA).holding([["word77"]], 9),
    "cases like it": lambda r: (r.numbers_of("account7", 9, open_only=True), r.among_open([7]), r.issues([7])),
    "last number": lambda r: r.last_number(),
    "alert": lambda r: r.alert_group("hash7"),
    "components": lambda r: r.components_seen("account7", "service2"),
    "article": lambda r: (r.article_cases(7), r.articles_listed(ArticleFilter(), public=True, limit=9)),
}
CASE: Final = new_case(7)
WRITES: Final[dict[str, Callable[[Any], object]]] = {
    "number": lambda r: r.next_number(),
    "event": lambda r: r.append(7, [event(minutes=3)]),
    "case": lambda r: r.save(CASE, deadlines.timers(CASE)),
    "case as it was": lambda r: (list(r.cases([7])), r.save(CASE, deadlines.timers(CASE))),
    "words": lambda r: r.index(CaseTexts(7, "", "", "once more", "")),
    "files": lambda r: r.put_attachments(8, r.attachments(8)),
    "mail": lambda r: r.queue([mail("new", number=7)]),
}


@pytest.mark.parametrize("what", [*READS, *WRITES])
def test_hot_statements_go_by_index(desk: PostgresStore, what: str) -> None:
    """FIND-1, FIND-3, TICK-1: nothing that is asked for daily walks through a table that grows with the desk."""
    walked = [
        (sql, step["Relation Name"])
        for sql, plan in plans(desk, (READS | WRITES)[what])
        for step in nodes(plan)
        if step["Node Type"] == "Seq Scan" and step["Relation Name"] not in SMALL | COUNTED.get(what, frozenset())
    ]
    assert walked == []


@pytest.mark.parametrize(
    ("what", "index"),
    [
        ("list of a contact", "cases_of_contact"),
        ("list of an owner", "cases_of_owner"),
        ("list of a group", "cases_of_group"),
        ("list of the escalated", "cases_escalated"),
        ("due timers behind one", "timers_pkey"),
        ("next due", "timers_pkey"),
        ("waiting mail", "timers_pkey"),
        ("standing of the desk", "standing_by_mark"),
        ("unassigned of a group", "cases_unassigned"),
        ("history", "events_of_case"),
        ("log length", "events_pkey"),
        ("search for a rare word", "search_by_word"),
        ("search for a beginning", "search_by_word"),
        ("search of a contact", "cases_of_contact"),
        ("likeness", "search_by_word"),
        ("components", "cases_by_component"),
    ],
)
def test_by_the_index_that_is_meant_for_it(desk: PostgresStore, what: str, index: str) -> None:
    """FIND-1, TICK-1: each by its own index."""
    used = {step.get("Index Name") for _, plan in plans(desk, READS[what]) for step in nodes(plan)}
    assert index in used


@pytest.mark.parametrize(
    "what",
    [
        "list of a contact",
        "list of an owner",
        "list of all",
        "due timers",
        "next due",
        "forecast",
        "unassigned of a group",
    ],
)
def test_the_first_few_need_no_sorting(desk: PostgresStore, what: str) -> None:
    """FIND-1, TICK-1: the first page is read off an index; only what is alike in it is put in order."""
    sorts = [step for _, plan in plans(desk, READS[what]) for step in nodes(plan) if step["Node Type"] == "Sort"]
    assert [step for step in sorts if step["Plan Rows"] > 300] == []
