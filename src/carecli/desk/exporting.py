"""Cases for another program, all that a list finds: read as they are written, however many (EXP-1, FIND-2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from carecli.desk import reading as looking
from carecli.domain.views import CaseFlow, CasePage, CaseView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from carecli.desk.desk import Desk
    from carecli.domain.finding import Asked
    from carecli.store.protocol import Reading


@contextmanager
def cases(desk: Desk, asked: Asked, *, used: bool = True) -> Iterator[CaseFlow]:
    """What `reading.list_cases` finds, all of it unless there is a limit, in one view of the record.

    Without `used` it is not worked out how much of each clock is used up, which takes as long as the rest.
    The record stays readable and writable for others all the while, but what they write waits in its journal.
    """
    with desk.reading() as reading:
        size = asked.limit or 0
        scope = asked.mine, asked.group, asked.everything, asked.in_group
        query = looking.query(desk, reading, *scope, asked.filter_, size, asked.page)
        query = query._replace(sort=asked.sort, descending=asked.descending)
        found = reading.find(query._replace(limit=0, offset=0))
        tabs = {status.value: count for status, count in found.tabs.items()}
        pages = max(-(-found.total // size), 1) if size else 1
        states = reading.every(query)
        yield CaseFlow(CasePage((), found.total, asked.page, pages, tabs), _views(desk, reading, states, used))


def _views(desk: Desk, reading: Reading, states: Iterable[Mapping[str, Any]], used: bool) -> Iterator[CaseView]:
    for state in states:
        used_s = looking.used_s(desk, reading, state) if used else ()
        yield CaseView(looking.shown(desk, reading, state), None, used_s)


def written(path: str) -> AbstractContextManager[BinaryIO]:
    """A file that gets its name when all of it is written, or leaves what was there as it was; raises Failed."""
    from carecli.files import outlets

    return outlets.written(Path(path).expanduser())
