"""The policy's tables of what is served, as people read them: products, add-ons, needs (WHERE-1, ACC-1)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from carecli.domain import policy_tables
from carecli.domain.policy_tables import LOCAL, Need, PhoneUse, Product
from carecli.render.sheet import Cell, Column, Section, Sheet, Tone
from carecli.render.words import titled

_COLUMNS = (Column("name", "Name", least=16), Column("text", "Text", least=30))
PHONE_WORDS = {
    PhoneUse.NOW: "call at once",
    PhoneUse.ENTITLED: "or call, with phone support",
    PhoneUse.NO: "not by phone",
}


def tables(document: Mapping[str, Any]) -> Iterator[Section]:
    """The tables of a policy; one that was kept before there were any shows none of them."""
    add_ons = policy_tables.add_ons(document)
    titles = {region.key: region.title for region in policy_tables.regions(document)}
    told = {
        "What the features are": policy_tables.descriptions(document).items(),
        "Add-ons": [(one.title, f"{one.description} It needs {titled(one.requires)}.") for one in add_ons],
        "Products": [(one.title, _product(one, titles)) for one in policy_tables.products(document)],
        "Where a need goes": [(one.need, _goes(one)) for one in policy_tables.needs(document)],
    }
    return (_sheet(title, rows) for title, rows in told.items() if rows)


def _sheet(title: str, rows: Iterable[tuple[str, str]]) -> Sheet:
    cells = tuple((Cell(name, tone=Tone.STRONG), Cell(text)) for name, text in rows)
    # Without a head the cells wrap: all of a policy is read.
    return Sheet(title, _COLUMNS, cells, headed=False)


def _product(product: Product, titles: Mapping[str, str]) -> str:
    phones = ", ".join(f"{titles.get(region, region)} {number}" for region, number in product.phones.items())
    zone = "the customer's own time" if product.zone == LOCAL else product.zone
    maintenance = f"{product.maintenance} ({zone})" if product.maintenance else "none"
    services = ", ".join(product.services)
    return f"Phones: {phones or 'none'}. Maintenance: {maintenance}. Services: {services}."


def _goes(need: Need) -> str:
    command = f": {need.command}" if need.command else ""
    phone = f"; {PHONE_WORDS[need.phone]}" if need.phone is not PhoneUse.NO else ""
    return f"{titled(need.channel)}{command}{phone}. {need.who[:1].upper()}{need.who[1:]}."
