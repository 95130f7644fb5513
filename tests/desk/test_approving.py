"""Admin cases: what they ask for is applied once an admin approves it (ADM-1)."""

from collections.abc import Callable
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, BEN, BOB, DANA, LENA, MIA, OMAR, ROSA, SAM, Office, plain

from carecli.desk import approving, cases, directory
from carecli.desk.desk import Desk
from carecli.domain.events import Kind
from carecli.domain.people import Contact
from carecli.domain.vocabulary import Access, CaseType, Via
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused


def asked(office: Office, subtype: str | None, at: str = "Mon 09:00", who: str = DANA, **fields: str) -> int:
    """Open an admin case that asks for something."""
    form: dict[str, Any] = {"type": CaseType.ADMIN, "subtype": subtype, "fields": fields}
    return office.open(at, who, deployment=None, service=None, stage=None, impact=None, priority=None, **form)


def contact(office: Office, email: str) -> Contact:
    """A contact as it is stored."""
    with office.store.read() as record:
        found = record.contact(email)
    assert found is not None
    return found


def test_another_access_level(office: Office) -> None:
    """ADM-1: a Designated Contact asks for a colleague; an admin's approval applies it and closes the case."""
    number = asked(office, "access-level", person=ROSA, access="Read-Write")
    assert office.case(number).fields == {"person": ROSA, "access": "read-write"}
    approving.approve(office.by(ADA, "Mon 10:00"), number, "Welcome, Rosa.")
    assert contact(office, ROSA).access is Access.READ_WRITE
    case = office.case(number)
    assert (case.standing.substatus, case.closed_by) == ("resolved", ADA)
    told = next(e.event for e in office.history(number) if e.event.kind is Kind.CHANGE_APPROVED)
    assert told.data["changes"] == {"access": ["read-only", "read-write"]}
    with office.store.read() as record:
        changed = [e.event for e in record.events() if e.event.kind is Kind.CONTACT_CHANGED]
    assert [(e.actor, e.data["email"], e.data["access"]) for e in changed] == [(ADA, ROSA, "read-write")]
    cases.update(office.by(ROSA, "Mon 11:00"), office.open("Mon 10:30"), "I may now.")
    assert office.differences() == []


def test_other_contact_data(office: Office) -> None:
    """ADM-1: name and telephone, the asker's own where nobody is named; what is not asked for stays."""
    number = asked(office, "contact-data", name="Dana Reyes-Ortiz", phone="+1 555 010 0199")
    before = contact(office, DANA)
    approving.approve(office.by(ADA, "Mon 10:00"), number)
    assert contact(office, DANA) == before._replace(name="Dana Reyes-Ortiz", phone="+1 555 010 0199")
    office.tick("Mon 10:01")
    mail = plain(office.delivered()[-1])
    assert f"What you asked for in case {number:010d} is approved and done." in " ".join(mail.split())
    assert f"For {DANA}:" in mail
    assert "phone: - -> +1 555 010 0199" in mail


def test_a_forgotten_pin(office: Office) -> None:
    """ADM-1, DC-4: the PIN is taken away and no other is told to anybody; the contact sets a new one."""
    directory.edit_contact(office.by(DANA, "Mon 08:00"), DANA, pin="4711")
    number = asked(office, "pin-reset")
    with office.store.read() as record:
        assert record.pin_hash(DANA)
    approving.approve(office.by(ADA, "Mon 10:00"), number)
    with office.store.read() as record:
        assert record.pin_hash(DANA) is None
    with pytest.raises(NotPermitted, match="not the PIN"):
        cases.update(office.by(SAM, "Mon 11:00"), office.open("Mon 10:30"), "x", via=Via.PHONE, pin="4711")
    office.tick("Mon 11:01")
    assert f"care contact edit {DANA} --pin -" in "".join(map(plain, office.delivered()))
    directory.edit_contact(office.by(DANA, "Mon 12:00"), DANA, pin="0815")
    with office.store.read() as record:
        assert record.pin_hash(DANA)
    assert office.differences() == []


def test_declined(office: Office) -> None:
    """ADM-1: nothing is changed, the case closes as cancelled, and the asker is told why."""
    number = asked(office, "access-level", person=BOB, access="read-write")
    approving.decline(office.by(ADA, "Mon 10:00"), number, "Bob has left.")
    assert contact(office, BOB).access is Access.BASIC
    assert office.case(number).standing.substatus == "cancelled"
    assert [(mail.kind.value, mail.to) for mail in office.mails(number)][1:] == [("change-declined", DANA)]
    with pytest.raises(Refused, match="not possible while the case is closed"):
        approving.approve(office.by(ADA, "Mon 11:00"), number)
    with pytest.raises(Invalid, match="the text is empty"):
        approving.decline(office.by(ADA, "Mon 11:00"), asked(office, "pin-reset"), " ")
    assert office.differences() == []


ACTS: dict[str, Callable[[Desk, int], Any]] = {
    "approve": lambda desk, number: approving.approve(desk, number),
    "decline": lambda desk, number: approving.decline(desk, number, "No."),
}


