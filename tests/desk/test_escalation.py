"""Escalations at a real desk: who raises and answers them, whom they are mailed to, where they show (ESC-1)."""

import sqlite3
from typing import Any

import pytest
from desk_fixtures import ABC, ADA, BEN, BOB, DANA, HARBOR, LENA, MIA, OMAR, ROSA, SAM, Office, ask, numbers, yes
from engine import open_store

from carecli.desk import cases, directory, escalation, reading, severity
from carecli.domain.escalation import Addressee
from carecli.domain.events import Kind
from carecli.domain.finding import Filter
from carecli.domain.outbox import MailKind
from carecli.domain.vocabulary import Priority, Role, Via
from carecli.errors import CareError, Invalid, NotFound, NotPermitted, Refused
from carecli.store.sqlite.migrations.insight import VIEWS

EVE, SUE = "eve@sales.example", "sue@success.example"
WHY = "Three days without a word, and our go-live is on Monday."
APPEALS = {MailKind.ESCALATION, MailKind.ESCALATION_ANSWERED, MailKind.ESCALATION_WITHDRAWN}


def mailed(office: Office, number: int) -> list[tuple[str, str]]:
    """Kind and recipient of the mails about escalations."""
    return [(mail.kind.value, mail.to) for mail in office.mails(number) if mail.kind in APPEALS]


def test_a_contact_escalates_and_the_manager_answers(office: Office) -> None:
    """ESC-1: the manager is mailed, the case shows it, and the answer is mailed to the contact."""
    number = office.open("Mon 09:00")
    view = escalation.escalate(office.by(DANA, "Thu 09:00"), number, WHY)
    assert view.case.escalated
    assert mailed(office, number) == [("escalation", MIA)]
    escalation.answer(office.by(MIA, "Thu 10:00"), number, "Ben takes it on.")
    assert mailed(office, number) == [("escalation", MIA), ("escalation-answered", DANA)]
    assert not office.case(number).escalated
    assert office.kinds(number, Kind.ESCALATED, Kind.ESCALATION_ANSWERED) == [
        "2026-03-05 09:00 escalated",
        "2026-03-05 10:00 escalation-answered",
    ]
    assert office.differences() == []


def test_every_manager_hears_of_it(office: Office) -> None:
    """ESC-1: it is mailed once to each active manager; where there is none, to the admins."""
    ada = office.by(ADA, "Mon 08:00")
    directory.add_staff(ada, "max@desk.example", role=Role.MANAGER)
    directory.add_staff(ada, "moe@desk.example", role=Role.MANAGER)
    directory.deactivate_staff(ada, "moe@desk.example")
    first, second = office.open("Mon 09:00"), office.open("Mon 09:10")
    escalation.escalate(office.by(DANA, "Mon 10:00"), first, WHY)
    assert mailed(office, first) == [("escalation", "max@desk.example"), ("escalation", MIA)]
    directory.deactivate_staff(ada, "max@desk.example")
    directory.deactivate_staff(ada, MIA)
    escalation.escalate(office.by(DANA, "Mon 11:00"), second, WHY)
    assert mailed(office, second) == [("escalation", ADA)]
    keys = [mail.key for mail in [*office.mails(first), *office.mails(second)]]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("to", "who"), [(Addressee.EXECUTIVE, EVE), (Addressee.SUCCESS_MANAGER, SUE), (Addressee.CXM, BEN)]
)
def test_whom_the_account_names(office: Office, to: Addressee, who: str) -> None:
    """ESC-1, ACC-1: the account's executive, success manager or CXM is addressed in place of the manager."""
    ada = office.by(ADA, "Mon 08:00")
    directory.edit_account(ada, ABC, executive=EVE, success_manager=SUE, add_ons={"cxm": BEN.upper()})
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY, to=to)
    assert mailed(office, number) == [("escalation", who)]
    raised = office.case(number).escalation
    assert raised is not None
    assert (raised.to, raised.addressed) == (to, (who,))


