"""Who may do what: contacts by access level, staff by role, and what exists for whom (DC-1, DC-3, DC-5, ACC-4)."""

import pytest
from notation import history

from carecli.domain import access
from carecli.domain.access import SYSTEM_ACTOR, Actor, Right, contact_actor, staff_actor
from carecli.domain.people import Contact, Staff
from carecli.domain.vocabulary import Access, Role
from carecli.errors import NotFound, NotPermitted

ACCOUNT = "ABC Testing Co"
CASE = history("Mon 09:00 opened high").case


def contact(level: Access, account: str = ACCOUNT) -> Actor:
    return contact_actor(Contact("lee@abc.example", "Lee", account, level))


def staff(role: Role, email: str = "sam@desk.example") -> Actor:
    return staff_actor(Staff(email, "Sam", role))


ACTORS = {
    "basic": contact(Access.BASIC),
    "read-only": contact(Access.READ_ONLY),
    "read-write": contact(Access.READ_WRITE),
    "agent": staff(Role.AGENT),
    "manager": staff(Role.MANAGER),
    "admin": staff(Role.ADMIN),
    "system": SYSTEM_ACTOR,
}

# SPEC DC-1, DC-5, DC-6 and CLI.md, Actors: who has each right.
RIGHTS = [
    (Right.READ_CASES, {"read-only", "read-write", "agent", "manager", "admin", "system"}),
    # staff act for a contact on the phone, never as one
    (Right.ACT_AS_CUSTOMER, {"read-write"}),
    (Right.WORK_CASES, {"agent", "manager", "admin"}),
    (Right.REASSIGN, {"manager", "admin"}),
    (Right.ANSWER_ESCALATIONS, {"manager", "admin"}),
    # everyone at the account sees who has which access (DC-6)
    (Right.READ_PEOPLE, {"basic", "read-only", "read-write", "agent", "manager", "admin"}),
    (Right.TAKE_ALERTS, {"agent", "manager", "admin", "system"}),
    # a manager's word beside the figures (SLA-9)
    (Right.EXEMPT, {"manager", "admin"}),
    (Right.TEACH, {"manager", "admin"}),
    (Right.RUN_TIME, {"admin", "system"}),
    # all staff see a late tick and ask what is behind it (TICK-4)
    (Right.SEE_HEALTH, {"agent", "manager", "admin", "system"}),
    (Right.VERIFY, {"admin", "system"}),
    # cron copies the desk each night (AUD-2)
    (Right.BACK_UP, {"admin", "system"}),
    (Right.ADMINISTER, {"admin"}),
]


@pytest.mark.parametrize(("right", "holders"), RIGHTS)
@pytest.mark.parametrize("who", ACTORS)
def test_who_has_which_right(who: str, right: Right, holders: set[str]) -> None:
    """DC-1: an access level gives a contact these rights and no other (staff roles: DC-5)."""
    if who in holders:
        access.require(ACTORS[who], right)
    else:
        with pytest.raises(NotPermitted) as refusal:
            access.require(ACTORS[who], right)
        assert refusal.value.hint
        assert refusal.value.rule == ("DC-1" if ACTORS[who].is_contact else "DC-5")


def test_every_right_is_in_the_table() -> None:
    """DC-5: no right exists that the table above does not prove."""
    assert {right for right, _ in RIGHTS} == set(Right)


@pytest.mark.parametrize("level", [Access.READ_ONLY, Access.READ_WRITE])
def test_another_accounts_case_does_not_exist(level: Access) -> None:
    """DC-3: the number of another account's case answers exactly as one that was never given."""
    stranger = contact(level, "Other Co")
    with pytest.raises(NotFound) as theirs:
        access.seen(stranger, CASE, "0000000042")
    with pytest.raises(NotFound) as never:
        access.seen(stranger, None, "0000000042")
    assert theirs.value.document() == never.value.document()
    assert theirs.value.exit_status == never.value.exit_status


def test_a_basic_contact_learns_nothing_from_a_number() -> None:
    """DC-3: without the right to see cases the own account's, another's and no case answer the same."""
    answers = []
    for account, case in ((ACCOUNT, CASE), ("Other Co", CASE), (ACCOUNT, None)):
        with pytest.raises(NotPermitted) as refusal:
            access.seen(contact(Access.BASIC, account), case, "0000000042")
        answers.append(refusal.value.document())
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("who", ["read-only", "read-write", "agent", "manager", "admin", "system"])
def test_a_case_is_seen_by_its_account_and_the_desk(who: str) -> None:
    """DC-1: contacts of the account see its cases, whoever raised them, and the desk sees all."""
    assert access.seen(ACTORS[who], CASE, "42") is CASE


@pytest.mark.parametrize("name", ["abc testing co", "ABC Testing Co ", "", "ABC"])
def test_an_account_is_matched_whole(name: str) -> None:
    """DC-3: a name that is nearly the account's is another account."""
    assert not access.may_see(contact(Access.READ_WRITE, name), ACCOUNT)


ASSIGNMENTS = [
    # who, the present owner, the next: may it be?
    ("agent", None, "sam@desk.example", True),
    ("agent", None, "ann@desk.example", True),
    ("agent", "sam@desk.example", "ann@desk.example", True),
    ("agent", "ann@desk.example", "sam@desk.example", False),
    ("agent", "ann@desk.example", "bob@desk.example", False),
    ("manager", "ann@desk.example", "bob@desk.example", True),
    ("admin", "ann@desk.example", "sam@desk.example", True),
    ("read-write", None, "sam@desk.example", False),
    ("system", None, "sam@desk.example", False),
]


@pytest.mark.parametrize(("who", "owner", "to", "taken"), ASSIGNMENTS)
def test_who_assigns(who: str, owner: str | None, to: str, taken: bool) -> None:
    """DC-5: agents take cases and hand on their own; taking one from another is a manager's."""
    case = CASE._replace(owner=owner)
    if taken:
        access.require_assignment(ACTORS[who], case, to)
    else:
        with pytest.raises(NotPermitted):
            access.require_assignment(ACTORS[who], case, to)


def test_only_customer_care_sets_a_severity() -> None:
    """SEV-1: the right that `care priority` asks for is held by staff alone."""
    assert {who for who, actor in ACTORS.items() if Right.WORK_CASES in actor.rights} == {
        "agent",
        "manager",
        "admin",
    }


@pytest.mark.parametrize(
    ("level", "active", "designated"),
    [
        (Access.READ_WRITE, True, True),
        (Access.READ_WRITE, False, False),
        (Access.READ_ONLY, True, False),
        (Access.BASIC, True, False),
    ],
)
def test_a_designated_contact(level: Access, active: bool, designated: bool) -> None:
    """OPEN-10: a Designated Contact has read-write access and is active."""
    assert Contact("lee@abc.example", "Lee", ACCOUNT, level, active=active).designated == designated
