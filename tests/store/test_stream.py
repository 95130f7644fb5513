"""Rows are brought as they are asked for, however many there are (EXP-1)."""

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from itertools import islice
from typing import Any

import pytest

pytest.importorskip("psycopg", reason="PostgreSQL's driver is not installed", exc_type=ImportError)

from store.samples import T0, event, kept, new_case, undone

from carecli.domain.events import Kind
from carecli.domain.finding import Filter, Query
from carecli.store.postgres.store import PostgresStore, open_store
from carecli.store.postgres.stream import AT_ONCE
from carecli.store.session import stream

_OPEN = "SELECT count(*) FROM pg_cursors WHERE name LIKE 'stream_%'"
ROWS = 3 * AT_ONCE
MOST_MB = 60


@pytest.fixture(scope="module")
def desk(new_postgres: Callable[[], AbstractContextManager[str]]) -> Iterator[PostgresStore]:
    """A database for tests that undo what they write."""
    with new_postgres() as url, closing(open_store(url)) as store:
        yield store


def test_little_is_held_at_a_time(desk: PostgresStore) -> None:
    """A log of 300 MB takes no 60 of memory to walk through, on the server's side of the wire or on ours."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with desk.read() as record:
        rows = stream(record.db, "SELECT repeat('x', 10000) FROM generate_series(1, ?) AS s (n)", (30_000,))
        assert sum(len(text) for (text,) in rows) == 300_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MB << 10


@pytest.mark.parametrize("rows", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, ROWS])
def test_each_row_comes_once(desk: PostgresStore, rows: int) -> None:
    """In their order, whatever the number of pages; nothing is left open behind the last."""
    with desk.read() as record:
        found = stream(record.db, "SELECT n FROM generate_series(1, ?) AS s (n)", (rows,))
        assert [n for (n,) in found] == list(range(1, rows + 1))
        assert record.one(_OPEN) == 0


def test_walks_beside_each_other(desk: PostgresStore) -> None:
    """Whoever reads on may ask for something else meanwhile, or leave off: the transaction ends what is left."""
    with desk.read() as record:
        first, second = (stream(record.db, "SELECT n FROM generate_series(1, 2000) AS s (n)") for _ in range(2))
        pairs = [(a, b) for (a,), (b,) in zip(first, islice(second, 1200), strict=False)]
        assert pairs == [(n, n) for n in range(1, 1201)]
        assert record.one(_OPEN) == 2
    with desk.read() as record:
        assert record.one(_OPEN) == 0


def test_the_rooms_that_walk(desk: PostgresStore) -> None:
    """Log, lists, reports and forecasts read as they are taken: none has all of it at hand at once."""
    with undone(desk) as writing:
        record: Any = writing
        cases = [new_case(number, T0) for number in range(1, AT_ONCE + 2)]
        kept(record, cases)
        record.append_all((case.number, event(Kind.ASKED, status="open", substatus="x")) for case in cases)
        for walked in (
            record.events,
            lambda: record.every(Query(limit=None)),
            lambda: record.reported(Filter(), None),
            lambda: record.steps(Filter(), None),
            lambda: record.still_open(Filter(), None),
        ):
            assert record.one(_OPEN) == 0
            walk: Iterator[Any] = iter(walked())
            next(walk)
            assert record.one(_OPEN) == 1
            assert sum(1 for _ in walk) == AT_ONCE