@pytest.mark.parametrize("who", [DANA, ROSA, BOB, SAM, BEN, MIA, "system"])
def test_admins_alone(office: Office, who: str) -> None:
    """ADM-1, DC-5: nobody but an admin approves or declines, whoever asked."""
    number = asked(office, "access-level", person=ROSA, access="read-write")
    before = office.dump()
    for act in ACTS.values():
        with pytest.raises(NotPermitted):
            act(office.by(who, "Mon 10:00"), number)
    assert office.dump() == before


WRONG: tuple[tuple[str, dict[str, str], type[CareError], str], ...] = (
    ("access-level", {"access": "root"}, Invalid, "access cannot be 'root'"),
    ("access-level", {"access": "basic", "person": LENA}, NotFound, f"{ABC} has no active contact {LENA}"),
    ("access-level", {"access": "basic", "person": "x"}, NotFound, f"{ABC} has no active contact x"),
    ("access-level", {"access": "basic", "person": SAM}, NotFound, f"{ABC} has no active contact {SAM}"),
    ("contact-data", {"name": "a\x1b[31mb"}, Invalid, "no name for a person"),
    ("pin-reset", {"person": LENA}, NotFound, f"{ABC} has no active contact {LENA}"),
    ("sesame", {}, Invalid, "no sub-type of admin"),
)


@pytest.mark.parametrize(("subtype", "fields", "error", "says"), WRONG)
def test_what_cannot_be_asked_for(
    office: Office, subtype: str, fields: dict[str, str], error: type[CareError], says: str
) -> None:
    """ADM-1, DC-3: what could not be applied opens no case; another account's contact is as unknown as nobody."""
    before = office.dump()
    with pytest.raises(error) as refusal:
        asked(office, subtype, **fields)
    assert says in refusal.value.message
    assert office.dump() == before


INCOMPLETE = (
    ("access-level", {"person": ROSA}, {"access": "Read-Write"}, "--field access=basic|read-only|read-write"),
    ("contact-data", {"person": ROSA}, {"phone": "+1 555 010 0199"}, "--field name=... or --field phone=..."),
)


@pytest.mark.parametrize(("subtype", "fields", "later", "options"), INCOMPLETE)
def test_what_is_asked_for_may_be_told_later(
    office: Office, subtype: str, fields: dict[str, str], later: dict[str, str], options: str
) -> None:
    """ADM-1, OPEN-4, ROUTE-1: an incomplete wish opens a case that cannot be approved until it is told."""
    number = asked(office, subtype, **fields)
    assert office.case(number).intake["assessment"]["missing"]
    with pytest.raises(Refused) as refusal:
        approving.approve(office.by(ADA, "Mon 10:00"), number)
    assert (refusal.value.rule, refusal.value.hint) == (
        "ADM-1",
        f"it is added with care update {number:010d} {options}",
    )
    with pytest.raises(NotFound):
        cases.update(office.by(DANA, "Mon 10:10"), number, "For Lena.", fields=later | {"person": LENA})
    cases.update(office.by(DANA, "Mon 10:20"), number, "", fields=later)
    assert office.case(number).intake["assessment"]["missing"] == []
    approving.approve(office.by(ADA, "Mon 10:30"), number)
    changed = contact(office, ROSA)
    assert (changed.access, changed.phone)[subtype == "contact-data"] in {Access.READ_WRITE, later.get("phone")}
    assert office.differences() == []


@pytest.mark.parametrize("subtype", [None, "login", "portal"])
def test_what_only_a_person_can_do(office: Office, subtype: str | None) -> None:
    """ADM-1: other admin cases, those of before among them, ask for nothing to be applied: they are answered."""
    number = asked(office, subtype)
    with pytest.raises(Refused, match="asks for nothing that could be applied"):
        approving.approve(office.by(ADA, "Mon 10:00"), number)
    approving.decline(office.by(ADA, "Mon 11:00"), number, "The portal is the other team's.")
    assert office.case(number).closed_at


def test_what_has_changed_meanwhile(office: Office) -> None:
    """ADM-1: what is so already is not applied again, nor anything for a contact who has gone."""
    first = asked(office, "access-level", person=OMAR, access="read-write")
    with pytest.raises(Refused, match=f"{OMAR} has what is asked for already"):
        approving.approve(office.by(ADA, "Mon 10:00"), first)
    second = asked(office, "access-level", at="Mon 09:10", person=OMAR, access="basic")
    directory.deactivate_contact(office.by(ADA, "Mon 10:00"), OMAR)
    with pytest.raises(NotFound, match=f"no active contact {OMAR}"):
        approving.approve(office.by(ADA, "Mon 10:10"), second)
    assert not office.case(second).closed_at


@pytest.mark.parametrize("act", ACTS)
def test_only_admin_cases(office: Office, act: str) -> None:
    """ADM-1: a case of another type has nothing to approve."""
    number = office.open("Mon 09:00")
    with pytest.raises(Refused, match="is no admin case, but support"):
        ACTS[act](office.by(ADA, "Mon 10:00"), number)
