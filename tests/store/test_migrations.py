"""A database of an older release becomes one of this: every row stays, and what is new is worked out."""

import sqlite3
from pathlib import Path

from chain import check_chain
from store.samples import T0, kept, new_case, opening

from carecli.domain.escalation import Addressee, Escalation
from carecli.domain.finding import Filter, Query
from carecli.store.sqlite import schema
from carecli.store.sqlite.migrations.insight import VIEWS
from carecli.store.sqlite.store import open_store

RAISED = Escalation(Addressee.MANAGER, ("mia@care.example",), T0, "ann@acme.example", None, True)
CASES = (new_case(1), new_case(2)._replace(escalation=RAISED), new_case(3))


def before_escalations(path: Path) -> None:
    """Take a database back to version 6, as the release before escalations left it."""
    db = sqlite3.connect(path, isolation_level=None)
    for view in reversed(VIEWS):
        db.execute(f"DROP VIEW {view}")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = '0018_views'")
    db.execute("DROP INDEX cases_escalated")
    db.execute("ALTER TABLE cases DROP COLUMN escalated")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = '0007_escalations'")
    db.execute("PRAGMA user_version = 6")
    db.close()


def columns(path: Path) -> list[str]:
    """The columns of the cases."""
    db = sqlite3.connect(path)
    names = [name for (name,) in db.execute("SELECT name FROM pragma_table_info('cases')")]
    db.close()
    return names


def test_version_6_learns_of_escalations(tmp_path: Path) -> None:
    """ESC-1: the new column is filled from the states; old states are read as they are."""
    path = tmp_path / "care.db"
    store = open_store(path)
    with store.write() as record:
        for number in (1, 2, 3):
            record.append(number, [opening(number)])
        kept(record, CASES)
    store.close()
    before_escalations(path)
    assert "escalated" not in columns(path)

    store = open_store(path)
    assert store.db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    with store.read() as record:
        assert tuple(record.case(number) for number in (1, 2, 3)) == CASES
        assert [case.number for case in record.find(Query(filter=Filter(escalated=True))).cases] == [2]
        assert [one.state["number"] for one in record.escalations()] == [2]
        assert check_chain(record.events()) is None
    with store.write() as record:
        kept(record, [new_case(2)])
        assert record.escalations() == []
    store.close()
