"""How Customer Care is reached: by whom, for which service, and whether now (WHERE-1, OPEN-8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from carecli.desk import policies, serving
from carecli.domain import access, contact_us, policy_tables
from carecli.domain.access import Right
from carecli.domain.contact_us import Usable, Way, WayKind, Ways
from carecli.domain.policy_tables import Product, Region
from carecli.domain.vocabulary import Priority

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.people import Account


def ways(
    desk: Desk, *, account: str | None = None, service: str | None = None, priority: Priority | None = None
) -> Ways:
    """Every way to Customer Care for an account, for staff without one whatever the account.

    Raises NotFound for an account that is not there for the actor (DC-3) or a service that it has not.
    """
    access.require(desk.actor, Right.READ_PEOPLE)
    document = policies.in_force(desk).document
    found, spec = serving.owned(desk, account or desk.actor.account)
    served = _served(document, found, service)
    region = policy_tables.region_of(document, spec.holidays, spec.timezone) if found else None
    designated = not desk.actor.is_contact or Right.ACT_AS_CUSTOMER in desk.actor.rights
    plan = found.plan if found else None
    called = contact_us.phone(plan, priority, designated=designated)
    told = (
        Way(WayKind.PORTAL, "care open", contact_us.portal(designated=designated)),
        *_phones(document, served, region, called),
        Way(WayKind.MAIL, desk.config.mail_from, contact_us.mail(designated=designated)),
    )
    others = () if account else desk.actor.end_users
    return Ways(found.name if found else None, plan, priority, region.title if region else None, told, others)


def _served(
    document: Mapping[str, Any], account: Account | None, service: str | None
) -> dict[str, Product | None]:
    """The products that the phones are told for, by the names of services."""
    if account is not None:
        return serving.served(document, account, service)
    return {product.title: product for product in serving.products(document, service)}


def _phones(
    document: Mapping[str, Any], served: Mapping[str, Product | None], region: Region | None, called: Usable
) -> Iterator[Way]:
    """The numbers of each product, the account's region first; one for all the services of no product."""
    regions = {one.key: one for one in policy_tables.regions(document)}
    for product in serving.distinct(served):
        names = tuple(name for name, one in served.items() if one == product)
        own = policy_tables.own_region(product, region, regions)
        for key, number in sorted(product.phones.items(), key=lambda phone: phone[0] != own):
            title = regions[key].title if key in regions else key
            mine = key == own if region else None
            yield Way(WayKind.PHONE, number, called, product.title, names, title, mine)
    others = tuple(name for name, product in served.items() if _called_at_desk(product, region, regions))
    number = policy_tables.own_number(document)
    if number and (others or not served):
        yield Way(WayKind.PHONE, number, called, None, others)


def _called_at_desk(product: Product | None, region: Region | None, regions: Mapping[str, Region]) -> bool:
    """Whether a service has no number of its own product's, for this region where one is known."""
    if product is None or not product.phones:
        return True
    return region is not None and policy_tables.own_region(product, region, regions) is None
