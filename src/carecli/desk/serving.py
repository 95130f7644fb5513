"""Which products the services of an account belong to, by the policy's tables (WHERE-1, MNT-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from carecli.desk.names import near
from carecli.domain import policy_tables
from carecli.errors import NotFound

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.people import Account, CalendarSpec
    from carecli.domain.policy_tables import Product

Served = Mapping[str, "Product | None"]
"""Services by their names, each with its product."""


def owned(desk: Desk, name: str | None) -> tuple[Account | None, CalendarSpec]:
    """An account with its calendar, completed; without a name nobody's, with the desk's."""
    from carecli.desk import directory

    if name is None:
        return None, desk.settings.calendar
    view = directory.account(desk, name)
    return view.account, view.calendar


def products(document: Mapping[str, Any], service: str | None) -> tuple[Product, ...]:
    """Every product, or the one that a service belongs to, by its name or the service's."""
    every = policy_tables.products(document)
    if service is None:
        return every
    wanted = service.strip().casefold()
    named = [one for one in every if wanted in {one.key, one.title.casefold()}]
    fitting = policy_tables.product_of(document, service)
    if not (named or fitting):
        raise _unknown(f"no product goes with the service {service[:80]!r}", service, [one.key for one in every])
    return tuple(named[:1]) if named else (fitting,) if fitting else ()


def served(document: Mapping[str, Any], account: Account, service: str | None) -> dict[str, Product | None]:
    """The services of an account, or the one asked for, each with its product."""
    known = names(account)
    wanted = [name for name in known if service is None or name.casefold() == service.strip().casefold()]
    if service is not None and not wanted:
        raise _unknown(f"{account.name} has no service {service[:80]!r}", service, known)
    return {name: policy_tables.product_of(document, name) for name in wanted}


def has(account: Account, service: str | None) -> bool:
    """Whether an account has a service; None stands for any."""
    return any(service is None or name.casefold() == service.strip().casefold() for name in names(account))


def had_by_none(accounts: Iterable[Account], service: str) -> NotFound:
    """The answer where none of the accounts that somebody acts for has a service."""
    known = list(dict.fromkeys(name for account in accounts for name in names(account)))
    return _unknown(f"none of your accounts has a service {service[:80]!r}", service, known)


def names(account: Account) -> list[str]:
    """The names of an account's services, each once, in the order of its deployments."""
    return list(dict.fromkeys(s.name for deployment in account.deployments for s in deployment.services))


def _unknown(message: str, service: str, known: list[str]) -> NotFound:
    like = near(service, known)
    hint = f"did you mean {' or '.join(like)}?" if like else f"there are: {', '.join(known) or 'none'}"
    return NotFound(message, hint=hint, rule="WHERE-1")


def distinct(services: Served) -> list[Product]:
    """The products of the services, each once."""
    found: list[Product] = []
    for product in services.values():
        if product is not None and product not in found:
            found.append(product)
    return found
