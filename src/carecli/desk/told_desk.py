"""What the events of the desk itself add up to: people, settings, policies, calendars (AUD-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from carecli.domain import advisory, knowledge
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Kind, Recorded
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.verify import Difference, Kept, Part
from carecli.errors import CareError

if TYPE_CHECKING:
    from carecli.store.protocol_checking import Checking

UNREADABLE = (
    *(CareError, ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError),
    *(TypeError, ValueError),
)
"""What reading damaged JSON, words or times ends in: all of it is a finding here, none a fault of ours."""

T = TypeVar("T")


class Told(NamedTuple):
    """What the events of the desk itself add up to, by what each thing is stored under."""

    accounts: dict[str, Account]
    contacts: dict[str, Contact]
    staff: dict[str, Staff]
    documents: dict[str, Kept]
    settings: list[DeskSettings]
    articles: list[Recorded]
    advisories: list[Recorded]
    pins: dict[str, str | None]
    faults: list[Difference]


def told_by(checking: Checking, adopted: int = 0) -> Told:
    """What the events of the desk itself add up to, as far as they can be read."""
    told = Told({}, {}, {}, {}, [], [], [], {}, [])
    for entry in _readable(checking.desk_history()):
        try:
            _take_in(told, entry)
            if entry.event.kind is Kind.PIN_SET:
                mark = entry.event.data["fingerprint"]
                # A log that was adopted brought nobody's PIN along (IMP-1).
                told.pins[entry.event.data["email"].casefold()] = mark if entry.position > adopted else None
        except UNREADABLE as error:
            what = f"what it tells of the desk cannot be read: {reason(error)}"
            told.faults.append(Difference(None, Part.EVENT, what, event=entry.position))
    return told


def _take_in(told: Told, entry: Recorded) -> None:
    event, data = entry.event, entry.event.data
    if event.kind in {Kind.ACCOUNT_ADDED, Kind.ACCOUNT_CHANGED}:
        told.accounts[data["name"].casefold()] = Account.from_document(data)
    elif event.kind in {Kind.CONTACT_ADDED, Kind.CONTACT_CHANGED}:
        told.contacts[data["email"].casefold()] = Contact.from_document(data)
    elif event.kind in {Kind.STAFF_ADDED, Kind.STAFF_CHANGED}:
        told.staff[data["email"].casefold()] = Staff.from_document(data)
    elif event.kind is Kind.DOCUMENT_ADDED:
        told.documents[data["digest"]] = data["kind"], data["document"]
    elif event.kind is Kind.DESK_SET_UP:
        told.settings.append(DeskSettings.from_document(data))
    elif advisory.concerned(event):
        told.advisories.append(entry)
    elif event.kind in knowledge.TOLD:
        told.articles.append(entry)


def _readable(entries: Iterable[T]) -> Iterator[T]:
    """The entries that can be read; one that cannot is no link of the chain either, and told there."""
    each = iter(entries)
    while True:
        try:
            yield next(each)
        except StopIteration:
            return
        except UNREADABLE:
            continue


def reason(error: Exception) -> str:
    """Why something could not be read, in words."""
    return error.message if isinstance(error, CareError) else f"{type(error).__name__}: {error}"
