"""Whether what a command fell over is damage of the record: rows that are not as their events say (AUD-2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, Final

from carecli.desk.rulebook import Rulebook
from carecli.desk.verify import quick_differences
from carecli.domain.numbers import written
from carecli.domain.verify import Difference
from carecli.errors import DatabaseUnusable

if TYPE_CHECKING:
    from carecli.config import Config

PATIENCE_S: Final = 20.0
"""How long somebody waits for an answer to that; at a big desk it is not known by then."""

_HINT: Final = "`care verify` tells all that differs; `care verify --repair` makes anew what is derived"


def damage(config: Config, fault: Exception) -> DatabaseUnusable | None:
    """The error for a record that is not as its events say, by the first thing that differs; None where it is.

    Raises DatabaseUnusable where the file cannot be opened.
    """
    from carecli.store.sqlite import open_store

    store = open_store(config.db, create=False)
    try:
        with store.read() as reading, closing(quick_differences(reading, Rulebook())) as found:
            first = _first(found, monotonic() + PATIENCE_S)
    except TimeoutError:
        stopped = f"{type(fault).__name__}: {str(fault)[:200]}"
        return DatabaseUnusable(f"the database {config.db} holds what cannot be read ({stopped})", hint=_HINT)
    finally:
        store.close()
    return None if first is None else _told(config, first)


def _first(found: Iterator[Difference | None], until: float) -> Difference | None:
    for one in found:
        if one is not None:
            return one
        if monotonic() > until:
            raise TimeoutError
    return None


def _told(config: Config, first: Difference) -> DatabaseUnusable:
    whose = "" if first.number is None else f"case {written(first.number)}, "
    place = first.part.value if first.event is None else f"{first.part.value} {first.event}"
    what = f"the database {config.db} holds what cannot be: {whose}{place}: {first.what}"
    return DatabaseUnusable(what, hint=_HINT, rule="AUD-1")
