"""Open cases brought under another policy or calendar, and what that would do to them, on one path (SLA-8).

What would be is found by doing it, in transactions that keep nothing; then it is done in others that keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from carecli.desk import calendars
from carecli.domain import access, impact, rebase_event
from carecli.domain.access import Right
from carecli.domain.finding import Filter, Query
from carecli.domain.impact import Impact, Shift
from carecli.domain.people import CalendarSpec
from carecli.domain.vocabulary import Via

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carecli.desk.desk import Desk
    from carecli.desk.record import Change, Record
    from carecli.domain.case import Case
    from carecli.store.protocol import Reading

BATCH = 200
"""How many cases one transaction takes along: others wait for the lock no longer than that takes."""

OnCase = Callable[[int], None]
"""Hears how many cases were looked at by now."""


class Rules(NamedTuple):
    """The rules that cases shall come under: a policy document, a calendar given over each account's, or both.

    None leaves a case the one that it has; an empty calendar is the account's present one.
    """

    policy: Mapping[str, Any] | None = None
    calendar: CalendarSpec | None = None


class Which(NamedTuple):
    """Which open cases: of an account or all, opened at `since` or later."""

    account: str | None = None
    since: datetime | None = None


def would_be(desk: Desk, rules: Rules, which: Which, on_case: OnCase = lambda _: None) -> Impact:
    """What the rules would do to the open cases that the actor may see; nothing is kept.

    Raises NotPermitted for customers, NotFound for an unknown account.
    """
    access.require(desk.actor, Right.WORK_CASES)
    return _through(desk, lambda: desk.trial(notices=False), rules, which, on_case)


def rebase(desk: Desk, rules: Rules, which: Which, on_case: OnCase = lambda _: None) -> Impact:
    """Bring the open cases under the rules, as events, without a mail.

    A case that is under them already is left alone: what was cut short goes on where it stopped.
    Raises NotPermitted for all but admins, NotFound for an unknown account.
    """
    access.require(desk.actor, Right.ADMINISTER)
    return _through(desk, lambda: desk.record(notices=False), rules, which, on_case)


def _through(
    desk: Desk,
    transaction: Callable[[], AbstractContextManager[Record]],
    rules: Rules,
    which: Which,
    on_case: OnCase,
) -> Impact:
    shifts: list[Shift] = []
    cases = already = 0
    numbers = _open_cases(desk, which)
    for first in range(0, len(numbers), BATCH):
        with transaction() as record:
            batch = Batch(record, rules)
            batch.take(numbers[first : first + BATCH])
        shifts += batch.shifts
        cases, already = cases + batch.cases, already + batch.already
        on_case(cases)
    return Impact(impact.totals(cases, already, shifts), shifts)


def _open_cases(desk: Desk, which: Which) -> list[int]:
    account = which.account
    if account is not None:
        # Imported here: few commands name an account.
        from carecli.desk import directory

        account = directory.account(desk, account).account.name
    # A case of a later moment is not there yet for a command that moves the clock back.
    until = desk.now + timedelta(seconds=1)
    wanted = Filter(account=account, since=which.since, until=until)
    with desk.reading() as reading:
        states = reading.every(Query(filter=wanted, sort="number", descending=False, limit=None))
        return [state["number"] for state in states]


class Batch:
    """Some cases within one transaction, brought under other rules."""

    def __init__(self, record: Record, rules: Rules) -> None:
        self.record = record
        self.rules = rules
        self.rules_for = record.rulebook.finding(record.writing)
        self.cases = self.already = 0
        self.shifts: list[Shift] = []
        self._changes: list[Change] = []
        self._specs: dict[str, CalendarSpec] = {}
        self._digest: str | None = None

    def take(self, numbers: Sequence[int]) -> None:
        """Bring these cases under the rules, those that somebody closed meanwhile aside."""
        for case in sorted(self.record.writing.cases(numbers), key=lambda one: one.number):
            if not case.closed:
                self._take(case)
        self.record.keep_all(self._changes)

    def _take(self, case: Case) -> None:
        record, at = self.record, self.record.now
        self.cases += 1
        to = self._policy(case), self._calendar(case)
        if to == (case.policy, case.calendar):
            self.already += 1
            return
        history = [entry.event for entry in record.writing.history(case.number)]
        act = access.Act(record.actor.email, record.actor.side, Via.DESK)
        change = record.change(case, rebase_event.rebase(case, history, to, self.rules_for, act, at))
        self._changes.append(change)
        self.shifts += impact.shifts(case, record.rules(case), change.case, at)

    def _policy(self, case: Case) -> str:
        if self.rules.policy is None:
            return case.policy
        if self._digest is None:  # once for all of them: a policy is long
            self._digest = self.record.document("policy", self.rules.policy)
        return self._digest

    def _calendar(self, case: Case) -> str:
        """The calendar that the case would have taken along, had the account had this one when it was opened."""
        given = self.rules.calendar
        if given is None:
            return case.calendar
        if case.account not in self._specs:
            self._specs[case.account] = given.over(_spec(self.record.writing, case.account, self.record))
        return calendars.pinned(self.record, self._specs[case.account], case.opened_at)


def _spec(reading: Reading, name: str, record: Record) -> CalendarSpec:
    account = reading.account(name)
    base = record.settings.calendar
    return account.calendar.over(base) if account else base
