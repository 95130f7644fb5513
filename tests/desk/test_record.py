"""The record of a real desk after whatever may happen to it: whole, chained, and the same at every rhythm."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from chain import check_chain
from desk_fixtures import (
    ABC,
    ADA,
    BEN,
    BOB,
    DANA,
    HARBOR,
    LENA,
    MIA,
    OMAR,
    ROSA,
    SAM,
    Office,
    ask,
    copied,
    note,
    propose,
    say,
    yes,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from notation import when

from carecli.config import Config
from carecli.desk import cases, directory, reading, requests, severity
from carecli.desk.desk import Desk
from carecli.domain.events import Kind
from carecli.domain.people import CalendarSpec
from carecli.domain.vocabulary import CaseType, Priority, Via
from carecli.errors import CareError

PEOPLE = (DANA, OMAR, ROSA, BOB, LENA, SAM, BEN, MIA, ADA)
ACTS: tuple[Callable[[Desk, int], Any], ...] = (
    say("Some words."),
    say("More words."),
    note("For us."),
    ask,
    propose,
    lambda d, n: cases.propose(d, n, "Fixed.", "problem-resolved"),
    lambda d, n: cases.restore(d, n),
    lambda d, n: cases.restore(d, n, None, "pending-rca"),
    lambda d, n: cases.accept(d, n),
    lambda d, n: cases.reject(d, n, "No."),
    lambda d, n: cases.investigate(d, n),
    lambda d, n: cases.close(d, n),
    lambda d, n: cases.close(d, n, "Elsewhere.", substatus="redirected"),
    lambda d, n: cases.close(d, n, substatus="cancelled"),
    lambda d, n: cases.reopen(d, n, "It is back."),
    lambda d, n: cases.reopen(d, n, "It is back.", via=Via.PHONE),
    lambda d, n: cases.update(d, n, "Called.", via=Via.PHONE, contact=OMAR),
    lambda d, n: requests.acknowledge(d, n),
    lambda d, n: requests.reject(d, n, "So."),
    lambda d, n: requests.resubmit(d, n, "So.", fields={"site": "West"}),
    lambda d, n: requests.complete(d, n),
    lambda d, n: cases.assign(d, n),
    lambda d, n: cases.assign(d, n, BEN),
    lambda d, n: cases.assign(d, n, group="Reporting"),
    *(lambda d, n, p=p: severity.change(d, n, p, "So.", confirm=yes) for p in Priority),
)
OPENINGS: tuple[dict[str, Any], ...] = (
    {},
    {"priority": Priority.LOW},
    {"priority": Priority.MEDIUM, "service": "Wallboard"},
    {"type": CaseType.FEATURE_REQUEST},
    {"type": CaseType.SERVICE_REQUEST, "subtype": "password-reset", "fields": {"login": "dana"}},
    {"type": CaseType.SERVICE_REQUEST, "subtype": "change-request", "fields": {"change": "add"}},
    {"contact": LENA, "priority": Priority.CRITICAL},
    {"contact": DANA},
)
STEP = st.tuples(
    st.sampled_from((0, 1, 7, 45, 190, 700, 1440, 2900, 7200)),
    st.sampled_from(("act", "act", "act", "act", "open", "tick", "tick", "broken tick", "replay", "calendar")),
    st.integers(0, len(PEOPLE) - 1),
    st.integers(0, len(ACTS) - 1),
    st.integers(0, 30),
)


@contextmanager
def desk_of_its_own(template: Config) -> Iterator[Office]:
    """A desk for one example."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "file").touch()
        office = copied(template, Path(folder))
        # The power may fail in an example as it likes.
        office.store.db.execute("PRAGMA synchronous = OFF")
        try:
            yield office
        finally:
            office.store.close()


def step(office: Office, at: datetime, what: str, who: str, act: int, pick: int) -> None:
    """Do something at random; what the desk refuses is refused."""
    opened = sum(e[3] is Kind.OPENED for e in office.log())
    try:
        if what == "open" or not opened:
            office.open(at, who, **OPENINGS[pick % len(OPENINGS)])
        elif what == "tick":
            office.tick(at)
        elif what == "broken tick":
            office.delivering_to(Path(office.config.db).parent / "file" / "mail").tick(at)
        elif what == "replay":
            office.tick(at, replay=True)
        elif what == "calendar":
            closed = (f"2026-03-{2 + pick % 28:02d}",)
            spec = CalendarSpec(close_on=closed)
            directory.edit_account(office.by(ADA, at), (ABC, HARBOR)[pick % 2], calendar=spec)
        else:
            ACTS[act](office.by(who, at), 1 + pick % (opened + 1))
    except CareError as refusal:
        assert refusal.message  # noqa: PT017 - any refusal will do


