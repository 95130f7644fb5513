"""The rules that cases were opened under, read from the record by content hash and kept at hand (SLA-8)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carecli.domain.business_time import BusinessTime
    from carecli.domain.calendar import Calendar
    from carecli.domain.case import Case
    from carecli.domain.desk_settings import DeskSettings
    from carecli.domain.policy import Policy
    from carecli.domain.rules import Rules, RulesFor
    from carecli.store.protocol import Reading


class Rulebook:
    """Policies and calendars by hash; a hash names its content for ever, so nothing here goes stale.

    What a rule is made of is imported when the first one is asked for: a list of cases needs none.
    """

    def __init__(self) -> None:
        self._rules: dict[tuple[str, str], Rules] = {}
        self._policies: dict[str, Policy] = {}
        self._calendars: dict[str, Calendar] = {}

    def rules(self, reading: Reading, policy: str, calendar: str) -> Rules:
        """The rules that two hashes name."""
        from carecli.domain.rules import Rules

        named = policy, calendar
        if named not in self._rules:
            self._rules[named] = Rules(self.policy(reading, policy), self.business_time(reading, calendar))
        return self._rules[named]

    def finding(self, reading: Reading) -> RulesFor:
        """Finds rules by two hashes, as the fold of a whole history asks for them."""
        return partial(self.rules, reading)

    def of(self, reading: Reading, case: Case) -> Rules:
        """The rules of a case."""
        return self.rules(reading, case.policy, case.calendar)

    def policy(self, reading: Reading, digest: str) -> Policy:
        """A policy by its hash."""
        from carecli.domain import policy

        if digest not in self._policies:
            self._policies[digest] = policy.from_document(reading.document(digest))
        return self._policies[digest]

    def in_force(self, reading: Reading, settings: DeskSettings) -> Policy:
        """The policy under which the desk works now; the shipped one where none is set yet."""
        if settings.policy:
            return self.policy(reading, settings.policy)
        from carecli.desk import policies
        from carecli.domain import policy

        return policy.from_document(policies.load("default"))

    def business_time(self, reading: Reading, digest: str) -> BusinessTime:
        """The arithmetic of a calendar by its hash."""
        from carecli.domain.business_time import business_time

        return business_time(self.calendar(reading, digest))

    def calendar(self, reading: Reading, digest: str) -> Calendar:
        """A calendar by its hash."""
        from carecli.domain.calendar import Calendar

        if digest not in self._calendars:
            self._calendars[digest] = Calendar.from_document(reading.document(digest))
        return self._calendars[digest]