@pytest.mark.parametrize("to", [Addressee.EXECUTIVE, Addressee.SUCCESS_MANAGER, Addressee.CXM])
def test_whom_the_account_does_not_name(office: Office, to: Addressee) -> None:
    """ESC-1: where the account names nobody, or somebody who has left, the refusal says what to do instead."""
    number = office.open("Mon 09:00")
    before = office.dump()
    with pytest.raises(Refused) as refusal:
        escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY, to=to)
    assert (ABC in refusal.value.message, "--to" in str(refusal.value.hint)) == (True, True)
    assert office.dump() == before
    ada = office.by(ADA, "Mon 11:00")
    directory.edit_account(ada, ABC, executive=BEN, success_manager=BEN, add_ons={"cxm": BEN})
    directory.deactivate_staff(ada, BEN)
    with pytest.raises(Refused):
        escalation.escalate(office.by(DANA, "Mon 12:00"), number, WHY, to=to)


@pytest.mark.parametrize(
    ("who", "error"), [(ROSA, NotPermitted), (BOB, NotPermitted), ("system", NotPermitted), (LENA, NotFound)]
)
def test_who_may_not_escalate(office: Office, who: str, error: type[CareError]) -> None:
    """DC-1, DC-3: only Designated Contacts of the account, and staff, escalate its cases."""
    number = office.open("Mon 09:00")
    before = office.dump()
    with pytest.raises(error) as refusal:
        escalation.escalate(office.by(who, "Mon 10:00"), number, WHY)
    if who == LENA:
        with pytest.raises(NotFound) as never:
            escalation.escalate(office.by(who, "Mon 10:00"), 99, WHY)
        assert refusal.value.message.replace(f"{number:010d}", "") == never.value.message.replace(f"{99:010d}", "")
    assert office.dump() == before


def test_another_contact_escalates(office: Office) -> None:
    """DC-1: any Designated Contact of the account may; the answer is mailed to both."""
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(OMAR, "Mon 10:00"), number, WHY)
    escalation.answer(office.by(MIA, "Mon 11:00"), number, "We call you.")
    assert mailed(office, number)[1:] == [("escalation-answered", DANA), ("escalation-answered", OMAR)]


def test_a_caller_escalates(office: Office) -> None:
    """UPD-1: staff log a caller's escalation, which counts as the caller's own act."""
    number = office.open("Mon 09:00")
    ask(office.by(SAM, "Mon 09:30"), number)
    escalation.escalate(office.by(SAM, "Mon 10:00"), number, WHY, via=Via.PHONE, contact=OMAR)
    entry = office.history(number)[-1].event
    assert (entry.actor, entry.via, entry.data["logged_by"]) == (OMAR, Via.PHONE, SAM)
    assert office.case(number).standing.substatus == "customer-responded"
    with pytest.raises(Invalid):
        escalation.escalate(office.by(SAM, "Mon 11:00"), number, WHY, contact=OMAR)
    assert not escalation.withdraw(office.by(BEN, "Mon 12:00"), number, via=Via.PHONE).case.escalated


def test_staff_escalate_themselves(office: Office) -> None:
    """ESC-1: staff may escalate; who did hears of the answer, and no manager is mailed their own act."""
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(SAM, "Mon 10:00"), number, WHY)
    escalation.answer(office.by(ADA, "Mon 11:00"), number, "Take a day for it.")
    assert mailed(office, number) == [
        ("escalation", MIA),
        ("escalation-answered", DANA),
        ("escalation-answered", SAM),
    ]
    escalation.escalate(office.by(MIA, "Mon 12:00"), number, WHY)
    assert len(mailed(office, number)) == 3


@pytest.mark.parametrize("who", [SAM, DANA, ROSA, "system"])
def test_who_may_not_answer(office: Office, who: str) -> None:
    """DC-5: an escalation is answered by managers and admins, not by an agent or a contact."""
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY)
    before = office.dump()
    with pytest.raises(NotPermitted):
        escalation.answer(office.by(who, "Mon 11:00"), number, "No.")
    assert office.dump() == before


