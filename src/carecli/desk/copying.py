"""The whole record brought to another place, of whichever engine: to a server, and back to a file (AUD-2).

What only ever grows, the log and the mail as it went out and came in, is written in steps that stay: a copy that
was cut short goes on where it ended. All else follows in one transaction, from one consistent moment, and is held
against its source by the hash of every table before it is kept. Nobody works in a copy before it is whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from os.path import realpath
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, TypeVar

from carecli.address import is_address
from carecli.desk.backup_files import Stage
from carecli.desk.backup_place import require_own_files
from carecli.desk.blobs import blobs_of
from carecli.desk.copying_files import Brought, bring
from carecli.desk.table_hash import Hash
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.backup import Backup
from carecli.domain.copied import Copied, Copy, Hashed
from carecli.domain.seal import sealed
from carecli.errors import DatabaseUnusable, Failed, Invalid, Refused
from carecli.store.kept import DESK, EVENTS, OTHERS, RAW, TABLES, Kept
from carecli.store.opening import open_store

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading, Store, Writing

AT_ONCE: Final = 1_000
"""How many rows are written at a stretch: of the log, so many are lost to a kill at the most."""

_ELSEWHERE: Final = "name another place with --to; nothing was changed"
_NO_PLACES: Final = frozenset({"", "-", ":memory:"})
"""What some programs, SQLite among them, take for something that is gone when they end."""

One = TypeVar("One")


def copy(desk: Desk, target: str, stage: Stage) -> Copied:
    """Copy the record and its files to another place, going on with a copy there; for admins and the system.

    Raises Invalid for a place that is this desk's own, Refused for one with another desk or work of its own in it,
    Failed where what came there is not what was sent, and for files that are missing.
    """
    access.require(desk.actor, Right.BACK_UP)
    there = at_place(desk.config, target)
    _require_elsewhere(desk.config, there)
    server = _either(desk.config, there)
    with closing(open_store(target)) as store, _turn(store), desk.store.read() as reading:
        begun = Copy(_named(desk.config), reading.digests([1])[1], desk.now, token_hex(16))
        known = _begin(reading, store, begun, server=server)
        _bring(reading, store, stage)
        tables = _settle(begun, reading, store, stage, server=server)
        files = bring(blobs_of(desk.config), blobs_of(there), reading.blobs(), stage)
        position, digest = reading.log_end()
    if desk.config.is_server and not there.is_server:
        _remember(desk, Path(realpath(target)), files, position, digest)
    seal = sealed(position, digest, begun.begins)
    return Copied(desk.now, desk.config.db, target, seal, position, tables, *files, known)


def _remember(desk: Desk, path: Path, files: Brought, position: int, digest: str) -> None:
    """Note one file of it all as a backup, for the doctor; a standby cannot, and its copy is none the worse."""
    made = Backup(desk.now, str(path), desk.config.db, path.stat().st_size, files.files, position, digest)
    with suppress(DatabaseUnusable), desk.store.write() as writing:
        writing.put_backup(made)


def at_place(here: Config, target: str) -> Config:
    """The same settings for a desk at that place, where its files will be looked for."""
    # Where the file names a desk on a server, that one's is the folder of files that it names.
    named = here.file_db if is_address(here.file_db or "") else None
    return here._replace(db=target, file_db=named)


def _named(config: Config) -> str:
    """A desk's place, the same from wherever it is read."""
    return config.db if config.is_server else realpath(config.db)


@contextmanager
def _turn(store: Store) -> Iterator[None]:
    """See that nobody else copies to the same place; raises DatabaseUnusable."""
    with store.copying() as ours:
        if not ours:
            raise DatabaseUnusable("another copy to that place is under way", hint="repeat once it is done")
        yield


def _either(*configs: Config) -> bool:
    return any(config.is_server for config in configs)


