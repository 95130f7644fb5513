"""A desk moved to another place: the copy works from the moment on from which the source does not (AUD-2, MAIL-6).

First the copy is made whole, and left without what it needs to work. Then, while nobody writes in the source and
nobody delivers its mail, what came since is brought, and the source is retired in one transaction. Last, the copy
is put to work. Whoever is killed on the way has left a source that works, or one that is retired: then the same
command, repeated, ends what was begun. There are never two that work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from carecli.desk import copying_tables
from carecli.domain.copied import Copied, Copy, Moved
from carecli.errors import CareError, DatabaseUnusable, Refused

if TYPE_CHECKING:
    from carecli.desk.copying_tables import Way
    from carecli.store.protocol import Reading, Store

Bring = Callable[["Reading"], Copied]
"""Brings all of a record to its place, where it does not work yet."""


def move(way: Way, place: str, bring: Bring) -> Copied:
    """Bring a desk to its place, retire it, and put the copy to work.

    Raises DatabaseUnusable where others write or deliver for long, and where the copy could not be put to work.
    """
    with way.desk.store.read() as reading:
        stood = reading.stand()
        made = bring(reading)
    with _nobody_delivers(way.desk.store), way.desk.store.write() as source:
        if source.stand() != stood:
            made = bring(source)._replace(continued=made.continued)
        own = copying_tables.facts(way, source)
        source.put_moved(Moved(place, way.desk.now, way.copy.token, made.events, source.log_end()[1]))
    _put_to_work(way, place, made, own)
    return made._replace(moved=True)


def _put_to_work(way: Way, place: str, made: Copied, own: Sequence[Sequence[Any]]) -> None:
    try:
        copying_tables.put_to_work(way, made.tables, own)
    except CareError as error:
        raise DatabaseUnusable(
            f"this desk is retired, and the one in {place} does not work yet: {error.message}",
            hint=f"repeat `care copy --to {place} --move`, which ends the move",
            rule="AUD-2",
        ) from error


@contextmanager
def _nobody_delivers(store: Store) -> Iterator[None]:
    """Let no mail leave meanwhile: what leaves and is not on record here leaves there once more."""
    with store.delivering(alone=True) as ours:
        if not ours:
            raise DatabaseUnusable(
                "mail of this desk is being delivered", hint="repeat once that is done; nothing was moved"
            )
        yield


def ends(moved: Moved | None, known: Copy | None, *, move: bool) -> bool:
    """Whether what is at a place is what a retired desk was moved to; raises Refused where it works already.

    A retired desk is not moved a second time.
    """
    same = moved is not None and known is not None and known.token == moved.token
    if move and moved and not same:
        raise Refused(f"{moved.told}, and cannot be moved from here", hint=_EITHER.format(moved.place))
    if move and moved and known and known.tables is not None:
        raise Refused(f"{moved.told}, and works there: nothing is left to do", hint=f"name it: --db {moved.place}")
    return same


_EITHER = "--db {} names it; where that is lost for good, leave out --move: a copy of what is here works"