def test_whom_it_is_addressed_to_answers(office: Office) -> None:
    """ESC-1: an agent who is the account's CXM answers what is addressed to the CXM, and nothing else."""
    directory.edit_account(office.by(ADA, "Mon 08:00"), ABC, add_ons={"cxm": BEN})
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY, to=Addressee.CXM)
    with pytest.raises(NotPermitted):
        escalation.answer(office.by(SAM, "Mon 11:00"), number, "No.")
    assert not escalation.answer(office.by(BEN, "Mon 11:00"), number, "I am on it.").case.escalated
    escalation.escalate(office.by(DANA, "Mon 12:00"), number, WHY)
    with pytest.raises(NotPermitted):
        escalation.answer(office.by(BEN, "Mon 13:00"), number, "No.")


def test_answered_once(office: Office) -> None:
    """ESC-1: of two managers the second is told that nothing stands any more."""
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY)
    escalation.answer(office.by(MIA, "Mon 11:00"), number, "Yes.")
    with pytest.raises(Refused, match="not escalated"):
        escalation.answer(office.by(ADA, "Mon 11:00"), number, "Yes.")


def test_taken_back(office: Office) -> None:
    """ESC-1: the customer takes it back, and whom it was addressed to hears that."""
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY)
    assert not escalation.withdraw(office.by(OMAR, "Mon 11:00"), number).case.escalated
    assert mailed(office, number) == [("escalation", MIA), ("escalation-withdrawn", MIA)]
    with pytest.raises(NotFound):
        escalation.withdraw(office.by(LENA, "Mon 12:00"), number)
    assert office.differences() == []


def test_quiet_hours_are_the_customers(office: Office, tmp_path: Any) -> None:
    """FU-5: what is held for the contact until morning is not held for the manager."""
    policy = tmp_path / "quiet.toml"
    policy.write_text("[mail]\nquiet_hours = true\n")
    office.setting("Mon 08:00", policy=str(policy))
    number = office.open("Mon 09:00")
    escalation.escalate(office.by(DANA, "Mon 20:00"), number, WHY)
    escalation.answer(office.by(MIA, "Mon 20:30"), number, "We call you.")
    held = {mail.kind: f"{mail.not_before:%a %H:%M}" for mail in office.mails(number) if mail.kind in APPEALS}
    assert held == {MailKind.ESCALATION: "Mon 20:00", MailKind.ESCALATION_ANSWERED: "Tue 09:00"}


def test_lists_and_searches_find_what_is_escalated(office: Office) -> None:
    """FIND-2, DC-3: the filter finds what stands escalated, within what the actor may see."""
    first, second, other = office.open("Mon 09:00"), office.open("Mon 09:10", OMAR), office.open("Mon 09:20", LENA)
    third = office.open("Mon 09:30")
    for who, number in ((DANA, first), (OMAR, second), (LENA, other), (DANA, third)):
        escalation.escalate(office.by(who, "Mon 10:00"), number, WHY)
    escalation.answer(office.by(MIA, "Mon 11:00"), third, "Yes.")
    wanted = Filter(escalated=True)
    assert numbers(office.by(DANA, "Mon 12:00"), filter_=wanted) == [first]
    assert numbers(office.by(DANA, "Mon 12:00"), group=True, filter_=wanted) == [second, first]
    assert numbers(office.by(ROSA, "Mon 12:00"), group=True, filter_=wanted) == [second, first]
    assert numbers(office.by(SAM, "Mon 12:00"), everything=True, filter_=wanted) == [other, second, first]
    assert numbers(
        office.by(SAM, "Mon 12:00"), everything=True, filter_=Filter(escalated=True, account=HARBOR)
    ) == [other]
    found = reading.search(office.by(DANA, "Mon 12:00"), "drop", filter_=wanted)
    assert (found.total, [view.case.number for view in found.views]) == (2, [second, first])
    cases.close(office.by(DANA, "Mon 13:00"), first)
    assert numbers(office.by(SAM, "Mon 14:00"), everything=True, filter_=wanted) == [other, second]


