"""Taking mail in: stored first, each message as it came, and looked at then (MAIL-2..5).

A kill between the two, or a database that is busy then, leaves a message that was stored and not looked at: the
next one that comes in, or the next tick, makes up for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from carecli.domain import access, matching
from carecli.domain.access import Right
from carecli.errors import DatabaseUnusable

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.inbox import Received
    from carecli.domain.reference_key import KeyRing
    from carecli.store.protocol import Reading

BATCH: Final = 1000
"""How many messages one transaction looks at: others wait for the lock no longer than that takes."""

BATCH_BYTES: Final = 32 * 1024 * 1024
"""How much mail of an earlier run is held in memory at once, but for one message."""


def take_in(desk: Desk, messages: Sequence[tuple[bytes, str]]) -> list[Received]:
    """Store messages, each with where it came from, and look at them; what became of each, in order.

    One transaction stores all of them: if this raises, none is stored, and they may be taken in again. Once they
    are, nothing is raised any more: a message that could not be looked at yet has no outcome. For admins and the
    system (DC-5).
    """
    access.require(desk.actor, Right.RUN_TIME)
    with desk.store.write() as writing:
        kept = [writing.store_raw(raw, desk.now, source) for raw, source in messages]
    fresh = {each.id: raw for each, (raw, _) in zip(kept, messages, strict=True) if each.outcome is None}
    try:
        _look(desk, fresh)
        look_again(desk)
        with desk.reading() as reading:
            return list(_told(reading, kept))
    except Exception:  # noqa: BLE001  # what is stored is taken in: a mail server must not try again
        return kept


def look_again(desk: Desk) -> int:
    """Look at messages that were stored and never looked at, as after a kill; how many there were."""
    count, last = 0, 0
    while True:
        with desk.reading() as reading:
            waiting = [each for each in reading.unseen(BATCH) if each.id > last]
            raws = dict(_bounded(reading, waiting))
        if not raws:
            return count
        count, last = count + len(raws), max(raws)
        _look(desk, raws)


def _bounded(reading: Reading, waiting: Iterable[Received]) -> Iterator[tuple[int, bytes]]:
    """As many of the messages as fit into memory, the first in any case."""
    room = BATCH_BYTES
    for each in waiting:
        if room <= 0:
            return
        room -= each.size
        yield each.id, reading.received_raw(each.id) or b""


def _told(reading: Reading, kept: Sequence[Received]) -> Iterator[Received]:
    """What became of the messages; one whose bytes came before is told as the duplicate that it is."""
    seen = set[int]()
    marked = reading.all_received({each.id for each in kept})
    for each in kept:
        known = marked.get(each.id, each)
        if known.outcome is not None and (each.outcome is not None or each.id in seen):
            same = matching.same_message(known)
            known = known._replace(outcome=same.outcome, code=same.code, reason=same.reason)
        seen.add(each.id)
        yield known


def _look(desk: Desk, raws: Mapping[int, bytes]) -> None:
    """Look at messages by their ids, a batch at a time."""
    if not raws:
        return
    # Imported here: a tick that finds no mail needs none of the rules for it.
    from carecli.desk.mail.keys import ring

    # Here: a key that cannot be read is no fault of a message, all of which wait until it can.
    with desk.reading() as reading:
        keys = ring(desk.config, reading, desk.now)
    left = iter(raws.items())
    while batch := dict(islice(left, BATCH)):
        _looked_at(desk, batch, keys)


def _looked_at(desk: Desk, raws: Mapping[int, bytes], keys: KeyRing) -> None:
    """Look at some messages in one transaction; if that fails for no fault of the database, at each in one."""
    try:
        _sorted(desk, raws, keys)
    except (DatabaseUnusable, OSError):
        raise
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one message must not keep out the others
        if len(raws) == 1:
            _keep_for_staff(desk, next(iter(raws)), error)
            return
        for id_, raw in raws.items():
            _looked_at(desk, {id_: raw}, keys)


def _sorted(desk: Desk, raws: Mapping[int, bytes], keys: KeyRing) -> None:
    from carecli.desk.mail.sorting import Sorting
    from carecli.desk.mail.understanding import read

    # Read before the transaction: nobody has to wait for the lock while a message is taken apart.
    known = {id_: read(raw, keys) for id_, raw in raws.items()}
    with desk.record() as record:
        waiting = record.writing.all_received(raws).values()
        messages = [known[each.id]._replace(kept=each) for each in waiting if each.outcome is None]
        sorting = Sorting(record, messages)
        for message in messages:
            sorting.look(message)
        sorting.keep()


def _keep_for_staff(desk: Desk, id_: int, error: Exception) -> None:
    from carecli.desk.mail.sorting import unreadable

    told = unreadable(error)
    with desk.record() as record:
        each = record.writing.received(id_)
        if each and each.outcome is None:
            record.writing.mark_received([each._replace(outcome=told.outcome, code=told.code, reason=told.reason)])
