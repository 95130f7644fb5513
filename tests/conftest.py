"""What every test stands on: the same draws each run, and nothing of the machine it runs on."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import engine
import pytest
import served_desks
from hypothesis import HealthCheck, settings
from memory import roomy

if TYPE_CHECKING:
    from postgres_server import PostgresServer

# Derandomised, so that a failure in one run is a failure in the next; no deadline, so that a slow machine is none.
settings.register_profile(
    "care",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("care")


ENOUGH: Final = 8 << 30
"""The bytes that have to be free there: a run takes up to a quarter of them, and leaves them where it fails."""
ROOT: Final = "PYTEST_DEBUG_TEMPROOT"
"""Where pytest looks for the folder in which it makes those of tests."""


def _lie_in_memory() -> None:
    """Have the folders of tests lie in the machine's memory where it has room and lets programs run.

    Thousands of desks are made, and none outlives its test: to wait for a disk proves nothing. What disks do to a
    desk is tried in `hard`, which makes disks of its own.
    """
    memory = None if ROOT in os.environ else roomy(ENOUGH)
    if memory and not os.statvfs(memory).f_flag & os.ST_NOEXEC:
        os.environ[ROOT] = str(memory)


_lie_in_memory()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case by its argument where its value is bytes, which may hold the time at which they were packed.

    Two workers that collect in different seconds would otherwise disagree on what there is to test.
    """
    return argname if isinstance(val, bytes | bytearray) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Have each worker take its share in one piece, and help the other at the end.

    What a module's tests share is so made once; handed out by the dozen it would be made by every worker.
    """
    from xdist.scheduler import WorkStealingScheduling  # type: ignore[import-untyped]

    return WorkStealingScheduling(config, log) if config.getvalue("dist") == "load" else None


UNSET = ("FORCE_COLOR", "NO_COLOR", "GITHUB_ACTIONS", "PY_COLORS")
XDG = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Homes that are not there yet; pytest's own way to a new folder looks through all that it made before."""
    root = tmp_path_factory.mktemp("homes")
    return (root / str(place) for place in count())


@pytest.fixture(autouse=True)
def clean_environment(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, no colour wishes, no `CARE_*`, no `PG*` of the person who tests, and UTC."""
    home = next(homes)
    home.mkdir()
    for name in (*UNSET, *(name for name in os.environ if name.startswith(("CARE_", "PG")))):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    for name in XDG:
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield home
    monkeypatch.undo()
    time.tzset()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _served() -> None:
    """With `CARE_TEST_ENGINE=postgresql`: desks lie on a server."""
    if engine.ON_SERVER:
        try:
            served_desks.serve()
        except (ModuleNotFoundError, RuntimeError) as error:
            pytest.skip(f"PostgreSQL does not run here: {error}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Drop the databases that only this test had need of."""
    yield
    if engine.ON_SERVER:
        served_desks.forget(getattr(item, "funcargs", {}).get("tmp_path"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["PostgresServer"]:
    """A PostgreSQL server of this worker's own: it starts in a second, and ends with the worker."""
    pytest.importorskip("psycopg", reason="PostgreSQL is not installed", exc_type=ImportError)
    # Imported here, as it needs the driver.
    from postgres_server import PostgresServer, binaries

    if binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def new_postgres(postgres_server: "PostgresServer") -> Callable[[], AbstractContextManager[str]]:
    """The address of a new database with our tables, each time it is called; on leaving the database goes.

    It is copied from one that was made once (24 ms to make and remove, against 90), and so shares its `secrets`.
    """
    from carecli.store.postgres.store import open_store

    template = postgres_server.create("care_template")
    open_store(postgres_server.url(template), create=True).close()

    @contextmanager
    def new() -> Iterator[str]:
        name = postgres_server.create(template=template)
        yield postgres_server.url(name)
        postgres_server.drop(name)

    return new


@pytest.fixture
def postgres_url(new_postgres: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a database for this test alone, with our tables and nothing in them."""
    with new_postgres() as url:
        yield url
