"""Who is told of an advisory, at once or by a digest, and as whom each reads it (ADV-1, MNT-1, DC-3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk.desk import identified
from carecli.domain import advisory
from carecli.domain.advisory import AdvisoryKind, Draft
from carecli.domain.people import DESK_CALENDAR
from carecli.domain.subscription import Frequency, Slots, Subscriber
from carecli.errors import NotPermitted
from carecli.mail.outgoing import advisories as letters
from carecli.mail.outgoing.office import Office

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.desk.record import Record
    from carecli.domain.desk_settings import DeskSettings
    from carecli.domain.people import Account
    from carecli.domain.policy import AdvisoryPolicy
    from carecli.store.protocol import Reading


class Reader(NamedTuple):
    """Somebody who acts here: the accounts they act for, None for staff, and the zone of their clock."""

    address: str
    accounts: tuple[Account, ...] | None
    zone: str

    def reads(self, text: Draft) -> bool:
        """Whether a text is for them: staff read all (DC-3)."""
        return self.accounts is None or advisory.reaches(text, self.accounts)


class Telling(NamedTuple):
    """Whom a publication is told to at once, and when digests are due that tell the others."""

    at_once: tuple[Reader, ...]
    owed: dict[datetime, list[int]]


class Readers:
    """The people of a desk as readers; accounts are read once."""

    def __init__(self, reading: Reading, zone: str) -> None:
        self.reading = reading
        self.zone = zone
        self._accounts: dict[str, Account | None] = {}

    def reader(self, address: str) -> Reader | None:
        """The active contact or member of staff with this address, None for anybody else."""
        try:
            actor = identified(self.reading, address)
        except NotPermitted:
            return None
        if not actor.is_contact:
            return Reader(actor.email, None, self.zone) if actor.is_staff else None
        accounts = tuple(account for name in actor.accounts if (account := self._account(name)))
        return Reader(actor.email, accounts, self._zone(accounts[0]))

    def designated(self, text: Draft) -> Iterator[Reader]:
        """The Designated Contacts of the accounts that a text is for, and of their parents (MNT-1, ACC-5)."""
        for account in self.reading.accounts():
            if advisory.reaches(text, [account]):
                names = [account.name, *([account.parent] if account.parent else [])]
                for contact in (one for name in names for one in self.reading.contacts(name)):
                    own = self._account(contact.account)
                    if contact.designated and own and own.active:
                        yield Reader(contact.email, (account,), self._zone(own))

    def _account(self, name: str) -> Account | None:
        if name not in self._accounts:
            self._accounts[name] = self.reading.account(name)
        return self._accounts[name]

    def _zone(self, account: Account) -> str:
        return account.calendar.timezone or self.zone


def readers(record: Record) -> Readers:
    """The people of the desk as readers."""
    return Readers(record.writing, desk_zone(record.settings))


def desk_zone(settings: DeskSettings) -> str:
    """The zone of the desk's own clock."""
    return settings.calendar.over(DESK_CALENDAR).timezone or "UTC"


def telling(record: Record, text: Draft) -> Telling:
    """Who is told of a text that is published now: subscribers, and of maintenance all whom it concerns.

    Whoever publishes it knows, and is told nothing.
    """
    people = readers(record)
    policy = record.policy().advisories
    at_once = {one.address.casefold(): one for one in _concerned(people, text)}
    owed: dict[datetime, list[int]] = {}
    slots: dict[tuple[str, Frequency], datetime] = {}
    for subscriber in record.writing.subscribers():
        reader = people.reader(subscriber.person)
        frequency = subscriber.frequency(text)
        if reader is None or frequency is None or not reader.reads(text) or reader.address.casefold() in at_once:
            continue
        if frequency is Frequency.AT_ONCE:
            at_once[reader.address.casefold()] = reader
        else:
            slot = (reader.zone, frequency)
            if slot not in slots:
                slots[slot] = due_at(frequency, record.now, reader, policy)
            owed.setdefault(slots[slot], []).append(subscriber.id)
    at_once.pop(record.actor.email.casefold(), None)
    return Telling(tuple(at_once[address] for address in sorted(at_once)), dict(sorted(owed.items())))


def _concerned(people: Readers, text: Draft) -> Iterable[Reader]:
    return people.designated(text) if text.kind is AdvisoryKind.MAINTENANCE else ()


def due_at(frequency: Frequency, after: datetime, reader: Reader, policy: AdvisoryPolicy) -> datetime:
    """When the next digest of a reader is due, by the reader's own clock."""
    return Slots(policy.digest_time, policy.weekly_on, reader.zone).next(frequency, after)


def subscribed(record: Record, address: str) -> Subscriber:
    """Somebody with what they are subscribed to; with a new id where that is nothing yet."""
    known = record.writing.subscriber(address)
    return known or Subscriber(record.writing.next_subscriber(), address, ())


def office(record: Record, reader: Reader, text: Draft | None = None) -> Office:
    """Whose mails they are, with the number that a reader calls about a text, or about anything (WHERE-1)."""
    policy = record.policy()
    return Office(
        record.config.mail_from, desk_zone(record.settings), _phone(record, reader, text), len(policy.stages)
    )


def _phone(record: Record, reader: Reader, text: Draft | None) -> str:
    """The number for the services that a text names and the account has that it reaches; the desk's for staff."""
    reached = (one for one in reader.accounts or () if text and advisory.reaches(text, [one]))
    account = next(reached, None) or (reader.accounts[0] if reader.accounts else None)
    own = {s.name.casefold() for d in account.deployments for s in d.services} if account else set()
    named = [name for name in (text.services if text else ()) if name.casefold() in own]
    return record.phones.about(account, *named)


def mailed(reader: Reader, *, subscribed: bool = True) -> letters.Reader:
    """A reader as mail knows them."""
    return letters.Reader(reader.address, reader.zone, subscribed)
