"""What workers claim of the queue, each for itself, on engines that let them work beside each other."""

import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

import pytest
from store.samples import T0, event, kept, mail, new_case, opening

from carecli.domain.timers import Timer, TimerKind
from carecli.domain.vocabulary import Metric
from carecli.errors import DatabaseUnusable
from carecli.store.entries import Claim
from carecli.store.opening import open_store
from carecli.store.protocol import Store, Writing

HOUR = timedelta(hours=1)
LATER = T0 + 24 * HOUR


def timer(number: int, hours: int) -> Timer:
    return Timer(T0 + hours * HOUR, number, TimerKind.WARN, Metric.RESPONSE, 1)


FIRST, SECOND, THIRD, LAST = timer(1, 0), timer(2, 1), timer(3, 2), timer(1, 3)

GATE: Final = """
    ALTER TABLE care.timers RENAME TO queue;
    CREATE FUNCTION care.passed() RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock_shared(9); RETURN TRUE; END $$;
    CREATE VIEW care.timers AS SELECT * FROM care.queue WHERE care.passed();
    SELECT pg_advisory_lock(9)"""
"""Whoever reads the queue sees it as of then, and waits at its first timer for who holds the gate."""
AT_THE_GATE: Final = """
    SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 9 AND objsubid = 1 AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
FIRED_BY_HAND: Final = """
    BEGIN;
    SELECT number FROM care.cases WHERE number = 1 FOR NO KEY UPDATE;
    DELETE FROM care.queue WHERE number = 1 AND fires_at = '2026-03-02T09:00:00Z';
    UPDATE care.cases SET state = state WHERE number = 1;
    COMMIT;
    SELECT pg_advisory_unlock(9)"""


class Killed(Exception):
    """What ends a worker."""


@pytest.fixture
def workers(postgres_url: str) -> Iterator[tuple[Store, Store]]:
    """Two workers of one desk, on which four timers of three cases are due."""
    with closing(open_store(postgres_url)) as one, closing(open_store(postgres_url)) as other:
        with one.write() as record:
            due(record)
        yield one, other


def due(record: Writing) -> None:
    for number in (1, 2, 3):
        record.append(number, [opening(number)])
        record.save(new_case(number), [one for one in (FIRST, SECOND, THIRD, LAST) if one.number == number])


def keys(store: Store, limit: int = 10, after: str | None = None, at: datetime = LATER) -> list[str]:
    """The keys of the mails that a delivery would have, and then let go of."""
    with store.read() as record:
        behind = next((one for one in record.mail_waiting(at, 99) if one.key == after), None)
    with store.claim_mail(at, limit, behind) as claim:
        return [one.key for one in claim.mails]


def test_a_claim_goes_through_the_queue_in_order(store: Store) -> None:
    """TICK-1: what nobody else has comes in the order in which it fires, so much at a time."""
    with store.write() as record:
        due(record)
    with store.write(beside=True) as record:
        assert record.claim(LATER, 2) == Claim([FIRST, SECOND], SECOND)
        assert record.claim(T0 + HOUR, 9) == Claim([FIRST, SECOND], None)
        assert record.claim(T0 - HOUR, 9) == Claim([], None)
        assert record.claim(LATER, 9, LAST) == Claim([], None)


def test_workers_have_no_case_in_common(workers: tuple[Store, Store]) -> None:
    """TICK-1: a case is one worker's, with all its timers; the other passes it by, until the first has ended."""
    one, other = workers
    with one.write(beside=True) as mine:
        assert mine.claim(LATER, 1) == Claim([FIRST], FIRST)
        with other.write(beside=True) as theirs:
            assert theirs.claim(LATER, 9) == Claim([SECOND, THIRD], None)
    with other.write(beside=True) as theirs:
        assert theirs.claim(LATER, 9).timers == [FIRST, SECOND, THIRD, LAST]


def test_a_killed_worker_keeps_nothing(workers: tuple[Store, Store]) -> None:
    """TICK-1: what a worker had claimed is free as soon as its connection is gone, and nothing of it was kept."""
    one, other = workers
    with suppress(Killed), one.write(beside=True) as mine:
        mine.claim(LATER, 9)
        mine.append(1, [event()])
        one.close()
        with other.write(beside=True, patience_s=60) as theirs:
            theirs.hold([1, 2, 3])
            assert theirs.claim(LATER, 9).timers == [FIRST, SECOND, THIRD, LAST]
            assert [entry.seq for entry in theirs.history(1)] == [1]
        raise Killed


def test_what_lies_behind_comes_first(workers: tuple[Store, Store]) -> None:
    """FU-4: of a case that is claimed for a later timer the earlier ones fire before, wherever one had come to."""
    one, _ = workers
    with one.write(beside=True) as mine:
        assert mine.claim(LATER, 9, THIRD) == Claim([FIRST, LAST], None)


