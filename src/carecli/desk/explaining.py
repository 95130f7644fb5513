"""Proving the clocks of a case from its events, as the actor may see them (TICK-3, DC-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.desk import retrospect
from carecli.desk.reading import seen, visible
from carecli.domain.ledger import Explanation, Pinned, ledger
from carecli.domain.ledger_causes import Numbered, stories

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from carecli.desk.desk import Desk
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
    return Explanation(case, pinned, moment, tuple(ledger(story, pinned, moment) for story in wanted))


def _told(desk: Desk, reading: Reading, number: int) -> Iterator[Numbered]:
    """Every event, as none may be left out of the sums; with its number where the actor may know it (DC-3)."""
    history = reading.history(number)
    numbers = {entry.position: entry.seq for entry in visible(desk, history)}
    for entry in history:
        yield Numbered(entry.event, numbers.get(entry.position))
