"""The copy of a database as it was before it came to a newer schema: made first, or nothing is changed (AUD-2)."""

import filecmp
import os
from contextlib import suppress
from pathlib import Path

from carecli.disk import CLOSED, FULL, name_new, sync_file, sync_folder
from carecli.domain.backup import Migrated, before_migration
from carecli.errors import DatabaseUnusable
from carecli.store.sqlite import copying, workspace
from carecli.store.trouble import Place


def kept(path: Place, version: int, now: int) -> Migrated:
    """Copy a database of that schema beside it, on its disk before this returns: `desk.schema-17.db`.

    Whoever calls holds the right to write, so that the copy is what was. A copy of the very same from a migration
    that was cut short is taken for it. Raises DatabaseUnusable, with the remedy, where there can be none.
    """
    # A link that leads nowhere, `pathlib` would complain of in words of its own.
    real = Path(os.path.realpath(path))
    try:
        with workspace.within(real.parent) as work:
            made = work.place("copy.db")
            copying.copy(real, made)
            _require_sound(path, made)
            sync_file(made)
            return Migrated(version, now, str(_placed(made, real, version)))
    except OSError as error:
        raise _none(path, version, now, error) from error


def _placed(made: Path, real: Path, version: int) -> Path:
    stem, turn = real.name.removesuffix(real.suffix), 1
    while True:
        place = real.with_name(before_migration(stem, real.suffix, version, turn))
        with suppress(FileExistsError):
            name_new(made, place)
            sync_folder(real.parent)
            return place
        if place.is_file() and not place.is_symlink() and filecmp.cmp(made, place, shallow=False):
            return place
        turn += 1


def _require_sound(path: Place, made: Path) -> None:
    wrong = copying.faults(made)
    if wrong:
        raise DatabaseUnusable(
            f"the database {path} is damaged, and so is not migrated: {wrong[0]}",
            hint="restore a backup; `sqlite3 FILE .recover` saves what can still be read; nothing was changed",
        )


def _none(path: Place, version: int, now: int, error: OSError) -> DatabaseUnusable:
    if error.errno in FULL:
        what, hint = "the disk is full", f"free room for a copy ({_size(path)}) beside it and repeat"
    elif error.errno in CLOSED:
        what, hint = f"its directory cannot be written: {error.strerror}", "check who owns the directory"
    else:
        what, hint = error.strerror or str(error), "check the disk, and repeat"
    return DatabaseUnusable(
        f"the database {path} is of schema {version}, and no copy can be made before it comes to {now}: {what}",
        hint=f"{hint}; nothing was changed",
    )


def _size(path: Place) -> str:
    try:
        return f"{Path(path).stat().st_size / 1024 / 1024:,.1f} MB"
    except OSError:
        return "as large as it is"
