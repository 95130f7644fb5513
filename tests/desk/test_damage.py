"""What a command fell over: told as damage where the record is damaged, to whoever may read it (AUD-2, DC-3)."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from desk_fixtures import ADA, DANA, SAM, Office

from carecli.config import Config
from carecli.desk import damage as looking
from carecli.desk.damage import damage
from carecli.errors import DatabaseUnusable, Failed

OURS = KeyError("of ours")


@pytest.fixture
def damaged(office: Office) -> Office:
    """A desk whose one case cannot be read."""
    office.open("Mon 09:00")
    by_hand(office.config, "UPDATE cases SET state = '{'")
    return office


def by_hand(config: Config, statement: str) -> None:
    """Change the database as somebody with another program would."""
    with closing(sqlite3.connect(config.db)) as db, db:
        db.execute(statement)


def asked(config: Config, actor: str | None) -> str:
    """What is told to somebody, a hint aside."""
    found = damage(config._replace(actor=actor), OURS)
    assert isinstance(found, DatabaseUnusable)
    return found.message


@pytest.mark.parametrize("actor", [ADA, SAM, "system", None])
def test_staff_read_what_differs_and_what_it_ended_in(damaged: Office, actor: str | None) -> None:
    """AUD-2: which case, what of it, and the fault itself: damage elsewhere must not hide one of ours."""
    told = asked(damaged.config, actor)
    assert 'case 0000000001, case: state is "{"' in told
    assert told.endswith("(it ended in KeyError: 'of ours')")


@pytest.mark.parametrize("actor", [DANA, "nobody@x.example"])
def test_nobody_else_reads_any_of_it(damaged: Office, actor: str) -> None:
    """DC-3: the first case that differs may be another account's."""
    assert asked(damaged.config, actor) == "the desk's database holds what cannot be read"


def test_a_sound_record_makes_it_our_fault(office: Office) -> None:
    """AUD-2: nothing differs."""
    assert damage(office.config, OURS) is None


def test_no_record_and_an_older_one_make_it_our_fault(office: Office, tmp_path: Path) -> None:
    """AUD-2: a command that needs no desk fell over something else; and a look migrates nothing."""
    assert damage(office.config._replace(db=str(tmp_path / "none.db")), OURS) is None
    office.store.close()
    by_hand(office.config, "PRAGMA user_version = 19")
    before = Path(office.config.db).read_bytes()
    assert damage(office.config, OURS) is None
    assert Path(office.config.db).read_bytes() == before


def test_what_takes_too_long_is_not_called_damage(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-2: at a big desk the look ends before it knows; then it says so, and what the command ended in."""
    office.open("Mon 09:00")
    monkeypatch.setattr(looking, "PATIENCE_S", -1.0)
    found = damage(office.config, OURS)
    assert isinstance(found, Failed)
    assert "ended in KeyError: 'of ours'" in found.message