def test_the_tick_tells_what_stands(office: Office) -> None:
    """ESC-1, TICK-2: each tick lists what stands escalated, longest first, until it is answered."""
    first, second = office.open("Mon 09:00"), office.open("Mon 09:10")
    escalation.escalate(office.by(DANA, "Mon 11:00"), second, WHY, priority=Priority.LOW)
    escalation.escalate(office.by(SAM, "Mon 10:00"), first, "x" * 2_000)
    told = office.tick("Mon 12:00").escalations
    assert [(e.number, e.by, len(e.reason), e.wanted_priority) for e in told] == [
        (first, SAM, 500, None),
        (second, DANA, len(WHY), Priority.LOW),
    ]
    assert (told[1].to, told[1].addressed, told[1].account) == (Addressee.MANAGER, (MIA,), ABC)
    escalation.escalate(office.by(DANA, "Mon 13:00"), first, "Once more.")
    dry = office.tick("Mon 14:00", dry_run=True).escalations
    assert [(e.number, e.by, e.reason) for e in dry] == [(first, DANA, "Once more."), (second, DANA, WHY)]
    escalation.answer(office.by(MIA, "Mon 14:00"), first, "Yes.")
    cases.close(office.by(DANA, "Mon 14:00"), second)
    assert office.tick("Mon 15:00").escalations == ()


def test_a_wish_for_a_priority_is_staffs_to_grant(office: Office) -> None:
    """SEV-1: a contact who sets a priority is told to escalate; staff set what was wished for."""
    number = office.open("Mon 09:00")
    with pytest.raises(NotPermitted) as refusal:
        severity.change(office.by(DANA, "Mon 10:00"), number, Priority.CRITICAL, WHY, confirm=yes)
    assert f"care escalate {number:010d} --priority critical -m" in str(refusal.value.hint)
    view = escalation.escalate(office.by(DANA, "Mon 10:00"), number, WHY, priority=Priority.CRITICAL)
    assert view.case.priority is Priority.HIGH
    assert escalation.phone(office.by(DANA, "Mon 10:00"), view).startswith("+")
    severity.change(office.by(SAM, "Mon 10:30"), number, Priority.CRITICAL, WHY, confirm=yes)
    assert office.case(number).escalated  # until it is answered


def test_a_desk_of_an_older_release_goes_on(office: Office) -> None:
    """AUD-1: a desk from before there were escalations is brought up to date, verifies, and takes them."""
    number, other = office.open("Mon 09:00"), office.open("Mon 09:10")
    ask(office.by(SAM, "Mon 09:30"), number)
    office.store.close()
    db = sqlite3.connect(office.config.db, isolation_level=None)
    for view in reversed(VIEWS):
        db.execute(f"DROP VIEW {view}")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = '0018_views'")
    db.execute("DROP INDEX cases_escalated")
    db.execute("ALTER TABLE cases DROP COLUMN escalated")
    # What later ones added stands behind it.
    db.execute("DROP INDEX cases_confidential")
    db.execute("DROP INDEX accounts_of_parent")
    db.execute("ALTER TABLE cases DROP COLUMN confidential")
    db.execute("DELETE FROM _sqlite_migrations WHERE name IN ('0007_escalations', '0015_sight')")
    db.execute("PRAGMA user_version = 6")
    db.close()
    newer = Office(office.config, open_store(office.config.db))
    assert newer.differences() == []
    escalation.escalate(newer.by(DANA, "Mon 10:00"), number, WHY)
    assert numbers(newer.by(SAM, "Mon 11:00"), everything=True, filter_=Filter(escalated=True)) == [number]
    assert numbers(newer.by(SAM, "Mon 11:00"), everything=True) == [number, other]
    assert newer.differences() == []
    newer.store.close()
