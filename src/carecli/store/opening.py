"""Which engine keeps a record, told by how its place is written."""

from __future__ import annotations

from os.path import isfile
from typing import TYPE_CHECKING

from carecli.address import is_address
from carecli.errors import DatabaseUnusable

if TYPE_CHECKING:
    from types import ModuleType

    from carecli.store.protocol import Store
    from carecli.store.trouble import Place


def is_server(place: Place) -> bool:
    """Whether a place is the address of a database server rather than a file."""
    return is_address(str(place))


def is_there(place: Place) -> bool:
    """Whether there is something at a place that may be a record; a server is asked only when it is opened."""
    # `os.path`, as `pathlib` takes as long to import as this program's own start.
    return is_server(place) or isfile(place)


def is_current(place: Place) -> bool:
    """Whether this is a desk's record that needs no migration; raises OSError, DatabaseUnusable for a server's."""
    if is_server(place):
        return bool(_postgres().is_current(place))
    from carecli.store.sqlite import file

    return file.is_current(place)


def open_store(place: Place, *, create: bool = True, busy_s: float | None = None) -> Store:
    """Open the record at a path, `:memory:` or a `postgresql://` address, made or migrated where need be.

    Without `create` a missing one is an error. It waits for other writers for `busy_s` seconds, else as long as
    usual. Raises DatabaseUnusable, with a remedy, where it cannot be used.
    """
    # Imported here: a command opens one engine, and the other's driver takes as long to import as its own start.
    if is_server(place):
        opened: Store = _postgres().open_store(place, create=create, busy_s=busy_s)
        return opened
    from carecli.store.sqlite import store as sqlite

    return sqlite.open_store(place, create=create, busy_s=sqlite.BUSY_S if busy_s is None else busy_s)


def open_older(place: Place) -> Store | None:
    """Open the record of an older release as it is: for a look at what every schema has, and nothing is migrated.

    None where there is none, or one that needs no migration. Raises DatabaseUnusable.
    """
    if is_server(place):
        opened: Store | None = _postgres().open_older(place)
        return opened
    from carecli.store.sqlite import store as sqlite

    return sqlite.open_older(place) if isfile(place) else None


def _postgres() -> ModuleType:
    """The engine of servers; raises DatabaseUnusable where its driver is not installed."""
    try:
        from carecli.store.postgres import store
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "psycopg":
            raise
        raise DatabaseUnusable(
            "a desk on a server needs PostgreSQL's driver, which is not installed",
            hint="pip install 'carecli[postgres]', or pipx inject carecli 'psycopg[binary]'",
        ) from None
    except ImportError as error:  # psycopg without its C part, and no libpq on this machine
        raise DatabaseUnusable(
            f"PostgreSQL's driver cannot be used: {error}", hint="pip install 'carecli[postgres]'"
        ) from None
    return store
