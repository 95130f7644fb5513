"""The record held against itself: everything derived made anew from the events, and compared (AUD-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from carecli.desk.attachments import upkeep
from carecli.desk.indexing import texts
from carecli.domain import access, advisory, knowledge
from carecli.domain.access import Right
from carecli.domain.attachment import files
from carecli.domain.deadlines import timers
from carecli.domain.desk_settings import DeskSettings
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.folding import replay
from carecli.domain.numbers import written
from carecli.domain.people import Account, Contact, Staff
from carecli.domain.verify import Difference, Part, VerifyReport
from carecli.errors import CareError, DatabaseUnusable, NotFound

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.rulebook import Rulebook
    from carecli.store.protocol import Checking, Reading

UNREADABLE = (CareError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What reading damaged JSON, words or times ends in: all of it is a finding here, none a fault of ours."""

IMPORTED = "imported_revision"
"""What marks an event that another desk recorded first, with its place there (IMP-1)."""

OnCase = Callable[[int], None]
"""Hears, after each case, how many were looked at by now."""

T = TypeVar("T")


def verify(desk: Desk, number: int | None = None, *, on_case: OnCase = lambda _: None) -> VerifyReport:
    """Hold the record, or one case, against its events; raises NotFound for a case that nothing tells of."""
    access.require(desk.actor, Right.VERIFY)
    found: list[Difference] = []
    looked = events = 0
    try:
        with desk.machinery() as reading, reading.checking() as checking:
            if number is None:
                looked, events, _ = checking.census()
                found.extend(_all(reading, checking, desk.rulebook, on_case))
            else:
                looked, events = 1, _known(reading.seeing(desk.actor.sight), number)
                found.extend(_case(reading, checking, desk.rulebook, number))
        # Behind the view of the record: reading gigabytes must keep no old state of it alive.
        found.extend(upkeep.differences(desk, number))
    except DatabaseUnusable as error:
        # Half a verdict is better than none where the file itself is damaged.
        if not found:
            raise
        found.append(Difference(None, Part.DATABASE, f"{error.message}; what lies behind was not looked at"))
    return VerifyReport(looked, events, tuple(found))


def cases(desk: Desk) -> int:
    """How many cases there are to look at."""
    access.require(desk.actor, Right.VERIFY)
    with desk.reading() as reading:
        return reading.case_count()


def differences(reading: Reading, rulebook: Rulebook, on_case: OnCase = lambda _: None) -> Iterator[Difference]:
    """Each thing that is stored otherwise than the events say, as it is found; nothing when all is well."""
    with reading.checking() as checking:
        yield from _all(reading, checking, rulebook, on_case)


def _known(reading: Reading, number: int) -> int:
    """How many events tell of a case; raises NotFound where neither an event nor a row does."""
    try:
        count = len(reading.history(number))
    except UNREADABLE:
        return 0
    if not count and reading.state(number) is None:
        raise NotFound(f"there is no case {written(number)}", hint="`care verify` looks at all of them")
    return count


def _all(reading: Reading, checking: Checking, rulebook: Rulebook, on_case: OnCase) -> Iterator[Difference]:
    yield from checking.engine()
    yield from checking.log()
    yield from _desk(reading, checking)
    for done, number in enumerate(checking.numbers(), start=1):
        yield from _case(reading, checking, rulebook, number)
        on_case(done)
    yield from checking.mail()
    yield from checking.alerts()
    yield from checking.components()
    yield from checking.counts()


def _case(reading: Reading, checking: Checking, rulebook: Rulebook, number: int) -> Iterator[Difference]:
    """What differs of one case: its history in itself, then everything that is derived from it."""
    try:
        history = reading.history(number)
    except UNREADABLE as error:
        yield Difference(number, Part.EVENT, f"its events cannot be read: {_reason(error)}")
        return
    if not history:
        yield Difference(number, Part.CASE, "something is stored of it, and no event tells of it")
        return
    try:
        yield from _history(number, history)
        events = [entry.event for entry in history]
        told = replay(events, rulebook.finding(reading))
        adopted = reading.adopted()
        stages = [_stage(entry.event) for entry in history if _mailed_here(entry, adopted)]
        yield from checking.case(told, list(timers(told)), texts(told, events), stages, files(history))
    except UNREADABLE as error:
        yield Difference(number, Part.EVENT, f"its events do not add up: {_reason(error)}")


