"""The same lived-in desk on each engine, and hands that change it behind the desk's back (AUD-1)."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from desk_fixtures import BEN, DANA, LENA, MIA, SAM, Office, ask, note, peopled

from carecli.config import Config, located
from carecli.desk import cases, directory
from carecli.domain.vocabulary import Priority
from carecli.store.opening import open_store

if TYPE_CHECKING:
    from postgres_server import PostgresServer

Change = Callable[[dict[str, Any]], object]
"""Changes a document in place."""


class Tampered(NamedTuple):
    """A desk, and the hands of somebody who may do anything to its database."""

    office: Office
    hands: Callable[[], AbstractContextManager[Callable[..., list[Any]]]]

    def do(self, *statements: str) -> None:
        """Run statements with everything switched off that keeps the log."""
        with self.hands() as run:
            for statement in statements:
                run(statement)

    def change(self, table: str, column: str, where: str, change: Change) -> None:
        """Change a JSON document of the first such row, and write it as the engine would."""
        with self.hands() as run:
            ((text,),) = run(f"SELECT {column} FROM {table} WHERE {where} LIMIT 1")
            document = json.loads(text) if isinstance(text, str) else text
            change(document)
            quoted = json.dumps(document, sort_keys=True, separators=(",", ":")).replace("'", "''")
            run(f"UPDATE {table} SET {column} = '{quoted}' WHERE {where}")


def live(office: Office) -> None:
    """Case 1 asked, reminded and noted; case 2 open and breached; case 3 another account's, closed."""
    office.open("Mon 09:00")
    office.open("Mon 09:05", priority=Priority.LOW, subject="Wallboard is slow")
    office.open("Mon 09:10", LENA)
    note("The trunk is old.")(office.by(SAM, "Mon 09:30"), 1)
    cases.assign(office.by(MIA, "Mon 09:40"), 1, BEN)
    ask(office.by(SAM, "Mon 16:00"), 1)
    office.tick("Thu 17:00")
    cases.close(office.by(LENA, "Thu 17:10"), 3)
    directory.edit_contact(office.by(DANA, "Thu 17:20"), DANA, phone="+1 555 010 0199")
    office.tick("Thu 17:30")


def lived(config: Config) -> Office:
    """A desk made at a place, as it has lived for some days."""
    store: Any = open_store(peopled(config).db)
    office = Office(config, store)
    live(office)
    return office


def _configured(db: object, folder: Path) -> Config:
    return Config(
        db=located(str(db)) or "",
        data_home=str(folder),
        mail_from="care@desk.example",
        maildir_set=str(folder / "mail"),
    )


@pytest.fixture(scope="session")
def lived_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That desk in a file."""
    folder = tmp_path_factory.mktemp("lived")
    office = lived(_configured(folder / "desk.db", folder))
    assert office.differences() == []
    office.store.close()
    return folder / "desk.db"


@pytest.fixture(scope="session")
def lived_database(postgres_server: "PostgresServer", tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with that desk, to be copied."""
    name = postgres_server.create()
    office = lived(_configured(postgres_server.url(name), tmp_path_factory.mktemp("lived")))
    assert office.differences() == []
    office.store.close()
    return name


@pytest.fixture
def on_sqlite(lived_file: Path, tmp_path: Path) -> Iterator[Tampered]:
    """A copy of the desk in a file, for one test."""
    path = tmp_path / "desk.db"
    shutil.copy(lived_file, path)

    @contextmanager
    def hands() -> Iterator[Callable[..., list[Any]]]:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            kept = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'events_%'"
            triggers = db.execute(kept).fetchall()
            for name, _ in triggers:
                db.execute(f"DROP TRIGGER {name}")
            yield lambda sql: db.execute(sql).fetchall()
            for _, sql in triggers:
                db.execute(sql)

    store: Any = open_store(path)
    with closing(store):
        yield Tampered(Office(_configured(path, tmp_path), store), hands)


@pytest.fixture
def on_postgres(postgres_server: "PostgresServer", lived_database: str, tmp_path: Path) -> Iterator[Tampered]:
    """A copy of the desk in a database, for one test."""
    import psycopg

    name = postgres_server.create(template=lived_database)

    @contextmanager
    def hands() -> Iterator[Callable[..., list[Any]]]:
        address = postgres_server.url(name, user="postgres")
        with psycopg.connect(address, autocommit=True) as db:
            db.execute("SET search_path = care; ALTER TABLE events DISABLE TRIGGER ALL")
            yield lambda sql: _rows(db.execute(sql))
            db.execute("ALTER TABLE events ENABLE TRIGGER ALL")

    store: Any = open_store(postgres_server.url(name))
    with closing(store):
        yield Tampered(Office(_configured(postgres_server.url(name), tmp_path), store), hands)
    postgres_server.drop(name)


def _rows(cursor: Any) -> list[Any]:
    rows: Sequence[Any] = cursor.fetchall() if cursor.description else ()
    return list(rows)


@pytest.fixture(params=["sqlite", "postgres"])
def tampered(request: pytest.FixtureRequest) -> Tampered:
    """The desk on each engine."""
    found: Tampered = request.getfixturevalue(f"on_{request.param}")
    return found
