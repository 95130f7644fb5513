"""The store under test, once for each engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from carecli.store.protocol import Store
from carecli.store.sqlite import open_store


def sqlite(directory: Path) -> Store:
    """A fresh SQLite file."""
    return open_store(directory / "care.db")


ENGINES: list[Callable[[Path], Store]] = [sqlite]


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.__name__)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store = request.param(tmp_path)
    yield opened
    opened.close()
