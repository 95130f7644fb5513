"""Proving the clocks of a case from its events, as the actor may see them (TICK-3, DC-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.desk import retrospect, telling
from carecli.desk.reading import seen
from carecli.domain.ledger import Explanation, Pinned, ledger
from carecli.domain.ledger_causes import Numbered, stories

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.domain.ledger_deadlines import DeadlineLedger
    from carecli.domain.vocabulary import Metric
    from carecli.store.protocol import Reading


def explain(desk: Desk, number: int, *, metric: Metric | None = None, at: datetime | None = None) -> Explanation:
    """The proof of each clock now, or as it stood `at` an instant; raises NotFound, Invalid for the future."""
    moment = desk.now if at is None else retrospect.past(desk, at)
    with desk.reading() as reading:
        row = seen(desk, reading, number)
        digests = row.state["policy"], row.state["calendar"]
        pinned = Pinned(desk.rulebook.rules(reading, *digests), desk.rulebook.calendar(reading, digests[1]))
        told = list(_told(desk, reading, number))
    if at is not None:
        retrospect.require_opened(row.state, moment)
        told = [entry for entry in told if entry.event.at <= moment]
    case, known = stories(told, pinned.rules)
    wanted = [story for story in known if metric in {None, story.clock.metric}]
    proven = Explanation(case, pinned, moment, tuple(ledger(story, pinned, moment) for story in wanted))
    if metric or not case.deadlines:
        return proven
    return proven._replace(deadlines=tuple(_deadlines(desk, told, case.account, pinned, moment)))


def _deadlines(
    desk: Desk, told: list[Numbered], account: str, pinned: Pinned, at: datetime
) -> Iterator[DeadlineLedger]:
    """The proof of each deadline that the actor may know of (DC-3)."""
    # Imported here: few cases have any.
    from carecli.domain.deadline import promised
    from carecli.domain.ledger_deadlines import deadline_ledger, deadline_stories

    stories = deadline_stories(told, pinned.rules)
    if desk.actor.is_contact:
        known = (story for story in stories if promised(story.deadline, account))
        # Numbered as `show` does: a gap would tell of what is not theirs to see.
        stories = tuple(
            story._replace(deadline=story.deadline._replace(id=place, owner=None))
            for place, story in enumerate(known, 1)
        )
    for story in stories:
        yield deadline_ledger(story, pinned, at)


def _told(desk: Desk, reading: Reading, number: int) -> Iterator[Numbered]:
    """Every event, as none may be left out of the sums; with its number where the actor may know it (DC-3)."""
    history = reading.history(number)
    numbers = {entry.position: entry.seq for entry in telling.visible(desk, reading, history)}
    for entry in history:
        yield Numbered(entry.event, numbers.get(entry.position))
