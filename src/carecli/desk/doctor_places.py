"""The doctor's look at where things lie: who else may read, change or swap them (AUD-2).

Whoever may write to the folder of the database may put another one in its place; whoever may write to the config
file says which program sends the desk's mail. The folder of files has a check of its own.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.desk.doctor_words import fine, quoted
from carecli.domain.health import Finding, State

if TYPE_CHECKING:
    from carecli.desk.desk import Desk

CHECK: Final = "permissions"
ROOT: Final = 0
BESIDE: Final = ("-wal", "-shm", ".delivery", ".copying")
"""What lies beside a database while it is worked with: its log, its index, the locks of mail and of backups."""


class Place(NamedTuple):
    """Something on the disk: what it is, where, and whether what is in it is for its owner alone."""

    what: str
    path: str
    secret: bool


def findings(desk: Desk) -> Iterator[Finding]:
    """What others than the owner may do with the desk's files and folders."""
    keeper = os.getuid() if desk.config.is_server else _keeper(os.path.realpath(desk.config.db))
    found = [finding for place in _places(desk) for finding in _of(place, keeper)]
    # One folder may hold several of them.
    yield from (finding for finding, _ in groupby(sorted(found)))
    if not found:
        yield fine(CHECK, "nobody else may change where the desk, its mail and its settings lie")


def _places(desk: Desk) -> Iterator[Place]:
    config = desk.config
    if not config.is_server:
        database = os.path.realpath(config.db)
        yield from (Place(f"the database's {end}", f"{database}{end}", secret=True) for end in BESIDE)
        yield Place("the database's folder", str(Path(database).parent), secret=False)
    if config.mail.transport == "maildir":
        yield Place("the maildir", os.path.realpath(config.mail.maildir), secret=True)
    if config.mail.templates:
        yield Place("the folder of templates", os.path.realpath(config.mail.templates), secret=False)
    if config.path:
        file = os.path.realpath(config.path)
        yield Place("the config file", file, secret=config.keeps_password)
        yield Place("the config file's folder", str(Path(file).parent), secret=False)


def _keeper(database: str) -> int:
    """Whose the desk is: the user to whom its database belongs."""
    try:
        return Path(database).stat().st_uid
    except OSError:  # one that was taken away meanwhile
        return os.getuid()


def _of(place: Place, keeper: int) -> Iterator[Finding]:
    try:
        found = os.lstat(place.path)
    except OSError:  # what is not there, or may not be looked for, is told where it is needed
        return
    yield from _owner(place, found, keeper)
    yield from _others(place, found)


def _owner(place: Place, found: os.stat_result, keeper: int) -> Iterator[Finding]:
    """Whoever owns a file may change it, whatever its mode says; what root made in passing nobody else can use."""
    us = {os.getuid(), keeper}
    if found.st_uid == ROOT and place.secret and keeper != ROOT:
        what = f"{place.what} {place.path} is root's, and the desk is that of {_name(keeper)}, who cannot use it"
        yield Finding(CHECK, State.WRONG, what, f"chown {_name(keeper)} {quoted(place.path)}")
    elif found.st_uid not in us | {ROOT}:
        what = f"{place.what} {place.path} belongs to somebody else (user {found.st_uid})"
        # Root mends for whom the desk belongs to.
        who = keeper if os.getuid() == ROOT else os.getuid()
        yield Finding(CHECK, State.WRONG, what, f"chown {_name(who)} {quoted(place.path)}")


def _others(place: Place, found: os.stat_result) -> Iterator[Finding]:
    mode, folder = stat.S_IMODE(found.st_mode), stat.S_ISDIR(found.st_mode)
    whole = mode
    # Where everybody has a group of his own, what is the group's is his.
    mode &= ~0o070 if _name(found.st_uid) == _group(found.st_gid) and not _listed(place.path) else ~0
    write = 0o022
    read = (0o055 if folder else 0o044) if place.secret else 0
    # In a folder like /tmp everybody makes files, and nobody takes another's away.
    sticky = folder and bool(mode & stat.S_ISVTX)
    if not mode & (write | read):
        return
    everybody = bool(mode & (write | read) & 0o007)
    who = "everybody on this machine" if everybody else "the group"
    deed = "write to" if mode & write & (0o007 if everybody else 0o070) else "read"
    state = State.WRONG if everybody and not sticky else State.ADVICE
    fix = f"chmod {'700' if folder else '600'} {quoted(place.path)}"
    if sticky:
        fix = "keep the desk in a folder of its own: move it, and name it with --db or in the config file"
    elif not everybody:
        fix = f"unless that is meant: {fix}"
    yield Finding(CHECK, state, f"{who} may {deed} {place.what} {place.path} (mode {whole:04o})", fix)


def _listed(path: str) -> bool:
    """Whether an access list lets more people in; what it grants at most stands where the group's rights do."""
    try:
        return "system.posix_acl_access" in os.listxattr(path)
    except (AttributeError, OSError):  # a system or a file system without them
        return False


def _name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(gid: int) -> str:
    import grp

    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)
