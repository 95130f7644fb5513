"""Where a need goes: the policy's table, with the people and the phone of whoever asks (WHERE-1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from carecli.desk import policies, serving
from carecli.domain import access, contact_us, policy_tables, whatnext
from carecli.domain.access import Right
from carecli.domain.policy_tables import Channel, Need, PhoneUse
from carecli.domain.whatnext import Directed

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.domain.people import Account


def directed(desk: Desk, words: Iterable[str] = ()) -> list[Directed]:
    """The needs that the words fit, the best first; without words all of them."""
    access.require(desk.actor, Right.READ_PEOPLE)
    document = policies.in_force(desk).document
    account, _ = serving.owned(desk, desk.actor.account)
    needs = whatnext.found(policy_tables.needs(document), words)
    return [Directed(need, _address(desk, need, account), _may_call(desk, need, account)) for need in needs]


def _address(desk: Desk, need: Need, account: Account | None) -> str | None:
    if need.channel is Channel.MAIL:
        return desk.config.mail_from
    if account is None:
        return None
    named = {
        Channel.ACCOUNT_EXECUTIVE: account.executive,
        Channel.CARE_REPRESENTATIVE: account.success_manager or account.add_ons.get("cxm"),
    }
    return named.get(need.channel)


def _may_call(desk: Desk, need: Need, account: Account | None) -> bool | None:
    """A need for the phone is one whatever the plan; others by the plan, as at opening (OPEN-8)."""
    if need.phone is PhoneUse.NO:
        return False
    designated = not desk.actor.is_contact or Right.ACT_AS_CUSTOMER in desk.actor.rights
    if need.phone is PhoneUse.NOW:
        return designated
    return contact_us.phone(account.plan if account else None, None, designated=designated).now
