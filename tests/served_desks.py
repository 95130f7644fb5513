"""With `CARE_TEST_ENGINE=postgresql` a desk that a test places in a file lies in a database of a server.

The path stands for that database: where `care` reads one in `--db`, in CARE_DB or in a config file, here or in a
child (`served/sitecustomize.py`), it gets the address instead, and all that follows is the program's own. What a
desk keeps beside its database lies beside the path.

A small file at the path tells which database it is: who copies, removes or rewrites that file does so to the desk.
What else lies at a path, such as a backup, is the file that it is.
"""

import fcntl
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

PLACES: Final = "SERVED_DESKS"
"""The variable that names the folder in which it is told which path is which database."""
HOOK: Final = Path(__file__).parent / "served"
PATIENCE_S: Final = 60
"""How long those who have left a database may take to be gone."""
_FOUND: Final = [Path(os.environ[PLACES])] if PLACES in os.environ else []
"""That folder: kept here, as a gate forgets its environment."""
OURS: Final = b"a desk of the tests, in the database "


class Desk(NamedTuple):
    """What is known of a desk: its path, the same as it was written last, and whether a file was made there."""

    place: str
    written: str
    stood: bool = False


def serve() -> None:
    """Have desks lie in the server of this process, and tell children of it."""
    # Imported here: children have no server of their own.
    import engine

    server = engine.server()
    folder = server.folder / "desks"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        urls = {"admin": server.url("postgres", user="postgres"), "desk": server.url("NAME")}
        (folder / "server.json").write_text(json.dumps(urls))
        os.environ[PLACES] = str(folder)
        _FOUND[:] = [folder]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HOOK), os.environ.get("PYTHONPATH")]))
        hook()


def address(path: str) -> str:
    """The address of the desk at a path; what lies there decides whether it is as it was, empty, or a copy."""
    place = os.path.realpath(path)
    name = _name(place)
    with _alone():
        known, told = _known(name), _told(place)
        if told == "":
            return path
        if told not in {None, name}:
            _make(name, template=str(told))
            _tell(place, name)
        elif known is None or (told is None and known.stood):
            _make(name, template="template0")
        _note(name, Desk(place, path, stood=told is not None))
    return _url(name)


def named(path: str | Path) -> str:
    """How a desk is named to who knows nothing of this: by its address."""
    return address(str(path)) if _FOUND else str(path)


def superuser(path: str | Path) -> str:
    """The address of the desk at a path for who may do anything to it."""
    return address(str(path)).replace("://care@", "://postgres@", 1)


def kept(path: str | Path) -> bytes:
    """What to write to a path so that the desk is as it is now."""
    if not _FOUND:
        return Path(path).read_bytes()
    address(str(path))
    with _alone():
        name = f"kept_{time.monotonic_ns()}"
        _make(name, template=str(_told(os.path.realpath(path))))
    return OURS + name.encode()


def by_paths(text: str) -> str:
    """A text with the paths of desks in the places of their addresses."""
    if not _FOUND or "postgresql://" not in text:
        return text
    shape = re.escape(_url("NAME")).replace("NAME", "(desk_[0-9a-f]{16})")
    return re.sub(shape, lambda found: (_known(found[1]) or Desk("", found[0])).written, text)


def forget(folder: Path | None) -> None:
    """Drop the databases of desks in a folder, and of those whose own is gone."""
    for file in _FOUND[0].glob("desk_*") if _FOUND else ():
        desk = _known(file.name)
        if desk is None:
            continue
        within = folder is not None and desk.place.startswith(f"{folder}{os.sep}")
        if within or not Path(desk.place).parent.is_dir():
            with _admin() as run:
                run(f'DROP DATABASE IF EXISTS "{file.name}" WITH (FORCE)')
            file.unlink()


def hook() -> None:
    """Have the program's own modules find desks on the server, those that are imported already too."""
    from carecli import config
    from carecli.store import opening

    located, load, beside, open_store = config.located, config.load, config.Config.beside, opening.open_store

    def located_here(db: str | None) -> str | None:
        found = located(db)
        return found and _served(found)

    def loaded(path: str | None, environ: Mapping[str, str], *, missing_ok: bool = False) -> config.Config:
        found = load(path, environ, missing_ok=missing_ok)
        return found._replace(db=_served(found.db))

    def opened(place: Any, **how: Any) -> Any:
        store = open_store(place, **how)
        _stand(str(place))
        return store

    for old, new in ((located, located_here), (load, loaded), (open_store, opened)):
        _replaced(old, new)
    own: Callable[[config.Config], str] = beside.fget  # type: ignore[attr-defined]
    config.Config.beside = property(lambda self: _written(self.db) or own(self))  # type: ignore[assignment,method-assign]


def _served(db: str) -> str:
    """Where a desk is that the program was told to find at a path or an address."""
    from carecli.address import Address

    if isinstance(db, Address):
        return db
    found = address(db)
    return found if found == db else Address.of(found)


def _replaced(old: Callable[..., Any], new: Callable[..., Any]) -> None:
    """Put one function in another's place, wherever the program knows that by its name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("carecli") and getattr(module, old.__name__, None) is old:
            setattr(module, old.__name__, new)


def _written(db: str) -> str | None:
    """The path that stands for a database."""
    path = by_paths(db)
    return None if path == db else path


def _stand(url: str) -> None:
    """Have a file tell of a desk that was opened."""
    path = _written(url)
    if path is None:
        return
    place = os.path.realpath(path)
    name = _name(place)
    known = _known(name)
    if known and not known.stood and Path(place).parent.is_dir():
        _tell(place, name)
        _note(name, known._replace(stood=True))


def _name(place: str) -> str:
    return f"desk_{hashlib.sha256(place.encode()).hexdigest()[:16]}"


def _tell(place: str, name: str) -> None:
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(OURS + name.encode())


def _told(place: str) -> str | None:
    """Which database the file at a path tells of, None where there is nothing, "" for what is something else."""
    path = Path(place)
    if path.is_file():
        content = path.read_bytes()
        return content.removeprefix(OURS).decode() if content.startswith(OURS) else ""
    return "" if path.exists() else None


def _known(name: str) -> Desk | None:
    try:
        return Desk(*json.loads((_folder() / name).read_text()))
    except FileNotFoundError:
        return None


def _note(name: str, desk: Desk) -> None:
    if _known(name) != desk:
        beside = _folder() / f".{name}.{os.getpid()}"
        beside.write_text(json.dumps(desk))
        beside.replace(_folder() / name)


def _make(name: str, *, template: str) -> None:
    """Make a database, in the place of one that was there; waits until who worked in the template is gone."""
    import psycopg

    until = time.monotonic() + PATIENCE_S
    with _admin() as run:
        run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        while True:
            try:
                return run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER care STRATEGY file_copy')
            except psycopg.errors.ObjectInUse:
                if time.monotonic() > until:
                    raise
            time.sleep(0.01)


@contextmanager
def _admin() -> Iterator[Callable[[str], None]]:
    import psycopg

    with closing(psycopg.connect(_urls()["admin"], autocommit=True)) as db:

        def run(sql: str) -> None:
            db.execute(sql.encode())

        yield run


@contextmanager
def _alone() -> Iterator[None]:
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    return _FOUND[0]


def _url(name: str) -> str:
    return _urls()["desk"].replace("NAME", name)


def _urls() -> dict[str, str]:
    found: dict[str, str] = json.loads((_folder() / "server.json").read_text())
    return found
