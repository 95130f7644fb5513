"""What can be chosen and judged while a form is being filled in (OPEN-4, OPEN-6, OPEN-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from carecli.desk import intake, parties, placing
from carecli.desk.desk import Desk
from carecli.desk.reading import seen
from carecli.domain import opening
from carecli.domain.access import unknown_case
from carecli.domain.numbers import written
from carecli.domain.opening import Form
from carecli.domain.people import Account, Contact, Deployment
from carecli.domain.selection import Selection
from carecli.domain.vocabulary import CaseType, Plan, Priority, Side, Stage, Via

if TYPE_CHECKING:
    from carecli.store.protocol import Reading


def choices(desk: Desk, form: Form) -> Mapping[str, Sequence[str]]:
    """What may be chosen for each field of the form, as far as it is known yet, for prompts (OPEN-4)."""
    with desk.reading() as reading:
        accounts = intake.known_to(desk.actor, reading)
        account = reading.account(_account_of(desk, form, reading) or "")
        deployments = account.deployments if account else ()
        chosen = [d for d in deployments if form.deployment is None or _same(form.deployment, d.name)]
        contacts = [*reading.contacts(account.name), *_of_parent(reading, account)] if account else []
        components = _components(reading, account, form, chosen)
    return {
        "type": [t.value for t in CaseType if t is not CaseType.INCIDENT],
        "subtype": opening.SUBTYPES[form.type],
        "account": accounts,
        "contact": [c.email for c in contacts if c.designated],
        "deployment": [d.name for d in deployments],
        "service": list(dict.fromkeys(s.name for d in chosen for s in d.services)),
        "component": components,
        "stage": list(Stage),
        "priority": [p.value for p in Priority if not (desk.actor.is_contact and p is Priority.CRITICAL)],
    }


def _of_parent(reading: Reading, account: Account) -> list[Contact]:
    """The contacts of the account that an account was sold through, who act for it as well (ACC-5)."""
    parent = reading.account(account.parent) if account.parent else None
    return reading.contacts(parent.name) if parent and parent.active else []


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.casefold()


def _components(
    reading: Reading, account: Account | None, form: Form, deployments: Sequence[Deployment]
) -> Sequence[str]:
    """The components that a case of the form's service may be about, where it is known by now."""
    services = [s for d in deployments for s in d.services if form.service and _same(form.service, s.name)]
    if account is None or not services:
        return ()
    return placing.known_components(reading, account, services[0])


def weighed(desk: Desk, form: Form, known: Sequence[str]) -> Selection:
    """Which of the components the words of a form speak for, best first (OPEN-6)."""
    with desk.reading() as reading:
        return placing.weighed(reading, form, known)


def check(desk: Desk, form: Form, via: Via | None, follows: int | None = None) -> None:
    """Refuse what is wrong with a form as far as it is filled in, before the rest is asked for (DC-3, OPEN-8..10).

    Raises what opening it would raise: for who asks, how, and for what is named.
    """
    with desk.reading() as reading:
        form, account = intake.addressed(desk.actor, reading, form)
        if form.contact and not desk.actor.is_contact:
            parties.designated(reading, form.contact, account.name if account else "this desk")
        if account:
            placing.spelt(form, account)
        if follows is not None and account and seen(desk, reading, follows).state["account"] != account.name:
            raise unknown_case(written(follows))
    # As long as no priority is chosen it may be the one that the channel allows.
    open_to = form.priority or (None if desk.actor.is_contact else Priority.CRITICAL)
    check_channel(desk, form._replace(priority=open_to), via)


def check_channel(desk: Desk, form: Form, via: Via | None) -> None:
    """Refuse what the channel does not allow the account's plan, before the rest is asked for (OPEN-8, OPEN-9)."""
    contact, side = desk.actor.is_contact, Side.CONTACT if desk.actor.is_contact else Side.STAFF
    with desk.reading() as reading:
        account = reading.account(_account_of(desk, form, reading) or "")
        phone = _phone(desk, reading, account, form)
    channel = via or (Via.PORTAL if contact else Via.PHONE)
    opening.check_channel(form.priority, account.plan if account else Plan.BUSINESS_CARE, side, channel, phone)


def phone(desk: Desk, form: Form) -> str:
    """The number that the customer calls about what a form tells so far (WHERE-1, OPEN-9)."""
    with desk.reading() as reading:
        return _phone(desk, reading, reading.account(_account_of(desk, form, reading) or ""), form)


def _phone(desk: Desk, reading: Reading, account: Account | None, form: Form) -> str:
    from carecli.desk.phones import Phones

    policy = desk.rulebook.in_force(reading, desk.settings)
    return Phones(reading, desk.settings, policy).about(account, form.service)


def account_of(desk: Desk, form: Form) -> str | None:
    """The account that a form is about, as far as it is known by now."""
    with desk.reading() as reading:
        return _account_of(desk, form, reading)


def _account_of(desk: Desk, form: Form, reading: Reading) -> str | None:
    """The account that a form is about, as far as it is known: its own, its contact's, or the actor's.

    Whoever acts for several accounts has to say (ACC-5).
    """
    if form.account and (not desk.actor.is_contact or desk.actor.acts_for(form.account)):
        return form.account
    if desk.actor.is_contact:
        return None if desk.actor.end_users else desk.actor.account
    contact = reading.contact(form.contact) if form.contact else None
    return contact.account if contact else None
