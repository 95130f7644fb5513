"""The store under test, once for each engine."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from carecli.store.opening import open_store
from carecli.store.protocol import Store
from carecli.store.sqlite import store as file_store

Opening = Callable[[pytest.FixtureRequest, Path], AbstractContextManager[Store]]


@contextmanager
def sqlite(_: pytest.FixtureRequest, directory: Path) -> Iterator[Store]:
    """A fresh SQLite file."""
    with closing(open_store(directory / "care.db")) as store:
        yield store


@contextmanager
def postgres(request: pytest.FixtureRequest, _: Path) -> Iterator[Store]:
    """A fresh PostgreSQL database."""
    with request.getfixturevalue("new_postgres")() as url, closing(open_store(url)) as store:
        yield store


ENGINES: list[Opening] = [sqlite, postgres]


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.__name__)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with request.param(request, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.__name__)
def lasting_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for a whole module, for tests that only read it or undo what they write."""
    with request.param(request, tmp_path_factory.mktemp("lasting")) as opened:
        yield opened


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[file_store.SqliteStore]:
    """A fresh SQLite file, for tests that look into SQLite itself."""
    with closing(file_store.open_store(tmp_path / "care.db")) as opened:
        yield opened
