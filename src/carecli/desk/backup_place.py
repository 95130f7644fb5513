"""Where a backup goes to: nothing is replaced or removed there but what this desk made as a backup (AUD-2)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from carecli.desk import backup_files
from carecli.desk.blobs import blobs_of
from carecli.disk import name_new, sync_file, sync_folder
from carecli.domain.backup import ENDING, FILES, Held, dated, named_so, oldest
from carecli.errors import Invalid
from carecli.files.blobs import Blobs
from carecli.files.sources import located
from carecli.store.sqlite import backup_file, workspace

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.store.sqlite.workspace import Workspace

_ELSEWHERE: Final = "name another file, or a directory"
_BESIDE: Final = ("-wal", "-shm", "-journal", ".delivery", ".copying")
"""What the names of files end in that belong to a database beside them."""


class Origin(NamedTuple):
    """By what a desk's own backups are known: where its database lies, and how its log begins."""

    database: Path
    begins: str

    def made(self, held: Held | None) -> Held | None:
        """A file's account of itself, where this desk made it and nobody has worked at it since."""
        if held is None or held.made is None or not held.untouched:
            return None
        own = (held.made.source, held.begins) == (str(self.database), self.begins)
        return held if own else None


class Place(NamedTuple):
    """Where a backup will lie: `stem` and `ending` make the dated names there, `old` is what it replaces."""

    database: Path
    origin: Origin
    stem: str
    ending: str
    old: Held | None = None

    @property
    def folder(self) -> Path:
        """The directory that it lies in."""
        return self.database.parent

    def others(self) -> list[tuple[str, Held]]:
        """The desk's own backups with dated names in that directory, but for this one."""
        found = []
        for name in named_so(self.stem, self.ending, _names(self.folder)):
            path = self.folder / name
            # A link may be to another directory's, where it would be counted too.
            held = None if path.is_symlink() else self.origin.made(backup_file.held(path))
            if held and name != self.database.name and self._called_so(name, held):
                found.append((name, held))
        return found

    def _called_so(self, name: str, held: Held) -> bool:
        """Whether a backup has the name it was made by, or one of its moment: what somebody copied has not."""
        if held.made is None:
            return False
        moment = dated(self.stem, self.ending, held.made.at, ()).removesuffix(self.ending)
        return name == Path(held.made.path).name or name.startswith(moment)

    def earlier(self) -> list[Blobs]:
        """The folders of the backups before it, from which unchanged files are taken."""
        known = self.others()
        newest = [name for name, _ in known if name not in oldest(known, 1)]
        own = [self.database] if self.old else []
        return [Blobs(str(path)) for path in (*own, *(self.folder / name for name in newest))]


def found(desk: Desk, target: str, *, replacing: bool) -> Place:
    """The place for a backup; raises Invalid where none may be made, or where something else is."""
    with desk.reading() as reading:
        origin = Origin(Path(desk.config.beside).resolve(), reading.digests([1])[1])
    if target in {"", "-"}:
        raise Invalid("a backup is a file and no stream", hint="name a file or a directory")
    # Whoever names a link means what is behind it; `pathlib` raises for one that leads back to itself.
    path = Path(os.path.realpath(located(target)))
    if target.endswith("/") and not path.exists():
        _require_folder(path)
        path.mkdir(0o700)
    if path.is_dir():
        if path.is_relative_to(blobs_of(desk.config).root.resolve()):
            raise Invalid(f"{path} is where the desk keeps its files", hint="name another directory")
        return _in_directory(desk, path, origin)
    return _as_file(path, origin, replacing=replacing)


def _in_directory(desk: Desk, folder: Path, origin: Origin) -> Place:
    stem, ending = _parts(origin.database)
    name = dated(stem, ending, desk.now, _names(folder))
    return Place(folder / name, origin, stem, ending)


def _as_file(path: Path, origin: Origin, *, replacing: bool) -> Place:
    _require_folder(path)
    _require_apart(path, origin.database)
    old = None
    if path.exists() and path.stat().st_size:
        if not replacing:
            raise Invalid(f"{path} is there already, and --no-verify replaces nothing", hint=_ELSEWHERE)
        old = _replaceable(path, origin)
    elif Blobs(str(path)).root.exists():
        root = Blobs(str(path)).root
        raise Invalid(f"{root} is there without its database", hint=f"move it away, or {_ELSEWHERE}")
    return Place(path, origin, *_parts(path), old)


def _require_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise Invalid(f"there is no directory {path.parent}", hint="make it, for its owner alone: mkdir -m 700")


def _require_apart(path: Path, live: Path) -> None:
    """See that a copy is no part of the desk, nor of another database."""
    if path.exists() and path.samefile(live):
        raise Invalid(f"{path} is the desk itself", hint=_ELSEWHERE)
    if path.name.endswith(_BESIDE):
        raise Invalid(f"{path} is called like what belongs to a database beside it", hint=_ELSEWHERE)
    # What is a link still leads back to itself.
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise Invalid(f"{path} is no file", hint=_ELSEWHERE)
    require_own_files(path, Blobs(str(live)))
    stray = [name for name in backup_file.beside(path) if Path(name).exists()]
    if stray:
        hint = f"whoever works with it must end; `care --db {path} verify` clears what a killed one left"
        raise Invalid(f"{stray[0]} is there: somebody works with {path}", hint=hint)


