"""Desks made for the benchmarks are what the program itself would have written."""

import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random

import desks
import patterns
import pytest
from words import RARE, RARE_CASES

from carecli.config import Config
from carecli.desk import reading
from carecli.desk import tick as ticking
from carecli.desk.desk import Desk, open_desk
from carecli.desk.verify import verify
from carecli.domain.events import Kind
from carecli.domain.folding import evolve
from carecli.mail.outgoing import notices
from carecli.mail.outgoing.office import Office, Sending
from carecli.mail.reference import message_id
from carecli.store.sqlite.store import open_store

CASES, DUE = 200, 40


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small desk with some timers due."""
    return desks.desk(CASES, DUE, tmp_path_factory.mktemp("made"))


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of it, as its admin sees it when the timers are due."""
    path = tmp_path / "desk.db"
    path.write_bytes(made.read_bytes())
    with open_desk(Config(db=str(path)), actor=desks.ADMIN, now=lambda _: desks.NOWS[1_000]) as opened:
        yield opened


def test_a_made_desk_is_what_its_events_add_up_to(desk: Desk) -> None:
    """AUD-1: chain, rows, clocks, timers, tallies and search index are those of its events."""
    report = verify(desk)
    assert report.differences == ()
    assert report.cases == CASES + CASES // 10


def test_its_timers_fall_due_as_asked_for_and_nothing_else_does(desk: Desk) -> None:
    """TICK-1: nothing at the last tick, exactly so many in the hour after it, and the desk stays sound."""
    quiet = ticking.tick(desk.at(patterns.LAST_TICK))
    assert (quiet.fired, len(quiet.breaches), len(quiet.warnings)) == (0, desks.BREACHED, 0)
    report = ticking.tick(desk)
    assert report.fired == DUE
    assert {sent.action for sent in report.followups} == {"reminder", "close"}
    assert len(report.breaches) > desks.BREACHED
    assert verify(desk).differences == ()


def test_its_mail_is_what_its_events_owed(desk: Desk) -> None:
    """MAIL-6: each notice is the one that the program composes from the case's own history."""
    with desk.reading() as record:
        for number in range(1, 30):
            case = record.case(number)
            assert case is not None
            history = record.history(number)
            owed = [entry for entry in history if notices.kind_of(entry.event, case)]
            mails = record.mail_of(number)
            assert [mail.queued_at for mail in mails] == [entry.event.at for entry in owed]
            # What the first one says depends on nothing later.
            rules = desk.rulebook.of(record, case)
            zone = desk.rulebook.calendar(record, case.calendar).zone
            phone, stages = rules.policy.phone["number"], len(rules.policy.stages)
            office = Office("care@desk.example", zone, phone, stages)
            sending = Sending(record.reference_key() or b"", 1, case.opened_at)
            first = notices.compose(history[0], evolve(None, history[0].event, rules), office, sending)
            assert first is not None
            kept = mails[0]
            for place, mail in enumerate(mails, 1):
                assert mail.message_id == message_id(sending.key, number, place, "desk.example")
            assert {mail.named for mail in mails[1:]} <= {(kept.message_id,)}
            assert first == kept._replace(state=first.state, next_at=first.next_at, attempts=0, sent_at=None, id=0)
            assert "<<" not in "".join(str(mail.content) + mail.subject for mail in mails)


def test_a_rare_word_stands_in_a_handful_of_cases_and_a_common_one_in_most(desk: Desk) -> None:
    """FIND-3: what the benchmarks of search look for is there."""
    assert reading.search(desk, RARE).total == RARE_CASES
    assert reading.search(desk, "call").total > CASES / 2


def test_the_same_seed_makes_the_same_desk(made: Path, tmp_path: Path) -> None:
    """Figures of two releases are of the same desk."""
    again, other = tmp_path / "again.db", tmp_path / "other.db"
    desks.build(again, CASES, DUE, Random(1))
    desks.build(other, CASES, DUE, Random(2))
    assert _content(again) == _content(made)
    assert _content(other) != _content(made)


def test_a_made_desk_has_the_indices_and_triggers_of_any_other(made: Path, tmp_path: Path) -> None:
    """What is dropped while a desk is filled comes back, word for word."""
    plain = tmp_path / "plain.db"
    open_store(plain).close()
    assert _schema(made) == _schema(plain)


def _schema(path: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(path) as db:
        rows = db.execute(
            "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1, 2"
        ).fetchall()
    db.close()
    return rows


def _content(path: Path) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    try:
        log = db.execute("SELECT position, digest FROM events").fetchall()
        return log + db.execute("SELECT key, content FROM outbox ORDER BY id").fetchall()
    finally:
        db.close()


def test_the_log_runs_in_the_order_of_time_across_cases(desk: Desk) -> None:
    """Events of a case lie apart, as on a desk that people use; no benchmark finds them side by side."""
    with desk.reading() as record:
        told = [(entry.number, entry.event) for entry in record.events() if entry.number is not None]
    opened = [event.at for _, event in told if event.kind is Kind.OPENED]
    assert opened == sorted(opened)
    neighbours = sum(a == b for (a, _), (b, _) in pairwise(told))
    assert neighbours < len(told) / 2
