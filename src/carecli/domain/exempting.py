"""Exempting a stretch of time from a case's clocks, and the clocks as they would stand without it (SLA-9)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from carecli.domain import clock as clocks_
from carecli.domain import lifecycle
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.clock import Clock, Hole
from carecli.domain.events import Event, Kind
from carecli.domain.exemption import Exemption, Exemptions
from carecli.domain.instants import iso
from carecli.domain.ledger import Ledger, ledger
from carecli.domain.ledger_causes import Cause, Numbered, Standstill, stories
from carecli.domain.ledger_hours import Why
from carecli.domain.numbers import written
from carecli.domain.rules import Rules, RulesFor
from carecli.domain.vocabulary import Metric, Visibility
from carecli.errors import Invalid, NotFound, Refused


class Stretch(NamedTuple):
    """Time that is to be left out, of all clocks or those of one metric."""

    since: datetime
    until: datetime
    metric: Metric | None = None


def exempt(case: Case, stretch: Stretch, reason: str, act: Act, at: datetime) -> Event:
    """Leave a stretch out of a case's clocks where reports adjust them; its customer reads why (SLA-9).

    Raises Invalid for a stretch that is none or ends before the case began, Refused where it would change nothing.
    """
    since, until, metric = stretch
    if since >= until:
        raise Invalid("an exemption ends after it begins", hint="give --from before --to", rule="SLA-9")
    if until <= case.opened_at:
        raise Invalid(
            f"the case was opened at {iso(case.opened_at)}, after that stretch",
            hint="give a --to after the opening",
            rule="SLA-9",
        )
    _require_clocks(case, metric)
    _require_news(case, stretch)
    data = {
        "id": case.exempted + 1,
        "from": iso(since),
        "to": iso(until),
        "metric": metric.value if metric else None,
        "text": _reason(reason),
    }
    return Event(at, act.by, act.via, Kind.EXEMPTED, Visibility.PUBLIC, data)


def withdraw(case: Case, number: int, reason: str, act: Act, at: datetime) -> Event:
    """Take an exemption back, by its number; raises NotFound where none of that number stands (SLA-9)."""
    standing = [one.id for one in case.exemptions]
    if number not in standing:
        known = ", ".join(map(str, standing))
        raise NotFound(
            f"no exemption {number} stands on case {written(case.number)}",
            hint=f"there is {known}" if known else "none stands there",
            rule="SLA-9",
        )
    data = {"id": number, "text": _reason(reason)}
    return Event(at, act.by, act.via, Kind.EXEMPTION_WITHDRAWN, Visibility.PUBLIC, data)


def _reason(text: str) -> str:
    reason = lifecycle.text_or_none(text)
    if reason is None:
        raise Invalid("the reason is empty", hint="--reason TEXT: the customer reads it", rule="SLA-9")
    return reason


def _require_clocks(case: Case, metric: Metric | None) -> None:
    if not any(metric in {None, clock.metric} for clock in case.clocks):
        named = f"{metric} clock" if metric else "clock"
        raise Refused(
            f"case {written(case.number)} has no {named}",
            hint="`care explain` shows the clocks of a case",
            rule="SLA-9",
        )


def _require_news(case: Case, stretch: Stretch) -> None:
    """Raise Refused where an exemption that stands holds all of a stretch already."""
    for one in case.exemptions:
        if one.metric in {None, stretch.metric} and one.since <= stretch.since and stretch.until <= one.until:
            raise Refused(
                f"exemption {one.id} holds that stretch already: {iso(one.since)} to {iso(one.until)}",
                hint=f"take it back with --withdraw {one.id}, or exempt other time",
                rule="SLA-9",
            )


class Judged(NamedTuple):
    """A clock as the record has it, and as it stands with the exempted stretches left out."""

    raw: Clock
    adjusted: Clock


def adjusted(clock: Clock, exemptions: Iterable[Exemption], rules: Rules, at: datetime | None = None) -> Clock:
    """The clock as it would stand, had it been paused in what is exempted from it; itself where nothing is.

    `rules` are those that the clock was timed by. Its due time only ever moves to later, so a kept promise stays
    kept; which target a raise chose stays chosen. Breached is what stopped behind the new due time: met after it,
    or paused at it. One that still runs is breached where its new due time has come by `at`; without `at` that is
    for whoever asks to say.
    """
    spans = left_out(clock, exemptions)
    if not spans:
        return clock
    fresh = clocks_.timed(clock._replace(holes=(*clock.holes, *spans)), rules)
    # A change in a pause has counted that up to itself, which no hole tells.
    fresh = fresh._replace(due_at=max(fresh.due_at, clock.due_at), warn_at=max(fresh.warn_at, clock.warn_at))
    return fresh._replace(
        warned_at=clock.warned_at if _passed(fresh, fresh.warn_at, clock.warn_at, at) else None,
        breached_at=fresh.due_at if clock.breached_at and _passed(fresh, fresh.due_at, clock.due_at, at) else None,
    )


def left_out(clock: Clock, exemptions: Iterable[Exemption]) -> tuple[Hole, ...]:
    """The stretches exempted from a clock that reach behind the instant that it is counted from."""
    return tuple((one.since, one.until) for one in exemptions if applies(one, clock))


def applies(exemption: Exemption, clock: Clock) -> bool:
    """Whether a stretch is exempted from this clock, and reaches behind the instant that it is counted from."""
    return exemption.metric in {None, clock.metric} and exemption.until > clock.origin


def _passed(clock: Clock, when: datetime, before: datetime, at: datetime | None) -> bool:
    """Whether an instant, that was another `before`, came while the clock was running."""
    if stop := clock.met_at or clock.cancelled_at:
        return when < stop
    # What is paused in the very second in which it falls due is late (SLA-7).
    stop = clock.paused_at or at
    return when <= stop if stop else when == before


def judged(
    events: Iterable[Event], rules_for: RulesFor, at: datetime | None = None
) -> tuple[Exemptions, tuple[Judged, ...]]:
    """The exemptions that a whole history leaves, and its clocks without and with them, each by its own rules.

    A clock that was met before a rebasing goes by the rules of before (SLA-8); `at` as for `adjusted`.
    """
    case, known = stories((Numbered(event, None) for event in events), rules_for)
    return case.exemptions, tuple(
        Judged(story.clock, adjusted(story.clock, case.exemptions, rules_for(*story.under), at)) for story in known
    )


def with_adjusted(proof: Ledger, granted: Iterable[tuple[Exemption, Cause]]) -> Ledger:
    """A clock's proof with the one without its exempted stretches beside it, where these touch it (SLA-9)."""
    end = max(proof.stop_at, proof.due_at)
    touching = [(one, cause) for one, cause in granted if applies(one, proof.clock) and one.since < end]
    if not touching:
        return proof
    story, rules = proof.story, proof.pinned.rules
    clock = adjusted(story.clock, [one for one, _ in touching], rules, proof.at)
    stills = tuple(Standstill(one.since, one.until, Why.EXEMPT, cause, one) for one, cause in touching)
    without = story._replace(clock=clock, standstills=(*story.standstills, *stills))
    return proof._replace(adjusted=ledger(without, proof.pinned, proof.at))
