"""Maintenance: the next windows of a service, one moved, what a new case was opened in (MNT-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from carecli.desk import serving
from carecli.domain import access, maintenance, policy_tables
from carecli.domain.access import Right
from carecli.domain.amount import Amount
from carecli.domain.business_time import business_time
from carecli.domain.instants import iso
from carecli.domain.maintenance import Outlook, Planned, Window
from carecli.domain.people import DESK_CALENDAR
from carecli.domain.vocabulary import CaseType, Priority
from carecli.errors import Invalid, Refused

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.desk.intake import Opened
    from carecli.desk.record import Record
    from carecli.domain.advisory import Advisory
    from carecli.domain.people import Account, CalendarSpec
    from carecli.domain.policy import Policy
    from carecli.domain.policy_tables import Product

WITHIN: Final = "7d"
"""How far ahead windows are told unless asked: every weekly one is in it once."""


def outlook(
    desk: Desk, *, service: str | None = None, account: str | None = None, within: str = WITHIN
) -> Outlook:
    """The maintenance windows of an account's services, for staff without one those of every product.

    Raises NotFound for an account that is not there for the actor (DC-3) or a service that it has not, Invalid
    for an amount that means nothing or reaches too far.
    """
    # Imported here, as below: it brings the writing of the record along.
    from carecli.desk import policies

    access.require(desk.actor, Right.READ_PEOPLE)
    document = policies.in_force(desk).document
    name = account or desk.actor.account
    found, spec = serving.owned(desk, name)
    until = _horizon(desk, spec, within)
    if account is None and desk.actor.end_users:
        return _of_all(desk, document, service, until)
    if found is None:
        every = serving.products(document, service)
        planned = [Planned(one) for one in _every(every, desk, spec, until)]
        planned += _announced(desk, None, service, (), until)
        localised = any(product.zone == policy_tables.LOCAL for product in every)
        return Outlook(desk.now, until, None, _sorted(planned), (), localised)
    served = serving.served(document, found, service)
    planned = _of_one(desk, found, spec, served, until, service)
    return Outlook(desk.now, until, found.name, _sorted(planned), _without(served), localised=False)


def _of_all(desk: Desk, document: Mapping[str, Any], service: str | None, until: datetime) -> Outlook:
    """The windows of all the accounts that a reseller's contact acts for, each with whose it is (ACC-5)."""
    planned: list[Planned] = []
    without: list[str] = []
    asked = [serving.owned(desk, name) for name in desk.actor.accounts]
    having = [(found, spec) for found, spec in asked if found and serving.has(found, service)]
    if service is not None and not having:
        raise serving.had_by_none((found for found, _ in asked if found), service)
    for found, spec in having:
        served = serving.served(document, found, service)
        planned += _of_one(desk, found, spec, served, until, service)
        without += _without(served)
    return Outlook(desk.now, until, None, _sorted(planned), tuple(dict.fromkeys(without)), localised=False)


def _of_one(
    desk: Desk, account: Account, spec: CalendarSpec, served: serving.Served, until: datetime, service: str | None
) -> list[Planned]:
    planned = [
        Planned(window, account.name, tuple(name for name, one in served.items() if one == product))
        for product in serving.distinct(served)
        for window in maintenance.windows(product, str(spec.timezone), desk.now, until)
    ]
    return [*planned, *_announced(desk, account.name, service, tuple(served), until)]


def _without(served: serving.Served) -> tuple[str, ...]:
    """The services for which no windows are planned."""
    return tuple(name for name, product in served.items() if product is None or not product.maintenance)


class Wish(NamedTuple):
    """A window that a customer wants moved: of which service, the one at or after `at`, why, and to when."""

    service: str
    reason: str
    at: datetime | None = None
    wanted: str | None = None
    account: str | None = None
    contact: str | None = None
    deployment: str | None = None


def reschedule(desk: Desk, wish: Wish) -> Opened:
    """Open a change request that asks to move a window; answered within the promise of such requests (SR-1).

    Raises Refused where no window is left to move, and what `intake.open_case` raises.
    """
    from carecli.desk import intake, policies
    from carecli.domain.opening import Form

    with desk.reading() as reading:
        asked = Form(account=wish.account, contact=wish.contact)
        form, account = intake.addressed(desk.actor, reading, asked)
    if account is None:
        raise Invalid("whose maintenance is it?", hint="--contact EMAIL names who asks", rule="OPEN-10")
    document, zone = policies.in_force(desk).document, _zone(desk, account)
    ((service, product),) = serving.served(document, account, wish.service).items()
    window = _movable(product, service, zone, desk.now, wish.at)
    return intake.open_case(desk, form._replace(**_request(wish, service, account, window, zone)))


def _zone(desk: Desk, account: Account) -> str:
    return str(account.calendar.over(desk.settings.calendar).timezone)


def _movable(product: Product | None, service: str, zone: str, now: datetime, at: datetime | None) -> Window:
    """The first window of a service that ends after `at` and has not begun."""
    until = max(now, at or now) + timedelta(days=maintenance.LONGEST_DAYS)
    found = maintenance.windows(product, zone, at or now, until) if product else iter(())
    window = next((one for one in found if at or one.starts_at > now), None)
    if window is None:
        raise Refused(f"no maintenance of {service} is planned", hint="`care maintenance` lists it", rule="MNT-1")
    if window.starts_at <= now:
        raise Refused(
            f"that maintenance of {service} has begun or is over",
            hint="`care maintenance` lists what is to come",
            rule="MNT-1",
        )
    return window


