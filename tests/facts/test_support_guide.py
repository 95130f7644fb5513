"""The shipped policies against the figures of the support guide, table by table, each fact with its place.

Facts alone are transcribed here: numbers, days, names of rows. Table 1 of the guide (which plan has which feature)
has lost its tick marks in the text that we have; what it says is held against tables 5, 6 and 7 instead, which
describe the same features plan by plan.
"""

from importlib import resources

import pytest
from facts.shipped_policies import POLICIES, shipped

from carecli.domain import policy_tables
from carecli.domain.calendar import DAY_S, DAYS, parse_hours
from carecli.domain.vocabulary import Plan

WORDS = {
    "15 minutes": "15m",
    "4 hours": "4h",
    "6 hours": "6h",
    "2 business hours": "2bh",
    "4 business hours": "4bh",
    "6 business hours": "6bh",
    "1 business day": "1bd",
    "2 business days": "2bd",
    "3 business days": "3bd",
    "4 business days": "4bd",
    "5 business days": "5bd",
    "10 business days": "10bd",
    "15 business days": "15bd",
    "30 business days": "30bd",
    "not applicable": "-",
}
"""An amount as the guide words it, and as a policy does."""

# Support guide, section 3.2, table 3: plan, severity; response, restoration, resolution target.
TABLE_3 = [
    ("care", "critical", "4 hours", "6 hours", "15 business days"),
    ("care", "high", "6 business hours", "4 business days", "15 business days"),
    ("care", "medium", "1 business day", "10 business days", "30 business days"),
    ("care", "low", "2 business days", "not applicable", "not applicable"),
    ("business-care", "critical", "15 minutes", "4 hours", "15 business days"),
    ("business-care", "high", "2 business hours", "2 business days", "15 business days"),
    ("business-care", "medium", "4 business hours", "5 business days", "15 business days"),
    ("business-care", "low", "1 business day", "not applicable", "not applicable"),
]


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(("plan", "priority", "response", "restoration", "resolution"), TABLE_3)
def test_table_3(name: str, plan: str, priority: str, response: str, restoration: str, resolution: str) -> None:
    """SLA-1: every target of every shipped policy is that of the guide's table 3."""
    assert shipped(name)["targets"][plan][priority] == {
        "response": WORDS[response],
        "restoration": WORDS[restoration],
        "resolution": WORDS[resolution],
    }


def test_table_3_is_all_there_is() -> None:
    """SLA-1: no policy has a plan or a priority that the table has not."""
    for name in POLICIES:
        targets = shipped(name)["targets"]
        assert {(plan, priority) for plan in targets for priority in targets[plan]} == {row[:2] for row in TABLE_3}


# Section 3.2, table 3, column "Definition": what a severity's wording in `guide` must speak of.
GUIDE_WORDING = {
    "critical": ("severe impact", "degradation", "intermittent disruption"),
    "high": ("available and operational", "moderate impact"),
    "medium": ("available and operational", "nominal and immaterial"),
    "low": ("available and operational", "without impact", "information or assistance"),
}
# Case process of 12/16/2025, section "New", step 9, table of priorities and the note on Critical.
PROCESS_WORDING = {
    "critical": ("critical business function", "no workaround"),
    "high": ("job functions", "degraded or limited"),
    "medium": ("largely unaffected", "noncritical", "unusable or hard to use", "workaround"),
    "low": ("available and operational", "trivial", "information or assistance"),
}


@pytest.mark.parametrize("priority", GUIDE_WORDING)
def test_the_meaning_of_priorities(priority: str) -> None:
    """SEV-1: the default's wording is that of the process of 2025, the guide's policy has the guide's."""
    wording = {"default": PROCESS_WORDING, "guide": GUIDE_WORDING, "process-2025": PROCESS_WORDING}
    for name, words in wording.items():
        text = shipped(name)["severity"][priority].lower()
        assert [word for word in words[priority] if word not in text] == [], name


