"""A copy of the whole desk, its database and its files, made while others write (AUD-2).

It is made whole and checked in a workspace beside its place; its files come to theirs first, its database last.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carecli.desk import backup_files, backup_place, verify
from carecli.desk.backup_files import Stage
from carecli.desk.backup_place import Place
from carecli.desk.blobs import blobs_of
from carecli.disk import CLOSED, FULL, sync_file
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.backup import Backup, Listed, Made
from carecli.domain.seal import sealed
from carecli.errors import CareError, DatabaseUnusable, Failed, Refused
from carecli.files.blobs import Blobs
from carecli.store.sqlite import backup_file, workspace

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading
    from carecli.store.sqlite.workspace import Workspace

NAME: Final = "copy.db"
"""What a copy is called while it is made."""


def backup(desk: Desk, target: str, stage: Stage, *, keep: int | None = None, check: bool = True) -> Made:
    """Copy the desk to a file or, under a dated name, into a directory; for admins and the system.

    With `keep` the newest so many backups of this desk stay there, older ones go. Without `check` the copy is not
    held against its events; then it replaces nothing, and nothing goes for it.

    Raises Invalid for a place where none may be made, Refused for a desk on a server, Failed for a disk and for a
    copy that does not verify: then what was there is as it was. Raises DatabaseUnusable where the desk itself
    cannot be read.
    """
    access.require(desk.actor, Right.BACK_UP)
    if desk.config.is_server:
        raise Refused(
            "a desk on a server has no file to copy: its server makes its backups",
            hint="pg_dump -Fc or pg_basebackup there; `care copy --to FILE` makes one file of the whole desk",
            rule="AUD-2",
        )
    desk.require_working()
    with desk.store.copying() as ours:
        if not ours:
            raise DatabaseUnusable("another backup of this desk is under way", hint="repeat once it is done")
        place = backup_place.found(desk, target, replacing=check)
        with _told(place, "nothing was changed"), workspace.within(place.folder) as work:
            made = _published(place, work, _made(desk, place, work, stage, check=check), aside=(keep or 1) > 1)
        _remember(desk, made.backup)
        with _told(place, f"the backup {place.database} is there and whole"):
            backup_place.tidied(place)
            removed = backup_place.thinned(place, keep) if keep and check else ()
    return made._replace(removed=removed)


def listed(desk: Desk) -> list[Listed]:
    """The backups on record, the last one first; for admins and the system."""
    access.require(desk.actor, Right.BACK_UP)
    with desk.reading() as reading:
        first = reading.digests([1])[1]
        known = reading.backups()
    newest = {one.path: one for one in reversed(known)}
    return [
        Listed(
            one,
            sealed(one.position, one.digest, first),
            # A later one may have come in its place.
            newest[one.path] is one and Path(one.path).is_file(),
        )
        for one in known
    ]


def _made(desk: Desk, place: Place, work: Workspace, stage: Stage, *, check: bool) -> Made:
    """Make the copy in the workspace."""
    database = work.place(NAME)
    with stage("Copying the record", desk.store.condition().bytes) as advance:
        size = desk.store.condition().bytes
        desk.store.copy(database, lambda done, of: advance(size * done // max(of, 1)))
    with backup_file.reading(database) as reading:
        position, digest = reading.log_end()
        taken = backup_files.taken(
            blobs_of(desk.config), Blobs(str(database)), place.earlier(), reading.blobs(), stage
        )
        if check:
            _require_sound(desk, reading, taken, stage)
    origin, path = place.origin, str(place.database)
    copy = Backup(desk.now, path, str(origin.database), 0, taken.files, position, digest)
    return Made(copy, sealed(position, digest, origin.begins), taken.bytes, taken.shared, check, ())


def _require_sound(desk: Desk, reading: Reading, taken: backup_files.Taken, stage: Stage) -> None:
    """Hold a copy against its events; raises Failed where it differs, or a file from its hash."""
    with stage("Verifying", reading.case_count()) as advance:
        told = [one.what for one in verify.differences(reading, desk.rulebook, advance)]
    wrong = [*told, *taken.faults]
    if wrong:
        more = f"; and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise Failed(
            f"no backup was made, as the record does not verify: {wrong[0]}{more}",
            hint="`care verify` tells what is wrong; --no-verify copies it as it is, replacing nothing",
            rule="AUD-2",
        )


def _published(place: Place, work: Workspace, made: Made, *, aside: bool) -> Made:
    """Give the copy its place; all of it is on the disk before its name is."""
    database = work.place(NAME)
    backup_file.mark(database, made.backup)
    sync_file(database)
    if aside:
        backup_place.kept_aside(place, work)
    backup_files.placed(Blobs(str(database)), Blobs(str(place.database)), work)
    backup_place.put(database, place)
    return made._replace(backup=made.backup._replace(bytes=place.database.stat().st_size))


@contextmanager
def _told(place: Place, state: str) -> Iterator[None]:
    """Say what a disk complains of, and how things stand; raises Failed."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            what, hint = "the disk is full", "free some space, or name a directory on another disk"
        elif error.errno in CLOSED:
            what, hint = error.strerror or str(error), "check who owns the directory, or name another"
        else:
            what, hint = error.strerror or str(error), "check the disk, or name a directory on another one"
        raise Failed(f"cannot write a backup to {place.folder}: {what}", hint=f"{hint}; {state}") from error


def _remember(desk: Desk, made: Backup) -> None:
    try:
        with desk.store.write() as writing:
            writing.put_backup(made)
    except CareError as error:
        raise Failed(
            f"the backup {made.path} is there and whole, but could not be noted: {error.message}",
            hint=error.hint,
        ) from error
