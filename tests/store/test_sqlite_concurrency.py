"""Several commands at one database at once."""

import multiprocessing
import sqlite3
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from chain import check_chain
from store.samples import kept, new_case, opening

from carecli.store.sqlite import migrations, schema
from carecli.store.sqlite.store import open_store

CONTEXT = multiprocessing.get_context("fork")
WRITERS, WRITES = 4, 25


def first_use(path: Path, together: Barrier) -> None:
    together.wait()
    open_store(path).close()


def read_then_write(path: Path, together: Barrier) -> None:
    together.wait()
    store = open_store(path)
    for _ in range(WRITES):
        with store.write() as record:
            length = record.log_length()
            number = record.next_number()
            [recorded] = record.append(number, [opening(number)])
            assert recorded.position == length + 1
            kept(record, [new_case(number)])
    store.close()


@pytest.mark.parametrize("attempt", range(5))
def test_first_uses_at_once_migrate_once(tmp_path: Path, attempt: int) -> None:
    """Of several first uses at one moment all succeed, and the schema is made once."""
    path = tmp_path / f"{attempt}.db"
    assert _side_by_side(first_use, path, 6) == [0] * 6
    store = open_store(path)
    assert store.db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (schema.VERSION,)
    store.close()


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_an_older_database_that_many_open_at_once_is_migrated_once(tmp_path: Path, version: int) -> None:
    """Of several programs that find an older database one migrates it, and the others find that done."""
    path = tmp_path / "older.db"
    older(path, version)
    assert _side_by_side(first_use, path, 4) == [0] * 4
    store = open_store(path)
    assert store.db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    names = [name for (name,) in store.db.execute("SELECT name FROM _sqlite_migrations ORDER BY name")]
    assert len(names) == len(set(names)) == schema.VERSION
    store.close()


def test_no_writer_loses(tmp_path: Path) -> None:
    """Commands that read and then write wait their turn: no lock errors, no lost numbers (OPEN-1, TICK-1)."""
    path = tmp_path / "care.db"
    assert _side_by_side(read_then_write, path, WRITERS) == [0] * WRITERS
    store = open_store(path)
    with store.read() as record:
        log = list(record.events())
        assert sorted(recorded.event.data["number"] for recorded in log) == list(range(1, WRITERS * WRITES + 1))
        assert check_chain(log) is None
    store.close()


def older(path: Path, version: int) -> None:
    """A database as the release of that schema left it."""
    db = sqlite3.connect(path, isolation_level=None)
    wrapped = migrations.wrapped(db)
    following = [migration.name for migration in migrations.RECORD.pending(wrapped)][version]
    migrations.RECORD.apply(wrapped, stop_before=following)
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {version}")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def _side_by_side(work: object, path: Path, count: int) -> list[int | None]:
    together = CONTEXT.Barrier(count)
    assert callable(work)
    processes = [CONTEXT.Process(target=work, args=(path, together)) for _ in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    return [process.exitcode for process in processes]
