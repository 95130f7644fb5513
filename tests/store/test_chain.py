"""Where the log's chain is broken, and what was done to it, told from its rows alone (AUD-1)."""

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import cache
from itertools import combinations
from typing import Any, Final

import pytest
from store.samples import event

from carecli.domain.events import Recorded
from carecli.store import codec
from carecli.store.chain import breaks
from carecli.store.sqlite.store import open_store

Row = tuple[Any, ...]
Named = list[tuple[int | None, str | None]]

CASES: Final = (None, 1, 2, 1, None, 3, 2, 1, 3, 3, 2, 1)
"""Of which case each event of the log is; None: of the desk."""
LAST: Final = len(CASES)
PLACES: Final = range(1, LAST + 1)
MARKS: Final = f"INSERT INTO events ({codec.EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
DIGEST: Final = -1
DATA: Final = -2


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """A log of twelve events."""
    with closing(open_store(":memory:")) as store:
        with store.write() as record:
            for place, number in enumerate(CASES, 1):
                record.append(number, [event(data={"text": f"Word {place}."})])
        return store.db.execute(f"SELECT {codec.EVENT_COLUMNS} FROM events ORDER BY position").fetchall()


@cache
def empty() -> sqlite3.Connection:
    """A log that nothing keeps."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    with closing(open_store(":memory:")) as fresh:
        db.execute(fresh.db.execute("SELECT sql FROM sqlite_schema WHERE name = 'events'").fetchone()[0])
    return db


def found(rows: Iterable[Row]) -> Named:
    """Where these rows are said to be broken, and how."""
    db = empty()
    db.execute("BEGIN")
    db.executemany(MARKS, rows)
    told = [(one.event, one.name) for one in breaks(db)]
    db.execute("ROLLBACK")
    return told


def changed(row: Row, what: str = '{"text":"Other."}') -> Row:
    """An event that tells something else, under the digest that it had."""
    return (*row[:DATA], what, row[DIGEST])


def fitted(row: Row, before: Row | None) -> Row:
    """An event with the digest that it should have behind another one."""
    told = codec.recorded(row)
    previous = before[DIGEST] if before else codec.GENESIS
    return (*row[:DIGEST], codec.event_digest(previous, told.number, told.seq, told.event))


def placed(rows: Sequence[Row]) -> list[Row]:
    """These events numbered anew in this order."""
    return [(place, *row[1:]) for place, row in enumerate(rows, 1)]


def forged(rows: Sequence[Row], after: int) -> Row:
    """An event that was never recorded, fitting behind another one."""
    row = (0, 2, 99, *rows[3][3:DATA], '{"text":"Forged."}', "")
    return fitted(row, rows[after - 1] if after else None)


def chained(rows: Sequence[Row]) -> list[Row]:
    """These events, all of them chained anew."""
    made: list[Row] = []
    for row in placed(rows):
        made.append(fitted(row, made[-1] if made else None))
    return made


def with_(rows: Sequence[Row], place: int, row: Row) -> list[Row]:
    """The log with another event at a place."""
    return [*rows[: place - 1], row, *rows[place:]]


def test_a_whole_log_has_no_break(rows: list[Row]) -> None:
    """AUD-1: what was appended fits."""
    assert found(rows) == []
    assert found([]) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_changed_event_is_told_by_its_place(rows: list[Row], place: int) -> None:
    """AUD-1: each event, first and last too, that tells something else than was recorded."""
    assert found(with_(rows, place, changed(rows[place - 1]))) == [(place, "changed")]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("digest", ["", "0" * 64, "\udcff", "a" * 10_000])
def test_a_changed_digest_is_told_as_one(rows: list[Row], place: int, digest: str) -> None:
    """AUD-1: the next event proves what it tells; of the last nothing says which of both was changed."""
    row = (*rows[place - 1][:DIGEST], digest if digest.isascii() else "é")
    assert found(with_(rows, place, row)) == [(place, "digest" if place < LAST else "changed")]


@pytest.mark.parametrize("place", PLACES)
def test_an_event_changed_with_its_digest_is_told_at_the_next(rows: list[Row], place: int) -> None:
    """AUD-1: which of two was changed cannot be told, and the last with its digest leaves no break at all."""
    before = rows[place - 2] if place > 1 else None
    told = found(with_(rows, place, fitted(changed(rows[place - 1]), before)))
    assert told == ([(place + 1, "changed")] if place < LAST else [])


@pytest.mark.parametrize(("first", "last"), [*combinations(PLACES, 2), *((place, place) for place in PLACES)])
def test_missing_events_are_told_by_their_places(rows: list[Row], first: int, last: int) -> None:
    """AUD-1: a gap in the numbers of the log; a log cut at its end is a whole one by itself."""
    told = found([*rows[: first - 1], *rows[last:]])
    assert told == ([(first, "missing")] if last < LAST else [])


@pytest.mark.parametrize("place", PLACES)
def test_an_event_taken_out_and_the_rest_numbered_anew(rows: list[Row], place: int) -> None:
    """AUD-1: where the case goes on behind it, its events tell which one is missing."""
    told = found(placed([*rows[: place - 1], *rows[place:]]))
    goes_on = CASES[place - 1] in CASES[place:]
    assert told == ([(place, "missing" if goes_on else "changed")] if place < LAST else [])


@pytest.mark.parametrize("after", range(LAST))
@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("fits", [True, False])
def test_events_put_in_are_told_by_their_places(rows: list[Row], after: int, many: int, fits: bool) -> None:
    """AUD-1: whether or not their digests fit, what follows was recorded without them."""
    if not fits:
        new = [(0, 2, 99 + at, *rows[3][3:DIGEST], "0" * 64) for at in range(many)]
    else:
        new = [forged(rows, after)]
        for at in range(1, many):
            new.append(fitted((0, 2, 99 + at, *rows[3][3:]), new[-1]))
    told = found(placed([*rows[:after], *new, *rows[after:]]))
    # Of as many that fit as follow nobody can say which of both were put in.
    if many < LAST - after or not fits:
        assert told == [(after + at, "put-in") for at in range(1, many + 1)]
    assert told


@pytest.mark.parametrize("place", [0, -1, -(2**63)])
@pytest.mark.parametrize("last", [None, 5])
def test_an_event_before_the_first_is_told(rows: list[Row], place: int, last: int | None) -> None:
    """AUD-1: no digest speaks for a place that no event was ever given, and histories would be read with it."""
    db = empty()
    db.execute("BEGIN")
    db.executemany(MARKS, [(place, *forged(rows, 0)[1:]), *rows])
    told = [(one.event, one.name) for one in breaks(db, last)]
    db.execute("ROLLBACK")
    assert told == [(place, "put-in")]


def test_events_added_at_the_end_are_events(rows: list[Row]) -> None:
    """AUD-1: whoever can write can append: only what the rows tell, and a seal's place, speak against it."""
    assert found(placed([*rows, forged(rows, LAST)])) == []


