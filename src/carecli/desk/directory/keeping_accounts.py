"""Accounts: added and changed by admins, each change on the record, none deleted (ACC-1..5)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from carecli.desk import calendars, parents
from carecli.desk.catalogue import with_products
from carecli.desk.desk import Desk
from carecli.desk.directory.addresses import address, address_or_none
from carecli.desk.intake import known_to, unknown_account
from carecli.desk.names import account_name
from carecli.desk.record import Record
from carecli.domain import access, entitlements
from carecli.domain.access import Actor, Right
from carecli.domain.events import Kind
from carecli.domain.people import Account, CalendarSpec
from carecli.domain.vocabulary import Plan
from carecli.errors import Invalid, Refused
from carecli.store.protocol import Reading


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with what it is entitled to and how many Designated Contacts it has (ACC-1, DC-2)."""

    account: Account
    features: tuple[str, ...]
    designated: int
    calendar: CalendarSpec
    end_users: tuple[str, ...] = ()
    """The accounts that were sold through it (ACC-5)."""


def add_account(
    desk: Desk,
    name: str,
    *,
    plan: Plan,
    calendar: CalendarSpec | None = None,
    deployments: Sequence[str] = (),
    services: Sequence[str] = (),
    components: Sequence[str] = (),
    add_ons: Mapping[str, str] | None = None,
    executive: str | None = None,
    success_manager: str | None = None,
    parent: str | None = None,
) -> Account:
    """Add an account (ACC-1..3, ACC-5)."""
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        clean = account_name(name)
        if record.writing.account(clean):
            raise Refused(f"there is an account {clean!r} already", hint="change it with `care account edit`")
        account = Account(
            clean,
            plan,
            calendar or CalendarSpec(),
            with_products((), deployments, services, components),
            _add_ons(record, plan, add_ons or {}),
            address_or_none(executive),
            address_or_none(success_manager),
            parent=parents.parent(record.writing, clean, parent) if parent else None,
        )
        return _keep_account(record, account, Kind.ACCOUNT_ADDED)


def edit_account(
    desk: Desk,
    name: str,
    *,
    plan: Plan | None = None,
    calendar: CalendarSpec | None = None,
    deployments: Sequence[str] = (),
    services: Sequence[str] = (),
    components: Sequence[str] = (),
    add_ons: Mapping[str, str] | None = None,
    executive: str | None = None,
    success_manager: str | None = None,
    active: bool | None = None,
    parent: str | None = None,
    without: Collection[str] = (),
) -> Account:
    """Change what is given of an account; deployments, services and add-ons are added to what it has.

    An empty `parent` makes it nobody's end-user, add-ons in `without` are taken off (ACC-1, ACC-5).
    """
    with desk.record() as record:
        access.require(desk.actor, Right.ADMINISTER)
        old = visible(desk.actor, record.writing, name)
        bought = {kind: person for kind, person in old.add_ons.items() if kind not in without}
        changed = old._replace(
            plan=plan or old.plan,
            calendar=(calendar or CalendarSpec()).over(old.calendar),
            deployments=with_products(old.deployments, deployments, services, components),
            add_ons=_add_ons(record, plan or old.plan, {**bought, **(add_ons or {})}),
            executive=address_or_none(executive) or old.executive,
            success_manager=address_or_none(success_manager) or old.success_manager,
            active=old.active if active is None else active,
            parent=old.parent if parent is None else _parent_or_none(record, old, parent),
        )
        return _keep_account(record, changed, Kind.ACCOUNT_CHANGED)


def _parent_or_none(record: Record, account: Account, name: str) -> str | None:
    return parents.parent(record.writing, account.name, name) if name.strip() else None


def _keep_account(record: Record, account: Account, kind: Kind) -> Account:
    calendars.check(account.calendar.over(record.settings.calendar), record.now)
    record.writing.put_account(account)
    record.desk_event(kind, account.document())
    return account


def _add_ons(record: Record, plan: Plan, add_ons: Mapping[str, str]) -> dict[str, str]:
    """Flex add-ons go with the plan that the policy names, each naming a person (ACC-1)."""
    if not add_ons:
        return {}
    policy = record.policy()
    known = [one.key for one in entitlements.known_add_ons(policy)]
    for kind, email in add_ons.items():
        if kind not in known:
            raise Invalid(f"{kind!r} is no add-on", hint=f"choose from: {', '.join(known)}", rule="ACC-1")
        entitlements.require_plan(plan, kind, policy)
        address(email)
    return dict(add_ons)


def accounts(desk: Desk) -> list[Account]:
    """The accounts that the actor may see (DC-3)."""
    access.require(desk.actor, Right.READ_PEOPLE)
    with desk.reading() as reading:
        return [a for a in reading.accounts() if access.may_see(desk.actor, a.name)]


def account(desk: Desk, name: str) -> AccountView:
    """One account with its entitlements (ACC-1)."""
    access.require(desk.actor, Right.READ_PEOPLE)
    with desk.reading() as reading:
        found = visible(desk.actor, reading, name)
        digest = desk.settings.policy
        features = desk.rulebook.policy(reading, digest).features(found.plan) if digest else ()
        designated = sum(c.designated for c in reading.contacts(found.name))
        calendar = found.calendar.over(desk.settings.calendar)
        # Who of a reseller may not see the cases of its end-users does not hear of those either (ACC-5).
        end_users = (one for one in reading.end_users(found.name) if access.may_see(desk.actor, one))
        return AccountView(found, features, designated, calendar, tuple(end_users))


def visible(actor: Actor, reading: Reading, name: str) -> Account:
    """An account that the actor may see, or the same answer for every other name (DC-3)."""
    found = reading.account(name)
    if found is None or not access.may_see(actor, found.name):
        raise unknown_account(name, known_to(actor, reading))
    return found