def require_own_files(path: Path, live: Blobs) -> None:
    """See that the files of a copy would lie in a folder of their own; raises Invalid."""
    blobs = Blobs(str(path))
    own = blobs.root in {live.root, live.root.resolve()}
    # The desk itself is not to be opened here, not even for a look: that lets go of SQLite's locks on it (POSIX).
    shared = None if own else blobs.shared()
    if own or shared or blobs.linked():
        whose = "the desk's own" if own else f"that of {shared}" if shared else f"a link to {blobs.linked()}"
        instead = f"{live.database.stem}-backup{ENDING}"
        raise Invalid(
            f"the files of a copy called {path.name} would lie in {blobs.root.name}, and that is {whose}",
            hint=f"call it {instead} for example, or put it into another directory",
            rule="ATT-1",
        )


def _replaceable(path: Path, origin: Origin) -> Held:
    """The backup that lies there; raises Invalid for anything that is not surely one of this desk."""
    held = backup_file.held(path)
    own = origin.made(held)
    # A desk that was restored from a backup is still one, but for its name.
    if own and own.made and Path(own.made.path).name == path.name:
        return own
    if held is None:
        what = "is no backup that this program can read"
    elif held.made is None:
        what = "is a desk of its own, no backup"
    elif own:
        what = f"was made as {Path(held.made.path).name}, and put here as a desk"
    elif not held.untouched:
        what = "was a backup, and somebody has worked with it since"
    else:
        what = "is the backup of another desk"
    raise Invalid(f"{path} {what}: it is not replaced", hint=f"move it away, or {_ELSEWHERE}", rule="AUD-2")


def kept_aside(place: Place, work: Workspace) -> None:
    """Give the backup that is about to be replaced a dated name too, and its files; raises OSError."""
    if place.old is None or place.old.made is None or place.old in [held for _, held in place.others()]:
        return
    name = dated(place.stem, place.ending, place.old.made.at, _names(place.folder))
    aside, making = Blobs(str(place.folder / name)), Blobs(str(work.place(f"aside{ENDING}")))
    with backup_file.reading(place.database) as reading:
        named = [sha256 for sha256, _, _ in reading.blobs()]
    backup_files.linked(Blobs(str(place.database)), making, named)
    backup_files.placed(making, aside, work)
    _named_too(place.database, aside.database, work)
    sync_folder(place.folder)


def put(database: Path, place: Place) -> None:
    """Give a copy that is on the disk its name; raises OSError, Invalid where another came there meanwhile."""
    there = place.database.exists() and place.database.stat().st_size
    if there and (place.old is None or _replaceable(place.database, place.origin) != place.old):
        raise _overtaken(place)
    if place.database.exists():
        database.replace(place.database)
    else:
        try:
            name_new(database, place.database)
        except FileExistsError:
            raise _overtaken(place) from None
    sync_folder(place.folder)


def _overtaken(place: Place) -> Invalid:
    return Invalid(f"{place.database} was written by somebody else meanwhile", hint="repeat")


def tidied(place: Place) -> None:
    """Take away the files that the backup replaced had, and this one has not; raises OSError."""
    blobs = Blobs(str(place.database))
    if place.old is None:
        return
    with backup_file.reading(place.database) as reading:
        named = {sha256 for sha256, _, _ in reading.blobs()}
    for kept in blobs.kept():
        if kept.sha256 not in named:
            blobs.remove(kept)


def thinned(place: Place, keep: int) -> tuple[str, ...]:
    """Remove all but the newest `keep` of the desk's own backups there, the new one being one; their names."""
    gone = oldest(place.others(), keep - 1)
    if not gone:
        return ()
    with workspace.within(place.folder) as work:
        for name in gone:
            path = place.folder / name
            root = Blobs(str(path)).root
            work.plan(name, root.name)
            path.unlink()
            # Else a power cut might bring the database back, and not its files.
            sync_folder(place.folder)
            if root.is_dir() and not root.is_symlink():
                shutil.rmtree(root)
        sync_folder(place.folder)
    return tuple(gone)


def _named_too(path: Path, name: Path, work: Workspace) -> None:
    """Give a file a second name, or a copy of it where there can be none."""
    try:
        name.hardlink_to(path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        copy = work.place("aside-copy")
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
        sync_file(copy)
        name_new(copy, name)


def _parts(path: Path) -> tuple[str, str]:
    """What dated names begin and end with: the folder of files is called by the name without its ending."""
    ending = path.suffix if path.suffix not in {"", FILES} else ENDING
    return path.name.removesuffix(path.suffix), ending


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]
