"""What an account is entitled to, and the reason with the line of the policy (ACC-1, OPEN-8)."""

import tomllib
from importlib import resources

import pytest

from carecli.domain.entitlements import EntitlementKind, entitlements, known_add_ons, require_plan
from carecli.domain.people import Account
from carecli.domain.policy import Policy, from_document
from carecli.domain.vocabulary import Plan
from carecli.errors import Refused

DOCUMENT = tomllib.loads((resources.files("carecli") / "policies" / "default.toml").read_text("utf-8"))
POLICY = from_document(DOCUMENT)
OLDER = from_document({key: table for key, table in DOCUMENT.items() if key not in {"features", "add_ons"}})
CARE = Account("Harbor Clinic", Plan.CARE)
BUSINESS = Account("ABC", Plan.BUSINESS_CARE, add_ons={"cxm": "cay@desk.example"})


def told(account: Account, policy: Policy, kind: EntitlementKind) -> dict[str, bool]:
    """What an account has and has not."""
    return {one.name: one.entitled for one in entitlements(account, policy) if one.kind is kind}


@pytest.mark.parametrize("policy", [POLICY, OLDER])
def test_features_by_the_plan(policy: Policy) -> None:
    """ACC-1: every feature of any plan is told, the own plan's as had, and which line of the policy says so."""
    care = told(CARE, policy, EntitlementKind.FEATURE)
    business = told(BUSINESS, policy, EntitlementKind.FEATURE)
    assert set(care) == set(business) == {*policy.features(Plan.CARE), *policy.features(Plan.BUSINESS_CARE)}
    assert [name for name, has in care.items() if has] == list(policy.features(Plan.CARE))
    assert all(business.values())
    lines = {one.policy for one in entitlements(CARE, policy) if one.kind is EntitlementKind.FEATURE}
    assert lines == {"plans.care.features"}


@pytest.mark.parametrize("policy", [POLICY, OLDER])
def test_add_ons_with_their_person(policy: Policy) -> None:
    """ACC-1: an add-on is had where it is bought and the plan is the one that it needs."""
    assert told(CARE, policy, EntitlementKind.ADD_ON) == dict.fromkeys(
        (one.key for one in known_add_ons(policy)), False
    )
    assert told(BUSINESS, policy, EntitlementKind.ADD_ON) == {
        "cxm": True,
        "support-architect": False,
        "dedicated-specialist": False,
    }
    cxm = next(one for one in entitlements(BUSINESS, policy) if one.name == "cxm")
    assert (cxm.person, cxm.policy, cxm.rule) == ("cay@desk.example", "add_ons.cxm.requires", "ACC-1")
    care = next(one for one in entitlements(CARE, policy) if one.name == "cxm")
    assert "business-care" in care.reason


def test_the_phone() -> None:
    """OPEN-8: Business Care calls at any time; Care only where it is Critical, as the reason says."""
    assert told(BUSINESS, POLICY, EntitlementKind.CHANNEL) == {"phone": True}
    assert told(CARE, POLICY, EntitlementKind.CHANNEL) == {"phone": False}
    phone = next(one for one in entitlements(CARE, POLICY) if one.name == "phone")
    assert ("Critical" in phone.reason, phone.rule) == (True, "OPEN-8")


def test_a_refusal_says_the_same() -> None:
    """ACC-1: what is refused names the plan that is needed, and the line of the policy."""
    require_plan(Plan.BUSINESS_CARE, "cxm", POLICY)
    with pytest.raises(Refused, match=r"business-care plan only \(policy add_ons\.cxm\.requires\)"):
        require_plan(Plan.CARE, "cxm", POLICY)
