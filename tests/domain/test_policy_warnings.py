"""What is allowed in a policy and yet looks like a slip (SLA-8)."""

import tomllib
from importlib.resources import files

import pytest

from carecli.domain.policy_check import merged, problems
from carecli.domain.policy_warnings import group_warnings, warnings


def shipped(name: str) -> dict[str, object]:
    return tomllib.loads((files("carecli") / "policies" / f"{name}.toml").read_text())


MODEL = shipped("default")


def told(toml: str) -> list[str]:
    """What is said of the default with these changes, which must be allowed."""
    changes = tomllib.loads(toml)
    assert list(problems(changes, MODEL)) == []
    return list(warnings(merged(MODEL, changes)))


@pytest.mark.parametrize("name", ["default", "guide", "process-2025"])
def test_the_shipped_policies_give_no_cause(name: str) -> None:
    """SLA-8: nothing in what is shipped looks like a slip."""
    assert list(warnings(merged(MODEL, shipped(name)))) == []


SLIPS = {
    "response after restoration": (
        "[targets.care.high]\nresponse = '5bd'",
        "response 5bd is longer than restoration 4bd",
    ),
    "restoration after resolution": (
        "[targets.care.high]\nrestoration = '16bd'",
        "restoration 16bd is longer than resolution 15bd",
    ),
    "no response": ("[targets.care.high]\nresponse = '-'", "targets.care.high promises more than a response"),
    "lesser sooner": (
        "[targets.care.medium]\nresponse = '5bh'",
        "targets.care.medium.response promises 5bh, where the graver high promises 6bh",
    ),
    "graver never": (
        "[targets.care.critical]\nresolution = '-'",
        "targets.care.high.resolution promises 15bd, where the graver critical promises nothing",
    ),
    "dearer later": (
        "[targets.business-care.critical]\nrestoration = '7h'",
        "targets.business-care.critical.restoration promises 7h, where the plan care promises 6h",
    ),
    "hours for a day": (
        "[targets.care.low]\nresponse = '72h'",
        "targets.care.low.response 72h: hours run day and night; 3d ends",
    ),
    "an hour short": ("[followup]\ngrace = '23h'", "followup.grace 23h: one short of a day"),
    "minutes for an hour": ("[targets.business-care.critical]\nresponse = '60m'", "60m: write 1h"),
    "seconds for minutes": ("[targets.business-care.critical]\nresponse = '900s'", "900s: write 15m"),
    "a minute short": ("[targets.business-care.critical]\nresponse = '59m'", "59m: one short of 1h"),
    "business hours for days": ("[targets.care.low]\nresponse = '24bh'", "24bh: 24 hours of open time"),
    "no clocks": ("[sla]\ntypes = []", "sla.types is empty"),
    "clocks of others": ("[sla]\ntypes = ['support', 'admin']", "sla.types holds 'admin'"),
    "pause at work": ("[sla]\npause = ['open']", "sla.pause holds 'open'"),
    "pause twice": ("[sla]\npause = ['awaiting-info', 'awaiting-info']", "'awaiting-info' 2 times"),
    "late warning": ("[sla]\nwarn_at_percent = 99", "hardly any time is left"),
    "early warning": ("[sla]\nwarn_at_percent = 5", "as soon as work begins"),
    "closed after a day": ("[followup]\nstages = [1]\ngrace = '1h'", "closes a case after 1 business day"),
    "closed without a reminder": ("[followup]\nstages = [10]", "without a reminder"),
    "grace": ("[followup]\nstages = [2, 3, 10]", "grace 1bd is no shorter than the gap of 1"),
    "no reopening": ("[reopen]\nwithin_days = 0", "no closed case is ever reopened"),
    "no definition": ("[severity]\nlow = ' '", "severity.low is empty"),
    "no phone": ("[phone]\nnumber = ''", "phone.number is empty"),
    "no groups": ("[product_groups]\nnames = []", "product_groups.names is empty"),
    "groups twice": ("[product_groups]\nnames = ['Voice', 'Voice']", "'Voice' 2 times"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_named_with_its_place(name: str) -> None:
    """SLA-8: each thing that looks like a slip is told with its place."""
    toml, said = SLIPS[name]
    assert any(said in warning for warning in told(toml)), told(toml)


@pytest.mark.parametrize(
    "toml",
    [
        "[targets.business-care.low]\nrestoration = '30bd'\nresolution = '60bd'",
        "[targets.business-care.critical]\nresponse = '14m'",
        "[targets.business-care.critical]\nresponse = '20m'",
        "[followup]\nstages = [3, 7]",
        "[followup]\ndays = 'calendar'",
        "[sla]\npause = []",
        "[sla]\npause = ['awaiting-info', 'solution-proposed']",
    ],
)
def test_what_looks_deliberate_is_not_complained_of(toml: str) -> None:
    """SLA-8: other promises and habits are the desk's to choose."""
    assert told(toml) == []


def test_staff_of_a_group_that_the_policy_does_not_know() -> None:
    """DC-5: staff belong to product groups that the policy names; nobody must belong to one."""
    staff = [("ben@desk.example", "Voice"), ("mia@desk.example", "Vioce"), ("ada@desk.example", None)]
    (warning,) = group_warnings(["Voice", "Routing"], staff)
    assert "'Vioce', to which mia@desk.example belongs; known here: Voice, Routing" in warning
