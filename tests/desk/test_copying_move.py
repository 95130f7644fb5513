"""A desk moved to another place, and back: one of the two works at any time (AUD-2, MAIL-6)."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from copies import at, copy, quiet
from desk_fixtures import ADA, DANA, SAM, Office, ask, say

from carecli.address import Address
from carecli.desk import copying, copying_tables
from carecli.desk.desk import open_desk
from carecli.desk.mail import delivery
from carecli.domain.copied import Copied, Moved
from carecli.errors import DatabaseUnusable, ExitStatus, Failed, Invalid, Refused
from carecli.store.kept import TABLES
from carecli.store.opening import open_store


def move(office: Office, target: str, when: str = "Mon 12:00") -> Copied:
    return copying.copy(office.by(ADA, when), target, quiet, move=True)


def works(office: Office, place: str) -> bool:
    """Whether somebody can work there."""
    try:
        with open_desk(office.config._replace(db=place), actor=ADA) as desk, desk.store.write():
            return True
    except DatabaseUnusable:
        return False


def mark(office: Office) -> Moved | None:
    """What a desk says of where it works."""
    with office.store.read() as reading:
        return reading.moved()


@pytest.fixture
def there(busy: Office, place: str) -> Any:
    """The busy desk, with mail that waits, moved there."""
    ask(busy.by(SAM, "Mon 10:30"), 2)
    move(busy, place)
    office = at(busy, place)
    with closing(office.store):
        yield office


def test_it_works_there_and_here_no_more(busy: Office, place: str) -> None:
    """AUD-2, MAIL-6: the copy is the same and works; whatever writes in the source is refused with 6."""
    made = move(busy, place)
    assert made.moved
    there = at(busy, place)
    with closing(there.store):
        assert mark(there) is None
        for table in TABLES:
            with busy.store.read() as ours, there.store.read() as theirs:
                assert len(list(ours.kept(table))) == len(list(theirs.kept(table))), table.name
        assert there.log() == busy.log()
        assert there.differences() == busy.differences() == []
        there.tick("Thu 18:00")
        assert there.open("Thu 18:00") == 3
    before = busy.dump()
    acts: list[Callable[[], object]] = [
        lambda: busy.tick("Thu 18:00"),
        lambda: busy.open("Thu 18:00"),
        lambda: say("More.")(busy.by(DANA, "Thu 18:00"), 2),
        lambda: delivery.by_hand(busy.by(ADA, "Thu 18:00"), everything=True),
        lambda: busy.setting("Thu 18:00"),
        lambda: busy.by(ADA, "Thu 18:00").require_working(),
    ]
    for act in acts:
        with pytest.raises(DatabaseUnusable, match=r"this desk was moved to .* on 2026-03-02") as refused:
            act()
        assert refused.value.exit_status is ExitStatus.DATABASE
        assert "--db " in (refused.value.hint or "")
    assert busy.dump() == before


def test_no_mail_leaves_a_retired_desk(busy: Office, there: Office, tmp_path: Path) -> None:
    """MAIL-6: what waits there leaves from the new place alone: it is refused before it is handed over."""
    now = busy.by(ADA, "Mon 12:30").now
    here, there = busy.delivering_to(tmp_path / "here"), there.delivering_to(tmp_path / "there")
    for office in (here, there):
        with office.store.read() as reading:
            assert reading.mail_waiting(now, 10)
    for act in (lambda: here.tick(now), lambda: delivery.by_hand(here.by(ADA, now), everything=True)):
        with pytest.raises(DatabaseUnusable, match="was moved"):
            act()
    assert here.delivered() == []
    there.tick(now)
    assert there.delivered()


def test_what_is_written_meanwhile_comes_along(busy: Office, place: str) -> None:
    """AUD-2: an update between the first pass and the last is there; in the last nobody writes."""
    passes = list[str]()

    def stage(what: str, _total: int) -> Any:
        if what == "Comparing":
            passes.append(what)
            with closing(open_store(busy.config.db, busy_s=0.1)) as store:
                other = Office(busy.config, store)  # type: ignore[arg-type]
                if len(passes) == 1:
                    say("In the midst.")(other.by(DANA, "Mon 11:59"), 2)
                else:
                    with pytest.raises(DatabaseUnusable, match="busy"):
                        say("Too late.")(other.by(DANA, "Mon 11:59"), 2)
        return nullcontext(lambda _: None)

    before = len(busy.log())
    copying.copy(busy.by(ADA, "Mon 12:00"), place, stage, move=True)
    assert len(passes) == 2
    there = at(busy, place)
    with closing(there.store):
        assert len(there.log()) > before
        assert there.log() == busy.log()
        assert there.differences() == []


def test_a_quiet_desk_is_copied_once(busy: Office, place: str) -> None:
    """AUD-2: where nobody wrote meanwhile nobody waits for a second pass."""
    passes = list[str]()

    def stage(what: str, _total: int) -> Any:
        passes.append(what)
        return nullcontext(lambda _: None)

    copying.copy(busy.by(ADA, "Mon 12:00"), place, stage, move=True)
    assert passes.count("Comparing") == 1


def test_there_and_back(busy: Office, there: Office) -> None:
    """AUD-2: what was done there comes back, the old desk works again, and the other one does no more."""
    say("From the new place.")(there.by(DANA, "Mon 14:00"), 2)
    place = there.config.db
    with pytest.raises(Refused, match=r"was moved to .*, and is no copy") as refused:
        copy(there, busy.config.db)
    assert "--move" in (refused.value.hint or "")
    move(there, busy.config.db, "Mon 15:00")
    assert (works(busy, busy.config.db), works(busy, place)) == (True, False)
    assert busy.log() == there.log()
    assert busy.differences() == []
    ask(busy.by(SAM, "Mon 15:30"), 2)
    move(busy, place, "Mon 16:00")
    assert (works(busy, busy.config.db), works(busy, place)) == (False, True)
    assert there.log() == busy.log()
    assert there.differences() == []


def test_one_that_somebody_worked_in_since_is_left_alone(busy: Office, there: Office) -> None:
    """AUD-2: by whatever hands the retired desk went on, that is not written over."""
    retired = mark(busy)
    assert retired is not None
    with busy.store.write(bringing=True) as writing:
        writing.forget_moved()
    say("By other hands.")(busy.by(DANA, "Mon 14:00"), 2)
    with busy.store.write() as writing:
        writing.put_moved(retired)
    with pytest.raises(Refused, match="does not go on from its end"):
        move(there, busy.config.db)
    assert works(busy, there.config.db)


def test_one_whose_log_is_not_as_it_was(busy: Office, there: Office) -> None:
    """AUD-2: where the log does not end where the mark says, other hands were there."""
    retired = mark(busy)
    assert retired is not None
    with busy.store.write(bringing=True) as writing:
        writing.put_moved(retired._replace(position=retired.position + 1))
    with pytest.raises(Refused, match="does not go on from its end"):
        move(there, busy.config.db)


def test_a_delivery_that_was_about_to_begin(
    busy: Office, there: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAIL-6: a delivery that looked before the desk was retired, and begins behind it, hands over nothing."""
    delivering = type(there.store).delivering

    @contextmanager
    def late(store: Any, **how: Any) -> Iterator[bool]:
        if store is there.store:
            with closing(open_store(there.config.db)) as other:
                move(Office(there.config, other), busy.config.db)  # type: ignore[arg-type]
        with delivering(store, **how) as ours:
            yield ours

    monkeypatch.setattr(type(there.store), "delivering", late)
    sending = there.delivering_to(tmp_path / "there")
    with pytest.raises(DatabaseUnusable, match="was moved"):
        delivery.by_hand(sending.by(ADA, "Mon 12:30"), everything=True)
    assert sending.delivered() == []
    assert works(busy, busy.config.db)


