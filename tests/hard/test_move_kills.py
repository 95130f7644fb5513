"""A desk that is moved by somebody who is killed at each step: never two work, never none for good (AUD-2)."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from copies import at, copy, quiet
from desk_fixtures import ADA, DANA, SAM, Office, ask, note, say

from carecli.address import Address
from carecli.desk import copying
from carecli.desk.desk import open_desk
from carecli.errors import DatabaseUnusable, Refused
from carecli.store.postgres.store import PostgresStore
from carecli.store.sqlite.store import SqliteStore

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

Made = Callable[[], AbstractContextManager[str]]
Places = tuple[str, str]
"""From where to where."""
ALL: Final = os.environ.get("CARE_FAULTS") == "all"
"""Whether to die at what is read, too."""
WAYS: Final = ("file to file", "file to server", "server to file", "back to the file")


@pytest.fixture
def lived(office: Office) -> Office:
    """A desk with a few cases, mail and a file."""
    first, second = office.open("Mon 09:00"), office.open("Mon 09:05")
    ask(office.by(SAM, "Mon 09:10"), first)
    note("Trunk 7?")(office.by(SAM, "Mon 09:20"), first)
    say("It has begun anew.")(office.by(DANA, "Mon 09:30"), second)
    office.tick("Mon 10:00")
    office.store.close()
    return office


@contextmanager
def places(lived: Office, way: str, folder: Path, new_postgres: Made) -> Iterator[Places]:
    """A fresh desk of that kind, and an empty place for it."""
    folder.mkdir()
    here = str(shutil.copy(lived.config.db, folder / "desk.db"))
    if way == "file to file":
        yield here, str(folder / "there.db")
        return
    with new_postgres() as url:
        server = Address.of(url)
        if way == "file to server":
            yield here, server
            return
        office = at(lived, here)
        with closing(office.store):
            if way == "server to file":
                copy(office, server)
            else:
                move(lived, here, server)
                there = at(lived, server)
                with closing(there.store):
                    say("From there.")(there.by(DANA, "Mon 11:00"), 2)
        yield server, str(folder / "there.db") if way == "server to file" else here


def move(office: Office, source: str, target: str) -> None:
    """Move a desk by a connection of its own."""
    here = at(office, source)
    with closing(here.store):
        copying.copy(here.by(ADA, "Mon 12:00"), target, quiet, move=True)


def killed(office: Office, places: Places, step: int) -> bool:
    """Move it in a child that is killed right before or after a transaction, the so-manieth; False if it ended."""
    child = os.fork()
    if not child:
        status = 99
        try:
            _die_at(step)
            move(office, *places)
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        assert os.WTERMSIG(ended) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(ended) == 0
    return False


def _die_at(step: int) -> None:
    left = step

    def now() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def dying(transaction: Any) -> Any:
        @contextmanager
        def run(store: Any, begin: str) -> Iterator[None]:
            reads = begin == "BEGIN" or "READ ONLY" in begin
            with transaction(store, begin):
                yield
                if ALL or not reads:
                    now()
            if ALL or not reads:
                now()

        return run

    for store in (SqliteStore, PostgresStore):
        store._transaction = dying(store._transaction)  # type: ignore[method-assign]


def works(office: Office, place: str) -> bool:
    """Whether somebody can work there."""
    try:
        with open_desk(office.config._replace(db=place), actor=ADA) as desk, desk.store.write():
            return True
    except DatabaseUnusable:
        return False


def log(office: Office, place: str) -> list[Any]:
    """What is on record there, which verifies."""
    there = at(office, place)
    with closing(there.store):
        assert there.differences() == []
        return there.log()


@pytest.mark.parametrize("way", WAYS)
def test_killed_at_every_step(lived: Office, way: str, tmp_path: Path, new_postgres: Made) -> None:
    """AUD-2, MAIL-6: the source works or is retired, the copy never beside it; repeated, the move ends."""
    seen, step, died = set[tuple[bool, bool]](), 1, True
    while died:
        with places(lived, way, tmp_path / str(step), new_postgres) as (here, there):
            before = log(lived, here)
            died = killed(lived, (here, there), step)
            seen.add((works(lived, here), works(lived, there)))
            assert (True, True) not in seen, step
            if died:
                again(lived, here, there)
            assert (works(lived, here), works(lived, there)) == (False, True)
            assert log(lived, there) == log(lived, here) == before
        step += 1
    # Killed between the two it has left none that works, until it was repeated.
    assert seen == {(True, False), (False, False), (False, True)}


def again(office: Office, here: str, there: str) -> None:
    """Repeat the move; it may be done already."""
    if works(office, there):
        with pytest.raises(Refused, match="nothing is left to do"):
            move(office, here, there)
    else:
        move(office, here, there)