@pytest.mark.parametrize(("one", "other"), [*combinations(PLACES, 2)])
def test_events_that_changed_places_are_both_told(rows: list[Row], one: int, other: int) -> None:
    """AUD-1: each by where it was recorded."""
    order = list(rows)
    order[one - 1], order[other - 1] = order[other - 1], order[one - 1]
    told = found(placed(order))
    assert {one, other} <= {place for place, _ in told}
    assert {name for _, name in told} == {"moved"}
    assert {place for place, _ in told} <= {one, one + 1, other, other + 1}


@pytest.mark.parametrize("place", range(2, LAST + 1))
def test_numbers_left_out_are_no_missing_event(rows: list[Row], place: int) -> None:
    """AUD-1: a gap over which the chain goes on is a matter of numbers alone."""
    told = found([*rows[: place - 1], *((row[0] + 5, *row[1:]) for row in rows[place - 1 :])])
    assert told == [(place, "renumbered")]


def test_a_log_chained_anew_fits(rows: list[Row]) -> None:
    """AUD-1: whoever can write can forge all of it from one event on: that a seal alone can tell."""
    assert found(chained(with_(rows, 4, changed(rows[3])))) == []
    assert found(chained([*rows[:4], *rows[5:]])) == []


@pytest.mark.parametrize("value", ['{"text"', "", "[" * 100_000, "\x00", '{"a": NaN}', "é"])
@pytest.mark.parametrize("column", [3, 4, 5, 6, 7, 8])
def test_any_text_in_any_column_is_a_changed_event(rows: list[Row], column: int, value: str) -> None:
    """AUD-1: whatever stands there ends nothing."""
    row = list(rows[5])
    row[column] = value
    assert found(with_(rows, 6, tuple(row))) == [(6, "changed")]


def test_more_breaks_than_are_looked_into(rows: list[Row]) -> None:
    """AUD-1: beyond those that are looked into each is still told by its place."""
    many = chained([*rows] * 10)
    every_other = [changed(row) if row[0] % 2 else row for row in many]
    assert found(every_other) == [(place, "changed") for place in range(1, 121, 2)]


def several(rows: Sequence[Row], rng: random.Random) -> Iterator[list[Row]]:
    """The log after a few changes of any kind."""
    while True:
        now = list(rows)
        for _ in range(rng.randint(1, 4)):
            place = rng.randint(1, len(now))
            match rng.randrange(5):
                case 0:
                    now[place - 1] = changed(now[place - 1])
                case 1:
                    del now[place - 1]
                case 2:
                    now.insert(place - 1, forged(rows, rng.randint(0, LAST)))
                case 3:
                    now.insert(place - 1, now.pop())
                case _:
                    now[place - 1] = (*now[place - 1][:DIGEST], "0" * 64)
            if not now:
                break
        yield now


def test_any_changes_are_told_or_leave_the_log_as_it_was(rows: list[Row]) -> None:
    """AUD-1: whatever was done, a log with no break is one that begins as the real one does, or was cut."""
    rng = random.Random(8)
    told = 0
    for _, now in zip(range(400), several(rows, rng), strict=False):
        after = placed(now)
        named = found(after)
        if not named:
            whole = [row[1:] for row in rows]
            fits = [row[1:] for row in after]
            # What fits at the end are whole beginnings, with what was forged to follow on them.
            while fits and fits[-1] not in whole:
                fits.pop()
            assert fits == whole[: len(fits)]
            continue
        told += 1
        assert all(place is not None and 1 <= place <= len(after) + 1 for place, _ in named)
        assert [place for place, _ in named] == sorted(place or 0 for place, _ in named)
    print(f"\nlogs changed in several ways at once, and told: {told} of 400")
    assert told > 300


def test_a_recorded_event_is_what_its_row_says(rows: list[Row]) -> None:
    """AUD-1: the digest over the bare text of a row is that over the event read from it."""
    before = codec.GENESIS
    for row in rows:
        told: Recorded = codec.recorded(row)
        assert told.digest == codec.event_digest(before, told.number, told.seq, told.event)
        before = told.digest