def test_a_twin_that_lacks_what_it_had(busy: Office, place: str, tmp_path: Path) -> None:
    """AUD-2: a copy of before does not take the place of a desk that knew more as it was retired."""
    copy(busy, str(tmp_path / "before.db"))
    ask(busy.by(SAM, "Mon 10:30"), 2)
    move(busy, place)
    before = at(busy, str(tmp_path / "before.db"))
    with closing(before.store), pytest.raises(Refused, match="does not go on from its end"):
        move(before, busy.config.db)


@pytest.mark.parametrize("last", ["settle", "put_to_work"])
def test_somebody_else_began_there(busy: Office, place: str, last: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: whoever lost the right to copy with the connection finishes nobody else's copy."""
    step = getattr(copying_tables, last)

    def late(way: Any, *told: Any, **how: Any) -> Any:
        with way.store.write(bringing=True) as writing:
            writing.put_copy(way.copy._replace(token="another's"))
        return step(way, *told, **how)

    monkeypatch.setattr(copying_tables, last, late)
    with pytest.raises((Failed, DatabaseUnusable), match="somebody else has copied to that place"):
        move(busy, place)
    assert not works(busy, place)


def test_it_is_moved_once(busy: Office, there: Office, tmp_path: Path) -> None:
    """AUD-2: a retired desk cannot be moved; a plain copy of it works, for whoever has lost the new place."""
    with pytest.raises(Refused, match="cannot be moved from here") as refused:
        move(busy, str(tmp_path / "third.db"))
    assert "leave out --move" in (refused.value.hint or "")
    with pytest.raises(Refused, match="nothing is left to do"):
        move(busy, there.config.db)
    copy(busy, str(tmp_path / "third.db"))
    assert works(busy, str(tmp_path / "third.db"))
    assert not works(busy, busy.config.db)


def test_two_movers(busy: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: of two that move one desk at once the second is refused, and its copy does not work."""
    first, second = str(tmp_path / "first.db"), str(tmp_path / "second.db")
    settle = copying_tables.settle

    def late(way: Any, *told: Any, **how: Any) -> Any:
        if way.there.db == second:
            with closing(open_store(busy.config.db)) as store:
                move(Office(busy.config, store), first)  # type: ignore[arg-type]
        return settle(way, *told, **how)

    monkeypatch.setattr(copying_tables, "settle", late)
    with pytest.raises(DatabaseUnusable, match=r"was moved to .*first\.db"):
        move(busy, second)
    assert [works(busy, one) for one in (busy.config.db, first, second)] == [False, True, False]


def test_a_delivery_is_waited_for(busy: Office, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """MAIL-6: mail that is on its way is on record before the desk is retired, or it is not retired."""
    monkeypatch.setattr("carecli.store.sqlite.store.DELIVERY_S", 0.05)
    monkeypatch.setattr("carecli.store.postgres.store.BUSY_S", 0.05)
    with closing(open_store(busy.config.db)) as store, store.delivering() as ours:
        assert ours
        with pytest.raises(DatabaseUnusable, match="mail of this desk is being delivered"):
            move(busy, place)
    assert works(busy, busy.config.db)
    assert not works(busy, place)
    move(busy, place)
    assert works(busy, place)


def test_many_deliver_at_a_server_and_none_as_it_is_moved(
    busy: Office, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MAIL-6: on a server those who deliver leave room for each other, not for whoever takes the desk away."""
    monkeypatch.setattr("carecli.store.postgres.store.BUSY_S", 0.05)
    move(busy, Address.of(postgres_url))
    with closing(open_store(postgres_url)) as one, closing(open_store(postgres_url)) as other:
        with one.delivering() as ours, other.delivering() as theirs:
            assert (ours, theirs) == (True, True)
        with one.delivering(), other.delivering(alone=True) as theirs:
            assert not theirs
        with one.delivering(alone=True), other.delivering() as theirs:
            assert not theirs


def test_one_that_cannot_be_put_to_work_is_told_of(
    busy: Office, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AUD-2: the source is retired by then: the same command again ends the move."""

    def lost(*_: Any) -> None:
        raise Failed("the line is cut")

    with monkeypatch.context() as broken:
        broken.setattr(copying_tables, "put_to_work", lost)
        with pytest.raises(DatabaseUnusable, match="does not work yet: the line is cut") as failed:
            move(busy, place)
    assert "--move`, which ends the move" in (failed.value.hint or "")
    assert (works(busy, busy.config.db), works(busy, place)) == (False, False)
    assert move(busy, place).moved
    assert works(busy, place)


@pytest.mark.usefixtures("there")
def test_itself_by_another_address(busy: Office, tmp_path: Path) -> None:
    """AUD-2: a retired desk is no copy of itself, however it is mounted."""
    other = tmp_path / "beside" / "x.db"
    other.parent.mkdir()
    with closing(sqlite3.connect(busy.config.db)) as db:
        db.execute("VACUUM INTO ?", (str(other),))
    with pytest.raises(Invalid, match="is the desk itself by another address"):
        copy(busy, str(other))


def test_no_password_is_kept(busy: Office, postgres_url: str) -> None:
    """SEC: the mark names the new place without the password by which it was reached."""
    with_password = Address.of(postgres_url.replace("postgresql://care@", "postgresql://care:hush-hush@"))
    assert with_password.secrets
    move(busy, with_password)
    found = mark(busy)
    assert found is not None
    assert "hush" not in f"{found} {''.join(busy.dump())}"