@given(st.lists(STEP, min_size=10, max_size=40))
@settings(max_examples=60)
def test_whatever_happens_the_record_adds_up(
    template: Config, steps: list[tuple[int, str, int, int, int]]
) -> None:
    """AUD-1 and STAT-4: after any commands and ticks by anybody, refolding every case finds no difference."""
    with desk_of_its_own(template) as office:
        at = when("Mon 09:00")
        for minutes, what, who, act, pick in steps:
            at += timedelta(minutes=minutes)
            step(office, at, what, PEOPLE[who], act, pick)
        assert office.differences() == []
        _sound(office, at)


def _sound(office: Office, at: datetime) -> None:
    """What holds of every desk at all times."""
    with office.store.read() as record:
        entries = list(record.events())
        assert check_chain(entries) is None
        numbers = sorted({e.number for e in entries if e.number is not None})
        mails = [mail for number in numbers for mail in record.mail_of(number)]
    stages = [(m.number, m.round, m.stage) for m in mails if m.stage]
    assert len(stages) == len(set(stages))
    for number in numbers:
        marks = [
            (e.event.kind, e.event.data["metric"], e.event.data["cycle"], e.event.data["due_at"])
            for e in entries
            if e.number == number and e.event.kind in {Kind.CLOCK_WARNED, Kind.CLOCK_BREACHED}
        ]
        assert len(marks) == len(set(marks))
        case = office.case(number)
        assert case.opened_at <= case.modified_at <= at
        for who, account in ((DANA, ABC), (LENA, HARBOR)):
            if case.account == account:
                seen = reading.log(office.by(who, at), number)
                assert all(e.event.public for e in seen)
                assert [e.seq for e in seen] == list(range(1, len(seen) + 1))


COMMAND = st.tuples(
    st.integers(1, 3000),
    st.sampled_from((DANA, OMAR, LENA, SAM, MIA)),
    st.integers(0, len(ACTS) - 1),
    st.integers(0, 9),
)


@given(
    st.lists(COMMAND, min_size=2, max_size=8),
    st.lists(st.integers(20, 1440), min_size=1, max_size=6),
    st.sampled_from((1, 2, 500)),
)
@settings(max_examples=12)
def test_ticks_at_any_rhythm_agree(
    template: Config, commands: list[tuple[int, str, int, int]], gaps: list[int], batch: int
) -> None:
    """FU-4: ticks up to a day apart leave the same case events and mail as a tick at every due time."""
    with desk_of_its_own(template) as punctual, desk_of_its_own(template) as other:
        script = list(_script(commands))
        _play(punctual, script, lambda since, until: _every_due_time(punctual, since, until))
        other.store.batch = batch
        _play(other, script, lambda since, until: _rhythm(since, until, gaps))
        for number in range(1, 4):
            assert _events(other, number) == _events(punctual, number)
            assert [m.key for m in other.mails(number)] == [m.key for m in punctual.mails(number)]
        assert other.differences() == punctual.differences() == []


def _script(commands: list[tuple[int, str, int, int]]) -> Iterator[tuple[datetime, str, int, int]]:
    at = when("Mon 09:30")
    for minutes, who, act, pick in commands:
        at += timedelta(minutes=minutes)
        yield at, who, act, 1 + pick % 3


def _play(
    office: Office,
    script: list[tuple[datetime, str, int, int]],
    ticks: Callable[[datetime, datetime], Iterator[datetime]],
) -> None:
    for who in (DANA, OMAR, LENA):
        office.open("Mon 09:00", who)
    end = script[-1][0] + timedelta(days=25)
    for before, (at, who, act, number) in pairwise([(when("Mon 09:00"), "", 0, 0), *script, (end, "", 0, 0)]):
        for moment in ticks(before[0], at):
            office.tick(moment)
        if who:
            _attempt(office, at, who, act, number)


