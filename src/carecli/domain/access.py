"""Who may do what: the rights of contacts by access level and of staff by role (DC-1, DC-3, DC-5)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from carecli.domain.sight import EVERYTHING, NOBODY, Sight
from carecli.domain.vocabulary import SYSTEM, Access, Role, Side, Via
from carecli.errors import CareError, NotFound, NotPermitted, Refused

if TYPE_CHECKING:
    from carecli.domain.case import Case
    from carecli.domain.people import Contact, Staff


class Right(StrEnum):
    """Something that somebody may or may not do."""

    READ_CASES = "read cases"
    ACT_AS_CUSTOMER = "open, update, close and reopen cases"
    WORK_CASES = "work cases as Customer Care"
    REASSIGN = "take a case from its owner"
    ANSWER_ESCALATIONS = "answer escalations"
    EXEMPT = "exempt time from a case's clocks"
    READ_PEOPLE = "see accounts, contacts and staff"
    TAKE_ALERTS = "take in alerts of monitoring"
    TEACH = "teach the desk which words speak for a component"
    RUN_TIME = "run the tick, or take in and deliver mail"
    SEE_HEALTH = "see how the desk is doing"
    VERIFY = "verify the record"
    BACK_UP = "copy the whole desk"
    ADMINISTER = "manage people, accounts and the desk"


CONTACT_RIGHTS: dict[Access, frozenset[Right]] = {
    Access.BASIC: frozenset({Right.READ_PEOPLE}),
    Access.READ_ONLY: frozenset({Right.READ_PEOPLE, Right.READ_CASES}),
    Access.READ_WRITE: frozenset({Right.READ_PEOPLE, Right.READ_CASES, Right.ACT_AS_CUSTOMER}),
}
AGENT_RIGHTS = frozenset(
    {Right.READ_CASES, Right.WORK_CASES, Right.READ_PEOPLE, Right.SEE_HEALTH, Right.TAKE_ALERTS}
)
MANAGER_RIGHTS = AGENT_RIGHTS | {Right.REASSIGN, Right.ANSWER_ESCALATIONS, Right.EXEMPT, Right.TEACH}
STAFF_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.AGENT: AGENT_RIGHTS,
    Role.MANAGER: MANAGER_RIGHTS,
    Role.ADMIN: MANAGER_RIGHTS | {Right.ADMINISTER, Right.RUN_TIME, Right.VERIFY, Right.BACK_UP},
}
SYSTEM_RIGHTS = frozenset(
    {Right.RUN_TIME, Right.READ_CASES, Right.SEE_HEALTH, Right.VERIFY, Right.BACK_UP, Right.TAKE_ALERTS}
)


class Actor(NamedTuple):
    """Whoever runs a command."""

    email: str
    name: str
    side: Side
    rights: frozenset[Right]
    account: str | None = None
    role: Role | None = None
    group: str | None = None
    end_users: tuple[str, ...] = ()
    """The accounts whose parent the own one is, for its Designated Contacts alone (ACC-5)."""

    @property
    def accounts(self) -> tuple[str, ...]:
        """The accounts of a contact: the own one first, then those that it is the parent of (ACC-5)."""
        return () if self.account is None else (self.account, *self.end_users)

    def acts_for(self, account: str) -> bool:
        """Whether a contact may name an account, however it is written, as one of the own (ACC-5)."""
        return account.strip().casefold() in {name.casefold() for name in self.accounts}

    @property
    def sight(self) -> Sight:
        """Which cases exist for the actor at all (DC-3, ACC-5, SR-1)."""
        if self.is_contact:
            return Sight(self.accounts, self.email)
        return EVERYTHING if self.role is Role.ADMIN else Sight(None, NOBODY)

    @property
    def is_staff(self) -> bool:
        """Whether this is a member of staff."""
        return self.side is Side.STAFF

    @property
    def is_contact(self) -> bool:
        """Whether this is somebody at an account."""
        return self.side is Side.CONTACT


def contact_actor(contact: Contact, end_users: Sequence[str] = ()) -> Actor:
    """The actor that a contact is; of a reseller's only Designated Contacts reach its end-users (ACC-5)."""
    rights = CONTACT_RIGHTS[contact.access]
    reached = tuple(end_users) if contact.designated else ()
    return Actor(contact.email, contact.name, Side.CONTACT, rights, account=contact.account, end_users=reached)


