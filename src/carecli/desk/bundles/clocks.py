"""A bundle's clocks against its rules alone: what time had to make of what people did (IMP-2, SLA-3..9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from carecli.domain.bundle import Fault, Overdue, Part
from carecli.domain.instants import iso_or_none
from carecli.domain.whatif import recounted

if TYPE_CHECKING:
    from datetime import datetime

    from carecli.domain.case import Case
    from carecli.domain.clock import Clock
    from carecli.domain.events import Event
    from carecli.domain.rules import RulesFor


def against_rules(case: Case, events: Sequence[Event], rules_for: RulesFor) -> Iterator[Fault]:
    """Clocks that are not what the rules make of what people did up to the last event.

    Each rebasing brings in its own rules; what time made of the case is worked out afresh.
    """
    last = events[-1].at
    anew = {(one.metric, one.cycle): one for one in recounted(events, rules_for, None, last).clocks}
    for one in case.clocks:
        yield from _against(one, anew.get((one.metric, one.cycle)), last)


def _against(one: Clock, other: Clock | None, last: datetime) -> Iterator[Fault]:
    """Where a clock is another one by the rules; no tick need have come in the very last second."""
    where = f"{one.metric.value} {one.cycle}"
    if other is None:
        yield Fault(Part.CLOCK, where, "by its policy there is no such clock")
        return
    for name in ("due_at", "warn_at", "met_at", "cancelled_at", "breached_at"):
        real, due = getattr(one, name), getattr(other, name)
        if real != due and not (real is None and due == last):
            told, ought = iso_or_none(real) or "null", iso_or_none(due) or "null"
            what = f"{name} is {told}, by the policy and what people did it is {ought}"
            yield Fault(Part.CLOCK, where, what)


def overdue(case: Case, at: datetime) -> Iterator[Overdue]:
    """Clocks that were due before the bundle was made, and whose breach is not on record in it.

    Of a sound desk these are the ones that no tick has come to; it is also how a bundle looks whose end was cut.
    """
    for one in case.clocks:
        if one.ticking and not one.breached_at and one.due_at < at:
            yield Overdue(one.metric, one.cycle, one.due_at)
