"""Subscriptions to advisories: made, changed, ended, each on the record; nothing that is owed is lost (ADV-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk.advisories import readers
from carecli.desk.advisories.reading import tell
from carecli.domain import access, subscription
from carecli.domain.access import Right
from carecli.domain.events import Kind
from carecli.domain.instants import iso
from carecli.domain.subscription import Frequency, Owed, Subscribed, Subscriber, Subscription
from carecli.domain.vocabulary import Side
from carecli.errors import NotFound, NotPermitted
from carecli.mail.outgoing import advisories as letters

if TYPE_CHECKING:
    from carecli.desk.advisories.readers import Reader
    from carecli.desk.desk import Desk
    from carecli.desk.record import Record
    from carecli.domain.advisory import Publication
    from carecli.store.protocol import Reading


class _Change(NamedTuple):
    """What a change of subscriptions does to what was owed: still by digests, or told at once."""

    owed: list[Owed]
    told: list[Publication]


def subscribe(
    desk: Desk, frequency: Frequency, services: Sequence[str] = (), *, person: str | None = None
) -> list[Subscribed]:
    """Be told of advisories so often, of these services or of all; what was said before of each is replaced.

    For oneself; admins also for others. Raises NotFound, NotPermitted.
    """
    with desk.record() as record:
        reader = _reader(record, person)
        for service in _services(record, reader, services):
            _change(record, reader, service, frequency)
        return list(_of(record, reader))


def unsubscribe(desk: Desk, services: Sequence[str] = (), *, person: str | None = None) -> list[Subscribed]:
    """Be told no more, of these services or of anything; raises NotFound where nothing was subscribed to."""
    with desk.record() as record:
        reader = _reader(record, person)
        had = readers.subscribed(record, reader.address).subscriptions
        ended = [one.service for one in had if not services or _named(one.service, services)]
        if not ended:
            of = f" of {services[0][:60]!r}" if services else ""
            raise NotFound(
                f"{reader.address} has no subscription{of}", hint="care advisory subscriptions", rule="ADV-1"
            )
        for service in ended:
            _change(record, reader, service, None)
        return list(_of(record, reader))


def listed(desk: Desk, *, everybody: bool = False) -> list[Subscribed]:
    """The actor's subscriptions, for admins everybody's; raises NotPermitted."""
    if everybody:
        access.require(desk.actor, Right.ADMINISTER)
    with desk.reading() as reading:
        people = readers.Readers(reading, readers.desk_zone(desk.settings))
        known = reading.subscribers()
        own = desk.actor.email.casefold()
        wanted = [one for one in known if everybody or one.person.casefold() == own]
        found = []
        for subscriber in wanted:
            reader = people.reader(subscriber.person)
            zone = reader.zone if reader else people.zone
            found += _told(reading, subscriber, zone)
        return found


def _told(reading: Reading, subscriber: Subscriber, zone: str) -> list[Subscribed]:
    due = min((owed.due_at for owed in reading.owed_advisories(subscriber.id)), default=None)
    return [
        Subscribed(subscriber.person, one, zone, None if one.frequency is Frequency.AT_ONCE else due)
        for one in subscriber.subscriptions
    ]


def _of(record: Record, reader: Reader) -> list[Subscribed]:
    known = record.writing.subscriber(reader.address)
    return _told(record.writing, known, reader.zone) if known else []


def _reader(record: Record, person: str | None) -> Reader:
    """Whose subscriptions they are: the actor's own, or another's where an admin asks."""
    actor = record.actor
    if person is not None and person.casefold() != actor.email.casefold():
        access.require(actor, Right.ADMINISTER)
    elif actor.side is Side.SYSTEM:
        raise NotPermitted("only people are told of advisories", hint="say who with --for EMAIL", rule="ADV-1")
    found = readers.readers(record).reader(person or actor.email)
    if found is None:
        hint = "`care contact list` and `care staff list` show who is"
        raise NotFound(f"{(person or '')[:60]!r} is not active here", hint=hint, rule="ADV-1")
    return found


def _services(record: Record, reader: Reader, names: Sequence[str]) -> Sequence[str | None]:
    """The services as accounts have them, None for all; to a contact those of others do not exist (DC-3)."""
    if not names:
        return (None,)
    accounts = record.writing.accounts() if reader.accounts is None else reader.accounts
    known = {s.name.casefold(): s.name for a in accounts for d in a.deployments for s in d.services}
    wrong = [name for name in names if name.strip().casefold() not in known]
    if wrong:
        there = ", ".join(sorted(known.values())[:8]) or "none yet"
        raise NotFound(f"there is no service {wrong[0][:60]!r}", hint=f"there are: {there}", rule="ADV-1")
    return tuple(dict.fromkeys(known[name.strip().casefold()] for name in names))


def _named(service: str | None, names: Sequence[str]) -> bool:
    return any(subscription.same(service, name.strip()) for name in names)


def _change(record: Record, reader: Reader, service: str | None, frequency: Frequency | None) -> None:
    """Make, change or end one subscription; what waited for a digest waits for the right one, or is told now."""
    before = readers.subscribed(record, reader.address)
    kept = before.without(service)
    added = (Subscription(service, frequency, record.now),) if frequency else ()
    after = before._replace(subscriptions=(*kept, *added))
    if _same(before, after):
        return
    change = _reckoned(record, reader, before, after)
    data = {
        "subscriber": after.id,
        "person": reader.address,
        "service": service,
        "frequency": frequency.value if frequency else None,
        "owed": [[one.place, iso(one.due_at)] for one in change.owed],
        "told": [[one.id, one.place] for one in change.told],
    }
    tell(record, Kind.SUBSCRIBED, data)
    if record.notices:
        to, key = readers.mailed(reader), record.reference_key
        told = [letters.announced(one, to, readers.office(record, reader, one.text), key) for one in change.told]
        record.writing.queue(told)


def _same(before: Subscriber, after: Subscriber) -> bool:
    had, has = (
        {((one.service or "").casefold(), one.frequency) for one in who.subscriptions} for who in (before, after)
    )
    return had == has


def _reckoned(record: Record, reader: Reader, before: Subscriber, after: Subscriber) -> _Change:
    waiting = {one.place: one for one in record.writing.owed_advisories(before.id)}
    policy = record.policy().advisories
    change = _Change([], [])
    for publication in record.writing.publications(waiting):
        frequency = after.frequency(publication.text)
        if frequency is Frequency.AT_ONCE:
            change.told.append(publication)
        elif frequency is not None:
            owed = waiting[publication.place]
            if frequency is not before.frequency(publication.text):
                owed = owed._replace(due_at=readers.due_at(frequency, record.now, reader, policy))
            change.owed.append(owed)
    return change
