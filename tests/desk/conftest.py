"""The desk's tests share one real desk, and one at which mail arrives."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from copies import busy, place
from desk_fixtures import office, template
from incident_fixtures import mill, outage
from letters import Scene, copied_scene, scene_in
from postoffice import known, mailboxes
from tampering import lived_database, lived_file, on_postgres, on_sqlite, tampered

from carecli.config import Config

__all__ = [
    "busy",
    "known",
    "lived_database",
    "lived_file",
    "mailboxes",
    "mill",
    "office",
    "on_postgres",
    "on_sqlite",
    "outage",
    "place",
    "tampered",
    "template",
]


@pytest.fixture(scope="module")
def built_scene(template: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk at which mail arrives, built once."""
    return scene_in(template, tmp_path_factory.mktemp("scene"))


@pytest.fixture
def scene(template: Config, built_scene: Path, tmp_path: Path) -> Iterator[Scene]:
    """A copy of it, for one test alone."""
    fresh = copied_scene(template, built_scene, tmp_path)
    yield fresh
    fresh.office.store.close()
