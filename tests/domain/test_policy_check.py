"""What is wrong with a policy file: one message for each fault, all at once (SLA-1, FU-2, SLA-4)."""

import tomllib
from typing import Any

import pytest
from notation import policy, shipped

from carecli.domain import policy_check
from carecli.domain.policy import from_document
from carecli.domain.vocabulary import Plan, Status

MODEL = shipped()


def faults(toml: str) -> list[str]:
    return list(policy_check.problems(tomllib.loads(toml), MODEL))


FAULTS = [
    # a policy file; what its one message must say
    # typos, with what was meant
    ("[folowup]\ndays = 'business'", ["'folowup'", "did you mean 'followup'"]),
    ("[followup]\nstagse = [2, 5, 10]", ["'followup.stagse'", "did you mean 'stages'"]),
    ("[targets.bussiness-care.high]\nresponse = '2bh'", ["targets.bussiness-care", "'business-care'"]),
    ("[targets.care.urgent]\nresponse = '2bh'", ["targets.care.urgent", "critical, high, low, medium"]),
    ("[targets.care.high]\nrestoraton = '4bd'", ["targets.care.high.restoraton", "'restoration'"]),
    # nothing near: what is known
    ("[zzz]", ["'zzz'", "followup", "targets"]),
    # wrong types
    ("[followup]\nstages = 10", ["followup.stages", "a list", "a whole number"]),
    ("[followup]\nstages = [2, '5']", ["followup.stages", "a whole number only"]),
    ("[followup]\nstages = [2, true]", ["followup.stages", "a whole number only"]),
    ("[sla]\nwarn_at_percent = '75'", ["sla.warn_at_percent", "a whole number", "text"]),
    ("[sla]\nwarn_at_percent = 75.5", ["sla.warn_at_percent", "a whole number"]),
    ("[reopen]\nrefuse_resolved = 1", ["reopen.refuse_resolved", "true or false", "a whole number"]),
    ("[reopen]\nwithin_days = true", ["reopen.within_days", "a whole number", "true or false"]),
    ("sla = 3", ["sla", "a table"]),
    ("[targets.care.high]\nresponse = 6", ["targets.care.high.response", "text", "a whole number"]),
    # amounts
    ("[targets.care.high]\nresponse = '6 bh'", ["targets.care.high.response", "6 bh"]),
    ("[targets.care.high]\nresponse = '6'", ["targets.care.high.response", "'6'"]),
    ("[targets.care.high]\nresponse = ''", ["targets.care.high.response"]),
    ("[targets.care.high]\nresponse = '-4h'", ["targets.care.high.response", "-4h"]),
    ("[followup]\ngrace = '-'", ["followup.grace"]),
    ("[followup]\ngrace = '1 day'", ["followup.grace", "1 day"]),
    # stages
    ("[followup]\nstages = []", ["followup.stages", "[2, 5, 10]"]),
    ("[followup]\nstages = [5, 2, 10]", ["followup.stages", "rising"]),
    ("[followup]\nstages = [2, 2, 10]", ["followup.stages", "rising"]),
    ("[followup]\nstages = [0, 5]", ["followup.stages", "from 1"]),
    ("[followup]\nstages = [2, 99999]", ["followup.stages"]),
    # choices
    ("[followup]\ndays = 'working'", ["followup.days", "working", "business, calendar"]),
    ("[followup]\ncatch_up = 'faster'", ["followup.catch_up", "pace, replay"]),
    ("[sla]\nraise_base = 'from-start'", ["sla.raise_base", "from-raise, from-open"]),
    ("[sla]\npause = ['awaiting info']", ["sla.pause", "awaiting info", "awaiting-info"]),
    ("[sla]\ntypes = ['problem']", ["sla.types", "problem", "support"]),
    # bounds
    ("[sla]\nwarn_at_percent = 0", ["sla.warn_at_percent", "1 and 99"]),
    ("[sla]\nwarn_at_percent = 100", ["sla.warn_at_percent", "1 and 99"]),
    ("[reopen]\nwithin_days = -1", ["reopen.within_days", "0 and"]),
    ("[list]\npage_size = 0", ["list.page_size", "1 and"]),
]


@pytest.mark.parametrize(("toml", "says"), FAULTS, ids=[toml.replace("\n", " ") for toml, _ in FAULTS])
def test_each_fault_has_one_message(toml: str, says: list[str]) -> None:
    """SLA-8: a fault in a policy file is told once, with its place and what would be right."""
    (message,) = faults(toml)
    for words in says:
        assert words in message


