"""Proving the clocks of a case from its events, as the actor may see them (TICK-3, DC-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.desk import retrospect, telling
from carecli.desk.reading import seen
from carecli.domain.events import Kind
from carecli.domain.exempting import with_adjusted
from carecli.domain.ledger import Explanation, Pinned, PinnedFor, ledger
from carecli.domain.ledger_causes import Cause, Numbered, Under, stories

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from carecli.desk.desk import Desk
    from carecli.domain.case import Case
    from carecli.domain.exemption import Exemption
    from carecli.domain.ledger_deadlines import DeadlineLedger
    from carecli.domain.vocabulary import Metric
    from carecli.store.protocol import Reading


def explain(desk: Desk, number: int, *, metric: Metric | None = None, at: datetime | None = None) -> Explanation:
    """The proof of each clock now, or as it stood `at` an instant; raises NotFound, Invalid for the future."""
    moment = desk.now if at is None else retrospect.past(desk, at)
    with desk.reading() as reading:
        desk.require_whole("what happened inside, which is in the sums,", staff=True)
        row = seen(desk, reading, number)
        told = list(_told(desk, reading, number))
        if at is not None:
            retrospect.require_opened(row.state, moment)
            told = [entry for entry in told if entry.event.at <= moment]
        return _proven(desk, reading, told, moment, metric)


def _proven(
    desk: Desk, reading: Reading, told: Sequence[Numbered], at: datetime, metric: Metric | None
) -> Explanation:
    def pinned_for(under: Under) -> Pinned:
        rules = desk.rulebook.rules(reading, *under)
        return Pinned(rules, desk.rulebook.calendar(reading, under.calendar), under)

    case, known = stories(told, desk.rulebook.finding(reading))
    granted = list(_granted(case, told))
    proofs = (
        with_adjusted(ledger(story, pinned_for(story.under), at), granted)
        for story in known
        if metric in {None, story.clock.metric}
    )
    pinned = pinned_for(Under(case.policy, case.calendar))
    proven = Explanation(case, pinned, at, tuple(proofs))
    if metric or not case.deadlines:
        return proven
    return proven._replace(deadlines=tuple(_deadlines(desk, reading, told, case, pinned_for, at)))


def _granted(case: Case, told: Sequence[Numbered]) -> Iterator[tuple[Exemption, Cause]]:
    """The exemptions that stand, each with the event that granted it (SLA-9)."""
    causes = {
        event.data["id"]: Cause(event.at, event.kind, seq) for event, seq in told if event.kind is Kind.EXEMPTED
    }
    for one in case.exemptions:
        yield one, causes[one.id]


def _deadlines(
    desk: Desk, reading: Reading, told: Sequence[Numbered], case: Case, pinned_for: PinnedFor, at: datetime
) -> Iterator[DeadlineLedger]:
    """The proof of each deadline that the actor may know of (DC-3)."""
    # Imported here: few cases have any.
    from carecli.domain.deadline import promised
    from carecli.domain.ledger_deadlines import deadline_ledger, deadline_stories

    stories = deadline_stories(told, desk.rulebook.finding(reading))
    if desk.actor.is_contact:
        known = (story for story in stories if promised(story.deadline, case.account))
        # Numbered as `show` does: a gap would tell of what is not theirs to see.
        stories = tuple(
            story._replace(deadline=story.deadline._replace(id=place, owner=None))
            for place, story in enumerate(known, 1)
        )
    for story in stories:
        yield deadline_ledger(story, pinned_for(story.under), at)


def _told(desk: Desk, reading: Reading, number: int) -> Iterator[Numbered]:
    """Every event, as none may be left out of the sums; with its number where the actor may know it (DC-3)."""
    history = reading.history(number)
    numbers = {entry.position: entry.seq for entry in telling.visible(desk, reading, history)}
    for entry in history:
        yield Numbered(entry.event, numbers.get(entry.position))