# Section 2.2, table 2: product; USA & Canada; international; and, for one of them, the United Kingdom.
TABLE_2 = [
    ("business-edition", {"usa-canada": "1 855-843-5385", "international": "+1 415-335-4324"}),
    ("legacy-enterprise-edition", {"usa-canada": "1 800-247-1517", "international": "+44 (0) 127 645 7101"}),
    ("premier-edition", {"usa-canada": "1 855-264-3511", "international": "+44 (0) 800 096 6461"}),
    (
        "proactive-communications",
        {
            "usa-canada": "1 888-807-4732",
            "uk": "+44 (0) 808 234 2223",
            "international": "+44 (0) 131 516 5506",
        },
    ),
    ("social-analytics", {"usa-canada": "1 855-264-3511", "international": "+44 (0) 800 096 6461"}),
]
# Sections 2.2 and 5, tables 2 and 4: the products as the guide names them, and the row that each one is.
NAMES = {
    "Business Edition for Cloud": "business-edition",
    "Enterprise Edition for Cloud": "business-edition",
    "Legacy Enterprise Edition for Cloud": "legacy-enterprise-edition",
    "Echopass": "legacy-enterprise-edition",
    "Premier Edition": "premier-edition",
    "Self-Service": "premier-edition",  # as table 4 has it
    "Self Service": "premier-edition",  # as table 2 has it
    "Proactive Customer Communications": "proactive-communications",
    "Mobile Marketing": "proactive-communications",
    "Social Analytics": "social-analytics",
    "Genesys Social Analytics": "social-analytics",
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(("product", "numbers"), TABLE_2)
def test_table_2(name: str, product: str, numbers: dict[str, str]) -> None:
    """WHERE-1: every phone number by product and region is that of the guide's table 2."""
    found = {one.key: one for one in policy_tables.products(shipped(name))}
    assert found[product].phones == numbers
    assert set(found) == {key for key, _ in TABLE_2}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("service", "product"), NAMES.items())
def test_the_names_of_the_products(policy: str, service: str, product: str) -> None:
    """WHERE-1: a service that is called as the guide calls it finds its product, in any case of letters."""
    for name in (service, service.upper(), f"{service} (East)"):
        found = policy_tables.product_of(shipped(policy), name)
        assert found is not None
        assert found.key == product