def _history(number: int, history: Sequence[Recorded]) -> Iterator[Difference]:
    """Whether a history is whole: an opening, then event after event, each behind the one before."""
    opening = history[0]
    if opening.event.kind is not Kind.OPENED:
        yield Difference(number, Part.EVENT, "its history does not begin with an opening", event=opening.position)
    elif opening.event.data.get("number") != number:
        told = f"its opening is that of case {opening.event.data.get('number')}"
        yield Difference(number, Part.EVENT, told, event=opening.position)
    for place, entry in enumerate(history, start=1):
        if entry.seq != place:
            told = f"event {place} of the case is missing: {entry.seq} follows"
            yield Difference(number, Part.EVENT, told, str(place), entry.position)
            return
    if any(later.position <= earlier.position for earlier, later in pairwise(history)):
        yield Difference(number, Part.EVENT, "its events stand in another order than in the log")


def _mailed_here(entry: Recorded, adopted: int) -> bool:
    """Whether a follow-up went out from this desk, and not from one whose log or cases were brought in (IMP-1)."""
    sent = entry.event.kind is Kind.FOLLOW_UP_SENT
    return sent and entry.position > adopted and IMPORTED not in entry.event.data


def _stage(event: Event) -> tuple[int, int]:
    return event.data["round"], event.data["stage"]


class _Told(NamedTuple):
    """What the events of the desk itself add up to, by what each thing is stored under."""

    accounts: dict[str, Account]
    contacts: dict[str, Contact]
    staff: dict[str, Staff]
    documents: dict[str, str]
    settings: list[DeskSettings]
    articles: list[Recorded]
    advisories: list[Recorded]


def _desk(reading: Reading, checking: Checking) -> Iterator[Difference]:
    told = _Told({}, {}, {}, {}, [], [], [])
    for entry in _readable(checking.desk_history()):
        try:
            _take_in(told, entry)
        except UNREADABLE as error:
            what = f"what it tells of the desk cannot be read: {_reason(error)}"
            yield Difference(None, Part.EVENT, what, event=entry.position)
    yield from checking.people(told.accounts.values(), told.contacts.values(), told.staff.values())
    yield from checking.settings(told.settings[-1] if told.settings else None)
    yield from checking.documents(told.documents)
    yield from checking.articles(told.articles)
    yield from checking.advisories(told.advisories)
    yield from _last_tick(reading)


def _take_in(told: _Told, entry: Recorded) -> None:
    event, data = entry.event, entry.event.data
    if event.kind in {Kind.ACCOUNT_ADDED, Kind.ACCOUNT_CHANGED}:
        told.accounts[data["name"].casefold()] = Account.from_document(data)
    elif event.kind in {Kind.CONTACT_ADDED, Kind.CONTACT_CHANGED}:
        told.contacts[data["email"].casefold()] = Contact.from_document(data)
    elif event.kind in {Kind.STAFF_ADDED, Kind.STAFF_CHANGED}:
        told.staff[data["email"].casefold()] = Staff.from_document(data)
    elif event.kind is Kind.DOCUMENT_ADDED:
        told.documents[data["digest"]] = data["kind"]
    elif event.kind is Kind.DESK_SET_UP:
        told.settings.append(DeskSettings.from_document(data))
    elif advisory.concerned(event):
        told.advisories.append(entry)
    elif event.kind in knowledge.TOLD:
        told.articles.append(entry)


def _last_tick(reading: Reading) -> Iterator[Difference]:
    try:
        last = reading.last_tick()
    except UNREADABLE as error:
        yield Difference(None, Part.LAST_TICK, f"the last tick cannot be read: {_reason(error)}")
        return
    if last and last.position > reading.log_length():
        what = f"the last tick saw {last.position} events, the log has {reading.log_length()}"
        yield Difference(None, Part.LAST_TICK, what)


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


def _reason(error: Exception) -> str:
    return error.message if isinstance(error, CareError) else f"{type(error).__name__}: {error}"
