"""Copies of a whole desk: what is known of one, and what those in a directory are called (AUD-2)."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final, NamedTuple

from carecli.domain.seal import Seal

ENDING: Final = ".db"
"""What a copy is called by where the desk's own name has no ending: the folder of files takes its name from it."""

FILES: Final = ".files"

_DATED: Final = r"\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?"


class Backup(NamedTuple):
    """A backup on record: of which database, to which file, and the end of the log that it holds."""

    at: datetime
    path: str
    source: str
    bytes: int
    files: int
    position: int
    digest: str


class Held(NamedTuple):
    """What a database file tells of itself: the ends of its log, and the backup that it was made as, if it was.

    `serial` is that backup's place among all of its desk.
    """

    begins: str | None
    position: int
    digest: str
    made: Backup | None = None
    serial: int = 0

    @property
    def untouched(self) -> bool:
        """Whether it is a backup at which nobody has worked since."""
        return self.made is not None and (self.made.position, self.made.digest) == (self.position, self.digest)


class Made(NamedTuple):
    """A backup that is whole and at its place: how many of its files the one before had, what went for it."""

    backup: Backup
    seal: Seal
    file_bytes: int
    shared: int
    checked: bool
    removed: tuple[str, ...]


class Listed(NamedTuple):
    """A backup on record, and whether something still lies where it was made."""

    backup: Backup
    seal: Seal
    there: bool


class Migrated(NamedTuple):
    """A database that came to a newer schema, and the copy of it as it was before."""

    before: int
    now: int
    copy: str


def dated(stem: str, ending: str, at: datetime, taken: Collection[str]) -> str:
    """What a copy of that moment is called in a directory in which these names are taken: `desk.2026-...Z.db`."""
    base = f"{stem}.{at:%Y-%m-%dT%H-%M-%SZ}"
    name, turn = f"{base}{ending}", 1
    # Its folder of files is called by it too.
    while name in taken or f"{name.removesuffix(ending)}{FILES}" in taken:
        turn += 1
        name = f"{base}-{turn}{ending}"
    return name


def named_so(stem: str, ending: str, names: Iterable[str]) -> list[str]:
    """The names among these that `dated` may have given."""
    form = re.compile(re.escape(stem) + _DATED + re.escape(ending))
    return [name for name in names if form.fullmatch(name)]


def oldest(held: Iterable[tuple[str, Held]], keep: int) -> list[str]:
    """Of these backups the names of all but the newest `keep`, the oldest first."""
    order = sorted(
        ((one.made.at, one.serial, name) for name, one in held if one.made is not None),
    )
    return [name for _, _, name in order[: max(0, len(order) - keep)]]


def before_migration(stem: str, ending: str, version: int, turn: int = 1) -> str:
    """What the copy is called that is made before a database of that schema is migrated."""
    again = f"-{turn}" if turn > 1 else ""
    return f"{stem}.schema-{version}{again}{ending or ENDING}"


def of_migrations(stem: str, ending: str, names: Iterable[str]) -> list[str]:
    """The names among these that `before_migration` may have given."""
    form = re.compile(re.escape(stem) + r"\.schema-\d+(-\d+)?" + re.escape(ending or ENDING))
    return sorted(name for name in names if form.fullmatch(name))
