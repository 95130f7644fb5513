"""Whether what a command fell over is damage of the record: rows that are not as their events say (AUD-2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, Final

from carecli.desk.rulebook import Rulebook
from carecli.desk.told_desk import UNREADABLE
from carecli.desk.verify import quick_differences
from carecli.domain.numbers import written
from carecli.domain.verify import Difference
from carecli.domain.vocabulary import SYSTEM
from carecli.errors import CareError, DatabaseUnusable, Failed

if TYPE_CHECKING:
    from carecli.config import Config
    from carecli.store.protocol import Reading

PATIENCE_S: Final = 20.0
"""How long somebody waits for an answer to that; at a big desk it is not known by then."""

_UNKNOWN: Final = (
    "`care verify` tells what of the database is damaged; else care is at fault, and CARE_DEBUG=1 shows where"
)
_UNTOLD: Final = "the desk's database holds what cannot be read"
_ASK: Final = "tell Customer Care: `care verify` shows an admin what is damaged"
_HINT: Final = "`care verify` tells all that differs; `care verify --repair` makes anew what is derived"


def damage(config: Config, fault: Exception) -> CareError | None:
    """The error for a record that is not as its events say, by the first thing that differs; None where it is.

    Where there is no record, or one of another schema, the fault is our own. Only staff read what differs: it may
    be another account's (DC-3). Raises DatabaseUnusable where the file cannot be opened.
    """
    from carecli.store.opening import is_current, open_store

    try:
        if not is_current(config.db):  # a look migrates nothing
            return None
    except OSError:
        return None
    stopped = f"{type(fault).__name__}: {str(fault)[:200]}"
    store, trusted = open_store(config.db, create=False), False
    try:
        with store.read() as reading:
            trusted = _trusted(reading, config.actor)
            with closing(quick_differences(reading, Rulebook())) as found:
                first = _first(found, monotonic() + PATIENCE_S)
    except TimeoutError:
        what = stopped if trusted else type(fault).__name__
        return Failed(f"the command ended in {what}; {PATIENCE_S:.0f} seconds did not tell why", hint=_UNKNOWN)
    finally:
        store.close()
    if first is None:
        return None
    return _told(config, first, stopped) if trusted else DatabaseUnusable(_UNTOLD, hint=_ASK, rule="AUD-1")


def _trusted(reading: Reading, actor: str | None) -> bool:
    """Whether whoever asks may read of every case; who is not named works at this machine, as cron does."""
    try:
        return actor in {None, SYSTEM} or reading.staff_member(actor) is not None
    except UNREADABLE:
        return False


def _first(found: Iterator[Difference | None], until: float) -> Difference | None:
    for one in found:
        if one is not None:
            return one
        if monotonic() > until:
            raise TimeoutError
    return None


def _told(config: Config, first: Difference, stopped: str) -> DatabaseUnusable:
    whose = "" if first.number is None else f"case {written(first.number)}, "
    place = first.part.value if first.event is None else f"{first.part.value} {first.event}"
    what = f"the database {config.db} holds what cannot be: {whose}{place}: {first.what} (it ended in {stopped})"
    return DatabaseUnusable(what, hint=_HINT, rule="AUD-1")
