"""The cases of another `care` told again at a desk with a history of its own, by its rules and numbers (IMP-1).

What people did stays as it was and when it was; what time made of it by the other desk's rules (warnings,
breaches, missed deadlines) is made anew by this one's. Cases that are tied to one another are kept in one
transaction, so that each tie finds its other end and a tick never meets half a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from carecli.desk.directory import keep_staff
from carecli.desk.importing.own.count import Count, LeftOut, report
from carecli.desk.importing.own.index import Index
from carecli.desk.importing.own.log import Entry
from carecli.desk.importing.own.tale import Tale, adapted, begun, finished, reference, resumed
from carecli.desk.record import Change, Record
from carecli.desk.told_desk import UNREADABLE
from carecli.domain import access
from carecli.domain.events import Event, Kind
from carecli.domain.import_report import ImportReport
from carecli.domain.instants import iso
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.vocabulary import Role
from carecli.errors import CareError, Refused
from carecli.store.codec import canonical
from carecli.store.trouble import UNSTORABLE

if TYPE_CHECKING:
    from carecli.desk.desk import Desk

BATCH = 1000
"""About how many events one transaction takes in; cases that are tied to one another may make it more."""

Progress = Callable[[int], None]

T = TypeVar("T")


class _CannotBe(Exception):
    """A case that cannot be told here; its transaction is begun again without it."""

    def __init__(self, number: int, refused: LeftOut) -> None:
        super().__init__(refused.why)
        self.number = number
        self.refused = refused


def replay_log(
    desk: Desk, file: BinaryIO, *, sla: str, dry_run: bool, copies: bool, progress: Progress
) -> ImportReport:
    """Tell the cases of a log again; a case that was brought in before gets what is new of it.

    Nothing is kept before the whole log is read and found whole; raises Invalid and Refused, which name the line.
    The cases of a log that is this desk's own are there already: without `copies` it is refused.
    """
    access.require(desk.actor, access.Right.ADMINISTER)
    index, refused = Index(file), {}  # type: Index, dict[int, LeftOut]
    if not copies:
        _require_elsewhere(desk, index)
    if dry_run:
        count = _tried(partial(_trial, desk, index, sla), refused)
        progress(index.events)
    else:
        count = Count()
        with desk.record(notices=False) as record:
            _people(record, index, count)
        for batch in _batches(index):
            count.add(_tried(partial(_kept, desk, index, sla, batch), refused))
            progress(count.lines)
    return report(count, refused, dry_run=dry_run)


def _require_elsewhere(desk: Desk, index: Index) -> None:
    """Raise Refused for a log that begins as this desk's own does, up to the first case or further."""
    if index.first is None:
        return
    place, digest = index.first
    with desk.reading() as reading:
        own = reading.digests([place]).get(place) == digest
    if own:
        raise Refused(
            "this is a log of this very desk: its cases are here already",
            hint="--copies brings them in once more, as new cases",
            rule="IMP-1",
        )


def _tried(attempt: Callable[[dict[int, LeftOut]], Count], refused: dict[int, LeftOut]) -> Count:
    """What a transaction brings in, once all that cannot be told is left out of it."""
    while True:
        try:
            return attempt(refused)
        except _CannotBe as found:
            refused[found.number] = found.refused


def _trial(desk: Desk, index: Index, sla: str, left: dict[int, LeftOut]) -> Count:
    count = Count()
    with desk.trial(notices=False) as record:
        _people(record, index, count)
        for batch in _batches(index):
            _take_in(record, index, batch, sla, left, count)
    return count


def _kept(desk: Desk, index: Index, sla: str, batch: Sequence[int], left: dict[int, LeftOut]) -> Count:
    count = Count()
    with desk.record(notices=False) as record:
        _take_in(record, index, batch, sla, left, count)
    return count


def _batches(index: Index) -> Iterator[list[int]]:
    """Cases by the transaction, none apart from those that it is tied to."""
    batch: list[int] = []
    size = 0
    for group in index.groups():
        batch += group
        size += sum(map(index.size, group))
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _people(record: Record, index: Index, count: Count) -> None:
    """Accounts, contacts and staff that are not known here; staff of another desk come as agents.

    Nobody's SSH keys come along: a file lets nobody in (DC-3).
    """
    for account in _read(index.people["accounts"], Account.from_document):
        if record.writing.account(account.name) is None:
            record.writing.put_account(account)
            record.desk_event(Kind.ACCOUNT_ADDED, account.document())
            count.accounts += 1
    for contact in _read(index.people["contacts"], Contact.from_document):
        if not _somebody(record, contact.email) and record.writing.account(contact.account):
            keyless = contact._replace(ssh_keys=())
            record.writing.put_contact(keyless)
            record.desk_event(Kind.CONTACT_ADDED, keyless.document())
            count.contacts += 1
    for member in _read(index.people["staff"], Staff.from_document):
        if not _somebody(record, member.email):
            keep_staff(record, member._replace(role=Role.AGENT, ssh_keys=()), Kind.STAFF_ADDED)
            count.staff += 1


