"""The SQLite file: private, refused when it is not ours, append-only, whole or untouched."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from chain import check_chain
from store.samples import event, kept, mail, new_case, opening

from carecli.errors import DatabaseUnusable, ExitStatus
from carecli.store.sqlite import migrations, schema
from carecli.store.sqlite.store import SqliteStore, open_store
from carecli.store.sqlite.trouble import told


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one case in it."""
    file = tmp_path / "care.db"
    store = open_store(file)
    with store.write() as record:
        record.append(1, [opening(), event(text="hello")])
        kept(record, [new_case()])
    store.close()
    return file


def refused(path: Path, *, create: bool = True) -> DatabaseUnusable:
    """The complaint about a file, which must keep its bytes."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(DatabaseUnusable) as caught:
        open_store(path, create=create, busy_s=0.05).close()
    assert (path.read_bytes() if path.is_file() else None) == before
    complaint = caught.value
    assert complaint.exit_status is ExitStatus.DATABASE
    assert complaint.hint
    assert "\n" not in complaint.message
    return complaint


def test_a_new_database_is_private(tmp_path: Path) -> None:
    """File, log and index of a new database are its owner's alone, in directories made for it."""
    file = tmp_path / "deep" / "down" / "care.db"
    store = open_store(file)
    with store.write() as record:
        record.append(None, [event()])
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()}
    assert modes == {"care.db": 0o600, "care.db-shm": 0o600, "care.db-wal": 0o600}
    store.close()


def test_pragmas(path: Path) -> None:
    """The file is written ahead, synced at each commit (3 is EXTRA), marked as ours (TICK-1)."""
    store = open_store(path)
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "application_id", "user_version", "busy_timeout")
    values = [store.db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert values == ["wal", 3, 1, schema.APPLICATION_ID, schema.VERSION, 30_000]
    store.close()


def test_the_version_counts_the_migrations(path: Path) -> None:
    """A new migration needs a new version, or old programs would write into a schema they do not know."""
    store = open_store(path)
    assert len(migrations.RECORD.applied(migrations.wrapped(store.db))) == schema.VERSION
    assert migrations.RECORD.pending(migrations.wrapped(store.db)) == []
    store.close()


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE notes (text TEXT)")
    db.close()


def newer(path: Path) -> None:
    open_store(path).close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    db.close()


def cut(path: Path) -> None:
    open_store(path).close()
    path.write_bytes(path.read_bytes()[:5_000])


def scribbled(path: Path) -> None:
    open_store(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))


def emptied(path: Path) -> None:
    open_store(path).close()
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE cases")
    db.close()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.write_bytes(b"Dear diary, " * 500), "is no database"),
        (lambda path: path.write_bytes(b"x"), "is no database"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"\0" * 4_080), "belongs to another program"),
        (foreign, "belongs to another program"),
        (newer, "was made by a newer care"),
        (cut, "is damaged"),
        (scribbled, "is damaged"),
        (emptied, "is damaged"),
        (lambda path: path.mkdir(), "is a directory"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, spoil: Callable[[Path], object], message: str) -> None:
    """A file that is not our database is refused in one sentence with a remedy, and keeps its bytes."""
    file = tmp_path / "care.db"
    spoil(file)
    assert refused(file).message == f"the database {file} {message}"
    assert refused(file, create=False).message == f"the database {file} {message}"


def test_a_missing_file(tmp_path: Path) -> None:
    """Without leave to make one, a missing or empty database is an error that names `care init`."""
    empty = tmp_path / "empty.db"
    empty.touch()
    for file in (tmp_path / "care.db", tmp_path / "no" / "care.db", empty):
        assert "care init" in (refused(file, create=False).hint or "")
    assert [one.name for one in tmp_path.iterdir()] == ["empty.db"]