def staff_actor(staff: Staff) -> Actor:
    """The actor that a member of staff is."""
    rights = STAFF_RIGHTS[staff.role]
    return Actor(staff.email, staff.name, Side.STAFF, rights, role=staff.role, group=staff.group)


SYSTEM_ACTOR = Actor(SYSTEM, SYSTEM, Side.SYSTEM, SYSTEM_RIGHTS)


class Act(NamedTuple):
    """An act under way: who answers for it, on which side, through which channel.

    For a phone call that staff log, `by` is the caller and `logged_by` the member of staff (UPD-1).
    """

    by: str
    side: Side
    via: Via
    logged_by: str | None = None


def require(actor: Actor, right: Right) -> None:
    """Let the actor pass, or raise NotPermitted saying what to do instead (DC-1, DC-5)."""
    if right not in actor.rights:
        raise NotPermitted(f"{actor.email} may not {right.value}", hint=_instead(actor, right), rule=_rule(actor))


def require_opening(actor: Actor) -> None:
    """Let whoever may open a case pass: a Designated Contact, or staff on behalf of one (OPEN-10)."""
    require(actor, Right.ACT_AS_CUSTOMER if actor.is_contact else Right.WORK_CASES)


def may_see(actor: Actor, account: str) -> bool:
    """Whether an account is there for the actor (DC-3, ACC-5)."""
    return actor.sight.account(account)


def seen(actor: Actor, case: Case | None, number: str) -> Case:
    """The case, or NotFound in the same words for none and for one that is not for the actor (DC-3, SR-1)."""
    require(actor, Right.READ_CASES)
    if case is None or not actor.sight.case(case):
        raise unknown_case(number)
    return case


def unknown_case(number: str) -> CareError:
    """The one answer for a case that is not there for the actor (DC-3)."""
    return NotFound(f"there is no case {number}", hint="`care list` shows the cases you can see", rule="DC-3")


def require_fit(staff: Staff, case: Case) -> None:
    """Raise Refused where a member of staff would own or answer a case that he may not see (SR-1)."""
    if not staff_actor(staff).sight.case(case):
        raise Refused(
            f"{staff.email} may not see data-privacy requests",
            hint="only admins own them; `care staff list` shows who they are",
            rule="SR-1",
        )


def require_assignment(actor: Actor, case: Case, to: str) -> None:
    """Agents take cases and hand on their own; taking one from another needs a manager (DC-5)."""
    require(actor, Right.WORK_CASES)
    if case.owner not in {None, actor.email, to}:
        require(actor, Right.REASSIGN)


def require_answering(actor: Actor, addressed: Sequence[str]) -> None:
    """An escalation is answered by a manager, or by whoever of staff it is addressed to (ESC-1)."""
    if not (actor.is_staff and actor.email.casefold() in {email.casefold() for email in addressed}):
        require(actor, Right.ANSWER_ESCALATIONS)


_STAFF_INSTEAD = {
    Right.ACT_AS_CUSTOMER: "log a caller's act with --via phone",
    Right.REASSIGN: "ask a manager to reassign it",
    Right.EXEMPT: "ask a manager; `care staff list` shows who they are",
    Right.ANSWER_ESCALATIONS: "a manager answers it, or whom it is addressed to; "
    "`care staff list` shows who they are",
}


def _instead(actor: Actor, right: Right) -> str:
    if actor.is_contact and right in {Right.ACT_AS_CUSTOMER, Right.READ_CASES}:
        return "ask a Designated Contact of your account; `care contact list` shows who they are"
    if actor.is_contact and right is Right.ANSWER_ESCALATIONS:
        return "Customer Care answers; take it back with `care escalate NUMBER --withdraw`"
    if actor.is_contact and right in {Right.WORK_CASES, Right.EXEMPT}:
        return "this is Customer Care's to do; ask for it with `care update NUMBER -m TEXT`"
    if actor.is_contact:
        return "this is Customer Care's to do; who you are here comes from --as, CARE_AS or the config file"
    return _STAFF_INSTEAD.get(right, "ask an admin of this desk; `care staff list` shows who they are")


def _rule(actor: Actor) -> str:
    return "DC-1" if actor.is_contact else "DC-5"