def test_all_faults_at_once() -> None:
    """SLA-8: every fault of a policy file is told in one go."""
    messages = faults(
        "\n".join(
            [
                "[folowup]",
                "[followup]",
                "stages = [5, 2]",
                "grace = 'soon'",
                "[sla]",
                "pause = ['nap', 'awaiting-info', 'lunch']",
                "warn_at_percent = 175",
                "[targets.care.high]",
                "response = '6 bh'",
            ]
        )
    )
    assert len(messages) == 7
    assert sum("sla.pause" in message for message in messages) == 2


RIGHT = [
    "",
    "[targets.care.low]\nrestoration = '30bd'",
    "[targets.care.critical]\nresponse = '-'",
    "[sla]\npause = []",
    "[sla]\npause = ['awaiting-info', 'service-restored']",
    "[followup]\nstages = [10]",
    "[reopen]\nwithin_days = 0",
    "[mail]\nquiet_hours = true",
]


@pytest.mark.parametrize("toml", RIGHT)
def test_what_is_right_is_not_complained_of(toml: str) -> None:
    """SLA-4: a policy may leave out what it does not change, pause nowhere, and promise more or nothing."""
    assert faults(toml) == []


@pytest.mark.parametrize("name", ["default", "guide", "process-2025"])
def test_the_shipped_policies_are_right(name: str) -> None:
    """SLA-1: the policies that are shipped pass their own check."""
    assert list(policy_check.problems(shipped(name), MODEL)) == []


@pytest.mark.parametrize("amount", ["6 bh", "soon", "6x"])
def test_a_bad_amount_says_how_amounts_are_written(amount: str) -> None:
    """SLA-8: the message on a bad amount holds a right one, as its docstring promises a remedy."""
    (message,) = faults(f"[targets.care.high]\nresponse = '{amount}'")
    assert "6bh" in message or "business" in message


def test_a_policy_names_only_what_differs() -> None:
    """SLA-8: what a policy leaves out is the default's, table by table, and the default stays as it was."""
    before = str(MODEL)
    merged = policy_check.merged(MODEL, {"sla": {"pause": []}, "targets": {"care": {"high": {"response": "1bh"}}}})
    assert merged["sla"]["pause"] == []
    assert merged["sla"]["warn_at_percent"] == 75
    assert merged["targets"]["care"]["high"] == {"response": "1bh", "restoration": "4bd", "resolution": "15bd"}
    assert str(MODEL) == before


def test_what_the_default_policy_says() -> None:
    """FU-2: the defaults are those that SPEC names."""
    default = policy()
    assert (default.stages, default.follow_up_in_business_days, str(default.grace)) == ((2, 5, 10), True, "1bd")
    assert (default.warn_percent, default.pauses, default.raise_from_open) == (
        75,
        frozenset({Status.AWAITING_INFO}),
        False,
    )
    assert (default.reopen_within_days, default.refuses_resolved) == (30, False)
    assert (default.clock_types, default.replays_by_default) == (frozenset({"support", "incident"}), False)
    assert (default.opening["subject_max"], default.opening["description_min_words"]) == (100, 10)
    assert (default.phone["ask_pin"], default.quiet_hours) == (False, False)
    assert default.document["sla"]["restoration_goal_percent"] == 95
    assert (default.document["list"]["page_size"], len(default.document["product_groups"]["names"])) == (25, 5)


def test_what_the_other_policies_change() -> None:
    """FU-2: the guide's policy never pauses and refuses the resolved; that of 2025 counts plain days."""
    guide, process = policy(shipped("guide")), policy(shipped("process-2025"))
    assert (guide.pauses, guide.refuses_resolved, guide.follow_up_in_business_days) == (frozenset(), True, True)
    assert (process.pauses, process.refuses_resolved, process.follow_up_in_business_days) == (
        frozenset({Status.AWAITING_INFO}),
        False,
        False,
    )


def test_a_plan_has_features() -> None:
    """ACC-1: each plan's features are policy, Business Care's all of Care's and phone support."""
    care, business = policy().features(Plan.CARE), policy().features(Plan.BUSINESS_CARE)
    assert set(care) < set(business)
    assert any("phone" in feature for feature in business)
    assert not any("phone" in feature for feature in care)


def test_a_document_without_a_promise_has_no_target() -> None:
    """SLA-1: `-` promises nothing."""
    document: dict[str, Any] = policy_check.merged(MODEL, {"targets": {"care": {"high": {"response": "-"}}}})
    assert len(from_document(document).targets) == len(policy().targets) - 1
