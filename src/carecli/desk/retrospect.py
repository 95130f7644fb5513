"""The desk as it stood at an earlier instant, folded again from its events (TICK-3).

What had happened by then is what the events' own times say: a breach that a late tick recorded stands from its due
time on, and a case brought in from another desk from its opening there. Who may see what goes by today's rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carecli.desk import reading as looking
from carecli.desk import telling
from carecli.desk.desk import Desk
from carecli.desk.record import Change, Record
from carecli.domain import access, attachment
from carecli.domain.access import Right
from carecli.domain.calendar import find_zone
from carecli.domain.finding import Filter, Query, Scope
from carecli.domain.folding import replay
from carecli.domain.instants import instant, iso
from carecli.domain.numbers import written
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import Via
from carecli.errors import Invalid, NotFound
from carecli.store.entries import LastTick

if TYPE_CHECKING:
    from carecli.domain.events import Event, Recorded
    from carecli.store.protocol import Reading, Store, Writing


def past(desk: Desk, at: datetime) -> datetime:
    """The instant, if it is not still to come; raises Invalid, which tells it in the viewer's zone."""
    if at > desk.now:
        local = at.astimezone(find_zone(desk.zone))
        raise Invalid(
            f"{local:%Y-%m-%d %H:%M:%S %Z} is still to come: --at looks back",
            hint="`care forecast` tells what is ahead, --now moves the present",
            rule="TICK-3",
        )
    desk.require_whole("what happened inside, by which the past is told,", staff=True)
    return at


def require_opened(state: Mapping[str, Any], at: datetime) -> None:
    """Raise NotFound where a case that the actor may see was opened later."""
    if instant(state["opened_at"]) > at:
        raise NotFound(
            f"case {written(state['number'])} was not there at {iso(at)}",
            hint=f"it was opened at {state['opened_at']}",
            rule="TICK-3",
        )


def show(desk: Desk, number: int, at: datetime) -> CaseView:
    """One case as it stood, with the updates that it had; raises NotFound, or Invalid for the future (DC-3)."""
    then = desk.at(past(desk, at))
    with then.reading() as reading:
        row = looking.seen(then, reading, number)
        require_opened(row.state, at)
        history = reading.history(number)
        case = replay((entry.event for entry in history if entry.event.at <= at), then.rulebook.finding(reading))
        talk = [
            entry
            for entry in telling.visible(then, reading, history)
            if entry.event.kind in looking.TALK and entry.event.at <= at
        ]
        files = attachment.files(entry for entry in history if entry.event.at <= at)
        view = looking.view(then, reading, case)
        return view._replace(updates=tuple(reversed(talk)), attachments=looking.shown_files(then, files))


@contextmanager
def whole(desk: Desk, at: datetime, progress: Callable[[int], None] = lambda _: None) -> Iterator[Desk]:
    """The whole desk as it stood, on a record that is forgotten afterwards; raises Invalid, NotPermitted.

    People, settings and documents are those of today; `progress` hears how many cases are folded.
    """
    access.require(desk.actor, Right.READ_CASES)
    # Imported here: a look at one case needs no record of its own.
    from carecli.store.sqlite.store import open_store

    then = desk.at(past(desk, at))
    store: Store = open_store(":memory:")
    try:
        _copy(then, store, progress)
        yield then._replace(store=store)
    finally:
        store.close()


def _copy(then: Desk, store: Store, progress: Callable[[int], None]) -> None:
    with then.reading() as reading, store.write() as writing:
        _copy_documents(reading, writing)
        for member in reading.staff():  # a report tells by them who ended a customer's waiting
            writing.put_staff(member)
        record = Record(then.config, then.settings, then.actor, then.now, then.rulebook, writing, notices=False)
        last = reading.last_tick()
        known = last if last and last.at <= then.now else None
        later: list[Change] = []
        ticked_at = known.at if known else None
        for done, history in enumerate(_histories(then, reading), 1):
            reported, since = _parts(history, record, known.position if known else history[-1].position)
            record.keep_all(reported)
            later += since
            # Ticks are no events: before the last one, what they did tells of them.
            ticked_at = known.at if known else _latest(history, ticked_at)
            progress(done)
        if ticked_at:
            writing.put_last_tick(LastTick(ticked_at, writing.log_length()))
        record.keep_all(later)


def _copy_documents(reading: Reading, writing: Writing) -> None:
    for kind in ("policy", "calendar"):
        for digest in reading.documents(kind):
            writing.put_document(kind, reading.document(digest))


def _histories(then: Desk, reading: Reading) -> Iterator[list[Recorded]]:
    """What had happened by then to each case that was there and that the actor may see (DC-3)."""
    for number in _numbers(then, reading):
        history = [entry for entry in reading.history(number) if entry.event.at <= then.now]
        if history:
            yield history


def _numbers(then: Desk, reading: Reading) -> Iterable[int]:
    if not then.actor.is_contact:
        return sorted(reading.told_cases())
    own = Query(Scope(), Filter(closed=True), limit=None)
    return sorted(state["number"] for state in reading.find(own).states)


def _parts(history: Sequence[Recorded], record: Record, reported: int) -> tuple[list[Change], list[Change]]:
    """A case as the last tick of then reported it, and what came to it since; `reported` is a place in the log."""
    told = [entry.event for entry in history if entry.position <= reported]
    since = [entry.event for entry in history if entry.position > reported]
    reported_then = [_changed(record, told, told)] if told else []
    return reported_then, [_changed(record, [*told, *since], since)] if since else []


def _changed(record: Record, history: Iterable[Event], events: Sequence[Event]) -> Change:
    case = replay(history, record.rulebook.finding(record.writing))
    return Change(case, events, record.rules(case))


def _latest(history: Iterable[Recorded], so_far: datetime | None) -> datetime | None:
    fired = [entry.event.at for entry in history if entry.event.via is Via.TICK]
    return max([*fired, *([so_far] if so_far else [])], default=None)
