"""A desk to run commands against."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli import clinic_desk
from cli.acceptance import ADA, Who

from carecli.desk import demo


@pytest.fixture(scope="session")
def trial_desk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The demo's desk, walked once."""
    file = tmp_path_factory.mktemp("trial") / "desk.db"
    demo.run(str(file), lambda _: None)
    return file.read_bytes()


@pytest.fixture
def trial(trial_desk: bytes, tmp_path: Path) -> str:
    """A copy of it for one test: its path."""
    file = tmp_path / "trial.db"
    file.write_bytes(trial_desk)
    return str(file)


@pytest.fixture
def ada(trial: str) -> Who:
    """The admin of that desk."""
    return Who(trial, ADA)


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clinic_desk.Desk]:
    """The desk of `clinic_desk`, made once; copy it before anything is written."""
    with clinic_desk.in_memory(tmp_path_factory.mktemp("clinic")) as folder:
        yield clinic_desk.build(folder / "clinic")
