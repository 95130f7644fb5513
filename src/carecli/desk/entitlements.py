"""What an account is entitled to, as the policy in force says (ACC-1, OPEN-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carecli.desk import directory
from carecli.domain import entitlements
from carecli.domain.vocabulary import Plan
from carecli.errors import Invalid

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.entitlements import Entitlement


class Entitled(NamedTuple):
    """An account, its plan, and all that it has or has not."""

    account: str
    plan: Plan
    entitlements: tuple[Entitlement, ...]


def of_account(desk: Desk, name: str | None = None) -> Entitled:
    """What an account is entitled to, without a name the actor's own; raises NotFound as for any other (DC-3)."""
    wanted = name or desk.actor.account
    if wanted is None:
        raise Invalid(
            "name the account", hint="care account entitlements NAME; `care account list` shows them", rule="ACC-1"
        )
    account = directory.account(desk, wanted).account
    with desk.reading() as reading:
        policy = desk.rulebook.in_force(reading, desk.settings)
    return Entitled(account.name, account.plan, entitlements.entitlements(account, policy))
