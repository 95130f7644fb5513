"""The whole record in another place: the same by every hash, resumed where it was cut short (AUD-2)."""

import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest
from copies import at, copy, quiet
from desk_fixtures import ADA, DANA, MIA, SAM, Office, ask, say
from store.test_released import SCHEMAS, content, unpacked

from carecli.address import Address, is_address
from carecli.config import Config
from carecli.desk import copying, copying_tables, setup
from carecli.desk.copying_files import bring
from carecli.desk.desk import open_desk
from carecli.desk.mail import delivery
from carecli.domain.people import CalendarSpec
from carecli.errors import CareError, DatabaseUnusable, Failed, Invalid, NotPermitted, Refused
from carecli.files.blobs import Blobs
from carecli.store.kept import TABLES
from carecli.store.opening import open_store


def test_every_table_is_told_of(tmp_path: Path) -> None:
    """AUD-2: a table that a later schema adds is not forgotten: all columns of all tables are copied."""
    with closing(open_store(tmp_path / "new.db")):
        pass
    with closing(sqlite3.connect(tmp_path / "new.db")) as db:
        listed = db.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
        )
        there = {
            name: {column for _, column, *_ in db.execute(f"PRAGMA table_info({name})")} for (name,) in listed
        }
    made_otherwise = {"_sqlite_migrations", "tallies", "sqlite_schema", "sqlite_sequence"}
    assert {table.name for table in TABLES} == there.keys() - made_otherwise
    for table in TABLES:
        assert set(table.names) - {"rowid"} == there[table.name], table.name


def test_a_copy_is_the_same_and_verifies(busy: Office, place: str) -> None:
    """AUD-2: every table has the hash that its source has, the log its seal; `verify` finds nothing."""
    made = copy(busy, place)
    assert (made.events, made.continued) == (made.seal.position, 0)
    assert {one.name for one in made.tables if one.rows} >= {"events", "cases", "outbox", "timers", "search_notes"}
    there = at(busy, place)
    with closing(there.store):
        assert there.differences() == []
        assert there.log() == busy.log()


def test_there_and_back_is_the_very_same(busy: Office, place: str, tmp_path: Path) -> None:
    """AUD-2: back in a file the rows are spelled as they were, whichever engine had them meanwhile."""
    copy(busy, place)
    there = at(busy, place)
    with closing(there.store):
        copy(there, str(tmp_path / "back.db"))
    back = at(busy, str(tmp_path / "back.db"))
    with closing(back.store):
        assert back.differences() == []
        for table in TABLES:
            with busy.store.read() as ours, back.store.read() as theirs:
                assert list(map(tuple, ours.kept(table))) == list(map(tuple, theirs.kept(table))), table.name


def test_work_goes_on_in_the_copy(busy: Office, place: str) -> None:
    """OPEN-1, MAIL-6: numbers of cases and mails go on where they were; time fires what is due there."""
    copy(busy, place)
    there = at(busy, place)
    with closing(there.store):
        assert there.open("Mon 13:00") == 3
        there.tick("Thu 18:00")
        busy.open("Mon 13:00")
        busy.tick("Thu 18:00")
        assert there.log() == busy.log()
        assert there.differences() == []


