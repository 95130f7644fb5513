"""The whole record brought to another place, of whichever engine: to a server, and back to a file (AUD-2).

A copy that was cut short goes on where it ended, and is one consistent moment, held against its source by the hash
of every table before it is kept. Nobody works in a copy before it is whole, nor while what it replaces works.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from os.path import realpath
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from carecli.address import is_address
from carecli.desk import copying_looking, copying_move, copying_tables
from carecli.desk.backup_files import Stage
from carecli.desk.backup_place import require_own_files
from carecli.desk.blobs import blobs_of
from carecli.desk.copying_files import bring
from carecli.desk.copying_looking import ELSEWHERE
from carecli.desk.copying_tables import Way
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.backup import Backup
from carecli.domain.copied import Copied, Copy
from carecli.domain.seal import sealed
from carecli.errors import DatabaseUnusable, Invalid
from carecli.store.opening import open_store

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading, Store

_NO_PLACES: Final = frozenset({"", "-", ":memory:"})
"""What some programs, SQLite among them, take for something that is gone when they end."""


def copy(desk: Desk, target: str, stage: Stage, *, move: bool = False) -> Copied:
    """Copy the record and its files to another place, going on with a copy there; for admins and the system.

    With `move` the copy works in the place of this desk, which is retired: from then on it is only read.

    Raises Invalid for a place that is this desk's own, Refused for one with another desk or work of its own in it,
    Failed where what came there is not what was sent, and for files that are missing.
    """
    access.require(desk.actor, Right.BACK_UP)
    there = at_place(desk.config, target)
    _require_elsewhere(desk.config, there)
    with desk.store.read() as reading:
        begun = Copy(_named(desk.config), reading.digests([1])[1], desk.now, token_hex(16))
        moved = reading.moved()
        copying_looking.look_first(target, reading, begun, move=move)
    with closing(open_store(target)) as store, _turn(store):
        with store.read() as found:
            ends = copying_move.ends(moved, found.copy_of(), move=move)
        if moved and ends:
            begun = begun._replace(token=moved.token)
        way = Way(desk, there, store, stage, begun)
        if move and moved is None:
            return copying_move.move(
                way, _named(there), lambda source: _brought(way, source, works=False, move=True)
            )
        with desk.store.read() as reading:
            made = _brought(way, reading, works=True, move=move)
            end = reading.log_end()
    if desk.config.is_server and not there.is_server and not move:
        _remember(desk, Path(realpath(target)), made, *end)
    return made._replace(moved=ends, retired=moved)


def _brought(way: Way, source: Reading, *, works: bool, move: bool) -> Copied:
    """Bring all that a reading holds."""
    known = copying_looking.begin(way, source, move=move)
    copying_tables.bring(source, way.store, way.stage)
    tables = copying_tables.settle(way, source, works=works)
    desk, there = way.desk, way.there
    files = bring(blobs_of(desk.config), blobs_of(there), source.blobs(), way.stage)
    position, digest = source.log_end()
    seal = sealed(position, digest, way.copy.begins)
    return Copied(desk.now, desk.config.db, there.db, seal, position, tables, *files, known)


def _remember(desk: Desk, path: Path, copied: Copied, position: int, digest: str) -> None:
    """Note one file of it all as a backup, for the doctor; a standby cannot, and its copy is none the worse."""
    made = Backup(desk.now, str(path), desk.config.db, path.stat().st_size, copied.files, position, digest)
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
    """See that nobody else copies to the same place, nor delivers mail from there; raises DatabaseUnusable.

    Mail that left there is on record before anybody looks whether somebody has worked there.
    """
    with store.copying() as ours:
        if not ours:
            raise DatabaseUnusable("another copy to that place is under way", hint="repeat once it is done")
        with store.delivering(alone=True) as still:
            if not still:
                raise DatabaseUnusable(
                    "mail of the desk at that place is being delivered", hint="is that a copy, to be written over?"
                )
            yield


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
    return Invalid(f"{place} is the desk itself", hint=ELSEWHERE)
