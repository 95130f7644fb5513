"""How Customer Care is reached, and which ways are open to whom (WHERE-1, OPEN-8)."""

from enum import StrEnum
from typing import NamedTuple

from carecli.domain.vocabulary import Plan, Priority


class WayKind(StrEnum):
    """A way to reach Customer Care."""

    PORTAL = "portal"
    PHONE = "phone"
    MAIL = "mail"


class Usable(NamedTuple):
    """Whether a way may be used now, None where that depends on the account; why, and the rule."""

    now: bool | None
    reason: str
    rule: str


class Way(NamedTuple):
    """A way to reach Customer Care: a command, a number or an address.

    `product` and `region` tell which phone it is; `own` marks the region of the account.
    """

    kind: WayKind
    address: str
    usable: Usable
    product: str | None = None
    services: tuple[str, ...] = ()
    region: str | None = None
    own: bool | None = None


class Ways(NamedTuple):
    """All the ways, and for whom they were told."""

    account: str | None
    plan: Plan | None
    priority: Priority | None
    region: str | None
    ways: tuple[Way, ...]
    end_users: tuple[str, ...] = ()
    """The accounts that whoever asks acts for beside it, and may ask for instead (ACC-5)."""


PHONE: dict[Plan, str] = {
    Plan.BUSINESS_CARE: "Business Care has phone support at all times",
    Plan.CARE: "Care has phone support for Critical issues only",
}
_CALL = "open the case as High, then call to have it raised"


def phone(plan: Plan | None, priority: Priority | None, *, designated: bool) -> Usable:
    """Whether somebody may call now: Business Care at all times, Care when the issue is Critical (OPEN-8)."""
    if not designated:
        return Usable(False, "Designated Contacts call; `care contact list` shows who they are", "DC-1")
    if plan is None:
        return Usable(None, f"{PHONE[Plan.BUSINESS_CARE]}; {PHONE[Plan.CARE]}", "OPEN-8")
    if plan is Plan.BUSINESS_CARE:
        return Usable(True, PHONE[plan], "OPEN-8")
    if priority is Priority.CRITICAL:
        return Usable(True, f"{PHONE[plan]}, as this one: {_CALL}", "OPEN-8")
    instead = f"where it is Critical, {_CALL}" if priority is None else "open the case with `care open`"
    return Usable(False, f"{PHONE[plan]}: {instead}", "OPEN-8")


def portal(*, designated: bool) -> Usable:
    """Whether somebody may open cases by command: Designated Contacts of every account (OPEN-8, DC-1)."""
    if designated:
        return Usable(True, "open to every account at all times", "OPEN-8")
    return Usable(False, "Designated Contacts open cases; `care contact list` shows who they are", "DC-1")


def mail(*, designated: bool) -> Usable:
    """What mail is for: replies to mails of a case; a mail opens none (MAIL-2, MAIL-4)."""
    if designated:
        return Usable(True, "replies to mails of a case, and a login that fails; a mail opens no case", "MAIL-4")
    return Usable(False, "a login that fails; replies of Designated Contacts alone are taken up", "MAIL-2")
