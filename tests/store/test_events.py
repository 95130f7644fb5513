"""The log as every engine must keep it."""

from contextlib import suppress
from typing import Any

import pytest
from chain import check_chain
from store.samples import event, kept, new_case, opening

from carecli.domain.events import Kind, Recorded
from carecli.domain.vocabulary import Via, Visibility
from carecli.store.protocol import Store


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_event_comes_back_as_it_was(store: Store, kind: Kind) -> None:
    """What is recorded is what happened, whatever its kind (STAT-4)."""
    data: dict[str, Any] = {
        "text": "a 'quote', ünïcode \u2028 and \x00",
        "n": 7,
        "none": None,
        "list": [1.5, True, {"k": []}],
    }
    happened = event(kind, **data)._replace(via=Via.PHONE, visibility=Visibility.INTERNAL)
    with store.write() as record:
        recorded = record.append(1, [happened])
    with store.read() as record:
        assert record.history(1) == recorded
        assert recorded[0].event == happened


def test_positions_count_the_desk_and_seqs_the_case(store: Store) -> None:
    """Each event knows its place in the desk's log and in its case's (AUD-1)."""
    with store.write() as record:
        record.append(None, [event(Kind.DESK_SET_UP)])
        record.append(1, [opening(1), event()])
        record.append(2, [opening(2)])
    with store.write() as record:
        record.append(1, [event()])
        record.append(None, [event(Kind.STAFF_ADDED)])
    with store.read() as record:
        places = [(r.position, r.number, r.seq) for r in record.events()]
        assert places == [(1, None, 1), (2, 1, 1), (3, 1, 2), (4, 2, 1), (5, 1, 3), (6, None, 2)]
        assert [r.seq for r in record.history(1)] == [1, 2, 3]
        assert record.log_length() == 6


def test_an_empty_desk_has_no_history(store: Store) -> None:
    """A new desk's log is empty, and that is no error (AUD-1)."""
    with store.read() as record:
        assert (record.log_length(), list(record.events()), record.history(1)) == (0, [], [])


def test_nothing_appended_changes_nothing(store: Store) -> None:
    """A command that decides on no event leaves the log alone (STAT-4)."""
    with store.write() as record:
        assert record.append(1, []) == []
        assert record.log_length() == 0


def test_the_chain_holds_over_many_transactions(store: Store) -> None:
    """Digests chain through the whole log, whoever appended when (AUD-1)."""
    assert check_chain(_log(store)) is None
    with store.read() as record:
        assert check_chain(record.events()) is None


@pytest.mark.parametrize(
    ("tamper", "bad"),
    [
        (lambda log: [*log[:1], log[1]._replace(event=log[1].event._replace(actor="eve")), *log[2:]], 2),
        (lambda log: [*log[:1], log[1]._replace(digest="0" * 64), *log[2:]], 2),
        (lambda log: [*log[:1], log[1]._replace(number=9, seq=1), *log[2:]], 2),
        (lambda log: log[1:], 2),  # the first is gone
        (lambda log: [log[0], *log[2:]], 3),  # one in the middle is gone
        (lambda log: [log[1], log[0], *log[2:]], 2),  # two changed places
        (lambda log: [*log, log[-1]._replace(position=7)], 7),  # one was added
    ],
)
def test_tampering_breaks_the_chain(store: Store, tamper: object, bad: int) -> None:
    """A changed, removed, added or moved event is found, the first of them by its position (AUD-1)."""
    assert callable(tamper)
    assert check_chain(tamper(_log(store))) == bad


def _log(store: Store) -> list[Recorded]:
    for number in (1, 2, 3):
        with store.write() as record:
            record.append(number, [opening(number), event(minutes=number, text="hello")])
    with store.read() as record:
        return list(record.events())


def test_an_exception_undoes_everything(store: Store) -> None:
    """A transaction is kept whole or not at all, numbers included (TICK-1, OPEN-1)."""
    with suppress(KeyboardInterrupt), store.write() as record:
        number = record.next_number()
        record.append(number, [opening(number)])
        kept(record, [new_case(number)])
        raise KeyboardInterrupt
    with store.write() as record:
        assert (record.log_length(), record.case(1), record.next_due(event().at)) == (0, None, None)
        assert record.next_number() == 1


def test_numbers_go_up_one_by_one(store: Store) -> None:
    """Case numbers are given in order and never again (OPEN-1)."""
    given = []
    for _ in range(3):
        with store.write() as record:
            given += [record.next_number(), record.next_number()]
    assert given == [1, 2, 3, 4, 5, 6]


def test_a_reader_sees_one_moment(store: Store) -> None:
    """A view does not change while it is read, and reads may follow one another."""
    with store.write() as record:
        record.append(1, [opening()])
    with store.read() as record:
        assert record.log_length() == 1
    with store.read() as record:
        assert record.log_length() == 1
