"""What an account is entitled to, each with the reason and the line of the policy that says so (ACC-1, OPEN-8)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from carecli.domain import contact_us, policy_tables
from carecli.domain.people import Account
from carecli.domain.policy import Policy
from carecli.domain.policy_tables import AddOn
from carecli.domain.vocabulary import Plan
from carecli.errors import Refused

OLDER_ADD_ONS: Final = ("cxm", "support-architect", "dedicated-specialist")
"""The add-ons of policies that were kept before they described any."""


class EntitlementKind(StrEnum):
    """What somebody may be entitled to: part of a plan, bought beside it, or a way to reach Customer Care."""

    FEATURE = "feature"
    ADD_ON = "add-on"
    CHANNEL = "channel"


class Entitlement(NamedTuple):
    """Something that an account has or has not, and why; `person` is whom an add-on names.

    `policy` is the place in the policy that says so, `rule` the rule that the program follows.
    """

    kind: EntitlementKind
    name: str
    entitled: bool
    reason: str
    policy: str
    rule: str
    person: str | None = None
    description: str | None = None


def entitlements(account: Account, policy: Policy) -> tuple[Entitlement, ...]:
    """Everything that any plan, add-on or channel offers, as it stands for an account."""
    return (*_features(account, policy), *_add_ons(account, policy), _phone(account))


def _features(account: Account, policy: Policy) -> Iterator[Entitlement]:
    described = policy_tables.descriptions(policy.document)
    every = (name for plan in (account.plan, *Plan) for name in policy.features(plan))
    for name in dict.fromkeys((*every, *described)):
        has = [plan for plan in Plan if name in policy.features(plan)]
        entitled = account.plan in has
        plans = " and ".join(has)
        reason = f"{account.plan} has it" if entitled else f"{plans or 'no plan'} has it, {account.plan} does not"
        line = f"plans.{account.plan}.features"
        told = described.get(name)
        yield Entitlement(EntitlementKind.FEATURE, name, entitled, reason, line, "ACC-1", description=told)


def _add_ons(account: Account, policy: Policy) -> Iterator[Entitlement]:
    for one in known_add_ons(policy):
        person = account.add_ons.get(one.key)
        fits = account.plan is one.requires
        if not fits:
            reason = f"it needs {one.requires}, the plan is {account.plan}"
        elif person:
            reason = f"bought: {person}"
        else:
            reason = "not bought; the account executive sells it"
        yield Entitlement(
            EntitlementKind.ADD_ON,
            one.key,
            fits and person is not None,
            reason,
            f"add_ons.{one.key}.requires",
            "ACC-1",
            person,
            one.description or None,
        )


def _phone(account: Account) -> Entitlement:
    """Whether the account's Designated Contacts may call now, whatever the case is about (OPEN-8)."""
    usable = contact_us.phone(account.plan, None, designated=True)
    line = f"plans.{account.plan}.features"
    reason = contact_us.PHONE[account.plan]
    return Entitlement(EntitlementKind.CHANNEL, "phone", bool(usable.now), reason, line, usable.rule)


def known_add_ons(policy: Policy) -> tuple[AddOn, ...]:
    """The add-ons that there are; those of older policies go with Business Care."""
    described = policy_tables.add_ons(policy.document)
    return described or tuple(AddOn(key, key, Plan.BUSINESS_CARE, "") for key in OLDER_ADD_ONS)


def require_plan(plan: Plan, bought: str, policy: Policy) -> None:
    """Raise Refused where an add-on does not go with the plan, saying by which line of the policy (ACC-1)."""
    one = next(add_on for add_on in known_add_ons(policy) if add_on.key == bought)
    if plan is not one.requires:
        raise Refused(
            f"the add-on {one.key} goes with the {one.requires} plan only (policy add_ons.{one.key}.requires)",
            hint=f"--plan {one.requires}, or leave it out; --remove-add-on {one.key} takes it off",
            rule="ACC-1",
        )