def test_what_another_fired_as_one_looked_is_not_claimed(postgres_url: str, workers: tuple[Store, Store]) -> None:
    """TICK-1: a look at the queue is of the moment at which it began; a case in it may have moved and be free."""
    # Here, as it needs the driver.
    import psycopg

    claims: list[Claim] = []

    def work() -> None:
        with workers[0].write(beside=True) as mine:
            claims.append(mine.claim(LATER, 9))

    with psycopg.connect(postgres_url, autocommit=True) as hand:
        hand.execute(GATE)
        looking, until = threading.Thread(target=work), monotonic() + 120
        looking.start()
        while hand.execute(AT_THE_GATE).fetchone() is None:
            assert looking.is_alive()
            assert monotonic() < until
        hand.execute(FIRED_BY_HAND)
        looking.join()
    assert claims == [Claim([SECOND, THIRD, LAST], None)]


def test_holding_waits_for_whoever_has_a_case(workers: tuple[Store, Store]) -> None:
    """FU-6: what became of a mail is told to its case when nobody fires its timers."""
    one, other = workers
    with one.write(beside=True) as mine:
        mine.hold([1])
        with pytest.raises(DatabaseUnusable), other.write(beside=True, patience_s=0.05) as theirs:
            theirs.hold([2, 1])
        with other.write(beside=True) as theirs:
            assert theirs.claim(LATER, 9).timers == [SECOND, THIRD]


def test_commands_are_alone(workers: tuple[Store, Store]) -> None:
    """TICK-1: what is no worker waits until no worker writes; workers wait for it."""
    one, other = workers
    with one.write(beside=True) as mine:
        assert not mine.alone
        with pytest.raises(DatabaseUnusable), other.write(patience_s=0.05):
            pass
    with one.write() as mine:
        assert mine.alone
        with pytest.raises(DatabaseUnusable), other.write(beside=True, patience_s=0.05):
            pass


def test_the_log_stays_one_chain(workers: tuple[Store, Store]) -> None:
    """AUD-1: of two workers the second appends behind what the first has, once that is on record."""
    one, other = workers
    with one.write(beside=True) as mine:
        [appended] = mine.append(1, [event()])
        with pytest.raises(DatabaseUnusable), other.write(beside=True, patience_s=0.05) as theirs:
            theirs.append(2, [event()])
    with other.write(beside=True) as theirs:
        [behind] = theirs.append(2, [event()])
    assert (appended.position, behind.position, behind.seq) == (4, 5, 2)
    with one.read() as record:
        assert [entry.position for entry in record.events()] == [1, 2, 3, 4, 5]


def test_counts_apart_are_put_together(workers: tuple[Store, Store]) -> None:
    """TICK-4: what workers count each for itself is one count, before and after it is put together."""
    one, _ = workers
    for number in range(4, 130):
        with one.write() as record:
            kept(record, [new_case(number)])
    with one.read() as record:
        before = record.vitals(T0, T0).cases
    assert sum(before.values()) == 129
    with one.write() as record:
        record.gather()
    with one.read() as record:
        assert record.vitals(T0, T0).cases == before


def test_mail_is_claimed_by_case(workers: tuple[Store, Store]) -> None:
    """MAIL-6: the mails of a case are one delivery's, and so leave in order; those of none are each for itself."""
    one, other = workers
    with one.write() as record:
        record.queue([mail("a", 0), mail("b", 1, number=2), mail("c", 2), mail("d", 3, number=None)])
    assert keys(one) == ["a", "b", "c", "d"]
    with one.claim_mail(LATER, 1) as claim:
        assert [mail.key for mail in claim.mails] == ["a"]
        assert keys(other) == ["b", "d"]
        assert keys(other, 1) == []
    assert keys(other, after="b") == ["a", "c", "d"], "what waits longer leaves first"


def test_a_delivery_that_is_gone_keeps_no_mail(workers: tuple[Store, Store]) -> None:
    """MAIL-6: what a killed process was delivering is free as soon as its connection is gone."""
    one, other = workers
    with one.write() as record:
        record.queue([mail("a"), mail("b", 1, number=None)])
    with one.claim_mail(LATER, 9):
        assert keys(other) == []
        one.close()
        with other.write(patience_s=60):  # by then the server has noticed
            pass
        assert keys(other) == ["a", "b"]


def test_a_mail_that_has_left_is_not_claimed(store: Store) -> None:
    """MAIL-6: what was marked as sent, or waits for its next try, is no mail to deliver."""
    with store.write() as record:
        record.queue([mail("a"), mail("b", 1), mail("c", 2)])
        first, second, _ = record.mail_of(1)
        record.mark_mails([first._replace(next_at=None), second._replace(next_at=LATER + HOUR)])
    assert keys(store) == ["c"]
