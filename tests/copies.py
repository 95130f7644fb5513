"""Copies of a desk that somebody has worked at, in a file and on a server."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from desk_fixtures import ADA, DANA, SAM, Office, ask, note, say

from carecli.address import Address
from carecli.desk import copying
from carecli.domain.copied import Copied
from carecli.store.opening import open_store

Made = Callable[[], AbstractContextManager[str]]


def quiet(_what: str, _total: int) -> Any:
    """Show nothing of a stage."""
    return nullcontext(lambda _: None)


def copy(office: Office, target: str) -> Copied:
    return copying.copy(office.by(ADA, "Mon 12:00"), target, quiet)


@pytest.fixture
def busy(office: Office) -> Office:
    """A desk with something in every kind of table that a morning fills."""
    first, second = office.open("Mon 09:00"), office.open("Mon 09:05", subject="Wallboard dark")
    for who, at, act in ((SAM, "Mon 09:10", ask), (SAM, "Mon 09:20", note("Trunk 7?"))):
        act(office.by(who, at), first)
    say("It has begun anew: 😀 <b>bold</b> ' \" \\u0041")(office.by(DANA, "Mon 09:30"), second)
    office.tick("Mon 10:00")
    return office


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a copy may come to, of each engine."""
    if request.param == "file":
        yield str(tmp_path / "copy.db")
        return
    made: Made = request.getfixturevalue("new_postgres")
    with made() as url:
        yield Address.of(url)


def at(office: Office, target: str) -> Office:
    """The copy as an office of its own."""
    return Office(office.config._replace(db=target), open_store(target))  # type: ignore[arg-type]
