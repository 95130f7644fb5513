"""Escalating a case, and ending it: who is addressed, and who may answer (ESC-1)."""

from collections.abc import Mapping, Sequence

from carecli.desk import parties
from carecli.desk.cases import appended
from carecli.desk.desk import Desk
from carecli.desk.record import Record
from carecli.domain import access, case_state, lifecycle
from carecli.domain.case import Case
from carecli.domain.escalation import TITLES, Addressee, Appeal
from carecli.domain.events import Event
from carecli.domain.people import Account
from carecli.domain.sight import confidential
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import Priority, Role, Via
from carecli.errors import Refused


def escalate(
    desk: Desk,
    number: int,
    text: str,
    *,
    to: Addressee = Addressee.MANAGER,
    priority: Priority | None = None,
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
) -> CaseView:
    """Raise a case above its queue, by a Designated Contact, a caller or staff (ESC-1, SEV-1).

    Raises Refused where the account names nobody for that role, and for a closed case.
    """

    def decide(record: Record, case: Case) -> Event:
        act = parties.either_act(record, case, via, contact, pin)
        appeal = Appeal(to, _addressed(record, case, to), priority)
        return lifecycle.escalate(case, appeal, text, act, desk.now)

    return appended(desk, number, decide)


def answer(desk: Desk, number: int, text: str) -> CaseView:
    """Answer an escalation, by a manager or whoever of staff it is addressed to (ESC-1)."""

    def decide(record: Record, case: Case) -> Event:
        access.require_answering(desk.actor, case.escalation.addressed if case.escalation else ())
        return lifecycle.answer_escalation(case, text, parties.staff_act(record), desk.now)

    return appended(desk, number, decide)


def withdraw(
    desk: Desk,
    number: int,
    text: str | None = None,
    *,
    via: Via | None = None,
    contact: str | None = None,
    pin: str | None = None,
) -> CaseView:
    """Take an escalation back, by the side that raised it (ESC-1)."""

    def decide(record: Record, case: Case) -> Event:
        act = parties.either_act(record, case, via, contact, pin)
        return lifecycle.withdraw_escalation(case, text, act, desk.now)

    return appended(desk, number, decide)


def phone(desk: Desk, view: CaseView) -> str:
    """The number to call for a case: Critical is set on the phone alone (OPEN-9)."""
    from carecli.desk.phones import Phones

    with desk.reading() as reading:
        policy = desk.rulebook.in_force(reading, desk.settings)
        told = Phones(reading, desk.settings, policy).of_case(case_state.case(view.state))
    return told or "Customer Care"


def _addressed(record: Record, case: Case, to: Addressee) -> tuple[str, ...]:
    """The addresses of those who answer: every manager, else every admin, or whom the account names (ACC-1)."""
    staff = [member for member in record.writing.staff() if member.active]
    admins = [member.email for member in staff if member.role is Role.ADMIN]
    if to is not Addressee.MANAGER:
        return (_fit(case, _named(record, case, to), admins),)
    managers = [member.email for member in staff if member.role is Role.MANAGER and not confidential(case)]
    return tuple(managers or admins)


def _fit(case: Case, email: str, admins: Sequence[str]) -> str:
    """Whom an escalation is addressed to; raises Refused where he may not see the case (SR-1)."""
    if confidential(case) and email not in admins:
        raise Refused(
            f"{email} may not see data-privacy requests",
            hint="without --to the admins of the desk are told",
            rule="SR-1",
        )
    return email


OPTIONS: Mapping[Addressee, str] = {
    Addressee.EXECUTIVE: "--executive EMAIL",
    Addressee.SUCCESS_MANAGER: "--success-manager EMAIL",
    Addressee.CXM: "--add-on cxm=EMAIL",
}
"""How an admin names them."""


def _named(record: Record, case: Case, to: Addressee) -> str:
    account = record.writing.account(case.account)
    email = _person(account, to) if account else None
    member = record.writing.staff_member(email) if email else None
    if email is None or (member and not member.active):
        raise Refused(
            f"nobody is known as {TITLES[to]} of {case.account}",
            hint=f"without --to the manager is told; an admin names one with care account edit {OPTIONS[to]}",
            rule="ESC-1",
        )
    return member.email if member else email


def _person(account: Account, to: Addressee) -> str | None:
    people = {
        Addressee.EXECUTIVE: account.executive,
        Addressee.SUCCESS_MANAGER: account.success_manager,
        Addressee.CXM: account.add_ons.get("cxm"),
    }
    return people[to]
