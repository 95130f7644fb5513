"""What a store finds of itself: its chain from bare rows, its counts for a monitor, its file (AUD-1, TICK-4)."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.samples import T0, event, kept, mail, new_case, opening, undone
from store.test_round_trip import EVENTS, NUMBERS

from carecli.domain.events import Event
from carecli.domain.outbox import MailState
from carecli.domain.timers import Timer
from carecli.domain.verify import Part
from carecli.errors import DatabaseUnusable
from carecli.store.protocol import Store
from carecli.store.sqlite.store import open_store

LATER = T0 + timedelta(hours=6)


@given(st.lists(st.tuples(st.none() | NUMBERS, EVENTS), min_size=1, max_size=6))
def test_whatever_was_appended_is_a_whole_chain(
    lasting_store: Store, events: list[tuple[int | None, Event]]
) -> None:
    """AUD-1: no event that the log takes, of any words and data, is taken for a changed one."""
    with undone(lasting_store) as record:
        for number, one in events:
            record.append(number, [one])
        with record.checking() as checking:
            assert list(checking.log()) == []
            numbers = {number for number, _ in events if number is not None}
            assert (checking.census().cases, checking.census().events) == (len(numbers), len(events))


def test_a_saved_case_is_as_it_should_be(store: Store) -> None:
    """AUD-1: what `save` and `index` wrote is what the check makes anew; another case's rows are none of it."""
    case, other = new_case(1), new_case(2, subject="Other")
    with store.write() as record:
        record.append(1, [opening(1)])
        kept(record, [case, other])
        with record.checking() as checking:
            found = list(checking.case(case, (), (), ()))
    # It was saved with its timers, and without the texts for search.
    assert {one.part for one in found} == {Part.TIMERS}


def test_numbers_of_all_that_is_stored(store: Store) -> None:
    """AUD-1: a number is looked at wherever it stands: in the log, a row, the outbox, an import's references."""
    with store.write() as record:
        record.append(4, [event()])
        kept(record, [new_case(7)])
        record.queue([mail(number=9)])
        record.remember_external("acme/INC1", 12)
        with record.checking() as checking:
            assert list(checking.numbers()) == [4, 7, 9, 12]


def test_vitals_of_an_empty_desk(store: Store) -> None:
    """TICK-4: with nothing there, nothing waits and nothing is late."""
    with store.read() as record:
        vitals = record.vitals(T0, T0)
        assert list(record.complaints()) == []
    assert (vitals.timers_overdue, vitals.mail_stuck, vitals.clocks_breached, vitals.held) == (0, 0, 0, ())
    assert (vitals.cases, vitals.next_due_at) == ({}, None)


def test_vitals_count_what_waits(store: Store) -> None:
    """TICK-4: timers, mail and clocks are counted by what is due and since when."""
    case = new_case()
    failed = mail("b")._replace(state=MailState.FAILED, next_at=LATER)
    with store.write() as record:
        kept(record, [case])
        record.queue([mail("a"), failed, mail("c")._replace(state=MailState.SENT, next_at=None)])
        timers: list[Timer] = record.timers(1)
    first = min(timer.fires_at for timer in timers)
    with store.read() as record:
        assert record.vitals(first, first).timers_overdue == 0
        assert record.vitals(first, first).clocks_unmarked == 1
        vitals = record.vitals(first, first + timedelta(seconds=1))
    assert (vitals.timers_overdue, vitals.timers_since, vitals.next_due_at) == (1, first, first)
    assert (vitals.mail_queued, vitals.mail_failed) == (1, 1)
    # A failed one that was put off is stuck all the same.
    assert (vitals.mail_stuck, vitals.mail_since) == (2, T0)
    assert vitals.cases == {"open": 1}


def test_a_monitors_look_walks_no_table() -> None:
    """TICK-4: at a million cases it reads indices and small tables alone."""
    said: list[str] = []
    with closing(open_store(":memory:")) as memory, memory.read() as record:
        memory.db.set_trace_callback(said.append)
        record.vitals(T0, T0)
        memory.db.set_trace_callback(None)
        plans = [
            str(row[3])
            for sql in said
            if sql.startswith("SELECT")
            for row in memory.db.execute(f"EXPLAIN QUERY PLAN {sql}")
        ]
    walked = [plan for plan in plans if plan in {"SCAN cases", "SCAN events", "SCAN outbox", "SCAN timers"}]
    assert (walked, len(plans) > 6) == ([], True)


def test_the_condition_of_a_file(tmp_path: Path) -> None:
    """AUD-2: its path, mode, size and schema; a record in memory has no file."""
    with closing(open_store(tmp_path / "care.db")) as store:
        condition = store.condition()
        assert (condition.path, condition.mode) == (str(tmp_path / "care.db"), 0o600)
        assert condition.version == condition.speaks
        assert condition.bytes == (tmp_path / "care.db").stat().st_size
        assert condition.free_bytes
    with closing(open_store(":memory:")) as store:
        assert (store.condition().mode, store.condition().free_bytes) == (None, None)


def test_texts_that_are_none_are_damage(tmp_path: Path) -> None:
    """AUD-2: bytes that are no UTF-8 are told as damage by every command, not as a mistake of this program."""
    with closing(open_store(tmp_path / "care.db")) as store:
        with store.write() as record:
            kept(record, [new_case()])
        with closing(sqlite3.connect(tmp_path / "care.db")) as db:
            db.execute("UPDATE cases SET state = CAST(x'ff' AS TEXT)")
            db.commit()
        with pytest.raises(DatabaseUnusable, match="damaged"), store.read() as reading:
            reading.case(1)