@pytest.mark.parametrize("stage", ["Copying the log", "Copying the rest", "Comparing"])
def test_one_that_was_cut_short_goes_on(
    busy: Office, place: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AUD-2: what came there stays; nobody works in it before all has; repeated, it is whole."""
    monkeypatch.setattr(copying_tables, "AT_ONCE", 5)

    def cut(what: str, _total: int) -> Any:
        def advance(done: int) -> None:
            if what == stage and done > 7:
                raise KeyboardInterrupt

        return nullcontext(advance)

    with pytest.raises(KeyboardInterrupt):
        copying.copy(busy.by(ADA, "Mon 12:00"), place, cut)
    config = busy.config._replace(db=place)
    with pytest.raises(DatabaseUnusable, match="is not whole"), open_desk(config, actor=ADA):
        pass
    with pytest.raises(DatabaseUnusable, match="is not whole"):
        setup.init(config, setup.Setup(ADA, None, None, CalendarSpec(), None))
    assert copy(busy, place).continued >= 5
    there = at(busy, place)
    with closing(there.store):
        assert there.differences() == []
        assert there.log() == busy.log()


def test_one_is_brought_up_to_date(busy: Office, place: str) -> None:
    """AUD-2: copied while the desk works and once more when it has stopped: what came between comes too."""
    before = copy(busy, place)
    ask(busy.by(SAM, "Mon 12:30"), 2)
    busy.tick("Mon 13:00")
    made = copy(busy, place)
    assert (made.continued, made.events > before.events) == (before.events, True)
    there = at(busy, place)
    with closing(there.store):
        assert there.log() == busy.log()
        assert there.differences() == []


def test_a_copy_that_somebody_worked_in_is_left_alone(busy: Office, place: str, tmp_path: Path) -> None:
    """AUD-2: neither events nor mail that left there is written over."""
    ask(busy.by(SAM, "Mon 10:30"), 2)
    copy(busy, place)
    there = at(busy, place)
    with closing(there.store):
        delivery.by_hand(there.delivering_to(tmp_path / "there").by(ADA, "Mon 10:31"), everything=False)
    with pytest.raises(Refused, match="somebody has worked in the copy"):
        copy(busy, place)
    there = at(busy, place)
    with closing(there.store):
        say("More.")(there.by(DANA, "Mon 14:00"), 2)
    with pytest.raises(Refused, match="goes on otherwise"):
        copy(busy, place)


def test_another_desk_is_left_alone(busy: Office, place: str) -> None:
    """AUD-2: a desk that is there stays as it is."""
    config = busy.config._replace(db=place)
    setup.init(config, setup.Setup(MIA, "Mia", "Other", CalendarSpec("UTC", "Mon-Fri 09:00-17:00", ""), None))
    with pytest.raises(Refused, match="no copy of this one"):
        copy(busy, place)
    with open_desk(config, actor=MIA) as desk:
        assert desk.settings.name == "Other"


def test_what_comes_otherwise_is_not_kept(busy: Office, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: where a hash differs the copy stays unfinished, and says which table."""
    monkeypatch.setattr("carecli.store.whole.WholeWriting.put_kept", _losing("accounts", busy))
    with pytest.raises(Failed, match="what came to accounts is not what was sent: 1 of 2 rows"):
        copy(busy, place)
    with pytest.raises(CareError, match="is not whole"), open_desk(busy.config._replace(db=place), actor=ADA):
        pass


def _losing(name: str, _: Office) -> Any:
    from carecli.store.whole import WholeWriting

    put = WholeWriting.put_kept

    def lossy(writing: Any, table: Any, rows: Any) -> None:
        put(writing, table, list(rows)[1:] if table.name == name else rows)

    return lossy


def test_itself_and_who_may(busy: Office, tmp_path: Path) -> None:
    """DC-5: a desk is no copy of itself, by a link of either kind neither; copying is for admins."""
    (tmp_path / "link.db").symlink_to(busy.config.db)
    (tmp_path / "hard.db").hardlink_to(busy.config.db)
    before = sorted(path.name for path in tmp_path.iterdir())
    for itself in (busy.config.db, str(tmp_path / "link.db"), str(tmp_path / "hard.db")):
        with pytest.raises(Invalid, match="is the desk itself"):
            copy(busy, itself)
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    for who in (MIA, SAM, DANA):
        with pytest.raises(NotPermitted):
            copying.copy(busy.by(who, "Mon 12:00"), str(tmp_path / "copy.db"), quiet)
    assert not (tmp_path / "copy.db").exists()


def test_itself_by_another_address(busy: Office, place: str, tmp_path: Path) -> None:
    """AUD-2: a desk that came as a copy knows its own place by whatever address, before its settings would go."""
    copy(busy, place)
    there = at(busy, place)
    by_another = (
        Address.of(f"{place}&application_name=x") if is_address(place) else str(tmp_path / "beside" / "x.db")
    )
    if not is_address(place):
        Path(by_another).parent.mkdir()
        with closing(sqlite3.connect(place)) as db:  # as on a file system that is mounted twice
            db.execute("VACUUM INTO ?", (by_another,))
    with closing(there.store):
        with pytest.raises(Invalid, match="is the desk itself by another address"):
            copy(there, by_another)
        assert there.by(ADA, "Mon 12:00").settings.name
        assert there.differences() == []


def test_its_files_are_no_others(busy: Office, tmp_path: Path) -> None:
    """ATT-1: two desks in one folder of files would each take the other's for left over."""
    live = Path(busy.config.db)
    with pytest.raises(Invalid, match="that is the desk's own"):
        copy(busy, str(live.with_suffix(".sqlite")))
    copy(busy, str(tmp_path / "copy.db"))
    with pytest.raises(Invalid, match=r"that is that of .*copy\.db"):
        copy(busy, str(tmp_path / "copy.sqlite"))


@pytest.mark.parametrize("given", ["", "-", ":memory:", "loop.db"])
def test_what_is_no_place(busy: Office, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CLI: nothing is told to be copied that is gone at the end; a link may lead back to itself."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop.db").symlink_to("loop.db")
    with pytest.raises(Invalid, match="no place for a copy"):
        copy(busy, given)


@pytest.mark.parametrize(
    ("named", "folder"),
    [(None, "shared"), ("postgresql://care@db/other", None), ("postgresql://care@db/desk", "shared")],
)
def test_where_its_files_will_be_looked_for(named: str | None, folder: str | None, tmp_path: Path) -> None:
    """ATT-1: the config file's folder is that of the server's desk that it names, and of one that it will name."""
    config = Config(str(tmp_path / "desk.db"), files_set="shared", file_db=named)
    assert copying.at_place(config, Address.of("postgresql://care@db/desk")).files == folder


def test_nobody_works_there_meanwhile(busy: Office, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: from the look at what is there to the note that it is being copied nobody writes in it."""
    copy(busy, place)
    hashed = copying_tables.hashes

    def late(*told: Any, **how: Any) -> Any:
        with closing(open_store(place, busy_s=0.1)) as store:
            waiting = store.write()
            with pytest.raises(DatabaseUnusable, match="busy"):
                waiting.__enter__()
        return hashed(*told, **how)

    monkeypatch.setattr(copying_tables, "hashes", late)
    copy(busy, place)


def test_who_had_it_open_before_it_was_begun_again(
    busy: Office, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AUD-2: whoever works in a copy as it is begun again writes nothing into it, and it comes to be whole."""
    copy(busy, place)
    there = at(busy, place)
    with closing(there.store):
        dana = there.by(DANA, "Mon 14:00")
        settle = copying_tables.settle

        def late(*told: Any, **how: Any) -> Any:
            with pytest.raises(DatabaseUnusable, match="is not whole"):
                say("More.")(dana, 2)
            return settle(*told, **how)

        monkeypatch.setattr(copying_tables, "settle", late)
        copy(busy, place)
        assert there.differences() == []
        assert there.log() == busy.log()
        say("More.")(dana, 2)


@pytest.mark.parametrize("number", SCHEMAS)
def test_another_desk_of_an_older_release_is_left_as_it_is(busy: Office, number: int, tmp_path: Path) -> None:
    """AUD-2: what is refused is not migrated first: not a byte is changed, nothing is put beside it."""
    (tmp_path / "old").mkdir()
    database = unpacked(tmp_path / "old", number)
    before, beside = content(database), sorted(database.parent.iterdir())
    with pytest.raises(Refused, match="no copy of this one"):
        copy(busy, str(database))
    assert (content(database), sorted(database.parent.iterdir())) == (before, beside)


def test_an_older_copy(busy: Office, tmp_path: Path) -> None:
    """AUD-2: of a whole one nobody can tell whether somebody worked in it, as its tables were others."""
    place = tmp_path / "copy.db"
    copy(busy, str(place))
    with closing(sqlite3.connect(place)) as db:
        db.execute("PRAGMA user_version = 19")
    before = content(place)
    with pytest.raises(Refused, match="made by an older care"):
        copy(busy, str(place))
    assert content(place) == before


def test_an_older_desk_on_a_server_is_left_as_it_is(busy: Office, postgres_url: str) -> None:
    """AUD-2: on a server alike."""
    there = Address.of(postgres_url)
    config = busy.config._replace(db=there)
    setup.init(config, setup.Setup(MIA, "Mia", "Other", CalendarSpec("UTC", "Mon-Fri 09:00-17:00", ""), None))
    store = open_store(there)
    with closing(store), store.write() as writing:
        writing.db.execute("UPDATE desk_schema SET version = 19")  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="no copy of this one"):
        copy(busy, there)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """ATT-1: said by its hash, with what tells of all that are."""
    live, there = Blobs(str(tmp_path / "desk.db")), Blobs(str(tmp_path / "copy.db"))
    with pytest.raises(Failed, match="not all of its files: the file abababababab is gone") as failed:
        bring(live, there, [("ab" * 32, 1, 3)], quiet)
    assert "`care doctor`" in (failed.value.hint or "")
