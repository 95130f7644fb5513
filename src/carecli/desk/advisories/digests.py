"""Digests of advisories: timers in the one queue, each mailed in the transaction that records it (ADV-1, TICK-1).

Somebody has a timer as long as a digest owes them anything, so where nothing is new, nothing fires.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

from carecli.desk.advisories import readers
from carecli.domain import subscription
from carecli.domain.events import Event, Kind
from carecli.domain.instants import iso
from carecli.domain.tick_report import SentDigest
from carecli.domain.vocabulary import SYSTEM, Via, Visibility
from carecli.mail.outgoing import advisories as letters

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.subscription import Subscriber
    from carecli.domain.tick_report import Fired

BATCH: Final = 500
"""How many digests one transaction sends: others wait for the lock no longer than that takes."""


def send_due(desk: Desk, fired: Fired, limit: int | None) -> None:
    """Send the digests that are due, a transaction at a time."""
    more = True
    while more:
        with desk.record() as record:
            more = _send_batch(record, fired, limit)


def send_in(record: Record, fired: Fired, limit: int | None) -> None:
    """Send all digests that are due within one transaction."""
    while _send_batch(record, fired, limit):
        pass


def _send_batch(record: Record, fired: Fired, limit: int | None) -> bool:
    """Send the next digests; whether there may be more.

    A subscriber who is owed several has a timer for the first alone: the others follow in the order of the queue.
    """
    size = BATCH if limit is None else min(BATCH, limit - fired.timers)
    due = record.writing.digests_due(record.now, size) if size > 0 else []
    horizon = due[-1][0] if len(due) == size and due else record.now
    people, left = readers.readers(record), size
    heapify(waiting := [(due_at, one.id, one) for due_at, one in due])
    while waiting and left:
        due_at, id_, subscriber = heappop(waiting)
        fired.digests.append(_send(record, people, due_at, subscriber))
        fired.timers += 1
        left -= 1
        following = min((owed.due_at for owed in record.writing.owed_advisories(id_)), default=None)
        if following and following <= horizon:
            heappush(waiting, (following, id_, subscriber))
    return bool(due)


def _send(record: Record, people: readers.Readers, due_at: datetime, subscriber: Subscriber) -> SentDigest:
    """Send what a subscriber is owed by then, at its nominal time; nothing to whoever acts here no more.

    What became none of the reader's business since is left out (DC-3), and what is over by then.
    """
    owed = [one.place for one in record.writing.owed_advisories(subscriber.id) if one.due_at <= due_at]
    reader = people.reader(subscriber.person)
    publications = record.writing.publications(owed)
    told = subscription.ordered(
        one for one in publications if reader and reader.reads(one.text) and not one.text.over_at(due_at)
    )
    data = {
        "subscriber": subscriber.id,
        "person": subscriber.person,
        "due_at": iso(due_at),
        "places": owed,
        "told": [one.id for one in told],
    }
    event = Event(due_at, SYSTEM, Via.TICK, Kind.DIGEST_SENT, Visibility.INTERNAL, data)
    record.writing.append(None, [event])
    record.writing.tell_advisory(event)
    if reader and told and record.notices:
        to, office = readers.mailed(reader), readers.office(record, reader)
        record.writing.queue([letters.digest(subscriber.id, told, to, due_at, office, record.reference_key)])
    return SentDigest(subscriber.person, due_at, tuple(one.id for one in told))