def _read(documents: Mapping[str, Mapping[str, Any]], reader: Callable[[Mapping[str, Any]], T]) -> Iterator[T]:
    """Who can be read; whoever cannot is nobody, and the cases of such an account are left out."""
    for document in documents.values():
        try:
            one = reader(document)
            canonical(document).encode()
        except UNREADABLE:
            continue
        yield one


def _somebody(record: Record, email: str) -> bool:
    """Whether an address is anybody's here already."""
    return bool(record.writing.contact(email) or record.writing.staff_member(email))


def _take_in(
    record: Record, index: Index, batch: Iterable[int], sla: str, left: dict[int, LeftOut], count: Count
) -> None:
    told = {number: index.entries(number) for number in sorted(batch)}
    count.lines += sum(map(len, told.values()))
    numbers: dict[int, int] = {}
    known: set[int] = set()
    for number, entries in told.items():
        here = record.writing.external(reference(entries[0]))
        if here is not None:
            numbers[number] = here
            known.add(number)
        elif number not in left and not _misplaced(record, number, entries[0], left):
            numbers[number] = record.writing.next_number()
            record.writing.remember_external(reference(entries[0]), numbers[number])
    for number, entries in told.items():
        if number in numbers and number not in left:
            try:
                _take_in_one(record, entries, numbers, sla, count, known=number in known)
            except (*UNREADABLE, *UNSTORABLE) as error:
                raise _CannotBe(number, LeftOut(entries[0].line, _reason(number, error))) from error


def _misplaced(record: Record, number: int, opening: Entry, left: dict[int, LeftOut]) -> bool:
    """Leave out a case whose customer is somebody else here (DC-3), or has no account any more."""
    data = opening.event.data
    try:
        if opening.event.kind is not Kind.OPENED:
            raise ValueError("its history does not begin with an opening")
        account = record.writing.account(data["account"])
        contact = record.writing.contact(data["contact"])
        if account is None or not account.active:
            raise ValueError(f"{data['account']} is no active account here")
        if contact is None or contact.account.casefold() != account.name.casefold():
            raise ValueError(f"{data['contact']} is no contact of {account.name} here")
    except UNREADABLE as error:
        left[number] = LeftOut(opening.line, _reason(number, error))
    return number in left


def _reason(number: int, error: Exception) -> str:
    told = error.message if isinstance(error, CareError | ValueError) and hasattr(error, "message") else str(error)
    named = told if isinstance(error, CareError | ValueError) else f"{type(error).__name__} {told}"
    return f"case {number:010d}: {named[:200]}"


def _take_in_one(
    record: Record, entries: Sequence[Entry], numbers: dict[int, int], sla: str, count: Count, *, known: bool
) -> None:
    if known:
        tale, new = resumed(record, numbers[entries[0].number or 0], entries)
        count.known += 1
    else:
        tale, new = begun(record, entries[0], numbers, sla), [*entries[1:]]
        count.cases += 1
    _require_past(new, record.now)
    for entry in new:
        event = adapted(entry, tale, numbers, sla)
        if event is not None:
            tale.add(entry, _in_order(tale, entry, event, count))
    count.saw(*(entry.event.at for entry in entries))
    if tale.events:
        count.grown += known
        finished(tale, record.now, "opened" if known else sla)
        record.keep_all([Change(tale.case, tale.events, tale.rules)])
    count.events += len(tale.events)
    count.breaches += sum(event.kind is Kind.CLOCK_BREACHED for event in tale.events)


def _require_past(entries: Iterable[Entry], now: datetime) -> None:
    """Raise ValueError for what has not happened yet by this desk's clock."""
    ahead = next((entry for entry in entries if entry.event.at > now), None)
    if ahead:
        raise ValueError(f"line {ahead.line:,} tells of {iso(ahead.event.at)}, which lies in the future")


def _in_order(tale: Tale, entry: Entry, event: Event, count: Count) -> Event:
    """The event, not before what this desk has recorded of the case since it was brought in."""
    if tale.latest is None or event.at >= tale.latest:
        return event
    count.shifted.append(entry.line)
    return event._replace(at=tale.latest)
