"""Proofs of a case that was played in the notation: under its own rules, and under those that came later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from notation import STAFF, Desk, policy, when

from carecli.domain import deadlines, rebase_event
from carecli.domain.business_time import business_time
from carecli.domain.calendar import Calendar, parse_hours
from carecli.domain.events import Kind
from carecli.domain.exempting import Stretch, exempt, with_adjusted
from carecli.domain.ledger import Explanation, Pinned, ledger
from carecli.domain.ledger_causes import Cause, Numbered, Under, stories
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Metric

UNDER: Final = Under("policy-hash", "calendar-hash")
"""How the notation names the rules that a case is opened under."""
Later = Mapping[Under, Pinned]
"""The rules that a case comes under by rebasings."""
NONE: Final[Later] = {}


def pinned(
    zone: str = "UTC",
    hours: str = "Mon-Fri 09:00-17:00",
    closed: dict[str, str] | None = None,
    changes: dict[str, Any] | None = None,
    under: Under = UNDER,
) -> Pinned:
    """Rules with the calendar that they go by."""
    calendar = Calendar(zone, parse_hours(hours), closed or {})
    return Pinned(Rules(policy(changes), business_time(calendar)), calendar, under)


def explanation(desk: Desk, first: Pinned, at: datetime, *metrics: Metric, later: Later = NONE) -> Explanation:
    """What `care explain` proves of a case at an instant; of all clocks where none are named."""
    known = {first.under: first, UNDER: first, **later}
    numbered = [Numbered(event, seq) for seq, event in enumerate(desk.events, 1)]
    case, told = stories(numbered, lambda *named: known[Under(*named)].rules)
    causes = {e.data["id"]: Cause(e.at, e.kind, seq) for e, seq in numbered if e.kind is Kind.EXEMPTED}
    granted = [(one, causes[one.id]) for one in case.exemptions]
    proofs = (
        with_adjusted(ledger(story, known[story.under], at), granted)
        for story in told
        if not metrics or story.clock.metric in metrics
    )
    return Explanation(case, known[Under(case.policy, case.calendar)], at, tuple(proofs))


def exempted(desk: Desk, since: str, until: str, reason: str, *, at: str, metric: Metric | None = None) -> None:
    """Exempt a stretch from the clocks of a case, in the notation."""
    begun, ended, moment = (when(text, desk.zone) for text in (since, until, at))
    desk.command(moment, lambda case: exempt(case, Stretch(begun, ended, metric), reason, STAFF, moment))


def rebase(desk: Desk, first: Pinned, to: Pinned, at: datetime, later: Later = NONE) -> None:
    """Bring a case under other rules, as `care policy rebase` does."""
    known = {UNDER: first, **later, to.under: to}

    def rules_for(policy_hash: str, calendar_hash: str) -> Rules:
        return known[Under(policy_hash, calendar_hash)].rules

    before = [*desk.events, *deadlines.crossings(desk.case, at, desk.rules)]
    event = rebase_event.rebase(desk.case, before, to.under, rules_for, STAFF, at)
    desk.case, recorded = deadlines.consequences(desk.case, event, desk.rules, then=to.rules)
    desk.events += recorded
    desk.rules = to.rules
