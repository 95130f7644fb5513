"""The policy's tables of what is served: products, regions, add-ons, features, and where a need goes (WHERE-1)."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from carecli.domain.vocabulary import Plan

LOCAL: Final = "local"
"""The zone of a maintenance window that stands in the customer's own time (MNT-1)."""


class Channel(StrEnum):
    """Where a need goes (WHERE-1)."""

    SUPPORT_CASE = "support-case"
    SERVICE_REQUEST = "service-request"
    ADMIN_CASE = "admin-case"
    FEATURE_REQUEST = "feature-request"
    EXISTING_CASE = "existing-case"
    OWN_PROFILE = "own-profile"
    OWN_ACCESS = "own-access"
    ACCOUNT_EXECUTIVE = "account-executive"
    CARE_REPRESENTATIVE = "care-representative"
    PHONE = "phone"
    MAIL = "mail"
    OUTSIDE_SUPPORT = "outside-support"


_CHANNELS: Final = tuple(Channel)


class PhoneUse(StrEnum):
    """Whether a need is one for the phone: at once, where the plan has phone support, or not at all (OPEN-8)."""

    NOW = "now"
    ENTITLED = "entitled"
    NO = "no"


class Product(NamedTuple):
    """A product: the services that belong to it, its phone numbers by region, its maintenance windows.

    `maintenance` is a week as `calendar.parse_hours` reads it, empty where none is planned; `zone` is a time
    zone, or `LOCAL`.
    """

    key: str
    title: str
    services: tuple[str, ...]
    phones: Mapping[str, str]
    maintenance: str
    zone: str

    def fit(self, service: str) -> int:
        """How closely a service's name fits: the length of the longest pattern, 0 for none."""
        name = " ".join(service.split()).casefold()
        return max((len(one) for one in self.services if fnmatchcase(name, one.casefold())), default=0)


class Region(NamedTuple):
    """Where customers call from: told by the country of their holidays, else by their time zone."""

    key: str
    title: str
    countries: tuple[str, ...]
    zones: tuple[str, ...]

    @property
    def rest(self) -> bool:
        """Whether this is where everybody calls from whom no other region claims."""
        return not self.countries and not self.zones


class Need(NamedTuple):
    """What somebody needs, and where it goes: the channel, the command, whether to call, and who sees to it."""

    key: str
    need: str
    channel: Channel
    command: str
    phone: PhoneUse
    who: str
    words: tuple[str, ...]


class AddOn(NamedTuple):
    """An add-on: what it is, and the plan that it needs (ACC-1)."""

    key: str
    title: str
    requires: Plan
    description: str


def products(document: Mapping[str, Any]) -> tuple[Product, ...]:
    """Every product of a policy document; none in one that was kept before there were any."""
    return tuple(
        Product(
            key,
            row["title"],
            tuple(row["services"]),
            dict(numbers(row["phones"])),
            row["maintenance"],
            row["maintenance_zone"],
        )
        for key, row in document.get("products", {}).items()
    )


def product_of(document: Mapping[str, Any], service: str | None) -> Product | None:
    """The product that a service belongs to: the one with the longest pattern that fits its name."""
    found = [(product.fit(service or ""), product) for product in products(document)]
    best = max(found, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def numbers(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Phone numbers by region, out of lines as `uk: +44 (0) 808 234 2223`."""
    for line in lines:
        region, _, number = line.partition(":")
        yield region.strip(), number.strip()


def regions(document: Mapping[str, Any]) -> tuple[Region, ...]:
    """Every region of a policy document; none in one that was kept before there were any."""
    return tuple(
        Region(key, row["title"], tuple(row["countries"]), tuple(row["zones"]))
        for key, row in document.get("regions", {}).items()
    )


def region_of(document: Mapping[str, Any], holidays: str | None, zone: str | None) -> Region | None:
    """The region of a customer with these holidays (`US-CA`) and this time zone; None where none fits."""
    known = regions(document)
    country = (holidays or "").partition(",")[0].partition("-")[0].strip().upper()
    by_country = [one for one in known if country in one.countries]
    by_zone = [one for one in known if any(fnmatchcase(zone or "", pattern) for pattern in one.zones)]
    rest = [one for one in known if one.rest]
    return next(iter([*by_country, *(by_zone if not country else []), *rest]), None)


def own_region(product: Product, region: Region | None, known: Mapping[str, Region]) -> str | None:
    """The key of the region whose number of a product a customer calls: the own one, else everybody else's."""
    if region is None or region.key in product.phones:
        return region.key if region else None
    return next((key for key in product.phones if key in known and known[key].rest), None)


def own_number(document: Mapping[str, Any]) -> str:
    """The number of the desk itself, for what no product has one for; empty where the policy has none."""
    return str(document["phone"]["number"]).strip()


def called(document: Mapping[str, Any], service: str, region: Region | None) -> str:
    """The number that a customer of a region calls about a service: its product's, else the desk's (WHERE-1)."""
    product = product_of(document, service)
    key = own_region(product, region, {one.key: one for one in regions(document)}) if product else None
    return product.phones[key] if product and key else own_number(document)


def needs(document: Mapping[str, Any]) -> tuple[Need, ...]:
    """Every need that a policy document sends somewhere, by channel; none in one kept before there were any."""
    rows: Mapping[str, Mapping[str, Any]] = document.get("whatnext", {})
    found = (_need(key, row) for key, row in rows.items())
    # A kept document has its rows in the order of their names, whatever the file had.
    return tuple(sorted(found, key=lambda need: (_CHANNELS.index(need.channel), need.key)))


def _need(key: str, row: Mapping[str, Any]) -> Need:
    channel, phone = Channel(row["channel"]), PhoneUse(row["phone"])
    return Need(key, row["need"], channel, row["command"], phone, row["who"], tuple(row["words"]))


def descriptions(document: Mapping[str, Any]) -> Mapping[str, str]:
    """What each feature of the plans is, by the name that the plans call it by (ACC-1)."""
    described: Mapping[str, str] = document.get("features", {})
    return described


def add_ons(document: Mapping[str, Any]) -> tuple[AddOn, ...]:
    """Every add-on of a policy document; none in one that was kept before they were described."""
    return tuple(
        AddOn(key, row["title"], Plan(row["requires"]), row["description"])
        for key, row in document.get("add_ons", {}).items()
    )