def _attempt(office: Office, at: datetime, who: str, act: int, number: int) -> None:
    try:
        ACTS[act](office.by(who, at), number)
    except CareError as refusal:
        assert refusal.message  # noqa: PT017 - any refusal will do


def _every_due_time(office: Office, _since: datetime, until: datetime) -> Iterator[datetime]:
    while True:
        with office.store.read() as record:
            due = record.next_due(until)
        if due is None or due > until:
            yield until
            return
        yield due


def _rhythm(since: datetime, until: datetime, gaps: list[int]) -> Iterator[datetime]:
    at, turn = since, 0
    while (at := at + timedelta(minutes=gaps[turn % len(gaps)])) < until:
        yield at
        turn += 1
    yield until


def _events(office: Office, number: int) -> list[tuple[Any, ...]]:
    return [entry[1:] for entry in office.log() if entry[0] == number]


def _tampered(office: Office, *statements: str) -> None:
    db = sqlite3.connect(office.config.db)
    for trigger in ("events_keep", "events_stay", "events_follow"):
        db.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        db.executescript(statement)
    db.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET state = replace(state, '\"high\"', '\"low\"')",
        "UPDATE cases SET texts = replace(texts, 'third', 'fourth')",
        "DELETE FROM timers",
        "UPDATE timers SET fires_at = '2030-01-01T00:00:00Z' WHERE number = 1",
        "DELETE FROM cases",
        "UPDATE events SET data = replace(data, 'third', 'fourth')",
        "UPDATE events SET at = '2026-03-01T09:00:00Z' WHERE kind = 'commented'",
        "UPDATE events SET actor = 'x@y.example' WHERE kind = 'commented'",
        "DELETE FROM events WHERE kind = 'commented'",
        "DELETE FROM events WHERE position = (SELECT max(position) FROM events)",
    ],
)
def test_what_was_changed_by_hand_is_found(office: Office, statement: str) -> None:
    """AUD-1: a change of an event, a case or a timer behind the desk's back is found and said."""
    number = office.open("Mon 09:00")
    say("We look.")(office.by(SAM, "Mon 10:00"), number)
    assert office.differences() == []
    _tampered(office, statement)
    assert office.differences()


COPIED = """CREATE TEMP TABLE copied AS SELECT * FROM cases;
    UPDATE copied SET number = 99;
    INSERT INTO cases SELECT * FROM copied"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET data = '{}' WHERE kind = 'opened'",
        "UPDATE events SET data = 'no json' WHERE kind = 'commented'",
        "UPDATE events SET kind = 'unheard-of' WHERE kind = 'commented'",
        "UPDATE events SET at = 'yesterday' WHERE kind = 'commented'",
        "UPDATE cases SET state = '{}'",
        "DELETE FROM documents",
        COPIED,
        "INSERT INTO timers VALUES ('2026-03-02T09:00:00Z', 99, 1, 'response', 1)",
    ],
)
def test_what_was_damaged_is_said_and_trips_nothing(office: Office, statement: str) -> None:
    """AUD-1: damage that cannot be folded, and rows that no event accounts for, are differences in words."""
    number = office.open("Mon 09:00")
    say("We look.")(office.by(SAM, "Mon 10:00"), number)
    _tampered(office, statement)
    assert office.differences()


def test_the_log_is_append_only(office: Office) -> None:
    """AUD-1: the database itself refuses to change or remove an event."""
    office.open("Mon 09:00")
    for statement in ("UPDATE events SET actor = 'x'", "DELETE FROM events"):
        db = sqlite3.connect(office.config.db)
        with pytest.raises(sqlite3.DatabaseError):
            db.execute(statement)
        db.close()


def test_states_of_the_whole_desk_are_chained(office: Office) -> None:
    """AUD-1: events of the desk and of its cases form one chain in the order recorded."""
    office.open("Mon 09:00")
    directory.edit_contact(office.by(DANA, "Mon 10:00"), DANA, phone="1")
    office.open("Mon 11:00")
    with office.store.read() as record:
        entries = list(record.events())
        assert check_chain(record.events()) is None
    assert [e.position for e in entries] == list(range(1, len(entries) + 1))
    assert {e.number for e in entries} == {None, 1, 2}
