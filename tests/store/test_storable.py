"""Characters that PostgreSQL's texts cannot hold: what was recorded stays as it was (AUD-1)."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing

import pytest

pytest.importorskip("psycopg", reason="PostgreSQL's driver is not installed", exc_type=ImportError)

from hypothesis import example, given
from hypothesis import strategies as st
from store.samples import T0, event, kept, mail, new_case, undone

from carecli.domain.events import Kind
from carecli.domain.finding import Filter, Query
from carecli.domain.people import Account
from carecli.domain.vocabulary import Plan
from carecli.store.codec import canonical
from carecli.store.postgres.storable import is_hindered, storable, storable_json
from carecli.store.postgres.store import PostgresStore, open_store
from carecli.store.trouble import Unstorable

WRITTEN = st.text(st.sampled_from("\0\ud800\udfff\ud83d\ude00\U0001f600\\ud8f0F a"), max_size=12)
HOSTILE = "a\0b \ud800 \U0001f600 \\u0000 \\\\ud800 \udc00\ud83d"
HELD = "a\ufffdb \ufffd \U0001f600 \\u0000 \\\\ud800 \ufffd\ufffd"


@pytest.fixture(scope="module")
def desk(new_postgres: Callable[[], AbstractContextManager[str]]) -> Iterator[PostgresStore]:
    """A database for tests that undo what they write."""
    with new_postgres() as url, closing(open_store(url)) as store:
        yield store


@given(WRITTEN)
@example("\\u0000\0")
@example("\\\ud800")
@example("\ud83d\ude00\ude00")
def test_a_document_holds_what_its_texts_do(text: str) -> None:
    """Of a document the texts are replaced, and nothing that merely looks like an escape."""
    held = storable_json(canonical([text]))
    (value,) = json.loads(held)
    assert not is_hindered(held)
    # JSON takes two halves side by side for the pair that they are.
    (read,) = json.loads(canonical([text]))
    assert value == storable(read)


@given(WRITTEN)
@example("\\u0000\0")
@example("\\\ud800")
@example("\ud83d\ude00\ude00")
def test_the_database_reads_it_so_too(desk: PostgresStore, text: str) -> None:
    """What is asked of an event is what this program would keep of it."""
    with undone(desk) as record:
        record.append(1, [event(Kind.ASKED, text=text, status="open", substatus=text)])
        record.save(new_case(1), [])
        (read,) = json.loads(canonical([text]))
        assert record.last_requests([1])[1] == storable(read)
        assert record.history(1)[0].event.data["text"] == read


def test_an_event_comes_back_whole(desk: PostgresStore) -> None:
    """AUD-1: the log holds what was said to the last byte, and its chain is whole."""
    with undone(desk) as record:
        record.append(1, [event(text=HOSTILE)])
        assert record.history(1)[0].event.data["text"] == HOSTILE
        with record.checking() as checking:
            assert list(checking.log()) == []


def test_whose_name_cannot_be_kept_tells_nothing(desk: PostgresStore) -> None:
    """AUD-1: a log from elsewhere with such an actor is refused, before its chain would be broken here."""
    with undone(desk) as record:
        with pytest.raises(Unstorable):
            record.append(1, [event()._replace(actor="ann\0@acme.example")])
        assert record.log_length() == 0


def test_whatever_is_derived_is_kept_and_found(desk: PostgresStore) -> None:
    """Nobody can stop a desk by a character: it is replaced where something is looked up, and found by either."""
    with undone(desk) as record:
        case = new_case(1, T0, subject=HOSTILE, description=HOSTILE, service=HOSTILE)
        kept(record, [case])
        record.append(1, [event(Kind.ASKED, status="open", substatus=HOSTILE, text=HOSTILE)])
        record.queue([mail(subject=HOSTILE, content={"said": HOSTILE}, error=HOSTILE)])
        record.put_account(Account(HOSTILE, Plan.CARE))
        found = record.case(1)
        assert found is not None
        assert (found.subject, found.description) == (HELD, HOSTILE)
        for name in (HOSTILE, HELD):
            assert [one["number"] for one in record.find(Query(filter=Filter(service=name))).states] == [1]
            account = record.account(name)
            assert account is not None
            assert account.name == HELD
        assert [step.substatus for step in record.steps(Filter(), None)] == [HELD]
        assert [(one.subject, one.content, one.error) for one in record.mail_of(1)] == [
            (HELD, {"said": HOSTILE}, HELD)
        ]
        assert record.fetched("imap", [HOSTILE]) == set()
        record.remember_fetched("imap", [HOSTILE, "\0"])
        assert record.fetched("imap", [HOSTILE]) == {HELD}


def test_a_number_of_any_size_is_asked_for(desk: PostgresStore) -> None:
    """What no column can hold is simply not there."""
    with undone(desk) as record:
        assert record.case(10**30) is None
        assert list(record.cases([1, 10**30])) == []
        assert record.history(-(2**63) - 1) == []
