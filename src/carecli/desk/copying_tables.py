"""The rows of a record brought to another place, table by table, and held against their source (AUD-2).

What only ever grows, the log and the mail as it went out and came in, is written in steps that stay. All else
follows in one transaction, and is held against its source by the hash of every table before it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from carecli.desk.table_hash import Hash
from carecli.domain.copied import Copy, Hashed
from carecli.errors import Failed
from carecli.store.kept import DESK, EVENTS, OTHERS, RAW, TABLES, Kept

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.desk.backup_files import Stage
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading, Store, Writing

AT_ONCE: Final = 1_000
"""How many rows are written at a stretch: of the log, so many are lost to a kill at the most."""

One = TypeVar("One")
Row = Sequence[Any]


class Way(NamedTuple):
    """From which desk to which place a record is brought, and what it is to say there of itself."""

    desk: Desk
    there: Config
    store: Store
    stage: Stage
    copy: Copy

    @property
    def server(self) -> bool:
        """Whether a server is on either side, which spells some values in its own way."""
        return self.desk.config.is_server or self.there.is_server


def hashes(reading: Reading, *, server: bool) -> dict[str, str]:
    """The hash of every table."""
    return _by_name(_hashed(reading, table, server=server) for table in TABLES)


def bring(source: Reading, store: Store, stage: Stage) -> None:
    """Bring what only ever grows, a step at a time; each that is done stays."""
    for table, what in zip((EVENTS, *RAW), ("the log", "sent mail", "mail received"), strict=True):
        with store.read() as reading:
            last = reading.last_kept(table)
        with stage(f"Copying {what}", source.last_kept(table) or 0) as advance:
            for rows in _batches(source.kept(table, last)):
                with store.write(bringing=True) as writing:
                    writing.put_kept(table, rows)
                advance(rows[-1][0])


def settle(way: Way, source: Reading, *, works: bool) -> tuple[Hashed, ...]:
    """Bring all else, and keep it where the hash of every table is that of its source; raises Failed.

    A copy that is not to work yet is left without the desk's own facts, as if it were not whole.
    """
    with way.store.write(bringing=True) as writing:
        _require_ours(writing, way.copy)
        for table in reversed(OTHERS):
            writing.forget_kept(table)
        with way.stage("Copying the rest", len(TABLES)) as advance:
            told = [_sent(source, writing, table, server=way.server) for table in _counting(TABLES, advance)]
        writing.number_on()
        writing.gather()
        with way.stage("Comparing", len(TABLES)) as advance:
            for table, sent in zip(_counting(TABLES, advance), told, strict=True):
                _require_same(sent, _hashed(writing, table, server=way.server))
        if works:
            writing.put_copy(way.copy._replace(tables=_by_name(told)))
        else:
            writing.forget_kept(DESK)
    return tuple(told)


def facts(way: Way, source: Reading) -> list[Row]:
    """The desk's own facts, with which a copy works, as they are to be written there."""
    told = Hash(DESK, server=way.server)
    return [told.stored(row) for row in source.kept(DESK)]


def put_to_work(way: Way, tables: Sequence[Hashed], own: Sequence[Row]) -> None:
    """Give a copy the desk's own facts, the last that it lacks; raises Failed."""
    (sent,) = (one for one in tables if one.name == DESK.name)
    with way.store.write(bringing=True) as writing:
        _require_ours(writing, way.copy)
        writing.put_kept(DESK, own)
        _require_same(sent, _hashed(writing, DESK, server=way.server))
        writing.put_copy(way.copy._replace(tables=_by_name(tables)))


def _by_name(tables: Iterable[Hashed]) -> dict[str, str]:
    return {one.name: one.sha256 for one in tables}


def _require_ours(there: Reading, copy: Copy) -> None:
    """Raise Failed where another has begun at that place since: a right is lost with its connection."""
    if there.copy_of() != copy:
        raise Failed("somebody else has copied to that place meanwhile", hint="repeat once nobody else does")


def _sent(source: Reading, writing: Writing, table: Kept, *, server: bool) -> Hashed:
    """Write a table's rows, and tell the hash of what was sent; what only grows is there already."""
    told = Hash(table, server=server)
    rows = told.over(source.kept(table))
    if table in OTHERS:
        for some in _batches(rows):
            writing.put_kept(table, [told.stored(row) for row in some if table.is_copied(row)])
    return told.told(rows)


def _hashed(reading: Reading, table: Kept, *, server: bool) -> Hashed:
    told = Hash(table, server=server)
    return told.told(told.over(reading.kept(table)))


def _require_same(sent: Hashed, came: Hashed) -> None:
    if sent != came:
        raise Failed(
            f"what came to {sent.name} is not what was sent: {came.rows} of {sent.rows} rows, hash"
            f" {came.sha256[:12]} instead of {sent.sha256[:12]}",
            hint="`care verify` tells whether the desk is sound; nobody can work in the unfinished copy",
            rule="AUD-2",
        )


def _batches(rows: Iterable[One]) -> Iterator[list[One]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _counting(tables: Iterable[Kept], advance: Any) -> Iterator[Kept]:
    for done, table in enumerate(tables, 1):
        yield table
        advance(done)