def test_a_parent_that_is_a_file(path: Path) -> None:
    """A directory that cannot be made is said so."""
    assert "cannot be used" in refused(path / "care.db").message


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    """A file that somebody made beforehand, for its mode say, is taken."""
    file = tmp_path / "care.db"
    file.touch(0o640)
    open_store(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_database_in_use_elsewhere(path: Path) -> None:
    """A writer that does not let go is waited for, then named as the trouble."""
    first, second = open_store(path), open_store(path, busy_s=0.05)
    with first.write():
        with pytest.raises(DatabaseUnusable, match="is busy") as caught, second.write():
            pass
        assert f"fuser {path}" in (caught.value.hint or "")
        with second.read() as record:
            assert record.log_length() == 2
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (sqlite3.SQLITE_READONLY, "cannot be written"),
        (sqlite3.SQLITE_READONLY | (6 << 8), "cannot be written"),  # SQLITE_READONLY_DIRECTORY
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
        (sqlite3.SQLITE_IOERR | (1 << 8), "the disk failed"),
        (sqlite3.SQLITE_BUSY | (1 << 8), "is busy"),
        (sqlite3.SQLITE_NOTADB, "is no database"),
    ],
)
def test_complaints_are_translated(code: int, message: str) -> None:
    """What SQLite calls by number is said in words."""
    error = sqlite3.OperationalError("?")
    error.sqlite_errorcode = code
    with pytest.raises(DatabaseUnusable, match=message), told("care.db"):
        raise error


def test_mistakes_of_this_program_pass_through() -> None:
    """A wrong statement is a bug, not the user's database."""
    with pytest.raises(sqlite3.OperationalError), told("care.db"):
        sqlite3.connect(":memory:").execute("SELEKT")


def test_a_full_disk_records_nothing(path: Path) -> None:
    """Where the disk is full the command fails whole and says so (TICK-1)."""
    store = open_store(path)
    store.db.execute("PRAGMA max_page_count = 1")
    with pytest.raises(DatabaseUnusable, match="disk is full"):
        _write_much(store)
    with store.read() as record:
        assert record.log_length() == 2
    store.close()


def _write_much(store: SqliteStore) -> None:
    with store.write() as record:
        record.append(1, [event(text="x" * 100_000)])
        record.queue([mail()])


def test_a_file_that_cannot_be_written(path: Path) -> None:
    """A write that the file refuses is told, and the store still reads."""
    store = open_store(path)
    store.db.execute("PRAGMA query_only = 1")
    with pytest.raises(DatabaseUnusable, match="cannot be written"):
        _write_much(store)
    with store.read() as record:
        assert record.log_length() == 2
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'eve'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE position = 1",
        "REPLACE INTO events SELECT 3, number, seq, at, actor, via, kind, visibility, data, digest FROM events",
        "INSERT INTO events SELECT 9, number, 9, at, actor, via, kind, visibility, data, '' FROM events LIMIT 1",
    ],
)
def test_the_log_is_append_only(path: Path, statement: str) -> None:
    """The database itself refuses to change, remove, replace or skip events (AUD-1)."""
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)
    db.close()


def test_a_row_tampered_with_is_found(path: Path) -> None:
    """Who takes the triggers away and edits the file is given away by the chain (AUD-1)."""
    db = sqlite3.connect(path)
    db.executescript("DROP TRIGGER events_keep; UPDATE events SET actor = 'eve' WHERE position = 2;")
    db.close()
    store = open_store(path)
    with store.read() as record:
        assert check_chain(record.events()) == 2
    store.close()


def test_tables_are_strict(path: Path) -> None:
    """A value of the wrong type is an error, not a surprise later on."""
    db = sqlite3.connect(path)
    tables = db.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
    ).fetchall()
    db.close()
    assert {name for (name,) in tables} <= {"_sqlite_migrations", "sqlite_schema", "sqlite_sequence"}


def test_opening_leaves_heavy_libraries_out(path: Path) -> None:
    """A command that finds its schema current does not pay for what it does not use."""
    program = (
        "import sys; from carecli.store.sqlite.store import open_store; store = open_store(sys.argv[1])\n"
        "with store.write() as record: record.next_number()\n"
        "print(sorted(sys.modules.keys() & {'sqlite_utils', 'rich', 'typer', 'pendulum', 'holidays'}))"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