def _request(wish: Wish, service: str, account: Account, window: Window, zone: str) -> dict[str, Any]:
    """The form of the change request that asks for it."""
    since, until = (
        f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}" for at in (window.starts_at, window.ends_at)
    )
    text = (
        f"Please move the planned maintenance of {service} ({window.product.title}), "
        f"which is to last from {since} to {until}.\n\nWhy: {wish.reason.strip()}"
    )
    fields = {"change": "move", "maintenance_from": iso(window.starts_at), "maintenance_to": iso(window.ends_at)}
    if wish.wanted:
        text += f"\nIt would suit: {wish.wanted.strip()}"
        fields["maintenance_wanted"] = wish.wanted.strip()
    return {
        "type": CaseType.SERVICE_REQUEST,
        "subtype": "change-request",
        "deployment": wish.deployment or _deployment(account, service),
        "service": service,
        "priority": Priority.MEDIUM,
        "subject": f"Move maintenance of {service[:40]} on {since}",
        "description": text,
        "fields": fields,
    }


def _deployment(account: Account, service: str) -> str:
    """The deployment that has the service; raises Invalid where several do."""
    having = [one.name for one in account.deployments if service in [s.name for s in one.services]]
    if len(having) > 1:
        named = ", ".join(having)
        raise Invalid(f"several deployments have {service}", hint=f"--deployment: {named}", rule="OPEN-4")
    return having[0]


def announce(
    desk: Desk,
    services: Sequence[str],
    text: str,
    since: datetime,
    until: datetime,
    *,
    title: str | None = None,
    accounts: Sequence[str] = (),
) -> Advisory:
    """Tell the accounts that use these services of maintenance that no window planned (MNT-1, ADV-1).

    Raises Invalid for an end that comes first or is past, NotFound for services that no account has.
    """
    from carecli.desk.advisories import publishing
    from carecli.domain.advisory import AdvisoryKind, Draft

    access.require(desk.actor, Right.WORK_CASES)
    if until <= max(since, desk.now):
        raise Invalid("that maintenance would be over already", hint="--to comes after --from", rule="MNT-1")
    with desk.reading() as reading:
        spelt = {name.casefold(): name for one in reading.accounts() for name in serving.names(one)}
    touched = ", ".join(spelt.get(name.strip().casefold(), name) for name in services)
    named = title or f"Unplanned maintenance of {touched}"
    draft = Draft(
        named,
        text,
        kind=AdvisoryKind.MAINTENANCE,
        services=tuple(services),
        accounts=tuple(accounts),
        starts_at=since,
        ends_at=until,
    )
    return publishing.announce(desk, draft)


def frozen(policy: Policy, service: str | None, zone: str, at: datetime) -> Window | None:
    """The window of a service that a case opened at `at` falls into."""
    product = policy_tables.product_of(policy.document, service)
    return maintenance.going_on(product, zone, at) if product else None


def announced_at(record: Record, account: Account, service: str | None) -> dict[str, Any] | None:
    """The maintenance that an advisory announced to an account and that goes on now, as a case keeps it."""
    for one in record.writing.published_advisories("", record.now) if service else ():
        # Imported here: few desks have anything published while a case is opened.
        from carecli.domain import advisory

        text = one.advisory.published
        if text is None or text.kind is not advisory.AdvisoryKind.MAINTENANCE or text.ends_at is None:
            continue
        since = text.starts_at or one.advisory.published_at or record.now
        if since <= record.now and advisory.about(text, service) and advisory.reaches(text, [account]):
            zone = str(record.settings.calendar.over(DESK_CALENDAR).timezone)
            window = maintenance.announced(text.title, since, text.ends_at, zone)
            return {**kept(window), "advisory": one.advisory.label}
    return None


def kept(window: Window) -> dict[str, Any]:
    """A window as a case keeps it that was opened in it."""
    return {
        "product": window.product.title,
        "starts_at": iso(window.starts_at),
        "ends_at": iso(window.ends_at),
        "zone": window.zone,
    }


def _horizon(desk: Desk, spec: CalendarSpec, within: str) -> datetime:
    from carecli.desk import calendars

    amount = Amount.parse(within.strip())
    with desk.reading() as reading:
        until = business_time(calendars.in_force(reading, spec, desk.now)).add(desk.now, amount)
    if until > desk.now + timedelta(days=maintenance.LONGEST_DAYS):
        raise Invalid(
            f"--within {within[:40]} reaches too far", hint=f"at most {maintenance.LONGEST_DAYS}d", rule="MNT-1"
        )
    return until


def _announced(
    desk: Desk, account: str | None, service: str | None, served: tuple[str, ...], until: datetime
) -> Iterator[Planned]:
    """What advisories announce of maintenance that is not over and begins before `until` (ADV-1)."""
    from carecli.desk.advisories import reading
    from carecli.domain.advisory import AdvisoryKind

    known = {name.casefold() for name in served}
    for one in reading.open_for(desk, account, service):
        text = one.published
        if text is None or text.kind is not AdvisoryKind.MAINTENANCE or text.ends_at is None:
            continue
        since = text.starts_at or one.published_at or desk.now
        if since < until:
            touched = tuple(name for name in text.services if not known or name.casefold() in known)
            window = maintenance.announced(text.title, since, text.ends_at, desk.zone)
            yield Planned(window, account, touched or served, one.label)


def _every(products: tuple[Product, ...], desk: Desk, spec: CalendarSpec, until: datetime) -> Iterator[Window]:
    for product in products:
        yield from maintenance.windows(product, str(spec.timezone), desk.now, until)


def _sorted(planned: list[Planned]) -> tuple[Planned, ...]:
    return tuple(sorted(planned, key=lambda one: (one.window.starts_at, one.window.product.title)))