# Section 2.2, table 2: what heads its columns, and its note on one row; the countries that each speaks of.
REGIONS = {
    "usa-canada": ("USA and Canada", ("US", "CA")),
    "uk": ("United Kingdom", ("GB", "UK")),
    "international": ("International", ()),
}
# Where people live whom each column is for, by their time zone alone.
ZONES_OF_REGIONS = {
    "usa-canada": ("America/New_York", "America/Los_Angeles", "America/Toronto", "Pacific/Honolulu", "US/Eastern"),
    "uk": ("Europe/London", "Europe/Belfast"),
    "international": ("Europe/Berlin", "Asia/Tokyo", "America/Mexico_City", "Australia/Sydney", "UTC"),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("region", REGIONS)
def test_the_regions_of_table_2(name: str, region: str) -> None:
    """WHERE-1: the table's regions are those of its head, each with its countries; every zone falls into one."""
    policy = shipped(name)
    found = {one.key: one for one in policy_tables.regions(policy)}
    assert list(found) == list(REGIONS)
    assert (found[region].title, found[region].countries) == REGIONS[region]
    for country in REGIONS[region][1] or ("FR", "MX"):
        told = policy_tables.region_of(policy, country, None)
        assert told is not None
        assert told.key == region
    for zone in ZONES_OF_REGIONS[region]:
        told = policy_tables.region_of(policy, None, zone)
        assert told is not None
        assert told.key == region, zone


def test_every_zone_of_a_country_is_in_its_region() -> None:
    """WHERE-1: whoever keeps a time zone of the USA, Canada or Great Britain calls that region's number."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    region = {"US": "usa-canada", "CA": "usa-canada", "GB": "uk"}
    wrong = []
    for country, _, zone, *_ in rows:
        told = policy_tables.region_of(shipped("default"), None, zone)
        if (told and told.key) != region.get(country, "international"):
            wrong.append(zone)
    assert wrong == []
    assert {row[0] for row in rows} > set(region)


@pytest.mark.parametrize("name", POLICIES)
def test_the_titles_of_the_products(name: str) -> None:
    """WHERE-1: each product is called as table 2 names it, "for Cloud" and the publisher aside."""
    assert {one.key: one.title for one in policy_tables.products(shipped(name))} == {
        "business-edition": "Business Edition and Enterprise Edition",
        "legacy-enterprise-edition": "Legacy Enterprise Edition (Echopass)",
        "premier-edition": "Premier Edition, with Self-Service",
        "proactive-communications": "Proactive Customer Communications, with Mobile Marketing",
        "social-analytics": "Social Analytics",
    }


# Section 5, table 4: product; days; from, to on a 12-hour clock; the zone as the guide names it.
TABLE_4 = [
    ("proactive-communications", ("tue", "thu"), "12:00 am", "3:00 am", "EST"),
    ("proactive-communications", ("sun",), "12:00 am", "5:00 am", "EST"),
    ("legacy-enterprise-edition", ("tue", "thu"), "11:30 pm", "4:00 am", "MT"),
    ("premier-edition", ("tue", "wed", "thu"), "10:00 pm", "5:00 am", "EST"),
    ("business-edition", ("tue", "thu"), "6:00 pm", "12:00 am", "Local time"),
    ("social-analytics", ("tue", "wed", "thu"), "10:00 pm", "5:00 am", "EST"),
]
# MNT-1 says how the guide's zones are read.
ZONES = {"EST": "America/New_York", "MT": "America/Denver", "Local time": "local"}


def clock(text: str) -> int:
    """Seconds of the day of a time on a 12-hour clock."""
    time, half = text.split()
    hour, minute = map(int, time.split(":"))
    return ((hour % 12) + (12 if half == "pm" else 0)) * 3_600 + minute * 60


def week(product: str) -> list[list[tuple[int, int]]]:
    """The windows of a product as table 4 has them, cut at midnights, Monday first."""
    laid: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for key, days, opens, closes, _ in TABLE_4:
        for day in days if key == product else ():
            start, end, place = clock(opens), clock(closes), DAYS.index(day)
            laid[place].append((start, end if end > start else DAY_S))
            if 0 < end < start:
                laid[(place + 1) % 7].append((0, end))
    return [sorted(spans) for spans in laid]


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("product", dict.fromkeys(row[0] for row in TABLE_4))
def test_table_4(name: str, product: str) -> None:
    """MNT-1: every maintenance window is that of the guide's table 4, in its zone."""
    found = {one.key: one for one in policy_tables.products(shipped(name))}[product]
    assert [list(spans) for spans in parse_hours(found.maintenance)] == week(product)
    assert {found.zone} == {ZONES[row[4]] for row in TABLE_4 if row[0] == product}


# Addendum B, tables 5 and 6: a feature by its name in our policies, and what its description speaks of.
TABLE_5 = {
    "web case management": ("opened", "followed"),
    "knowledge base": ("24x7", "best practice", "known issues"),
    "proactive service advisories": ("mail", "known issues", "solutions", "daily", "weekly"),
    "platform and network monitoring": ("24x7", "network", "circuits"),
    "platform upgrades and updates": ("reasonable", "maintenance"),
}
TABLE_6 = {
    "phone support around the clock": ("24x7", "any number of cases", "assesse", "restoration"),
    "defined response targets": ("targets", "severity"),
    "mobile access": ("read", "updated", "phone"),
}
# Addendum B, table 7: an add-on, its title, and what its description speaks of.
TABLE_7 = {
    "cxm": ("Customer Experience Manager", ("goals", "risks", "training", "reviews")),
    "dedicated-specialist": (
        "Dedicated Support Specialist",
        ("configuration", "all year", "first contact", "technical consultants"),
    ),
    "support-architect": (
        "Support Architect",
        ("risk analysis", "action plans", "capacity planning"),
    ),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(("feature", "words"), {**TABLE_5, **TABLE_6}.items())
def test_tables_5_and_6_describe(name: str, feature: str, words: tuple[str, ...]) -> None:
    """ACC-1: every feature of the guide's tables 5 and 6 is described by what the guide says of it."""
    text = policy_tables.descriptions(shipped(name))[feature].lower()
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("name", POLICIES)
def test_tables_5_and_6_entitle(name: str) -> None:
    """ACC-1: Care has table 5, Business Care that and table 6; nothing else is a feature."""
    plans = shipped(name)["plans"]
    assert {plan.value for plan in Plan} == set(plans)
    assert set(plans["care"]["features"]) == set(TABLE_5)
    assert set(plans["business-care"]["features"]) == {*TABLE_5, *TABLE_6}
    assert set(policy_tables.descriptions(shipped(name))) == {*TABLE_5, *TABLE_6}
    assert (plans["care"]["title"], plans["business-care"]["title"]) == (
        "Care for Cloud",
        "Business Care for Cloud",
    )


@pytest.mark.parametrize("name", POLICIES)
def test_table_7(name: str) -> None:
    """ACC-1: the add-ons are those of the guide's table 7, each with Business Care alone."""
    found = {one.key: one for one in policy_tables.add_ons(shipped(name))}
    assert set(found) == set(TABLE_7)
    for key, (title, words) in TABLE_7.items():
        assert (found[key].title, found[key].requires) == (title, Plan.BUSINESS_CARE)
        assert [word for word in words if word not in found[key].description.lower()] == []


# Single figures: their place, the setting, what it says in `default`, and where another policy says otherwise.
FIGURES = [
    ("guide 3.1, restoration target: 95 % of issues", "sla.restoration_goal_percent", 95, {}),
    ("guide 4.1: post-mortem within 2 business days", "incidents.post_mortem", WORDS["2 business days"], {}),
    ("guide 4.1: report within 3 business days of it", "incidents.report", WORDS["3 business days"], {}),
    ("guide addendum A: acknowledged within one business day", "sr.acknowledge", WORDS["1 business day"], {}),
    ("guide addendum A: decided within two business days", "sr.decision", WORDS["2 business days"], {}),
    ("guide 6.5.3; information guide, follow-ups #1-#3; process 2018", "followup.stages", [2, 5, 10], {}),
    ("the same, days; process 2025, auto follow-up", "followup.days", "business", {"process-2025": "calendar"}),
    ("processes 2018 and 2025, reopening: 30 days", "reopen.within_days", 30, {}),
    ("guide 6.5.4: not if marked as resolved", "reopen.refuse_resolved", False, {"guide": True}),
    ("process 2025, step 4: 100 characters", "opening.subject_max", 100, {}),
    ("process 2025, step 4: 10 words", "opening.description_min_words", 10, {}),
    ("process 2025, list of cases: 25 a page", "list.page_size", 25, {}),
    ("information guide, targets: support cases and incidents only", "sla.types", ["support", "incident"], {}),
    ("guide 3.1: elapsed time, no pause", "sla.pause", ["awaiting-info"], {"guide": []}),
]


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(("place", "setting", "value", "otherwise"), FIGURES, ids=[row[0] for row in FIGURES])
def test_single_figures(name: str, place: str, setting: str, value: object, otherwise: dict[str, object]) -> None:
    """FU-2: every figure that stands alone in the sources is in the policies as it stands there."""
    table, key = setting.split(".")
    assert shipped(name)[table][key] == otherwise.get(name, value), place


def test_five_product_groups() -> None:
    """DC-5: a case goes to one of five product groups (information guide, case handling process)."""
    assert all(len(shipped(name)["product_groups"]["names"]) == 5 for name in POLICIES)


def test_the_checklists() -> None:
    """OPEN-5: the checklists of the guide's 6.2.1 and 6.2.2: three questions, and four more for a problem."""
    lists = shipped("default")["opening"]["checklist"]
    assert [line.split(":")[0] for line in lists["question"]] == ["help", "guides", "defined"]
    assert {line.split(":")[0] for line in lists["problem"]} == {
        *("help", "guides", "defined"),
        *("advisories", "reproduced", "impact", "actions"),
    }
