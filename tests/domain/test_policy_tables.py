"""The policy's tables of products, regions, needs, features and add-ons: read, checked (WHERE-1, SLA-8)."""

import tomllib
from typing import Any

import pytest
from notation import shipped

from carecli.domain import policy_tables
from carecli.domain.policy_check import merged, problems
from carecli.domain.policy_warnings import warnings

MODEL = shipped()
OWN_FEATURE = "[features]\n'our own' = 'Something else.'"
PRODUCT = """
[products.mine]
title = "Mine"
services = ["Mine*"]
phones = ["usa-canada: 1 800 555 0100"]
maintenance = "Sun 02:00-04:00"
maintenance_zone = "Europe/Madrid"
"""
NEED = """
[whatnext.mine]
need = "Something"
channel = "support-case"
command = "care open"
phone = "entitled"
who = "We"
words = []
"""
REGION = """
[regions.mine]
title = "Mine"
countries = ["ES"]
zones = ["Europe/*"]
"""


def changed(table: str, before: str, after: str) -> str:
    """A right table with something in it changed."""
    assert before in table
    return table.replace(before, after)


FAULTS = [
    (changed(PRODUCT, 'title = "Mine"\n', ""), ["products.mine", "lacks title", "whole"]),
    (changed(PRODUCT, '"Mine"', "3"), ["products.mine.title", "text"]),
    (changed(PRODUCT, '"Mine"', '" "'), ["products.mine.title", "empty"]),
    (changed(PRODUCT, '["Mine*"]', "[]"), ["products.mine.services", "*Premier Edition*"]),
    (changed(PRODUCT, '["Mine*"]', '["*"]'), ["products.mine.services"]),
    (changed(PRODUCT, "usa-canada: 1", "usa-canada 1"), ["products.mine.phones", "a colon"]),
    (changed(PRODUCT, "1 800 555 0100", "none"), ["products.mine.phones", "the number"]),
    (changed(PRODUCT, '0100"]', '0100", "usa-canada: 2"]'), ["products.mine.phones", "'usa-canada' twice"]),
    (changed(PRODUCT, "Sun 02:00-04:00", "Sun"), ["products.mine.maintenance:", "needs days and hours"]),
    (changed(PRODUCT, "Europe/Madrid", "Madrid"), ["products.mine.maintenance_zone", "Europe/Madrid"]),
    (changed(PRODUCT, "products.mine", 'products."My Own"'), ["products.My Own", "a-z"]),
    (PRODUCT + "colour = 'red'", ["products.mine.colour", "unknown"]),
    ("[products]\nmine = 3", ["products.mine", "a table"]),
    ("products = 3", ["products", "a table"]),
    (changed(NEED, "support-case", "case"), ["whatnext.mine.channel", "support-case"]),
    (changed(NEED, "entitled", "yes"), ["whatnext.mine.phone", "now, entitled, no"]),
    (changed(NEED, "care open", "open"), ["whatnext.mine.command", "`care`"]),
    (changed(NEED, '"We"', '""'), ["whatnext.mine.who", "empty"]),
    (changed(REGION, '"ES"', '"Spain"'), ["regions.mine.countries", "'Spain'", "US"]),
    ("[features]\n'web case management' = 3", ["features.web case management", "text"]),
    ("[features]\nnew = ''", ["features.new", "empty"]),
    ("[add_ons.cxm]\nrequires = 'care-plus'", ["add_ons.cxm.requires", "business-care"]),
    ("[add_ons.butler]\ntitle = 'Butler'", ["add_ons.butler", "unknown"]),
]


@pytest.mark.parametrize(("toml", "says"), FAULTS, ids=[" ".join(says) for _, says in FAULTS])
def test_each_fault_has_one_message(toml: str, says: list[str]) -> None:
    """SLA-8: a fault in these tables is told once, with its place and what would be right."""
    (message,) = problems(tomllib.loads(toml), MODEL)
    assert [words for words in says if words not in message] == []


@pytest.mark.parametrize("toml", [PRODUCT, NEED, REGION, "[products]", OWN_FEATURE])
def test_rows_may_be_called_as_one_likes(toml: str) -> None:
    """WHERE-1: a policy has products, regions and needs of its own, and describes features of its own."""
    assert list(problems(tomllib.loads(toml), MODEL)) == []


def test_such_tables_are_taken_whole() -> None:
    """WHERE-1: a policy that names products has none but those; features are added to those that are known."""
    document = merged(MODEL, tomllib.loads(PRODUCT + OWN_FEATURE))
    assert [one.key for one in policy_tables.products(document)] == ["mine"]
    assert policy_tables.needs(document) == policy_tables.needs(MODEL)
    assert set(policy_tables.descriptions(document)) == {*policy_tables.descriptions(MODEL), "our own"}


SLIPS = [
    (changed(PRODUCT, "usa-canada:", "mars:"), "products.mine.phones names 'mars'; [regions] has"),
    ("[plans.care]\nfeatures = ['breakfast']", "plans.care.features holds 'breakfast', which [features] does not"),
]


@pytest.mark.parametrize(("toml", "said"), SLIPS)
def test_what_one_table_names_and_another_lacks(toml: str, said: str) -> None:
    """SLA-8: a region or a feature that nothing describes looks like a slip."""
    changes = tomllib.loads(toml)
    assert list(problems(changes, MODEL)) == []
    assert any(said in warning for warning in warnings(merged(MODEL, changes)))


@pytest.mark.parametrize(
    ("service", "key"),
    [
        ("Enterprise Edition", "business-edition"),
        # The longer of two patterns that fit wins.
        ("Legacy Enterprise Edition", "legacy-enterprise-edition"),
        ("legacy  enterprise edition", "legacy-enterprise-edition"),
        ("Premier Edition West", "premier-edition"),
        ("Voice", None),
        ("", None),
        (None, None),
    ],
)
def test_the_product_of_a_service(service: str | None, key: str | None) -> None:
    """WHERE-1: a service belongs to the product with the longest pattern that fits its name, or to none."""
    found = policy_tables.product_of(MODEL, service)
    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("holidays", "zone", "key"),
    [
        ("US-CA", "Europe/Madrid", "usa-canada"),
        ("CA", None, "usa-canada"),
        ("GB-SCT", "UTC", "uk"),
        ("ES", "America/New_York", "international"),
        (None, "America/New_York", "usa-canada"),
        ("", "America/Indiana/Knox", "usa-canada"),
        ("", "America/Sao_Paulo", "international"),
        ("", "Europe/London", "uk"),
        (None, None, "international"),
    ],
)
def test_the_region_of_a_customer(holidays: str | None, zone: str | None, key: str) -> None:
    """WHERE-1: the country of the holidays tells the region, else the time zone, else it is everybody else's."""
    found = policy_tables.region_of(MODEL, holidays, zone)
    assert found is not None
    assert found.key == key


def test_an_older_policy_has_none_of_them() -> None:
    """SLA-8: a policy that was kept before these tables came is read without them, and warned of nothing."""
    older: dict[str, Any] = {
        key: value
        for key, value in MODEL.items()
        if key not in {"products", "regions", "whatnext", "features", "add_ons"}
    }
    assert policy_tables.products(older) == ()
    assert policy_tables.needs(older) == ()
    assert policy_tables.add_ons(older) == ()
    assert policy_tables.descriptions(older) == {}
    assert policy_tables.product_of(older, "Premier Edition") is None
    assert policy_tables.region_of(older, "US", "America/New_York") is None
    assert list(warnings(older)) == []
