"""What time will do next: nothing is written, and only cases with a timer due are read (TICK-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from carecli.domain import access, case_state, forecast
from carecli.domain.access import Right
from carecli.domain.amount import Amount
from carecli.domain.business_time import business_time
from carecli.domain.deadline import promised
from carecli.domain.finding import Scope
from carecli.domain.forecast import Coming, Effect, Forecast
from carecli.domain.vocabulary import CaseType
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading

PROMISED: Final = frozenset({Effect.BREACH, Effect.DEADLINE})
"""What a customer is told of what comes: that something is due by then."""

WITHIN: Final = "1bd"
"""How far a forecast looks unless told: on a Friday evening it shows what Monday brings."""


def upcoming(
    desk: Desk,
    *,
    within: str = WITHIN,
    mine: bool = False,
    group: bool = False,
    limit: int | None = None,
) -> Forecast:
    """What time will do within an amount of time, if nobody acts; `limit` None tells all of it.

    Business time is the account's for a contact, else the desk's. Staff see every case unless told otherwise, a
    contact the own account's (DC-3). Raises Invalid for what is no amount, or one without an end (CAL-4).
    """
    access.require(desk.actor, Right.READ_CASES)
    scope = _scope(desk, mine=mine, group=group)
    with desk.reading() as reading:
        until = _horizon(desk, reading, Amount.parse(within.strip()))
        found = tuple(islice(stream(desk, reading, scope, until), None if limit is None else limit + 1))
        following = None if found else next(stream(desk, reading, scope), None)
    more = limit is not None and len(found) > limit
    return Forecast(
        desk.now, until, found[:limit], None if more else len(found), following.due_at if following else None
    )


def promised_next(desk: Desk, reading: Reading, scope: Scope) -> Iterator[Coming]:
    """What of the promised comes next, in order; cases that nothing was promised for by now are not looked at."""
    return stream(desk, reading, scope, only=PROMISED)


def stream(
    desk: Desk,
    reading: Reading,
    scope: Scope,
    until: datetime | None = None,
    *,
    only: frozenset[Effect] = frozenset(Effect),
) -> Iterator[Coming]:
    """What time will do to the cases of a scope, in order, worked out as it is taken; `only` these effects.

    A warning is Customer Care's alone, as is what staff have to do among themselves: a contact is told what was
    promised, and when the case closes (DC-3).
    """
    end = until or datetime.max.replace(tzinfo=desk.now.tzinfo)
    last = reading.last_tick()
    found = reading.expected(scope, end, promised=only <= PROMISED)

    def of_case(state: Mapping[str, Any]) -> Iterator[Coming]:
        # What an incident's end brings is told in its texts; any other case does without them.
        whole = reading.case(state["number"]) if state["type"] == CaseType.INCIDENT else None
        case = whole or case_state.case(state)
        rules = desk.rulebook.of(reading, case)
        told = forecast.coming(case, rules, desk.now, end, last.at if last else None)
        yield from (one for one in told if one.effect in only)

    cases = ((case.first_at, case.number, of_case(case.state)) for case in found)
    for coming in forecast.merged(cases):
        if not desk.actor.is_contact or _promised(coming):
            yield coming


def _promised(coming: Coming) -> bool:
    """Whether a customer is told of something to come."""
    one = coming.deadline
    return coming.effect is not Effect.WARNING and (one is None or promised(one, coming.case.account))


def _scope(desk: Desk, *, mine: bool, group: bool) -> Scope:
    actor = desk.actor
    if actor.is_contact:
        return Scope(contact=actor.email if mine and not group else None)
    if group and actor.group is None:
        raise Invalid("you belong to no product group", hint="leave --group out to see the whole desk")
    return Scope(owner=actor.email if mine else None, group=actor.group if group else None)


def _horizon(desk: Desk, reading: Reading, amount: Amount) -> datetime:
    # Imported here: it brings the writing of the record along.
    from carecli.desk import calendars

    account = reading.account(desk.actor.account) if desk.actor.account else None
    spec = account.calendar.over(desk.settings.calendar) if account else desk.settings.calendar
    return business_time(calendars.in_force(reading, spec, desk.now)).add(desk.now, amount)