def _require_elsewhere(here: Config, there: Config) -> None:
    """Refuse the desk itself as its copy, and a file whose folder of files is another's; raises Invalid."""
    if there.is_server:
        if here.db == there.db:
            raise _itself(there.db)
        return
    # By a second name SQLite would not see who has the file open: it is told apart before that.
    path = Path(realpath(there.db))
    if there.db in _NO_PLACES or path.is_symlink():  # which leads back to itself
        raise Invalid(f"{there.db} is no place for a copy", hint="name a file or a database with --to")
    if not here.is_server and path.exists() and path.samefile(here.db):
        raise _itself(there.db)
    require_own_files(path, blobs_of(here))


def _itself(place: str) -> Invalid:
    return Invalid(f"{place} is the desk itself", hint=_ELSEWHERE)


def _begin(source: Reading, store: Store, copy: Copy, *, server: bool) -> int:
    """Note what is being copied, and tell how many events of it are there; raises Refused, Invalid.

    Looked at and noted at once, so that nobody works there in between; without settings nobody takes what is there
    for a desk.
    """
    with store.write() as writing:
        position = _already(writing, source, copy, server=server)
        writing.forget_kept(DESK)
        writing.put_copy(copy)
    return position


def _already(there: Reading, source: Reading, copy: Copy, *, server: bool) -> int:
    """How many events of this desk are there; raises Refused for another desk, and for one with its own work.

    Raises Invalid for this very desk, by whatever address: its settings would go.
    """
    position, digest = there.log_end()
    known, own = there.copy_of(), source.copy_of()
    if known is None:
        if position or there.settings():
            raise Refused("there is a desk at that place, and it is no copy of this one", hint=_ELSEWHERE)
        return 0
    if own and own.token == known.token:
        raise Invalid("that place is the desk itself by another address, or a twin of it", hint=_ELSEWHERE)
    if known.begins != copy.begins or (position and source.digests([position]).get(position) != digest):
        raise Refused("what is at that place is a copy of another desk, or goes on otherwise", hint=_ELSEWHERE)
    if known.tables is not None and known.tables != _hashes(there, server=server):
        raise Refused(
            "somebody has worked in the copy at that place: it is a desk of its own by now", hint=_ELSEWHERE
        )
    return position


def _hashes(reading: Reading, *, server: bool) -> dict[str, str]:
    told = {table.name: Hash(table, server=server) for table in TABLES}
    for table in TABLES:
        for _ in told[table.name].over(reading.kept(table)):
            pass
    return {name: hash_.hexdigest() for name, hash_ in told.items()}


def _bring(source: Reading, store: Store, stage: Stage) -> None:
    """Bring what only ever grows, a step at a time; each that is done stays."""
    for table, what in zip((EVENTS, *RAW), ("the log", "sent mail", "mail received"), strict=True):
        with store.read() as reading:
            last = reading.last_kept(table)
        with stage(f"Copying {what}", source.last_kept(table) or 0) as advance:
            for rows in _batches(source.kept(table, last)):
                with store.write() as writing:
                    writing.put_kept(table, rows)
                advance(rows[-1][0])


def _settle(begun: Copy, source: Reading, store: Store, stage: Stage, *, server: bool) -> tuple[Hashed, ...]:
    """Bring all else, and keep it where the hash of every table is that of its source; raises Failed."""
    with store.write() as writing:
        for table in reversed(OTHERS):
            writing.forget_kept(table)
        with stage("Copying the rest", len(TABLES)) as advance:
            told = [_sent(source, writing, table, server=server) for table in _counting(TABLES, advance)]
        writing.number_on()
        writing.gather()
        with stage("Comparing", len(TABLES)) as advance:
            for table, sent in zip(_counting(TABLES, advance), told, strict=True):
                _require_same(sent, _hashed(writing, table, server=server))
        tables = {one.name: one.sha256 for one in told}
        writing.put_copy(begun._replace(tables=tables))
    return tuple(told)


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
