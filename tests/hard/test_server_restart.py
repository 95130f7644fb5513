"""The server restarted in the midst of commands: each is acknowledged and there, or refused and not (OPEN-1)."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any, Final

import pytest
from cli.acceptance import FORM, Who
from hard import many
from hard.small_desk import ADA, DANA, small_desk

psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)

from postgres_server import ADMIN, PostgresServer, binaries  # noqa: E402 - it needs the driver

pytestmark = pytest.mark.skipif(binaries() is None, reason="PostgreSQL is not installed")

COMMANDS: Final = 200
AT_ONCE: Final = 20
RESTARTS: Final = {20: "immediate", 70: "fast", 110: "immediate", 150: "fast"}
"""After how many commands the server is restarted, and how."""
LASTING: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

Event = tuple[int, int | None, int, str, dict[str, Any]]


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that loses nothing of what it has said is kept."""
    with PostgresServer(LASTING) as running:
        yield running


@pytest.fixture
def desk(server: PostgresServer) -> Iterator[str]:
    """The address of a desk with an account, a contact and four cases."""
    database = server.create()
    yield small_desk(server.url(database), cases=4)
    server.drop(database)


def test_each_command_is_acknowledged_and_there_or_refused_and_not(server: PostgresServer, desk: str) -> None:
    """AUD-1: through four restarts amid 200 commands nothing is half done, done twice, or done and denied."""
    commands = dict(zip(range(COMMANDS), cycle([opening, updating, updating, updating]), strict=False))
    ended = {}
    for one in many.run([make(desk, place) for place, make in commands.items()], AT_ONCE):
        ended[one.place] = one
        if len(ended) in RESTARTS:
            server.restart(mode=RESTARTS[len(ended)])
    assert {one.status for one in ended.values()} == {0, 6}, [
        one for one in ended.values() if one.status not in {0, 6}
    ]
    log = events(desk)
    there = Counter(mark for *_, data in log for mark in [marked(data)] if mark is not None)
    for place, one in ended.items():
        assert there[place] == (one.status == 0), (one, there[place])
        if one.status:
            assert json.loads(one.err)["error"]["hint"], one.err
    sound(log)
    opened = {json.loads(one.out)["number"] for place, one in ended.items() if place % 4 == 0 and not one.status}
    assert len(opened) == sum(place % 4 == 0 for place in there)
    assert sum(one.status == 0 for one in ended.values()) > COMMANDS / 4
    assert Who(desk, ADA)("verify").status == 0


def test_numbers_of_cases_opened_at_once_are_in_order(desk: str) -> None:
    """OPEN-1: of 48 processes that open at once none gets a number of another, and none is skipped."""
    ended = list(many.run([opening(desk, place) for place in range(48)], 24))
    assert {one.status for one in ended} == {0}, ended
    assert sorted(int(json.loads(one.out)["number"]) for one in ended) == list(range(5, 53))
    sound(events(desk))


def test_a_transaction_that_was_kept_is_acknowledged_though_the_answer_was_lost(
    server: PostgresServer, desk: str
) -> None:
    """AUD-1: the server ends as it waits for a standby to have it too: it is asked what became of it."""
    server.restart({"synchronous_standby_names": "nowhere"})
    (ended,) = during_commit(server, desk, "fast", {"synchronous_standby_names": ""})
    assert ended.status == 0, ended.err
    assert sum(marked(data) == 7 for *_, data in events(desk)) == 1


def test_a_transaction_that_was_not_kept_is_refused(server: PostgresServer, desk: str) -> None:
    """AUD-1: the server dies within the COMMIT, before that is kept."""
    with psycopg.connect(desk, autocommit=True) as db:
        db.execute(
            "CREATE FUNCTION care.late() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(60); END$$"
        )
        db.execute(
            "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON care.events DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION care.late()"
        )
    (ended,) = during_commit(server, desk, "immediate", {})
    with psycopg.connect(desk, autocommit=True) as db:
        # Which the server counts by the number that the lost transaction had.
        db.execute("UPDATE care.counters SET value = value")
    assert (ended.status, ended.out) == (6, "")
    assert "left nothing behind" in ended.err
    assert sum(marked(data) == 7 for *_, data in events(desk)) == 0


def during_commit(server: PostgresServer, desk: str, mode: str, settings: dict[str, str]) -> list[many.Ended]:
    """Restart the server while a command's COMMIT is under way: how the command ended."""
    ended: list[many.Ended] = []
    process = many.run([updating(desk, 7)], 1)
    with psycopg.connect(server.url("postgres", user=ADMIN), autocommit=True) as db:
        asked = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE query LIKE '%COMMIT' AND state = 'active' AND wait_event IN ('PgSleep', 'SyncRep')"
        )
        started = iter(process)
        told = threading.Thread(target=lambda: ended.extend(started))
        told.start()
        while db.execute(asked).fetchone() != (1,):
            assert told.is_alive(), ended
    server.restart(settings, mode=mode)
    told.join()
    return ended


def opening(desk: str, place: int) -> list[str]:
    """The words that open a case which is told apart by its place."""
    words = ["-s", f"Marked {place}.", *FORM[2:]]
    return ["--db", desk, "--as", ADA, "--json", "open", "--account", "ABC", "--contact", DANA, *words]


def updating(desk: str, place: int) -> list[str]:
    """The words that write to a case what is told apart by its place."""
    return ["--db", desk, "--as", ADA, "--json", "update", str(place % 4 + 1), "-m", f"Marked {place}."]


def marked(data: dict[str, Any]) -> int | None:
    """The place of the command that an event is of."""
    text = str(data.get("text") or data.get("subject") or "")
    return int(text[7:-1]) if text.startswith("Marked ") else None


def events(desk: str) -> list[Event]:
    """The log as it stands in the database."""
    with psycopg.connect(desk) as db:
        rows: list[Event] = db.execute(
            "SELECT position, number, seq, kind, data FROM care.events ORDER BY position"
        ).fetchall()
    return rows


def sound(log: list[Event]) -> None:
    """Every event has its place, each case's come one after the other, and cases their numbers in order."""
    assert [position for position, *_ in log] == list(range(1, len(log) + 1))
    seqs = Counter[int | None]()
    for _, number, seq, _, _ in log:
        seqs[number] += 1
        assert seq == seqs[number]
    assert [number for _, number, _, kind, _ in log if kind == "opened"] == list(range(1, len(seqs)))
