"""The record held against itself: everything derived made anew from the events, and compared (AUD-1)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from carecli.desk import sealing
from carecli.desk.attachments import upkeep
from carecli.desk.indexing import texts
from carecli.desk.told_desk import UNREADABLE, reason, told_by
from carecli.domain import access
from carecli.domain.access import Right
from carecli.domain.attachment import files
from carecli.domain.deadlines import timers
from carecli.domain.events import Event, Kind, Recorded
from carecli.domain.external import references
from carecli.domain.folding import replay
from carecli.domain.numbers import written
from carecli.domain.seal import Proved, Seal
from carecli.domain.verify import Break, Difference, Part, VerifyReport
from carecli.errors import DatabaseUnusable, NotFound
from carecli.store.trouble import UNSTORABLE

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.rulebook import Rulebook
    from carecli.store.protocol import Reading
    from carecli.store.protocol_checking import Checking

IMPORTED = "imported_revision"
"""What marks an event that another desk recorded first, with its place there (IMP-1)."""

References = dict[str, tuple[int, int]]
"""Other desks' references, each with the place of the opening that tells it and its case's number."""

OnCase = Callable[[int], None]
"""Hears, after each case, how many were looked at by now."""


def verify(
    desk: Desk, number: int | None = None, *, against: Sequence[Seal] = (), on_case: OnCase = lambda _: None
) -> VerifyReport:
    """Hold the record, or one case, against its events, and its log against seals of before.

    Raises NotFound for a case that nothing tells of.
    """
    access.require(desk.actor, Right.VERIFY)
    found: list[Difference] = []
    proofs: tuple[Proved, ...] = ()
    seal: Seal | None = None
    looked = events = 0
    try:
        with desk.machinery() as reading, reading.checking() as checking:
            if number is None:
                looked, events, _ = checking.census()
                found.extend(every_difference(reading, checking, desk.rulebook, on_case))
                broken = first_break(found)
                seal = sealing.seal(reading) if broken is None else None
                proofs = tuple(sealing.held(reading, against, broken))
            else:
                looked, events = 1, _known(reading.seeing(desk.actor.sight), number)
                adopted = _adopted(reading).position
                found.extend(_case(reading, checking, desk.rulebook, number, adopted, {}))
        # Behind the view of the record: reading gigabytes must keep no old state of it alive.
        found.extend(upkeep.differences(desk, number))
    except DatabaseUnusable as error:
        # Half a verdict is better than none where the file itself is damaged.
        if not found:
            raise
        found.append(Difference(None, Part.DATABASE, f"{error.message}; what lies behind was not looked at"))
    return VerifyReport(looked, events, tuple(found), seal, proofs)


def first_break(found: Iterable[Difference]) -> int | None:
    """The first event that does not follow from those before it, None where all do."""
    kinds = {kind.value for kind in Break}
    return min((one.event for one in found if one.event is not None and one.name in kinds), default=None)


def cases(desk: Desk) -> int:
    """How many cases there are to look at."""
    access.require(desk.actor, Right.VERIFY)
    with desk.reading() as reading:
        return reading.case_count()


def differences(reading: Reading, rulebook: Rulebook, on_case: OnCase = lambda _: None) -> Iterator[Difference]:
    """Each thing that is stored otherwise than the events say, as it is found; nothing when all is well."""
    with reading.checking() as checking:
        yield from every_difference(reading, checking, rulebook, on_case)


def quick_differences(reading: Reading, rulebook: Rulebook) -> Generator[Difference | None]:
    """What differs, what is soonest looked at first, and None now and then, so that one may stop waiting."""
    with reading.checking() as checking:
        adopted = _adopted(reading).position
        yield from _desk(reading, checking, adopted)
        for number in checking.numbers():
            yield from _case(reading, checking, rulebook, number, adopted, {})
            yield None
    yield from differences(reading, rulebook)


def _known(reading: Reading, number: int) -> int:
    """How many events tell of a case; raises NotFound where neither an event nor a row does."""
    try:
        count = len(reading.history(number))
    except UNREADABLE:
        return 0
    if not count and reading.state(number) is None:
        raise NotFound(f"there is no case {written(number)}", hint="`care verify` looks at all of them")
    return count


def every_difference(
    reading: Reading, checking: Checking, rulebook: Rulebook, on_case: OnCase
) -> Iterator[Difference]:
    """Each thing that differs by a look of this kind, which may put it right as it goes."""
    yield from checking.engine()
    yield from checking.log()
    adopted = _adopted(reading)
    yield from _origin(reading, adopted)
    yield from _desk(reading, checking, adopted.position)
    known: References = {}
    texts_differ = False
    for done, number in enumerate(checking.numbers(), start=1):
        for one in _case(reading, checking, rulebook, number, adopted.position, known):
            texts_differ = texts_differ or one.part in {Part.SEARCH, Part.EVENT} or one.name is None
            yield one
        on_case(done)
    # Where a text differs its words do, too; where a case could not be made anew nobody knows what they should be.
    if not texts_differ:
        yield from checking.words()
    yield from checking.externals({reference: number for reference, (_, number) in known.items()})
    yield from checking.mail()
    yield from checking.alerts()
    yield from checking.components()
    yield from checking.counts()


class _Origin(NamedTuple):
    """Up to which place, and with which digest there, the log came from another desk; None: it cannot be read."""

    position: int = 0
    digest: str | None = ""


def _adopted(reading: Reading) -> _Origin:
    try:
        return _Origin(*reading.adopted_log())
    except UNREADABLE:
        return _Origin(digest=None)


def _origin(reading: Reading, adopted: _Origin) -> Iterator[Difference]:
    """Whether as much of the log came from another desk as is said: its mails went out there (IMP-1)."""
    if adopted.digest is None:
        what = "how much of the log came from another desk cannot be read"
        yield Difference(None, Part.SETTINGS, what, "adopted")
    elif adopted.position and reading.digests([adopted.position]).get(adopted.position) != adopted.digest:
        what = f"event {adopted.position} is not the last of the log that came from another desk"
        yield Difference(None, Part.SETTINGS, what, "adopted")


def _case(
    reading: Reading, checking: Checking, rulebook: Rulebook, number: int, adopted: int, known: References
) -> Iterator[Difference]:
    """What differs of one case: its history in itself, then everything that is derived from it."""
    try:
        history = reading.history(number)
    except UNREADABLE as error:
        yield Difference(number, Part.EVENT, f"its events cannot be read: {reason(error)}")
        return
    if not history:
        yield from checking.untold(number)
        return
    try:
        yield from _history(number, history)
        events = [entry.event for entry in history]
        told = replay(events, rulebook.finding(reading))
        stages = [_stage(entry.event) for entry in history if _mailed_here(entry, adopted)]
        yield from checking.case(told, list(timers(told)), texts(told, events), stages, files(history))
        for reference in references(history[0].event):
            # Two cases may tell the same; it is that of the first.
            known[reference] = min(
                known.get(reference, (history[0].position, number)), (history[0].position, number)
            )
    except (*UNREADABLE, *UNSTORABLE) as error:
        yield Difference(number, Part.EVENT, f"its events do not add up: {reason(error)}")


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


def _desk(reading: Reading, checking: Checking, adopted: int) -> Iterator[Difference]:
    told = told_by(checking, adopted)
    yield from told.faults
    yield from checking.people(told.accounts.values(), told.contacts.values(), told.staff.values())
    yield from checking.pins(told.pins)
    yield from checking.settings(told.settings[-1] if told.settings else None)
    yield from checking.documents(told.documents)
    yield from checking.articles(told.articles)
    yield from checking.advisories(told.advisories)
    yield from _last_tick(reading)


def _last_tick(reading: Reading) -> Iterator[Difference]:
    try:
        last = reading.last_tick()
    except UNREADABLE as error:
        yield Difference(None, Part.LAST_TICK, f"the last tick cannot be read: {reason(error)}")
        return
    if last and last.position > reading.log_length():
        what = f"the last tick saw {last.position} events, the log has {reading.log_length()}"
        yield Difference(None, Part.LAST_TICK, what)
