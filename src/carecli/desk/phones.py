"""Which number a customer calls: its product's for the region of the account, else the desk's own (WHERE-1).

`care contact-us`, refusals and mail all ask here, and under the policy in force: whoever calls calls today,
whatever rules an older case was opened under.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.domain import policy_tables

if TYPE_CHECKING:
    from carecli.domain.case import Case
    from carecli.domain.desk_settings import DeskSettings
    from carecli.domain.people import Account
    from carecli.domain.policy import Policy
    from carecli.store.protocol import Reading


class Phones:
    """The numbers of a desk, by account and service, each found once: a tick may write many mails."""

    def __init__(self, reading: Reading, settings: DeskSettings, policy: Policy) -> None:
        self._reading = reading
        self._calendar = settings.calendar
        self._document = policy.document
        self._accounts: dict[str, Account | None] = {}
        self._told: dict[tuple[str, str | None], str] = {}

    def about(self, account: Account | None, *services: str | None) -> str:
        """The number for these services of an account, or for all that it has; the desk's where they differ."""
        desks = policy_tables.own_number(self._document)
        if account is None:
            return desks
        spec = account.calendar.over(self._calendar)
        region = policy_tables.region_of(self._document, spec.holidays, spec.timezone)
        named = [name for name in services if name] or _services(account)
        found = {policy_tables.called(self._document, name, region) for name in named}
        return found.pop() if len(found) == 1 else desks

    def of_case(self, case: Case, to: str | None = None) -> str:
        """The number for a case, as its account calls it, or as another account does whose contact `to` is."""
        contact = self._reading.contact(to) if to and to != case.contact else None
        name = contact.account if contact else case.account
        if (name, case.service) not in self._told:
            self._told[name, case.service] = self.about(self._account(name), case.service)
        return self._told[name, case.service]

    def of_person(self, email: str) -> str:
        """The number for somebody without a case: a contact's account's, else the desk's."""
        contact = self._reading.contact(email)
        return self.about(self._account(contact.account) if contact else None)

    def _account(self, name: str) -> Account | None:
        if name not in self._accounts:
            self._accounts[name] = self._reading.account(name)
        return self._accounts[name]


def _services(account: Account) -> list[str]:
    return [service.name for deployment in account.deployments for service in deployment.services]
