"""Making an update that is a new issue a case of its own (OPEN-11)."""

from typing import Final, NamedTuple

from carecli.desk import intake, parties
from carecli.desk.desk import Desk
from carecli.desk.reading import view
from carecli.desk.record import Record
from carecli.domain import lifecycle, opening, splitting
from carecli.domain.access import Act
from carecli.domain.case import Case
from carecli.domain.linking import Link, LinkKind
from carecli.domain.numbers import written
from carecli.domain.opening import Form
from carecli.domain.people import Account
from carecli.domain.views import CaseView
from carecli.domain.vocabulary import CaseType, Priority, Side, Stage, Via
from carecli.errors import NotFound, Refused


class Wanted(NamedTuple):
    """What the new case shall say otherwise than the original; None takes it over."""

    subject: str | None = None
    contact: str | None = None
    deployment: str | None = None
    service: str | None = None
    stage: Stage | None = None
    priority: Priority | None = None
    impact: str | None = None


AS_IT_IS: Final = Wanted()


class Split(NamedTuple):
    """The new case, and the files that came with the update and stay on the original."""

    view: CaseView
    stays: tuple[str, ...]


def split(desk: Desk, number: int, seq: int, wanted: Wanted = AS_IT_IS, why: str | None = None) -> Split:
    """Make a public update, by its number in the log, a case of its own, by staff (OPEN-11).

    What the customer wrote there is the new description, however short (OPEN-3 is about forms). The clocks of the
    new case start now: what nobody knew to be an issue, nobody could have begun to work on. The original keeps
    its status and, as a log is never changed, the update; both cases name each other.
    """
    with desk.record() as record:
        staff = parties.staff_act(record)
        case = record.case(number)
        history = record.writing.history(case.number)
        entry = splitting.update(case, history, seq, desk.now)
        account = record.writing.account(case.account)
        if account is None:
            raise NotFound(f"there is no account {case.account}", hint="`care verify` tells more", rule="AUD-1")
        contact = _contact(record, case, wanted.contact, entry.event.actor)
        form = _form(record, case, account, contact, entry.event.data["text"], wanted)
        act = Act(contact, Side.STAFF, Via.DESK, logged_by=staff.by)
        links = (Link(LinkKind.SPLIT_FROM.value, case.number),)
        stays = splitting.files(history, entry)
        new = intake.open_for(record, form, account, act, links=links)
        case = record.append(case, splitting.split(entry, new.number, stays, why, staff, desk.now))
        record.append(case, lifecycle.link(LinkKind.SPLIT_TO, new.number, staff, desk.now))
        return Split(view(desk, record.writing, new), tuple(stays))


def _contact(record: Record, case: Case, named: str | None, author: str) -> str:
    """Whose case it is: who is named, else who wrote the update, else the original's contact (OPEN-10)."""
    if named:
        return parties.designated_of(record.writing, named, case)
    for email in (author, case.contact):
        contact = record.writing.contact(email)
        if contact and contact.designated and parties.acts_for(record.writing, contact, case.account):
            return contact.email
    raise Refused(
        f"neither {author} nor {case.contact} is a Designated Contact any more",
        hint="name one: --contact EMAIL; `care contact list` shows them",
        rule="OPEN-10",
    )


def _form(record: Record, case: Case, account: Account, contact: str, text: str, wanted: Wanted) -> Form:
    policy = record.policy()
    most = policy.opening["subject_max"]
    of_incident = case.type is CaseType.INCIDENT
    subject = (wanted.subject or "").strip() or splitting.subject(text, most)
    form = Form(
        type=CaseType.SUPPORT if of_incident else case.type,
        subtype="problem" if of_incident else case.subtype,
        account=account.name,
        contact=contact,
        deployment=wanted.deployment or case.deployment,
        service=wanted.service or case.service,
        stage=wanted.stage.value if wanted.stage else case.stage,
        priority=wanted.priority or case.priority,
        subject=subject or f"Split from case {written(case.number)}",
        description=text,
        impact=(wanted.impact or "").strip() or case.impact,
    )
    for name, given in (("subject", form.subject), ("impact", form.impact)):
        for fault in opening.faults(name, given or "", policy):
            raise Refused(fault.complaint, hint=f"give another with --{name}", rule="OPEN-3")
    return form
